package main

import "math"

// This file has the elementary functions that kernels are made of.

// reduce writes x = n log 2 + r with |r| <= (log 2)/2, after clamping x to where
// e^x is neither 0 nor infinite by a wide margin. NaN stays NaN.
func (b *builder) reduce(x *value, low, high float64) (n, r *value) {
	x = b.min(b.num(high), x)
	x = b.max(b.num(low), x)
	n = b.rint(b.mul(x, b.num(math.Log2E)))
	r = b.fnma(n, b.num(0.693145751953125), x) // 13 bits: n times it is exact
	return n, b.fnma(n, b.num(1.42860676533018e-6), r)
}

// expTail is e^r - 1 for a reduced r, by Cephes' polynomial.
func (b *builder) expTail(r *value) *value {
	p := b.poly(r, 1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1)
	return b.fma(b.mul(p, r), r, r)
}

// power is 2^n for an integer n in [-126, 127].
func (b *builder) power(n *value) *value {
	return b.shl(b.iadd(n, b.word(127)), 23)
}

// exp is e^x; it rounds to 0, subnormal numbers and infinity as it should.
func (b *builder) exp(x *value) *value {
	n, r := b.reduce(x, -104, 89)
	p := b.add(b.expTail(r), b.num(1))
	i := b.toInt(n)
	half := b.sra(i, 1) // 2^n in two factors, as it may lie outside of the range
	return b.mul(b.mul(p, b.power(half)), b.power(b.isub(i, half)))
}

// expSmall is e^x for x <= 0, where results below 1e-37 may be 0.
func (b *builder) expSmall(x *value) *value {
	n, r := b.reduce(x, -87, 1)
	return b.mul(b.add(b.expTail(r), b.num(1)), b.power(b.toInt(n)))
}

// expSmallOrZero is e^x for x <= 0, exactly 0 below -87.
func (b *builder) expSmallOrZero(x *value) *value {
	return b.sel(b.less(x, b.num(-87)), b.num(0), b.expSmall(x))
}

// expm1 is e^x - 1 for x <= 0.
func (b *builder) expm1(x *value) *value {
	n, r := b.reduce(x, -87, 1)
	s := b.power(b.toInt(n))
	return b.fma(s, b.expTail(r), b.sub(s, b.num(1)))
}

// log is the natural logarithm: -Inf at 0, NaN below.
func (b *builder) log(x *value) *value {
	tiny := b.less(x, b.num(math.Float64frombits(0x3810000000000000))) // 2^-126
	scaled := b.sel(tiny, b.mul(x, b.num(1<<23)), x)
	// x = 2^e m, m in [√½, √2)
	i := b.isub(scaled, b.word(math.Float32bits(float32(math.Sqrt2/2))))
	e := b.sra(i, 23)
	m := b.isub(scaled, b.shl(e, 23))
	k := b.toFloat(e)
	k = b.sub(k, b.sel(tiny, b.num(23), b.num(0)))
	f := b.sub(m, b.num(1))
	z := b.mul(f, f)
	p := b.poly(f, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1, 1.4249322787e-1,
		-1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
	y := b.mul(b.mul(p, f), z)
	y = b.fma(k, b.num(-2.12194440e-4), y)
	y = b.fnma(b.num(0.5), z, y)
	y = b.fma(k, b.num(0.693359375), b.add(f, y))
	inf, nan := b.num(math.Inf(1)), b.word(0x7fc00000)
	y = b.sel(b.less(x, inf), y, x) // infinity and NaN as they are
	y = b.sel(b.lessEq(x, b.num(0)), b.sel(b.less(x, b.num(0)), nan, b.num(math.Inf(-1))), y)
	return y
}

// toFloat turns integers of less than 23 bits to numbers, by placing them in
// the fraction of 1.5·2^23.
func (b *builder) toFloat(i *value) *value {
	return b.sub(b.iadd(i, b.word(0x4b400000)), b.word(0x4b400000))
}

// log1p is log(1+u) for u in [0, 1]: 2 artanh(u/(2+u)).
func (b *builder) log1p(u *value) *value {
	s := b.div(u, b.add(u, b.num(2)))
	z := b.mul(s, s)
	p := b.poly(z, 2.0/15, 2.0/13, 2.0/11, 2.0/9, 2.0/7, 2.0/5, 2.0/3)
	return b.fma(b.mul(p, z), s, b.add(s, s))
}

// softplus is log(1 + e^x).
func (b *builder) softplus(x *value) *value {
	e := b.expSmallOrZero(b.neg(b.abs(x)))
	return b.add(b.max(b.num(0), x), b.log1p(e))
}

// sigmoid is top/(1 + e) with e = e^-|x|, where top is 1 or, below 0, e. The
// quotient is corrected by its remainder, with what the sum's rounding lost.
func (b *builder) sigmoid(x *value) *value {
	e := b.exp(b.neg(b.abs(x)))
	top := b.sel(b.less(x, b.num(0)), e, b.num(1))
	d := b.add(e, b.num(1))
	lost := b.sub(e, b.sub(d, b.num(1)))
	inv := b.div(b.num(1), d)
	q := b.mul(top, inv)
	rest := b.fnma(q, lost, b.fnma(q, d, top))
	return b.fma(rest, inv, q)
}

// tanh is an odd polynomial (Cephes') below 0.625, else 1 - 2/(e^2x + 1).
func (b *builder) tanh(x *value) *value {
	a := b.abs(x)
	sign := b.and(x, b.word(0x80000000))
	n, r := b.reduce(b.add(a, a), -1, 40)
	e := b.mul(b.add(b.expTail(r), b.num(1)), b.power(b.toInt(n)))
	large := b.sub(b.num(1), b.div(b.num(2), b.add(e, b.num(1))))
	z := b.mul(a, a)
	p := b.poly(z, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	small := b.fma(b.mul(p, z), a, a)
	return b.or(b.sel(b.less(a, b.num(0.625)), small, large), sign)
}

// geluShare is s = sigmoid(2u) = (1 + tanh u)/2, what gelu multiplies x by, with
// u = c(x + 0.044715x³), c = √(2/π).
func (b *builder) geluShare(x *value) *value {
	inner := b.fma(b.mul(b.mul(x, x), x), b.num(0.044715), x)
	return b.sigmoid(b.mul(inner, b.num(2*math.Sqrt(2/math.Pi))))
}

// mishTanh is t = tanh(log(1+e^x)) = n/(n+2), n = e(e+2), with 1-t = 2/(n+2) and e.
func (b *builder) mishTanh(x *value) (t, rest, e *value) {
	e = b.exp(b.min(b.num(20), x))
	n := b.mul(e, b.add(e, b.num(2)))
	d := b.add(n, b.num(2))
	return b.div(n, d), b.div(b.num(2), d), e
}
