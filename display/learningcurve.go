package display

import (
	"errors"
	"fmt"
	"strings"
)

// Band is a line with a spread around it.
type Band struct {
	Name string
	// X are positions, Mean the line, Spread the half width (standard deviation)
	// around it; Spread may be nil.
	X, Mean, Spread []float64
}

// LearningCurveData is what LearningCurve draws.
type LearningCurveData struct {
	Bands []Band
	// Metric names the y axis, Size the x axis ("" means "training rows").
	Metric, Size string
	// Log draws the sizes on a logarithmic axis.
	Log bool
}

// LearningCurve draws a metric over the number of training rows (or over another
// quantity), as lines with bands of spread.
func LearningCurve(d LearningCurveData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("learning curve: %w", err)
	}
	d.Metric, d.Size = orElse(d.Metric, "metric"), orElse(d.Size, "training rows")
	s := newScene(o, capital(d.Metric)+" by "+d.Size, notebookWidth, plotHeight)
	bad, spread := 0, false
	for _, b := range d.Bands {
		bad += notFinite(b.Mean)
		spread = spread || b.Spread != nil
	}
	s.notes = gaps(bad)
	if spread {
		s.notes = append(s.notes, "Band: one standard deviation on either side.")
	}
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

func (d LearningCurveData) check() error {
	if len(d.Bands) == 0 {
		return errors.New("expected at least one line, got none")
	}
	for _, b := range d.Bands {
		if len(b.Mean) != len(b.X) || b.Spread != nil && len(b.Spread) != len(b.X) {
			return fmt.Errorf("line %q: expected as many means and spreads as positions (%d), got %d and %d", b.Name, len(b.X), len(b.Mean), len(b.Spread))
		}
	}
	return nil
}

// edges are the lower and upper lines of the band.
func (b Band) edges() (lower, upper []float64) {
	for i, m := range b.Mean {
		s := 0.0
		if b.Spread != nil && finite(b.Spread[i]) {
			s = b.Spread[i]
		}
		lower, upper = append(lower, m-s), append(upper, m+s)
	}
	return lower, upper
}

func (d LearningCurveData) paint(p pen) {
	xs, ys := emptySpan(), emptySpan()
	f := &frame{}
	for i, b := range d.Bands {
		lower, upper := b.edges()
		ys = ys.add(lower...).add(upper...)
		if d.Log {
			xs = xs.addPositive(b.X...)
		} else {
			xs = xs.add(b.X...)
		}
		if b.Spread != nil {
			f.add(band(b.X, lower, upper, fade(hue(i), 0.18)))
		}
	}
	f.x = axis{label: d.Size, r: xs, log: d.Log, nogrid: true, margin: 0.01}
	f.y = axis{label: d.Metric, r: ys, margin: 0.05, noline: true}
	for i, b := range d.Bands {
		sty := stroke(hue(i), bold-0.2)
		if len(b.X) <= 15 {
			f.add(markers(b.X, b.Mean, 3.6, i, hue(i)))
		} else {
			sty.Dashes = dash(i)
		}
		f.add(curve(b.X, b.Mean, sty))
		if y, ok := lastFinite(b.Mean); ok && b.Name != "" {
			f.ends = append(f.ends, endLabel{text: b.Name, y: y, tint: hue(i)})
		}
	}
	f.draw(p)
}

func (d LearningCurveData) text() string {
	lines := []string{capital(d.Metric) + " by " + d.Size + "."}
	for _, b := range d.Bands {
		var parts []string
		shown := evenly(len(b.X), 12)
		if r := emptySpan().add(b.Mean...); b.Spread == nil && r.lo == r.hi {
			shown = shown[:min(1, len(shown))] // a level line
		}
		for _, i := range shown {
			part := number(b.X[i]) + ": " + number(b.Mean[i])
			if b.Spread != nil && finite(b.Spread[i]) {
				part += " ± " + number(b.Spread[i])
			}
			parts = append(parts, part)
		}
		lines = append(lines, strings.TrimPrefix(b.Name+" – ", " – ")+orElse(strings.Join(parts, ", "), "no points")+".")
	}
	return strings.Join(lines, "\n")
}

func (d LearningCurveData) data() Data {
	var name []string
	var x, mean, spread []float64
	for _, b := range d.Bands {
		for i := range b.X {
			name = append(name, b.Name)
			s := 0.0
			if b.Spread != nil {
				s = b.Spread[i]
			}
			spread = append(spread, s)
		}
		x, mean = append(x, b.X...), append(mean, b.Mean...)
	}
	return Data{Columns: []Column{{Name: "line", Strings: name}, {Name: d.Size, Numbers: x}, {Name: d.Metric, Numbers: mean}, {Name: "spread", Numbers: spread}}}
}
