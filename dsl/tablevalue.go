package dsl

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// tableValue is a table in a cell. It does not change.
type tableValue struct {
	t     *table.Table
	notes []string              // sentences under it when it is shown
	view  func() display.Bundle // how it is shown, if not as a table
	cols  map[string]*columnValue
}

// tableOf makes a table a value of a cell.
func tableOf(t *table.Table) *tableValue { return &tableValue{t: t, cols: map[string]*columnValue{}} }

var (
	_ starlark.HasAttrs   = (*tableValue)(nil)
	_ starlark.Mapping    = (*tableValue)(nil)
	_ starlark.Container  = (*tableValue)(nil)
	_ starlark.HasSetKey  = (*tableValue)(nil)
	_ starlark.Sliceable  = (*tableValue)(nil)
	_ starlark.Sequence   = (*tableValue)(nil)
	_ starlark.Comparable = (*tableValue)(nil)
	_ array.Arrayer       = (*tableValue)(nil)
	_ display.Bundler     = (*tableValue)(nil)
	_ Named               = (*tableValue)(nil)
	_ Documented          = (*tableValue)(nil)
)

func (v *tableValue) Type() string         { return "table" }
func (v *tableValue) Freeze()              {}
func (v *tableValue) Truth() starlark.Bool { return v.t.Len() > 0 }
func (v *tableValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "a table cannot be a key of a dictionary")
}

// String is short, as tables stand in lists; Str is what print shows.
func (v *tableValue) String() string {
	names := v.t.Columns()
	if len(names) > 8 {
		names = append(names[:8:8], "…")
	}
	return fmt.Sprintf("table(%s: %s)", v.t.Size(), strings.Join(names, ", "))
}

// Str is the first rows in aligned columns.
func (v *tableValue) Str() string { return v.t.String() }

// Size is for the list of variables.
func (v *tableValue) Size() string { return v.t.Size() }

// Names are the columns, for completion in brackets.
func (v *tableValue) Names() []string { return v.t.Columns() }

// Len is the number of rows.
func (v *tableValue) Len() int { return v.t.Len() }

// Index is a row.
func (v *tableValue) Index(i int) starlark.Value { return &rowValue{v, i} }

// Slice is rows.
func (v *tableValue) Slice(start, end, step int) starlark.Value {
	if step == 1 {
		return tableOf(v.t.Slice(start, end))
	}
	return tableOf(v.t.Take(steps(start, end, step)))
}

func steps(start, end, step int) []int {
	out := []int{}
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		out = append(out, i)
	}
	return out
}

// Iterate goes over the rows.
func (v *tableValue) Iterate() starlark.Iterator { return &indexIterator{of: v} }

// indexIterator goes over what does not change.
type indexIterator struct {
	of starlark.Indexable
	i  int
}

func (it *indexIterator) Next(p *starlark.Value) bool {
	if it.i >= it.of.Len() {
		return false
	}
	*p = it.of.Index(it.i)
	it.i++
	return true
}

func (it *indexIterator) Done() {}

// column is a column by name; it is kept, as what is known of it is.
func (v *tableValue) column(name string) (*columnValue, error) {
	if c := v.cols[name]; c != nil {
		return c, nil
	}
	c, err := v.t.Col(name)
	if err != nil {
		return nil, Errorf("KeyError", "%v", err)
	}
	v.cols[name] = columnOf(c)
	return v.cols[name], nil
}

// Get is t["a"], t[["a", "b"]], t[3], t[mask], t[[0, 5]].
func (v *tableValue) Get(key starlark.Value) (starlark.Value, bool, error) {
	if name, ok := starlark.AsString(key); ok {
		c, err := v.column(name)
		if err != nil {
			return nil, false, err
		}
		return c, true, nil
	}
	if _, ok := key.(starlark.Int); ok {
		i, err := position(key, v.t.Len(), "table")
		return v.Index(i), err == nil, err
	}
	if names, ok := textsOf(key); ok {
		t, err := v.t.Select(names...)
		if err != nil {
			return nil, false, Errorf("KeyError", "%v", err)
		}
		return tableOf(t), true, nil
	}
	rows, err := rowsOf(key, v.t.Len())
	if err != nil {
		return nil, false, err
	}
	return tableOf(v.t.Take(rows)), true, nil
}

