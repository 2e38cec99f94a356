package learn

import (
	"context"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Evaluation is how good a model is on some rows.
type Evaluation struct {
	Kind table.TargetKind
	Rows int
	Loss float64 // what training makes small, without penalty; for numbers in standardised units
	// Scores are all metrics for the kind of target, in the order of Metrics.
	Scores []Score
	// Classes, Confusion (by true, then predicted class) and PerClass are for
	// classes; PerClass also for several yes-or-no targets.
	Classes   []string
	Confusion [][]int
	PerClass  []ClassScore
	PerColumn []ColumnScore // for several numbers
	Notes     []string
}

// Score is a metric's value.
type Score struct {
	Name  string
	Value float64
}

// ClassScore is how well one class is told from the others.
type ClassScore struct {
	Class                      string
	Rows                       int
	Precision, Recall, F1, AUC float64
}

// ColumnScore is how well one of several numbers is predicted.
type ColumnScore struct {
	Column        string
	RMSE, MAE, R2 float64
}

// Get gives a score by name; the error lists those there are.
func (e *Evaluation) Get(name string) (float64, error) {
	if name == "loss" {
		return e.Loss, nil
	}
	var names []string
	for _, s := range e.Scores {
		if s.Name == name {
			return s.Value, nil
		}
		names = append(names, s.Name)
	}
	return 0, fmt.Errorf("an evaluation of %s has no %q; there are loss, %s", kindText(e.Kind), name, nameList(names))
}

// Table is the scores as a table of metric and value.
func (e *Evaluation) Table() (*table.Table, error) {
	names, values := []string{"loss"}, []float64{e.Loss}
	for _, s := range e.Scores {
		names, values = append(names, s.Name), append(values, s.Value)
	}
	return table.New(table.Texts("metric", names, nil), table.Numbers("value", values))
}

// newAnswers puts predictions of a program beside the truth.
func newAnswers(c *coder, p []float32, t truth) *Answers {
	a := &Answers{}
	a.read(c, p, t)
	return a
}

// read is newAnswers in the memory of other answers.
func (a *Answers) read(c *coder, p []float32, t truth) {
	*a = Answers{Kind: c.target.Kind, Width: c.target.Width(), P: a.P, Y: t.y, Class: t.class, Says: a.Says, Classes: c.target.Classes}
	a.P = c.outputs(a.P, p)
	a.Rows = len(a.P) / a.Width
	a.decide()
}

// outputs are predictions in the target's terms: probabilities, for two
// classes that of the positive one, or numbers in their own units.
func (c *coder) outputs(memory []float64, p []float32) []float64 {
	first, step := 0, 1
	if c.target.Kind == table.TargetBinary && c.head.Units == 2 {
		first, step = 1, 2
	}
	out := resize(memory, len(p)/step)
	for i := range out {
		out[i] = float64(p[first+i*step])
	}
	if c.target.Kind == table.TargetNumbers {
		c.target.Invert(out)
	}
	return out
}

// decide finds the predicted classes: the most probable one, the first of equals.
func (a *Answers) decide() {
	switch a.Kind {
	case table.TargetBinary:
		a.Says = resize(a.Says, a.Rows)
		for i, p := range a.P {
			a.Says[i] = 0
			if p >= 0.5 {
				a.Says[i] = 1
			}
		}
	case table.TargetClasses:
		a.Says = resize(a.Says, a.Rows)
		for i := range a.Says {
			row, best := a.P[i*a.Width:(i+1)*a.Width], 0
			for k, p := range row {
				if p > row[best] {
					best = k
				}
			}
			a.Says[i] = int32(best)
		}
	default:
		a.Says = nil
	}
}

// resize gives n numbers, whatever they are, in the memory of others if it is
// large enough.
func resize[T any](v []T, n int) []T { return slices.Grow(v[:0], n)[:n] }

// Evaluate scores the model on rows that have a target; others are left out
// with a note.
func (m *Model) Evaluate(ctx context.Context, t *table.Table) (*Evaluation, error) {
	r, err := m.coder.complete(t)
	if err != nil {
		return nil, err
	}
	return m.evaluateRows(ctx, r)
}

// evaluateRows is Evaluate for rows made ready.
func (m *Model) evaluateRows(ctx context.Context, r *rows) (*Evaluation, error) {
	a, loss, err := m.answerRows(ctx, r)
	if err != nil {
		return nil, err
	}
	return m.evaluation(a, loss, r.notes), nil
}

// evaluation scores answers by all metrics for their kind.
func (m *Model) evaluation(a *Answers, loss float64, notes []string) *Evaluation {
	e := &Evaluation{Kind: a.Kind, Rows: a.Rows, Loss: loss, Classes: a.Classes, Notes: notes}
	for _, d := range metricTable {
		if slices.Contains(d.Kinds, a.Kind) {
			e.Scores = append(e.Scores, Score{d.Name, d.F(a)})
		}
	}
	if a.Class != nil {
		e.Confusion = a.confusion()
	}
	switch {
	case a.Kind != table.TargetNumbers:
		e.PerClass = a.perClass()
	case a.Width > 1:
		e.PerColumn = a.perColumn(m.outputNames())
	}
	return e
}

// answers runs the model over rows with targets.
func (m *Model) answers(ctx context.Context, t *table.Table) (*Answers, *rows, float64, error) {
	r, err := m.coder.complete(t)
	if err != nil {
		return nil, nil, 0, err
	}
	a, loss, err := m.answerRows(ctx, r)
	return a, r, loss, err
}

func (m *Model) answerRows(ctx context.Context, r *rows) (*Answers, float64, error) {
	prog, err := m.program()
	if err != nil {
		return nil, 0, err
	}
	defer prog.Close()
	p, loss, err := nn.Score(ctx, prog, 0, r.data)
	if err != nil {
		return nil, 0, err
	}
	return newAnswers(&m.coder, p, r.truth), loss, nil
}

func (a *Answers) perClass() []ClassScore {
	qs := a.questions()
	if a.Kind == table.TargetBinary {
		// The other class is the same question the other way round.
		no := question{p: make([]float64, a.Rows), yes: make([]bool, a.Rows), says: make([]bool, a.Rows)}
		for i := range a.Rows {
			no.p[i], no.yes[i], no.says[i] = 1-qs[0].p[i], !qs[0].yes[i], !qs[0].says[i]
		}
		qs = []question{no, qs[0]}
	}
	out := make([]ClassScore, len(qs))
	for i, q := range qs {
		out[i] = ClassScore{a.Classes[i], q.support(), q.precision(), q.recall(), q.f1(), q.auc()}
	}
	return out
}

func (a *Answers) perColumn(names []string) []ColumnScore {
	out := make([]ColumnScore, a.Width)
	for c := range out {
		one := &Answers{Kind: a.Kind, Rows: a.Rows, Width: 1, P: pickColumn(a.P, a.Width, c), Y: pickColumn(a.Y, a.Width, c)}
		out[c] = ColumnScore{names[c], one.rmse(), one.mae(), one.r2()}
	}
	return out
}

func pickColumn(v []float64, width, c int) []float64 {
	out := make([]float64, len(v)/width)
	for i := range out {
		out[i] = v[i*width+c]
	}
	return out
}
