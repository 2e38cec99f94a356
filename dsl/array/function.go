package array

import (
	"fmt"
	"math"
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
	"mlpkernel/nn/mathx"
)

// A Function is applied to a number or to each element of an array.
type Function struct {
	Name string
	Doc  string
	F    func(x float64) float64
	// Whole says that whole numbers stay whole numbers.
	Whole bool
}

var functions = []Function{
	{"exp", "e to the power of x", mathx.Exp, false},
	{"expm1", "e to the power of x, minus 1; exact near 0", mathx.Expm1, false},
	{"log", "the natural logarithm: -inf at 0, nan below", mathx.Log, false},
	{"log1p", "log(1 + x); exact near 0", mathx.Log1p, false},
	{"log2", "the logarithm to base 2", log2, false},
	{"log10", "the logarithm to base 10", log10, false},
	{"sqrt", "the square root, nan below 0", math.Sqrt, false},
	{"square", "x * x", func(x float64) float64 { return x * x }, true},
	{"abs", "x without its sign", math.Abs, true},
	{"sign", "-1, 0 or 1", sign, true},
	{"floor", "the next whole number below", math.Floor, true},
	{"ceil", "the next whole number above", math.Ceil, true},
	{"sin", "the sine of x in radians", sin, false},
	{"cos", "the cosine of x in radians", cos, false},
	{"tan", "the tangent of x in radians", func(x float64) float64 { return sin(x) / cos(x) }, false},
	{"sinh", "the hyperbolic sine", sinh, false},
	{"cosh", "the hyperbolic cosine", cosh, false},
	{"tanh", "the hyperbolic tangent", mathx.Tanh, false},
	{"isnan", "whether x is not a number", func(x float64) float64 { return indicator(x != x) }, false},
	{"isfinite", "whether x is neither nan nor infinite", func(x float64) float64 { return indicator(x-x == 0) }, false},
}

// truths names the functions whose results are True and False.
var truths = []string{"isnan", "isfinite"}

// Functions lists the functions of numbers that apply element by element.
func Functions() []Function { return slices.Clone(functions) }

// Lookup is the function of a name.
func Lookup(name string) (Function, bool) {
	i := slices.IndexFunc(functions, func(f Function) bool { return f.Name == name })
	if i < 0 {
		return Function{}, false
	}
	return functions[i], true
}

// Apply is f of a number, or of each element of an array or of lists of numbers.
func (f Function) Apply(v starlark.Value) (starlark.Value, error) {
	a, ok, err := operand(v)
	if arrayer, is := v.(Arrayer); is && !ok {
		a, err = arrayer.ToArray()
		ok = true
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if !ok {
		return nil, fmt.Errorf("%s: want a number or an array, got %s %s", f.Name, v.Type(), pyfmt.ReprLimit(v, 30))
	}
	return f.Of(a).Value(), nil
}

// Of is f of each element.
func (f Function) Of(a *Array) *Array {
	z := a.Map(f.F)
	switch {
	case slices.Contains(truths, f.Name):
		z.store.kind = Bool
	case f.Whole && a.store.kind <= Int:
		z.store.kind = Int
	}
	return z.settle()
}

// Map is the Float array of f of each element.
func (a *Array) Map(f func(x float64) float64) *Array {
	data := make([]float64, len(a.data))
	for i, x := range a.data {
		data[i] = f(x)
	}
	return construct(Float, slices.Clone(a.shape), data)
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

// log2 is exact at powers of two.
func log2(x float64) float64 {
	m, exp := math.Frexp(x)
	if m == 0.5 {
		return float64(exp - 1)
	}
	return mathx.Log(x) / math.Ln2
}

// log10 is exact at powers of ten.
func log10(x float64) float64 {
	y := mathx.Log(x) / math.Ln10
	if n := math.RoundToEven(y); math.Abs(y-n) < 1e-12 && math.Abs(n) <= 308 && math.Pow10(int(n)) == x {
		return n
	}
	return y
}

// maxAngle is how far mathx's sine reaches.
const maxAngle = 1e5

// reduce brings a large angle near 0: off by 4e-17 of it, since 2π is rounded.
func reduce(x float64) float64 {
	if math.Abs(x) > maxAngle {
		return math.Mod(x, 2*math.Pi)
	}
	return x
}

func sin(x float64) float64 { return mathx.Sin(reduce(x)) }

func cos(x float64) float64 { return mathx.Cos(reduce(x)) }

func sinh(x float64) float64 {
	if math.Abs(x) > 700 {
		e := mathx.Exp(math.Abs(x) / 2)
		return math.Copysign(e/2*e, x)
	}
	e := mathx.Expm1(math.Abs(x))
	return math.Copysign((e+e/(e+1))/2, x)
}

func cosh(x float64) float64 {
	if math.Abs(x) > 700 {
		e := mathx.Exp(math.Abs(x) / 2)
		return e / 2 * e
	}
	e := mathx.Exp(math.Abs(x))
	return (e + 1/e) / 2
}

var (
	maximumOp = binaryOp{"maximum", greater, keep}
	minimumOp = binaryOp{"minimum", lesser, keep}
)

func greater(x, y float64) float64 {
	if x != x || x > y {
		return x
	}
	return y
}

func lesser(x, y float64) float64 {
	if x != x || x < y {
		return x
	}
	return y
}

// Maximum is the greater of x and y, element by element, with broadcasting; nan
// wins.
func Maximum(x, y *Array) (*Array, error) { return maximumOp.apply(x, y) }

// Minimum is the lesser of x and y, element by element, with broadcasting; nan
// wins.
func Minimum(x, y *Array) (*Array, error) { return minimumOp.apply(x, y) }

// Where is x where the condition holds and y elsewhere, with broadcasting.
func Where(condition, x, y *Array) (*Array, error) {
	shape, err := broadcast("where", x.shape, y.shape)
	if err != nil {
		return nil, err
	}
	if shape, err = broadcast("where", condition.shape, shape); err != nil {
		return nil, err
	}
	n, err := Elements(shape)
	if err != nil {
		return nil, err
	}
	z := construct(max(x.store.kind, y.store.kind), shape, make([]float64, n))
	ic, ix, iy := walk(condition, shape), walk(x, shape), walk(y, shape)
	for i := range z.data {
		c, p, q := ic.next(), ix.next(), iy.next()
		if condition.data[c] != 0 {
			z.data[i] = x.data[p]
		} else {
			z.data[i] = y.data[q]
		}
	}
	return z, nil
}
