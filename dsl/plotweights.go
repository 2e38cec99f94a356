package dsl

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/nn"
)

// weightPictures are about the weights and gradients of trainings.
var weightPictures = []picture{
	{
		Sig:  "weights(model, layer=None, over=None, interactive=False)",
		Doc:  "The distribution of each layer's weights and biases; with `over=\"epoch\"`, how that of the weights moved while training.\n\n```python\nplot.weights(m)\nplot.weights(m, over=\"epoch\")\n```",
		Args: []string{"model: a model, or a dictionary of several", "layer: the name of a layer, or a list of names; left out, all", "over: \"epoch\" draws one ridge for each recorded epoch", "interactive: with over, a slider over the epochs"},
		Draw: plotWeights,
	},
	{
		Sig:  "gradients(model, over=None)",
		Doc:  "The size of the gradient by layer and epoch, and by depth: where it vanishes, layers near the input do not learn. Size is the root mean square over a layer's weights.\n\n```python\nplot.gradients({\"sigmoid\": m1, \"relu\": m2})\n```",
		Args: []string{"model: a model, or a dictionary of several", "over: \"epoch\" draws the distribution of each layer's gradient by epoch instead"},
		Draw: plotGradients,
	},
}

// wantedLayers reads the argument layer.
func (c *Call) wantedLayers(ms []named[*learn.Model]) func(name string) bool {
	names := c.Texts("layer")
	var have []string
	for _, x := range ms {
		for _, l := range x.value.Plan().Layers {
			have = append(have, l.Name)
		}
	}
	for _, n := range names {
		if !slices.Contains(have, n) {
			c.Fail("layer", "no layer is called %q; there are %s%s", n, strings.Join(slices.Compact(have), ", "), suggest(n, have, nil))
		}
	}
	return func(name string) bool { return names == nil || slices.Contains(names, name) }
}

func plotWeights(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	want := c.wantedLayers(ms)
	over := c.Given("over") && c.OneOf("over", "epoch") == "epoch"
	interactive := c.Bool("interactive", false)
	if interactive && !over {
		c.Fail("interactive", "the slider is over epochs; add over=\"epoch\"")
	}
	if c.Err() != nil {
		return nil, nil
	}
	if !over {
		return figure(display.Weights(display.WeightsData{Layers: weightsNow(ms, want)}, o))
	}
	layers, err := histories(ms, "weights", want, func(b learn.BlockRecord) nn.Histogram { return b.Values })
	if err != nil {
		return nil, err
	}
	if interactive {
		return slideEpochs(c, layers, o)
	}
	return figure(display.WeightsOverTime(display.WeightsOverTimeData{Layers: layers}, o))
}

// weightsNow are the parameters of the trained models, layer by layer.
func weightsNow(ms []named[*learn.Model], want func(string) bool) []display.LayerWeights {
	var out []display.LayerWeights
	for _, x := range ms {
		p := x.value.Plan()
		for _, l := range p.Layers {
			w := display.LayerWeights{Name: join(x.name, layerTitle(l))}
			for _, b := range p.Blocks {
				v := b.Of(x.value.Params())
				switch {
				case b.Layer != l.Name || !want(l.Name):
				case b.Role == nn.Bias || b.Role == nn.Beta:
					w.Biases = v
				case b.Role == nn.Weights || b.Role == nn.Gamma || b.Role == nn.Table:
					w.Weights = append(w.Weights, v...)
				}
			}
			if w.Weights != nil {
				out = append(out, w)
			}
		}
	}
	return out
}

// layerTitle is a layer's name and what it is: "dense_1 (64 relu)".
func layerTitle(l nn.LayerInfo) string {
	if note := layerNote(l); note != "" {
		return l.Name + " (" + note + ")"
	}
	return l.Name
}

func layerNote(l nn.LayerInfo) string {
	if l.Kind != "dense" && l.Kind != "output" {
		return ""
	}
	if l.Activation.Linear() {
		return fmt.Sprint(l.Out)
	}
	return fmt.Sprintf("%d %s", l.Out, l.Activation)
}

// histories are the recorded distributions of the weights of each layer, or of
// their gradients.
func histories(ms []named[*learn.Model], what string, want func(string) bool, of func(learn.BlockRecord) nn.Histogram) ([]display.LayerHistory, error) {
	var out []display.LayerHistory
	for _, x := range ms {
		first := len(out)
		for i, b := range x.value.Plan().Blocks {
			if b.Role != nn.Weights || !want(b.Layer) {
				continue
			}
			h := display.LayerHistory{Name: join(x.name, b.Layer)}
			for _, r := range x.value.Recordings() {
				if i < len(r.Blocks) && len(of(r.Blocks[i]).Counts) > 0 {
					h.Epochs, h.At = append(h.Epochs, float64(r.Epoch)), append(h.At, histogram(of(r.Blocks[i])))
				}
			}
			if len(h.At) > 0 {
				out = append(out, h)
			}
		}
		if len(out) == first {
			return nil, notRecorded(x.name, what)
		}
	}
	return out, nil
}

