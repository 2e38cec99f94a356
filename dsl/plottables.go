package dsl

import (
	"math"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/table"
)

// tablePictures are of many columns at once.
var tablePictures = []picture{
	{
		Sig:  "pairs(table, columns=None, color=None)",
		Doc:  "Each pair of columns as a scatter plot, with histograms on the diagonal.\n\n```python\nplot.pairs(t, [\"bill_length_mm\", \"bill_depth_mm\", \"body_mass_g\"], color=\"species\")\n```",
		Args: []string{"table: a table", "columns: names of columns of numbers; left out, the first five", "color: a category that colours the points"},
		Draw: plotPairs,
	},
	{
		Sig:  "correlation(table, columns=None)",
		Doc:  "The correlations (Pearson's r) of columns of numbers, over the rows where both have a value.\n\n```python\nplot.correlation(t)\n```",
		Args: []string{"table: a table", "columns: names of columns of numbers; left out, all"},
		Draw: plotCorrelation,
	},
	{
		Sig:  "missing(table)",
		Doc:  "Where values are missing: the share in each column, and the pattern over the rows.\n\n```python\nplot.missing(t)\n```",
		Args: []string{"table: a table"},
		Draw: plotMissing,
	},
}

// maxPairs is how many columns pairs draws unless told.
const maxPairs = 5

// wantedNumbers reads the argument columns as columns of numbers.
func (c *Call) wantedNumbers(t *table.Table, limit int) []display.Group {
	names := c.Texts("columns")
	if names == nil {
		names = numberColumns(t)
		if limit > 0 && len(names) > limit {
			names = names[:limit]
		}
	}
	if len(names) < 2 {
		c.Fail("columns", "want at least two columns of numbers, got %s", count(len(names), "column", "columns"))
	}
	var out []display.Group
	for _, n := range names {
		c.given["column"] = starlark.String(n)
		v, _ := c.plotNumbers(t, "column")
		out = append(out, display.Group{Name: n, Values: v})
	}
	return out
}

func plotPairs(c *Call, o display.Options) (starlark.Value, error) {
	t := c.table("table")
	if c.Err() != nil {
		return nil, nil
	}
	d := display.PairsData{Columns: c.wantedNumbers(t, maxPairs)}
	color := c.plotColumn(t, "color")
	if c.Err() != nil {
		return nil, nil
	}
	if color != nil {
		var err error
		if d.Category, d.Categories, err = levelsOfColumn(color); err != nil {
			return nil, err
		}
		d.ColorLabel = color.Name()
	}
	return figure(display.Pairs(d, o))
}

func plotCorrelation(c *Call, o display.Options) (starlark.Value, error) {
	t := c.table("table")
	if c.Err() != nil {
		return nil, nil
	}
	columns := c.wantedNumbers(t, 0)
	if c.Err() != nil {
		return nil, nil
	}
	var d display.CorrelationData
	for _, a := range columns {
		d.Names = append(d.Names, a.Name)
		var row []float64
		for _, b := range columns {
			row = append(row, correlation(a.Values, b.Values))
		}
		d.R = append(d.R, row)
	}
	return figure(display.Correlation(d, o))
}

// correlation is Pearson's r over the places where both have a value, NaN for
// a constant.
func correlation(x, y []float64) float64 {
	var n, mx, my float64
	both := func(visit func(a, b float64)) {
		for i := range x {
			if !math.IsNaN(x[i]) && !math.IsNaN(y[i]) {
				visit(x[i], y[i])
			}
		}
	}
	both(func(a, b float64) { n, mx, my = n+1, mx+a, my+b })
	mx, my = mx/n, my/n
	var xx, yy, xy float64
	both(func(a, b float64) {
		xx += float64((a - mx) * (a - mx))
		yy += float64((b - my) * (b - my))
		xy += float64((a - mx) * (b - my))
	})
	if xx == 0 || yy == 0 {
		return math.NaN()
	}
	return xy / math.Sqrt(float64(xx*yy))
}

// maxPattern is how many rows the pattern of missing values shows.
const maxPattern = 400

func plotMissing(c *Call, o display.Options) (starlark.Value, error) {
	t := c.table("table")
	if c.Err() != nil {
		return nil, nil
	}
	d := display.MissingData{Names: t.Columns(), Rows: t.Len()}
	for k := range t.Width() {
		d.Missing = append(d.Missing, t.At(k).Missing())
	}
	shown := min(t.Len(), maxPattern)
	for i := range shown {
		row := make([]bool, t.Width())
		for k := range row {
			row[k] = t.At(k).IsMissing(i * t.Len() / shown)
		}
		d.Pattern = append(d.Pattern, row)
	}
	return figure(display.Missing(d, o))
}
