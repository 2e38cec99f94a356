package dsl

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

const trialArgs = "features=None, epochs=None, batch_size=32, optimizer=None, loss=\"auto\", metrics=None, validation=0, l1=0, l2=0, " +
	"early_stopping=None, class_weight=None, sample_weight=None, positive=None, prep=\"auto\", clip_norm=None, shuffle=True, " +
	"device=\"auto\", precision=\"auto\", seed=0, record=\"auto\""

// experimentDefs run several trainings.
var experimentDefs = []Def{
	{
		Sig: "trial(net, *, " + trialArgs + ")",
		Doc: "A training not yet run: a network and options of `fit`, for `compare` and `sweep`.",
		Fn:  trial,
	},
	{
		Sig: "compare(trials, data, target, seeds=1)",
		Doc: "Trains each trial with so many seeds and scores it on rows held out: mean and spread, as a table.\n\n```python\ncompare({\"sgd\": trial(net, optimizer=sgd(0.1)), \"adam\": trial(net, optimizer=adam())}, train, \"species\", seeds=3)\n```",
		Fn:  compareTrials,
	},
	{
		Sig: "sweep(make, data, target, grid, seeds=1)",
		Doc: "Trains all points of a grid. `make` gets the grid's values by name and gives a trial or a network.\n\n```python\nsweep(lambda p: trial(dense(32, relu) >> dropout(p) >> output()), train, \"species\", grid={\"p\": [0, 0.3]})\n```",
		Fn:  sweep,
	},
	{
		Sig: "cross_validate(net, data, target, folds=5, group=None, *, " + trialArgs + ")",
		Doc: "Trains on all folds but one and scores on that one, for each.",
		Fn: func(c *Call) (starlark.Value, error) {
			o := c.single()
			folds, group, seed := c.IntFrom("folds", 2, 5), c.Text("group", ""), c.Seed()
			if c.Err() != nil {
				return nil, nil
			}
			return c.experiment(func(p func(learn.Progress)) (*learn.Experiment, error) {
				return learn.CrossValidate(c.Context(), o, folds, group, seed, p)
			})
		},
	},
	{
		Sig: "find_lr(net, data, target, *, " + trialArgs + ")",
		Doc: "Trains while the learning rate rises from 1e-6 to 10 and says where the loss falls most steeply: `plot.learning_rate(find_lr(net, train, \"y\"))`.",
		Fn: func(c *Call) (starlark.Value, error) {
			o := c.single()
			if c.Err() != nil {
				return nil, nil
			}
			var r *learn.RateTest
			var err error
			c.Gracefully(func() { r, err = learn.FindLR(c.Context(), o) })
			if err != nil {
				return nil, err
			}
			return &rateTestValue{r}, nil
		},
	},
	{
		Sig: "ensemble(net, data, target, members=8, *, " + trialArgs + ")",
		Doc: "Trains so many models that differ by their seed; their answers are averaged.",
		Fn: func(c *Call) (starlark.Value, error) {
			o, n := c.single(), c.IntFrom("members", 1, 8)
			if c.Err() != nil {
				return nil, nil
			}
			var e *learn.Ensemble
			var err error
			c.Gracefully(func() { e, err = learn.FitEnsemble(c.Context(), o, n, c.planProgress()) })
			if err != nil {
				return nil, err
			}
			return &ensembleValue{e}, nil
		},
	},
	{
		Sig: "mc_dropout(model, rows, masks=50, seed=0)",
		Doc: "Predicts with dropout switched on, so many times: the spread says how sure the network is.",
		Fn: func(c *Call) (starlark.Value, error) {
			m, ok := asModel(c.Was("model"))
			if !ok {
				c.wrong("model", "a model")
			}
			t, n, seed := c.table("rows"), c.IntFrom("masks", 1, 50), c.Seed()
			if c.Err() != nil {
				return nil, nil
			}
			var s *learn.Spread
			var err error
			c.Release(func() { s, err = m.MCDropout(c.Context(), t, n, seed) })
			if err != nil {
				return nil, err
			}
			return tableOf(s.Table), nil
		},
	},
	{
		Sig: "gradcheck(model, rows)",
		Doc: "Compares the gradient of the loss with differences of the loss, in float64: the greatest relative error, by block of parameters.",
		Fn:  gradcheck,
	},
	{Sig: "devices()", Doc: "The devices there are to train on.", Fn: func(c *Call) (starlark.Value, error) {
		r := newRecord("devices")
		for _, b := range c.Session().opts.Backends {
			r.fields = append(r.fields, field{strings.ReplaceAll(b.Name(), " ", "_"), starlark.String("ready")})
		}
		for _, d := range c.Session().opts.Missing {
			r.fields = append(r.fields, field{d.Name, starlark.String(d.Why)})
		}
		r.fields = append(r.fields, field{"reference", starlark.String("ready: float64, slow, defines the meaning")})
		return r, nil
	}},
}

