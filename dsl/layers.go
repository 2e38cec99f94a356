package dsl

import (
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/nn"
)

const denseArgs = "init=None, bias=True, l1=None, l2=None, max_norm=None, weights=None, name=None, trainable=True"

var denseDocs = []string{
	"activation: a value such as `relu`, its name, or `leaky_relu(slope=0.1)`",
	"init: how the weights begin; the default fits the activation",
	"bias: whether there is a b",
	"l1, l2: penalty l1·Σ|w| + l2/2·Σw² on the layer's weights; left out, that of `fit` applies",
	"max_norm: the greatest length of a unit's incoming weights",
	"weights: given by hand: `(W, b)` with W units x inputs",
	"trainable: False keeps the weights as they are",
}

// layerDefs are the layers of a network.
var layerDefs = []Def{
	{
		Sig:  "dense(units, activation=None, " + denseArgs + ")",
		Doc:  "A fully connected layer, Y = f(WX + b): each unit sees all inputs.\n\n```python\nnet = dense(64, relu) >> dropout(0.3) >> output()\n```",
		Args: append([]string{"units: how many"}, denseDocs...),
		Fn: func(c *Call) (starlark.Value, error) {
			d := c.dense(c.units("dense(8, %s)"))
			if c.Was("units") == starlark.None {
				c.wrong("units", "a whole number of at least 1")
			}
			return layer(c, d)
		},
	},
	{
		Sig:  "output(units=None, activation=None, " + denseArgs + ")",
		Doc:  "The last layer. Units, activation and loss come from the target: two classes give a sigmoid, more a softmax, numbers a linear output.",
		Args: append([]string{"units: how many; left out, as many as the target needs"}, denseDocs...),
		Fn: func(c *Call) (starlark.Value, error) {
			return layer(c, nn.Output{Dense: c.dense(c.units("output(activation=%s)"))})
		},
	},
	{
		Sig:  "dropout(rate=None, keep=None, name=None)",
		Doc:  "Leaves units out at random while training, each with probability `rate` (the DROP rate), and scales the others by 1/(1 - rate), so that nothing changes when predicting. Every batch trains another thinned network; predicting averages them.",
		Args: []string{"rate: from 0 to below 1, or a schedule", "keep: 1 - rate, as in Srivastava et al. 2014"},
		Fn:   dropout,
	},
	{Sig: "batch_norm(name=None)", Doc: "Brings each unit to mean 0 and variance 1 over the batch, then scales and shifts it; predicting uses running means.", Fn: func(c *Call) (starlark.Value, error) {
		return layer(c, nn.BatchNorm{Name: c.Text("name", "")})
	}},
	{Sig: "layer_norm(name=None)", Doc: "Brings the units of each row to mean 0 and variance 1, then scales and shifts them.", Fn: func(c *Call) (starlark.Value, error) {
		return layer(c, nn.LayerNorm{Name: c.Text("name", "")})
	}},
	{Sig: "embedding(dim=None, name=None)", Doc: "Numbers learnt for each level of the category columns; stands first. Left out, columns with many levels get one of a fitting width.", Fn: func(c *Call) (starlark.Value, error) {
		return layer(c, nn.Embedding{Dim: c.IntFrom("dim", 1, 0), Name: c.Text("name", "")})
	}},
	{
		Sig: "skip(block, project=False, name=None)",
		Doc: "Adds a block's input to its output: y = x + block(x). With unequal widths, `project=True` learns the way around.",
		Fn: func(c *Call) (starlark.Value, error) {
			p, ok := asPart(c.Was("block"))
			if !ok {
				c.wrong("block", "layers")
				return nil, nil
			}
			return layer(c, nn.Skip{Body: nn.Chain(p), Project: c.Bool("project", false), Name: c.Text("name", "")})
		},
	},
}

// layer makes a network of one layer.
func layer(c *Call, l nn.Layer) (starlark.Value, error) {
	if c.Err() != nil {
		return nil, nil
	}
	return &networkValue{nn.Chain(l)}, nil
}

// units reads how many units a layer has; activated is how its activation is
// written, which may stand in their place.
func (c *Call) units(activated string) int {
	act, ok := c.Value("units").(*activationValue)
	if name, isText := starlark.AsString(c.Value("units")); isText && slices.Contains(activationNames(), name) {
		act, ok = &activationValue{act: nn.Act(name)}, true
	}
	if ok {
		c.wrong("units", "a whole number (the activation is written "+fmt.Sprintf(activated, act)+")")
		return 0
	}
	return c.IntFrom("units", 1, 0)
}

