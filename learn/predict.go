package learn

import (
	"context"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Prediction is a table of predictions, a row for each row asked about.
type Prediction struct {
	Table *table.Table
	Notes []string // what the rows have that training had not
}

// Predict gives the predicted target columns, of the target's own names, types
// and units. The rows need no target.
func (m *Model) Predict(ctx context.Context, t *table.Table) (*Prediction, error) {
	a, notes, err := m.ask(ctx, t)
	if err != nil {
		return nil, err
	}
	return m.prediction(a, notes)
}

func (m *Model) prediction(a *Answers, notes []string) (*Prediction, error) {
	cols, err := m.targetColumns(a)
	if err != nil {
		return nil, err
	}
	out, err := table.New(cols...)
	return &Prediction{out, notes}, err
}

// Probabilities gives a column of probabilities for each class, or for each of
// several yes-or-no targets. For numbers it is an error.
func (m *Model) Probabilities(ctx context.Context, t *table.Table) (*Prediction, error) {
	if err := m.hasProbabilities(); err != nil {
		return nil, err
	}
	a, notes, err := m.ask(ctx, t)
	if err != nil {
		return nil, err
	}
	return m.probabilities(a, notes)
}

func (m *Model) hasProbabilities() error {
	if t := m.coder.target; t.Kind == table.TargetNumbers {
		return fmt.Errorf("the model predicts numbers (%s), which have no probabilities; see mc_dropout or ensemble for their spread", nameList(t.Names))
	}
	return m.saysProbabilities()
}

// saysProbabilities refuses an output whose numbers may be below 0 or above 1.
func (m *Model) saysProbabilities() error {
	for _, l := range m.plan.Layers {
		if l.Kind == "output" && m.coder.target.Kind != table.TargetNumbers && !l.Activation.Probable() {
			return fmt.Errorf("output(activation=%s) says numbers that may be below 0 or above 1, no probabilities; train with output() to have them", l.Activation)
		}
	}
	return nil
}

func (m *Model) probabilities(a *Answers, notes []string) (*Prediction, error) {
	target := m.coder.target
	cols := make([]*table.Column, len(target.Classes))
	for i, class := range target.Classes {
		cols[i] = table.Numbers(class, a.probability(i))
	}
	out, err := table.New(cols...)
	return &Prediction{out, notes}, err
}

// probability is that of a class or label.
func (a *Answers) probability(class int) []float64 {
	if a.Kind != table.TargetBinary {
		return pickColumn(a.P, a.Width, class)
	}
	if class == 1 {
		return slices.Clone(a.P)
	}
	out := make([]float64, len(a.P))
	for i, p := range a.P {
		out[i] = 1 - p
	}
	return out
}

// Outputs gives what the network says as numbers, rows × columns: the
// probability of each class or label, or numbers in their own units.
func (m *Model) Outputs(ctx context.Context, t *table.Table) (Matrix, error) {
	a, _, err := m.ask(ctx, t)
	if err != nil {
		return Matrix{}, err
	}
	return m.matrix(a), nil
}

// Matrix is rows × columns of numbers, row-major.
type Matrix struct {
	Rows, Cols int
	Names      []string // of the columns
	V          []float64
}

// Row gives row i.
func (x Matrix) Row(i int) []float64 { return x.V[i*x.Cols : (i+1)*x.Cols] }

// matrix has a column for each class, label or number.
func (m *Model) matrix(a *Answers) Matrix {
	out := Matrix{Rows: a.Rows, Names: m.outputNames()}
	out.Cols = len(out.Names)
	if a.Kind != table.TargetBinary {
		out.V = a.P
		return out
	}
	out.V = make([]float64, 2*a.Rows)
	for i, p := range a.P {
		out.V[2*i], out.V[2*i+1] = 1-p, p
	}
	return out
}

// outputNames are the classes, labels or numbers.
func (m *Model) outputNames() []string {
	t := m.coder.target
	if t.Kind != table.TargetNumbers {
		return t.Classes
	}
	var names []string
	for i, name := range t.Names {
		if t.Widths[i] == 1 {
			names = append(names, name)
			continue
		}
		for k := range t.Widths[i] {
			names = append(names, fmt.Sprintf("%s[%d]", name, k))
		}
	}
	return names
}

// ask runs the model over rows; the answers have no truth.
func (m *Model) ask(ctx context.Context, t *table.Table) (*Answers, []string, error) {
	d, notes, err := m.coder.inputs(t)
	if err != nil {
		return nil, nil, err
	}
	prog, err := m.program()
	if err != nil {
		return nil, nil, err
	}
	defer prog.Close()
	p, err := prog.Predict(ctx, 0, d, nn.Mode{})
	if err != nil {
		return nil, nil, err
	}
	return newAnswers(&m.coder, p, truth{}), notes, nil
}

// targetColumns are answers as columns of the target.
func (m *Model) targetColumns(a *Answers) ([]*table.Column, error) {
	t := m.coder.target
	switch t.Kind {
	case table.TargetBinary, table.TargetClasses:
		c, err := t.ClassColumn(a.Says)
		return []*table.Column{c}, err
	case table.TargetLabels:
		cols := make([]*table.Column, len(t.Names))
		for i, name := range t.Names {
			v := make([]bool, a.Rows)
			for r := range v {
				v[r] = a.P[r*a.Width+i] >= 0.5
			}
			cols[i] = table.Booleans(name, v, nil)
		}
		return cols, nil
	}
	return numberColumns(t, a)
}

// numberColumns are numbers and vectors.
func numberColumns(t *table.Target, a *Answers) ([]*table.Column, error) {
	var cols []*table.Column
	from := 0
	for i, name := range t.Names {
		w := t.Widths[i]
		if w == 1 {
			cols = append(cols, table.Numbers(name, pickColumn(a.P, a.Width, from)))
		} else {
			v := make([]float32, 0, a.Rows*w)
			for r := range a.Rows {
				for _, x := range a.P[r*a.Width+from : r*a.Width+from+w] {
					v = append(v, float32(x))
				}
			}
			c, err := table.Vectors(name, w, v)
			if err != nil {
				return nil, err
			}
			cols = append(cols, c)
		}
		from += w
	}
	return cols, nil
}
