package dsl

import (
	"context"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

const (
	modelDoc = "model: a model, or a dictionary of several"
	rowsDoc  = "rows: rows with targets"
)

// scorePictures say how good models are.
var scorePictures = []picture{
	{
		Sig:  "confusion(model, rows=None)",
		Doc:  "The confusion matrix: true classes by row, predicted ones by column.\n\n```python\nplot.confusion(m, test)\nplot.confusion(test[\"species\"], m.predict(test))\n```",
		Args: []string{"model: a model or a dictionary of several, an evaluation (`m.evaluate(test)`), or the true classes", "rows: rows with targets; after true classes, the predicted ones"},
		Draw: plotConfusion,
	},
	{
		Sig:  "roc(model, rows)",
		Doc:  "True positive rate over false positive rate as the threshold falls, with the area under the curve; for several classes, each against the others.\n\n```python\nplot.roc(m, test)\n```",
		Args: []string{modelDoc, rowsDoc},
		Draw: rateCurves((*learn.Model).ROC, display.ROC),
	},
	{
		Sig:  "precision_recall(model, rows)",
		Doc:  "Precision over recall as the threshold falls, with the average precision; for several classes, each against the others.\n\n```python\nplot.precision_recall(m, test)\n```",
		Args: []string{modelDoc, rowsDoc},
		Draw: rateCurves((*learn.Model).PrecisionRecall, display.PrecisionRecall),
	},
	{
		Sig:  "calibration(model, rows, bins=10)",
		Doc:  "How often what was predicted with a probability comes true, with the number of rows in each bin.\n\n```python\nplot.calibration(m, test, bins=5)\n```",
		Args: []string{modelDoc, rowsDoc, "bins: equal parts of the probabilities"},
		Draw: plotCalibration,
	},
	{
		Sig:  "residuals(model, rows=None)",
		Doc:  "Predicted over actual numbers, and how the residuals (actual minus predicted) are distributed.\n\n```python\nplot.residuals(regression, test)\nplot.residuals(test[\"body_mass_g\"], regression.predict(test))\n```",
		Args: []string{"model: a model or a dictionary of several, or the actual numbers", "rows: rows with targets; after actual numbers, the predicted ones"},
		Draw: plotResiduals,
	},
	{
		Sig:  "importance(model, rows, metric=None, repeats=5, seed=0, top=20)",
		Doc:  "How much a score suffers when a column is shuffled, for each column that the model learns from.\n\n```python\nplot.importance(m, test, repeats=2)\n```",
		Args: []string{modelDoc, rowsDoc, "metric: left out, accuracy or rmse", "repeats: how often each column is shuffled", "seed: of the shuffling", "top: how many columns are drawn at most"},
		Draw: plotImportance,
	},
	{
		Sig:  "dependence(model, rows, feature, output=None)",
		Doc:  "How the prediction goes with one column when all others stay as they are: the mean over at most 200 rows, and single rows behind it. Of a category with many levels the 40 most frequent are drawn.\n\n```python\nplot.dependence(m, test, \"bill_length_mm\", output=\"Gentoo\")\n```",
		Args: []string{modelDoc, "rows: the rows to start from", "feature: the name of a column", "output: which class or target; left out, the positive class or the first one"},
		Draw: plotDependence,
	},
}

// plainColumn returns an argument that is a column of values, or a table of
// one column such as predictions.
func plainColumn(v starlark.Value) (*table.Column, bool) {
	if col, ok := asValues(v); ok {
		return col, true
	}
	if t, ok := v.(*tableValue); ok && t.t.Width() == 1 {
		return t.t.At(0), true
	}
	return nil, false
}

// pair reads the arguments model and rows as two columns of values: the truth
// and what is predicted. It is false if model is no column.
func (c *Call) pair() (truth, says *table.Column, ok bool) {
	truth, ok = plainColumn(c.Value("model"))
	if !ok {
		return nil, nil, false
	}
	says, ok = plainColumn(c.Value("rows"))
	switch {
	case !ok:
		c.wrong("rows", "the predicted values, beside the true ones")
	case says.Len() != truth.Len():
		c.Fail("rows", "want a prediction for each of the %d true values, got %d", truth.Len(), says.Len())
	}
	return truth, says, true
}

func plotConfusion(c *Call, o display.Options) (starlark.Value, error) {
	if truth, says, ok := c.pair(); ok {
		if c.Err() != nil {
			return nil, nil
		}
		d, err := countPairs(truth, says)
		if err != nil {
			return nil, err
		}
		return figure(display.Confusion(d, o))
	}
	if e, ok := c.Value("model").(*evaluationValue); ok {
		return figure(confusion(e.e, strings.Join(e.target, ", "), o))
	}
	ms := c.models()
	t := c.rows("rows", ms)
	if c.Err() != nil {
		return nil, nil
	}
	return beside(ms, o, 2, func(m *learn.Model, o display.Options) (*display.Figure, error) {
		e, err := compute(c, func(ctx context.Context) (*learn.Evaluation, error) { return m.Evaluate(ctx, t) })
		if err != nil {
			return nil, err
		}
		return confusion(e, strings.Join(m.Settings().Target, ", "), o)
	})
}

func confusion(e *learn.Evaluation, target string, o display.Options) (*display.Figure, error) {
	if e.Confusion == nil {
		see := "plot.residuals"
		if e.Kind == table.TargetLabels {
			see = "plot.roc, and the scores of each target in the evaluation"
		}
		return nil, Errorf("ValueError", "plot.confusion: this is for classes, and the model predicts %s; see %s", e.Kind, see)
	}
	d := display.ConfusionData{Classes: e.Classes, Target: target}
	for _, row := range e.Confusion {
		var counts []float64
		for _, n := range row {
			counts = append(counts, float64(n))
		}
		d.Counts = append(d.Counts, counts)
	}
	return display.Confusion(d, o)
}

// countPairs counts true and predicted classes.
func countPairs(truth, says *table.Column) (display.ConfusionData, error) {
	d := display.ConfusionData{Target: truth.Name()}
	var texts []string
	for _, col := range []*table.Column{truth, says} {
		for i := range col.Len() {
			texts = append(texts, col.Format(i))
		}
	}
	codes, levels, err := levelsOfColumn(table.Categories("", texts, nil))
	if err != nil {
		return d, err
	}
	d.Classes = levels
	for range levels {
		d.Counts = append(d.Counts, make([]float64, len(levels)))
	}
	n := truth.Len()
	for i := range n {
		if !truth.IsMissing(i) && !says.IsMissing(i) {
			d.Counts[codes[i]][codes[n+i]]++
		}
	}
	return d, nil
}

type curvesOf func(m *learn.Model, ctx context.Context, t *table.Table) ([]learn.Curve, error)

// rateCurves draws curves over thresholds.
func rateCurves(of curvesOf, draw func(display.RateCurvesData, display.Options) (*display.Figure, error)) func(*Call, display.Options) (starlark.Value, error) {
	return func(c *Call, o display.Options) (starlark.Value, error) {
		ms := c.models()
		t := c.rows("rows", ms)
		if c.Err() != nil {
			return nil, nil
		}
		var d display.RateCurvesData
		for _, x := range ms {
			curves, err := compute(c, func(ctx context.Context) ([]learn.Curve, error) { return of(x.value, ctx, t) })
			if err != nil {
				return nil, err
			}
			d.Positive = positive(x.value)
			for _, k := range curves {
				d.Curves = append(d.Curves, display.RateCurve{Name: curveName(x, k.Name), X: k.X, Y: k.Y, Area: k.Area, Base: k.Base})
			}
		}
		return figure(draw(d, o))
	}
}

// positive is the class that a model of two classes asks about.
func positive(m *learn.Model) string {
	if cs := m.Classes(); len(cs) == 2 && len(m.Settings().Target) == 1 {
		return cs[1]
	}
	return ""
}

// curveName names the curve of a model's class; of two classes there is one
// curve, which the model's name tells.
func curveName(x named[*learn.Model], class string) string {
	if positive(x.value) != "" {
		return orText(x.name, class)
	}
	return join(x.name, class)
}

func plotCalibration(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t, bins := c.rows("rows", ms), c.IntFrom("bins", 2, 10)
	if c.Err() != nil {
		return nil, nil
	}
	var d display.CalibrationData
	for _, x := range ms {
		curves, err := compute(c, func(ctx context.Context) ([]learn.Calibration, error) { return x.value.Calibration(ctx, t, bins) })
		if err != nil {
			return nil, err
		}
		d.Positive = positive(x.value)
		for _, k := range curves {
			d.Curves = append(d.Curves, display.CalibrationCurve{Name: curveName(x, k.Name), Predicted: k.Predicted, Observed: k.Observed, Count: k.Count, Error: k.Error})
		}
	}
	return figure(display.Calibration(d, o))
}

func plotResiduals(c *Call, o display.Options) (starlark.Value, error) {
	if truth, says, ok := c.pair(); ok {
		if c.Err() != nil {
			return nil, nil
		}
		actual, err := numbersOfColumn(truth)
		predicted, err2 := numbersOfColumn(says)
		if err := firstError(err, err2); err != nil {
			return nil, err
		}
		return figure(display.Residuals(display.ResidualsData{Actual: actual, Predicted: predicted, Target: truth.Name()}, o))
	}
	ms := c.models()
	t := c.rows("rows", ms)
	if c.Err() != nil {
		return nil, nil
	}
	var all []named[learn.Residuals]
	for _, x := range ms {
		rs, err := compute(c, func(ctx context.Context) ([]learn.Residuals, error) { return x.value.Residuals(ctx, t) })
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			name := join(x.name, r.Name)
			if len(rs) == 1 {
				name = x.name
			}
			all = append(all, named[learn.Residuals]{name, r})
		}
	}
	return beside(all, o, 1, func(r learn.Residuals, o display.Options) (*display.Figure, error) {
		return display.Residuals(display.ResidualsData{Actual: r.Actual, Predicted: r.Predicted, Target: r.Name}, o)
	})
}

