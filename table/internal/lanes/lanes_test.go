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

// TestSmoothClip compares with one number at a time, bit by bit.
func TestSmoothClip(t *testing.T) {
	all := numbers()
	for _, limit := range []float64{3, 0.1, 1e-310, math.Inf(1)} {
		for n := range 20 {
			for at := 0; at+n < len(all); at += 7 {
				v := slices.Clone(all[at:])
				lanes.SmoothClip(v[:n], limit)
				for i, x := range all[at:] {
					want := x
					if i < n {
						q := x / limit
						want = x / math.Sqrt(1+float64(q*q))
					}
					if math.Float64bits(v[i]) != math.Float64bits(want) && (v[i] == v[i] || want == want) {
						t.Fatalf("%d numbers, limit %v: %v becomes %v, want %v", n, limit, x, v[i], want)
					}
				}
			}
		}
	}
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
