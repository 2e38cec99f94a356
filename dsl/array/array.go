// Package array is the n-dimensional array of a cell: what one writes on the
// board, W = array([[1, 2], [3, 4]]), with numpy's meaning and look.
//
// An Array is float64 numbers in row-major order with a shape and a Kind, which
// says whether the numbers are shown and handed out as True/False, as whole
// numbers or as floats. Build one by New, FromValue, Zeros, Linspace and their
// like; combine them by Binary, Compare, Pow, Dot, Where and the tables of
// Functions and Reductions. Value unwraps an array without axes to a scalar.
//
// Three rules hold everywhere. Operations broadcast as numpy's do and give new
// arrays. Elements can be set until the array is frozen: a[i] of a matrix is the
// row itself, as in a list of lists, so that a[0][1] = 5 sets an element of a,
// while slices, .T, .row, .col and all else are copies. Sums run in index order
// without fusing and functions come from nn/mathx, so results are the same bits
// on every machine.
//
// Where numpy would cut or wrap a number to keep an integer array, the array
// here becomes one of floats: array([1, 2]) / 2, or a[0] = 0.5. Division by zero
// gives inf and nan, as on the board's limit, not an error.
package array

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
)

// MaxElements is the most elements an array may have: 2 GiB of numbers.
const MaxElements = 1 << 28

// maxDims is the most axes an array may have, and how deep lists may nest.
const maxDims = 16

// A Kind says how the numbers of an array are shown and handed out.
type Kind uint8

// The kinds, in order of promotion: of two, an operation takes the later.
const (
	Bool  Kind = iota // 0 and 1, shown as False and True
	Int               // whole numbers of at most 2^53 in size
	Float             // any
)

// An Array is numbers with a shape. Use a pointer; the zero value is not valid.
type Array struct {
	store *store
	data  []float64 // of store.data: all of it, or one row
	shape []int
}

// A store is what an array shares with its rows.
type store struct {
	kind   Kind
	frozen bool
}

var (
	_ starlark.HasAttrs    = (*Array)(nil)
	_ starlark.HasBinary   = (*Array)(nil)
	_ starlark.HasUnary    = (*Array)(nil)
	_ starlark.HasSetKey   = (*Array)(nil)
	_ starlark.HasSetIndex = (*Array)(nil)
	_ starlark.Sliceable   = (*Array)(nil)
	_ starlark.Sequence    = (*Array)(nil)
	_ starlark.Container   = (*Array)(nil)
	_ starlark.Comparable  = (*Array)(nil)
)

// New makes a Float array of data in row-major order, which it keeps. It is an
// error if the shape does not hold len(data) elements or is too large.
func New(shape []int, data []float64) (*Array, error) {
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	if n != len(data) {
		return nil, fmt.Errorf("array: shape %s holds %d elements, got %d", ShapeText(shape), n, len(data))
	}
	return construct(Float, slices.Clone(shape), data), nil
}

// FromFloats is the 1-d Float array of data, which it keeps.
func FromFloats(data []float64) *Array { return construct(Float, []int{len(data)}, data) }

// FromBools is the 1-d Bool array of data.
func FromBools(data []bool) *Array {
	a := construct(Bool, []int{len(data)}, make([]float64, len(data)))
	for i, b := range data {
		a.data[i] = indicator(b)
	}
	return a
}

// FromInts is the 1-d Int array of data.
func FromInts(data []int) *Array {
	a := construct(Int, []int{len(data)}, make([]float64, len(data)))
	for i, n := range data {
		a.data[i] = float64(n)
	}
	a.settle()
	return a
}

// construct makes an array without checks; it keeps shape and data.
func construct(kind Kind, shape []int, data []float64) *Array {
	return &Array{&store{kind: kind}, data, shape}
}

// scalar is an array without axes.
func scalar(kind Kind, x float64) *Array { return construct(kind, []int{}, []float64{x}) }

