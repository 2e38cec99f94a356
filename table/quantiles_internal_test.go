package table

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestQuantilesOf compares with quantiles of sorted numbers: few and many, with
// many equal ones, and spread evenly, with outliers, and over all magnitudes.
func TestQuantilesOf(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	shares := []float64{0, 0.1, 0.25, 0.25, 0.5, 0.75, 1}
	draws := map[string]func() float64{
		"equal":      func() float64 { return 7 },
		"three":      func() float64 { return float64(r.IntN(3)) / 3 },
		"thousand":   func() float64 { return float64(r.IntN(1000)) / 3 },
		"normal":     func() float64 { return r.NormFloat64() },
		"outliers":   func() float64 { return math.Pow(r.NormFloat64(), 31) },
		"magnitudes": func() float64 { return math.Float64frombits(r.Uint64()) },
		"tiny":       func() float64 { return float64(r.IntN(100)) * math.SmallestNonzeroFloat64 },
		"mostly 0":   func() float64 { return max(0, r.NormFloat64()-1) },
	}
	sizes := []int{500, 3000}
	for n := range 150 {
		sizes = append(sizes, n)
	}
	for name, draw := range draws {
		for _, n := range sizes {
			var v []float64
			for len(v) < n {
				if x := draw(); x-x == 0 {
					v = append(v, x)
				}
			}
			sorted := slices.Sorted(slices.Values(v))
			given := slices.Clone(v)
			got := quantilesOf(v, nil, shares...)
			if !slices.Equal(v, given) {
				t.Fatalf("%d numbers, %s: changed", n, name)
			}
			if within := quantilesOf(given, given, shares...); n > 0 && !slices.Equal(within, got) {
				t.Fatalf("%d numbers, %s: %v in their own memory, else %v", n, name, within, got)
			}
			for k, q := range shares {
				if want := quantileOf(sorted, q); got[k] != want && n > 0 {
					t.Fatalf("%d numbers, %s: quantile %v is %v, want %v", n, name, q, got[k], want)
				}
			}
		}
	}
}

func BenchmarkQuartiles(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, n := range []int{455, 3000, 100_000} {
		v, w := make([]float64, n), make([]float64, n)
		for i := range v {
			v[i] = r.NormFloat64()
		}
		b.Run(plural(n, "number"), func(b *testing.B) {
			for b.Loop() {
				quantilesOf(v, w, 0, 0.25, 0.5, 0.75, 1)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/number")
		})
	}
}
