package kern

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestFMA compares the portable fused multiply-add with exact arithmetic,
// above all where rounding twice goes wrong.
func TestFMA(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	number := func() float32 {
		v := math.Float32frombits(r.Uint32())
		if r.IntN(2) == 0 { // few bits: ties
			v = math.Float32frombits(math.Float32bits(v) &^ (1<<18 - 1))
		}
		if r.IntN(2) == 0 {
			v = float32(math.Copysign(1, float64(v))) * (1 + float32(r.IntN(64))/64)
		}
		return v
	}
	for range 100000 {
		a, b, c := number(), number(), number()
		got := fma(a, b, c)
		if a-a != 0 || b-b != 0 || c-c != 0 {
			continue // not finite
		}
		if r.IntN(2) == 0 { // far apart: what is lost decides ties
			c = float32(math.Ldexp(float64(a)*float64(b), -24-r.IntN(30)))
			got = fma(a, b, c)
		}
		sum := new(big.Float).SetPrec(2000).Mul(big.NewFloat(float64(a)), big.NewFloat(float64(b)))
		want, _ := sum.Add(sum, big.NewFloat(float64(c))).Float32()
		if got != want && c-c == 0 {
			t.Fatalf("fma(%x, %x, %x) = %x, want %x", a, b, c, got, want)
		}
	}
}
