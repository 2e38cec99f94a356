package dsl

import (
	"math"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// dataPictures are of tables and plain values.
var dataPictures = []picture{
	{
		Sig:  "scatter(data, x=None, y=None, color=None, log_x=False, log_y=False)",
		Doc:  "Points, coloured by a category or a number.\n\n```python\nplot.scatter(t, \"bill_length_mm\", \"bill_depth_mm\", color=\"species\")\nplot.scatter([1, 2, 3], [1, 4, 9])\n```",
		Args: []string{"data: a table; or the values along x, followed by those along y", "x, y: names of columns, or values", "color: what colours the points: the name of a column, or values", "log_x, log_y: logarithmic axes"},
		Draw: plotScatter,
	},
	{
		Sig:  "hist(data, columns=None, by=None, bins=None)",
		Doc:  "The distribution of numbers.\n\n```python\nplot.hist(t[\"body_mass_g\"])\nplot.hist(t, \"body_mass_g\", by=\"species\")\n```",
		Args: []string{"data: a column, a list, an array, a dictionary of several, or a table", "columns: names of columns of the table", "by: a category that divides the values", "bins: how many; left out, by the data"},
		Draw: plotHist,
	},
	{
		Sig:  "box(data, columns=None, by=None)",
		Doc:  "Median, quartiles, whiskers and outliers of groups of numbers.\n\n```python\nplot.box(t, \"body_mass_g\", by=\"species\")\n```",
		Args: []string{"data: a table, a column, a list, or a dictionary of several", "columns: names of columns of the table", "by: a category that divides the values"},
		Draw: plotBox,
	},
}

// tableOrNone returns the argument as a table if it is one.
func (c *Call) tableOrNone(name string) *table.Table {
	if col, ok := c.Value(name).(*starlark.Dict); ok && !columnsByName(col) {
		return nil
	}
	if _, ok := asValues(c.Value(name)); ok {
		return nil
	}
	t, ok := asTable(c.Value(name))
	if !ok {
		return nil
	}
	return t
}

// columnsByName tells whether a dictionary is a table rather than numbers by label.
func columnsByName(d *starlark.Dict) bool {
	for _, kv := range d.Items() {
		if _, ok := asValues(kv[1]); !ok {
			return false
		}
	}
	return d.Len() > 0
}

func plotScatter(c *Call, o display.Options) (starlark.Value, error) {
	t := c.tableOrNone("data")
	if t == nil { // plot.scatter(xs, ys)
		if !c.Given("y") {
			c.given["y"], c.given["x"] = c.given["x"], nil
		}
		if !c.Given("x") {
			c.given["x"] = c.given["data"]
		}
	}
	for _, arg := range []string{"x", "y"} {
		if !c.Given(arg) {
			c.Fail(arg, "name a column, e.g. plot.scatter(t, \"a\", \"b\"), or give values")
		}
	}
	d := display.ScatterData{LogX: c.Bool("log_x", false), LogY: c.Bool("log_y", false)}
	d.X, d.XLabel, d.TimesX = c.plotMeasures(t, "x")
	d.Y, d.YLabel = c.plotNumbers(t, "y")
	color := c.plotColumn(t, "color")
	if c.Err() != nil {
		return nil, nil
	}
	d.XLabel, d.YLabel = orText(d.XLabel, "x"), orText(d.YLabel, "y")
	if len(d.X) != len(d.Y) {
		return nil, Errorf("ValueError", "plot.scatter: want as many values along x as along y, got %d and %d", len(d.X), len(d.Y))
	}
	if color != nil {
		d.ColorLabel = color.Name()
		if err := colour(color, len(d.X), &d.Category, &d.Categories, &d.Value); err != nil {
			return nil, err
		}
	}
	return figure(display.Scatter(d, o))
}

// colour makes the values that colour n points categories or numbers.
func colour(col *table.Column, n int, codes *[]int, levels *[]string, values *[]float64) (err error) {
	if col.Len() != n {
		return Errorf("ValueError", "color: want a value for each of the %d points, got %d", n, col.Len())
	}
	if col.Type() == table.Number || col.Type() == table.Time {
		*values, err = numbersOfColumn(col)
		return err
	}
	*codes, *levels, err = levelsOfColumn(col)
	return err
}

// plotGroups reads what hist and box draw: one or several sets of numbers, or of times.
func (c *Call) plotGroups() (groups []display.Group, label string, missing int, times bool) {
	times = true
	t := c.tableOrNone("data")
	if t == nil {
		for _, x := range several(c, "data", "numbers: a column, a list or an array", asFlat) {
			v, err := numbersOfColumn(x.value)
			if err != nil {
				c.Fail("data", "%v", err)
				return nil, "", 0, false
			}
			groups, label = append(groups, display.Group{Name: x.name, Values: v}), x.value.Name()
			times = times && x.value.Type() == table.Time
		}
	} else {
		names := c.Texts("columns")
		if names == nil {
			names = numberColumns(t)
		}
		for _, n := range names {
			c.given["column"] = starlark.String(n)
			v, _, isTime := c.plotMeasures(t, "column")
			groups, label = append(groups, display.Group{Name: n, Values: v}), n
			times = times && isTime
		}
	}
	by := c.plotColumn(t, "by")
	if c.Err() != nil {
		return nil, "", 0, false
	}
	if len(groups) != 1 {
		label = ""
	}
	for _, g := range groups {
		missing += missingIn(g.Values)
	}
	if by != nil {
		groups = c.divide(groups, by)
	}
	for i, g := range groups {
		groups[i].Values = slices.DeleteFunc(slices.Clone(g.Values), math.IsNaN)
	}
	return groups, label, missing, times
}

// asFlat takes arrays of any shape, besides columns and lists.
func asFlat(v starlark.Value) (*table.Column, bool) {
	if a, ok := v.(*array.Array); ok {
		return table.Numbers("", a.Data()), a.Size() > 0
	}
	return asValues(v)
}

// divide divides the only group by the levels of a column.
func (c *Call) divide(groups []display.Group, by *table.Column) []display.Group {
	if len(groups) != 1 || len(groups[0].Values) != by.Len() {
		c.Fail("by", "it divides one column of %d values; name it by columns=", by.Len())
		return nil
	}
	codes, levels, err := levelsOfColumn(by)
	if err != nil {
		c.Fail("by", "%v", err)
		return nil
	}
	out := make([]display.Group, len(levels))
	for k, l := range levels {
		out[k].Name = l
	}
	for i, k := range codes {
		if k >= 0 {
			out[k].Values = append(out[k].Values, groups[0].Values[i])
		}
	}
	return out
}

func numberColumns(t *table.Table) []string {
	var out []string
	for i := range t.Width() {
		if t.At(i).Type() == table.Number {
			out = append(out, t.At(i).Name())
		}
	}
	return out
}

func plotHist(c *Call, o display.Options) (starlark.Value, error) {
	groups, label, missing, times := c.plotGroups()
	bins := c.IntFrom("bins", 1, 0)
	if c.Err() != nil {
		return nil, nil
	}
	return figure(display.Hist(display.HistData{Groups: groups, Label: orText(label, "value"), Bins: bins, Times: times, Missing: missing}, o))
}

func plotBox(c *Call, o display.Options) (starlark.Value, error) {
	groups, label, _, times := c.plotGroups()
	if c.Err() != nil {
		return nil, nil
	}
	by := ""
	if col := c.plotColumn(c.tableOrNone("data"), "by"); col != nil {
		by = col.Name()
	}
	return figure(display.Box(display.BoxData{Groups: groups, Label: orText(label, "value"), By: by, Times: times}, o))
}