// trialValue is a training not yet run.
type trialValue struct{ o learn.Options }

func (t *trialValue) String() string        { return "trial(" + t.o.Net.String() + ")" }
func (t *trialValue) Type() string          { return "trial" }
func (t *trialValue) Freeze()               {}
func (t *trialValue) Truth() starlark.Bool  { return true }
func (t *trialValue) Hash() (uint32, error) { return starlark.String(t.String()).Hash() }

func trial(c *Call) (starlark.Value, error) {
	o := c.fitOptions()
	p, ok := asPart(c.Was("net"))
	if !ok {
		c.wrong("net", "a network such as dense(16, relu) >> output()")
		return nil, nil
	}
	o.Net = nn.Chain(p)
	return &trialValue{o}, nil
}

// single reads the options of a training in an experiment.
func (c *Call) single() learn.Options {
	o := c.fitOptions()
	p, ok := asPart(c.Was("net"))
	if !ok {
		c.wrong("net", "a network such as dense(16, relu) >> output()")
		return o
	}
	o.Net = nn.Chain(p)
	o.Data, o.Target = c.rowsAndTarget("data", "target")
	return o
}

// asTrial takes a trial or a network, and gives it rows.
func (c *Call) asTrial(name string, v starlark.Value, t *table.Table, target []string) learn.Options {
	var o learn.Options
	switch v := v.(type) {
	case *trialValue:
		o = v.o
	default:
		p, ok := asPart(v)
		if !ok {
			c.Fail(name, "want trial(net, …) or a network, got %s", describe(v))
			return o
		}
		o = learn.Options{Net: nn.Chain(p), Backends: c.Session().opts.Backends}
	}
	o.Data, o.Target = t, target
	return o
}

func compareTrials(c *Call) (starlark.Value, error) {
	d, ok := c.Was("trials").(*starlark.Dict)
	if !ok {
		c.wrong("trials", "a dictionary {name: trial(net, …)}")
		return nil, nil
	}
	t, target := c.rowsAndTarget("data", "target")
	var trials []learn.Trial
	for _, kv := range d.Items() {
		trials = append(trials, learn.Trial{Name: pyfmt.Str(kv[0]), Options: c.asTrial("trials", kv[1], t, target)})
	}
	seeds := c.IntFrom("seeds", 1, 1)
	if c.Err() != nil {
		return nil, nil
	}
	return c.experiment(func(p func(learn.Progress)) (*learn.Experiment, error) {
		return learn.Compare(c.Context(), trials, seeds, p)
	})
}

func sweep(c *Call) (starlark.Value, error) {
	f := c.Callable("make")
	grid, ok := c.Was("grid").(*starlark.Dict)
	if !ok || grid.Len() == 0 {
		c.wrong("grid", "a dictionary {name: [values]}")
	}
	t, target := c.rowsAndTarget("data", "target")
	seeds := c.IntFrom("seeds", 1, 1)
	if c.Err() != nil {
		return nil, nil
	}
	var axes []learn.Axis
	var values [][]starlark.Value
	for _, kv := range grid.Items() {
		xs, ok := kv[1].(starlark.Iterable)
		if !ok {
			c.Fail("grid", "the values of %s are a list, got %s", pyfmt.Str(kv[0]), describe(kv[1]))
			return nil, nil
		}
		a := learn.Axis{Name: pyfmt.Str(kv[0])}
		var vs []starlark.Value
		for x := range starlark.Elements(xs) {
			a.Values = append(a.Values, pyfmt.Str(x))
			vs = append(vs, x)
		}
		axes, values = append(axes, a), append(values, vs)
	}
	var points []learn.Point
	for _, at := range learn.Grid(axes) {
		var kwargs []starlark.Tuple
		for i, j := range at {
			kwargs = append(kwargs, starlark.Tuple{starlark.String(axes[i].Name), values[i][j]})
		}
		v, err := starlark.Call(c.Thread, f, nil, kwargs)
		if err != nil {
			return nil, err
		}
		points = append(points, learn.Point{At: at, Options: c.asTrial("make", v, t, target)})
	}
	if c.Err() != nil {
		return nil, nil
	}
	return c.experiment(func(p func(learn.Progress)) (*learn.Experiment, error) {
		return learn.Sweep(c.Context(), axes, points, seeds, p)
	})
}