// Has tells whether there is a column of that name.
func (v *tableValue) Has(key starlark.Value) (bool, error) {
	name, ok := starlark.AsString(key)
	if !ok {
		return false, Errorf("TypeError", "in asks a table for the name of a column, got %s", describe(key))
	}
	return v.t.Has(name), nil
}

// SetKey refuses to change the table and says what to write.
func (v *tableValue) SetKey(key, _ starlark.Value) error {
	if name, ok := starlark.AsString(key); ok {
		return Errorf("TypeError", "a table does not change; write t = t.assign({%q: …}), which gives a new one", name)
	}
	return Errorf("TypeError", "a table does not change; assign gives a new one with other columns")
}

// position reads an index, counted from the end if it is negative.
func position(v starlark.Value, n int, what string) (int, error) {
	i, err := starlark.AsInt32(v)
	if err != nil {
		return 0, Errorf("IndexError", "row %s of a %s of %s", v, what, count(n, "row", "rows"))
	}
	k := i
	if k < 0 {
		k += n
	}
	if k < 0 || k >= n {
		return 0, Errorf("IndexError", "row %d of a %s of %s; rows count from 0", i, what, count(n, "row", "rows"))
	}
	return k, nil
}

// textsOf reads a list of texts that is not empty.
func textsOf(v starlark.Value) ([]string, bool) {
	seq, ok := v.(starlark.Iterable)
	if _, isColumn := v.(*columnValue); !ok || isColumn {
		return nil, false
	}
	var out []string
	for x := range starlark.Elements(seq) {
		s, ok := starlark.AsString(x)
		if !ok {
			return nil, false
		}
		out = append(out, s)
	}
	return out, out != nil
}

// rowsOf reads the rows that a condition or a list of row numbers chooses of n.
func rowsOf(key starlark.Value, n int) ([]int, error) {
	seq, ok := key.(starlark.Indexable)
	if _, isTable := key.(*tableValue); !ok || isTable {
		return nil, Errorf("TypeError", "in [] stands the name of a column, a list of names, a row number, a slice or a condition such as t[\"a\"] > 0, got %s", describe(key))
	}
	if c, ok := key.(*columnValue); ok && c.c.Type() != table.Boolean {
		return nil, Errorf("TypeError", "rows are chosen by a condition such as t[\"a\"] > 0; the column %q is %s", c.c.Name(), c.c.Type())
	}
	out := []int{}
	for i := range seq.Len() {
		switch x := seq.Index(i).(type) {
		case starlark.Bool, starlark.NoneType:
			if seq.Len() != n {
				return nil, Errorf("ValueError", "the condition has %s, the table %d; make it from this table's own columns", count(seq.Len(), "row", "rows"), n)
			}
			if x == starlark.True {
				out = append(out, i)
			}
		case starlark.Int:
			k, err := position(x, n, "table")
			if err != nil {
				return nil, err
			}
			out = append(out, k)
		default:
			return nil, Errorf("TypeError", "rows are chosen by True and False or by row numbers, got %s at place %d", describe(x), i)
		}
	}
	return out, nil
}

// Attr is an attribute or a method.
func (v *tableValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "columns":
		return textList(v.t.Columns()), nil
	case "types":
		d := starlark.NewDict(v.t.Width())
		for i, c := range v.t.Columns() {
			if err := d.SetKey(starlark.String(c), starlark.String(v.t.At(i).Type().String())); err != nil {
				return nil, err
			}
		}
		return d, nil
	case "shape":
		return starlark.Tuple{starlark.MakeInt(v.t.Len()), starlark.MakeInt(v.t.Width())}, nil
	case "info":
		return infoOf(v.t.Info()), nil
	}
	if m := tableMethods.bind(v, name); m != nil {
		return m, nil
	}
	if v.t.Has(name) {
		return nil, Errorf("AttributeError", "%s is a column; write t[%q]", name, name)
	}
	hint := suggest(name, v.AttrNames(), tableAdvice)
	if near := table.Nearest(name, v.t.Columns()); hint == "" && near != "" {
		hint = fmt.Sprintf("; columns are taken by t[%q]", near)
	}
	return nil, Errorf("AttributeError", "a table has no .%s%s", name, hint)
}

