package array

import (
	"fmt"
	"math"
	"math/big"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
	"mlpkernel/nn/mathx"
)

// maxPowBits bounds the size of an integer power.
const maxPowBits = 1 << 22

var powOp = binaryOp{"**", power, promoted}

// Pow is x ** y. Whole numbers give exact ones (a float for a negative
// exponent), arrays are taken element by element with broadcasting, where a
// result that is no real number is nan. For scalars that is an error, as are
// 0 ** -1 and what overflows.
func Pow(x, y starlark.Value) (starlark.Value, error) {
	a, okX, errX := powOperand(x)
	b, okY, errY := powOperand(y)
	switch {
	case errX != nil:
		return nil, errX
	case errY != nil:
		return nil, errY
	case !okX || !okY:
		return nil, fmt.Errorf("unknown binary op: %s ** %s", x.Type(), y.Type())
	}
	if len(a.shape) == 0 && len(b.shape) == 0 {
		return scalarPow(x, y)
	}
	z, err := powOp.apply(a, b)
	if err != nil {
		return nil, err
	}
	return z.Value(), nil
}

// powOperand takes arrays and numbers; a list has no powers.
func powOperand(v starlark.Value) (*Array, bool, error) {
	switch v.(type) {
	case *starlark.List, starlark.Tuple:
		return nil, false, nil
	}
	return operand(v)
}

func scalarPow(x, y starlark.Value) (starlark.Value, error) {
	i, okX := wholeNumber(x)
	j, okY := wholeNumber(y)
	if okX && okY && j.Sign() >= 0 {
		return intPow(i, j)
	}
	f, _, _ := number(x)
	g, _, _ := number(y)
	if a, ok := x.(*Array); ok {
		f = a.data[0]
	}
	if b, ok := y.(*Array); ok {
		g = b.data[0]
	}
	z := power(f, g)
	switch {
	case f == 0 && g < 0:
		return nil, fmt.Errorf("0 ** %s divides by zero", pyfmt.Repr(y))
	case z != z && f == f && g == g:
		return nil, fmt.Errorf("(%s) ** %s is no real number; abs(x) ** y is", pyfmt.Repr(x), pyfmt.Repr(y))
	case math.IsInf(z, 0) && !math.IsInf(f, 0) && !math.IsInf(g, 0):
		return nil, fmt.Errorf("%s ** %s is too large for a float", pyfmt.ReprLimit(x, 30), pyfmt.ReprLimit(y, 30))
	}
	return starlark.Float(z), nil
}

// wholeNumber is an int, or a bool as one.
func wholeNumber(v starlark.Value) (*big.Int, bool) {
	switch v := v.(type) {
	case starlark.Int:
		return v.BigInt(), true
	case starlark.Bool:
		return big.NewInt(int64(indicator(bool(v)))), true
	}
	return nil, false
}

func intPow(x, y *big.Int) (starlark.Value, error) {
	if x.BitLen() > 1 && (!y.IsInt64() || y.Int64() > maxPowBits/int64(x.BitLen())) {
		return nil, fmt.Errorf("%s ** %s has too many digits; with a float, as 2.0 ** 10, powers are approximate", pyfmt.ReprLimit(starlark.MakeBigInt(x), 30), pyfmt.ReprLimit(starlark.MakeBigInt(y), 30))
	}
	if x.BitLen() <= 1 { // 0, 1, -1: only the parity of y counts
		y = new(big.Int).Add(big.NewInt(int64(y.Bit(0))), big.NewInt(2*int64(min(y.Sign(), 1))))
	}
	return starlark.MakeBigInt(new(big.Int).Exp(x, y, nil)), nil
}

// power is x^y as C's pow, nan where it is not real. Whole exponents below 2^20
// are as good as correctly rounded; others are within a few ulp, more for
// enormous results.
func power(x, y float64) float64 {
	n := math.RoundToEven(y)
	switch {
	case y == 0 || x == 1:
		return 1
	case y == 1 || x != x:
		return x
	case x == 0 || y != y || math.IsInf(x, 0) || math.IsInf(y, 0):
		return math.Pow(x, y) // a special case, without counting
	case x < 0 && n != y:
		return math.NaN()
	case math.Abs(y) >= 1<<20:
		return hugePower(x, y)
	}
	whole := wholePower(x, int(n))
	switch f := y - n; f {
	case 0:
		return whole
	case 0.5:
		return whole * math.Sqrt(x)
	case -0.5:
		return whole / math.Sqrt(x)
	default:
		return whole * mathx.Exp(float64(f*mathx.Log(x)))
	}
}

// hugePower is x^y for |y| >= 2^20, where all but x near ±1 is 0 or infinite.
func hugePower(x, y float64) float64 {
	z := mathx.Exp(float64(y * mathx.Log(math.Abs(x))))
	if x < 0 && math.Mod(y, 2) != 0 {
		return -z
	}
	return z
}

// A double is the unevaluated sum hi + lo times 2^exp, of about 106 bits.
type double struct {
	hi, lo float64
	exp    int
}

// times is the product, scaled so that 1/2 <= |hi| < 1.
func (d double) times(e double) double {
	p := float64(d.hi * e.hi)
	low := math.FMA(d.hi, e.hi, -p) + (float64(d.hi*e.lo) + float64(d.lo*e.hi))
	sum := p + low
	hi, exp := math.Frexp(sum)
	lo := math.Ldexp(low-(sum-p), -exp)
	return double{hi, lo, d.exp + e.exp + exp}
}

// wholePower is x^n by repeated squaring in double precision twice over.
func wholePower(x float64, n int) float64 {
	hi, exp := math.Frexp(x)
	base, out := double{hi, 0, exp}, double{0.5, 0, 1}
	for m := max(n, -n); m > 0; m >>= 1 {
		if m&1 == 1 {
			out = out.times(base)
		}
		base = base.times(base)
	}
	if n >= 0 {
		return math.Ldexp(out.hi+out.lo, out.exp)
	}
	q := 1 / out.hi
	r := -math.FMA(q, out.hi, -1) - float64(q*out.lo)
	return math.Ldexp(q+float64(q*r), -out.exp)
}