func plotImportance(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t := c.rows("rows", ms)
	metric, repeats, seed, top := c.Text("metric", ""), c.IntFrom("repeats", 1, 5), c.Seed(), c.IntFrom("top", 1, 20)
	if c.Err() != nil {
		return nil, nil
	}
	return beside(ms, o, 2, func(m *learn.Model, o display.Options) (*display.Figure, error) {
		p, err := compute(c, func(ctx context.Context) (*learn.Importance, error) {
			return m.Importance(ctx, t, metric, repeats, seed)
		})
		if err != nil {
			return nil, err
		}
		change := "drop in "
		for _, x := range learn.Metrics() {
			if x.Name == p.Metric && x.LowerIsBetter {
				change = "rise in "
			}
		}
		return display.Importance(display.ImportanceData{Features: p.Features, Value: p.Value, Spread: p.Spread, Measure: change + metricLabel(p.Metric) + " when shuffled", Limit: top}, o)
	})
}

func plotDependence(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t := c.rows("rows", ms)
	feature, output := c.Text("feature", ""), c.Text("output", "")
	if c.Err() != nil {
		return nil, nil
	}
	return beside(ms, o, 2, func(m *learn.Model, o display.Options) (*display.Figure, error) {
		p, err := compute(c, func(ctx context.Context) (*learn.Dependence, error) { return m.Dependence(ctx, t, feature, output) })
		if err != nil {
			return nil, err
		}
		name := p.Output
		if m.Classes() != nil {
			name = "probability of " + name
			o.Title = orText(o.Title, "Probability of "+p.Output+" by "+p.Feature)
		}
		return display.Dependence(display.DependenceData{Feature: p.Feature, Target: name, X: p.X, Mean: p.Mean, Times: p.Times, Levels: p.Levels, Different: p.Different, Averaged: p.Averaged, Total: p.Total, Rows: p.Rows, Rug: p.Rug}, o)
	})
}
