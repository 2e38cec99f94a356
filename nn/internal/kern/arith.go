package kern

import "math"

// This file has the operations that portable kernels are printed in.

// fma is a*b + c, rounded once. The product is exact in float64; the sum is
// then rounded twice, which differs only if the sum is not settled.
func fma(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	s := p + float64(c)
	if settled(s) {
		return float32(s)
	}
	return roundOdd(p, float64(c), s)
}

// settled says whether a rounded sum can be rounded again: it is neither on a
// tie of float32, for the first rounding hides on which side of it the sum was,
// nor subnormal there, where ties are elsewhere.
func settled(s float64) bool {
	const normal = (1023 - 125) << 52 // 2^-125
	b := math.Float64bits(s)
	return b<<35 != 1<<63 && b&^(1<<63)-1 >= normal-1 // 0 wraps around
}

// roundOdd rounds p + c, whose rounded sum is s, to float32: by s with its
// last bit set if it is not exact, which a second rounding cannot mistake.
func roundOdd(p, c, s float64) float32 {
	q := s - p
	rest := (p - (s - q)) + (c - q) // exact (Knuth)
	if rest == 0 || rest != rest || math.Float64bits(s)&1 == 1 {
		return float32(s)
	}
	return float32(math.Nextafter(s, math.Copysign(math.Inf(1), rest)))
}

func less(a, b float32) float32 {
	if a < b {
		return a
	}
	return b
}

func greater(a, b float32) float32 {
	if a > b {
		return a
	}
	return b
}

func choose(m bool, a, b float32) float32 {
	if m {
		return a
	}
	return b
}

func and(a, b float32) float32 {
	return math.Float32frombits(math.Float32bits(a) & math.Float32bits(b))
}

func or(a, b float32) float32 {
	return math.Float32frombits(math.Float32bits(a) | math.Float32bits(b))
}

func xor(a, b float32) float32 {
	return math.Float32frombits(math.Float32bits(a) ^ math.Float32bits(b))
}

func iadd(a, b float32) float32 {
	return math.Float32frombits(math.Float32bits(a) + math.Float32bits(b))
}

func isub(a, b float32) float32 {
	return math.Float32frombits(math.Float32bits(a) - math.Float32bits(b))
}

func shl(a float32, n int) float32 { return math.Float32frombits(math.Float32bits(a) << n) }

func sra(a float32, n int) float32 {
	return math.Float32frombits(uint32(int32(math.Float32bits(a)) >> n))
}

// toInt turns a number that is a small integer, or NaN, to an integer's bits.
func toInt(a float32) float32 {
	if a != a {
		return 0
	}
	return math.Float32frombits(uint32(int32(a)))
}

// lanes are the virtual lanes of a sum.
type lanes [Lanes]float32

func lowest() (l lanes) {
	for i := range l {
		l[i] = float32(math.Inf(-1))
	}
	return l
}

func (l *lanes) sum() float32 {
	for half := Lanes / 2; half > 0; half /= 2 {
		for i := range half {
			l[i] += l[i+half]
		}
	}
	return l[0]
}

func (l *lanes) top() float32 {
	for half := Lanes / 2; half > 0; half /= 2 {
		for i := range half {
			l[i] = greater(l[i+half], l[i])
		}
	}
	return l[0]
}
