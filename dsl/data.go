package dsl

import (
	"math"
	"time"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// asTable takes a value that is a table or can be one: a table, a row, a
// dictionary of columns, a list of dictionaries or rows. tableFrom says why not.
func asTable(v starlark.Value) (*table.Table, bool) {
	t, err := tableFrom(v)
	return t, err == nil
}

// asColumn takes a column.
func asColumn(v starlark.Value) (*table.Column, bool) {
	c, ok := v.(*columnValue)
	if !ok {
		return nil, false
	}
	return c.c, true
}

// tableFrom makes a table of a value; the error says what does not fit. Arrays
// get the names that fit gives them: x1, x2, … and y.
func tableFrom(v starlark.Value) (*table.Table, error) {
	switch v := v.(type) {
	case *tableValue:
		return v.t, nil
	case *rowValue:
		return v.of.t.Slice(v.i, v.i+1), nil
	case *columnValue:
		return table.New(v.c)
	case *array.Array:
		return table.New(arrayColumns("x", v)...)
	case starlark.IterableMapping:
		return tableOfColumns(v)
	case *starlark.List, starlark.Tuple:
		rows := v.(starlark.Indexable)
		if pair, ok := asPair(v); ok {
			t, _, err := pairTable(pair[0], pair[1])
			return t, err
		}
		if rows.Len() > 0 && isNumbers(rows.Index(0)) {
			a, err := array.FromValue(v)
			if err != nil {
				return nil, err
			}
			return table.New(arrayColumns("x", a)...)
		}
		return tableOfRows(rows)
	}
	return nil, Errorf("TypeError", "want a table, a dictionary of columns or a list of dictionaries, got %s", describe(v))
}

// tableOfColumns makes a table of {name: values}. A single value stands for
// every row; only single values are one row.
func tableOfColumns(d starlark.IterableMapping) (*table.Table, error) {
	n := -1
	for _, kv := range d.Items() {
		if isVector(kv[1]) && n < 0 {
			n = starlark.Len(kv[1])
		}
	}
	if n < 0 {
		n = 1
	}
	var cols []*table.Column
	for _, kv := range d.Items() {
		name, ok := starlark.AsString(kv[0])
		if !ok {
			return nil, Errorf("TypeError", "names of columns are text, got %s", describe(kv[0]))
		}
		c, err := columnFrom(name, kv[1], n)
		if err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	return table.New(cols...)
}

// isVector tells whether a value holds a value for each of many rows.
func isVector(v starlark.Value) bool {
	if a, ok := v.(*array.Array); ok {
		return a.NDim() > 0
	}
	if _, isMap := v.(*starlark.Dict); isMap {
		return false
	}
	_, ok := v.(starlark.Indexable)
	_, isText := v.(starlark.String)
	return ok && !isText
}

// columnFrom makes a column of a column, an array or a list; another value
// stands for each of n rows.
func columnFrom(name string, v starlark.Value, n int) (*table.Column, error) {
	switch v := v.(type) {
	case *columnValue:
		return v.c.Named(name), nil
	case *array.Array:
		if v.NDim() > 0 {
			return columnOfArray(name, v)
		}
	}
	seq, ok := v.(starlark.Indexable)
	values := make([]any, n)
	if ok && isVector(v) {
		values = make([]any, seq.Len())
	}
	for i := range values {
		x := v
		if isVector(v) {
			x = seq.Index(i)
		}
		var ok bool
		if values[i], ok = goValue(x); !ok {
			return nil, Errorf("TypeError", "column %q, row %d: a column holds numbers, text, booleans or lists of numbers, got %s", name, i, describe(x))
		}
	}
	return table.FromValues(name, values)
}

// columnOfArray makes a column of an array: of numbers or booleans, or of the
// rows of a matrix.
func columnOfArray(name string, a *array.Array) (*table.Column, error) {
	data := a.Data()
	if a.NDim() > 1 {
		rows := make([]float32, len(data))
		for i, x := range data {
			rows[i] = float32(x)
		}
		return table.Vectors(name, len(data)/max(1, a.Len()), rows)
	}
	if a.Kind() == array.Bool {
		flags := make([]bool, len(data))
		for i, x := range data {
			flags[i] = x != 0
		}
		return table.Booleans(name, flags, nil), nil
	}
	return table.Numbers(name, append([]float64(nil), data...)), nil
}

// tableOfRows makes a table of dictionaries or rows, with the columns of all
// of them; what a row lacks is missing.
func tableOfRows(rows starlark.Indexable) (*table.Table, error) {
	if t := sameTable(rows); t != nil {
		return t, nil
	}
	var names []string
	values := map[string][]any{}
	for i := range rows.Len() {
		m, ok := rows.Index(i).(starlark.IterableMapping)
		if !ok {
			return nil, Errorf("TypeError", "row %d: want a dictionary {column: value}, got %s", i, describe(rows.Index(i)))
		}
		for _, kv := range m.Items() {
			name, ok := starlark.AsString(kv[0])
			if !ok {
				return nil, Errorf("TypeError", "row %d: names of columns are text, got %s", i, describe(kv[0]))
			}
			if values[name] == nil {
				names = append(names, name)
				values[name] = make([]any, rows.Len())
			}
			if values[name][i], ok = goValue(kv[1]); !ok {
				return nil, Errorf("TypeError", "row %d, column %q: a column holds numbers, text, booleans or lists of numbers, got %s", i, name, describe(kv[1]))
			}
		}
	}
	var cols []*table.Column
	for _, name := range names {
		c, err := table.FromValues(name, values[name])
		if err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	return table.New(cols...)
}

// sameTable takes rows of one table out of it, types kept; nil if they are
// not of one.
func sameTable(rows starlark.Indexable) *table.Table {
	var t *table.Table
	var numbers []int
	for i := range rows.Len() {
		r, ok := rows.Index(i).(*rowValue)
		if !ok || t != nil && r.of.t != t {
			return nil
		}
		t, numbers = r.of.t, append(numbers, r.i)
	}
	if t == nil {
		return nil
	}
	return t.Take(numbers)
}

// goValue is a value of a cell as package table takes it; None and nan are missing.
func goValue(v starlark.Value) (any, bool) {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, true
	case starlark.Bool:
		return bool(v), true
	case starlark.String:
		return string(v), true
	case starlark.Int, starlark.Float:
		f, ok := starlark.AsFloat(v)
		return f, ok
	case *array.Array:
		return append([]float64(nil), v.Data()...), v.NDim() <= 1
	case *starlark.List, starlark.Tuple:
		var out []float64
		for x := range starlark.Elements(v.(starlark.Iterable)) {
			f, ok := starlark.AsFloat(x)
			if !ok {
				return nil, false
			}
			out = append(out, f)
		}
		return out, out != nil
	}
	return nil, false
}

// goValues is the elements of a list, or one value as a list of one.
func goValues(v starlark.Value) ([]any, bool) {
	seq, ok := v.(starlark.Iterable)
	if !ok {
		x, ok := goValue(v)
		return []any{x}, ok
	}
	out := []any{}
	for e := range starlark.Elements(seq) {
		x, ok := goValue(e)
		if !ok {
			return nil, false
		}
		out = append(out, x)
	}
	return out, true
}

// cellValue is a value of package table as a cell sees it: missing is None,
// times are text.
func cellValue(x any) starlark.Value {
	switch x := x.(type) {
	case bool:
		return starlark.Bool(x)
	case string:
		return starlark.String(x)
	case float64:
		if math.IsNaN(x) {
			return starlark.None
		}
		return starlark.Float(x)
	case time.Time:
		return starlark.String(table.Times("", []time.Time{x}).Format(0))
	}
	return starlark.None
}

// maxWhole is up to where every whole number is a float64.
const maxWhole = 1 << 53

// wholeNumber is a float as a cell sees it where whole numbers are written without
// a point.
func wholeNumber(x float64) starlark.Value {
	if x == math.Trunc(x) && math.Abs(x) <= maxWhole {
		return starlark.MakeInt64(int64(x))
	}
	return cellValue(x)
}

// textList makes a list of texts.
func textList(texts []string) *starlark.List {
	out := make([]starlark.Value, len(texts))
	for i, s := range texts {
		out[i] = starlark.String(s)
	}
	return starlark.NewList(out)
}
