package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// LayerWeights are the weights and biases of one layer.
type LayerWeights struct {
	// Name is the layer's name and, in words, what it is: "dense_1 (64, relu)".
	Name string
	// Weights and Biases are their values. Biases may be nil.
	Weights, Biases []float64
}

// WeightsData is what Weights draws.
type WeightsData struct {
	Layers []LayerWeights
}

// Weights draws a histogram of the weights and biases of each layer.
func Weights(d WeightsData, o Options) (*Figure, error) {
	if len(d.Layers) == 0 {
		return nil, errors.New("weights: expected at least one layer with weights, got none")
	}
	columns := panelColumns(len(d.Layers))
	rows := (len(d.Layers) + columns - 1) / columns
	s := newScene(o, "Weights by layer", notebookWidth, 60+175*float64(rows))
	bad := 0
	for _, l := range d.Layers {
		bad += notFinite(l.Weights, l.Biases)
	}
	s.notes = gaps(bad)
	s.paint = func(p pen) {
		p = p.legend("", []key{{"weights", hue(0), -1}, {"biases (outline, on a scale of their own)", hue(1), -1}}).inset(0, 0, 0, 4)
		for i, q := range p.tiles(columns, rows, 18, 16)[:len(d.Layers)] {
			paintWeights(q, d.Layers[i], i%columns == 0)
		}
	}
	return build(s, weightsText(d), weightsData(d)), nil
}

// panelColumns is how many panels stand side by side.
func panelColumns(n int) int {
	switch {
	case n <= 3:
		return n
	case n == 4:
		return 2
	}
	return 3
}

func paintWeights(p pen, l LayerWeights, first bool) {
	r := emptySpan().add(l.Weights...).add(l.Biases...)
	f := &frame{heading: l.Name, x: axis{r: r, nogrid: true, few: true}, y: axis{r: span{0, 1.05}, bare: true, nogrid: true}}
	f.x.settle()
	r = f.x.r
	bins := panelBins(len(l.Weights), p.width())
	w := countIn(l.Weights, r, bins)
	f.add(bars(w.Edges, scaled(w.Counts, largest(w.Counts)), tint(hue(0), 0.75)))
	if len(l.Biases) > 0 {
		b := countIn(l.Biases, r, bins)
		// Biases are few: they are scaled to a third of the height, as an outline.
		f.add(steps(b.Edges, scaled(b.Counts, 3*largest(b.Counts)), stroke(hue(1), normal)))
	}
	f.add(ruleX(0, axisGrey))
	st := summarise(l.Weights)
	f.draw(p.caption(fmt.Sprintf("mean %s ± %s, %s", number(st.mean), number(st.std), count(st.n, "weight"))))
}

// panelBins is how many bins suit n values in a panel: 2·n^(1/3), the rule of
// Rice University, as far as bins can be told apart.
func panelBins(n int, width float64) int {
	return int(clamp(2*math.Cbrt(float64(n)), 8, math.Max(8, width/4)))
}

// caption writes a small line at the foot of a panel and returns what is left.
func (p pen) caption(s string) pen {
	sty := aligned(plain(noteSize, softInk), draw.XLeft, draw.YBottom)
	p.text(shorten(s, noteSize, p.width()), p.Min.X, p.Min.Y+1, sty)
	return p.inset(0, 0, noteSize+5, 0)
}

// scaled divides by a number, unless it is 0.
func scaled(xs []float64, by float64) []float64 {
	out := make([]float64, len(xs))
	for i, x := range xs {
		if by != 0 {
			out[i] = x / by
		}
	}
	return out
}

func weightsText(d WeightsData) string {
	var b strings.Builder
	b.WriteString("Weights by layer (mean ± standard deviation, range).")
	for _, l := range d.Layers {
		w := summarise(l.Weights)
		fmt.Fprintf(&b, "\n%s: %s, %s ± %s, %s … %s", l.Name, count(w.n, "weight"), number(w.mean), number(w.std), number(w.lo), number(w.hi))
		if v := summarise(l.Biases); v.n > 0 {
			fmt.Fprintf(&b, "; %s, %s ± %s", count(v.n, "bias|biases"), number(v.mean), number(v.std))
		}
		b.WriteString(".")
	}
	return b.String()
}

func weightsData(d WeightsData) Data {
	names := make([]string, 0, 2*len(d.Layers))
	var what []string
	cols := make([][]float64, 5)
	for _, l := range d.Layers {
		for _, part := range []struct {
			what string
			xs   []float64
		}{{"weights", l.Weights}, {"biases", l.Biases}} {
			if part.xs == nil {
				continue
			}
			s := summarise(part.xs)
			names, what = append(names, l.Name), append(what, part.what)
			for i, x := range []float64{float64(s.n), s.mean, s.std, s.lo, s.hi} {
				cols[i] = append(cols[i], x)
			}
		}
	}
	out := Data{Columns: []Column{{Name: "layer", Strings: names}, {Name: "what", Strings: what}}}
	for i, n := range []string{"n", "mean", "std", "min", "max"} {
		out.Columns = append(out.Columns, Column{Name: n, Numbers: cols[i]})
	}
	return out
}