// notRecorded is the error of a picture of what was not recorded.
func notRecorded(model, what string) error {
	return Errorf("ValueError", "%s has no recorded %s; fit with record=[%q]", orText(model, "the model"), what, what)
}

// histogram is a recorded distribution as a picture wants it: few values get
// few bins, about 2·n^(1/3) by the rule of Rice University, as fine ones would
// only show gaps between them.
func histogram(h nn.Histogram) display.Histogram {
	lo, hi := h.Lo, h.Hi
	if !(hi > lo) { // all values are equal
		margin := 0.01*math.Abs(lo) + 1e-6
		lo, hi = lo-margin, hi+margin
	}
	bins, total := len(h.Counts), 0
	for _, k := range h.Counts {
		total += k
	}
	wide := max(1, bins/max(fewestBins, int(2*math.Cbrt(float64(total)))))
	out := display.Histogram{Edges: []float64{lo}}
	for i := 0; i < bins; i += wide {
		end, sum := min(i+wide, bins), 0
		for _, k := range h.Counts[i:end] {
			sum += k
		}
		out.Edges = append(out.Edges, lo+(hi-lo)*float64(end)/float64(bins))
		out.Counts = append(out.Counts, float64(sum))
	}
	return out
}

const fewestBins = 10

// maxSlides is how many positions a slider has at most.
const maxSlides = 40

// slideEpochs makes a slider over epochs; each position shows the first epoch
// and its own.
func slideEpochs(c *Call, layers []display.LayerHistory, o display.Options) (starlark.Value, error) {
	epochs := layers[0].Epochs
	slides := min(len(epochs), maxSlides)
	var figures []*display.Figure
	var labels []string
	_, err := compute(c, func(context.Context) (any, error) {
		for i := range slides {
			k := i * (len(epochs) - 1) / max(slides-1, 1)
			var d display.WeightsOverTimeData
			for _, l := range layers {
				if k >= len(l.At) {
					continue
				}
				now := display.LayerHistory{Name: l.Name, Epochs: l.Epochs[:1], At: l.At[:1]}
				now.From, now.To = extent(l.At) // so that the axis stands still
				if k > 0 {
					now.Epochs, now.At = []float64{l.Epochs[0], l.Epochs[k]}, []display.Histogram{l.At[0], l.At[k]}
				}
				d.Layers = append(d.Layers, now)
			}
			f, err := display.WeightsOverTime(d, o)
			if err != nil {
				return nil, err
			}
			figures, labels = append(figures, f), append(labels, fmt.Sprint(epochs[k]))
		}
		return nil, nil
	})
	if err != nil {
		return nil, err
	}
	return slide(figures, labels, "epoch")
}

// extent is the range of values in some distributions.
func extent(hs []display.Histogram) (from, to float64) {
	from, to = math.Inf(1), math.Inf(-1)
	for _, h := range hs {
		from, to = min(from, h.Edges[0]), max(to, h.Edges[len(h.Edges)-1])
	}
	return from, to
}

func plotGradients(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	over := c.Given("over") && c.OneOf("over", "epoch") == "epoch"
	if c.Err() != nil {
		return nil, nil
	}
	if over {
		all := func(string) bool { return true }
		layers, err := histories(ms, "gradients", all, func(b learn.BlockRecord) nn.Histogram { return b.Grads })
		if err != nil {
			return nil, err
		}
		return figure(display.WeightsOverTime(display.WeightsOverTimeData{Layers: layers, What: "gradient"}, o))
	}
	d := display.GradientsData{What: "gradient (root mean square)"}
	for _, x := range ms {
		r, ok := gradientRun(x.value)
		if !ok {
			return nil, notRecorded(x.name, "gradients")
		}
		r.Name = x.name
		d.Runs = append(d.Runs, r)
	}
	return figure(display.Gradients(d, o))
}

// gradientRun is the root mean square of each layer's gradient by epoch.
func gradientRun(m *learn.Model) (display.GradientRun, bool) {
	var out display.GradientRun
	var at []int
	for i, b := range m.Plan().Blocks {
		if b.Role == nn.Weights {
			out.Layers, at = append(out.Layers, b.Layer), append(at, i)
		}
	}
	out.Norm = make([][]float64, len(at))
	for _, r := range m.Recordings() {
		if !slices.ContainsFunc(r.Blocks, func(b learn.BlockRecord) bool { return len(b.Grads.Counts) > 0 }) {
			continue
		}
		out.Epochs = append(out.Epochs, float64(r.Epoch))
		for l, i := range at {
			out.Norm[l] = append(out.Norm[l], r.Blocks[i].Grad/math.Sqrt(float64(m.Plan().Blocks[i].Len())))
		}
	}
	return out, len(out.Epochs) > 0
}
