package dsl

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/table"
)

// linePictures are lines and bars.
var linePictures = []picture{
	{
		Sig:  "bar(data, label=None, value=None, sort=False)",
		Doc:  "Bars by label. Where a label comes more than once, its bar is the mean of its values; without values, bars count rows.\n\n```python\nplot.bar({\"adam\": 0.97, \"sgd\": 0.95})\nplot.bar(t, \"species\", \"body_mass_g\")\nplot.bar(t, \"island\")\n```",
		Args: []string{"data: a table, a dictionary of numbers by label, or labels followed by values", "label: the column of labels, or the values of plain labels", "value: a column of numbers, or a list of some", "sort: the longest bar first"},
		Draw: plotBar,
	},
	{
		Sig:  "line(data, x=None, y=None, by=None, log_x=False, log_y=False, markers=False)",
		Doc:  "Lines, each labelled at its end.\n\n```python\nplot.line(m.history, \"epoch\", [\"loss\", \"val_loss\"])\nplot.line([1, 4, 9, 16])\n```",
		Args: []string{"data: a table; the values along y; those along x followed by those along y; or a dictionary of several lines", "x, y: names of columns, or values; y may be a list of columns", "by: a category of the table; a line for each of its levels", "log_x, log_y: logarithmic axes", "markers: a mark at each value"},
		Draw: plotLine,
	},
}

func plotBar(c *Call, o display.Options) (starlark.Value, error) {
	d := display.BarData{Sort: c.Bool("sort", false)}
	labels, values := c.barColumns()
	if c.Err() != nil {
		return nil, nil
	}
	if err := bars(&d, labels, values); err != nil {
		return nil, err
	}
	f, err := figure(display.Bar(d, o))
	if f, ok := f.(*figureValue); ok && labels.Missing() > 0 {
		f.note = fmt.Sprintf("%s without a label left out.", count(labels.Missing(), "row", "rows"))
	}
	return f, err
}

// barColumns reads labels and values from a table, a dictionary or two lists.
func (c *Call) barColumns() (labels *table.Column, values []named[*table.Column]) {
	if t := c.tableOrNone("data"); t != nil {
		return c.tableBars(t)
	}
	if d, ok := c.Value("data").(*starlark.Dict); ok {
		return c.dictBars(d)
	}
	if !c.Given("value") {
		c.given["value"] = c.given["label"]
	}
	labels = c.plotColumn(nil, "data")
	if col := c.plotColumn(nil, "value"); col != nil {
		values = []named[*table.Column]{{col.Name(), col}}
	}
	return labels, values
}

// dictBars are numbers by label.
func (c *Call) dictBars(d *starlark.Dict) (*table.Column, []named[*table.Column]) {
	var labels []string
	var numbers []float64
	for _, kv := range d.Items() {
		x, ok := starlark.AsFloat(kv[1])
		if !ok {
			c.Fail("data", "the bar of %s is %s; want a number", plainText(kv[0]), describe(kv[1]))
			return nil, nil
		}
		labels, numbers = append(labels, plainText(kv[0])), append(numbers, x)
	}
	return table.Texts("", labels, nil), []named[*table.Column]{{"", table.Numbers("", numbers)}}
}

// tableBars are a column of labels and columns of values.
func (c *Call) tableBars(t *table.Table) (*table.Column, []named[*table.Column]) {
	labels := c.plotColumn(t, "label")
	if labels == nil {
		c.Fail("label", "name the column of labels, e.g. plot.bar(t, \"species\")")
		return nil, nil
	}
	var values []named[*table.Column]
	for _, n := range c.Texts("value") {
		c.given["column"] = starlark.String(n)
		values = append(values, named[*table.Column]{n, c.plotColumn(t, "column")})
	}
	return labels, values
}

// bars are means by label, or counts without values.
func bars(d *display.BarData, labels *table.Column, values []named[*table.Column]) error {
	codes, levels, err := inOrder(labels)
	if err != nil {
		return err
	}
	d.Labels, d.Label = levels, labels.Name()
	rows := make([]float64, len(levels))
	for _, k := range codes {
		if k >= 0 {
			rows[k]++
		}
	}
	if len(values) == 0 {
		d.Value, d.Groups = "rows", []display.Group{{Name: "rows", Values: rows}}
		return nil
	}
	for _, x := range values {
		v, err := numbersOfColumn(x.value)
		if err != nil {
			return err
		}
		if len(v) != len(codes) {
			return Errorf("ValueError", "plot.bar: want a value for each of the %d labels, got %d", len(codes), len(v))
		}
		d.Groups = append(d.Groups, display.Group{Name: x.name, Values: means(v, codes, len(levels))})
	}
	if len(values) == 1 {
		d.Value = values[0].name
	}
	if slices.Max(rows) > 1 {
		d.Value = strings.TrimSpace("mean " + d.Value)
	}
	return nil
}