// experiment runs trainings with a line of progress.
func (c *Call) experiment(run func(p func(learn.Progress)) (*learn.Experiment, error)) (starlark.Value, error) {
	var x *learn.Experiment
	var err error
	progress := c.planProgress()
	c.Gracefully(func() { x, err = run(progress) })
	if err != nil {
		return nil, err
	}
	return &experimentValue{x}, nil
}

// planProgress shows how many of the trainings are done, in one output.
func (c *Call) planProgress() func(learn.Progress) {
	l := c.newLive(true, nn.Loss{})
	return func(p learn.Progress) {
		line := fmt.Sprintf("%d of %d trainings done", p.Trained, p.Planned)
		if p.Done || p.Planned < 2 {
			return
		}
		b := display.Text(line)
		b.Volatile = []string{line}
		l.frame(b)
	}
}

// experimentValue is the result of many trainings: a table with mean and spread.
type experimentValue struct{ x *learn.Experiment }

var (
	_ starlark.HasAttrs = (*experimentValue)(nil)
	_ display.Bundler   = (*experimentValue)(nil)
)

func (e *experimentValue) String() string {
	best := e.x.Best()
	return fmt.Sprintf("<experiment of %d trials, best %s>", len(e.x.Trials), e.x.Trials[best])
}
func (e *experimentValue) Type() string         { return "experiment" }
func (e *experimentValue) Freeze()              {}
func (e *experimentValue) Truth() starlark.Bool { return true }
func (e *experimentValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "unhashable: experiment")
}

// Attr gives .summary, .runs, .best, .metric and .models.
func (e *experimentValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "summary":
		return tableOf(e.x.Summary), nil
	case "runs":
		return tableOf(e.x.Runs), nil
	case "best":
		return starlark.String(e.x.Trials[e.x.Best()]), nil
	case "metric":
		return starlark.String(e.x.Metric), nil
	case "scores":
		return array.FromFloats(e.x.Score), nil
	case "models":
		var out []starlark.Value
		for _, m := range e.x.Models {
			if m != nil {
				out = append(out, &modelValue{m})
			}
		}
		return starlark.NewList(out), nil
	}
	return nil, nil
}

func (e *experimentValue) AttrNames() []string {
	return []string{"best", "metric", "models", "runs", "scores", "summary"}
}

// Bundle shows the summary.
func (e *experimentValue) Bundle() display.Bundle { return show(tableOf(e.x.Summary)) }

// ensembleValue is models whose answers are averaged.
type ensembleValue struct{ e *learn.Ensemble }

func (e *ensembleValue) String() string {
	return fmt.Sprintf("<ensemble of %d models>", len(e.e.Models))
}
func (e *ensembleValue) Type() string          { return "ensemble" }
func (e *ensembleValue) Freeze()               {}
func (e *ensembleValue) Truth() starlark.Bool  { return true }
func (e *ensembleValue) Hash() (uint32, error) { return 0, Errorf("TypeError", "unhashable: ensemble") }

// Attr gives .models and the methods.
func (e *ensembleValue) Attr(name string) (starlark.Value, error) {
	if name == "models" {
		var out []starlark.Value
		for _, m := range e.e.Models {
			out = append(out, &modelValue{m})
		}
		return starlark.NewList(out), nil
	}
	return ensembleMethods.bind(e, name), nil
}

