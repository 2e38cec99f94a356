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
	r := math.Sqrt(-2 * mathx.Log(uniform(w[k])))
	angle := 2 * math.Pi * uniform(w[k+1])
	if i%2 == 0 {
		return r * mathx.Cos(angle)
	}
	return r * mathx.Sin(angle)
}
