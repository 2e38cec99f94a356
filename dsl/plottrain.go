package dsl

import (
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

// trainingPictures are about the course of trainings.
var trainingPictures = []picture{
	{
		Sig:  "loss(model, log=\"auto\")",
		Doc:  "The loss by epoch on training and validation rows, with the best epoch marked.\n\n```python\nplot.loss(m)\nplot.loss({\"sigmoid\": m1, \"relu\": m2})\n```",
		Args: []string{"model: a model, a history (`m.history`), a list of losses, or a dictionary of several", "log: a logarithmic axis: \"auto\", True or False"},
		Draw: plotLoss,
	},
	{
		Sig:  "metric(model, name=None)",
		Doc:  "A metric by epoch on training and validation rows.\n\n```python\nplot.metric(m, \"accuracy\")\n```",
		Args: []string{"model: a model, a history, or a dictionary of several", "name: one of the metrics that `fit` was given; left out, the first"},
		Draw: plotMetric,
	},
	{
		Sig:  "schedule(*schedules, steps=500, epochs=50, log=False)",
		Doc:  "How a rate changes over the steps of a training.\n\n```python\nplot.schedule(one_cycle(0.01), cosine(0.01), steps=500)\n```",
		Args: []string{"schedules: schedules, optimisers (their learning rate is drawn), or dictionaries of these by name", "steps: how many steps the training has", "epochs: how many epochs they are, for schedules that count epochs", "log: a logarithmic axis"},
		Draw: plotSchedule,
	},
	{
		Sig:  "learning_rate(test)",
		Doc:  "The loss over the learning rate of a range test, with the suggestion marked.\n\n```python\nplot.learning_rate(find_lr(net, train, \"species\"))\n```",
		Args: []string{"test: what `find_lr` gave, or a table with the columns rate and loss"},
		Draw: plotLearningRate,
	},
	learningCurvePicture,
	{
		Sig:  "sweep(experiment)",
		Doc:  "The scores of a sweep over its parameters, such as the error against the dropout rate; of other experiments, the score of each trial with its spread.\n\n```python\ns = sweep(lambda p: trial(dense(8, relu) >> dropout(p) >> output(), epochs=5), train, \"species\", grid={\"p\": [0, 0.3, 0.6]})\nplot.sweep(s)\n```",
		Args: []string{"experiment: what `sweep`, `compare` or `cross_validate` gave"},
		Draw: plotSweep,
	},
}

// course is the run of a training with the name of its loss.
type course struct {
	run  display.Run
	loss string
}

// asCourse takes a model, its history, or a list of losses.
func asCourse(v starlark.Value) (course, bool) {
	if m, ok := asModel(v); ok {
		return course{modelRun("", m), lossLabel(m)}, true
	}
	if t, ok := asTable(v); ok {
		r, ok := historyRun(t, "loss")
		return course{r, "loss"}, ok
	}
	if col, ok := asValues(v); ok && col.Type() == table.Number {
		return course{display.Run{Train: col.Floats()}, "loss"}, true
	}
	return course{}, false
}

// historyRun takes a run out of a table such as m.history.
func historyRun(t *table.Table, name string) (display.Run, bool) {
	numbers := func(name string) []float64 {
		if c, err := t.Col(name); err == nil {
			return c.Floats()
		}
		return nil
	}
	r := display.Run{Train: numbers(name), Epochs: numbers("epoch"), Validation: numbers("val_" + name)}
	if r.Validation != nil && missingIn(r.Validation) == len(r.Validation) {
		r.Validation = nil
	}
	return r, r.Train != nil
}

func plotLoss(c *Call, o display.Options) (starlark.Value, error) {
	courses := several(c, "model", "a model, its history, or a list of losses", asCourse)
	log := "auto"
	if b, ok := c.Value("log").(starlark.Bool); ok {
		log = map[bool]string{true: "yes", false: "no"}[bool(b)]
	} else {
		log = c.OneOf("log", "auto", "yes", "no")
	}
	if c.Err() != nil {
		return nil, nil
	}
	d := display.LossData{Log: log}
	for _, x := range courses {
		if len(x.value.run.Train) == 0 {
			return nil, Errorf("ValueError", "plot.loss: %s was trained for no epoch, so there is nothing to draw", orText(x.name, "the model"))
		}
		x.value.run.Name = x.name
		d.Runs = append(d.Runs, x.value.run)
		d.Loss = x.value.loss
	}
	for _, x := range courses {
		if x.value.loss != d.Loss {
			d.Loss = "loss"
		}
	}
	return figure(display.Loss(d, o))
}

func orText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func plotMetric(c *Call, o display.Options) (starlark.Value, error) {
	type scored struct {
		run  display.Run
		name string
	}
	want := c.Text("name", "")
	var unknown error
	runs := several(c, "model", "a model or its history", func(v starlark.Value) (scored, bool) {
		if m, ok := asModel(v); ok {
			name, r, err := metricRun(m, want)
			unknown = firstError(unknown, err)
			return scored{r, name}, true
		}
		if t, ok := asTable(v); ok && want != "" {
			r, ok := historyRun(t, want)
			return scored{r, want}, ok
		}
		return scored{}, false
	})
	if c.Err() != nil || unknown != nil {
		return nil, unknown
	}
	d := display.MetricData{}
	for _, x := range runs {
		x.value.run.Name = x.name
		d.Runs, d.Metric = append(d.Runs, x.value.run), x.value.name
	}
	for _, m := range learn.Metrics() {
		if m.Name == d.Metric {
			d.LowerIsBetter = m.LowerIsBetter
		}
	}
	d.Metric = metricLabel(d.Metric)
	return figure(display.Metric(d, o))
}

// metricLabel writes a metric's name for an axis.
func metricLabel(name string) string {
	if s := map[string]string{"auc": "AUC", "rmse": "RMSE", "mae": "MAE", "r2": "R²", "f1": "F1"}[name]; s != "" {
		return s
	}
	return strings.ReplaceAll(name, "_", " ")
}

func firstError(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// metricRun is the course of a metric, at the epochs where it was scored.
func metricRun(m *learn.Model, name string) (string, display.Run, error) {
	have := m.Settings().Metrics
	if name == "" && len(have) > 0 {
		name = have[0]
	}
	k := slices.Index(have, name)
	if k < 0 {
		return "", display.Run{}, noMetric(name, have)
	}
	r := display.Run{Sparse: true}
	watched := false
	for e := range m.Epochs().All() {
		train, valid := at(e.Metrics, k), at(e.ValMetrics, k)
		if math.IsNaN(train) && math.IsNaN(valid) {
			continue
		}
		watched = watched || !math.IsNaN(valid)
		r.Epochs, r.Train, r.Validation = append(r.Epochs, float64(e.Epoch)), append(r.Train, train), append(r.Validation, valid)
	}
	if !watched {
		r.Validation = nil
	}
	if len(r.Epochs) == 0 {
		return "", r, Errorf("ValueError", "plot.metric: the model was trained for no epoch, so there is nothing to draw")
	}
	return name, r, nil
}

// noMetric tells a metric that was not scored from one that does not exist.
func noMetric(name string, have []string) error {
	var all []string
	for _, m := range learn.Metrics() {
		all = append(all, m.Name)
	}
	if slices.Contains(all, name) {
		return Errorf("ValueError", "plot.metric: %s was not scored while training; fit with metrics=[%q]; this model has %s", name, name, orText(strings.Join(have, ", "), "none"))
	}
	return Errorf("ValueError", "plot.metric: there is no metric %q%s; metrics() lists them, and this model has %s", name, suggest(name, all, nil), orText(strings.Join(have, ", "), "none"))
}

// at is element i, NaN beyond the end.
func at(v []float64, i int) float64 {
	if i < len(v) {
		return v[i]
	}
	return notANumber
}

// rated is a rate with its source text.
type rated struct {
	rule nn.Schedule
	text string
}

func asRate(v starlark.Value) (rated, bool) {
	if o, ok := v.(*optimizerValue); ok {
		return rated{o.rule.LR, o.String()}, true
	}
	s, ok := asSchedule(v)
	return rated{s, s.String()}, ok
}

// maxSteps is how many steps of a schedule are drawn at most.
const maxSteps = 1000

func plotSchedule(c *Call, o display.Options) (starlark.Value, error) {
	steps, epochs := c.IntFrom("steps", 1, 500), c.IntFrom("epochs", 1, 50)
	d := display.ScheduleData{Log: c.Bool("log", false)}
	for i := range c.Args {
		key := fmt.Sprintf("schedule %d", i+1)
		c.given[key] = c.Args[i]
		for _, r := range several(c, key, "a schedule such as cosine(0.01), or an optimiser", asRate) {
			s := display.Series{Name: orText(r.name, r.value.text)}
			stride := (steps + maxSteps - 1) / maxSteps
			for step := 0; step < steps; step += stride {
				s.X = append(s.X, float64(step))
				s.Y = append(s.Y, r.value.rule.At(nn.Clock{Step: step, Steps: steps, PerEpoch: max(1, steps/epochs)}))
			}
			d.Schedules = append(d.Schedules, s)
		}
	}
	if c.Err() == nil && len(d.Schedules) == 0 {
		return nil, Errorf("TypeError", "plot.schedule: give a schedule, e.g. plot.schedule(one_cycle(0.01), steps=500)")
	}
	if c.Err() != nil {
		return nil, nil
	}
	return figure(display.Schedule(d, o))
}

func plotLearningRate(c *Call, o display.Options) (starlark.Value, error) {
	if r, ok := c.Value("test").(*rateTestValue); ok {
		return figure(display.LearningRate(r.data(), o))
	}
	if t, ok := asTable(c.Value("test")); ok && t.Has("lr") && t.Has("loss") {
		c.given["lr"], c.given["loss"] = starlark.String("lr"), starlark.String("loss")
		d := display.LearningRateData{}
		d.Rates, _ = c.plotNumbers(t, "lr")
		d.Loss, _ = c.plotNumbers(t, "loss")
		if c.Err() != nil {
			return nil, nil
		}
		return figure(display.LearningRate(d, o))
	}
	c.wrong("test", "what find_lr(net, train, \"y\") gives, or a table with the columns lr and loss")
	return nil, nil
}

func plotSweep(c *Call, o display.Options) (starlark.Value, error) {
	v, ok := c.Value("experiment").(*experimentValue)
	if !ok {
		c.wrong("experiment", "what sweep, compare or cross_validate gives")
	}
	if c.Err() != nil {
		return nil, nil
	}
	x, spread := v.x, v.x.Spread
	if missingIn(spread) == len(spread) {
		spread = nil
	}
	if len(x.Axes) == 0 {
		d := display.BarData{Labels: x.Trials, Groups: []display.Group{{Name: x.Metric, Values: x.Score}}, Label: "trial", Value: metricLabel(x.Metric) + " on held-out rows"}
		if spread != nil {
			d.Spread = [][]float64{spread}
		}
		if o.Title == "" {
			o.Title = "Trials by " + metricLabel(x.Metric)
		}
		return figure(display.Bar(d, o))
	}
	d := display.SweepData{At: x.At, Score: x.Score, Spread: spread, Metric: metricLabel(x.Metric), LowerIsBetter: x.LowerIsBetter}
	for _, a := range x.Axes {
		d.Axes = append(d.Axes, display.SweepAxis{Name: a.Name, Values: a.Values})
	}
	return figure(display.Sweep(d, o))
}
