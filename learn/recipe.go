package learn

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Recipe is the source text that builds the model again from the same rows,
// here called data (data_2, … where it went on with others), and valid for a
// validation table. What is at its default is left out. Run, it gives a model
// of the same fingerprint, unless a comment says what it cannot repeat.
func (m *Model) Recipe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "net = %s\n", m.net)
	if strings.Contains(m.net.String(), "weights=…") {
		b.WriteString("# weights=…: given by hand or taken from another model; put them in\n")
	}
	if m.settings.Prep == (table.Kept{}).Source() {
		b.WriteString("# prep=…: learnt by another model; put in its .prep\n")
	}
	for _, name := range m.ownFunctions() {
		fmt.Fprintf(&b, "# activation(%s): a function of your own; define it, or put it in\n", name)
	}
	var rows []string // fingerprints of data, data_2, …
	var was []argument
	for i, s := range append(slices.Clone(m.before), m.stage) {
		data := "data"
		if !slices.Contains(rows, s.Data) {
			rows = append(rows, s.Data)
		}
		if k := slices.Index(rows, s.Data); k > 0 {
			data = fmt.Sprintf("data_%d", k+1)
		}
		now := s.arguments()
		if i > 0 && data != "data" {
			switch before := m.before[i-1].Settings; {
			case before.watches() != s.Settings.watches():
				fmt.Fprintf(&b, "# %s: other rows, or those before, divided by another validation=\n", data)
			case before.SampleWeight != s.Settings.SampleWeight:
				fmt.Fprintf(&b, "# %s: other rows, or those before, with another sample_weight=\n", data)
			}
		}
		if i == 0 {
			fmt.Fprintf(&b, "m = fit(net, %s, %s", data, targetText(s.Settings.Target))
		} else {
			fmt.Fprintf(&b, "m = fit(m, %s", data)
		}
		for _, a := range changed(was, now) {
			b.WriteString(", " + a.name + "=" + a.value)
		}
		b.WriteString(")\n")
		if s.Batch > 0 {
			fmt.Fprintf(&b, "# and %s of the next epoch, which was interrupted\n", count(s.Batch, "step", "steps"))
		}
		was = now
	}
	fmt.Fprintf(&b, "# %s rows, fingerprint %s\n", thousands(m.rows.Train), m.print)
	return b.String()
}

// ownFunctions are the names of functions of one's own in the network that do
// not say themselves what they compute.
func (m *Model) ownFunctions() (names []string) {
	for _, s := range m.plan.Steps {
		if own := s.Act.Own; own != nil && !strings.HasPrefix(own.Name, "lambda ") && !slices.Contains(names, own.Name) {
			names = append(names, own.Name)
		}
	}
	return names
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

// argument is a keyword of fit. One at its default is left out of a recipe,
// but not where an earlier stage had another value.
type argument struct {
	name, value string
	fallback    string // the default; "" for what is always said
}

// changed are the arguments of a stage that differ from those of the stage
// before, or from their defaults at the first.
func changed(was, now []argument) []argument {
	var out []argument
	for i, a := range now {
		before := a.fallback
		if was != nil {
			before = was[i].value
		}
		if a.value != before || a.fallback == "" && (was == nil || a.name == "epochs") {
			out = append(out, a)
		}
	}
	return out
}

// arguments are the keywords of fit, in the order of its signature. epochs is
// always said, as its default depends on the rows.
func (st stage) arguments() []argument {
	s := st.Settings
	return []argument{
		{"features", listText(s.Features), ""},
		{"epochs", fmt.Sprint(s.Epochs - st.From), ""},
		{"horizon", orNone(s.Horizon), "None"},
		{"batch_size", orNone(s.BatchSize), "32"},
		{"optimizer", callText(s.Optimizer), callText(nn.Adam(1e-3))},
		{"loss", lossText(s), `"auto"`},
		{"metrics", metricsText(s), "None"},
		{"validation", s.watches(), "0"},
		{"l1", number(s.L1), "0"},
		{"l2", number(s.L2), "0"},
		{"early_stopping", patienceText(s.EarlyStopping), "None"},
		{"class_weight", s.ClassWeight.String(), "None"},
		{"sample_weight", quotedOrNone(s.SampleWeight), "None"},
		{"positive", quotedOrNone(s.Positive), "None"},
		{"prep", prepText(s.Prep), `"auto"`},
		{"clip_norm", orNone(s.ClipNorm), "None"},
		{"shuffle", map[bool]string{true: "True", false: "False"}[s.Shuffle], "True"},
		{"device", fmt.Sprintf("%q", s.Device), `"auto"`},
		{"precision", fmt.Sprintf("%q", cmp.Or(s.Precision, "auto")), `"auto"`},
		{"seed", fmt.Sprint(s.Seed), ""},
	}
}

// watches is validation= as source.
func (s Settings) watches() string {
	if s.ValidationTable {
		return "valid"
	}
	return number(s.ValidationShare)
}

func orNone[T int | float64](v T) string {
	if v == 0 {
		return "None"
	}
	return number(float64(v))
}

func quotedOrNone(s string) string {
	if s == "" {
		return "None"
	}
	return fmt.Sprintf("%q", s)
}

// metricsText is metrics= as source: the metric that is scored where none is
// named is not scored after every epoch, as one that is named.
func metricsText(s Settings) string {
	if !s.MetricsGiven && len(s.Metrics) > 0 {
		return "None"
	}
	return listText(s.Metrics)
}

func lossText(s Settings) string {
	if !s.LossGiven {
		return `"auto"`
	}
	return s.Loss.String()
}

func prepText(source string) string {
	if source == (table.Auto{}).Source() {
		return `"auto"`
	}
	return source
}

func patienceText(patience int) string {
	if patience == 0 {
		return "None"
	}
	return fmt.Sprintf("early_stopping(patience=%d)", patience)
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
	switch {
	case !c.given():
		return "None"
	case c.Balanced && len(c.By) == 0:
		return `"balanced"`
	}
	var parts []string
	for _, class := range sortedKeys(c.By) {
		parts = append(parts, fmt.Sprintf("%q: %s", class, number(c.By[class])))
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
