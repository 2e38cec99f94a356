package dsl

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

const trialArgs = "features=None, epochs=None, horizon=None, batch_size=32, optimizer=None, loss=\"auto\", metrics=None, validation=0, l1=0, l2=0, " +
	"early_stopping=None, class_weight=None, sample_weight=None, positive=None, prep=\"auto\", clip_norm=None, shuffle=True, " +
	"device=\"auto\", precision=\"auto\", seed=0, live=False, record=\"auto\", silence=[]"

// experimentDefs run several trainings.
var experimentDefs = []Def{
	{
		Sig: "trial(net, *, " + trialArgs + ")",
		Doc: "A training not yet run: a network and options of `fit`, for `compare` and `sweep`. (`live` and `silence` are taken, so that trials and `fit` can share their options; trials are not drawn and do not warn.)",
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
		Sig: "cross_validate(net, data, target, folds=5, group=None, *, order=None, stratify=None, " + trialArgs + ")",
		Doc: "Trains on all folds but one and scores on that one, for each. Folds have the shares of the classes, if the target has classes.",
		Args: []string{
			"group: a column whose equal values stay in one fold; it is no feature",
			"order: a column by which rows are ordered: each fold is scored by a training on the rows before it",
			"stratify: a column whose values have the same shares in all folds",
		},
		Fn: func(c *Call) (starlark.Value, error) {
			o := c.single()
			folds := c.IntFrom("folds", 2, 5)
			by := table.FoldOptions{Group: c.ColumnName("group"), Order: c.ColumnName("order"), Stratify: c.ColumnName("stratify"), Seed: c.Seed()}
			if c.Err() != nil {
				return nil, nil
			}
			return c.experiment(func(i int) string { return fmt.Sprintf("fold %d", i+1) }, func(p func(learn.Progress)) (*learn.Experiment, error) {
				return learn.CrossValidate(c.Context(), o, folds, by, p)
			})
		},
	},
	learningCurveDef,
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
			o, n := c.single(), c.IntFrom("members", 2, 8)
			if c.Err() != nil {
				return nil, nil
			}
			var e *learn.Ensemble
			var err error
			c.watched(func(i int) string { return fmt.Sprintf("member %d", i+1) }, func(p func(learn.Progress)) { e, err = learn.FitEnsemble(c.Context(), o, n, p) })
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
			t, n, seed := c.rowsFor("rows", m), c.IntFrom("masks", 2, 50), c.Seed()
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
		Doc: "Compares the gradient of the loss with differences of the loss, in float64: the greatest relative error and its parameter; ok if it is below 1e-4. Parameters beside a kink of the loss (of relu, say) are left out.",
		Fn:  gradcheck,
	},
	{Sig: "devices()", Doc: "The devices there are to train on.", Fn: func(c *Call) (starlark.Value, error) {
		r := newRecord("devices")
		for _, b := range c.Session().opts.Backends {
			text := "ready"
			if a, ok := b.(nn.Accelerator); ok {
				device, err := a.Device()
				if text += ": " + device; err != nil {
					text = fmt.Sprintf("failed: %s: %v", device, err)
				}
			}
			r.fields = append(r.fields, field{strings.ReplaceAll(b.Name(), " ", "_"), starlark.String(text)})
		}
		for _, d := range c.Session().opts.Missing {
			r.fields = append(r.fields, field{d.Name, starlark.String(d.Why)})
		}
		r.fields = append(r.fields, field{"reference", starlark.String("ready: float64, slow, defines the meaning")})
		return r, nil
	}},
}

// trialValue is a training not yet run.
type trialValue struct {
	o    learn.Options
	text string // the call that made it
}

func (t *trialValue) String() string        { return t.text }
func (t *trialValue) Type() string          { return "trial" }
func (t *trialValue) Freeze()               {}
func (t *trialValue) Truth() starlark.Bool  { return true }
func (t *trialValue) Hash() (uint32, error) { return starlark.String(t.String()).Hash() }

func trial(c *Call) (starlark.Value, error) {
	o := c.fitOptions()
	c.network(&o, c.Was("net"), "")
	text := "trial(" + o.Net.String()
	for _, p := range c.fn.params() {
		if v := c.Was(p.name); v != nil && p.name != "net" {
			text += ", " + p.name + "=" + pyfmt.ReprLimit(v, longArgument)
		}
	}
	return &trialValue{o, text + ")"}, nil
}

