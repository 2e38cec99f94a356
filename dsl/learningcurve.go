package dsl

import (
	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// learningCurveDef trains on growing parts of the rows.
var learningCurveDef = Def{
	Sig: "learning_curve(net, data, target, sizes=None, seeds=3, *, " + trialArgs + ")",
	Doc: "Trains on growing parts of the rows and scores on a fifth that no training sees: would more rows help? `plot.learning_curve` draws it." +
		"\n\n```python\ncurve = learning_curve(net, train, \"species\", sizes=[20, 60, 150], epochs=5)\nplot.learning_curve(curve)\n```",
	Args: []string{"sizes: numbers of training rows; left out, six from a twentieth of the rows to all", "seeds: how often each is trained; the spread is over these"},
	Fn: func(c *Call) (starlark.Value, error) {
		o, seeds := c.single(), c.IntFrom("seeds", 1, 3)
		var sizes []int
		if c.Given("sizes") {
			col, ok := asValues(c.Value("sizes"))
			if !ok {
				c.wrong("sizes", "a list of numbers of rows")
				return nil, nil
			}
			for _, x := range col.Floats() {
				sizes = append(sizes, int(x))
			}
		}
		if c.Err() != nil {
			return nil, nil
		}
		var k *learn.LearningCurve
		var err error
		c.watched(nil, func(p func(learn.Progress)) { k, err = learn.TrainAtSizes(c.Context(), o, sizes, seeds, p) })
		if err != nil {
			return nil, err
		}
		return &learningCurveValue{k}, nil
	},
}

// learningCurveValue is scores by the number of training rows.
type learningCurveValue struct{ k *learn.LearningCurve }

var (
	_ starlark.HasAttrs = (*learningCurveValue)(nil)
	_ display.Bundler   = (*learningCurveValue)(nil)
)

func (v *learningCurveValue) String() string        { return v.Bundle().Plain() }
func (v *learningCurveValue) Type() string          { return "learning curve" }
func (v *learningCurveValue) Freeze()               {}
func (v *learningCurveValue) Truth() starlark.Bool  { return true }
func (v *learningCurveValue) Hash() (uint32, error) { return starlark.String(v.k.Metric).Hash() }

// Bundle shows the scores by size, as a table.
func (v *learningCurveValue) Bundle() display.Bundle {
	k := v.k
	t, err := table.New(table.Numbers("rows", k.Sizes), table.Numbers("training "+k.Metric, k.Train), table.Numbers("training std", k.TrainSpread),
		table.Numbers("held-out "+k.Metric, k.Held), table.Numbers("held-out std", k.HeldSpread))
	if err != nil {
		return display.Text(err.Error())
	}
	return tableBundle(t, k.Notes)
}

// Attr gives .runs and .metric.
func (v *learningCurveValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "runs":
		return tableOf(v.k.Runs), nil
	case "metric":
		return starlark.String(v.k.Metric), nil
	}
	return nil, noAttribute(v, name, nil)
}

func (v *learningCurveValue) AttrNames() []string { return []string{"metric", "runs"} }

// learningCurvePicture draws them.
var learningCurvePicture = picture{
	Sig:  "learning_curve(curve)",
	Doc:  "The score by the number of training rows, on these rows and on rows held out: where the lines meet, more rows do not help; where they are apart, more rows or more dropout may.\n\n```python\nplot.learning_curve(learning_curve(net, train, \"species\", sizes=[20, 60, 150], epochs=5))\n```",
	Args: []string{"curve: what `learning_curve` gave, or a dictionary of several"},
	Draw: func(c *Call, o display.Options) (starlark.Value, error) {
		curves := several(c, "curve", "what learning_curve(net, train, \"y\") gives", func(v starlark.Value) (*learn.LearningCurve, bool) {
			k, ok := v.(*learningCurveValue)
			if !ok {
				return nil, false
			}
			return k.k, true
		})
		if c.Err() != nil {
			return nil, nil
		}
		d := display.LearningCurveData{Log: true}
		for _, x := range curves {
			k := x.value
			d.Metric = metricLabel(k.Metric)
			d.Bands = append(d.Bands,
				display.Band{Name: join(x.name, "training rows"), X: k.Sizes, Mean: k.Train, Spread: k.TrainSpread},
				display.Band{Name: join(x.name, "held out"), X: k.Sizes, Mean: k.Held, Spread: k.HeldSpread})
		}
		return figure(display.LearningCurve(d, o))
	},
}
