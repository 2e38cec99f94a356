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
	"mlpkernel/table"
)

// insidePictures look into networks.
var insidePictures = []picture{
	{
		Sig:  "network(net, row=None)",
		Doc:  "The network as columns of units. Of a model, edges show the weights, and inputs and outputs bear their names; with a row, units show their activations.\n\n```python\nplot.network(net)\nplot.network(m, row=test[0])\n```",
		Args: []string{"net: a network, one resolved by `net.on(t, target=…)`, a model, or a dictionary of several", "row: a row to run through a model, as a dictionary or a table of one row"},
		Draw: plotNetwork,
	},
	{
		Sig:  "activations(model, rows=None, over=None)",
		Doc:  "The distribution of each layer's activations on some rows, with its saturation and dead units.\n\n```python\nplot.activations(m, test)\n```",
		Args: []string{"model: a model, or a dictionary of several", "rows: the rows to look at", "over: \"epoch\" draws recorded activations by epoch instead; fit with record=[\"activations\"]"},
		Draw: plotActivations,
	},
	{
		Sig:  "coadaptation(model, rows, layer=None)",
		Doc:  "How strongly the units of a layer lean on each other: their correlations over rows. Dropout is meant to make them small.\n\n```python\nplot.coadaptation({\"plain\": m1, \"dropout\": m2}, test)\n```",
		Args: []string{"model: a model, or a dictionary of several", "rows: the rows to look at", "layer: the name of a layer; left out, the first hidden one"},
		Draw: plotCoadaptation,
	},
	{
		Sig:  "health(model, rows=None)",
		Doc:  "The vital signs of each layer: dead units, saturation, update over weights, size of the gradient, and sentences that say what is amiss.\n\n```python\nplot.health(m, test)\n```",
		Args: []string{"model: a model, or a dictionary of several", "rows: rows with targets to examine it on; left out, only what was recorded while training is shown"},
		Draw: plotHealth,
	},
	{
		Sig:  "function(*functions, low=-6, high=6)",
		Doc:  "Functions of one number: activations, their slopes, or functions of one's own.\n\n```python\nplot.function(sigmoid, sigmoid.grad)\nplot.function({\"x²\": lambda x: x * x, \"relu\": relu}, low=-2, high=2)\n```",
		Args: []string{"functions: activations, slopes, functions from a number to a number, or dictionaries of these by name", "low, high: the range of x"},
		Draw: plotFunction,
	},
}

func plotNetwork(c *Call, o display.Options) (starlark.Value, error) {
	type drawable struct {
		*sketch
		m *learn.Model
	}
	nets := several(c, "net", "a network, a resolved network or a model", func(v starlark.Value) (drawable, bool) {
		switch v := v.(type) {
		case *modelValue:
			return drawable{modelSketch(v.m), v.m}, true
		case *resolvedValue:
			return drawable{planSketch(v.plan, nil, nil), nil}, true
		}
		p, ok := asPart(v)
		if !ok {
			return drawable{}, false
		}
		return drawable{netSketch(nn.Chain(p)), nil}, true
	})
	row := c.table("row")
	if c.Err() != nil {
		return nil, nil
	}
	var says []string
	for _, n := range nets {
		if row == nil {
			break
		}
		if n.value.m == nil {
			return nil, Errorf("ValueError", "plot.network: a row runs through a model, and %s is not trained", orText(n.name, "the network"))
		}
		if err := n.value.light(c, n.value.m, row); err != nil {
			return nil, err
		}
		says = append(says, join(n.name, n.value.says()))
	}
	v, err := beside(nets, o, 2, func(d drawable, o display.Options) (*display.Figure, error) { return display.Network(d.net, o) })
	if f, ok := v.(*figureValue); ok {
		f.note = strings.Join(says, "\n")
	}
	return v, err
}

// says tells the values of the units at both ends.
func (s *sketch) says() string {
	values := func(l display.NetworkLayer) string {
		var parts []string
		for u, v := range l.Values {
			name := fmt.Sprintf("unit %d", u+1)
			if l.Labels != nil {
				name = l.Labels[u]
			}
			parts = append(parts, fmt.Sprintf("%s %.4g", name, v))
		}
		if len(parts) > maxSaid {
			parts = append(parts[:maxSaid], "…")
		}
		return strings.Join(parts, ", ")
	}
	return "For this row the input is " + values(s.net.Layers[0]) + "; the output is " + values(s.net.Layers[s.last()]) + "."
}

// maxSaid is how many units are told by name at most.
const maxSaid = 20

