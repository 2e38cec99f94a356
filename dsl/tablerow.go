package dsl

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/dsl/pyfmt"
)

// rowValue is one row of a table: a mapping of columns to values.
type rowValue struct {
	of *tableValue
	i  int
}

var (
	_ starlark.IterableMapping = (*rowValue)(nil)
	_ starlark.Sequence        = (*rowValue)(nil)
	_ starlark.Comparable      = (*rowValue)(nil)
	_ starlark.HasAttrs        = (*rowValue)(nil)
	_ display.Bundler          = (*rowValue)(nil)
	_ Named                    = (*rowValue)(nil)
)

func (r *rowValue) String() string       { return pyfmt.Repr(r.dict()) }
func (r *rowValue) Type() string         { return "row" }
func (r *rowValue) Freeze()              {}
func (r *rowValue) Truth() starlark.Bool { return r.Len() > 0 }
func (r *rowValue) Names() []string      { return r.of.Names() }
func (r *rowValue) Len() int             { return r.of.t.Width() }
func (r *rowValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "a row cannot be a key of a dictionary")
}

// Get is the value of a column.
func (r *rowValue) Get(key starlark.Value) (starlark.Value, bool, error) {
	name, ok := starlark.AsString(key)
	if !ok {
		return nil, false, Errorf("TypeError", "a row is asked for the name of a column, got %s", describe(key))
	}
	c, err := r.of.column(name)
	if err != nil {
		return nil, false, err
	}
	return c.Index(r.i), true, nil
}

// Items are the columns with their values.
func (r *rowValue) Items() []starlark.Tuple {
	out := make([]starlark.Tuple, 0, r.Len())
	for _, name := range r.of.t.Columns() {
		v, _, err := r.Get(starlark.String(name))
		if err != nil {
			v = starlark.None
		}
		out = append(out, starlark.Tuple{starlark.String(name), v})
	}
	return out
}

// Iterate goes over the names of the columns, as a dictionary does.
func (r *rowValue) Iterate() starlark.Iterator { return textList(r.Names()).Iterate() }

func (r *rowValue) dict() *starlark.Dict {
	d := starlark.NewDict(r.Len())
	for _, kv := range r.Items() {
		// Names of columns are hashable and the dictionary is ours: no error.
		_ = d.SetKey(kv[0], kv[1])
	}
	return d
}

// CompareSameType tells whether two rows have the same columns and values.
func (r *rowValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	if op != syntax.EQL && op != syntax.NEQ {
		return false, Errorf("TypeError", "rows have no order; compare one of their columns: row[\"a\"] < 1")
	}
	z := y.(*rowValue)
	same := equalTables(r.of.t.Slice(r.i, r.i+1), z.of.t.Slice(z.i, z.i+1))
	return same == (op == syntax.EQL), nil
}

// Attr gives keys, values and items, as a dictionary has them.
func (r *rowValue) Attr(name string) (starlark.Value, error) {
	if m := rowMethods.bind(r, name); m != nil {
		return m, nil
	}
	if r.of.t.Has(name) {
		return nil, Errorf("AttributeError", "%s is a column; write row[%q]", name, name)
	}
	return nil, noAttribute(r, name, nil)
}

// AttrNames lists the methods.
func (r *rowValue) AttrNames() []string { return rowMethods.names }

var rowMethods = newMethods([]Def{
	{Sig: "keys()", Doc: "The names of the columns.", Fn: func(c *Call) (starlark.Value, error) {
		return textList(c.Recv.(*rowValue).Names()), nil
	}},
	{Sig: "values()", Doc: "The values of the row.", Fn: func(c *Call) (starlark.Value, error) {
		var out []starlark.Value
		for _, kv := range c.Recv.(*rowValue).Items() {
			out = append(out, kv[1])
		}
		return starlark.NewList(out), nil
	}},
	{Sig: "items()", Doc: "Pairs of column and value.", Fn: func(c *Call) (starlark.Value, error) {
		var out []starlark.Value
		for _, kv := range c.Recv.(*rowValue).Items() {
			out = append(out, kv)
		}
		return starlark.NewList(out), nil
	}},
	{Sig: "to_dict()", Doc: "The row as a dictionary, which can be changed.", Fn: func(c *Call) (starlark.Value, error) {
		return c.Recv.(*rowValue).dict(), nil
	}},
})

// Bundle shows the columns with their values.
func (r *rowValue) Bundle() display.Bundle {
	view := display.RecordView{}
	for j, name := range r.Names() {
		c := r.of.t.At(j)
		f := display.Field{Name: name, Value: c.FormatShort(r.i)}
		if c.IsMissing(r.i) {
			f.Value = "missing"
		}
		view.Fields = append(view.Fields, f)
	}
	return view.Bundle()
}
