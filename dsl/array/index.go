package array

import (
	"fmt"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// Len is the size of the first axis; 0 without axes.
func (a *Array) Len() int {
	if len(a.shape) == 0 {
		return 0
	}
	return a.shape[0]
}

// Index is a[i]: an element, or a row, which shares its elements with a.
func (a *Array) Index(i int) starlark.Value { return a.row(i).Value() }

// row is a[i] as an array, sharing elements.
func (a *Array) row(i int) *Array {
	n := size(a.shape[1:])
	return &Array{a.store, a.data[i*n : (i+1)*n : (i+1)*n], a.shape[1:]}
}

// size is the number of elements of a shape that is known to be valid.
func size(shape []int) int {
	n := 1
	for _, s := range shape {
		n *= s
	}
	return n
}

// Iterate goes over the elements or rows.
func (a *Array) Iterate() starlark.Iterator { return &iterator{a: a} }

type iterator struct {
	a *Array
	i int
}

func (it *iterator) Next(p *starlark.Value) bool {
	if it.i >= it.a.Len() {
		return false
	}
	*p = it.a.Index(it.i)
	it.i++
	return true
}

func (it *iterator) Done() {}

// Has is v in a: whether an element equals the number v.
func (a *Array) Has(v starlark.Value) (bool, error) {
	x, _, ok := number(v)
	return ok && slices.Contains(a.data, x), nil
}

// Slice is a[start:end:step] along the first axis, a copy.
func (a *Array) Slice(start, end, step int) starlark.Value {
	if len(a.shape) == 0 {
		return a.Copy()
	}
	var rows []int
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		rows = append(rows, i)
	}
	return a.take(rows)
}

// take copies rows along the first axis.
func (a *Array) take(rows []int) *Array {
	shape := slices.Clone(a.shape)
	shape[0] = len(rows)
	n := size(shape[1:])
	data := make([]float64, 0, len(rows)*n)
	for _, i := range rows {
		data = append(data, a.data[i*n:(i+1)*n]...)
	}
	return construct(a.store.kind, shape, data)
}

// at resolves an index along an axis, negative ones from the end.
func at(i, n int, what string) (int, error) {
	switch {
	case i >= 0 && i < n:
		return i, nil
	case i < 0 && i >= -n:
		return i + n, nil
	case n == 0:
		return 0, fmt.Errorf("%s %d is out of range: there are none", what, i)
	}
	return 0, fmt.Errorf("%s %d is out of range: there are %d, from 0 to %d", what, i, n, n-1)
}

// Row is row i of a matrix, a copy. Negative i count from the end.
func (a *Array) Row(i int) (*Array, error) {
	if len(a.shape) != 2 {
		return nil, fmt.Errorf("row: only an array of two axes has rows and columns, got shape %s", ShapeText(a.shape))
	}
	i, err := at(i, a.shape[0], "row")
	if err != nil {
		return nil, err
	}
	return a.row(i).Copy(), nil
}

// Col is column j of a matrix, a copy. Negative j count from the end.
func (a *Array) Col(j int) (*Array, error) {
	if len(a.shape) != 2 {
		return nil, fmt.Errorf("col: only an array of two axes has rows and columns, got shape %s", ShapeText(a.shape))
	}
	j, err := at(j, a.shape[1], "column")
	if err != nil {
		return nil, err
	}
	out := construct(a.store.kind, []int{a.shape[0]}, make([]float64, a.shape[0]))
	for i := range out.data {
		out.data[i] = a.data[i*a.shape[1]+j]
	}
	return out, nil
}

// A selection is what a key picks: one element or row (single), or the elements
// or rows at several places of the first axis or, if flat, of the whole data.
type selection struct {
	single *Array
	places []int
	flat   bool
}

// Get is a[key]: key is an index, a tuple of indices (a[1, 2]), a Bool array of
// a's shape or of one truth per row, or a list or Int array of indices.
func (a *Array) Get(key starlark.Value) (v starlark.Value, found bool, err error) {
	s, err := a.find(key)
	switch {
	case err != nil:
		return nil, false, err
	case s.single != nil:
		return s.single.Value(), true, nil
	case !s.flat:
		if _, err := Elements(slices.Concat([]int{len(s.places)}, a.shape[1:])); err != nil {
			return nil, false, err
		}
		return a.take(s.places), true, nil
	}
	out := construct(a.store.kind, []int{len(s.places)}, make([]float64, len(s.places)))
	for i, place := range s.places {
		out.data[i] = a.data[place]
	}
	return out, true, nil
}

