package display

import (
	"fmt"
	"math"
)

// ResidualsData is what Residuals draws.
type ResidualsData struct {
	// Actual and Predicted are the target's values and the model's.
	Actual, Predicted []float64
	// Target names the target and its unit.
	Target string
}

// Residuals draws predicted over actual values and the distribution of the
// residuals (actual minus predicted).
func Residuals(d ResidualsData, o Options) (*Figure, error) {
	if err := sameLength("residuals: actual and predicted", len(d.Actual), len(d.Predicted)); err != nil {
		return nil, err
	}
	d.Target = orElse(d.Target, "target")
	s := newScene(o, "Predicted and actual "+d.Target, notebookWidth, 360)
	s.rigid = true
	res := d.residuals()
	s.notes = gaps(notFinite(res))
	if n := len(res) - notFinite(res); n > manyPoints {
		s.notes = append(s.notes, grouped(n)+" points: the denser, the darker.")
	}
	s.paint = func(p pen) { d.paint(p, res) }
	return build(s, d.text(res), Data{Columns: []Column{{Name: "actual", Numbers: d.Actual}, {Name: "predicted", Numbers: d.Predicted}, {Name: "residual", Numbers: res}}}), nil
}

func (d ResidualsData) residuals() []float64 {
	out := make([]float64, len(d.Actual))
	for i := range out {
		out[i] = d.Actual[i] - d.Predicted[i]
	}
	return out
}

func (d ResidualsData) paint(p pen, res []float64) {
	left, right := p.split(p.width()*0.55, 28)
	r := emptySpan().add(d.Actual...).add(d.Predicted...)
	f := &frame{
		x: axis{label: "actual " + d.Target, r: r, margin: 0.04}, y: axis{label: "predicted " + d.Target, r: r, margin: 0.04, noline: true},
		square: true,
	}
	c := &cloud{x: d.Actual, y: d.Predicted}
	for i := range res {
		c.ok = append(c.ok, finite(res[i]))
	}
	f.add(func(v view) {
		lo, hi := f.x.r.lo, f.x.r.hi
		v.line(v.x(lo), v.y(lo), v.x(hi), v.y(hi), dashed(ink, 1, dashes[2]))
	}, c.layer())
	f.draw(left)
	h := Count(res, 0)
	g := &frame{
		x: axis{label: "actual − predicted", r: span{h.Edges[0], h.Edges[len(h.Edges)-1]}, nogrid: true, margin: 0.02},
		y: axis{label: "rows", r: span{0, math.Max(largest(h.Counts), 1) * 1.06}, whole: true, noline: true},
	}
	g.add(bars(h.Edges, h.Counts, tint(hue(0), 0.75)), ruleX(0, ink))
	g.draw(right)
}

func (d ResidualsData) text(res []float64) string {
	s := summarise(res)
	if s.n == 0 {
		return "Predicted and actual " + d.Target + ": no finite values."
	}
	var absolute, square float64
	for _, r := range res {
		if finite(r) {
			absolute += math.Abs(r) / float64(s.n)
			square += r * r / float64(s.n)
		}
	}
	text := fmt.Sprintf("Predicted and actual %s of %s: root mean squared error %s, mean absolute error %s", d.Target, count(s.n, "row"), number(math.Sqrt(square)), number(absolute))
	if variance := d.variance(res); variance > 0 {
		text += ", R² " + number(1-square/variance)
	}
	return text + ".\nResiduals (actual − predicted): " + distribution(res, false)
}

// variance is that of the actual values whose residual is finite.
func (d ResidualsData) variance(res []float64) float64 {
	var used []float64
	for i, r := range res {
		if finite(r) {
			used = append(used, d.Actual[i])
		}
	}
	s := summarise(used)
	return s.std * s.std
}
