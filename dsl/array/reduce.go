package array

import (
	"fmt"
	"math"
	"slices"
)

// All as an axis stands for all of them, as axis=None does.
const All = math.MinInt

// A Reduction turns the elements along an axis into one.
type Reduction struct {
	Name string
	Doc  string
	kind func(Kind) Kind
	// empty says that no elements have a result.
	empty bool
	f     func(v vector) float64
}

// A vector is n elements, stride apart.
type vector struct {
	data      []float64
	n, stride int
}

func (v vector) at(i int) float64 { return v.data[i*v.stride] }

func sumKind(k Kind) Kind { return max(k, Int) }
func same(k Kind) Kind    { return k }
func to(k Kind) func(Kind) Kind {
	return func(Kind) Kind { return k }
}

var reductions = []Reduction{
	{"sum", "the sum, in index order", sumKind, true, sum},
	{"prod", "the product", sumKind, true, product},
	{"mean", "the mean", to(Float), false, mean},
	{"var", "the variance, divided by n", to(Float), false, func(v vector) float64 { return variance(v, 0) }},
	{"std", "the standard deviation, divided by n", to(Float), false, func(v vector) float64 { return math.Sqrt(variance(v, 0)) }},
	{"min", "the least element; nan if one is nan", same, false, func(v vector) float64 { return v.at(best(v, less)) }},
	{"max", "the greatest element; nan if one is nan", same, false, func(v vector) float64 { return v.at(best(v, more)) }},
	{"argmin", "the index of the least element, the first of equals", to(Int), false, func(v vector) float64 { return float64(best(v, less)) }},
	{"argmax", "the index of the greatest element, the first of equals", to(Int), false, func(v vector) float64 { return float64(best(v, more)) }},
	{"any", "whether an element is true (not 0)", to(Bool), true, func(v vector) float64 { return indicator(nonZero(v) > 0) }},
	{"all", "whether all elements are true (not 0)", to(Bool), true, func(v vector) float64 { return indicator(nonZero(v) == v.n) }},
}

// Reductions lists sum, mean, min and their like.
func Reductions() []Reduction { return slices.Clone(reductions) }

// ReductionOf is the reduction of a name.
func ReductionOf(name string) (Reduction, bool) {
	i := slices.IndexFunc(reductions, func(r Reduction) bool { return r.Name == name })
	if i < 0 {
		return Reduction{}, false
	}
	return reductions[i], true
}

// Of reduces a along an axis, negative ones from the end, or along All into an
// array without axes.
func (r Reduction) Of(a *Array, axis int) (*Array, error) {
	outer, n, inner, shape, err := a.split(r.Name, axis)
	if err != nil {
		return nil, err
	}
	if n == 0 && !r.empty {
		return nil, fmt.Errorf("%s: there are no elements (shape %s)", r.Name, ShapeText(a.shape))
	}
	z := construct(r.kind(a.store.kind), shape, make([]float64, outer*inner))
	for o := range outer {
		for i := range inner {
			z.data[o*inner+i] = r.f(a.along(o, i, n, inner))
		}
	}
	return z.settle(), nil
}

// along is the vector at outer index o and inner index i.
func (a *Array) along(o, i, n, inner int) vector {
	if n == 0 {
		return vector{}
	}
	return vector{a.data[o*n*inner+i:], n, inner}
}

// split sees a as outer × n × inner elements about an axis; shape is without it.
func (a *Array) split(name string, axis int) (outer, n, inner int, shape []int, err error) {
	if axis == All {
		return 1, len(a.data), 1, []int{}, nil
	}
	dims := len(a.shape)
	i := axis
	if i < 0 {
		i += dims
	}
	if i < 0 || i >= dims {
		return 0, 0, 0, nil, fmt.Errorf("%s: axis %d is out of range for shape %s: axis=0 goes down the columns, axis=1 along the rows", name, axis, ShapeText(a.shape))
	}
	shape = slices.Concat(a.shape[:i], a.shape[i+1:])
	return size(a.shape[:i]), a.shape[i], size(a.shape[i+1:]), shape, nil
}

func named(name string, a *Array, axis int) (*Array, error) {
	r, _ := ReductionOf(name)
	return r.Of(a, axis)
}

// Sum is the sum along an axis or All, in index order.
func Sum(a *Array, axis int) (*Array, error) { return named("sum", a, axis) }

// Mean is the mean along an axis or All.
func Mean(a *Array, axis int) (*Array, error) { return named("mean", a, axis) }

// Min is the least element along an axis or All.
func Min(a *Array, axis int) (*Array, error) { return named("min", a, axis) }

// Max is the greatest element along an axis or All.
func Max(a *Array, axis int) (*Array, error) { return named("max", a, axis) }

// Argmax is the index of the greatest element along an axis; over All, in the
// flattened array.
func Argmax(a *Array, axis int) (*Array, error) { return named("argmax", a, axis) }

// Argmin is the index of the least element, as Argmax.
func Argmin(a *Array, axis int) (*Array, error) { return named("argmin", a, axis) }

// spread is the variance or standard deviation with n - ddof below.
func spread(a *Array, name string, axis, ddof int) (*Array, error) {
	r, _ := ReductionOf(name)
	root := func(x float64) float64 { return x }
	if name == "std" {
		root = math.Sqrt
	}
	r.f = func(v vector) float64 { return root(variance(v, ddof)) }
	return r.Of(a, axis)
}

func sum(v vector) float64 {
	s := 0.0
	for i := range v.n {
		s += v.at(i)
	}
	return s
}

func product(v vector) float64 {
	p := 1.0
	for i := range v.n {
		p *= v.at(i)
	}
	return p
}

func mean(v vector) float64 { return sum(v) / float64(v.n) }

func variance(v vector, ddof int) float64 {
	m, s := mean(v), 0.0
	for i := range v.n {
		d := v.at(i) - m
		s += float64(d * d)
	}
	return s / float64(v.n-ddof)
}

func less(x, y float64) bool { return x < y }
func more(x, y float64) bool { return x > y }

// best is the index of the first nan, or of the first element that none is
// better than.
func best(v vector, better func(x, y float64) bool) int {
	k := 0
	for i := range v.n {
		x := v.at(i)
		if x != x {
			return i
		}
		if better(x, v.at(k)) {
			k = i
		}
	}
	return k
}

func nonZero(v vector) int {
	n := 0
	for i := range v.n {
		if v.at(i) != 0 {
			n++
		}
	}
	return n
}

// Cumsum is the running sum along an axis; over All, of the flattened array.
func Cumsum(a *Array, axis int) (*Array, error) {
	if axis == All {
		a, axis = a.Flatten(), 0
	}
	outer, n, inner, _, err := a.split("cumsum", axis)
	if err != nil {
		return nil, err
	}
	z := a.Copy()
	z.store.kind = sumKind(a.store.kind)
	for o := range outer {
		for i := n * inner * o; i < n*inner*(o+1)-inner; i++ {
			z.data[i+inner] += z.data[i]
		}
	}
	return z.settle(), nil
}
