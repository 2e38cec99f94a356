package nn

import "math"

// Histogram counts values in equal bins from Lo to Hi. Values that are no
// finite numbers are left out.
type Histogram struct {
	Lo, Hi float64
	Counts []int
}

// NewHistogram counts values between their least and greatest.
func NewHistogram[T float32 | float64](values []T, bins int) Histogram {
	r, counts := RangeOf(values), make([]int, bins)
	Count(r, counts, values)
	return r.Histogram(counts)
}

// Range is from the least to the greatest of finite numbers. The histogram of
// values that lie in parts is counted part by part, once the range of all is known.
type Range struct {
	Lo, Hi float64
	Others bool // there were values that are no finite numbers
}

// NoRange is that of no numbers.
func NoRange() Range { return Range{Lo: math.Inf(1), Hi: math.Inf(-1)} }

// RangeOf is the range of values.
func RangeOf[T float32 | float64](values []T) Range {
	lo, hi, others := T(math.Inf(1)), T(math.Inf(-1)), false
	for _, v := range values {
		switch {
		case v >= lo && v <= hi: // as most are
		case v-v != 0:
			others = true
		default:
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return Range{float64(lo), float64(hi), others}
}

// Join is the range of both.
func (r Range) Join(s Range) Range {
	return Range{min(r.Lo, s.Lo), max(r.Hi, s.Hi), r.Others || s.Others}
}

// Count counts values, which lie in the range, in equal bins of it.
func Count[T float32 | float64](r Range, counts []int, values []T) {
	lo, scale, last := r.Lo, 1.0, len(counts)-1
	width := (r.Hi - lo) / float64(len(counts))
	if math.IsInf(width, 0) {
		scale, lo, width = 0.25, lo*0.25, (r.Hi*0.25-lo*0.25)/float64(len(counts))
	}
	each := 1 / width
	if math.IsInf(each, 0) {
		each = 0 // all are equal, or nearly so, and in the first bin
	}
	const most = 1 << 8
	if r.Others || scale != 1 || last >= most-1 {
		for _, v := range values {
			if v-v == 0 {
				counts[min(int((float64(float64(v)*scale)-lo)*each), last)]++
			}
		}
		return
	}
	// The usual case, in half the time.
	var n [most]int32
	for _, v := range values {
		n[uint8(int32((float64(v)-lo)*each))]++
	}
	for i := range counts {
		counts[i] += int(n[i])
	}
	counts[last] += int(n[last+1]) // where the greatest was rounded up
}

// Histogram is that of counts in the range.
func (r Range) Histogram(counts []int) Histogram {
	if r.Lo > r.Hi {
		r.Lo, r.Hi = 0, 0
	}
	return Histogram{Lo: r.Lo, Hi: r.Hi, Counts: counts}
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