// dense reads the arguments of a dense layer.
func (c *Call) dense(units int) nn.Dense {
	d := nn.Dense{
		Units: units, Activation: c.Activation("activation"), Init: c.Initializer("init"), NoBias: !c.Bool("bias", true),
		MaxNorm: c.Between("max_norm", 0, 1e30, 0), Name: c.Text("name", ""), Frozen: !c.Bool("trainable", true),
		Weights: c.weights("weights"),
	}
	if c.Given("l1") || c.Given("l2") {
		d.Penalty = nn.Penalty{Stated: true, L1: c.Between("l1", 0, 1e30, 0), L2: c.Between("l2", 0, 1e30, 0)}
	}
	return d
}

// weights reads weights given by hand: W, (W, b), or what has .W and .b.
func (c *Call) weights(name string) *nn.Given {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	w, b := v, starlark.Value(starlark.None)
	if t, ok := v.(starlark.Tuple); ok && len(t) == 2 {
		w, b = t[0], t[1]
	} else if h, ok := v.(starlark.HasAttrs); ok {
		if x := attributeOf(h, "W"); x != nil {
			w = x
			if y := attributeOf(h, "b"); y != nil {
				b = y
			}
		}
	}
	matrix, err := array.FromValue(w)
	if err != nil {
		c.Fail(name, "%v", err)
		return nil
	}
	if matrix.NDim() != 2 {
		c.Fail(name, "W is a matrix, units x inputs, e.g. [[1, 1], [1, 1]]; got shape %s", array.ShapeText(matrix.Shape()))
		return nil
	}
	c.finite(name, "W", matrix)
	g := &nn.Given{Units: matrix.Shape()[0], Inputs: matrix.Shape()[1], W: append([]float64(nil), matrix.Data()...)}
	if b != starlark.None {
		bias, err := array.FromValue(b)
		if err != nil {
			c.Fail(name, "%v", err)
			return nil
		}
		c.finite(name, "b", bias)
		g.B = append([]float64(nil), bias.Data()...)
	}
	return g
}

// finite refuses arrays with numbers that nothing can be learnt from.
func (c *Call) finite(name, part string, a *array.Array) {
	for _, x := range a.Data() {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			c.Fail(name, "%s has %v in it; weights are finite numbers", part, x)
			return
		}
	}
}

func dropout(c *Call) (starlark.Value, error) {
	rate := c.Schedule("rate")
	if c.Given("keep") {
		if rate != nil {
			c.Fail("keep", "give either rate or keep = 1 - rate")
		}
		rate = nn.Constant(math.Round((1-c.Between("keep", 0, 1, 1))*1e15) / 1e15) // 0.2 for 0.8
	}
	if rate == nil && c.Err() == nil {
		c.Fail("rate", "want the share of units to leave out, e.g. dropout(0.3)")
	}
	if lo, hi := rate.Span(); !(lo >= 0 && hi < 1) {
		c.Fail("rate", "want a share from 0 to below 1, got %s", rate)
	}
	return layer(c, nn.Dropout{Rate: rate, Name: c.Text("name", "")})
}

// networkMethods are the methods of networks.
var networkMethods = newMethods([]Def{{
	Sig: "on(data, target, features=None, prep=\"auto\")",
	Doc: "The network resolved for a table: real sizes, parameters, output and loss.\n\n```python\n(dense(8, relu) >> output()).on(dataset(\"iris\"), target=\"species\")\n```",
	Fn: func(c *Call) (starlark.Value, error) {
		t, ok := asTable(c.Was("data"))
		if !ok {
			c.wrong("data", "a table")
			return nil, nil
		}
		o := learn.Options{Net: c.Recv.(*networkValue).net, Data: t, Target: c.ColumnNames("target"), Features: c.ColumnNames("features"), Shelf: &c.Session().shelf}
		c.prep("prep", &o)
		if c.Err() != nil {
			return nil, nil
		}
		plan, summary, err := learn.Resolve(o)
		if err != nil {
			return nil, err
		}
		return &resolvedValue{plan, summary}, nil
	},
}})
