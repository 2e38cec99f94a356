package array

import (
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// A binaryOp is an operation on two numbers and the kind it gives.
type binaryOp struct {
	name string
	f    func(x, y float64) float64
	kind func(x, y Kind) (Kind, bool) // false: the operation is not for these
}

func promoted(x, y Kind) (Kind, bool)    { return max(x, y, Int), true }
func alwaysFloat(_, _ Kind) (Kind, bool) { return Float, true }
func alwaysBool(_, _ Kind) (Kind, bool)  { return Bool, true }
func bothBool(x, y Kind) (Kind, bool)    { return Bool, x == Bool && y == Bool }
func keep(x, y Kind) (Kind, bool)        { return max(x, y), true }

// operators are the arithmetic and logical operators of the language.
var operators = map[syntax.Token]binaryOp{
	syntax.PLUS:       {"+", func(x, y float64) float64 { return x + y }, promoted},
	syntax.MINUS:      {"-", func(x, y float64) float64 { return x - y }, promoted},
	syntax.STAR:       {"*", func(x, y float64) float64 { return x * y }, promoted},
	syntax.SLASH:      {"/", func(x, y float64) float64 { return x / y }, alwaysFloat},
	syntax.SLASHSLASH: {"//", floorDiv, promoted},
	syntax.PERCENT:    {"%", modulo, promoted},
	syntax.AMP:        {"&", func(x, y float64) float64 { return x * y }, bothBool},
	syntax.PIPE:       {"|", math.Max, bothBool},
	syntax.CIRCUMFLEX: {"^", func(x, y float64) float64 { return math.Abs(x - y) }, bothBool},
}

// comparisons are the element-wise comparisons.
var comparisons = map[syntax.Token]binaryOp{
	syntax.EQL: {"==", func(x, y float64) float64 { return indicator(x == y) }, alwaysBool},
	syntax.NEQ: {"!=", func(x, y float64) float64 { return indicator(x != y) }, alwaysBool},
	syntax.LT:  {"<", func(x, y float64) float64 { return indicator(x < y) }, alwaysBool},
	syntax.LE:  {"<=", func(x, y float64) float64 { return indicator(x <= y) }, alwaysBool},
	syntax.GT:  {">", func(x, y float64) float64 { return indicator(x > y) }, alwaysBool},
	syntax.GE:  {">=", func(x, y float64) float64 { return indicator(x >= y) }, alwaysBool},
}

// floorDiv is Python's x // y, but inf or nan if y is 0.
func floorDiv(x, y float64) float64 {
	if y == 0 {
		return x / y
	}
	m := modulo(x, y)
	q := (x - m) / y
	if q == 0 {
		return math.Copysign(0, x/y)
	}
	floor := math.Floor(q)
	if q-floor > 0.5 {
		floor++
	}
	return floor
}

// modulo is Python's x % y, of y's sign, but nan if y is 0.
func modulo(x, y float64) float64 {
	m := math.Mod(x, y)
	switch {
	case m == 0:
		return math.Copysign(0, y)
	case (m < 0) != (y < 0):
		return m + y
	}
	return m
}

// operand is v as an array without copying; false if arrays do not combine with
// such a value by themselves.
func operand(v starlark.Value) (*Array, bool, error) {
	switch v := v.(type) {
	case *Array:
		return v, true, nil
	case *starlark.List, starlark.Tuple:
		a, err := FromValue(v)
		return a, true, err
	}
	x, kind, ok := number(v)
	if !ok {
		return nil, false, nil
	}
	return scalar(kind, x).settle(), true, nil
}

// Binary is a op y, or y op a if side is Right: + - * / // % on numbers, and
// & | ^ on arrays of True and False. y is an array, a number, or lists of
// numbers. Other operands are declined by (nil, nil).
func (a *Array) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	o, ok := operators[op]
	if !ok {
		return nil, nil
	}
	return a.binary(o, y, side == starlark.Left)
}

// Compare is a op other element by element, or other op a if left is false, for
// == != < <= > >=. The result is a Bool array. Other operands than arrays,
// numbers and lists of them are declined by (nil, nil).
func (a *Array) Compare(op syntax.Token, other starlark.Value, left bool) (starlark.Value, error) {
	o, ok := comparisons[op]
	if !ok {
		return nil, nil
	}
	return a.binary(o, other, left)
}

func (a *Array) binary(o binaryOp, v starlark.Value, left bool) (starlark.Value, error) {
	b, ok, err := operand(v)
	if !ok || err != nil {
		return nil, err
	}
	x, y := a, b
	if !left {
		x, y = b, a
	}
	z, err := o.apply(x, y)
	if err != nil {
		return nil, err
	}
	return z.Value(), nil
}

