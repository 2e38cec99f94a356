package kern_test

import (
	"math"
	"slices"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// TestStatistics compares sums, ranges and counts of numbers, as many as fill
// lanes and some more, with a plain loop over them.
func TestStatistics(t *testing.T) {
	const bins = 20
	var first []int
	for _, s := range kern.Sets() {
		w := kern.Workspace{Set: s}
		var all []int
		for _, n := range []int{1, 15, 16, 17, 64, 2048, 2049, 10_000} {
			x, y := random(n), random(n + 1)[:n]
			const about, low, high = 0.25, -0.5, 0.75
			var sq, dist, sum, square float64
			out := 0
			for i := range x {
				sq += float64(x[i]) * float64(x[i])
				sum, square = sum+float64(x[i])-about, square+(float64(x[i])-about)*(float64(x[i])-about)
				if x[i] <= low || x[i] > high {
					out++
				}
				dist += (float64(x[i]) - float64(y[i])) * (float64(x[i]) - float64(y[i]))
			}
			gotSq, lo, hi := w.Extent(x)
			near(t, s.Name+" Σ x²", float32(gotSq), sq, 1)
			near(t, s.Name+" Σ (x-y)²", float32(w.DistSq(x, y)), dist, 1)
			gotSum, gotSq, gotOut := w.Moments(x, about, low, high)
			near(t, s.Name+" Σ (x-about)", float32(gotSum), sum, 1)
			near(t, s.Name+" Σ (x-about)²", float32(gotSq), square, 1)
			if gotOut != out {
				t.Errorf("%s: %d of %d numbers are out, want %d", s.Name, gotOut, n, out)
			}
			if lo != slices.Min(x) || hi != slices.Max(x) {
				t.Errorf("%s: from %v to %v, want %v to %v", s.Name, lo, hi, slices.Min(x), slices.Max(x))
			}
			counts, want := make([]int, bins), make([]int, bins)
			w.Count(counts, x, lo, hi)
			each := float32(bins) / (hi - lo)
			if hi == lo {
				each = 0
			}
			for _, v := range x {
				want[min(int((v-lo)*each), bins-1)]++
			}
			if !slices.Equal(counts, want) {
				t.Errorf("%s: counts of %d numbers %v, want %v", s.Name, n, counts, want)
			}
			all = append(all, counts...)
		}
		if first == nil {
			first = all
		}
		if !slices.Equal(all, first) {
			t.Errorf("%s counts otherwise than %s", s.Name, kern.Sets()[0].Name)
		}
	}
}

// TestStatisticsOfExtremes asserts that squares beyond float32 do no harm, and
// that what is no finite number shows in the sum.
func TestStatisticsOfExtremes(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, s := range kern.Sets() {
		w := kern.Workspace{Set: s}
		for _, v := range []float32{1e-30, -1e-42, 3e30, 0} {
			x := slices.Repeat([]float32{v}, 40)
			sq, lo, hi := w.Extent(x)
			want := 40 * float64(v) * float64(v)
			if math.Abs(sq-want) > 1e-6*want || lo != v || hi != v {
				t.Errorf("%s: 40 times %v: Σ x² = %v, want %v, from %v to %v", s.Name, v, sq, want, lo, hi)
			}
			if d := w.DistSq(x, make([]float32, 40)); math.Abs(d-want) > 1e-6*want {
				t.Errorf("%s: 40 times %v: distance² %v, want %v", s.Name, v, d, want)
			}
			if sum, sq, out := w.Moments(x, 0, v, 0); math.Abs(sum-40*float64(v)) > 1e-6*math.Abs(40*float64(v)) || math.Abs(sq-want) > 1e-6*want || out != 40 {
				t.Errorf("%s: 40 times %v: Σ x = %v, Σ x² = %v, %d are out", s.Name, v, sum, sq, out)
			}
			counts := make([]int, 4)
			if w.Count(counts, x, lo, hi); counts[0] != 40 {
				t.Errorf("%s: 40 times %v: counts %v", s.Name, v, counts)
			}
		}
		for _, v := range []float32{inf, -inf, nan} {
			for _, at := range []int{0, 3, 17, 35} {
				x := random(36)
				x[at] = v
				if sq, _, _ := w.Extent(x); sq-sq == 0 {
					t.Errorf("%s: Σ x² with %v at %d is %v", s.Name, v, at, sq)
				}
				if sum, sq, _ := w.Moments(x, 0.5, 0, 0); sum-sum == 0 || sq-sq == 0 {
					t.Errorf("%s: with %v at %d Σ (x-1/2) is %v, its squares' %v", s.Name, v, at, sum, sq)
				}
			}
		}
	}
}

// BenchmarkStatistics gives the time for a number of a block of weights.
func BenchmarkStatistics(b *testing.B) {
	for _, s := range kern.Sets() {
		x, counts := random(4096), make([]int, kern.MostBins)
		w := kern.Workspace{Set: s}
		each := func(b *testing.B) {
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(x)), "ns/number")
		}
		b.Run(s.Name+"/Extent", func(b *testing.B) {
			for b.Loop() {
				w.Extent(x)
			}
			each(b)
		})
		b.Run(s.Name+"/Moments", func(b *testing.B) {
			for b.Loop() {
				w.Moments(x, 0.5, 0, 1)
			}
			each(b)
		})
		b.Run(s.Name+"/Count", func(b *testing.B) {
			for b.Loop() {
				w.Count(counts, x, -1, 1)
			}
			each(b)
		})
	}
}
