package learn

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mlpkernel/nn/philox"
	"mlpkernel/table"
)

// Importance is how much a score suffers when a column is shuffled (Breiman
// 2001), for every column that the model learns from, the greatest first.
type Importance struct {
	Metric   string
	Score    float64 // with the columns as they are
	Features []string
	Value    []float64 // mean loss of score; positive is important, whichever way the metric goes
	Spread   []float64 // standard deviation over the repeats
}

// Importance shuffles each column so many times (0: 5). metric "" is accuracy
// or rmse.
func (m *Model) Importance(ctx context.Context, t *table.Table, metric string, repeats int, seed uint64) (*Importance, error) {
	if metric == "" {
		metric = defaultMetric(m.coder.target.Kind)
	}
	d, err := findMetric(metric)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(d.Kinds, m.coder.target.Kind) {
		return nil, fmt.Errorf("metric %q is not for %s; there are %s", metric, kindText(m.coder.target.Kind), nameList(metricNames(m.coder.target.Kind)))
	}
	if repeats == 0 {
		repeats = 5
	}
	keep, err := m.coder.target.Complete(t)
	if err != nil {
		return nil, err
	}
	t = t.Take(keep)
	a, _, _, err := m.answers(ctx, t)
	if err != nil {
		return nil, err
	}
	out := &Importance{Metric: metric, Score: d.F(a)}
	for f, in := range m.coder.prep.Inputs() {
		drops, err := m.drops(ctx, t, in.Name, d, out.Score, repeats, seed, f)
		if err != nil {
			return nil, err
		}
		mean, std := meanStd(drops)
		if math.Abs(mean) < rounding*math.Abs(out.Score) {
			mean = 0
		}
		out.Features, out.Value, out.Spread = append(out.Features, in.Name), append(out.Value, mean), append(out.Spread, std)
	}
	out.sort()
	return out, nil
}

// rounding is the share of a score below which differences are but those of
// rounding.
const rounding = 1e-14

// drops are the losses of score by repeat.
func (m *Model) drops(ctx context.Context, t *table.Table, name string, d Metric, score float64, repeats int, seed uint64, feature int) ([]float64, error) {
	c, err := t.Col(name)
	if err != nil {
		return nil, err
	}
	var out []float64
	for r := range repeats {
		perm := philox.New(seed, philox.User, feature, r).Permutation(t.Len())
		order := make([]int, len(perm))
		for i, p := range perm {
			order[i] = int(p)
		}
		shuffled, err := t.Assign(c.Take(order))
		if err != nil {
			return nil, err
		}
		a, err := m.againstTruth(ctx, shuffled, t)
		if err != nil {
			return nil, err
		}
		drop := score - d.F(a)
		if d.LowerIsBetter {
			drop = -drop
		}
		out = append(out, drop)
	}
	return out, nil
}

// againstTruth are answers for rows, beside the targets of other rows: in an
// autoencoder a shuffled column is target as well.
func (m *Model) againstTruth(ctx context.Context, t, truths *table.Table) (*Answers, error) {
	a, _, err := m.ask(ctx, t)
	if err != nil {
		return nil, err
	}
	r, err := m.coder.complete(truths)
	if err != nil {
		return nil, err
	}
	a.Class, a.Y = r.truth.class, r.truth.y
	return a, nil
}

func (p *Importance) sort() {
	order := make([]int, len(p.Value))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case p.Value[a] > p.Value[b]:
			return -1
		case p.Value[a] < p.Value[b]:
			return 1
		}
		return 0
	})
	q := *p
	p.Features, p.Value, p.Spread = nil, nil, nil
	for _, i := range order {
		p.Features, p.Value, p.Spread = append(p.Features, q.Features[i]), append(p.Value, q.Value[i]), append(p.Spread, q.Spread[i])
	}
}

// Table is the importance as a table.
func (p *Importance) Table() (*table.Table, error) {
	return table.New(table.Texts("feature", p.Features, nil), table.Numbers("importance", p.Value), table.Numbers("std", p.Spread))
}

// Dependence is how predictions go with one column when the others stay as
// they are (Friedman 2001).
type Dependence struct {
	Feature, Output string
	X               []float64 // values, seconds since 1970 of times, or positions of Levels
	Levels          []string
	Times           bool // X are times
	Different       int  // values of the column; Levels are the most frequent of them
	Mean            []float64
	Averaged, Total int         // rows that Mean is over, and rows there are
	Rows            [][]float64 // for some rows: predictions over X
	Rug             []float64   // values in the table, at most 200
}

