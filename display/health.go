package display

import (
	"errors"
	"math"
	"strings"

	"gonum.org/v1/plot"
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
	s := newScene(o, "Health of the network", notebookWidth, 128+math.Max(24*float64(len(d.Layers)), 40)+16*float64(len(d.Findings)))
	s.notes = d.Findings
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

// sign is one vital sign: what is drawn of it in its column.
type sign struct {
	name string
	of   func(LayerHealth) float64
	// log draws dots on a logarithmic axis with a line at the usual value, instead
	// of bars of shares.
	log   bool
	usual float64
}

// signs are the columns of the picture, from left to right.
var signs = []sign{
	{name: "dead units, %", of: func(l LayerHealth) float64 {
		if l.Units == 0 {
			return math.NaN()
		}
		return 100 * float64(l.Dead) / float64(l.Units)
	}},
	{name: "saturated, %", of: func(l LayerHealth) float64 { return 100 * l.Saturated }},
	{name: "update / weight", of: func(l LayerHealth) float64 { return l.Ratio }, log: true, usual: 1e-3},
	{name: "mean |gradient|", of: func(l LayerHealth) float64 { return l.Gradient }, log: true},
}

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
	for i, q := range p.inset(room, 0, 0, 0).tiles(len(shown), 1, 18, 0) {
		d.column(q, shown[i], i == 0, names, room)
	}
}

// column draws one sign of all layers; the first column has their names.
func (d HealthData) column(p pen, s sign, first bool, names []string, room float64) {
	values := d.values(s)
	f := &frame{
		heading: s.name,
		x:       axis{r: span{0, math.Max(10, math.Min(100, largest(values)*1.2))}, few: true, noline: true},
		y:       axis{r: span{-0.5, float64(len(names)) - 0.5}, reversed: true, bare: true, nogrid: true},
	}
	if s.log {
		f.x.r, f.x.log, f.x.margin = emptySpan().addPositive(values...).addPositive(s.usual), true, 0.12
		f.x.ticks = decades(f.x.r)
	}
	f.add(func(v view) {
		for i, x := range values {
			y := v.y(float64(i))
			if first {
				v.text(shorten(names[i], tickSize, room-8), v.Min.X-6, y, aligned(plain(tickSize, ink), draw.XRight, draw.YCenter))
			}
			s.draw(v, x, float64(i))
		}
	})
	f.draw(p)
}

// decades are ticks at powers of ten, at most three of them labelled.
func decades(r span) []plot.Tick {
	lo, hi := math.Floor(math.Log10(r.lo)), math.Ceil(math.Log10(r.hi))
	every := max(1, int(math.Ceil((hi-lo)/2.5)))
	ticks := []plot.Tick{}
	for e := lo; e <= hi && !r.empty(); e++ {
		t := plot.Tick{Value: math.Pow(10, e)}
		if int(e-lo)%every == 0 {
			t.Label = logLabel(t.Value, int(e))
		}
		ticks = append(ticks, t)
	}
	return ticks
}

func (s sign) draw(v view, x, place float64) {
	y := v.y(place)
	switch {
	case !finite(x) || s.log && x <= 0:
		v.text("–", v.Min.X+4, y, aligned(plain(tickSize, softInk), draw.XLeft, draw.YCenter))
	case s.log:
		if s.usual > 0 {
			v.line(v.x(s.usual), v.y(place-0.5), v.x(s.usual), v.y(place+0.5), dashed(axisGrey, 1, dashes[2]))
		}
		v.line(v.Min.X, y, v.x(x), y, stroke(gridGrey, normal))
		v.disc(v.x(x), y, 4, hue(0), stroke(white, 0.6))
	default:
		tintOf := hue(0)
		if x >= 30 {
			tintOf = hue(1)
		}
		v.box(v.x(0), v.y(place-0.3), v.x(x), v.y(place+0.3), tint(tintOf, 0.8))
		v.text(percent(x/100), v.x(x)+4, y, aligned(plain(noteSize-1, softInk), draw.XLeft, draw.YCenter))
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