// Elements is the number of elements of a shape, or an error if a size is
// negative, there are too many axes, or more than MaxElements elements.
func Elements(shape []int) (int, error) {
	if len(shape) > maxDims {
		return 0, fmt.Errorf("array: at most %d axes, got %d", maxDims, len(shape))
	}
	if i := slices.IndexFunc(shape, func(n int) bool { return n < 0 }); i >= 0 {
		return 0, fmt.Errorf("array: sizes are 0 or more, got %d in shape %s", shape[i], ShapeText(shape))
	}
	if slices.Contains(shape, 0) {
		return 0, nil
	}
	n := 1
	for _, size := range shape {
		if n > MaxElements/size {
			return 0, fmt.Errorf("array: shape %s is too large: an array has at most %d elements (%d GiB)", ShapeText(shape), MaxElements, MaxElements>>27)
		}
		n *= size
	}
	return n, nil
}

// ShapeText is a shape as Python writes it: (2, 3), (4,), ().
func ShapeText(shape []int) string {
	parts := make([]string, len(shape))
	for i, n := range shape {
		parts[i] = strconv.Itoa(n)
	}
	if len(parts) == 1 {
		return "(" + parts[0] + ",)"
	}
	return "(" + strings.Join(parts, ", ") + ")"
}

// Shape is the size of each axis. Callers must not change it.
func (a *Array) Shape() []int { return a.shape }

// Data is the elements in row-major order. Callers must not change them.
func (a *Array) Data() []float64 { return a.data }

// Kind is how the elements are shown and handed out.
func (a *Array) Kind() Kind { return a.store.kind }

// NDim is the number of axes.
func (a *Array) NDim() int { return len(a.shape) }

// Size is the number of elements.
func (a *Array) Size() int { return len(a.data) }

// Copy is a new array of the same elements, not frozen.
func (a *Array) Copy() *Array { return a.with(slices.Clone(a.data)) }

// with is an array of the same kind and shape with other data.
func (a *Array) with(data []float64) *Array {
	return construct(a.store.kind, slices.Clone(a.shape), data)
}

// Value is the array itself, or its one element if it has no axes.
func (a *Array) Value() starlark.Value {
	if len(a.shape) == 0 {
		return a.store.kind.value(a.data[0])
	}
	return a
}

// value is one element as a Starlark value.
func (k Kind) value(x float64) starlark.Value {
	switch k {
	case Bool:
		return starlark.Bool(x != 0)
	case Int:
		return starlark.MakeInt64(int64(x))
	}
	return starlark.Float(x)
}

// settle ends an operation: an Int array whose numbers are not all whole and
// exact becomes Float, and -0 among whole numbers 0.
func (a *Array) settle() *Array {
	if a.store.kind != Int {
		return a
	}
	for i, x := range a.data {
		if x != math.Trunc(x) || math.Abs(x) > 1<<53 {
			a.store.kind = Float
			return a
		}
		if x == 0 {
			a.data[i] = 0
		}
	}
	return a
}

func indicator(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// Type is "array".
func (a *Array) Type() string { return "array" }

// Freeze makes the array and its rows immutable.
func (a *Array) Freeze() { a.store.frozen = true }

// Hash fails: arrays can change.
func (a *Array) Hash() (uint32, error) { return 0, errors.New("unhashable type: array") }

// A TruthError is what Truth panics with: whoever runs Starlark code recovers it.
type TruthError struct {
	Shape []int
}

func (e *TruthError) Error() string {
	return fmt.Sprintf("the truth of an array of shape %s is not one value; use any() or all(), and & | ~ to combine comparisons", ShapeText(e.Shape))
}

// Truth is whether the one element is not 0; an empty array is false. It panics
// with a *TruthError if there are more elements.
func (a *Array) Truth() starlark.Bool {
	if len(a.data) > 1 {
		panic(&TruthError{a.shape})
	}
	return len(a.data) == 1 && a.data[0] != 0
}