// light gives units the values that a row makes them have.
func (s *sketch) light(c *Call, m *learn.Model, row *table.Table) error {
	trace, err := compute(c, func(context.Context) (*learn.Trace, error) { return m.Trace(row) })
	if err != nil {
		return err
	}
	if in := &s.net.Layers[0]; len(trace.Input) == in.Units {
		in.Values = trace.Input
	}
	for _, st := range trace.Steps {
		if k, ok := s.column[st.Layer]; ok && len(st.Y) == s.net.Layers[k].Units {
			s.net.Layers[k].Values = st.Y
		}
	}
	if out := &s.net.Layers[s.last()]; len(trace.Prediction) == out.Units {
		out.Values = trace.Prediction
	}
	return nil
}

func plotActivations(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	if c.Given("over") && c.OneOf("over", "epoch") == "epoch" && c.Err() == nil {
		return activationsOverTime(ms, o)
	}
	t := c.rows("rows", ms)
	if c.Err() != nil {
		return nil, nil
	}
	var d display.ActivationsData
	for _, x := range ms {
		acts, err := compute(c, func(ctx context.Context) ([]learn.Activation, error) { return x.value.Activations(ctx, t) })
		if err != nil {
			return nil, err
		}
		for i, a := range acts {
			d.Layers = append(d.Layers, layerActivations(x.name, a))
			if head := x.value.Plan().Head.Act; i == len(acts)-1 && !head.Linear() {
				l := &d.Layers[len(d.Layers)-1]
				l.Name, l.Activation, l.Saturated = l.Name+" before "+head.String(), "", notANumber
			}
		}
	}
	return figure(display.Activations(d, o))
}

func layerActivations(model string, a learn.Activation) display.LayerActivations {
	l := display.LayerActivations{Name: join(model, a.Layer), Values: a.Values.V, Units: a.Values.Cols, Dead: len(a.Dead), Saturated: notANumber}
	if !a.Activation.Linear() {
		l.Activation, l.Saturated = a.Activation.String(), a.Saturated
	}
	return l
}

func activationsOverTime(ms []named[*learn.Model], o display.Options) (starlark.Value, error) {
	d := display.WeightsOverTimeData{What: "activation"}
	for _, x := range ms {
		at := map[string]int{}
		for _, r := range x.value.Recordings() {
			for _, l := range r.Layers {
				k, ok := at[l.Layer]
				if !ok {
					k = len(d.Layers)
					at[l.Layer] = k
					d.Layers = append(d.Layers, display.LayerHistory{Name: join(x.name, l.Layer)})
				}
				h := &d.Layers[k]
				h.Epochs, h.At = append(h.Epochs, float64(r.Epoch)), append(h.At, histogram(l.Values))
			}
		}
		if len(at) == 0 {
			return nil, notRecorded(x.name, "activations")
		}
	}
	return figure(display.WeightsOverTime(d, o))
}

func plotCoadaptation(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t := c.rows("rows", ms)
	layer := c.Text("layer", "")
	if c.Err() != nil {
		return nil, nil
	}
	var d display.CoadaptationData
	for _, x := range ms {
		a, err := compute(c, func(ctx context.Context) (*learn.Coadaptation, error) { return x.value.Coadaptation(ctx, t, layer) })
		if err != nil {
			return nil, err
		}
		d.Layer = a.Layer
		d.Models = append(d.Models, display.UnitMatrix{Name: orText(x.name, a.Layer), M: matrixRows(a.Correlation, a.Units)})
	}
	return figure(display.Coadaptation(d, o))
}

func plotHealth(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t := c.rowsOrNone("rows", ms)
	if c.Err() != nil {
		return nil, nil
	}
	var d display.HealthData
	for _, x := range ms {
		h, err := healthOf(c, x, t)
		if err != nil {
			return nil, err
		}
		for i, l := range h.Layers {
			if i == len(h.Layers)-1 {
				l.Saturated = notANumber // the output has no flat parts before the loss
			}
			d.Layers = append(d.Layers, display.LayerHealth{Name: join(x.name, l.Layer), Units: l.Units, Dead: l.Dead, Saturated: l.Saturated, Ratio: l.Ratio, Gradient: l.Gradient})
		}
		for _, s := range h.Findings {
			d.Findings = append(d.Findings, join(x.name, s))
		}
	}
	return figure(display.Health(d, o))
}

func healthOf(c *Call, x named[*learn.Model], t *table.Table) (*learn.Health, error) {
	if t != nil {
		return compute(c, func(ctx context.Context) (*learn.Health, error) { return x.value.Health(ctx, t) })
	}
	h := recordedHealth(x.value)
	if h == nil {
		return nil, Errorf("ValueError", "plot.health: %s has nothing recorded; give rows to examine it on, plot.health(m, test), or fit with record=[\"gradients\", \"activations\"]", orText(x.name, "the model"))
	}
	return h, nil
}