// tableAdvice says what stands here for methods that one may know from elsewhere.
var tableAdvice = map[string]string{
	"groupby": "group(\"a\", b=\"mean\") groups", "query": "where(\"a > 0\") filters", "filter": "t[t[\"a\"] > 0] or where(\"a > 0\") filters",
	"iloc": "t[3] is a row, t[10:20] are rows", "loc": "t[t[\"a\"] > 0] chooses rows, t[[\"a\", \"b\"]] columns",
	"dropna": "drop_missing() leaves out rows with missing values", "fillna": "assign({\"a\": t[\"a\"].fill(0)}) fills a column",
	"append": "concat(t, other) puts the rows of both into one", "concat": "concat(t, other) puts the rows of both into one", "merge": "join(other, \"key\") joins", "sort_values": "sort(\"a\") sorts", "dtypes": "types are t.types", "values": "array(t) are the numbers",
	"iterrows": "for row in t goes over the rows", "corr": "plot.correlation(t) shows it", "pivot_table": "pivot(\"a\", \"b\", \"c\") does it",
	"plot": "plot.scatter(t, \"a\", \"b\") and others after plot. draw", "hist": "plot.hist(t[\"a\"]) draws it",
	"mean": "t[\"a\"].mean() is that of a column, t.describe() tells all", "sum": "t[\"a\"].sum() is that of a column",
	"apply": "t[\"a\"].map(f) applies a function to a column", "size": "len(t) is the number of rows", "split": "split(t, test=0.2) gives the rows to train and to test on", "value_counts": "t[\"a\"].counts() counts",
}

// AttrNames lists attributes and methods.
func (v *tableValue) AttrNames() []string {
	return append([]string{"columns", "info", "shape", "types"}, tableMethods.names...)
}

// CompareSameType tells whether two tables have the same columns and values.
func (v *tableValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	same := equalTables(v.t, y.(*tableValue).t)
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	}
	return false, Errorf("TypeError", "tables have no order; compare columns: t[\"a\"] > 0")
}

func equalTables(a, b *table.Table) bool {
	if a.Len() != b.Len() || a.Width() != b.Width() {
		return false
	}
	for j := range a.Width() {
		if !equalColumns(a.At(j), b.At(j)) {
			return false
		}
	}
	return true
}

func equalColumns(a, b *table.Column) bool {
	if a.Name() != b.Name() || a.Type() != b.Type() || a.Width() != b.Width() {
		return false
	}
	if a.Type() == table.Image {
		return string(a.Pixels()) == string(b.Pixels())
	}
	for i := range a.Len() {
		if a.IsMissing(i) != b.IsMissing(i) || a.Format(i) != b.Format(i) {
			return false
		}
	}
	return true
}

// ToArray is the numbers, a row for each row.
func (v *tableValue) ToArray() (*array.Array, error) {
	parts := make([]*array.Array, v.t.Width())
	for j, name := range v.t.Columns() {
		c, err := v.column(name)
		if err != nil {
			return nil, err
		}
		a, err := c.ToArray()
		if err != nil {
			return nil, err
		}
		if parts[j], err = a.Reshape([]int{v.t.Len(), v.t.At(j).Width()}); err != nil {
			return nil, err
		}
	}
	if len(parts) == 0 {
		return array.Zeros(v.t.Len(), 0)
	}
	return array.Concat(parts, 1)
}

// Documentation says what is known of the data.
func (v *tableValue) Documentation() (signature, doc string) {
	var b strings.Builder
	info := v.t.Info()
	meaning := map[string]string{}
	if info != nil {
		fmt.Fprintf(&b, "%s: %s. Licence: %s. Source: %s.\n\n", info.Name, info.Description, info.Licence, info.Source)
		for _, c := range info.Columns {
			meaning[c.Name] = c.Meaning
		}
	}
	for i, name := range v.t.Columns() {
		c := v.t.At(i)
		fmt.Fprintf(&b, "- `%s`: %s", name, typeText(c))
		if meaning[name] != "" {
			b.WriteString(", " + meaning[name])
		}
		b.WriteByte('\n')
	}
	return "table, " + v.t.Size(), strings.TrimRight(b.String(), "\n")
}
