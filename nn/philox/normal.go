package philox

import (
	"math"

	"mlpkernel/nn/mathx"
)

// Normal gives number i of the standard normal distribution, by Box and
// Muller: with u, v the uniforms 2j and 2j+1 of j = i/2, it is
// sqrt(-2 log u) times cos(2πv) for even i and sin(2πv) for odd i.
func (s Stream) Normal(i int) float64 {
	w := s.Words(uint32(i / 4))
	k := i % 4 &^ 1
	r, angle := polar(w[k], w[k+1])
	if i%2 == 0 {
		return r * mathx.Cos(angle)
	}
	return r * mathx.Sin(angle)
}

// Normals fills v with normal numbers from 4*first on.
func (s Stream) Normals(v []float64, first int) {
	for b := first; len(v) > 0; b++ {
		w0, w1, w2, w3 := block(uint32(b), s.step, s.layer, s.purpose, s.key[0], s.key[1])
		var four [4]float64
		r, angle := polar(w0, w1)
		sin, cos := mathx.Sincos(angle)
		four[0], four[1] = r*cos, r*sin
		r, angle = polar(w2, w3)
		sin, cos = mathx.Sincos(angle)
		four[2], four[3] = r*cos, r*sin
		v = v[copy(v, four[:]):]
	}
}

// polar is the pair of numbers that two words give, as length and angle.
func polar(w, u uint32) (r, angle float64) {
	return math.Sqrt(-2 * mathx.Log(uniform(w))), 2 * math.Pi * uniform(u)
}