// apply is the operation with broadcasting.
func (o binaryOp) apply(x, y *Array) (*Array, error) {
	kind, ok := o.kind(x.store.kind, y.store.kind)
	if !ok {
		return nil, fmt.Errorf("%s combines arrays of True and False, got numbers; compare first and keep the parentheses: (a > 0) %s (b < 1)", o.name, o.name)
	}
	shape, err := broadcast(o.name, x.shape, y.shape)
	if err != nil {
		return nil, err
	}
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	z := construct(kind, shape, make([]float64, n))
	switch {
	case len(x.data) == n && len(y.data) == n:
		for i := range z.data {
			z.data[i] = o.f(x.data[i], y.data[i])
		}
	case len(y.data) == 1:
		for i := range z.data {
			z.data[i] = o.f(x.data[i], y.data[0])
		}
	default:
		ix, iy := walk(x, shape), walk(y, shape)
		for i := range z.data {
			z.data[i] = o.f(x.data[ix.next()], y.data[iy.next()])
		}
	}
	return z.settle(), nil
}

func equalShapes(x, y []int) bool { return slices.Equal(x, y) }

// broadcast is the shape of an operation on two shapes: aligned at the last
// axis, sizes must be equal or one of them 1.
func broadcast(name string, x, y []int) ([]int, error) {
	out := slices.Clone(x)
	if len(y) > len(x) {
		out = slices.Clone(y)
	}
	for i := 1; i <= min(len(x), len(y)); i++ {
		p, q := x[len(x)-i], y[len(y)-i]
		switch {
		case p == q || q == 1:
			out[len(out)-i] = p
		case p == 1:
			out[len(out)-i] = q
		default:
			return nil, misfit(name, x, y, i)
		}
	}
	return out, nil
}

// misfit says why two shapes do not combine at the i-th axis from the end.
func misfit(name string, x, y []int, i int) error {
	hint := "sizes fit if they are equal or one is 1"
	switch {
	case len(x) == 2 && len(y) == 1 && x[0] == y[0]:
		hint = fmt.Sprintf("as a column the second fits: .reshape(%d, 1)", y[0])
	case len(y) == 2 && len(x) == 1 && y[0] == x[0]:
		hint = fmt.Sprintf("as a column the first fits: .reshape(%d, 1)", x[0])
	case len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]:
		hint = "one of them transposed fits: .T"
	}
	return fmt.Errorf("%s: shapes %s and %s do not fit: %d and %d differ; %s", name, ShapeText(x), ShapeText(y), x[len(x)-i], y[len(y)-i], hint)
}

// A walker steps through the elements of an array in the order of a shape that
// it broadcasts to.
type walker struct {
	shape   []int
	strides []int // of the array, 0 where it is repeated
	index   []int
	offset  int
	started bool
}

func walk(a *Array, shape []int) *walker {
	w := &walker{shape: shape, strides: make([]int, len(shape)), index: make([]int, len(shape))}
	stride := 1
	for i := 1; i <= len(a.shape); i++ {
		if size := a.shape[len(a.shape)-i]; size > 1 {
			w.strides[len(shape)-i] = stride
			stride *= size
		}
	}
	return w
}

// next is the offset of the next element.
func (w *walker) next() int {
	if !w.started {
		w.started = true
		return w.offset
	}
	for i := len(w.shape) - 1; i >= 0; i-- {
		w.index[i]++
		w.offset += w.strides[i]
		if w.index[i] < w.shape[i] {
			break
		}
		w.offset -= w.index[i] * w.strides[i]
		w.index[i] = 0
	}
	return w.offset
}

// Unary is -a, +a, or ~a of an array of True and False.
func (a *Array) Unary(op syntax.Token) (starlark.Value, error) {
	switch op {
	case syntax.PLUS:
		return a.Copy(), nil
	case syntax.MINUS:
		z := a.Map(func(x float64) float64 { return -x })
		z.store.kind = max(a.store.kind, Int)
		return z.settle(), nil
	case syntax.TILDE:
		if a.store.kind != Bool {
			return nil, fmt.Errorf("~ turns True and False of a comparison, got an array of numbers; write ~(a > 0), or -a")
		}
		z := a.Map(func(x float64) float64 { return 1 - x })
		z.store.kind = Bool
		return z, nil
	}
	return nil, nil
}

// CompareSameType says whether two arrays are equal as a whole, in shape and
// every element. Orders are element-wise only: see Compare.
func (a *Array) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	b := y.(*Array)
	equal := equalShapes(a.shape, b.shape) && slices.Equal(a.data, b.data)
	switch op {
	case syntax.EQL:
		return equal, nil
	case syntax.NEQ:
		return !equal, nil
	}
	return false, fmt.Errorf("arrays as a whole have no order; compare their elements")
}
