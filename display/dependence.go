package display

import (
	"errors"
	"fmt"
	"image/color"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// DependenceData is what Dependence draws.
type DependenceData struct {
	Feature, Target string
	// X are the feature's values, or positions of Levels when the feature is a
	// category. Mean is the mean prediction at each.
	X, Mean []float64
	// Times says that X are seconds since 1970 UTC.
	Times bool
	// Levels name a category's values; nil for a number.
	Levels []string
	// Different is how many levels there are, of which Levels are the most frequent.
	Different int
	// Averaged is how many of the Total rows the mean is over.
	Averaged, Total int
	// Rows are single rows' predictions, Rows[r][i] at X[i]; may be nil.
	Rows [][]float64
	// Rug are values of the feature that occur in the data; may be nil.
	Rug []float64
}

// maxRows is how many single rows are drawn behind a mean.
const maxRows = 60

// Dependence draws how the prediction changes with one feature when all others
// stay: the mean over rows, and some rows thinly behind it. Levels stand below each
// other when their names are long or many.
func Dependence(d DependenceData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("dependence: %w", err)
	}
	d.Feature, d.Target = orElse(d.Feature, "feature"), orElse(d.Target, "prediction")
	lying, height := d.Levels != nil && d.bars().lying(orWidth(o)), float64(plotHeight)
	if lying {
		height = d.bars().lyingHeight()
	}
	s := newScene(o, "Prediction of "+d.Target+" by "+d.Feature, notebookWidth, height)
	s.notes = gaps(notFinite(d.Mean))
	if n := len(d.Rows); n > 0 {
		heavy, light := "Thick", "thin"
		if d.Levels != nil {
			heavy, light = "Large", "small"
		}
		s.notes = append(s.notes, fmt.Sprintf("%s: mean over %s; %s: %s, where all other features stay.", heavy, d.meanOver(), light, count(min(n, maxRows), "single row")))
	}
	title, left := s.title, ""
	if d.Averaged < d.Total {
		title += ", mean over " + d.meanOver()
	}
	if n := len(d.Levels); n < d.Different && n > 0 {
		left = fmt.Sprintf("The %d most frequent of %s.", n, grouped(d.Different))
		s.notes = append(s.notes, left)
	}
	s.paint = func(p pen) { d.paint(p, lying) }
	line := Series{X: d.X, Y: d.Mean}
	text := s.title + ", mean over " + d.meanOver() + " while all other features stay.\n" + line.course(d.Target, writer(d.Times))
	out := Data{Columns: []Column{{Name: d.Feature, Numbers: d.X, Times: d.Times}, {Name: "mean", Numbers: d.Mean}}}
	if d.Levels != nil {
		text = strings.TrimSpace(d.bars().text(title) + "\n" + left)
		out = d.bars().data()
	}
	return build(s, text, out), nil
}

func (d DependenceData) check() error {
	if len(d.X) == 0 {
		return errors.New("expected at least one value of the feature, got none")
	}
	if err := sameLength("values and means", len(d.X), len(d.Mean)); err != nil {
		return err
	}
	if d.Levels != nil && len(d.Levels) != len(d.X) {
		return fmt.Errorf("expected one level per value (%d), got %d", len(d.X), len(d.Levels))
	}
	for _, row := range d.Rows {
		if err := sameLength("values and a row's predictions", len(d.X), len(row)); err != nil {
			return err
		}
	}
	return nil
}

// meanOver says which rows the mean is over.
func (d DependenceData) meanOver() string {
	if d.Averaged < d.Total {
		return fmt.Sprintf("%s of %s rows", grouped(d.Averaged), grouped(d.Total))
	}
	return "the rows"
}

func (d DependenceData) bars() BarData {
	return BarData{Labels: d.Levels, Groups: []Group{{Values: d.Mean}}, Label: d.Feature, Value: "mean"}
}

func (d DependenceData) paint(p pen, lying bool) {
	r := emptySpan().add(d.Mean...)
	rows := evenly(len(d.Rows), maxRows)
	for _, i := range rows {
		r = r.add(d.Rows[i]...)
	}
	f := &frame{x: axis{label: d.Feature, r: emptySpan().add(d.X...), times: d.Times, nogrid: true}, y: axis{label: "predicted " + d.Target, r: r, margin: 0.05, noline: true}}
	if d.Levels != nil {
		d.levels(f, p, rows, lying)
		f.draw(p)
		return
	}
	for _, i := range rows {
		f.add(curve(d.X, d.Rows[i], stroke(fade(hue(0), 0.18), 1)))
	}
	f.add(curve(d.X, d.Mean, stroke(hue(1), bold+0.4)))
	if len(d.X) <= 12 {
		f.add(markers(d.X, d.Mean, 5, 0, hue(1)))
	}
	f.add(d.rug)
	f.draw(p)
}

// levels draws dots by level: levels have no order, so there are no lines between
// them.
func (d DependenceData) levels(f *frame, p pen, rows []int, lying bool) {
	n := float64(len(d.Levels))
	f.x.r, f.y.margin = span{-0.5, n - 0.5}, 0.1
	dots := func(y []float64, size float64, c color.NRGBA) layer {
		if lying {
			return markers(y, positions(nil, len(y), 0), size, 0, c)
		}
		return markers(positions(nil, len(y), 0), y, size, 0, c)
	}
	if lying {
		f.x, f.y = f.y, f.x
		f.y.reversed, f.y.noline, f.x.noline = true, true, false
		f.y.ticks = named(d.Levels, p.width()*0.4)
	} else {
		f.x.ticks = named(d.Levels, p.width()/n)
	}
	for _, i := range rows {
		f.add(dots(d.Rows[i], 2.5, fade(hue(0), 0.3)))
	}
	f.add(dots(d.Mean, 5, hue(1)))
	if !lying && len(d.Levels) <= 12 {
		f.add(d.written)
	}
}

// written writes the means beside their dots.
func (d DependenceData) written(v view) {
	for i, y := range d.Mean {
		if finite(y) {
			v.halo(number(y), v.x(float64(i))+9, v.y(y), aligned(plain(tickSize, ink), draw.XLeft, draw.YCenter))
		}
	}
}

// rug draws a short line at the foot for values that occur.
func (d DependenceData) rug(v view) {
	for _, i := range evenly(len(d.Rug), 300) {
		if x := v.x(d.Rug[i]); finite(d.Rug[i]) && v.ContainsX(x) {
			v.line(x, v.Min.Y, x, v.Min.Y+6, stroke(fade(ink, 0.35), thin))
		}
	}
}