func (e *ensembleValue) AttrNames() []string {
	return append([]string{"models"}, ensembleMethods.names...)
}

var ensembleMethods = newMethods([]Def{
	{Sig: "evaluate(rows)", Doc: "Scores the mean of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		ev, err := e.Evaluate(c.Context(), t)
		if err != nil {
			return nil, err
		}
		return &evaluationValue{ev, e.Models[0].Settings().Target}, nil
	})},
	{Sig: "predict(rows)", Doc: "Predicts by the mean of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		p, err := e.Predict(c.Context(), t)
		if err != nil {
			return nil, err
		}
		return tableOf(p), nil
	})},
	{Sig: "spread(rows)", Doc: "Mean and spread of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		s, err := e.Spread(c.Context(), t)
		if err != nil {
			return nil, err
		}
		return tableOf(s.Table), nil
	})},
})

func ensembleRows(f func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (v starlark.Value, err error) {
		t := c.table("rows")
		if c.Err() != nil {
			return nil, nil
		}
		c.Release(func() { v, err = f(c, c.Recv.(*ensembleValue).e, t) })
		return v, err
	}
}

// rateTestValue is the loss over a rising learning rate.
type rateTestValue struct{ r *learn.RateTest }

func (r *rateTestValue) String() string {
	if r.r.Suggestion == 0 {
		return "the loss never falls, at any learning rate from 1e-6 to 10"
	}
	return fmt.Sprintf("learning rate %.2g: the loss falls most steeply there", r.r.Suggestion)
}
func (r *rateTestValue) Type() string         { return "rate test" }
func (r *rateTestValue) Freeze()              {}
func (r *rateTestValue) Truth() starlark.Bool { return true }
func (r *rateTestValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "unhashable: rate test")
}

// Attr gives .suggestion and .table.
func (r *rateTestValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "suggestion":
		return starlark.Float(r.r.Suggestion), nil
	case "table":
		t, err := r.r.Table()
		if err != nil {
			return nil, err
		}
		return tableOf(t), nil
	}
	return nil, nil
}

func (r *rateTestValue) AttrNames() []string { return []string{"suggestion", "table"} }

func gradcheck(c *Call) (starlark.Value, error) {
	m, ok := asModel(c.Was("model"))
	if !ok {
		c.wrong("model", "a model")
	}
	t := c.table("rows")
	if c.Err() != nil {
		return nil, nil
	}
	var r *record
	var err error
	c.Release(func() {
		g, e := m.GradCheck(t)
		if err = e; err == nil {
			r = newRecord("gradcheck", field{"error", starlark.Float(g.Worst)}, field{"where", starlark.String(g.Where)}, field{"checked", starlark.MakeInt(g.Checked)}, field{"ok", starlark.Bool(g.Worst < 1e-6)})
		}
	})
	return r, err
}

// pairTable makes a table of arrays: rows x features, and targets.
func pairTable(x, y starlark.Value) (*table.Table, []string, error) {
	a, err := array.FromValue(x)
	if err != nil {
		return nil, nil, err
	}
	b, err := array.FromValue(y)
	if err != nil {
		return nil, nil, err
	}
	rows := a.Shape()
	if len(rows) == 0 || b.NDim() == 0 || rows[0] != b.Shape()[0] {
		return nil, nil, fmt.Errorf("want rows and as many targets, got shapes %s and %s", array.ShapeText(rows), array.ShapeText(b.Shape()))
	}
	var cols []*table.Column
	cols = append(cols, arrayColumns("x", a)...)
	targets := arrayColumns("y", b)
	var names []string
	for _, t := range targets {
		names = append(names, t.Name())
	}
	t, err := table.New(append(cols, targets...)...)
	return t, names, err
}

// arrayColumns are the columns of a matrix, x1, x2, …; of a vector, x.
func arrayColumns(name string, a *array.Array) []*table.Column {
	n := a.Shape()[0]
	width := a.Size() / max(n, 1)
	var out []*table.Column
	for j := range width {
		v := make([]float64, n)
		for i := range v {
			v[i] = a.Data()[i*width+j]
		}
		label := fmt.Sprint(name, j+1)
		if width == 1 {
			label = name
		}
		out = append(out, table.Numbers(label, v))
	}
	return out
}
