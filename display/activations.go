package display

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// LayerActivations is what one layer's units do on some rows.
type LayerActivations struct {
	Name string
	// Activation is the activation's name ("relu"), "" when there is none.
	Activation string
	// Values are the activations of all units on all rows (or a sample of them).
	Values []float64
	// Units is the number of units, Dead how many of them never answer.
	Units, Dead int
	// Saturated is the share of values in the flat parts of the activation;
	// NaN when the activation has none.
	Saturated float64
}

// ActivationsData is what Activations draws.
type ActivationsData struct {
	Layers []LayerActivations
}

// Activations draws the distribution of each layer's activations with its
// saturation and dead units.
func Activations(d ActivationsData, o Options) (*Figure, error) {
	if len(d.Layers) == 0 {
		return nil, errors.New("activations: expected at least one layer, got none")
	}
	columns := panelColumns(len(d.Layers))
	rows := (len(d.Layers) + columns - 1) / columns
	s := newScene(o, "Activations by layer", notebookWidth, 46+185*float64(rows))
	bad := 0
	for _, l := range d.Layers {
		bad += notFinite(l.Values)
	}
	s.notes = gaps(bad)
	s.paint = func(p pen) {
		for i, q := range p.tiles(columns, rows, 18, 16)[:len(d.Layers)] {
			d.Layers[i].paint(q)
		}
	}
	return build(s, d.text(), d.data()), nil
}

func (l LayerActivations) title() string {
	if l.Activation == "" {
		return l.Name
	}
	return l.Name + " (" + l.Activation + ")"
}

// paint draws the shares of the values; where more than a third of them are
// exactly 0, as with relu, that column is cut and its share written beside it.
func (l LayerActivations) paint(p pen) {
	st := summarise(l.Values)
	r := span{st.lo, st.hi}
	if st.n == 0 {
		r = emptySpan()
	}
	f := &frame{heading: l.title(), x: axis{r: r, nogrid: true, few: true}, y: axis{r: span{0, 1.05}, bare: true, nogrid: true}}
	f.x.settle()
	h := countIn(l.Values, f.x.r, panelBins(st.n, p.width()))
	top := largest(h.Counts)
	if share := float64(st.zeros) / float64(max(st.n, 1)); share > 1.0/3 {
		top = math.Max(secondLargest(h.Counts)*1.4, 1)
		f.add(besideZero(h.Edges, percent(share)+" are 0"))
	}
	f.add(bars(h.Edges, capped(scaled(h.Counts, top), 1.05), tint(hue(0), 0.75)), ruleX(0, axisGrey))
	p = p.caption(l.remark(true))
	f.draw(p.caption(fmt.Sprintf("mean %s ± %s", number(st.mean), number(st.std))))
}

// besideZero writes a text at the top, beside the column of 0, where there is more
// room.
func besideZero(edges []float64, s string) layer {
	return func(v view) {
		k := sort.Search(len(edges)-2, func(i int) bool { return edges[i+1] > 0 })
		left, right := v.x(edges[k])-5, v.x(edges[k+1])+5
		if v.Max.X-right >= left-v.Min.X {
			v.text(s, right, v.Max.Y, plain(noteSize, ink))
			return
		}
		v.text(s, left, v.Max.Y, aligned(plain(noteSize, ink), draw.XRight, draw.YTop))
	}
}

func secondLargest(xs []float64) float64 {
	first, second := 0.0, 0.0
	for _, x := range xs {
		if x > first {
			first, second = x, first
		} else if x > second {
			second = x
		}
	}
	return second
}

func capped(xs []float64, limit float64) []float64 {
	for i, x := range xs {
		xs[i] = math.Min(x, limit)
	}
	return xs
}

// remark says what is dead and saturated.
func (l LayerActivations) remark(brief bool) string {
	var parts []string
	if l.Units > 0 && (l.Activation != "" || l.Dead > 0) {
		if brief {
			parts = append(parts, fmt.Sprintf("%d of %s dead", l.Dead, count(l.Units, "unit")))
		} else {
			parts = append(parts, fmt.Sprintf("%d of %s never answer", l.Dead, count(l.Units, "unit")))
		}
	}
	if finite(l.Saturated) {
		parts = append(parts, percent(l.Saturated)+" saturated")
	}
	return strings.Join(parts, ", ")
}

func (d ActivationsData) text() string {
	lines := []string{"Activations by layer (mean ± standard deviation, range)."}
	for _, l := range d.Layers {
		s := summarise(l.Values)
		line := fmt.Sprintf("%s: %s ± %s, %s … %s", l.title(), number(s.mean), number(s.std), number(s.lo), number(s.hi))
		if s.n > 0 && s.zeros > 0 {
			line += ", " + percent(float64(s.zeros)/float64(s.n)) + " are 0"
		}
		if r := l.remark(false); r != "" {
			line += "; " + r
		}
		lines = append(lines, line+".")
	}
	return strings.Join(lines, "\n")
}

func (d ActivationsData) data() Data {
	names := make([]string, len(d.Layers))
	heads := []string{"mean", "std", "min", "max", "zeros", "units", "dead", "saturated"}
	cols := make([][]float64, len(heads))
	for i, l := range d.Layers {
		names[i] = l.Name
		s := summarise(l.Values)
		for k, x := range []float64{s.mean, s.std, s.lo, s.hi, float64(s.zeros) / float64(max(s.n, 1)), float64(l.Units), float64(l.Dead), l.Saturated} {
			cols[k] = append(cols[k], x)
		}
	}
	out := Data{Columns: []Column{{Name: "layer", Strings: names}}}
	for k, head := range heads {
		out.Columns = append(out.Columns, Column{Name: head, Numbers: cols[k]})
	}
	return out
}
