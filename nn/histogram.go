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
	h := Histogram{Lo: math.Inf(1), Hi: math.Inf(-1), Counts: make([]int, bins)}
	for _, v := range values {
		if finite(v) {
			h.Lo, h.Hi = min(h.Lo, v), max(h.Hi, v)
		}
	}
	if h.Lo > h.Hi {
		return Histogram{Counts: h.Counts}
	}
	width := (h.Hi - h.Lo) / float64(bins)
	for _, v := range values {
		if !finite(v) {
			continue
		}
		i := 0
		if width > 0 {
			i = min(int((v-h.Lo)/width), bins-1)
		}
		h.Counts[i]++
	}
	return h
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
