package dsl

import (
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// This file reads what pictures are drawn of: one thing or several by name,
// models, and columns of numbers or categories in any of their shapes.

// named is one of several things; the name of a single one is empty.
type named[T any] struct {
	name  string
	value T
}

// several reads an argument that is one thing, a dictionary of some by name,
// a list of some, or an experiment or ensemble that holds models.
func several[T any](c *Call, arg, want string, as func(v starlark.Value) (T, bool)) []named[T] {
	v := c.Value(arg)
	if x, ok := as(v); ok {
		return []named[T]{{"", x}}
	}
	var out []named[T]
	add := func(name string, v starlark.Value) bool {
		x, ok := as(v)
		if !ok {
			c.Fail(arg, "%s is %s; want %s", name, describe(v), want)
		}
		out = append(out, named[T]{name, x})
		return ok
	}
	switch v := v.(type) {
	case *starlark.Dict:
		for _, kv := range v.Items() {
			if !add(plainText(kv[0]), kv[1]) {
				return nil
			}
		}
	case *ensembleValue, *experimentValue:
		for _, m := range modelsIn(v) {
			if !add(m.name, &modelValue{m.value}) {
				return nil
			}
		}
	case *starlark.List, starlark.Tuple:
		i := 0
		for x := range starlark.Elements(v.(starlark.Iterable)) {
			i++
			if !add(fmt.Sprint(i), x) {
				return nil
			}
		}
	}
	if len(out) == 0 {
		c.wrong(arg, want+", or a dictionary of several by name")
	}
	return out
}

// plainText is a value as a name: text without quotes.
func plainText(v starlark.Value) string {
	if s, ok := starlark.AsString(v); ok {
		return s
	}
	return v.String()
}

// models reads the argument model: one or several.
func (c *Call) models() []named[*learn.Model] {
	return several(c, "model", "a model that fit gave", asModel)
}

// modelsIn are the models that an experiment or an ensemble holds, by name.
func modelsIn(v starlark.Value) []named[*learn.Model] {
	switch v := v.(type) {
	case *ensembleValue:
		var out []named[*learn.Model]
		for i, m := range v.e.Models {
			out = append(out, named[*learn.Model]{fmt.Sprintf("member %d", i+1), m})
		}
		return out
	case *experimentValue:
		return experimentModels(v.x)
	}
	return nil
}

// experimentModels names each model by its trial and, if it was run several
// times, seed or fold: the columns of the table of runs before "epochs".
func experimentModels(x *learn.Experiment) []named[*learn.Model] {
	var out []named[*learn.Model]
	for i, m := range x.Models {
		var parts []string
		for k, name := range x.Runs.Columns() {
			if name == "epochs" {
				break
			}
			text := x.Runs.At(k).FormatShort(i)
			if name != "trial" {
				text = name + " " + text
			}
			if name == "trial" || len(x.Models) > len(x.Trials) {
				parts = append(parts, text)
			}
		}
		out = append(out, named[*learn.Model]{strings.Join(parts, ", "), m})
	}
	return out
}

// rows returns an argument that is rows for models, and says what is missing
// otherwise.
func (c *Call) rows(name string, ms []named[*learn.Model]) *table.Table {
	t := c.rowsOrNone(name, ms)
	if t == nil && c.Err() == nil {
		c.Fail(name, "a model keeps no rows; give the rows to look at, e.g. %s(m, test)", c.fn.name)
	}
	return t
}

// rowsOrNone returns an argument that is rows for models, nil if it was left out.
func (c *Call) rowsOrNone(name string, ms []named[*learn.Model]) *table.Table {
	var models []*learn.Model
	for _, m := range ms {
		models = append(models, m.value)
	}
	return c.rowsFor(name, models...)
}

// join puts two names together; either may be empty.
func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + ": " + b
}

// dataTable is the numbers behind a picture as a table.
func dataTable(d display.Data) (starlark.Value, error) {
	var cols []*table.Column
	for _, c := range d.Columns {
		if c.Strings != nil {
			cols = append(cols, table.Categories(c.Name, c.Strings, nil))
			continue
		}
		col := table.Numbers(c.Name, c.Numbers)
		if c.Times {
			col = table.Seconds(c.Name, c.Numbers)
		}
		cols = append(cols, col)
	}
	t, err := table.New(cols...)
	if err != nil {
		return nil, err
	}
	return tableOf(t), nil
}

