package lanes_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"mlpkernel/table/internal/lanes"
)

// TestSmoothClip compares with one number at a time, bit by bit.
func TestSmoothClip(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	all := []float64{0, math.Copysign(0, -1), math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, math.SmallestNonzeroFloat64}
	for range 500 {
		all = append(all, 3*r.NormFloat64(), math.Float64frombits(r.Uint64()))
	}
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