// recordedHealth is what the last recording says; nil if there is none.
func recordedHealth(m *learn.Model) *learn.Health {
	rs := m.Recordings()
	if len(rs) == 0 {
		return nil
	}
	r := rs[len(rs)-1]
	h := &learn.Health{}
	for i, b := range m.Plan().Blocks {
		if b.Role != nn.Weights || i >= len(r.Blocks) || r.Blocks[i].Update == 0 {
			continue
		}
		l := learn.LayerHealth{Layer: b.Layer, Saturated: notANumber, Ratio: r.Blocks[i].Update / r.Blocks[i].Param, Gradient: r.Blocks[i].Grad / math.Sqrt(float64(b.Len()))}
		for _, a := range r.Layers {
			if a.Layer == b.Layer {
				l.Units = b.Rows
				l.Dead, l.Saturated = int(math.Round(a.Dead*float64(b.Rows))), a.Saturated
			}
		}
		h.Layers = append(h.Layers, l)
	}
	if h.Layers == nil {
		return nil
	}
	h.Judge()
	h.Findings = append([]string{fmt.Sprintf("As recorded at epoch %d.", r.Epoch)}, h.Findings...)
	return h
}

// points is how many values of a function are drawn.
const points = 481

// curve is a function of one number.
type curve struct {
	name string
	f    func(x float64) (float64, error)
}

func (c *Call) asCurve(v starlark.Value) (curve, bool) {
	plain := func(name string, f func(float64) float64) (curve, bool) {
		return curve{name, func(x float64) (float64, error) { return f(x), nil }}, true
	}
	switch v := v.(type) {
	case *activationValue:
		if v.act.RowWise() {
			return rowWise(v.act)
		}
		if v.own == nil {
			return plain(v.String(), v.act.F)
		}
	case *slopeValue:
		if v.of.act.RowWise() {
			return rowWise(v.of.act)
		}
		return curve{v.String(), func(x float64) (y float64, err error) {
			y = v.of.numbers(c.Thread, true, &err)(x)
			return y, err
		}}, true
	case starlark.String:
		a, err := nn.NewActivation(string(v), nil)
		switch {
		case err != nil:
			return curve{}, false
		case a.RowWise():
			return rowWise(a)
		}
		return plain(string(v), a.F)
	}
	if f, ok := v.(starlark.Callable); ok {
		return curve{f.Name(), func(x float64) (float64, error) { return numberOf(c.Thread, f, x) }}, true
	}
	return curve{}, false
}

// rowWise is the curve of what is no function of one number.
func rowWise(a nn.Activation) (curve, bool) {
	return curve{a.Name, func(float64) (float64, error) {
		return 0, Errorf("ValueError", "plot.function: %s mixes the elements of a row, so it is no curve; draw one of its outputs: lambda x: softmax([x, 0])[0]", a.Name)
	}}, true
}

func plotFunction(c *Call, o display.Options) (starlark.Value, error) {
	low, high := c.Float("low", -6), c.Float("high", 6)
	if !(low < high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		c.Fail("low", "want low < high, got %g and %g", low, high)
	}
	var d display.FunctionData
	for i, v := range c.Args {
		key := fmt.Sprintf("function %d", i+1)
		c.given[key] = v
		for _, x := range several(c, key, "an activation, its slope, or a function of a number", c.asCurve) {
			if c.Err() != nil {
				return nil, nil
			}
			s := display.Series{Name: orText(x.name, x.value.name)}
			for k := range points {
				at := low + (high-low)*float64(k)/(points-1)
				y, err := x.value.f(at)
				if err != nil {
					return nil, err
				}
				s.X, s.Y = append(s.X, at), append(s.Y, y)
			}
			d.Curves = append(d.Curves, s)
		}
	}
	if c.Err() == nil && len(d.Curves) == 0 {
		return nil, Errorf("TypeError", "plot.function: give a function, e.g. plot.function(sigmoid, sigmoid.grad)")
	}
	d.Curves = distinct(d.Curves)
	return figure(display.Function(d, o))
}

// distinct numbers curves of the same name.
func distinct(curves []display.Series) []display.Series {
	var names []string
	for i := range curves {
		name := strings.Replace(curves[i].Name, "lambda", "f", 1)
		for k := 2; slices.Contains(names, name); k++ {
			name = fmt.Sprintf("%s %d", strings.Replace(curves[i].Name, "lambda", "f", 1), k)
		}
		curves[i].Name = name
		names = append(names, name)
	}
	return curves
}