// dependenceRows and dependencePoints bound the work.
const (
	dependenceRows   = 200
	dependencePoints = 40
	dependenceLines  = 50
)

// Dependence varies one column. output names a class, label or number; "" is
// the positive class, or the first output otherwise.
func (m *Model) Dependence(ctx context.Context, t *table.Table, feature, output string) (*Dependence, error) {
	names := m.outputNames()
	k := slices.Index(names, output)
	switch {
	case output == "" && m.coder.target.Kind == table.TargetBinary:
		k = 1
	case output == "":
		k = 0
	case k < 0:
		return nil, fmt.Errorf("the model has no output %q; there are %s", output, nameList(names))
	}
	c, err := t.Col(feature)
	if err != nil {
		return nil, err
	}
	values, different, err := m.values(c)
	if err != nil {
		return nil, err
	}
	out := &Dependence{Feature: feature, Output: names[k], Times: c.Type() == table.Time, Different: different, Total: t.Len()}
	t = everyNth(t, dependenceRows)
	out.Averaged = t.Len()
	for i := range values.Len() {
		all, err := t.Assign(values.Take(slices.Repeat([]int{i}, t.Len())))
		if err != nil {
			return nil, err
		}
		says, err := m.Outputs(ctx, all)
		if err != nil {
			return nil, err
		}
		out.add(values, i, pickColumn(says.V, says.Cols, k))
	}
	if measured(c) {
		out.Rug = rug(c)
	}
	return out, nil
}

func (d *Dependence) add(values *table.Column, i int, p []float64) {
	x := float64(i)
	if measured(values) {
		x = values.Float(i)
	} else {
		d.Levels = append(d.Levels, values.Format(i))
	}
	mean, _ := meanStd(p)
	d.X, d.Mean = append(d.X, x), append(d.Mean, mean)
	for r := range min(len(p), dependenceLines) {
		if i == 0 {
			d.Rows = append(d.Rows, nil)
		}
		d.Rows[r] = append(d.Rows[r], p[r])
	}
}

// measured says whether values stand along an axis: numbers and times.
func measured(c *table.Column) bool { return c.Type() == table.Number || c.Type() == table.Time }

// values are what a column is set to, and how many different ones there are: all of
// them or, where they are too many, quantiles of numbers, even steps through times,
// and the most frequent of others.
func (m *Model) values(c *table.Column) (*table.Column, int, error) {
	used := slices.ContainsFunc(m.coder.prep.Inputs(), func(in table.Input) bool { return in.Name == c.Name() })
	switch {
	case !used:
		return nil, 0, fmt.Errorf("the model does not learn from %q", c.Name())
	case c.Type() == table.Vector || c.Type() == table.Image:
		return nil, 0, fmt.Errorf("column %q is %s; dependence is on a single value", c.Name(), c.Type())
	}
	u := c.Unique()
	n := u.Len()
	switch {
	case n <= dependencePoints:
		return u, n, nil
	case c.Type() == table.Number:
		q, err := quantiles(c)
		return q, n, err
	case c.Type() == table.Time:
		pick := make([]int, dependencePoints)
		for i := range pick {
			pick[i] = i * (n - 1) / (dependencePoints - 1)
		}
		return u.Take(pick), n, nil
	}
	return c.Counts().At(0).Slice(0, dependencePoints), n, nil
}

// quantiles are as many different quantiles as there are points, or fewer.
func quantiles(c *table.Column) (*table.Column, error) {
	v := make([]float64, dependencePoints)
	for i := range v {
		var err error
		if v[i], err = c.Quantile(0.01 + float64(0.98*(float64(i)/(dependencePoints-1)))); err != nil {
			return nil, err
		}
	}
	return table.Numbers(c.Name(), slices.Compact(v)), nil
}

// everyNth takes at most n rows, evenly.
func everyNth(t *table.Table, n int) *table.Table {
	if t.Len() <= n {
		return t
	}
	pick := make([]int, n)
	for i := range pick {
		pick[i] = i * t.Len() / n
	}
	return t.Take(pick)
}

func rug(c *table.Column) []float64 {
	var out []float64
	stride := max(1, c.Len()/dependenceRows)
	for i := 0; i < c.Len(); i += stride {
		if v := c.Float(i); !math.IsNaN(v) {
			out = append(out, v)
		}
	}
	return out
}
