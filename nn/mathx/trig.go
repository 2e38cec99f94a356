package mathx

import "math"

// π/2 in three parts of 33, 33 and 53 bits, for exact products with n < 2^20.
const (
	pio2Hi  = 1.57079632673412561417e+00
	pio2Mid = 6.07710050630396597660e-11
	pio2Lo  = 2.02226624879595063154e-21
)

// Sin is the sine, for |x| <= 1e5.
func Sin(x float64) float64 {
	sin, _ := Sincos(x)
	return sin
}

// Cos is the cosine, for |x| <= 1e5.
func Cos(x float64) float64 {
	_, cos := Sincos(x)
	return cos
}

// Sincos is the sine and the cosine, for |x| <= 1e5.
func Sincos(x float64) (sin, cos float64) {
	q, r, d := quarter(x)
	s, c := math.Float64bits(sinSmall(r, d)), math.Float64bits(cosSmall(r, d))
	// No jumps, which nobody could foretell.
	swap := (s ^ c) & -uint64(q&1)
	s, c = s^swap, c^swap
	s ^= uint64(q&2) << 62
	c ^= uint64((q+1)&2) << 62
	return math.Float64frombits(s), math.Float64frombits(c)
}

// quarter writes x = q*π/2 + r + d with |r| <= 0.79 and tiny d. What is no finite
// number gives an r that is none.
func quarter(x float64) (q int, r, d float64) {
	if x-x != 0 {
		return 0, math.NaN(), 0
	}
	n := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	a := x - float64(n*pio2Hi)
	b := float64(n * pio2Mid)
	r = a - b
	// What the subtraction lost, and the last part.
	low := float64(n*pio2Lo) - ((a - r) - b)
	return int(n), r, -low
}

// sinSmall is sin(r+d) for |r| <= 0.79 and tiny d, by the Taylor series to r^17.
func sinSmall(r, d float64) float64 {
	z := float64(r * r)
	p := float64(z*(1.0/355687428096000)) - 1.0/1307674368000
	p = float64(p*z) + 1.0/6227020800
	p = float64(p*z) - 1.0/39916800
	p = float64(p*z) + 1.0/362880
	p = float64(p*z) - 1.0/5040
	p = float64(p*z) + 1.0/120
	p = float64(p*z) - 1.0/6
	// cos(r) ≈ 1 - z/2 suffices for the part of d.
	return r + (float64(float64(r*z)*p) + float64(d*(1-float64(0.5*z))))
}

// cosSmall is cos(r+d) for |r| <= 0.79 and tiny d, by the Taylor series to r^16.
func cosSmall(r, d float64) float64 {
	z := float64(r * r)
	p := float64(z*(1.0/20922789888000)) - 1.0/87178291200
	p = float64(p*z) + 1.0/479001600
	p = float64(p*z) - 1.0/3628800
	p = float64(p*z) + 1.0/40320
	p = float64(p*z) - 1.0/720
	p = float64(p*z) + 1.0/24
	half := float64(0.5 * z)
	w := 1 - half
	return w + (((1 - w) - half) + (float64(float64(z*z)*p) - float64(r*d)))
}