// longArgument is how many characters of an argument a trial shows.
const longArgument = 80

// single reads the options of a training in an experiment.
func (c *Call) single() learn.Options {
	o := c.fitOptions()
	c.network(&o, c.Was("net"), "")
	o.Data, o.Target = c.rowsAndTarget("data", "target")
	return c.filled(o)
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
		o = learn.Options{Net: nn.Chain(p), Backends: c.Session().opts.Backends, Shelf: &c.Session().shelf}
	}
	o.Data, o.Target = t, target
	return c.filled(o)
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
	return c.experiment(func(i int) string { return trials[i/seeds].Name }, func(p func(learn.Progress)) (*learn.Experiment, error) {
		return learn.Compare(c.Context(), trials, seeds, p)
	})
}

func sweep(c *Call) (starlark.Value, error) {
	f, ok := c.Was("make").(starlark.Callable)
	if !ok {
		c.wrong("make", "a function of the grid's names that gives a network or a trial, such as lambda p: trial(dense(32, relu) >> dropout(p) >> output())")
	}
	grid, ok := c.Was("grid").(*starlark.Dict)
	if !ok || grid.Len() == 0 {
		c.wrong("grid", "a dictionary {name: [values]}, such as {\"p\": [0, 0.3]}")
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
		if len(vs) == 0 {
			c.Fail("grid", "%s has no values to try; give some, such as {%q: [0, 0.3]}", a.Name, a.Name)
			return nil, nil
		}
		axes, values = append(axes, a), append(values, vs)
	}
	c.takesGrid(f, axes)
	if c.Err() != nil {
		return nil, nil
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
	return c.experiment(nil, func(p func(learn.Progress)) (*learn.Experiment, error) {
		return learn.Sweep(c.Context(), axes, points, seeds, p)
	})
}

// takesGrid refuses a function whose arguments are not the grid's names.
func (c *Call) takesGrid(make starlark.Callable, axes []learn.Axis) {
	f, ok := make.(*starlark.Function)
	if !ok || f.HasVarargs() || f.HasKwargs() {
		return
	}
	var names, params []string
	for _, a := range axes {
		names = append(names, a.Name)
	}
	fits := true
	for i := range f.NumParams() {
		name, _ := f.Param(i)
		params = append(params, name)
		fits = fits && (f.ParamDefault(i) != nil || slices.Contains(names, name))
	}
	for _, name := range names {
		fits = fits && slices.Contains(params, name)
	}
	if !fits {
		c.Fail("make", "the grid gives %s, but %s takes %s; use the same names in both: lambda %s: …",
			strings.Join(names, ", "), f.Name(), cmp.Or(strings.Join(params, ", "), "no arguments"), strings.Join(names, ", "))
	}
}

// experiment runs trainings with a line of progress.
func (c *Call) experiment(name func(i int) string, run func(p func(learn.Progress)) (*learn.Experiment, error)) (starlark.Value, error) {
	var x *learn.Experiment
	var err error
	c.watched(name, func(p func(learn.Progress)) { x, err = run(p) })
	if err != nil {
		return nil, err
	}
	return &experimentValue{x}, nil
}

// gradientAgrees bounds the relative error of a gradient that is right: beside
// bends of the second derivative (of elu, say) differences are good to 1e-5.
const gradientAgrees = 1e-4

func gradcheck(c *Call) (starlark.Value, error) {
	m, ok := asModel(c.Was("model"))
	if !ok {
		c.wrong("model", "a model")
	}
	t := c.rowsFor("rows", m)
	if c.Err() != nil {
		return nil, nil
	}
	var r *record
	var err error
	c.Release(func() {
		g, e := m.GradCheck(t)
		if err = e; err == nil {
			r = newRecord("gradcheck", field{"error", starlark.Float(g.Worst)}, field{"where", starlark.String(g.Where)}, field{"checked", starlark.MakeInt(g.Checked)}, field{"left_out", starlark.MakeInt(g.Kinks)}, field{"ok", starlark.Bool(g.Worst < gradientAgrees)})
		}
	})
	return r, err
}
