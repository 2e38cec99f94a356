package lanes_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"mlpkernel/table/internal/lanes"
)

// numbers are usual and unusual ones.
func numbers() []float64 {
	r := rand.New(rand.NewPCG(1, 1))
	all := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}
	for range 500 {
		all = append(all, 3*r.NormFloat64(), math.Float64frombits(r.Uint64()))
	}
	return all
}

// TestEach compares what becomes of each number, bit by bit.
func TestEach(t *testing.T) {
	all := numbers()
	for _, p := range []float64{3, 0.1, 1e-310, math.Inf(1)} {
		for name, f := range map[string]struct {
			many func(out, v []float64)
			one  func(x float64) float64
		}{
			"scale": {func(out, v []float64) { lanes.Scale(out, v, 1, p) }, func(x float64) float64 { return (x - 1) * p }},
			"clip": {func(out, v []float64) { lanes.SmoothClip(out, v, p) }, func(x float64) float64 {
				r := x / p
				return x / math.Sqrt(1+float64(r*r))
			}},
		} {
			for n := range 20 {
				for at := 0; at+n < len(all); at += 7 {
					v := all[at : at+n]
					out, same := make([]float64, n+1), slices.Clone(v)
					f.many(out[:n], v)
					f.many(same, same)
					for i, x := range v {
						if want := f.one(x); !equal(out[i], want) || !equal(same[i], want) {
							t.Fatalf("%s %v, %d numbers: %v becomes %v, in place %v; want %v", name, p, n, x, out[i], same[i], want)
						}
					}
					if out[n] != 0 {
						t.Fatalf("%s, %d numbers: wrote one more", name, n)
					}
				}
			}
		}
	}
}

// equal tells whether numbers have the same bits, or both are NaN.
func equal(x, y float64) bool {
	return math.Float64bits(x) == math.Float64bits(y) || x != x && y != y
}

// TestExtent compares with a look at one number after the other.
func TestExtent(t *testing.T) {
	all := numbers()
	for n := range 40 {
		for at := 0; at+n < len(all); at++ {
			v := all[at : at+n]
			least, greatest, wholly := math.Inf(1), math.Inf(-1), true
			for _, x := range v {
				if x == x {
					least, greatest = min(least, x), max(greatest, x)
				}
				wholly = wholly && !math.IsNaN(x) && !math.IsInf(x, 0)
			}
			if lo, hi, finite := lanes.Extent(v); lo != least || hi != greatest || finite != wholly {
				t.Fatalf("%v: %v to %v, finite %v; want %v to %v, %v", v, lo, hi, finite, least, greatest, wholly)
			}
		}
	}
}