// find says what a key picks.
func (a *Array) find(key starlark.Value) (selection, error) {
	if len(a.shape) == 0 {
		return selection{}, fmt.Errorf("array index: an array without axes has no elements to pick")
	}
	switch key := key.(type) {
	case starlark.Int:
		return a.findPath(starlark.Tuple{key})
	case starlark.Tuple:
		return a.findPath(key)
	case *Array:
		return a.findMany(key)
	case *starlark.List, Arrayer:
		picked, err := FromValue(key)
		if err != nil {
			return selection{}, err
		}
		return a.findMany(picked)
	}
	return selection{}, fmt.Errorf("array index: want a whole number, a slice, a tuple of numbers, a list of numbers or a comparison, got %s %s", key.Type(), pyfmt.ReprLimit(key, 30))
}

// findPath follows one index per axis.
func (a *Array) findPath(path starlark.Tuple) (selection, error) {
	if len(path) > len(a.shape) {
		return selection{}, fmt.Errorf("array index: %d indices for an array of shape %s", len(path), ShapeText(a.shape))
	}
	for axis, v := range path {
		i, err := starlark.AsInt32(v)
		if err != nil {
			return selection{}, fmt.Errorf("array index: want whole numbers, got %s %s; .col(j) gives a column", v.Type(), pyfmt.ReprLimit(v, 30))
		}
		if i, err = at(i, a.shape[0], "array index: "+axisWord(axis, len(path))); err != nil {
			return selection{}, err
		}
		a = a.row(i)
	}
	return selection{single: a}, nil
}

// axisWord names an index: alone, or the row and column of a pair.
func axisWord(axis, n int) string {
	switch {
	case n == 2 && axis == 0:
		return "row"
	case n == 2:
		return "column"
	}
	return "index"
}

// findMany takes a mask or a list of indices.
func (a *Array) findMany(key *Array) (selection, error) {
	if key.store.kind == Bool {
		return a.findMask(key)
	}
	if len(key.shape) != 1 || key.store.kind != Int && len(key.data) > 0 {
		return selection{}, fmt.Errorf("array index: want a flat list of whole numbers or a comparison, got an array of shape %s of other numbers", ShapeText(key.shape))
	}
	places := make([]int, len(key.data))
	for k, x := range key.data {
		i, err := at(int(x), a.shape[0], "array index: index")
		if err != nil {
			return selection{}, err
		}
		places[k] = i
	}
	return selection{places: places}, nil
}

func (a *Array) findMask(mask *Array) (selection, error) {
	flat := equalShapes(mask.shape, a.shape)
	if !flat && (len(mask.shape) != 1 || mask.shape[0] != a.shape[0]) {
		return selection{}, fmt.Errorf("array index: a mask of shape %s does not suit an array of shape %s; it has the same shape, or one truth per row", ShapeText(mask.shape), ShapeText(a.shape))
	}
	places := []int{}
	for i, x := range mask.data {
		if x != 0 {
			places = append(places, i)
		}
	}
	return selection{places: places, flat: flat}, nil
}

// SetIndex is a[i] = v for 0 <= i < a.Len().
func (a *Array) SetIndex(i int, v starlark.Value) error { return a.SetKey(starlark.MakeInt(i), v) }

// SetKey is a[key] = v for the keys of Get. v is a number, or what broadcasts to
// the elements picked. A Bool or Int array that is given other numbers becomes
// one of them.
func (a *Array) SetKey(key, v starlark.Value) error {
	if a.store.frozen {
		return fmt.Errorf("cannot set an element of a frozen array; .copy() gives one that can change")
	}
	value, ok, err := operand(v)
	if err != nil {
		return err
	}
	if !ok {
		return wrongElement(v, nil)
	}
	s, err := a.find(key)
	if err != nil {
		return err
	}
	return a.assign(s, value)
}

// assign sets the elements of a selection.
func (a *Array) assign(s selection, value *Array) error {
	data, shape, places := a.targets(s)
	if out, err := broadcast("a[i] = x", shape, value.shape); err != nil {
		return err
	} else if !equalShapes(out, shape) {
		return fmt.Errorf("a[i] = x: shape %s does not fit into shape %s", ShapeText(value.shape), ShapeText(shape))
	}
	if value.store == a.store {
		value = value.Copy() // the elements read may be among those set
	}
	w := walk(value, shape)
	for _, place := range places {
		data[place] = value.data[w.next()]
	}
	a.store.kind = max(a.store.kind, value.store.kind)
	return nil
}

// targets is where the elements of a selection lie, and their shape.
func (a *Array) targets(s selection) (data []float64, shape, places []int) {
	n, rows := size(a.shape[1:]), s.places
	data, shape = a.data, slices.Concat([]int{len(rows)}, a.shape[1:])
	switch {
	case s.flat:
		return data, []int{len(rows)}, rows
	case s.single != nil:
		data, shape, n, rows = s.single.data, s.single.shape, len(s.single.data), []int{0}
	}
	for _, row := range rows {
		for i := range n {
			places = append(places, row*n+i)
		}
	}
	return data, shape, places
}
