package nn

import "math"

// Histogram counts values in equal bins from Lo to Hi. Values that are no
// finite numbers are left out.
type Histogram struct {
	Lo, Hi float64
	Counts []int
}

// NewHistogram counts values between their least and greatest.
func NewHistogram(values []float64, bins int) Histogram {
	r, counts := RangeOf(values), make([]int, bins)
	Count(r, counts, values)
	return r.Histogram(counts)
}

// Range is from the least to the greatest of finite numbers. The histogram of
// values that lie in parts is counted part by part, once the range of all is known.
type Range struct{ lo, hi float64 }

// NoRange is that of no numbers.
func NoRange() Range { return Range{math.Inf(1), math.Inf(-1)} }

// RangeOf is the range of values.
func RangeOf[T float32 | float64](values []T) Range {
	lo, hi := T(math.Inf(1)), T(math.Inf(-1))
	for _, v := range values {
		if v-v != 0 {
			continue
		}
		if v < lo {
			lo = v
		}
		if v > hi {
			hi = v
		}
	}
	return Range{float64(lo), float64(hi)}
}

// Join is the range of both.
func (r Range) Join(s Range) Range { return Range{min(r.lo, s.lo), max(r.hi, s.hi)} }

// Count counts values, which lie in the range, in equal bins of it.
func Count[T float32 | float64](r Range, counts []int, values []T) {
	lo, width, scale, last := r.lo, (r.hi-r.lo)/float64(len(counts)), 1.0, len(counts)-1
	switch {
	case width == 0:
		width = 1 // all are equal, and in the first bin
	case math.IsInf(width, 0):
		scale, lo, width = 0.25, r.lo*0.25, (r.hi*0.25-r.lo*0.25)/float64(len(counts))
	}
	for _, x := range values {
		if v := float64(x); v-v == 0 {
			counts[min(int((float64(v*scale)-lo)/width), last)]++
		}
	}
}

// Histogram is that of counts in the range.
func (r Range) Histogram(counts []int) Histogram {
	if r.lo > r.hi {
		r = Range{}
	}
	return Histogram{Lo: r.lo, Hi: r.hi, Counts: counts}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
