package nn_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"mlpkernel/nn"
)

// TestDescribe compares with plain loops in float64: numbers near 0 and far from
// it, few and many, one that stands alone, and such as squares of float32 do not
// reach.
func TestDescribe(t *testing.T) {
	normal := func(n int, mean, std float64) []float32 {
		r := rand.New(rand.NewPCG(1, uint64(n)))
		v := make([]float32, n)
		for i := range v {
			v[i] = float32(mean + std*r.NormFloat64())
		}
		return v
	}
	var d nn.Describer
	for _, tt := range []struct {
		what      string
		v         []float32
		low, high float32
	}{
		{"one", []float32{3}, 3, 5},
		{"few", []float32{-1, 0, 2, 0, 5}, 0, 4},
		{"many", normal(5000, 0, 1), -1, 1},
		{"far from 0", normal(5000, 1000, 0.5), 999, 1001},
		{"one that stands alone", append([]float32{1e6}, normal(5000, 0, 1)...), -1, 1},
		{"all the same", slices.Repeat([]float32{0.1}, 3000), 0.1, 1},
		{"small", normal(100, 0, 1e-25), 0, 1},
		{"large", normal(100, 0, 1e25), 0, 1},
		{"the largest", []float32{-3e38, 0, 3e38}, 0, 1},
	} {
		var mean, square float64
		outside := 0
		for _, x := range tt.v {
			mean += float64(x) / float64(len(tt.v))
			if x <= tt.low || x > tt.high {
				outside++
			}
		}
		for _, x := range tt.v {
			square += (float64(x) - mean) * (float64(x) - mean)
		}
		std := math.Sqrt(square / float64(len(tt.v)))
		s := d.Describe(tt.v, tt.low, tt.high, 16)
		if math.Abs(s.Mean-mean) > 1e-6*(std+1e-3*math.Abs(mean)) || math.Abs(s.Std-std) > 1e-5*std+1e-12*math.Abs(mean) || s.Outside != outside {
			t.Errorf("%s: %v ± %v, %d outside, want %v ± %v, %d", tt.what, s.Mean, s.Std, s.Outside, mean, std, outside)
		}
		n := 0
		for _, k := range s.Values.Counts {
			n += k
		}
		if r := nn.RangeOf(tt.v); s.Values.Lo != r.Lo || s.Values.Hi != r.Hi || n != len(tt.v) {
			t.Errorf("%s: histogram of %d from %v to %v, want %d from %v to %v", tt.what, n, s.Values.Lo, s.Values.Hi, len(tt.v), r.Lo, r.Hi)
		}
	}
}

// TestDescribeOfNoNumbers asserts that what is no finite number is not counted
// in the histogram, and that the others are.
func TestDescribeOfNoNumbers(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	var d nn.Describer
	for _, v := range [][]float32{nil, {nan}, {1, inf}, {-inf, 1, nan, 2}} {
		s := d.Describe(v, 0, 1, 4)
		want := nn.NewHistogram(v, 4)
		if s.Mean == s.Mean || s.Std == s.Std || s.Values.Lo != want.Lo || s.Values.Hi != want.Hi || !slices.Equal(s.Values.Counts, want.Counts) {
			t.Errorf("%v: %+v, want histogram %+v", v, s, want)
		}
	}
}

func BenchmarkDescribe(b *testing.B) {
	v := make([]float32, 10000)
	for i := range v {
		v[i] = float32(max(0, rand.NormFloat64()))
	}
	var d nn.Describer
	for b.Loop() {
		d.Describe(v, 0, 1, 64)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(v)), "ns/number")
}
