package display

import (
	"errors"
	"fmt"
	"strings"
)

// RateCurve is one curve of ROC or PrecisionRecall.
type RateCurve struct {
	Name string
	// X and Y are: for ROC the false positive rate and the true positive rate;
	// for PrecisionRecall recall and precision. Both are in 0…1.
	X, Y []float64
	// Area is the area under the curve (ROC AUC; average precision), NaN when
	// not known.
	Area float64
	// Base is the share of positive rows, for PrecisionRecall; NaN when not known.
	Base float64
}

// RateCurvesData is what ROC and PrecisionRecall draw.
type RateCurvesData struct {
	Curves []RateCurve
	// Positive names the positive class; may be empty.
	Positive string
}

// ROC draws the true positive rate over the false positive rate.
func ROC(d RateCurvesData, o Options) (*Figure, error) {
	return rateFigure(rates{
		RateCurvesData: d, what: "roc", title: "ROC curve", x: "false positive rate", y: "true positive rate", area: "AUC",
		chance: func(v view) { v.line(v.x(0), v.y(0), v.x(1), v.y(1), dashed(axisGrey, 1, dashes[2])) },
	}, o)
}

// PrecisionRecall draws precision over recall.
func PrecisionRecall(d RateCurvesData, o Options) (*Figure, error) {
	r := rates{RateCurvesData: d, what: "precision and recall", title: "Precision-recall curve", x: "recall", y: "precision", area: "AP"}
	r.chance = func(v view) {
		for i, c := range d.Curves {
			if finite(c.Base) && (i == 0 || c.Base != d.Curves[i-1].Base) {
				v.line(v.Min.X, v.y(c.Base), v.Max.X, v.y(c.Base), dashed(axisGrey, 1, dashes[2]))
			}
		}
	}
	return rateFigure(r, o)
}

// rates is what ROC and PrecisionRecall have in common.
type rates struct {
	RateCurvesData
	what, title, x, y, area string
	// chance draws what guessing would give.
	chance layer
}

func rateFigure(r rates, o Options) (*Figure, error) {
	if err := r.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.what, err)
	}
	if r.Positive != "" {
		r.title += " for " + r.Positive
	}
	s := newScene(o, r.title, notebookWidth, 420)
	s.rigid = true
	bad := 0
	for _, c := range r.Curves {
		bad += notFinite(c.X, c.Y)
	}
	s.notes = append(gaps(bad), "dotted: guessing")
	s.paint = r.paint
	return build(s, r.text(), r.data()), nil
}

func (r rates) check() error {
	if len(r.Curves) == 0 {
		return errors.New("expected at least one curve, got none")
	}
	for _, c := range r.Curves {
		if err := sameLength("curve "+c.Name, len(c.X), len(c.Y)); err != nil {
			return err
		}
	}
	return nil
}

func (r rates) paint(p pen) {
	keys := make([]key, len(r.Curves))
	f := &frame{x: axis{label: r.x, r: span{0, 1}, margin: 0.015}, y: axis{label: r.y, r: span{0, 1}, margin: 0.015, noline: true}, square: true}
	f.add(r.chance)
	for i, c := range r.Curves {
		sty := stroke(hue(i), bold-0.2)
		sty.Dashes = dash(i)
		f.add(curve(c.X, c.Y, sty))
		if len(c.X) <= 12 {
			f.add(markers(c.X, c.Y, 3, i, hue(i)))
		}
		keys[i] = key{c.label(r.area), hue(i), lineSample(i)}
	}
	if len(keys) == 1 && keys[0].text == "" {
		keys = nil
	}
	if square := p.height(); p.width() > square*1.35 && len(keys) > 0 {
		left, right := p.split(square, 22)
		f.draw(left)
		right.inset(0, 0, 0, 26).list(keys)
		return
	}
	f.draw(p.legend("", keys))
}

func (c RateCurve) label(area string) string {
	if !finite(c.Area) {
		return c.Name
	}
	return strings.TrimPrefix(c.Name+", ", ", ") + area + " " + fmt.Sprintf("%.3f", c.Area)
}

func (r rates) text() string {
	lines := []string{r.title + ": " + r.y + " over " + r.x + "."}
	for _, c := range r.Curves {
		line := orElse(c.label(r.area), "curve")
		var parts []string
		for _, at := range []float64{0.05, 0.1, 0.5, 0.9} {
			if y, ok := c.at(at); ok {
				parts = append(parts, fmt.Sprintf("%.3f at %g", y, at))
			}
		}
		if len(parts) > 0 {
			line += ": " + strings.Join(parts, ", ")
		}
		if finite(c.Base) && r.area == "AP" {
			line += "; guessing gives " + number(c.Base)
		}
		lines = append(lines, line+".")
	}
	return strings.Join(lines, "\n")
}

// at is the y of the last point that is not beyond x.
func (c RateCurve) at(x float64) (float64, bool) {
	best := -1
	for i := range c.X {
		if finite(c.X[i]) && finite(c.Y[i]) && c.X[i] <= x && (best < 0 || c.X[i] > c.X[best] || c.X[i] == c.X[best] && c.Y[i] > c.Y[best]) {
			best = i
		}
	}
	if best < 0 {
		return 0, false
	}
	return c.Y[best], true
}

func (r rates) data() Data {
	var name []string
	var xs, ys []float64
	for _, c := range r.Curves {
		for range c.X {
			name = append(name, c.Name)
		}
		xs, ys = append(xs, c.X...), append(ys, c.Y...)
	}
	return Data{Columns: []Column{{Name: "curve", Strings: name}, {Name: r.x, Numbers: xs}, {Name: r.y, Numbers: ys}}}
}
