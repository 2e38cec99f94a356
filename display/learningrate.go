package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// LearningRateData is what LearningRate draws: the result of a range test.
type LearningRateData struct {
	// Rates are the learning rates tried, rising; Loss the loss at each.
	Rates, Loss []float64
	// Smooth is the smoothed loss; may be nil.
	Smooth []float64
	// Suggestion is the suggested rate; 0 for none.
	Suggestion float64
	// LossName names the y axis; "" means "loss".
	LossName string
}

// LearningRate draws the loss over the learning rate on a logarithmic x axis
// with the suggestion marked.
func LearningRate(d LearningRateData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("learning rate: %w", err)
	}
	d.LossName = orElse(d.LossName, "loss")
	s := newScene(o, "Loss over the learning rate", notebookWidth, plotHeight)
	s.notes = gaps(notFinite(d.Loss))
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

func (d LearningRateData) check() error {
	if len(d.Rates) == 0 {
		return errors.New("expected at least one rate, got none")
	}
	if len(d.Loss) != len(d.Rates) || d.Smooth != nil && len(d.Smooth) != len(d.Rates) {
		return fmt.Errorf("expected as many losses as rates (%d), got %d and %d smoothed ones", len(d.Rates), len(d.Loss), len(d.Smooth))
	}
	for _, r := range d.Rates {
		if !(r > 0) || !finite(r) {
			return fmt.Errorf("expected rates above 0, got %v", r)
		}
	}
	return nil
}

// main is the line that is read: the smoothed loss, if there is one.
func (d LearningRateData) main() []float64 {
	if d.Smooth != nil {
		return d.Smooth
	}
	return d.Loss
}

func (d LearningRateData) paint(p pen) {
	f := &frame{
		x: axis{label: "learning rate (logarithmic)", r: emptySpan().add(d.Rates...), log: true},
		y: axis{label: d.LossName, r: d.shown(), noline: true, margin: 0.05},
	}
	if d.Smooth != nil {
		f.add(curve(d.Rates, d.Loss, stroke(fade(hue(0), 0.35), 1)))
	}
	f.add(curve(d.Rates, d.main(), stroke(hue(0), bold)))
	if d.Suggestion > 0 && finite(d.Suggestion) {
		f.add(d.mark)
	}
	f.draw(p)
}

// shown cuts the explosion at large rates: losses up to a little above the
// first ones.
func (d LearningRateData) shown() span {
	r := emptySpan().add(d.main()...)
	first := firstFinite(d.main())
	if first < 0 {
		return r
	}
	limit := d.main()[first] + 0.6*(d.main()[first]-r.lo)
	if limit > r.lo {
		r.hi = math.Min(r.hi, limit)
	}
	return r
}

// mark draws the suggested rate.
func (d LearningRateData) mark(v view) {
	x := v.x(d.Suggestion)
	if !v.ContainsX(x) {
		return
	}
	v.line(x, v.Min.Y, x, v.Max.Y, dashed(hue(1), normal, dashes[1]))
	if i := d.nearest(); i >= 0 && v.ContainsY(v.y(d.main()[i])) {
		v.disc(v.x(d.Rates[i]), v.y(d.main()[i]), 4.5, white, stroke(hue(1), 1.8))
	}
	sty, at := aligned(plain(labelSize, hue(1)), draw.XLeft, draw.YTop), x+6
	if x > v.X(0.6) {
		sty, at = aligned(sty, draw.XRight, draw.YTop), x-6
	}
	v.text("suggested "+number(d.Suggestion), at, v.Max.Y, sty)
}

// nearest is the index of the rate closest to the suggestion, -1 when its loss is
// not finite.
func (d LearningRateData) nearest() int {
	best := 0
	for i, r := range d.Rates {
		if math.Abs(math.Log(r/d.Suggestion)) < math.Abs(math.Log(d.Rates[best]/d.Suggestion)) {
			best = i
		}
	}
	if !finite(d.main()[best]) {
		return -1
	}
	return best
}

func (d LearningRateData) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s over %s from %s to %s.", capital(d.LossName), count(len(d.Rates), "learning rate"), number(d.Rates[0]), number(d.Rates[len(d.Rates)-1]))
	if i := extreme(d.main(), false); i >= 0 {
		fmt.Fprintf(&b, "\nLowest %s at %s", number(d.main()[i]), number(d.Rates[i]))
		if y, ok := lastFinite(d.main()); ok {
			fmt.Fprintf(&b, ", %s at the end", number(y))
		}
		b.WriteString(".")
	}
	if d.Suggestion > 0 {
		fmt.Fprintf(&b, "\nSuggested: %s.", number(d.Suggestion))
	} else {
		b.WriteString("\nNo suggestion.")
	}
	return b.String()
}

func (d LearningRateData) data() Data {
	out := Data{Columns: []Column{{Name: "lr", Numbers: d.Rates}, {Name: "loss", Numbers: d.Loss}}}
	if d.Smooth != nil {
		out.Columns = append(out.Columns, Column{Name: "smoothed", Numbers: d.Smooth})
	}
	return out
}
