package dsl

import (
	"errors"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

const fitArgs = "features=None, epochs=None, horizon=None, batch_size=32, optimizer=None, loss=\"auto\", metrics=None, validation=0, l1=0, l2=0, " +
	"early_stopping=None, class_weight=None, sample_weight=None, positive=None, prep=\"auto\", clip_norm=None, shuffle=True, " +
	"on_epoch=None, device=\"auto\", precision=\"auto\", seed=0, live=True, record=\"auto\", silence=[]"

var fitDocs = []string{
	"data: a table, or a pair of arrays (rows, targets)",
	"target: the column to predict, or a list of columns",
	"features: names of columns; all but the target, if left out",
	"epochs: how often all rows are gone through; left out, 50 or as many as make 1,000 steps; 0 gives the initial model",
	"horizon: epochs that schedules are laid over; left out, all that are trained. 10 epochs of a horizon of 20 and 10 more are the same as 20",
	"batch_size: rows for each step; None: all rows",
	"optimizer: `adam()`, `sgd(lr=0.1)`, …",
	"loss: left out, what fits the target",
	"metrics: names of what is scored after every epoch, see `metrics()`; left out, accuracy or rmse, after the last epoch and those before it where it costs little: of validation rows after most",
	"validation: a share of the rows held out to watch, or a table",
	"l1, l2: penalty for layers that state none",
	"early_stopping: `early_stopping(patience=10)`, or the patience",
	"class_weight: \"balanced\" or a dictionary by class; sample_weight: a column; of both only the proportions count",
	"prep: preparation of columns, learnt from the training rows: \"auto\", steps such as `standardize() >> one_hot()`, or None; `m.prep` keeps what a model has learnt, for a network that begins with its layers",
	"clip_norm: the greatest length of a gradient",
	"on_epoch: a function called with what an epoch gave (`e.epoch`, `e.loss`, `e.val_loss`, `e.accuracy` …); returning True stops",
	"live: draws the curves while training",
	"record: what to keep for pictures over the epochs: \"auto\" (weights and gradients), \"none\", or a list of \"weights\", \"gradients\", \"activations\"; ever fewer epochs are recorded, so that it takes a few per cent of the time",
	"device: \"auto\" (the GPU where it is expected to be faster), \"cpu\" or \"gpu\"; see `devices()`",
	"precision: of products on a GPU: \"float32\", \"tf32\", \"bfloat16\", or \"auto\" for that which fits the size",
	"silence: names of warnings not to give",
}

// fitDefs train.
var fitDefs = []Def{
	{
		Sig:  "fit(net, data, target=None, *, " + fitArgs + ")",
		Doc:  "Trains a network on a table and gives the model. With a model in place of the network it goes on from it, and inherits all that is left out.\n\n```python\ntrain, test = split(dataset(\"penguins\"), test=0.25, stratify=\"species\")\nm = fit(dense(16, relu) >> dropout(0.2) >> output(), train, \"species\", validation=0.2)\nm.evaluate(test)\n```",
		Args: fitDocs,
		Fn:   fit,
	},
	{Sig: "early_stopping(patience=10)", Doc: "Ends a training when the validation loss has not become less for so many epochs, and gives the best epoch's weights.", Fn: func(c *Call) (starlark.Value, error) {
		n := c.IntFrom("patience", 1, 10)
		return newRecord("early_stopping", field{"patience", starlark.MakeInt(n)}), nil
	}},
	{Sig: "load_model(path)", Doc: "Reads a model that `m.save` wrote.", Fn: func(c *Call) (starlark.Value, error) {
		path := c.Text("path", "")
		if c.Err() != nil {
			return nil, nil
		}
		m, err := learn.Load(c.Session().path(path))
		if err != nil {
			return nil, err
		}
		if m, err = m.With(c.Session().opts.Backends, ""); err != nil {
			return nil, err
		}
		return &modelValue{m}, nil
	}},
	{Sig: "metrics()", Doc: "The scores there are, with what they mean.", Fn: func(c *Call) (starlark.Value, error) {
		r := newRecord("metrics")
		for _, m := range learn.Metrics() {
			r.fields = append(r.fields, field{m.Name, starlark.String(m.Doc)})
		}
		return r, nil
	}},
}

func fit(c *Call) (starlark.Value, error) {
	o, on := c.trainOptions()
	if c.Err() != nil {
		return nil, nil
	}
	silence := c.Texts("silence")
	o.Warn = func(ws []table.Warning) {
		c.warn(slices.DeleteFunc(ws, func(w table.Warning) bool { return slices.Contains(silence, w.Name) }))
	}
	live := c.newLive(c.Bool("live", true))
	o.Progress = live.progress
	o.OnEpoch = c.onEpoch("on_epoch")
	var m *learn.Model
	var err error
	c.Gracefully(func() {
		if on != nil {
			m, err = learn.FitOn(c.Context(), on, o)
		} else {
			m, err = learn.Fit(c.Context(), o)
		}
		if m != nil {
			live.finish(m)
		}
	})
	s := c.Session()
	if m != nil && (err != nil || m.Stopped() == learn.Interrupted) {
		s.ns.set("_", &modelValue{m})
	}
	var diverged *learn.DivergedError
	if errors.As(err, &diverged) {
		return nil, Errorf("DivergedError", "%v; the last good model is _", err)
	}
	if err != nil {
		return nil, err
	}
	return &modelValue{m}, nil
}

// trainOptions reads the arguments of a training. on is the model to go on
// from, nil for a network.
func (c *Call) trainOptions() (o learn.Options, on *learn.Model) {
	o = c.fitOptions()
	switch v := c.Was("net").(type) {
	case *modelValue:
		on = v.m
	default:
		c.network(&o, v, ", or a model to go on from")
	}
	o.Data, o.Target = c.rowsAndTarget("data", "target")
	if on != nil {
		c.bareColumns("data", on)
	}
	if on == nil && len(o.Target) == 0 {
		c.Fail("target", "name the column to predict, e.g. fit(net, train, \"species\")")
	}
	return c.filled(o), on
}

// network reads what to train: a network, or linear() alone.
func (c *Call) network(o *learn.Options, v starlark.Value, or string) {
	p, ok := asPart(v)
	if !ok {
		c.wrong("net", "a network such as dense(16, relu) >> output()"+or)
		return
	}
	o.Net = nn.Chain(p)
}

// filled are options with what linear() alone stands for: the output and an
// optimiser that takes it to its optimum.
func (c *Call) filled(o learn.Options) learn.Options {
	if o.Net.String() != "linear" || c.Err() != nil {
		return o
	}
	p, err := learn.PresetNamed("linear")
	if err == nil {
		o.Net = nn.Network{}
		o, err = p.Options(o)
	}
	if err != nil {
		c.Fail("net", "%v", err)
	}
	return o
}

// rowsAndTarget reads a table and its target, or a pair of arrays.
func (c *Call) rowsAndTarget(data, target string) (*table.Table, []string) {
	v := c.Was(data)
	if pair, ok := v.(starlark.Tuple); ok && len(pair) == 2 {
		t, names, err := pairTable(pair[0], pair[1])
		if err != nil {
			c.Fail(data, "%v", err)
			return nil, nil
		}
		if a, bare := bareNumbers(c.Value("validation")); bare {
			c.suitable("validation", t.Columns()[:t.Width()-len(names)], a, arrayColumns("x", a))
		}
		return t, names
	}
	t, ok := asTable(v)
	if !ok {
		c.wrong(data, "a table, e.g. dataset(\"penguins\")")
		return nil, nil
	}
	return t, c.ColumnNames(target)
}

// fitOptions reads the keyword arguments that trials take too.
func (c *Call) fitOptions() learn.Options {
	o := learn.Options{
		Features: c.ColumnNames("features"), Optimizer: c.Optimizer("optimizer"), Loss: c.Loss("loss"), Metrics: c.Texts("metrics"),
		SampleWeight: c.ColumnName("sample_weight"), Positive: c.classText("positive"), Backends: c.Session().opts.Backends, Device: c.Text("device", ""),
		Shelf: &c.Session().shelf,
	}
	if c.Given("horizon") {
		o.Horizon = pointer(c.IntFrom("horizon", 1, 1))
	}
	if c.Given("epochs") {
		o.Epochs = pointer(c.IntFrom("epochs", 0, 0))
	}
	if c.Given("batch_size") {
		o.BatchSize = pointer(c.IntFrom("batch_size", 1, 32))
	} else if c.Was("batch_size") == starlark.None {
		o.BatchSize = pointer(0) // all rows
	}
	for name, to := range map[string]**float64{"l1": &o.L1, "l2": &o.L2, "clip_norm": &o.ClipNorm} {
		if c.Given(name) || c.Was(name) == starlark.None {
			*to = pointer(c.Between(name, 0, 1e30, 0)) // None: none
		}
	}
	if c.Given("shuffle") {
		o.Shuffle = pointer(c.Bool("shuffle", true))
	}
	if c.Given("seed") {
		o.Seed = pointer(c.Seed())
	}
	o.NoClassWeight, o.NoSampleWeight = c.Was("class_weight") == starlark.None, c.Was("sample_weight") == starlark.None
	c.validation(&o)
	c.earlyStopping(&o)
	c.classWeight(&o)
	c.prep("prep", &o)
	c.record(&o)
	if c.Given("precision") {
		o.Precision = c.OneOf("precision", "auto", "float32", "bfloat16", "tf32")
	}
	for _, d := range c.Session().opts.Missing {
		if d.Name == o.Device {
			c.Fail("device", "there is no %s: %s; leave device out to take what there is", d.Name, d.Why)
		}
	}
	return o
}

func pointer[T any](v T) *T { return &v }

// classText is a class given as text, number or boolean.
func (c *Call) classText(name string) string {
	switch v := c.Value(name).(type) {
	case nil:
		return ""
	case starlark.String:
		return string(v)
	default:
		return v.String()
	}
}

func (c *Call) validation(o *learn.Options) {
	v := c.Value("validation")
	if v == nil {
		o.Validation.None = c.Was("validation") == starlark.None
		return
	}
	if t, ok := asTable(v); ok {
		o.Validation.Table = t
		return
	}
	f, ok := starlark.AsFloat(v)
	if !ok || !(f >= 0 && f < 1) {
		c.wrong("validation", "a share from 0 to below 1, or a table")
	}
	o.Validation.Share, o.Validation.None = f, f == 0
}

func (c *Call) earlyStopping(o *learn.Options) {
	switch v := c.Value("early_stopping").(type) {
	case nil:
		if c.Was("early_stopping") == starlark.None {
			o.EarlyStopping = pointer(0)
		}
	case *record:
		if n, err := v.Attr("patience"); err == nil {
			i, _ := starlark.AsInt32(n)
			o.EarlyStopping = &i
		}
	case *Function:
		o.EarlyStopping = pointer(10)
	default:
		o.EarlyStopping = pointer(c.IntFrom("early_stopping", 1, 10))
	}
}

func (c *Call) classWeight(o *learn.Options) {
	switch v := c.Value("class_weight").(type) {
	case nil:
	case starlark.String:
		if v != "balanced" {
			c.wrong("class_weight", "\"balanced\" or a dictionary {class: weight}")
		}
		o.ClassWeight.Balanced = true
	case *starlark.Dict:
		o.ClassWeight.By = map[string]float64{}
		for _, kv := range v.Items() {
			key, isText := starlark.AsString(kv[0])
			if !isText {
				key = kv[0].String()
			}
			w, ok := starlark.AsFloat(kv[1])
			if !ok || !(w >= 0) {
				c.Fail("class_weight", "the weight of %s is a number of at least 0, got %s", key, describe(kv[1]))
			}
			o.ClassWeight.By[key] = w
		}
	default:
		c.wrong("class_weight", "\"balanced\" or a dictionary {class: weight}")
	}
}

// prep reads a preparation: "auto", steps, or None for none.
func (c *Call) prep(name string, o *learn.Options) {
	v := c.Was(name)
	switch {
	case v == nil:
	case v == starlark.None:
		o.NoPrep = true
	case v == starlark.String("auto"):
		o.Prep = table.Auto{}
	default:
		p, ok := asPrep(v)
		if !ok {
			c.wrong(name, "\"auto\", steps such as standardize() >> one_hot(), or None")
		}
		o.Prep = p
	}
}

func (c *Call) record(o *learn.Options) {
	switch v := c.Value("record").(type) {
	case nil:
	case starlark.String:
		if v == "auto" {
			return
		}
		o.Record = []string{string(v)}
	default:
		o.Record = c.Texts("record")
	}
	for _, r := range o.Record {
		if r != "none" && r != "weights" && r != "gradients" && r != "activations" {
			c.wrong("record", "\"auto\", \"none\", or a list of \"weights\", \"gradients\", \"activations\"")
		}
	}
}

// onEpoch wraps a function of the cell. It runs with the lock, which the
// training does not hold.
func (c *Call) onEpoch(name string) func(learn.Epoch, []string) (bool, error) {
	f := c.Callable(name)
	if f == nil {
		return nil
	}
	return func(e learn.Epoch, metrics []string) (bool, error) {
		s := c.Session()
		s.mu.Lock()
		defer s.mu.Unlock()
		v, err := starlark.Call(c.Thread, f, starlark.Tuple{epochRecord(e, metrics)}, nil)
		if c.Context().Err() != nil { // the training ends by itself
			c.Thread.Uncancel()
			return false, nil
		}
		if err != nil {
			return true, err
		}
		return v == starlark.True, nil
	}
}

func epochRecord(e learn.Epoch, metrics []string) *record {
	r := newRecord("epoch", field{"epoch", starlark.MakeInt(e.Epoch)}, field{"loss", starlark.Float(e.Loss)})
	if e.ValLoss == e.ValLoss {
		r.fields = append(r.fields, field{"val_loss", starlark.Float(e.ValLoss)})
	}
	add := func(prefix string, values []float64) {
		for i, v := range values {
			r.fields = append(r.fields, field{prefix + metrics[i], starlark.Float(v)})
		}
	}
	add("", e.Metrics)
	add("val_", e.ValMetrics)
	r.fields = append(r.fields, field{"lr", starlark.Float(e.Rate)})
	return r
}