// inOrder are the levels of a category in their own order, of other columns in
// the order in which they come.
func inOrder(col *table.Column) (codes []int, levels []string, err error) {
	if col.Type() == table.Category {
		return levelsOfColumn(col)
	}
	for i := range col.Len() {
		if col.IsMissing(i) {
			codes = append(codes, -1)
			continue
		}
		text := col.Format(i)
		if col.Type() == table.Number {
			text = col.FormatShort(i)
		}
		k := slices.Index(levels, text)
		if k < 0 {
			if k = len(levels); k >= maxBars {
				return nil, nil, Errorf("ValueError", "plot.bar: column %s has more than %d different values; plot.hist draws distributions", quotedName(col.Name()), maxBars)
			}
			levels = append(levels, text)
		}
		codes = append(codes, k)
	}
	return codes, levels, nil
}

// maxBars is how many bars are drawn at most.
const maxBars = 200

// means are the means of values by group, over those that are not missing.
func means(v []float64, codes []int, groups int) []float64 {
	sum, n := make([]float64, groups), make([]float64, groups)
	for i, k := range codes {
		if k >= 0 && !math.IsNaN(v[i]) {
			sum[k] += v[i]
			n[k]++
		}
	}
	for k := range sum {
		sum[k] /= n[k]
	}
	return sum
}

func plotLine(c *Call, o display.Options) (starlark.Value, error) {
	d := display.LineData{LogX: c.Bool("log_x", false), LogY: c.Bool("log_y", false), Markers: c.Bool("markers", false)}
	t := c.tableOrNone("data")
	if t != nil && !c.Given("x") && !c.Given("y") && c.Given("data") {
		if _, ok := c.Value("data").(*starlark.Dict); ok {
			t = nil // a dictionary of lines
		}
	}
	if t != nil {
		c.tableLines(t, &d)
	} else {
		c.plainLines(&d)
	}
	if c.Err() != nil {
		return nil, nil
	}
	return figure(display.Line(d, o))
}

// tableLines draws columns of a table over another, or over the row number.
func (c *Call) tableLines(t *table.Table, d *display.LineData) {
	var x []float64
	d.XLabel = "row"
	if c.Given("x") {
		x, d.XLabel, d.TimesX = c.plotMeasures(t, "x")
	}
	names := c.Texts("y")
	if names == nil {
		c.Fail("y", "name the columns to draw, e.g. plot.line(t, \"x\", \"y\")")
	}
	for _, n := range names {
		c.given["column"] = starlark.String(n)
		y, _ := c.plotNumbers(t, "column")
		d.Lines = append(d.Lines, display.Series{Name: n, X: x, Y: y})
	}
	by := c.plotColumn(t, "by")
	if c.Err() != nil {
		return
	}
	if len(d.Lines) == 1 {
		d.YLabel = d.Lines[0].Name
	}
	if by != nil {
		c.divideLines(d, by)
	}
}

// divideLines draws a line for each level of a column.
func (c *Call) divideLines(d *display.LineData, by *table.Column) {
	codes, levels, err := inOrder(by)
	if err != nil {
		c.Fail("by", "%v", err)
		return
	}
	var lines []display.Series
	for _, l := range d.Lines {
		for k, level := range levels {
			s := display.Series{Name: level}
			if len(d.Lines) > 1 {
				s.Name = join(l.Name, level)
			}
			for i, code := range codes {
				if code == k && l.X != nil {
					s.X = append(s.X, l.X[i])
				}
				if code == k {
					s.Y = append(s.Y, l.Y[i])
				}
			}
			lines = append(lines, s)
		}
	}
	d.Lines = lines
}

// plainLines draws values: along y; along x and y; or several by name.
func (c *Call) plainLines(d *display.LineData) {
	second := c.Value("y")
	if second == nil {
		second = c.Value("x")
	}
	if second != nil {
		c.given["second"] = second
		x, xName, times := c.plotMeasures(nil, "data")
		d.TimesX = times
		y, yName := c.plotNumbers(nil, "second")
		d.Lines, d.XLabel, d.YLabel = []display.Series{{Name: yName, X: x, Y: y}}, orText(xName, "x"), orText(yName, "y")
		if len(x) != len(y) {
			c.Fail("data", "want as many values along x as along y, got %d and %d", len(x), len(y))
		}
		return
	}
	for _, s := range several(c, "data", "a table, or numbers: a column, a list or an array", asValues) {
		v, err := numbersOfColumn(s.value)
		if err != nil {
			c.Fail("data", "%v", err)
			return
		}
		d.Lines = append(d.Lines, display.Series{Name: orText(s.name, s.value.Name()), Y: v})
	}
	d.XLabel = "place"
}
