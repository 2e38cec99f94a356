package array

import (
	"fmt"
	"math"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// An Arrayer is a value that can become an array, as a column of numbers can.
type Arrayer interface {
	ToArray() (*Array, error)
}

// Zeros is a Float array of zeros.
func Zeros(shape ...int) (*Array, error) { return Full(shape, 0) }

// Ones is a Float array of ones.
func Ones(shape ...int) (*Array, error) { return Full(shape, 1) }

// Full is a Float array of one number.
func Full(shape []int, x float64) (*Array, error) {
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	data := make([]float64, n)
	if x != 0 {
		for i := range data {
			data[i] = x
		}
	}
	return New(shape, data)
}

// Eye is the n by n identity matrix.
func Eye(n int) (*Array, error) {
	a, err := Zeros(n, n)
	if err != nil {
		return nil, err
	}
	for i := range n {
		a.data[i*n+i] = 1
	}
	return a, nil
}

// Linspace is n numbers from start to stop, both included, evenly spaced.
func Linspace(start, stop float64, n int) (*Array, error) {
	a, err := Zeros(n)
	if err != nil {
		return nil, err
	}
	step := (stop - start) / float64(n-1)
	for i := range a.data {
		a.data[i] = start + float64(float64(i)*step)
	}
	if n > 1 {
		a.data[n-1] = stop
	}
	return a, nil
}

// Arange is start, start+step, … up to before stop. The result is Int if the
// caller says so, as when all three were written as whole numbers.
func Arange(start, stop, step float64, whole bool) (*Array, error) {
	count := math.Ceil((stop - start) / step)
	switch {
	case step == 0:
		return nil, fmt.Errorf("arange: a step of 0 never ends")
	case count != count:
		return nil, fmt.Errorf("arange: cannot count from %s to %s by %s", pyfmt.Float(start), pyfmt.Float(stop), pyfmt.Float(step))
	case count > MaxElements:
		return nil, fmt.Errorf("arange: %s elements are too many: an array has at most %d", pyfmt.Float(count), MaxElements)
	}
	a, err := Zeros(int(max(count, 0)))
	if err != nil {
		return nil, err
	}
	for i := range a.data {
		a.data[i] = start + float64(float64(i)*step)
	}
	if whole {
		a.store.kind = Int
	}
	return a.settle(), nil
}

// FromValue makes an array of a number, an array, an Arrayer, or nested lists,
// tuples and ranges of these. Arrays are copied. The kind is Bool if all
// elements are, Int if all are whole, else Float. Uneven nesting is an error
// that names the row.
func FromValue(v starlark.Value) (*Array, error) {
	a, err := fromValue(v)
	if err != nil {
		return nil, fmt.Errorf("array: %w", err)
	}
	return a, nil
}

func fromValue(v starlark.Value) (*Array, error) {
	if whole, ok, err := direct(v); ok || err != nil {
		return whole, err
	}
	shape, err := shapeOf(v)
	if err != nil {
		return nil, err
	}
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	b := &builder{shape: shape, data: make([]float64, 0, n)}
	if err := b.add(v, nil); err != nil {
		return nil, err
	}
	if n == 0 {
		b.kind = Float
	}
	return construct(b.kind, shape, b.data).settle(), nil
}

// direct makes an array of what is not a list.
func direct(v starlark.Value) (*Array, bool, error) {
	switch v := v.(type) {
	case *Array:
		return v.Copy(), true, nil
	case Arrayer:
		a, err := v.ToArray()
		return a, true, err
	}
	if x, kind, ok := number(v); ok {
		return scalar(kind, x).settle(), true, nil
	}
	return nil, false, nil
}

// number reads a scalar.
func number(v starlark.Value) (float64, Kind, bool) {
	switch v := v.(type) {
	case starlark.Bool:
		return indicator(bool(v)), Bool, true
	case starlark.Int:
		return float64(v.Float()), Int, true
	case starlark.Float:
		return float64(v), Float, true
	}
	return 0, 0, false
}

// shapeOf is the shape that the first elements of nested sequences suggest.
func shapeOf(v starlark.Value) ([]int, error) {
	var shape []int
	for len(shape) <= maxDims {
		whole, ok, err := direct(v)
		if err != nil {
			return nil, err
		}
		if ok {
			return append(shape, whole.shape...), nil
		}
		seq, ok := v.(starlark.Indexable)
		if _, text := v.(starlark.String); !ok || text {
			return nil, wrongElement(v, nil)
		}
		shape = append(shape, seq.Len())
		if seq.Len() == 0 {
			return shape, nil
		}
		v = seq.Index(0)
	}
	return nil, fmt.Errorf("lists nest more than %d deep", maxDims)
}

// A builder gathers the elements of nested sequences.
type builder struct {
	shape []int
	data  []float64
	kind  Kind
}

// add appends the elements of v, which stands at path.
func (b *builder) add(v starlark.Value, path []int) error {
	want := b.shape[len(path):]
	if x, kind, ok := number(v); ok && len(want) == 0 {
		b.data = append(b.data, x)
		b.kind = max(b.kind, kind)
		return nil
	}
	whole, ok, err := direct(v)
	if err != nil {
		return err
	}
	if ok {
		if len(whole.shape) != len(want) || !equalShapes(whole.shape, want) {
			return ragged(path, whole.shape, want)
		}
		b.data = append(b.data, whole.data...)
		b.kind = max(b.kind, whole.store.kind)
		return nil
	}
	seq, ok := v.(starlark.Indexable)
	if _, text := v.(starlark.String); !ok || text {
		return wrongElement(v, path)
	}
	if len(want) == 0 || seq.Len() != want[0] {
		return ragged(path, []int{seq.Len()}, want[:min(len(want), 1)])
	}
	for i := range seq.Len() {
		if err := b.add(seq.Index(i), append(path, i)); err != nil {
			return err
		}
	}
	return nil
}

// place names a position: row 2, or element [1][2].
func place(path []int) string {
	if len(path) == 1 {
		return fmt.Sprintf("row %d", path[0])
	}
	text := "element "
	for _, i := range path {
		text += fmt.Sprintf("[%d]", i)
	}
	return text
}

// ragged says that what stands at path has another shape than its first sister.
func ragged(path, got, want []int) error {
	first := make([]int, len(path))
	return fmt.Errorf("%s %s, but %s %s; all rows must be of one length", place(path), extent(got), place(first), extent(want))
}

func extent(shape []int) string {
	switch len(shape) {
	case 0:
		return "is one number"
	case 1:
		return "has " + plural(shape[0], "element")
	}
	return "has shape " + ShapeText(shape)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func wrongElement(v starlark.Value, path []int) error {
	hint := ""
	switch v.(type) {
	case starlark.String:
		hint = "; float(text) makes a number"
	case starlark.NoneType:
		hint = `; float("nan") stands for a missing number`
	}
	if len(path) == 0 {
		return fmt.Errorf("want a number, or lists of numbers, got %s %s%s", v.Type(), pyfmt.ReprLimit(v, 40), hint)
	}
	return fmt.Errorf("%s is a %s, %s, want a number%s", place(path), v.Type(), pyfmt.ReprLimit(v, 40), hint)
}
