package learn

import (
	"fmt"
	"strings"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Recipe is the source text that builds the model again from the same rows,
// here called data. What is at its default is left out.
func (m *Model) Recipe() string {
	s := m.settings
	var b strings.Builder
	fmt.Fprintf(&b, "net = %s\n", m.net)
	args := []string{"net", "data", targetText(s.Target)}
	args = append(args, m.arguments()...)
	fmt.Fprintf(&b, "m = fit(%s)\n", strings.Join(args, ", "))
	fmt.Fprintf(&b, "# %s rows, fingerprint %s\n", thousands(m.rows.Train), m.print)
	return b.String()
}

func targetText(names []string) string {
	if len(names) == 1 {
		return fmt.Sprintf("%q", names[0])
	}
	return listText(names)
}

func listText(names []string) string {
	quoted := make([]string, len(names))
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// arguments are the keywords of fit that differ from their defaults, in the
// order of its signature. epochs is always said, as its default depends on the
// rows.
func (m *Model) arguments() []string {
	s := m.settings
	var out []string
	add := func(given bool, format string, v ...any) {
		if given {
			out = append(out, fmt.Sprintf(format, v...))
		}
	}
	add(true, "features=%s", listText(s.Features))
	add(true, "epochs=%d", s.Epochs)
	add(s.BatchSize == 0, "batch_size=None")
	add(s.BatchSize != 0 && s.BatchSize != 32, "batch_size=%d", s.BatchSize)
	add(s.Optimizer.String() != nn.Adam(1e-3).String(), "optimizer=%s", callText(s.Optimizer))
	add(s.LossGiven, "loss=%s", s.Loss)
	add(len(s.Metrics) != 1 || s.Metrics[0] != defaultMetric(m.coder.target.Kind), "metrics=%s", listText(s.Metrics))
	add(s.ValidationTable, "validation=valid")
	add(!s.ValidationTable && s.ValidationShare != 0, "validation=%s", number(s.ValidationShare))
	add(s.L1 != 0, "l1=%s", number(s.L1))
	add(s.L2 != 0, "l2=%s", number(s.L2))
	add(s.EarlyStopping != 0, "early_stopping=early_stopping(patience=%d)", s.EarlyStopping)
	add(s.ClassWeight.given(), "class_weight=%s", s.ClassWeight)
	add(s.SampleWeight != "", "sample_weight=%q", s.SampleWeight)
	add(s.Prep != (table.Auto{}).Source(), "prep=%s", s.Prep)
	add(s.ClipNorm != 0, "clip_norm=%s", number(s.ClipNorm))
	add(!s.Shuffle, "shuffle=False")
	add(s.Positive != "", "positive=%q", s.Positive)
	add(s.Device != "auto", "device=%q", s.Device)
	add(true, "seed=%d", s.Seed)
	return out
}

// callText is an optimiser as a call: "sgd()" for "sgd".
func callText(o nn.Optimizer) string {
	text := o.String()
	if strings.HasSuffix(text, ")") {
		return text
	}
	return text + "()"
}

// String is the source text.
func (c ClassWeight) String() string {
	if c.Balanced && len(c.By) == 0 {
		return `"balanced"`
	}
	var parts []string
	for _, class := range sortedKeys(c.By) {
		parts = append(parts, fmt.Sprintf("%q: %s", class, number(c.By[class])))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
