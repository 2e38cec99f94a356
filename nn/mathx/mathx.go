// Package mathx has the elementary functions that training and pictures count
// with, in float64, with the same bits on every machine.
//
// Package math's own differ by CPU (assembly on some), and Go fuses x*y+z on
// arm64; here every product that is added to is rounded by an explicit
// conversion. The tests hold them within 2 ulp of package math's results (Expm1
// and Tanh: 3 ulp). Sin and Cos are for |x| <= 1e5. NaN goes to NaN.
package mathx

import "math"

const (
	ln2Hi  = 6.93147180369123816490e-01 // upper 33 bits of log 2
	ln2Lo  = 1.90821492927058770002e-10 // the rest
	invLn2 = 1.44269504088896338700e+00
)

// Exp is e^x. Above 709.78… it is +Inf, below -745.13… it is 0.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.782712893384:
		return math.Inf(1)
	case x < -745.2:
		return 0
	}
	k, hi, lo := reduceExp(x)
	return math.Ldexp(1+expm1Small(hi, lo), k)
}

// reduceExp writes x = k log 2 + hi - lo with |hi-lo| <= (log 2)/2.
func reduceExp(x float64) (k int, hi, lo float64) {
	n := math.Floor(float64(x*invLn2) + 0.5)
	return int(n), x - float64(n*ln2Hi), float64(n * ln2Lo)
}

// expm1Small is e^(hi-lo) - 1 for |hi-lo| <= 0.35, by the Taylor series to r^14.
func expm1Small(hi, lo float64) float64 {
	r := hi - lo
	p := 1.0 / 87178291200
	for _, c := range expSeries {
		p = float64(p*r) + c
	}
	// p = (e^r - 1 - r) / r²
	return hi + (float64(float64(r*r)*p) - lo)
}

// expSeries are 1/13! … 1/2!.
var expSeries = [...]float64{
	1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880,
	1.0 / 40320, 1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2,
}

// Expm1 is e^x - 1, exact near 0.
func Expm1(x float64) float64 {
	if math.Abs(x) <= 0.34 {
		return expm1Small(x, 0)
	}
	if x > 40 || x < -40 || x != x {
		return Exp(x) - 1
	}
	// e^x - 1 = 2^k (e^r - 1) + (2^k - 1), whose second part is exact.
	k, hi, lo := reduceExp(x)
	return math.Ldexp(expm1Small(hi, lo), k) + (math.Ldexp(1, k) - 1)
}

// Log is the natural logarithm: -Inf at 0, NaN below.
func Log(x float64) float64 {
	switch {
	case x != x || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	m, n := binade(x)
	f := m - 1
	// log(1+f) = f - f²/2 + s(f²/2 + R), s = f/(2+f), R = 2s²/3 + 2s⁴/5 + …
	s := f / (2 + f)
	half := float64(0.5 * float64(f*f))
	z := float64(s * s)
	p := float64(z*(2.0/23)) + 2.0/21
	p = float64(p*z) + 2.0/19
	p = float64(p*z) + 2.0/17
	p = float64(p*z) + 2.0/15
	p = float64(p*z) + 2.0/13
	p = float64(p*z) + 2.0/11
	p = float64(p*z) + 2.0/9
	p = float64(p*z) + 2.0/7
	p = float64(p*z) + 2.0/5
	p = float64(p*z) + 2.0/3
	r := float64(s * (half + float64(z*p)))
	return float64(n*ln2Hi) - ((half - (r + float64(n*ln2Lo))) - f)
}

// binade writes x > 0 = m 2^n with m from √½ to √2.
func binade(x float64) (m, n float64) {
	const root, fraction = 0x3fe6a09e667f3bcd, 1<<52 - 1 // √½
	if x < 0x1p-1022 {
		x, n = x*0x1p54, -54
	}
	u := math.Float64bits(x) + (1023<<52 - root)
	return math.Float64frombits(u&fraction + root), n + float64(int64(u>>52)-1023)
}

// Log1p is log(1+x), exact near 0.
func Log1p(x float64) float64 {
	u := 1 + x
	switch {
	case u == 1 || math.IsInf(u, 1):
		return x
	case u == 0:
		return math.Inf(-1)
	}
	// Log(u) is right for u; the rounding of 1+x is corrected to first order.
	return Log(u) + (x-(u-1))/u
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var t float64
	switch {
	case x != x:
		return x
	case a > 22:
		t = 1
	case a > 0.55:
		t = 1 - 2/(Exp(2*a)+1)
	default:
		e := Expm1(2 * a)
		t = e / (e + 2)
	}
	return math.Copysign(t, x)
}

// Sigmoid is 1 / (1 + e^-x).
func Sigmoid(x float64) float64 {
	if x >= 0 {
		return 1 / (1 + Exp(-x))
	}
	e := Exp(x)
	return e / (1 + e)
}

// Softplus is log(1 + e^x).
func Softplus(x float64) float64 { return math.Max(x, 0) + Log1p(Exp(-math.Abs(x))) }

// Pow is x^y for x >= 0, as Exp(y Log x): within |y log x| ulp or so.
func Pow(x, y float64) float64 {
	if y == 0 || x == 1 {
		return 1
	}
	return Exp(y * Log(x))
}
