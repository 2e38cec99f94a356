package dsl

import (
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
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
	{
		Sig:  "box(data, columns=None, by=None)",
		Doc:  "Median, quartiles, whiskers and outliers of groups of numbers.\n\n```python\nplot.box(t, \"body_mass_g\", by=\"species\")\n```",
		Args: []string{"data: a table, a column, a list, or a dictionary of several", "columns: names of columns of the table", "by: a category that divides the values"},
		Draw: plotBox,
	},
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
	d.X, d.XLabel = c.plotNumbers(t, "x")
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

// groups reads what hist and box draw: one or several sets of numbers.
func (c *Call) plotGroups() (groups []display.Group, label string, missing int) {
	t := c.tableOrNone("data")
	if t == nil {
		for _, x := range several(c, "data", "numbers: a column, a list or an array", asValues) {
			v, err := numbersOfColumn(x.value)
			if err != nil {
				c.Fail("data", "%v", err)
				return nil, "", 0
			}
			groups, label = append(groups, display.Group{Name: x.name, Values: v}), x.value.Name()
		}
	} else {
		names := c.Texts("columns")
		if names == nil {
			names = numberColumns(t)
		}
		for _, n := range names {
			c.given["column"] = starlark.String(n)
			v, _ := c.plotNumbers(t, "column")
			groups, label = append(groups, display.Group{Name: n, Values: v}), n
		}
	}
	by := c.plotColumn(t, "by")
	if c.Err() != nil {
		return nil, "", 0
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
	return groups, label, missing
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
	groups, label, missing := c.plotGroups()
	bins := c.IntFrom("bins", 1, 0)
	if c.Err() != nil {
		return nil, nil
	}
	return figure(display.Hist(display.HistData{Groups: groups, Label: orText(label, "value"), Bins: bins, Missing: missing}, o))
}

func plotBox(c *Call, o display.Options) (starlark.Value, error) {
	groups, label, _ := c.plotGroups()
	if c.Err() != nil {
		return nil, nil
	}
	by := ""
	if col := c.plotColumn(c.tableOrNone("data"), "by"); col != nil {
		by = col.Name()
	}
	return figure(display.Box(display.BoxData{Groups: groups, Label: orText(label, "value"), By: by}, o))
}

func plotBar(c *Call, o display.Options) (starlark.Value, error) {
	t := c.tableOrNone("data")
	d := display.BarData{Sort: c.Bool("sort", false)}
	var values []named[*table.Column]
	var labels *table.Column
	switch data := c.Value("data").(type) {
	case *starlark.Dict:
		if t == nil {
			labels, values = c.dictBars(data)
			break
		}
		labels, values = c.tableBars(t)
	default:
		if t != nil {
			labels, values = c.tableBars(t)
			break
		}
		labels = c.plotColumn(nil, "data")
		if !c.Given("value") {
			c.given["value"] = c.given["label"]
		}
		if col := c.plotColumn(nil, "value"); col != nil {
			values = []named[*table.Column]{{col.Name(), col}}
		}
	}
	if c.Err() != nil {
		return nil, nil
	}
	if err := bars(&d, labels, values); err != nil {
		return nil, err
	}
	return figure(display.Bar(d, o))
}

// dictBars are numbers by label, or several sets of them by name.
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
		text := col.FormatShort(i)
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
		x, d.XLabel = c.plotNumbers(t, "x")
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
		x, xName := c.plotNumbers(nil, "data")
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
