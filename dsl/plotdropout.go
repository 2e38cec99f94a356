package dsl

import (
	"context"
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// dropoutPictures show masks and what they do.
var dropoutPictures = []picture{{
	Sig: "dropout(model, seed=0, masks=None, rows=None, row=None, over=None, interactive=False)",
	Doc: "The network drawn with the units that a dropout mask removes. With `masks`, dropout as an ensemble: several thinned networks, " +
		"what each of them says on the rows, their average, and the whole network. With `over=\"masks\"`, the score of the average by how many thinned networks are averaged (Monte-Carlo averaging), " +
		"against the one whole network.\n\n```python\nplot.dropout(m, seed=3)\nplot.dropout(m, masks=6, rows=test)\nplot.dropout(m, masks=20, rows=test, over=\"masks\")\n```",
	Args: []string{
		"model: a model with dropout layers", "seed: of the masks",
		"masks: how many thinned networks; left out, one mask is drawn large",
		"rows: what the thinned networks are asked: one row gives probabilities (or the number predicted), several rows with targets the score of each network",
		"row: which of the rows is asked about, counted from 0",
		"over: \"masks\" draws the score of the average of 1, 2, … thinned networks",
		"interactive: a slider over the masks",
	},
	Draw: plotDropout,
}}

// slideMasks is how many masks a slider shows unless told.
const slideMasks = 10

func plotDropout(c *Call, o display.Options) (starlark.Value, error) {
	m, ok := asModel(c.Value("model"))
	if !ok {
		c.wrong("model", "a model with dropout layers")
	}
	seed, interactive := c.Seed(), c.Bool("interactive", false)
	masks := c.IntFrom("masks", 1, 1)
	if interactive && !c.Given("masks") {
		masks = slideMasks
	}
	rows := c.oneRow(c.rowsFor("rows", m))
	if rows != nil && !c.Given("masks") && !interactive {
		masks = 6
	}
	averaging := c.Given("over") && c.OneOf("over", "masks") == "masks"
	if averaging && rows == nil {
		c.Fail("over", "averages are scored on rows with targets; give rows=test")
	}
	if c.Err() != nil {
		return nil, nil
	}
	if averaging {
		if !c.Given("masks") {
			masks = 50
		}
		return c.averaging(m, rows, masks, seed, o)
	}
	d, err := dropoutData(c, m, seed, masks, rows)
	switch {
	case err != nil:
		return nil, err
	case interactive:
		return slideMask(d, o)
	case masks == 1 && rows == nil:
		return figure(display.Dropout(d, o))
	}
	return figure(display.DropoutEnsemble(d, o))
}

// oneRow takes the row that the argument row asks about.
func (c *Call) oneRow(t *table.Table) *table.Table {
	i := c.IntFrom("row", 0, 0)
	if !c.Given("row") || c.Err() != nil {
		return t
	}
	switch {
	case t == nil:
		c.Fail("row", "it is the number of one of the rows, and there are none; give rows=test")
		return nil
	case i >= t.Len():
		c.Fail("row", "there are %s, counted from 0; got %d", count(t.Len(), "row", "rows"), i)
		return nil
	}
	return t.Slice(i, i+1)
}

func dropoutData(c *Call, m *learn.Model, seed uint64, masks int, rows *table.Table) (display.DropoutData, error) {
	s := modelSketch(m)
	d := display.DropoutData{Network: s.net}
	if len(m.Masks(seed, 0)) == 0 {
		return d, Errorf("ValueError", "plot.dropout: the network has no dropout layer; add one, as in dense(64, relu) >> dropout(0.5) >> output()")
	}
	for step := range masks {
		d.Masks = append(d.Masks, s.masks(m.Masks(seed, step)))
	}
	if rows == nil {
		return d, nil
	}
	t, err := compute(c, func(ctx context.Context) (*learn.Thinned, error) { return m.Thinned(ctx, rows, seed, masks) })
	if err != nil {
		return d, err
	}
	target := m.Settings().Target[0]
	switch {
	case rows.Len() == 1:
		where := ""
		if c.Given("row") {
			where = fmt.Sprintf(" of row %d", c.Int("row", 0))
		}
		d.Question = fmt.Sprintf("What each thinned network says about the %s%s", target, where)
		sayRow(&d, t, m)
	case t.Metric != "":
		d.Question = fmt.Sprintf("The %s of each thinned network on %s", t.Metric, count(min(rows.Len(), t.Whole.Rows), "row", "rows"))
		for _, score := range t.Scores {
			d.Says = append(d.Says, []float64{score})
		}
		d.Average, d.Whole, d.Answer = []float64{t.AverageScore}, []float64{t.WholeScore}, metricLabel(t.Metric)
	default:
		return d, Errorf("ValueError", "plot.dropout: several rows are scored, and these have no %s; ask about one of them by row=0", target)
	}
	return d, nil
}

// sayRow puts down what each network says about the one row. Of several
// numbers it is the first.
func sayRow(d *display.DropoutData, t *learn.Thinned, m *learn.Model) {
	n := 1
	d.Answer = m.Settings().Target[0]
	if len(m.Classes()) > 0 {
		d.Classes, n = t.Whole.Names, t.Whole.Cols
	}
	for _, says := range t.Says {
		d.Says = append(d.Says, says.Row(0)[:n])
	}
	d.Average, d.Whole = t.Average.Row(0)[:n], t.Whole.Row(0)[:n]
}

// slideMask makes a slider over masks, each drawn large.
func slideMask(d display.DropoutData, o display.Options) (starlark.Value, error) {
	var figures []*display.Figure
	var labels []string
	for i, mask := range d.Masks {
		f, err := display.Dropout(display.DropoutData{Network: d.Network, Masks: []display.Mask{mask}}, o)
		if err != nil {
			return nil, err
		}
		figures, labels = append(figures, f), append(labels, fmt.Sprint(i+1))
	}
	return slide(figures, labels, "mask")
}

// averaging draws the score of Monte-Carlo averages against that of the whole
// network.
func (c *Call) averaging(m *learn.Model, rows *table.Table, masks int, seed uint64, o display.Options) (starlark.Value, error) {
	a, err := compute(c, func(ctx context.Context) (*learn.Averaging, error) { return m.Averaging(ctx, rows, masks, seed) })
	if err != nil {
		return nil, err
	}
	n := make([]float64, masks)
	for i := range n {
		n[i] = float64(i + 1)
	}
	o.Title = orText(o.Title, "Averages of thinned networks and the whole network")
	return figure(display.LearningCurve(display.LearningCurveData{
		Metric: metricLabel(a.Metric), Size: "thinned networks averaged", Log: masks > 20,
		Bands: []display.Band{{Name: "average", X: n, Mean: a.Mean, Spread: a.Spread}, {Name: "whole network", X: n, Mean: slices.Repeat([]float64{a.Whole}, masks)}},
	}, o))
}
