// Package lanes does to several numbers at once what plain Go does to one after
// the other, with the same bits: division and root are rounded correctly
// everywhere, and nothing is fused.
package lanes

import "math"

// SmoothClip makes each x of v x/√(1+(x/limit)²).
func SmoothClip(v []float64, limit float64) {
	v = v[clipMost(v, limit):]
	for i, x := range v {
		r := x / limit
		v[i] = x / math.Sqrt(1+float64(r*r))
	}
}

// Extent gives the least and the greatest of v, and whether all are finite. NaN
// is neither; of none the least is +Inf and the greatest -Inf.
func Extent(v []float64) (lo, hi float64, finite bool) {
	lo, hi, zero, n := extentMost(v)
	for _, x := range v[n:] {
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
		zero += x - x // NaN, where x is not finite
	}
	return lo, hi, zero == 0
}
