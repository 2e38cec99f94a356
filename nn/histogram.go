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
		if v-v != 0 {
			continue
		}
		if v < h.Lo {
			h.Lo = v
		}
		if v > h.Hi {
			h.Hi = v
		}
	}
	if h.Lo > h.Hi {
		return Histogram{Counts: h.Counts}
	}
	lo, width, scale := h.Lo, (h.Hi-h.Lo)/float64(bins), 1.0
	switch {
	case width == 0:
		width = 1 // all are equal, and in the first bin
	case math.IsInf(width, 0):
		scale, lo, width = 0.25, h.Lo*0.25, (h.Hi*0.25-h.Lo*0.25)/float64(bins)
	}
	for _, v := range values {
		if v-v == 0 {
			h.Counts[min(int((float64(v*scale)-lo)/width), bins-1)]++
		}
	}
	return h
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
