package array

import (
	"fmt"
	"slices"
)

// Dot is the product of matrices and vectors: a 1-d array is a row on the left
// and a column on the right, two of them give one number (an array without
// axes), and a number multiplies. Sums run in index order.
func Dot(x, y *Array) (*Array, error) {
	if len(x.shape) == 0 || len(y.shape) == 0 {
		return binaryOp{"dot", func(p, q float64) float64 { return p * q }, promoted}.apply(x, y)
	}
	if len(x.shape) > 2 || len(y.shape) > 2 {
		return nil, fmt.Errorf("dot: want arrays of one or two axes, got shapes %s and %s", ShapeText(x.shape), ShapeText(y.shape))
	}
	inner := x.shape[len(x.shape)-1]
	if inner != y.shape[0] {
		return nil, innerSizes(x, y)
	}
	rows, cols := 1, 1
	shape := slices.Clone(x.shape[:len(x.shape)-1])
	if len(x.shape) == 2 {
		rows = x.shape[0]
	}
	if len(y.shape) == 2 {
		cols = y.shape[1]
		shape = append(shape, cols)
	}
	if _, err := Elements(shape); err != nil {
		return nil, err
	}
	z := construct(max(x.store.kind, y.store.kind, Int), shape, make([]float64, rows*cols))
	for i := range rows {
		out := z.data[i*cols : (i+1)*cols]
		for k, p := range x.data[i*inner : (i+1)*inner] {
			for j, q := range y.data[k*cols : (k+1)*cols] {
				out[j] += float64(p * q)
			}
		}
	}
	return z.settle(), nil
}

// innerSizes says why two shapes have no product, and what has.
func innerSizes(x, y *Array) error {
	p, q := x.shape[len(x.shape)-1], y.shape[0]
	hint := ""
	xRows, yCols := x.shape[0], y.shape[len(y.shape)-1]
	switch {
	case len(y.shape) == 2 && p == yCols:
		hint = "; the second transposed fits: dot(x, y.T)"
	case len(x.shape) == 2 && xRows == q:
		hint = "; the first transposed fits: dot(x.T, y)"
	case len(x.shape) == 2 && len(y.shape) == 2 && xRows == yCols:
		hint = "; the other way round fits: dot(y, x)"
	}
	return fmt.Errorf("dot: %s by %s: the inner sizes %d and %d differ%s", ShapeText(x.shape), ShapeText(y.shape), p, q, hint)
}

// Outer is the matrix of all products of two 1-d arrays.
func Outer(x, y *Array) (*Array, error) {
	if len(x.shape) != 1 || len(y.shape) != 1 {
		return nil, fmt.Errorf("outer: want two arrays of one axis, got shapes %s and %s", ShapeText(x.shape), ShapeText(y.shape))
	}
	column := construct(x.store.kind, []int{len(x.data), 1}, x.data)
	return outerOp.apply(column, y)
}

var outerOp = binaryOp{"outer", func(x, y float64) float64 { return x * y }, promoted}

// Transpose is .T: the axes in reverse order. A 1-d array stays as it is.
func (a *Array) Transpose() *Array {
	shape := slices.Clone(a.shape)
	slices.Reverse(shape)
	z := construct(a.store.kind, shape, make([]float64, len(a.data)))
	strides := make([]int, len(shape))
	stride := 1
	for i := len(a.shape) - 1; i >= 0; i-- {
		strides[len(shape)-1-i] = stride
		stride *= a.shape[i]
	}
	w := &walker{shape: shape, strides: strides, index: make([]int, len(shape))}
	for i := range z.data {
		z.data[i] = a.data[w.next()]
	}
	return z
}

// Reshape is a copy of another shape with as many elements; one size may be -1
// and is then found.
func (a *Array) Reshape(shape []int) (*Array, error) {
	shape = slices.Clone(shape)
	asked := slices.Clone(shape)
	if i := slices.Index(shape, -1); i >= 0 {
		shape[i] = 1
		if n, err := Elements(shape); err == nil && n > 0 {
			shape[i] = len(a.data) / n
		}
	}
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	if n != len(a.data) {
		return nil, fmt.Errorf("reshape: shape %s has %d elements and does not fit into %s", ShapeText(a.shape), len(a.data), ShapeText(asked))
	}
	return construct(a.store.kind, shape, slices.Clone(a.data)), nil
}

// Flatten is a 1-d copy in row-major order.
func (a *Array) Flatten() *Array {
	return construct(a.store.kind, []int{len(a.data)}, slices.Clone(a.data))
}

// Concat joins arrays along an axis that they have; their other sizes are equal.
func Concat(arrays []*Array, axis int) (*Array, error) {
	if len(arrays) == 0 {
		return nil, fmt.Errorf("concat: want at least one array")
	}
	first := arrays[0]
	outer, _, inner, rest, err := first.split("concat", axis)
	if err != nil || axis == All {
		return nil, fmt.Errorf("concat: want an axis of shape %s, got %d", ShapeText(first.shape), axis)
	}
	total, kind := 0, Bool
	for i, a := range arrays {
		_, n, _, other, err := a.split("concat", axis)
		if err != nil || len(a.shape) != len(first.shape) || !equalShapes(other, rest) {
			return nil, fmt.Errorf("concat: array %d of shape %s does not fit to %s along axis %d", i, ShapeText(a.shape), ShapeText(first.shape), axis)
		}
		total += n
		kind = max(kind, a.store.kind)
	}
	if axis < 0 {
		axis += len(first.shape)
	}
	shape := slices.Clone(first.shape)
	shape[axis] = total
	size, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	data := make([]float64, 0, size)
	for o := range outer {
		for _, a := range arrays {
			n := a.shape[axis] * inner
			data = append(data, a.data[o*n:(o+1)*n]...)
		}
	}
	return construct(kind, shape, data), nil
}
