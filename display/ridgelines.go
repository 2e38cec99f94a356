package display

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
)

// LayerHistory is the distribution of one layer's weights (or gradients, or
// activations) at several epochs.
type LayerHistory struct {
	Name   string
	Epochs []float64
	// At has one histogram per epoch.
	At []Histogram
	// From and To are the range of values drawn; equal, it is what the histograms need.
	From, To float64
}

// WeightsOverTimeData is what WeightsOverTime draws.
type WeightsOverTimeData struct {
	Layers []LayerHistory
	// What names the values, for the x axis; "" means "weight".
	What string
}

// WeightsOverTime draws, for each layer, ridgelines: one histogram per epoch,
// the first at the back (top), the last at the front (bottom). Areas are
// equal, but ridges much higher than most are lowered, and lone spikes cut.
func WeightsOverTime(d WeightsOverTimeData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("weights over time: %w", err)
	}
	what := d.What
	if what == "" {
		what = "weight"
	}
	columns := panelColumns(len(d.Layers))
	rows := (len(d.Layers) + columns - 1) / columns
	s := newScene(o, capital(what)+"s by epoch", notebookWidth, 50+280*float64(rows))
	most := int(clamp(6*maxRidges/float64(len(d.Layers)), 3, maxRidges))
	if slices.ContainsFunc(d.Layers, func(l LayerHistory) bool { return l.uneven(most) }) {
		s.notes = append(s.notes, "Ridges are equally far apart; the epochs that they stand for are not.")
	}
	s.paint = func(p pen) {
		for i, q := range p.tiles(columns, rows, 18, 18)[:len(d.Layers)] {
			ridgelines(q, d.Layers[i], what, most)
		}
	}
	return build(s, ridgeText(d, what), ridgeData(d)), nil
}

func (d WeightsOverTimeData) check() error {
	if len(d.Layers) == 0 {
		return errors.New("expected at least one layer, got none")
	}
	for _, l := range d.Layers {
		if len(l.At) == 0 || len(l.At) != len(l.Epochs) {
			return fmt.Errorf("layer %s: expected one histogram per epoch, got %d for %s", l.Name, len(l.At), count(len(l.Epochs), "epoch"))
		}
		for _, h := range l.At {
			if err := h.check("layer " + l.Name); err != nil {
				return err
			}
		}
	}
	return nil
}

// maxRidges is how many epochs are drawn, and fewer of many layers; of more, evenly
// spaced ones.
const maxRidges = 24

// evenly returns n indices out of total, with the first and the last.
func evenly(total, n int) []int {
	if total <= n {
		n = total
	}
	out := make([]int, n)
	for i := range out {
		if n > 1 {
			out[i] = int(math.Round(float64(i) * float64(total-1) / float64(n-1)))
		}
	}
	return out
}

// uneven says whether, of the epochs drawn, some are more than twice as far apart as
// others.
func (l LayerHistory) uneven(most int) bool {
	steps := emptySpan()
	chosen := evenly(len(l.At), most)
	for i, k := range chosen[1:] {
		steps = steps.add(l.Epochs[k] - l.Epochs[chosen[i]])
	}
	return steps.hi > 2*steps.lo
}

// shown is the range of values drawn: the one given, or what holds all but the
// empty outer bins.
func (l LayerHistory) shown() span {
	if l.To > l.From {
		return span{l.From, l.To}
	}
	r := emptySpan()
	for _, h := range l.At {
		for i, c := range h.Counts {
			if c > 0 {
				r = r.add(h.Edges[i], h.Edges[i+1])
			}
		}
	}
	return r
}

func ridgelines(p pen, l LayerHistory, what string, most int) {
	chosen := evenly(len(l.At), most)
	n := float64(len(chosen))
	overlap := math.Min(0.9+n/6, 3.2) // a ridge may rise over this many lines
	f := &frame{
		heading: l.Name,
		x:       axis{label: what, r: l.shown(), few: true},
		y:       axis{label: "epoch", r: span{-n + 0.7, overlap}, noline: true, nogrid: true, ticks: epochTicks(l, chosen)},
	}
	var crests []float64
	for _, k := range chosen {
		crests = append(crests, crest(l.At[k].density()))
	}
	_, middle, _ := quartiles(crests)
	common := math.Min(largest(crests), 3*middle)
	for i, k := range chosen {
		heights := capped(scaled(l.At[k].density(), math.Max(common, crests[i])), 1)
		f.add(ridge(l.At[k].Edges, scaled(heights, 1/overlap), -float64(i), depth.at(float64(i)/math.Max(n-1, 1))))
	}
	f.draw(p)
}

// crest is the density that a ridge is scaled by: its highest, but of a lone spike,
// as relu has at 0, half as much again as the next.
func crest(density []float64) float64 {
	top, next := largest(density), secondLargest(density)
	if next > 0 && top > 3*next {
		return 1.5 * next
	}
	return top
}

// epochTicks labels about six ridges.
func epochTicks(l LayerHistory, chosen []int) []plot.Tick {
	var ticks []plot.Tick
	for _, i := range evenly(len(chosen), 6) {
		ticks = append(ticks, plot.Tick{Value: -float64(i), Label: number(l.Epochs[chosen[i]])})
	}
	return ticks
}

// ridge draws heights as a hill standing on a line.
func ridge(edges, heights []float64, base float64, c colour) layer {
	return func(v view) {
		pts := []vg.Point{{X: v.x(edges[0]), Y: v.y(base)}}
		for i, h := range heights {
			pts = append(pts, vg.Point{X: v.x((edges[i] + edges[i+1]) / 2), Y: v.y(base + h)})
		}
		pts = append(pts, vg.Point{X: v.x(edges[len(heights)]), Y: v.y(base)})
		v.fill(fade(tint(c, 0.45), 0.9), v.ClipPolygonX(pts))
		v.StrokeLines(stroke(c, 1), v.ClipLinesX(pts)...)
	}
}

func ridgeText(d WeightsOverTimeData, what string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%ss by epoch (mean ± standard deviation).", capital(what))
	for _, l := range d.Layers {
		last := len(l.At) - 1
		m0, s0 := l.At[0].moments()
		m1, s1 := l.At[last].moments()
		fmt.Fprintf(&b, "\n%s: epoch %s %s ± %s → epoch %s %s ± %s.", l.Name, number(l.Epochs[0]), number(m0), number(s0), number(l.Epochs[last]), number(m1), number(s1))
	}
	return b.String()
}

func ridgeData(d WeightsOverTimeData) Data {
	var layer []string
	var epoch, from, to, n []float64
	for _, l := range d.Layers {
		for k, h := range l.At {
			for i, c := range h.Counts {
				layer = append(layer, l.Name)
				epoch = append(epoch, l.Epochs[k])
				from, to, n = append(from, h.Edges[i]), append(to, h.Edges[i+1]), append(n, c)
			}
		}
	}
	return Data{Columns: []Column{{Name: "layer", Strings: layer}, {Name: "epoch", Numbers: epoch}, {Name: "from", Numbers: from}, {Name: "to", Numbers: to}, {Name: "count", Numbers: n}}}
}
