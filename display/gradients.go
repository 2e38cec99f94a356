package display

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
)

// GradientRun is the size of the gradients of one model over its training.
type GradientRun struct {
	Name string
	// Layers are the layers' names from input to output.
	Layers []string
	// Epochs are the recorded positions.
	Epochs []float64
	// Norm[l][e] is the size of the gradient of layer l at epoch e.
	Norm [][]float64
}

// GradientsData is what Gradients draws.
type GradientsData struct {
	Runs []GradientRun
	// What says how size is measured, for the axis; "" means "mean |gradient|".
	What string
}

// Gradients draws the size of the gradient by layer and epoch, on a logarithmic
// scale: on the left over the epochs, on the right by depth, so that vanishing
// and exploding gradients are seen at once.
func Gradients(d GradientsData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("gradients: %w", err)
	}
	d.What = orElse(d.What, "mean |gradient|")
	rows := 1
	if len(d.Runs) > 1 {
		rows = 1 + (len(d.Runs)+1)/2
	}
	s := newScene(o, "Size of the gradient by layer", notebookWidth, 60+265*float64(rows))
	zeros, bad := 0, 0
	for _, r := range d.Runs {
		for _, norms := range r.Norm {
			zeros += summarise(norms).zeros
			bad += notFinite(norms)
		}
	}
	if zeros > 0 {
		s.notes = []string{count(zeros, "gradient is|gradients are") + " exactly 0 and cannot stand on a logarithmic axis."}
	}
	s.notes = append(s.notes, gaps(bad)...)
	s.paint = func(p pen) { d.paint(p, rows) }
	return build(s, d.text(), d.data()), nil
}

func (d GradientsData) check() error {
	if len(d.Runs) == 0 {
		return errors.New("expected at least one run, got none")
	}
	for _, r := range d.Runs {
		if len(r.Layers) == 0 || len(r.Norm) != len(r.Layers) {
			return fmt.Errorf("run %q: expected one list of sizes per layer, got %s and %s", r.Name, count(len(r.Layers), "layer"), count(len(r.Norm), "list"))
		}
		for l, norms := range r.Norm {
			if len(norms) != len(r.Epochs) {
				return fmt.Errorf("run %q, layer %s: %w", r.Name, r.Layers[l], sameLength("epochs and sizes", len(r.Epochs), len(norms)))
			}
		}
	}
	return nil
}

func (d GradientsData) paint(p pen, rows int) {
	r := emptySpan()
	for _, run := range d.Runs {
		for _, norms := range run.Norm {
			r = r.addPositive(norms...)
		}
	}
	tiles := p.tiles(2, rows, 20, 16)
	for i, run := range d.Runs {
		d.overEpochs(run, r).draw(tiles[i])
	}
	if len(d.Runs) == 1 {
		d.byDepth(r).draw(tiles[1])
		return
	}
	last := tiles[len(tiles)-2]
	last.Max.X = p.Max.X
	d.byDepth(r).draw(last)
}

func (d GradientsData) overEpochs(run GradientRun, r span) *frame {
	f := &frame{
		heading: strings.TrimPrefix(run.Name+", over the epochs", ", "),
		x:       axis{label: "epoch", r: emptySpan().add(run.Epochs...), whole: true, nogrid: true},
		y:       axis{label: d.What, r: r, log: true, margin: 0.05, noline: true},
	}
	for l, norms := range run.Norm {
		c := layerTint(l, len(run.Layers))
		f.add(curve(run.Epochs, norms, stroke(c, normal)))
		if y, ok := lastFinite(norms); ok && y > 0 {
			f.ends = append(f.ends, endLabel{text: run.Layers[l], y: y, tint: c})
		}
	}
	return f
}

// layerTint is the colour of a layer by its depth.
func layerTint(l, n int) colour {
	if n < 2 {
		return depth.at(0.6)
	}
	return depth.at(float64(l) / float64(n-1))
}

