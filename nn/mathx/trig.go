package mathx

import "math"

// π/2 in three parts of 33, 33 and 53 bits, for exact products with n < 2^20.
const (
	pio2Hi  = 1.57079632673412561417e+00
	pio2Mid = 6.07710050630396597660e-11
	pio2Lo  = 2.02226624879595063154e-21
)

// Sin is the sine, for |x| <= 1e5.
func Sin(x float64) float64 { return quadrant(x, 0) }

// Cos is the cosine, for |x| <= 1e5.
func Cos(x float64) float64 { return quadrant(x, 1) }

// quadrant is sin(x + shift*π/2).
func quadrant(x float64, shift int) float64 {
	if x != x || math.IsInf(x, 0) {
		return math.NaN()
	}
	n := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	a := x - float64(n*pio2Hi)
	b := float64(n * pio2Mid)
	r := a - b
	// What the subtraction lost, and the last part.
	low := float64(n*pio2Lo) - ((a - r) - b)
	var v float64
	q := (int64(n) + int64(shift)) & 3
	if q&1 == 0 {
		v = sinSmall(r, -low)
	} else {
		v = cosSmall(r, -low)
	}
	if q >= 2 {
		return -v
	}
	return v
}

// sinSmall is sin(r+d) for |r| <= 0.79 and tiny d.
func sinSmall(r, d float64) float64 {
	z := float64(r * r)
	p := 1.0 / 355687428096000
	for _, c := range sinSeries {
		p = float64(p*z) + c
	}
	// cos(r) ≈ 1 - z/2 suffices for the part of d.
	return r + (float64(float64(r*z)*p) + float64(d*(1-float64(0.5*z))))
}

// sinSeries are -1/15!, 1/13!, … -1/3!.
var sinSeries = [...]float64{
	-1.0 / 1307674368000, 1.0 / 6227020800, -1.0 / 39916800, 1.0 / 362880, -1.0 / 5040, 1.0 / 120, -1.0 / 6,
}

// cosSmall is cos(r+d) for |r| <= 0.79 and tiny d.
func cosSmall(r, d float64) float64 {
	z := float64(r * r)
	p := 1.0 / 20922789888000
	for _, c := range cosSeries {
		p = float64(p*z) + c
	}
	half := float64(0.5 * z)
	w := 1 - half
	return w + (((1 - w) - half) + (float64(float64(z*z)*p) - float64(r*d)))
}

// cosSeries are -1/14!, 1/12!, … 1/4!.
var cosSeries = [...]float64{
	-1.0 / 87178291200, 1.0 / 479001600, -1.0 / 3628800, 1.0 / 40320, -1.0 / 720, 1.0 / 24,
}