// asValues returns a value as a column: a column itself, a list, a range, an
// array of one axis. It is false for anything else.
func asValues(v starlark.Value) (*table.Column, bool) {
	switch v := v.(type) {
	case *columnValue:
		return v.c, true
	case *array.Array:
		if v.NDim() == 1 || v.NDim() == 2 && (v.Shape()[0] == 1 || v.Shape()[1] == 1) {
			return table.Numbers("", v.Data()), true
		}
		return nil, false
	case starlark.String, *starlark.Dict, *tableValue, nil:
		return nil, false
	case starlark.Sequence:
		return listColumn(v)
	}
	return nil, false
}

func listColumn(v starlark.Sequence) (*table.Column, bool) {
	var values []any
	for x := range starlark.Elements(v) {
		g, ok := scalar(x)
		if !ok {
			return nil, false
		}
		values = append(values, g)
	}
	col, err := table.FromValues("", values)
	return col, err == nil && len(values) > 0
}

// scalar is a number, text, boolean or None as a value of Go.
func scalar(v starlark.Value) (any, bool) {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, true
	case starlark.Bool:
		return bool(v), true
	case starlark.String:
		return string(v), true
	}
	f, ok := starlark.AsFloat(v)
	return f, ok
}

// numbersOfColumn are the values of a column that can be drawn along an axis.
func numbersOfColumn(col *table.Column) ([]float64, error) {
	switch col.Type() {
	case table.Number:
		return col.Floats(), nil
	case table.Boolean, table.Time:
		out := make([]float64, col.Len())
		for i := range out {
			out[i] = col.Float(i)
		}
		return out, nil
	}
	return nil, Errorf("TypeError", "column %s holds %s; a picture needs numbers here", quotedName(col.Name()), col.Type())
}

func quotedName(name string) string {
	if name == "" {
		return "of values"
	}
	return fmt.Sprintf("%q", name)
}

// levelsOfColumn are the levels of a column and each row's place in them, -1
// where it is missing.
func levelsOfColumn(col *table.Column) (codes []int, levels []string, err error) {
	if col.Type() != table.Category {
		if col, err = col.ToCategory(); err != nil {
			return nil, nil, err
		}
	}
	codes = make([]int, col.Len())
	used := make([]int, len(col.Levels()))
	for i, k := range col.Codes() {
		codes[i] = int(k)
		if k >= 0 {
			used[k]++
		}
	}
	place := make([]int, len(used))
	for k, n := range used {
		place[k] = len(levels)
		if n > 0 {
			levels = append(levels, col.Levels()[k])
		}
	}
	for i, k := range codes {
		if k >= 0 {
			codes[i] = place[k]
		}
	}
	return codes, levels, nil
}

// plotColumn returns an argument that names a column of a table, or, without
// a table, is a column of values itself.
func (c *Call) plotColumn(t *table.Table, arg string) *table.Column {
	v := c.Value(arg)
	if v == nil || c.Err() != nil {
		return nil
	}
	if name, ok := starlark.AsString(v); ok {
		if t == nil {
			c.wrong(arg, "values, as there is no table to take a column from")
			return nil
		}
		col, err := t.Col(name)
		if err != nil {
			c.Fail(arg, "%v", err)
			return nil
		}
		return col
	}
	col, ok := asValues(v)
	if !ok {
		c.wrong(arg, "the name of a column, or values: a column, a list or an array")
		return nil
	}
	if t != nil && col.Len() != t.Len() {
		c.Fail(arg, "want a value for each of the %d rows, got %d", t.Len(), col.Len())
		return nil
	}
	return col
}

// plotNumbers is plotColumn for what must be numbers.
func (c *Call) plotNumbers(t *table.Table, arg string) (values []float64, name string) {
	values, name, _ = c.plotMeasures(t, arg)
	return values, name
}

// plotMeasures is plotColumn for what must be numbers or times, in seconds since 1970.
func (c *Call) plotMeasures(t *table.Table, arg string) (values []float64, name string, times bool) {
	col := c.plotColumn(t, arg)
	if col == nil {
		return nil, "", false
	}
	v, err := numbersOfColumn(col)
	if err != nil {
		c.Fail(arg, "%v", err)
	}
	return v, col.Name(), col.Type() == table.Time
}

// missingIn counts what is not a number.
func missingIn(v []float64) int {
	n := 0
	for _, x := range v {
		if math.IsNaN(x) {
			n++
		}
	}
	return n
}
