package display

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
)

// UnitMatrix is a matrix over pairs of units, such as the correlation of their
// activations.
type UnitMatrix struct {
	Name string
	// M is square; entries are in -1…1.
	M [][]float64
}

// CoadaptationData is what Coadaptation draws.
type CoadaptationData struct {
	Models []UnitMatrix
	// Layer names the layer whose units are compared.
	Layer string
}

// Coadaptation draws, for each model, how strongly the units of a layer lean on
// each other: the matrix of correlations, with the mean of its absolute
// off-diagonal entries.
func Coadaptation(d CoadaptationData, o Options) (*Figure, error) {
	if len(d.Models) == 0 {
		return nil, errors.New("coadaptation: expected at least one model, got none")
	}
	for _, m := range d.Models {
		if len(m.M) == 0 {
			return nil, fmt.Errorf("coadaptation: model %q: expected at least one unit, got none", m.Name)
		}
		if err := checkSquare(m.M, len(m.M)); err != nil {
			return nil, fmt.Errorf("coadaptation: model %q: %w", m.Name, err)
		}
	}
	columns := panelColumns(len(d.Models))
	rows := (len(d.Models) + columns - 1) / columns
	side := (notebookWidth - 90) / float64(max(columns, 2))
	s := newScene(o, "How units lean on each other"+map[bool]string{true: ": " + d.Layer}[d.Layer != ""], notebookWidth, 62+(side+30)*float64(rows))
	s.rigid = true
	s.subtitle = "correlation of the activations of every two units"
	if unknown := d.unknown(); unknown > 0 {
		s.notes = []string{count(unknown, "pair has|pairs have") + " no correlation, since a unit never changes (grey)."}
	}
	s.paint = func(p pen) {
		if used := float64(columns)*(side+16) + scaleRoom; o.Width == 0 && used < p.width() {
			p = p.inset(0, p.width()-used, 0, 0)
		}
		p = p.scaleBar("", span{-1, 1}, diverging)
		for i, q := range p.tiles(columns, rows, 16, 10)[:len(d.Models)] {
			d.Models[i].paint(q)
		}
	}
	return build(s, d.text(), d.data()), nil
}

func (d CoadaptationData) unknown() (n int) {
	for _, m := range d.Models {
		n += notFinite(m.M...)
	}
	return n
}

func (m UnitMatrix) paint(p pen) {
	if m.Name != "" {
		p.text(shorten(m.Name, labelSize, p.width()), p.Min.X, p.Max.Y, strong(labelSize, ink))
		p = p.inset(0, 0, 0, labelSize+5)
	}
	p = p.caption("mean |r| " + number(m.mean()) + ", " + count(len(m.M), "unit"))
	side := math.Min(p.width(), p.height())
	p = p.inset(0, p.width()-side, p.height()-side, 0)
	img := image.NewNRGBA(image.Rect(0, 0, len(m.M), len(m.M)))
	for r, row := range m.M {
		for c, v := range row {
			img.SetNRGBA(c, r, diverging.at((v+1)/2))
		}
	}
	p.pixels(shrunk(quantised(img), 256))
	p.frame(p.Min.X, p.Min.Y, p.Max.X, p.Max.Y, stroke(paleGrey, thin))
}

// shrunk leaves out pixels of an image larger than a limit.
func shrunk(img *image.NRGBA, limit int) *image.NRGBA {
	size := img.Bounds().Size()
	if size.X <= limit && size.Y <= limit {
		return img
	}
	w, h := min(size.X, limit), min(size.Y, limit)
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			out.SetNRGBA(x, y, img.NRGBAAt(x*size.X/w, y*size.Y/h))
		}
	}
	return out
}

// mean is the mean absolute correlation of two different units.
func (m UnitMatrix) mean() float64 {
	sum, n := 0.0, 0.0
	for r, row := range m.M {
		for c, v := range row {
			if r != c && finite(v) {
				sum += math.Abs(v)
				n++
			}
		}
	}
	return sum / n
}

// strongest is the largest absolute correlation of two different units.
func (m UnitMatrix) strongest() float64 {
	best := math.NaN()
	for r, row := range m.M {
		for c, v := range row {
			if r != c && finite(v) && !(math.Abs(v) <= best) {
				best = math.Abs(v)
			}
		}
	}
	return best
}

func (d CoadaptationData) text() string {
	lines := []string{"How units lean on each other" + map[bool]string{true: " in " + d.Layer}[d.Layer != ""] + ": correlation of the activations of every two units."}
	for _, m := range d.Models {
		lines = append(lines, fmt.Sprintf("%smean |r| %s, strongest %s, %s.", strings.TrimPrefix(m.Name+": ", ": "), number(m.mean()), number(m.strongest()), count(len(m.M), "unit")))
	}
	return strings.Join(lines, "\n")
}

func (d CoadaptationData) data() Data {
	var names []string
	var units, mean, strongest []float64
	for _, m := range d.Models {
		names = append(names, m.Name)
		units, mean, strongest = append(units, float64(len(m.M))), append(mean, m.mean()), append(strongest, m.strongest())
	}
	return Data{Columns: []Column{{Name: "model", Strings: names}, {Name: "units", Numbers: units}, {Name: "mean_abs_correlation", Numbers: mean}, {Name: "strongest", Numbers: strongest}}}
}