// byDepth draws the typical size over the training, layer by layer.
func (d GradientsData) byDepth(r span) *frame {
	deepest := 0
	for i, run := range d.Runs {
		if len(run.Layers) > len(d.Runs[deepest].Layers) {
			deepest = i
		}
	}
	f := &frame{
		heading: "by depth, mean over the epochs",
		x:       axis{label: "layer, from input to output", r: emptySpan().add(0, float64(len(d.Runs[deepest].Layers)-1)), nogrid: true, margin: 0.05},
		y:       axis{label: d.What, r: r, log: true, margin: 0.05, noline: true},
	}
	for l := range d.Runs[deepest].Layers {
		f.x.ticks = append(f.x.ticks, plot.Tick{Value: float64(l), Label: fmt.Sprint(l + 1)})
	}
	f.x.ticks = sparse(f.x.ticks, 14)
	for i, run := range d.Runs {
		ys, xs := run.typical(), positions(nil, len(run.Layers), 0)
		sty := stroke(hue(i), bold)
		sty.Dashes = dash(i)
		f.add(curve(xs, ys, sty), markers(xs, ys, 3.6, i, hue(i)))
		if y, ok := lastFinite(ys); ok && y > 0 && len(d.Runs) > 1 {
			f.ends = append(f.ends, endLabel{text: run.Name, y: y, tint: hue(i)})
		}
	}
	return f
}

// sparse blanks labels so that at most n of them are written.
func sparse(ticks []plot.Tick, n int) []plot.Tick {
	every := (len(ticks) + n - 1) / n
	for i := range ticks {
		if i%every != 0 {
			ticks[i].Label = ""
		}
	}
	return ticks
}

// typical is the geometric mean over the epochs of each layer's positive sizes,
// NaN for a layer without any. A recorded epoch counts for those around it.
func (r GradientRun) typical() []float64 {
	out, around := make([]float64, len(r.Norm)), stretches(r.Epochs)
	for l, norms := range r.Norm {
		sum, n := 0.0, 0.0
		for e, x := range norms {
			if finite(x) && x > 0 {
				sum += float64(around[e] * math.Log(x))
				n += around[e]
			}
		}
		out[l] = math.Exp(sum / n)
	}
	return out
}

// stretches is how many epochs there are half way to the neighbours of each of
// ascending ones; all are 1 if they are not.
func stretches(epochs []float64) []float64 {
	out := make([]float64, len(epochs))
	for i, e := range epochs {
		before, after := 1.0, 1.0
		if i > 0 {
			before = e - epochs[i-1]
		}
		if i < len(epochs)-1 {
			after = epochs[i+1] - e
		}
		if out[i] = (before + after) / 2; !(before > 0 && after > 0 && finite(out[i])) {
			return slices.Repeat([]float64{1}, len(epochs))
		}
	}
	return out
}

func (d GradientsData) text() string {
	lines := []string{capital(d.What) + " by layer, geometric mean over the epochs."}
	for _, r := range d.Runs {
		var parts []string
		t := r.typical()
		for l, name := range r.Layers {
			if l == 11 && len(r.Layers) > 13 {
				parts = append(parts, "…")
			}
			if l < 11 || l == len(r.Layers)-1 || len(r.Layers) <= 13 {
				parts = append(parts, name+" "+number(t[l]))
			}
		}
		line := strings.TrimPrefix(r.Name+": ", ": ") + strings.Join(parts, ", ") + "."
		first, last := t[0], t[len(t)-1]
		if len(t) > 1 && finite(first) && finite(last) {
			line += fmt.Sprintf(" The first layer's is %s times the last one's%s.", number(first/last), verdict(first/last))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// verdict names a ratio of the first to the last layer's gradient.
func verdict(ratio float64) string {
	switch {
	case ratio < 0.01:
		return ": the gradient vanishes on its way back"
	case ratio > 100:
		return ": the gradient explodes on its way back"
	}
	return ""
}

func (d GradientsData) data() Data {
	var run, layer []string
	var epoch, norm []float64
	for _, r := range d.Runs {
		for l, name := range r.Layers {
			for e := range r.Epochs {
				run, layer = append(run, r.Name), append(layer, name)
				epoch, norm = append(epoch, r.Epochs[e]), append(norm, r.Norm[l][e])
			}
		}
	}
	return Data{Columns: []Column{{Name: "model", Strings: run}, {Name: "layer", Strings: layer}, {Name: "epoch", Numbers: epoch}, {Name: "size", Numbers: norm}}}
}
