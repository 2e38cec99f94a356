package nn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"mlpkernel/nn"
)

func TestHistogram(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, tt := range []struct {
		values []float64
		lo, hi float64
		counts []int
	}{
		{nil, 0, 0, []int{0, 0, 0, 0}},
		{[]float64{nan, inf, -inf}, 0, 0, []int{0, 0, 0, 0}},
		{[]float64{5, 5, 5}, 5, 5, []int{3, 0, 0, 0}},
		{[]float64{0, 1, 2, 3, 4}, 0, 4, []int{1, 1, 1, 2}},
		{[]float64{-1.5e308, 0, 1.5e308}, -1.5e308, 1.5e308, []int{1, 0, 1, 1}},
		{[]float64{nan, -1, inf, 1, 0.9, -inf}, -1, 1, []int{1, 0, 0, 2}},
	} {
		h := nn.NewHistogram(tt.values, 4)
		if h.Lo != tt.lo || h.Hi != tt.hi || !slices.Equal(h.Counts, tt.counts) {
			t.Errorf("%v: %+v", tt.values, h)
		}
	}
}

func BenchmarkHistogram(b *testing.B) {
	v := make([]float64, 10000)
	for i := range v {
		v[i] = rand.NormFloat64()
	}
	for b.Loop() {
		nn.NewHistogram(v, 64)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(v)), "ns/number")
}
