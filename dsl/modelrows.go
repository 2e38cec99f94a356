package dsl

import (
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// table returns an argument that is a table, a dictionary of columns or a
// list of rows.
func (c *Call) table(name string) *table.Table {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	t, err := tableFrom(v)
	if err != nil {
		c.Fail(name, "%v", err)
	}
	return t
}

// rowsFor returns an argument that is rows for models. Columns of tables go by
// their names. Bare numbers have none: a row has as many as the models were
// trained on.
func (c *Call) rowsFor(name string, models ...*learn.Model) *table.Table {
	columns := c.bareColumns(name, models...)
	if _, isPair := asPair(c.Value(name)); isPair || columns == nil || c.Err() != nil {
		return c.table(name)
	}
	t, err := table.New(columns...)
	if err != nil {
		c.Fail(name, "%v", err)
	}
	return t
}

// bareColumns are the columns of an argument that is bare numbers, nil of another;
// it refuses those that are not what the models' features are.
func (c *Call) bareColumns(name string, models ...*learn.Model) []*table.Column {
	a, bare := bareNumbers(c.Value(name))
	if !bare || c.Err() != nil {
		return nil
	}
	columns := arrayColumns("x", a)
	for _, m := range models {
		c.suitable(name, m.Settings().Features, a, columns)
	}
	return columns
}

// suitable refuses bare numbers that are not what a model's features are.
func (c *Call) suitable(name string, features []string, a *array.Array, columns []*table.Column) {
	switch {
	case len(columns) != len(features):
		hint := ""
		if a.NDim() == 1 {
			hint = "; a list of numbers is a column, one row is written [[1, 2]]"
		}
		c.Fail(name, "the model is trained on %s (%s), got %d%s", count(len(features), "column", "columns"), namesInShort(features), len(columns), hint)
	case slices.ContainsFunc(columns, func(x *table.Column) bool { return !slices.Contains(features, x.Name()) }):
		c.Fail(name, "the model is trained on columns with names (%s), and bare numbers have none; give a table or a dictionary {column: values}", namesInShort(features))
	}
}

// namesInShort lists names, the first few of many.
func namesInShort(names []string) string {
	if len(names) > fewNames {
		names = append(slices.Clone(names[:fewNames]), "…")
	}
	return strings.Join(names, ", ")
}

// bareNumbers are rows that come as numbers without names of columns: an
// array, a list of numbers or of lists of them, or the first of a pair.
func bareNumbers(v starlark.Value) (*array.Array, bool) {
	switch x := v.(type) {
	case *array.Array:
		return x, true
	case *starlark.List, starlark.Tuple:
		if pair, ok := asPair(v); ok {
			return pair[0].(*array.Array), true
		}
		if seq := x.(starlark.Indexable); isNumbers(v) || seq.Len() > 0 && isNumbers(seq.Index(0)) {
			a, err := array.FromValue(v)
			return a, err == nil
		}
	}
	return nil, false
}
