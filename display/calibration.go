package display

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// CalibrationCurve is the reliability of one model's probabilities in bins.
type CalibrationCurve struct {
	Name string
	// Predicted is the mean predicted probability of each bin, Observed the share
	// of positive rows in it, Count its number of rows.
	Predicted, Observed, Count []float64
	// Error is the expected calibration error, NaN when not known.
	Error float64
}

// CalibrationData is what Calibration draws.
type CalibrationData struct {
	Curves []CalibrationCurve
	// Positive names the positive class; may be empty.
	Positive string
}

// Calibration draws how often events happen that were predicted with a given
// probability, with the numbers of rows per bin below.
func Calibration(d CalibrationData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	s := newScene(o, d.title(), 520, 480)
	if rows := d.panelRows(); rows > 0 {
		s = newScene(o, d.title(), notebookWidth, float64(60+rows*172))
		s.subtitle = "upwards the share that happened, to the right the predicted probability; the larger the dot, the more rows"
	}
	s.rigid = true
	s.notes = []string{"On the dotted line, what is said to happen with 30 % happens in 30 % of the rows. Off by: how far from it on average."}
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

func (d CalibrationData) title() string {
	return "Calibration" + map[bool]string{true: " for " + d.Positive}[d.Positive != ""]
}

const (
	// mostTogether is how many curves one frame has; of more, each gets its own.
	mostTogether = 4
	// framesAcross is how many frames stand side by side.
	framesAcross = 4
)

// panelRows is how many rows of frames there are, 0 if one frame has all curves.
func (d CalibrationData) panelRows() int {
	if n := len(d.Curves); n > mostTogether {
		return (n + framesAcross - 1) / framesAcross
	}
	return 0
}

// panels draws each curve in a frame of its own, the more rows a bin has the
// larger its dot.
func (d CalibrationData) panels(p pen, rows int) {
	for i, tile := range p.tiles(framesAcross, rows, 14, 12)[:len(d.Curves)] {
		c := d.Curves[i]
		f := &frame{
			heading: d.key(c),
			x:       axis{r: span{0, 1}, margin: 0.03, few: true}, y: axis{r: span{0, 1}, margin: 0.03, few: true, noline: true},
			square: true,
		}
		f.add(ideal, curve(c.Predicted, c.Observed, stroke(hue(0), normal)), c.dots)
		f.draw(tile)
	}
}

// dots draws a disc at each bin, whose area goes with its rows.
func (c CalibrationCurve) dots(v view) {
	most := largest(c.Count)
	for b, n := range c.Count {
		if x, y := c.Predicted[b], c.Observed[b]; n > 0 && finite(x) && finite(y) {
			v.disc(v.x(x), v.y(y), 1.6+3.4*math.Sqrt(n/most), hue(0), stroke(white, 0.6))
		}
	}
}

// ideal is the line on which every probability is as it is said.
func ideal(v view) { v.line(v.x(0), v.y(0), v.x(1), v.y(1), dashed(axisGrey, 1, dashes[2])) }

func (d CalibrationData) check() error {
	if len(d.Curves) == 0 {
		return errors.New("expected at least one curve, got none")
	}
	for _, c := range d.Curves {
		if len(c.Observed) != len(c.Predicted) || len(c.Count) != len(c.Predicted) {
			return fmt.Errorf("curve %q: expected as many observed shares and counts as predictions (%d), got %d and %d", c.Name, len(c.Predicted), len(c.Observed), len(c.Count))
		}
	}
	return nil
}

func (d CalibrationData) paint(p pen) {
	if rows := d.panelRows(); rows > 0 {
		d.panels(p, rows)
		return
	}
	if keys := d.keys(); len(keys) > 0 {
		p = p.legend("", keys)
	}
	f := &frame{
		x: axis{label: "predicted probability", r: span{0, 1}, margin: 0.015},
		y: axis{label: "share that happened", r: span{0, 1}, margin: 0.015, noline: true},
	}
	f.add(ideal)
	for i, c := range d.Curves {
		sty := stroke(hue(i), normal)
		sty.Dashes = dash(i)
		f.add(curve(c.Predicted, c.Observed, sty), markers(c.Predicted, c.Observed, 4, i, hue(i)))
	}
	foot := 80.0
	f.endRoom = 8
	f.draw(p.inset(0, 0, foot, 0))
	d.rows(p.inset(0, 0, 7, p.height()-foot+6))
}

func (d CalibrationData) keys() []key {
	var keys []key
	for i, c := range d.Curves {
		if text := d.key(c); text != "" {
			keys = append(keys, key{text, hue(i), i})
		}
	}
	return keys
}

// key is a curve's name and how far it is off.
func (d CalibrationData) key(c CalibrationCurve) string {
	if !finite(c.Error) {
		return c.Name
	}
	return strings.TrimPrefix(c.Name+", ", ", ") + "off by " + percent(c.Error)
}

// rows draws the number of rows of each bin as a thin column at its place.
func (d CalibrationData) rows(p pen) {
	top := 0.0
	for _, c := range d.Curves {
		top = math.Max(top, largest(c.Count))
	}
	f := &frame{x: axis{r: span{0, 1}, margin: 0.015, bare: true, nogrid: true}, y: axis{label: "rows per bin", r: span{0, math.Max(top, 1) * 1.05}, few: true, nogrid: true, noline: true}, endRoom: 8}
	f.add(func(v view) {
		v.line(v.Min.X, v.Min.Y, v.Max.X, v.Min.Y, stroke(axisGrey, thin))
		w := math.Max(6/float64(len(d.Curves)), 2)
		for i, c := range d.Curves {
			for b, n := range c.Count {
				if !finite(n) || !finite(c.Predicted[b]) {
					continue
				}
				x := float64(v.x(c.Predicted[b])) + (float64(i)-float64(len(d.Curves))/2)*w
				v.inset(x-float64(v.Min.X), float64(v.Max.X)-x-w, 0, float64(v.Max.Y-v.y(n))).fillRect(hue(i))
			}
		}
	})
	f.draw(p)
}

func (d CalibrationData) text() string {
	lines := []string{d.title() + ": predicted probability → share that happened (rows)."}
	for _, c := range d.Curves {
		var parts []string
		for b := range c.Predicted {
			if c.Count[b] > 0 {
				parts = append(parts, fmt.Sprintf("%s → %s (%s)", number(c.Predicted[b]), number(c.Observed[b]), number(c.Count[b])))
			}
		}
		if n := len(parts); n > 25 {
			parts = append(parts[:20], fmt.Sprintf("and %d more", n-20))
		}
		line := strings.TrimPrefix(c.Name+": ", ": ") + orElse(strings.Join(parts, ", "), "no rows")
		if finite(c.Error) {
			line += "; expected calibration error " + number(c.Error)
		}
		lines = append(lines, line+".")
	}
	return strings.Join(lines, "\n")
}

func (d CalibrationData) data() Data {
	var name []string
	var predicted, observed, rows []float64
	for _, c := range d.Curves {
		for range c.Predicted {
			name = append(name, c.Name)
		}
		predicted, observed, rows = append(predicted, c.Predicted...), append(observed, c.Observed...), append(rows, c.Count...)
	}
	return Data{Columns: []Column{{Name: "model", Strings: name}, {Name: "predicted", Numbers: predicted}, {Name: "observed", Numbers: observed}, {Name: "rows", Numbers: rows}}}
}
