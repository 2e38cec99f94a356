package learn

import (
	"fmt"
	"math"

	"mlpkernel/nn"
)

// Summary is a model as it is shown: texts and numbers only.
type Summary struct {
	Network    string // source text
	Layers     []LayerSummary
	Parameters int
	Arithmetic string // "4×64 + 64 + 64×3 + 3 = 515"
	// Facts say how it was trained and how it ended: "loss", "optimiser", …
	Facts []Fact
	Notes []string
	// Volatile varies between equal trainings.
	Volatile    []Fact
	Fingerprint string
}

// LayerSummary is one layer with real sizes.
type LayerSummary struct {
	Name, Kind    string
	Inputs, Units int
	Details       string // "relu, he_normal, l2 0.0001"
	Parameters    int    // its own, without those of layers within it
	Arithmetic    string // "4×64 + 64"
	Depth         int    // 1 or more within a skip, whose layers follow it
}

// Fact is a named value.
type Fact struct{ Name, Value string }

// Summary gives the model's summary.
func (m *Model) Summary() Summary {
	s := Summary{Network: m.net.String(), Notes: m.Notes(), Fingerprint: m.print.String()}
	s.Layers, s.Parameters, s.Arithmetic = layerSummaries(m.plan)
	s.Facts = m.facts()
	s.Volatile = []Fact{{"time", fmt.Sprintf("%.3g s", m.volatile.Wall.Seconds())}, {"device", m.volatile.Device}}
	return s
}

// layerSummaries describes the layers of a plan.
func layerSummaries(p *nn.Plan) (list []LayerSummary, parameters int, arithmetic string) {
	for _, l := range p.Layers {
		s := LayerSummary{Name: l.Name, Kind: l.Kind, Inputs: l.In, Units: l.Out, Details: details(p, l), Depth: l.Depth}
		s.Parameters, s.Arithmetic = ownParameters(p, l)
		list = append(list, s)
		parameters += s.Parameters
		if s.Arithmetic != "" {
			arithmetic = joined(arithmetic, s.Arithmetic, " + ")
		}
	}
	if arithmetic != "" {
		arithmetic += " = " + thousands(parameters)
	}
	return list, parameters, arithmetic
}

func joined(a, b, between string) string {
	if a == "" {
		return b
	}
	return a + between + b
}

// details are a layer's choices in words.
func details(p *nn.Plan, l nn.LayerInfo) string {
	text := ""
	switch {
	case l.Activation.Given():
		text = l.Activation.String()
	case l.Kind == "dense":
		text = "linear"
	case l.Kind == "skip" && l.Init != "":
		text = "projects its input"
	}
	if l.Init != "" {
		text = joined(text, l.Init, ", ")
	}
	for _, b := range p.Blocks {
		if b.Layer != l.Name || b.Role != nn.Weights {
			continue
		}
		for _, f := range []struct {
			name string
			v    float64
		}{{"l1", b.L1}, {"l2", b.L2}, {"max_norm", b.MaxNorm}} {
			if f.v != 0 {
				text = joined(text, f.name+" "+short(f.v), ", ")
			}
		}
	}
	for _, s := range p.Steps[l.First:l.Last] {
		if s.Op == nn.OpDropout && s.Layer == l.Name {
			text = joined(text, "drops "+s.Rate.String(), ", ")
		}
	}
	if !l.Trainable {
		text = joined(text, "not trained", ", ")
	}
	return text
}

// ownParameters counts the layer's own parameters, and writes the count as a sum.
func ownParameters(p *nn.Plan, l nn.LayerInfo) (n int, sum string) {
	for _, b := range p.Blocks {
		if b.Layer != l.Name || b.Role == nn.RunningMean || b.Role == nn.RunningVar {
			continue
		}
		n += b.Len()
		size := fmt.Sprint(b.Rows)
		switch {
		case b.Role == nn.Weights:
			size = fmt.Sprintf("%d×%d", b.Cols, b.Rows)
		case b.Cols > 1:
			size = fmt.Sprintf("%d×%d", b.Rows, b.Cols)
		}
		sum = joined(sum, size, " + ")
	}
	return n, sum
}

// facts say how the model was trained.
func (m *Model) facts() []Fact {
	s := m.settings
	batch := "all rows"
	if s.BatchSize != 0 {
		batch = fmt.Sprint(s.BatchSize)
	}
	out := []Fact{
		{"predicts", nameList(s.Target)},
		{"loss", s.Loss.String()},
		{"optimiser", s.Optimizer.String()},
		{"rows", rowsText(m.rows)},
		{"batch size", batch},
		{"epochs", fmt.Sprintf("%d of %d", m.history.Len(), s.Epochs)},
		{"stopped", m.stopped},
	}
	if m.best > 0 {
		out = append(out, Fact{"best epoch", fmt.Sprint(m.best)})
	}
	if m.history.Len() > 0 {
		for _, s := range m.finalScores() {
			out = append(out, Fact{s.Name, short(s.Value)})
		}
	}
	return append(out, Fact{"seed", fmt.Sprint(s.Seed)}, Fact{"fingerprint", m.print.String()})
}

func rowsText(r RowCounts) string {
	text := thousands(r.Train) + " training"
	if r.Validation > 0 {
		text += ", " + thousands(r.Validation) + " validation"
	}
	return text
}

// finalScores are those of the epoch that the model is of; there is one.
func (m *Model) finalScores() (out []Score) {
	n := m.history.Len()
	if e := m.state.Epoch; e >= 1 && e < n {
		n = e
	}
	last := m.history.At(n - 1)
	add := func(name string, v float64) {
		if !math.IsNaN(v) {
			out = append(out, Score{Name: name, Value: v})
		}
	}
	add("training loss", last.Loss)
	add("validation loss", last.ValLoss)
	for i, name := range m.settings.Metrics {
		add("training "+name, at(last.Metrics, i))
		add("validation "+name, at(last.ValMetrics, i))
	}
	return out
}

// Resolve lowers a network for a table without training it: real sizes and
// parameter counts, as net.on(t, target=…) shows them. Data and Target are
// needed; epochs are not looked at.
func Resolve(o Options) (*nn.Plan, Summary, error) {
	o.Epochs = new(0)
	defer o.Shelf.tidy()
	j, err := prepare(o, nil)
	if err != nil {
		return nil, Summary{}, err
	}
	s := Summary{Network: j.net.String(), Notes: j.notes}
	s.Layers, s.Parameters, s.Arithmetic = layerSummaries(j.plan)
	return j.plan, s, nil
}
