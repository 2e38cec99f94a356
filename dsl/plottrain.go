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
	{
		Sig:  "sweep(experiment)",
		Doc:  "The scores of a sweep over its parameters; of other experiments, the score of each trial with its spread.\n\n```python\ns = sweep(lambda p: trial(dense(8, relu) >> dropout(p) >> output(), epochs=5), train, \"species\", grid={\"p\": [0, 0.3, 0.6]})\nplot.sweep(s)\n```",
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
	r := display.Run{}
	watched := false
	for _, e := range m.Epochs() {
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

// histogram is a recorded distribution as a picture wants it.
func histogram(h nn.Histogram) display.Histogram {
	lo, hi := h.Lo, h.Hi
	if !(hi > lo) { // all values are equal
		margin := 0.01*math.Abs(lo) + 1e-6
		lo, hi = lo-margin, hi+margin
	}
	n := len(h.Counts)
	out := display.Histogram{Edges: make([]float64, n+1), Counts: make([]float64, n)}
	for i := range out.Edges {
		out.Edges[i] = lo + (hi-lo)*float64(i)/float64(n)
	}
	for i, k := range h.Counts {
		out.Counts[i] = float64(k)
	}
	return out
}

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
		d := display.LearningRateData{Rates: r.r.Rates, Loss: r.r.Loss, Smooth: r.r.Smooth, Suggestion: r.r.Suggestion, LossName: strings.ReplaceAll(r.r.LossName, "_", " ")}
		return figure(display.LearningRate(d, o))
	}
	if t, ok := asTable(c.Value("test")); ok && t.Has("rate") && t.Has("loss") {
		c.given["rate"], c.given["loss"] = starlark.String("rate"), starlark.String("loss")
		d := display.LearningRateData{}
		d.Rates, _ = c.plotNumbers(t, "rate")
		d.Loss, _ = c.plotNumbers(t, "loss")
		if c.Err() != nil {
			return nil, nil
		}
		return figure(display.LearningRate(d, o))
	}
	c.wrong("test", "what find_lr(net, train, \"y\") gives")
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
