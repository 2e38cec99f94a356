package dsl

import (
	"fmt"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// asPair takes (rows, targets), both arrays.
func asPair(v starlark.Value) (starlark.Tuple, bool) {
	t, ok := v.(starlark.Tuple)
	if !ok || len(t) != 2 {
		return nil, false
	}
	_, a := t[0].(*array.Array)
	_, b := t[1].(*array.Array)
	return t, a && b
}

// isNumbers tells whether a row is a list of numbers.
func isNumbers(v starlark.Value) bool {
	row, ok := v.(starlark.Indexable)
	if _, isText := v.(starlark.String); !ok || isText || row.Len() == 0 {
		return false
	}
	_, isNumber := starlark.AsFloat(row.Index(0))
	return isNumber
}

// pairTable makes a table of arrays: rows x features, and targets.
func pairTable(x, y starlark.Value) (*table.Table, []string, error) {
	a, err := array.FromValue(x)
	if err != nil {
		return nil, nil, err
	}
	b, err := array.FromValue(y)
	if err != nil {
		return nil, nil, err
	}
	rows := a.Shape()
	if len(rows) == 0 || b.NDim() == 0 || rows[0] != b.Shape()[0] {
		return nil, nil, fmt.Errorf("want rows and as many targets, got shapes %s and %s", array.ShapeText(rows), array.ShapeText(b.Shape()))
	}
	var cols []*table.Column
	cols = append(cols, arrayColumns("x", a)...)
	targets := arrayColumns("y", b)
	var names []string
	for _, t := range targets {
		names = append(names, t.Name())
	}
	t, err := table.New(append(cols, targets...)...)
	return t, names, err
}

// arrayColumns are the columns of a matrix, x1, x2, …; of a vector, x.
func arrayColumns(name string, a *array.Array) []*table.Column {
	n := 1
	if a.NDim() > 0 {
		n = a.Shape()[0]
	}
	width := a.Size() / max(n, 1)
	var out []*table.Column
	for j := range width {
		v := make([]float64, n)
		for i := range v {
			v[i] = a.Data()[i*width+j]
		}
		label := fmt.Sprint(name, j+1)
		if width == 1 {
			label = name
		}
		out = append(out, table.Numbers(label, v))
	}
	return out
}
