// Package det computes elementary functions with the same bits on every
// machine: plain float64 arithmetic in a fixed order, no fused multiply-add
// (every product is converted before it is added) and no assembly. Errors are
// a few units in the last place; det_test.go compares with package math.
package det

import "math"

const (
	ln2Hi = 6.93147180369123816490e-01
	ln2Lo = 1.90821492927058770002e-10
)

// Exp returns e to the x (reduction by ln 2 and the rational form of
// FreeBSD's e_exp.c).
func Exp(x float64) float64 {
	switch {
	case math.IsNaN(x) || x > 709.782712893384:
		return math.Inf(1) + x
	case x < -745.2:
		return 0
	}
	k := math.Floor(float64(x*(1/math.Ln2)) + 0.5)
	hi := x - float64(k*ln2Hi)
	lo := float64(k * ln2Lo)
	r := hi - lo
	t := float64(r * r)
	c := r - float64(t*poly(t, 1.66666666666666657415e-01, -2.77777777770155933842e-03,
		6.61375632143793436117e-05, -1.65339022054652515390e-06, 4.13813679705723846039e-08))
	y := 1 - ((lo - float64(r*c)/(2-c)) - hi)
	return math.Ldexp(y, int(k))
}

// Log returns the natural logarithm (reduction to [√½, √2) and the series of
// FreeBSD's e_log.c).
func Log(x float64) float64 {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 1):
		return x
	case x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	}
	f, e := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f *= 2
		e--
	}
	f--
	k := float64(e)
	s := f / (2 + f)
	z := float64(s * s)
	r := float64(z * poly(z, 6.666666666666735130e-01, 3.999999999940941908e-01, 2.857142874366239149e-01,
		2.222219843214978396e-01, 1.818357216161805012e-01, 1.531383769920937332e-01, 1.479819860511658591e-01))
	half := float64(0.5 * f * f)
	return float64(k*ln2Hi) - ((half - (float64(s*(half+r)) + float64(k*ln2Lo))) - f)
}

// Log1p returns log(1 + x), accurate near 0.
func Log1p(x float64) float64 {
	u := 1 + x
	if d := u - 1; d != 0 && !math.IsInf(u, 1) {
		return float64(Log(u)*x) / d
	} else if math.IsInf(u, 1) {
		return u
	}
	return x
}

// Pow returns x to the y: exactly repeated products for small whole y, else
// exp(y log x) with the conventions of math.Pow for signs and zeros.
func Pow(x, y float64) float64 {
	if n := math.Abs(y); n <= 64 && n == math.Floor(n) {
		p := 1.0
		for range int(n) {
			p = float64(p * x)
		}
		if y < 0 {
			return 1 / p
		}
		return p
	}
	switch {
	case y == 0.5:
		return math.Sqrt(x)
	case x == 0 || x < 0 || math.IsInf(x, 0) || math.IsInf(y, 0) || math.IsNaN(x) || math.IsNaN(y) || x == 1:
		return powSpecial(x, y)
	}
	return Exp(float64(y * Log(x)))
}

func powSpecial(x, y float64) float64 {
	if x < 0 && !math.IsInf(x, 0) && !math.IsInf(y, 0) && y == math.Floor(y) {
		p := Exp(float64(y * Log(-x)))
		if math.Mod(y, 2) != 0 {
			return -p
		}
		return p
	}
	return math.Pow(x, y) // zeros, infinities, NaN and 1: exact results
}

// Sin returns the sine of x radians.
func Sin(x float64) float64 { return sincos(x, 0) }

// Cos returns the cosine of x radians.
func Cos(x float64) float64 { return sincos(x, 1) }

// sincos reduces by π/2 in three parts (Cody and Waite, accurate while |x| is
// below about 1e6) and evaluates the kernels of FreeBSD's k_sin.c and k_cos.c.
func sincos(x float64, quarter int) float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return math.NaN()
	}
	k := math.Floor(float64(x*(2/math.Pi)) + 0.5)
	r := x - float64(k*1.57079632673412561417e+00)
	r -= float64(k * 6.07710050630396597660e-11)
	r -= float64(k * 2.02226624879595063154e-21)
	z := float64(r * r)
	var y float64
	q := (int(math.Mod(k, 4)) + 4 + quarter) % 4
	if q%2 == 0 {
		y = r + float64(float64(r*z)*poly(z, -1.66666666666666324348e-01, 8.33333333332248946124e-03,
			-1.98412698298579493134e-04, 2.75573137070700676789e-06, -2.50507602534068634195e-08, 1.58969099521155010221e-10))
	} else {
		y = 1 - (float64(0.5*z) - float64(float64(z*z)*poly(z, 4.16666666666666019037e-02, -1.38888888888741095749e-03,
			2.48015872894767294178e-05, -2.75573143513906633035e-07, 2.08757232129817482790e-09, -1.13596475577881948265e-11)))
	}
	if q >= 2 {
		return -y
	}
	return y
}

// poly evaluates c[0] + c[1] z + c[2] z² + ... by Horner's rule.
func poly(z float64, c ...float64) float64 {
	s := c[len(c)-1]
	for i := len(c) - 2; i >= 0; i-- {
		s = c[i] + float64(z*s)
	}
	return s
}

// Tanh returns the hyperbolic tangent.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var y float64
	switch {
	case a > 22:
		y = 1
	case a < 1e-8:
		return x
	default:
		e := Exp(float64(2 * a))
		y = 1 - 2/(e+1)
	}
	return math.Copysign(y, x)
}

// NormalQuantile returns the z below which a standard normal variable falls
// with probability p, 0 < p < 1 (Wichura 1988, algorithm AS 241, PPND16).
func NormalQuantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return float64(q*poly(r, 3.3871328727963666080e0, 1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
			4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3)) /
			poly(r, 1, 4.2313330701600911252e+1, 6.8718700749205790830e+2, 5.3941960214247511077e+3, 2.1213794301586595867e+4,
				3.9307895800092710610e+4, 2.8729085735721942674e+4, 5.2264952788528545610e+3)
	}
	r := p
	if q > 0 {
		r = 1 - p
	}
	r = math.Sqrt(-Log(r))
	var z float64
	if r <= 5 {
		r -= 1.6
		z = poly(r, 1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
			1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4) /
			poly(r, 1, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
				1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9)
	} else {
		r -= 5
		z = poly(r, 6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
			2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7) /
			poly(r, 1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
				1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15)
	}
	return math.Copysign(z, q)
}
