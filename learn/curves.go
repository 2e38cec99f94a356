package learn

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mlpkernel/table"
)

// Curve is a line over rates, with the area under it.
type Curve struct {
	Name string // the class or label asked about
	X, Y []float64
	Area float64
	Base float64 // share of the rows that are yes
}

// curvePoints bounds the points of a curve, so that pictures stay small.
const curvePoints = 500

var errNoClasses = errors.New("this is for classes, and the model predicts numbers; see residuals")

// questionsOf runs the model over rows and gives the questions with names.
func (m *Model) questionsOf(ctx context.Context, t *table.Table) ([]question, []string, error) {
	if m.coder.target.Kind == table.TargetNumbers {
		return nil, nil, errNoClasses
	}
	a, _, _, err := m.answers(ctx, t)
	if err != nil {
		return nil, nil, err
	}
	names := m.outputNames()
	if a.Kind == table.TargetBinary {
		names = names[1:]
	}
	return a.questions(), names, nil
}

// ROC gives a curve for each class against the others (for two classes, of
// the positive one): X the share of the no rows called yes, Y that of the yes
// rows found, as the threshold falls.
func (m *Model) ROC(ctx context.Context, t *table.Table) ([]Curve, error) {
	return m.curves(ctx, t, func(q question, yes, no, tp, fp float64) (x, y float64) { return fp / no, tp / yes },
		func(q question, _ Curve) float64 { return q.auc() }, true)
}

// PrecisionRecall gives curves likewise: X the share of the yes rows found, Y
// the share of what is called yes that is. Area is the average precision.
func (m *Model) PrecisionRecall(ctx context.Context, t *table.Table) ([]Curve, error) {
	return m.curves(ctx, t, func(q question, yes, no, tp, fp float64) (x, y float64) { return tp / yes, tp / (tp + fp) },
		func(_ question, c Curve) float64 { return c.steps() }, false)
}

// steps is the sum of y times the step in x.
func (c Curve) steps() float64 {
	var sum, before float64
	for i, x := range c.X {
		sum += float64((x - before) * c.Y[i])
		before = x
	}
	return sum
}

func (m *Model) curves(ctx context.Context, t *table.Table, point func(q question, yes, no, tp, fp float64) (x, y float64), area func(question, Curve) float64, origin bool) ([]Curve, error) {
	qs, names, err := m.questionsOf(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []Curve
	for i, q := range qs {
		yes := float64(q.support())
		no := float64(len(q.yes)) - yes
		if yes == 0 || no == 0 {
			continue
		}
		c := Curve{Name: names[i], Base: yes / float64(len(q.yes))}
		if origin {
			c.X, c.Y = []float64{0}, []float64{0}
		}
		q.descend(func(tp, fp float64) {
			x, y := point(q, yes, no, tp, fp)
			c.X, c.Y = append(c.X, x), append(c.Y, y)
		})
		c.Area = area(q, c)
		out = append(out, c.thinned())
	}
	if out == nil {
		return nil, fmt.Errorf("all %d rows are of one class; a curve needs both", t.Len())
	}
	return out, nil
}

// descend lowers the threshold past each different probability.
func (q question) descend(visit func(tp, fp float64)) {
	var tp, fp float64
	order := q.byProbability()
	for k, i := range order {
		if q.yes[i] {
			tp++
		} else {
			fp++
		}
		if k+1 == len(order) || q.p[order[k+1]] != q.p[i] {
			visit(tp, fp)
		}
	}
}

// thinned leaves out points evenly, and keeps the ends.
func (c Curve) thinned() Curve {
	n := len(c.X)
	if n <= curvePoints {
		return c
	}
	x, y := make([]float64, curvePoints), make([]float64, curvePoints)
	for i := range x {
		k := i * (n - 1) / (curvePoints - 1)
		x[i], y[i] = c.X[k], c.Y[k]
	}
	c.X, c.Y = x, y
	return c
}

// Calibration is how often what was predicted with a probability comes true.
type Calibration struct {
	Name string
	// By bin of probability, empty ones left out: mean prediction, share that
	// is yes, rows.
	Predicted, Observed, Count []float64
	Error                      float64 // expected calibration error: mean of |predicted - observed| over the rows
}

// Calibration bins probabilities in so many equal parts (0: 10), for the
// positive class, or each of more classes or labels.
func (m *Model) Calibration(ctx context.Context, t *table.Table, parts int) ([]Calibration, error) {
	if parts == 0 {
		parts = 10
	}
	if parts < 2 || parts > 100 {
		return nil, fmt.Errorf("calibration needs from 2 to 100 bins, not %d", parts)
	}
	if err := m.saysProbabilities(); err != nil {
		return nil, err
	}
	qs, names, err := m.questionsOf(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []Calibration
	for i, q := range qs {
		out = append(out, q.calibrate(names[i], parts))
	}
	return out, nil
}

func (q question) calibrate(name string, parts int) Calibration {
	sum, yes, n := make([]float64, parts), make([]float64, parts), make([]float64, parts)
	for i, p := range q.p {
		k := max(0, min(int(p*float64(parts)), parts-1))
		sum[k] += p
		n[k]++
		if q.yes[i] {
			yes[k]++
		}
	}
	c := Calibration{Name: name}
	for k := range n {
		if n[k] == 0 {
			continue
		}
		p, o := sum[k]/n[k], yes[k]/n[k]
		c.Predicted, c.Observed, c.Count = append(c.Predicted, p), append(c.Observed, o), append(c.Count, n[k])
		c.Error += float64(math.Abs(p-o)*n[k]) / float64(len(q.p))
	}
	return c
}

// Residuals are truths and predictions of numbers, by output.
type Residuals struct {
	Name              string
	Actual, Predicted []float64
}

// Residuals gives truths and predictions for rows with targets.
func (m *Model) Residuals(ctx context.Context, t *table.Table) ([]Residuals, error) {
	switch k := m.coder.target.Kind; k {
	case table.TargetNumbers:
	case table.TargetLabels:
		return nil, fmt.Errorf("residuals are for numbers, and the model predicts %s; see the ROC curves, and the scores of each target in an evaluation", kindText(k))
	default:
		return nil, errors.New("residuals are for numbers, and the model predicts classes; see the confusion of an evaluation")
	}
	a, _, _, err := m.answers(ctx, t)
	if err != nil {
		return nil, err
	}
	var out []Residuals
	for c, name := range m.outputNames() {
		out = append(out, Residuals{name, pickColumn(a.Y, a.Width, c), pickColumn(a.P, a.Width, c)})
	}
	return out, nil
}
