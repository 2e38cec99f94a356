package display

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// LayerHealth are the vital signs of one layer. A NaN is a sign not known.
type LayerHealth struct {
	Name        string
	Units, Dead int
	// Saturated is the share of activations in flat parts, Ratio the size of an
	// update relative to the weights, Gradient the size of the gradient.
	Saturated, Ratio, Gradient float64
}

// HealthData is what Health draws.
type HealthData struct {
	Layers []LayerHealth
	// Findings are sentences that say what is wrong, or that nothing is.
	Findings []string
}

// Health draws the vital signs of a network layer by layer.
func Health(d HealthData, o Options) (*Figure, error) {
	if len(d.Layers) == 0 {
		return nil, errors.New("health: expected at least one layer, got none")
	}
	s := newScene(o, "Health of the network", notebookWidth, 100+24*math.Max(float64(len(d.Layers)), 2))
	s.notes = slices.Clone(d.Findings)
	if more := len(s.notes) - mostFindings; more > 0 {
		s.notes = append(s.notes[:mostFindings], fmt.Sprintf("… and %s; the text has them all.", count(more, "more finding")))
	}
	s.notes = append(s.notes, healthMarks)
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

// sign is one vital sign: what is drawn of it in its column.
type sign struct {
	name string
	of   func(LayerHealth) float64
	// log draws dots on a logarithmic axis instead of bars of shares.
	log bool
	// mark is where a broken line stands: the usual value, or the limit of a share; 0: none.
	mark float64
}

// signs are the columns of the picture, from left to right.
var signs = []sign{
	{name: "dead units, %", mark: 25, of: func(l LayerHealth) float64 {
		if l.Units == 0 {
			return math.NaN()
		}
		return 100 * float64(l.Dead) / float64(l.Units)
	}},
	{name: "saturated, %", mark: 80, of: func(l LayerHealth) float64 { return 100 * l.Saturated }},
	{name: "update / weight", mark: 1e-3, log: true, of: func(l LayerHealth) float64 { return l.Ratio }},
	{name: "gradient (RMS)", log: true, of: func(l LayerHealth) float64 { return l.Gradient }},
}

// mostFindings is how many sentences stand below the picture.
const mostFindings = 8

const healthMarks = "Broken lines: a quarter of the units dead, 80 % saturated, an update of a thousandth of the weights."

func (d HealthData) values(s sign) []float64 {
	out := make([]float64, len(d.Layers))
	for i, l := range d.Layers {
		out[i] = s.of(l)
	}
	return out
}

func (d HealthData) paint(p pen) {
	var shown []sign
	for _, s := range signs {
		if firstFinite(d.values(s)) >= 0 {
			shown = append(shown, s)
		}
	}
	names := make([]string, len(d.Layers))
	room := 0.0
	for i, l := range d.Layers {
		names[i] = l.Name
		room = math.Max(room, textWidth(l.Name, tickSize))
	}
	room = math.Min(room, p.width()*0.25) + 10
	if len(shown) == 0 {
		p.text("No vital signs are known.", p.Min.X, p.Max.Y, plain(labelSize, softInk))
		return
	}
	for i, q := range p.inset(room, 0, 0, 0).tiles(len(shown), 1, 34, 0) {
		d.column(q, shown[i], i == 0, names, room)
	}
}

// column draws one sign of all layers; the first column has their names.
func (d HealthData) column(p pen, s sign, first bool, names []string, room float64) {
	values := d.values(s)
	f := &frame{
		heading: s.name,
		x:       axis{r: span{0, math.Max(s.mark, largest(values)) * 1.1}, few: true, noline: true, nogrid: true},
		y:       axis{r: span{-0.5, float64(len(names)) - 0.5}, reversed: true, bare: true, nogrid: true},
	}
	if s.log {
		f.x.log = true
		f.x.r, f.x.ticks = decades(emptySpan().addPositive(values...).addPositive(s.mark))
	}
	f.add(func(v view) {
		if s.mark > 0 {
			v.line(v.x(s.mark), v.Min.Y, v.x(s.mark), v.Max.Y, dashed(axisGrey, 1, dashes[2]))
		}
		for i, x := range values {
			y := v.y(float64(i))
			if first {
				v.text(shorten(names[i], tickSize, room-8), v.Min.X-6, y, aligned(plain(tickSize, ink), draw.XRight, draw.YCenter))
			}
			s.draw(v, x, y)
		}
	})
	f.draw(p.inset(0, 0, 8, 0))
}

// decades widens a range to whole powers of ten and gives ticks at its ends, or
// at up to three powers.
func decades(r span) (span, []plot.Tick) {
	if r.empty() {
		return r, nil
	}
	lo, hi := math.Floor(math.Log10(r.lo)), math.Ceil(math.Log10(r.hi)+1e-9)
	if hi == lo {
		hi++
	}
	every := math.Ceil((hi - lo) / 2)
	ticks := []plot.Tick{}
	for e := lo; e <= hi; e += every {
		v := math.Pow(10, e)
		ticks = append(ticks, plot.Tick{Value: v, Label: logLabel(v, int(e))})
	}
	return span{math.Pow(10, lo), math.Pow(10, hi)}, ticks
}

// draw draws a value at a height; a share beyond its mark is orange.
func (s sign) draw(v view, x float64, y vg.Length) {
	sty := aligned(plain(noteSize-1, softInk), draw.XLeft, draw.YCenter)
	switch {
	case !finite(x) || s.log && x <= 0:
		v.text("–", v.Min.X+4, y, sty)
	case s.log:
		v.line(v.Min.X, y, v.x(x), y, stroke(gridGrey, normal))
		v.disc(v.x(x), y, 4, hue(0), stroke(white, 0.6))
		if v.x(x) > v.X(0.55) {
			v.halo(number(x), v.x(x)-7, y, aligned(sty, draw.XRight, draw.YCenter))
			return
		}
		v.halo(number(x), v.x(x)+7, y, sty)
	default:
		tintOf := hue(0)
		if x > s.mark {
			tintOf = hue(1)
		}
		v.box(v.x(0), y-7, v.x(x), y+7, tint(tintOf, 0.8))
		if text := percent(x / 100); v.x(x)+vg.Length(textWidth(text, noteSize)) < v.Max.X {
			v.halo(text, v.x(x)+4, y, sty)
		} else {
			sty.Color = white
			v.text(text, v.x(x)-4, y, aligned(sty, draw.XRight, draw.YCenter))
		}
	}
}

func (d HealthData) text() string {
	t := &sheet{columns: []sheetColumn{{name: "layer"}}}
	for _, s := range signs {
		t.columns = append(t.columns, sheetColumn{name: s.name, right: true})
	}
	for _, l := range d.Layers {
		row := sheetRow{cells: []sheetCell{{text: l.Name}}}
		for _, s := range signs {
			row.cells = append(row.cells, sheetCell{text: number(s.of(l))})
		}
		t.rows = append(t.rows, row)
	}
	return strings.Join(append([]string{"Health of the network.", t.plain()}, d.Findings...), "\n")
}

func (d HealthData) data() Data {
	out := Data{Columns: []Column{{Name: "layer"}}}
	for _, l := range d.Layers {
		out.Columns[0].Strings = append(out.Columns[0].Strings, l.Name)
	}
	for i, name := range []string{"dead_percent", "saturated_percent", "update_ratio", "gradient"} {
		out.Columns = append(out.Columns, Column{Name: name, Numbers: d.values(signs[i])})
	}
	return out
}
