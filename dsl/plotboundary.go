package dsl

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// boundaryPictures draw models as functions of two columns.
var boundaryPictures = []picture{{
	Sig: "boundary(model, rows, x=None, y=None, units=False, output=None, steps=60, over=None, interactive=False)",
	Doc: "The function that a model has learnt over two columns of numbers, the boundary between classes, and the rows on top. The other columns are held at their typical values. " +
		"With `units=True`, the map of each hidden unit as well.\n\n```python\nplot.boundary(m, train, x=\"bill_length_mm\", y=\"bill_depth_mm\", units=True)\n```",
	Args: []string{
		"model: a model, or a dictionary of several", "rows: the rows to draw, which also give the range",
		"x, y: names of columns of numbers; left out, the first two that the model learns from",
		"units: the maps of hidden units too", "output: which class or target is drawn, where there are several numbers or labels",
		"steps: points along each axis; four times as many where a network says 0 or 1 and nothing between",
		"over: the name of a further column of numbers; a map for each of five of its values",
		"interactive: a slider over the column `over`, or over several models",
	},
	Draw: plotBoundary,
}}

// overValues is how many values of a further column are drawn.
const overValues = 5

// view is one map to be drawn: a model over some rows.
type view struct {
	m    *learn.Model
	rows *table.Table
}

func plotBoundary(c *Call, o display.Options) (starlark.Value, error) {
	ms := c.models()
	t := c.rows("rows", ms)
	x, y := c.Text("x", ""), c.Text("y", "")
	options := learn.BoundaryOptions{Units: c.Bool("units", false), Steps: c.IntFrom("steps", 2, 60)}
	output, interactive := c.Text("output", ""), c.Bool("interactive", false)
	if c.Err() != nil {
		return nil, nil
	}
	x, y = c.axes(ms[0].value, t, x, y)
	views, what := c.views(ms, t)
	if c.Err() != nil {
		return nil, nil
	}
	if interactive && len(views) < 2 {
		return nil, Errorf("ValueError", "plot.boundary: a slider needs something to move over: over=\"column\", or several models in a dictionary")
	}
	var fixed []string
	draw := func(v view, o display.Options) (*display.Figure, error) {
		at := func(o learn.BoundaryOptions) (*learn.Boundary, error) {
			return compute(c, func(ctx context.Context) (*learn.Boundary, error) { return v.m.Boundary(ctx, v.rows, x, y, o) })
		}
		b, err := at(options)
		if err == nil && jumps(b) {
			fine := options
			fine.Steps *= jumpSteps
			b, err = at(fine)
		}
		if err != nil {
			return nil, err
		}
		fixed = b.Fixed
		d, err := boundaryData(b, v.m, output)
		if err != nil {
			return nil, err
		}
		return display.Boundary(d, o)
	}
	if !interactive {
		f, err := beside(views, o, 2, draw)
		if f, ok := f.(*figureValue); ok && len(fixed) > 0 && len(views) == 1 {
			f.note = "The other columns are held at " + strings.Join(fixed, ", ") + "."
		}
		return f, err
	}
	var figures []*display.Figure
	var labels []string
	for _, v := range views {
		f, err := draw(v.value, display.Options{Title: orText(o.Title, v.name), Width: o.Width, Height: o.Height})
		if err != nil {
			return nil, err
		}
		figures, labels = append(figures, f), append(labels, strings.TrimPrefix(v.name, what+" = "))
	}
	return slide(figures, labels, what)
}

// jumpSteps is how many times finer the grid is where a model jumps.
const jumpSteps = 4

// jumps says whether a model answers 0 and 1 alone: between grid points its
// boundary cannot be told, and would be drawn as stairs.
func jumps(b *learn.Boundary) bool {
	for _, z := range b.Z {
		for _, row := range z {
			for _, x := range row {
				if x != 0 && x != 1 {
					return false
				}
			}
		}
	}
	return len(b.Classes) > 0
}

// axes fills the columns that were left out.
func (c *Call) axes(m *learn.Model, t *table.Table, x, y string) (string, string) {
	for _, in := range m.Prep().Inputs() {
		col, err := t.Col(in.Name)
		if err != nil || col.Type() != table.Number || in.Name == x || in.Name == y {
			continue
		}
		switch {
		case x == "":
			x = in.Name
		case y == "":
			y = in.Name
		}
	}
	if x == "" || y == "" {
		c.Fail("x", "a boundary is over two columns of numbers that the model learns from, and there are fewer")
	}
	return x, y
}

// views are the maps to draw: one for each model, or one for each value of
// the column over. what says what they differ in.
func (c *Call) views(ms []named[*learn.Model], t *table.Table) (views []named[view], what string) {
	over := c.Text("over", "")
	if over == "" || c.Err() != nil {
		for _, m := range ms {
			views = append(views, named[view]{m.name, view{m.value, t}})
		}
		return views, "model"
	}
	col, err := t.Col(over)
	switch {
	case err != nil:
		c.Fail("over", "%v", err)
	case len(ms) > 1:
		c.Fail("over", "give one model, not %d", len(ms))
	case col.Type() != table.Number:
		c.Fail("over", "column %q is %s; want numbers", over, col.Type())
	}
	for i := 0; i < overValues && c.Err() == nil; i++ {
		v, err := col.Quantile(0.05 + 0.9*float64(i)/(overValues-1))
		if err != nil {
			c.Fail("over", "%v", err)
			break
		}
		same := make([]float64, t.Len())
		for r := range same {
			same[r] = v
		}
		fixed, err := t.Assign(table.Numbers(over, same))
		if err != nil {
			c.Fail("over", "%v", err)
			break
		}
		views = append(views, named[view]{fmt.Sprintf("%s = %.4g", over, v), view{ms[0].value, fixed}})
	}
	return views, over
}

// boundaryData turns a boundary into what display draws.
func boundaryData(b *learn.Boundary, m *learn.Model, output string) (display.BoundaryData, error) {
	d := display.BoundaryData{
		X: b.X, Y: b.Y, XLabel: b.XName, YLabel: b.YName, Z: b.Z, Classes: b.Classes, Target: strings.Join(m.Settings().Target, ", "),
		PointX: b.PointX, PointY: b.PointY, PointClass: b.PointClass, PointValue: b.PointValue,
	}
	single := output != "" || len(m.Settings().Target) > 1
	if single {
		k := 0
		if output != "" {
			k = slices.Index(b.Outputs, output)
		}
		if k < 0 {
			return d, Errorf("ValueError", "plot.boundary: output: there is no %q; there are %s%s", output, strings.Join(b.Outputs, ", "), suggest(output, b.Outputs, nil))
		}
		d.Z, d.Classes, d.PointClass, d.Target = b.Z[k:k+1], nil, nil, b.Outputs[k]
	}
	for _, u := range b.Units {
		d.Units = append(d.Units, display.UnitMap{Layer: u.Layer, Name: fmt.Sprintf("unit %d", u.Unit+1), Z: u.Z})
	}
	return d, nil
}
