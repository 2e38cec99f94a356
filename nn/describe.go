package nn

import (
	"math"

	"mlpkernel/nn/internal/kern"
)

// Describer describes many float32 numbers at a time, by the kernels that the
// machine has. The zero value is ready; each goroutine needs its own.
type Describer struct{ w kern.Workspace }

// Summary is what many numbers are like.
type Summary struct {
	Mean, Std float64 // of the population; NaN if one is no finite number
	Outside   int     // those at most low or greater than high
	Values    Histogram
}

// Describe describes numbers.
func (d *Describer) Describe(v []float32, low, high float32, bins int) Summary {
	if len(v) == 0 {
		return Summary{Mean: math.NaN(), Std: math.NaN(), Values: NewHistogram(v, bins)}
	}
	if d.w.Set == nil {
		d.w.Set = kern.Sets()[0]
	}
	_, r := Extent(&d.w, v)
	counts := make([]int, bins)
	CountBy(&d.w, r, counts, v)
	// The kernels add up in float32: what they add must not be large beside its
	// spread, so they find the mean first.
	n := float64(len(v))
	sum, _, _ := d.w.Moments(v, v[0], low, high)
	about := v[0] + float32(sum/n)
	sum, square, outside := d.w.Moments(v, about, low, high)
	off := sum / n
	return Summary{
		Mean: float64(about) + off, Std: math.Sqrt(max(0, square/n-float64(off*off))),
		Outside: outside, Values: r.Histogram(counts),
	}
}

// Extent gives Σ x² of numbers and their range.
func Extent(w *kern.Workspace, v []float32) (float64, Range) {
	sq, lo, hi := w.Extent(v)
	if !finite(sq) {
		return sq, RangeOf(v)
	}
	return sq, Range{Lo: float64(lo), Hi: float64(hi)}
}

// CountBy is Count, by kernels where they can.
func CountBy(w *kern.Workspace, r Range, counts []int, v []float32) {
	lo, hi := float32(r.Lo), float32(r.Hi)
	if r.Others || len(counts) > kern.MostBins || !finite(float64(hi-lo)) {
		Count(r, counts, v)
		return
	}
	w.Count(counts, v, lo, hi)
}
