package table

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestQuantilesOf compares with quantiles of sorted numbers, with many equal
// ones and few numbers too.
func TestQuantilesOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	shares := []float64{0, 0.1, 0.25, 0.25, 0.5, 0.75, 1}
	for n := range 70 {
		for _, kinds := range []int{1, 3, 1000} {
			v := make([]float64, n)
			for i := range v {
				v[i] = float64(r.IntN(kinds)) / 3
			}
			sorted := slices.Sorted(slices.Values(v))
			got := quantilesOf(v, shares...)
			for k, q := range shares {
				if want := quantileOf(sorted, q); got[k] != want && n > 0 {
					t.Fatalf("%d numbers of %d kinds: quantile %v is %v, want %v", n, kinds, q, got[k], want)
				}
			}
		}
	}
}
