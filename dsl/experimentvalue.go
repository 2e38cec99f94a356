package dsl

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// experimentValue is the result of many trainings: a table with mean and spread.
type experimentValue struct{ x *learn.Experiment }

var (
	_ starlark.HasAttrs = (*experimentValue)(nil)
	_ display.Bundler   = (*experimentValue)(nil)
)

func (e *experimentValue) String() string {
	best := e.x.Best()
	return fmt.Sprintf("<experiment of %s, best %s>", count(len(e.x.Trials), "trial", "trials"), e.x.Trials[best])
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
	case "notes":
		return textList(e.x.Notes), nil
	case "models":
		var out []starlark.Value
		for _, m := range e.x.Models {
			if m != nil {
				out = append(out, &modelValue{m})
			}
		}
		return starlark.NewList(out), nil
	}
	return nil, noAttribute(e, name, nil)
}

func (e *experimentValue) AttrNames() []string {
	return []string{"best", "metric", "models", "notes", "runs", "scores", "summary"}
}

// Bundle shows mean and spread of the scores that matter; .summary has all.
func (e *experimentValue) Bundle() display.Bundle {
	if len(e.x.Trials) == 1 {
		return e.folds().Bundle()
	}
	return e.trials().Bundle()
}

// folds shows one trial, a line for each score, over its runs.
func (e *experimentValue) folds() display.TableView {
	metrics := e.x.Metrics()
	v := display.TableView{Name: e.x.Trials[0], Head: len(metrics), Rows: len(metrics), Notes: e.x.Notes}
	cols := make([][]string, 5)
	for _, name := range metrics {
		runs := runsOf(e.x.Runs, name)
		mean, std := e.x.Of(name, 0)
		for k, text := range []string{metricLabel(name), short(mean), short(std), short(slices.Min(runs)), short(slices.Max(runs))} {
			cols[k] = append(cols[k], text)
		}
	}
	for k, name := range []string{"score", "mean", "± std", "least", "greatest"} {
		v.Columns = append(v.Columns, display.TableColumn{Name: name, Cells: cols[k], Right: k > 0})
	}
	by := e.x.Runs.Columns()[1] // seed or fold
	v.Notes = append([]string{fmt.Sprintf("over %s; .runs has each", count(e.x.Runs.Len(), by, by+"s"))}, v.Notes...)
	return v
}

// A sweep shows its best trials and its last ones.
const (
	maxTrials  = 20
	bestTrials = 12
	lastTrials = 3
)

// trials shows a line for each trial. Those of a sweep are ranked.
func (e *experimentValue) trials() display.TableView {
	x := e.x
	order := steps(0, len(x.Trials), 1)
	if x.Axes != nil {
		slices.SortStableFunc(order, func(i, j int) int { return e.rank(i, j) })
	}
	v := display.TableView{Head: len(order), Rows: len(order), Notes: slices.Clone(x.Notes)}
	if x.Axes != nil {
		v.Notes = append(v.Notes, "the best stand first; .summary has the order of the grid, plot.sweep draws it")
	}
	if len(order) > maxTrials {
		v.Head = bestTrials
		order = append(order[:bestTrials:bestTrials], order[len(order)-lastTrials:]...)
	}
	add := func(name string, right bool, text func(i int) string) {
		col := display.TableColumn{Name: name, Right: right}
		for _, i := range order {
			col.Cells = append(col.Cells, text(i))
		}
		v.Columns = append(v.Columns, col)
	}
	if x.Axes == nil {
		add("trial", false, func(i int) string { return x.Trials[i] })
	}
	for a, axis := range x.Axes {
		add(axis.Name, true, func(i int) string { return axis.Values[x.At[i][a]] })
	}
	runs := runsOf(x.Summary, "runs")
	several := slices.Max(runs) > 1
	add("runs", true, func(i int) string { return short(runs[i]) })
	for k, name := range x.Metrics() {
		add(metricLabel(name), true, func(i int) string { return spread(x.Of(name, i)) })
		if k == 0 && several {
			add("to the best", true, e.difference)
		}
	}
	if several {
		v.Notes = append(v.Notes, "to the best: mean difference ± half its 95 % interval over the seeds; (noise): it may well be chance")
	} else {
		v.Notes = append(v.Notes, "one run each: seeds=5 tells differences from noise")
	}
	return v
}

// rank orders trials by score, those without one last.
func (e *experimentValue) rank(i, j int) int {
	a, b := e.x.Score[i], e.x.Score[j]
	if e.x.LowerIsBetter {
		a, b = -a, -b
	}
	return cmp.Compare(b, a) // NaN is the least of all
}

// difference is how far a trial is from the best.
func (e *experimentValue) difference(i int) string {
	c := e.x.Against[i]
	switch {
	case i == e.x.Best():
		return "best"
	case !c.Known():
		return "–"
	case c.Diff == 0 && c.Margin == 0:
		return "the same"
	case c.WithinNoise():
		return fmt.Sprintf("%+.2g ± %.2g (noise)", c.Diff, c.Margin)
	}
	return fmt.Sprintf("%+.2g ± %.2g", c.Diff, c.Margin)
}

// spread is a mean with its standard deviation, if there is one.
func spread(mean, std float64) string {
	if math.IsNaN(std) {
		return short(mean)
	}
	return fmt.Sprintf("%.4g ± %.2g", mean, std)
}

// short is a number to be read, – for none.
func short(v float64) string {
	if math.IsNaN(v) {
		return "–"
	}
	return fmt.Sprintf("%.4g", v)
}

func runsOf(t *table.Table, name string) []float64 {
	c, err := t.Col(name)
	if err != nil {
		return []float64{math.NaN()}
	}
	return c.Floats()
}
