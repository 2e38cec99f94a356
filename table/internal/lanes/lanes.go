// Package lanes does to several numbers at once what plain Go does to one after
// the other, with the same bits: division and root are rounded correctly
// everywhere, and nothing is fused.
package lanes

import "math"

// Scale writes (x - center) * scale of each x of v to out, as long as v, which
// may be the same.
func Scale(out, v []float64, center, scale float64) {
	n := scaleMost(out, v, center, scale)
	out = out[n:]
	for i, x := range v[n:] {
		out[i] = (x - center) * scale
	}
}

// SmoothClip writes x/√(1+(x/limit)²) of each x of v to out, as long as v, which
// may be the same.
func SmoothClip(out, v []float64, limit float64) {
	n := clipMost(out, v, limit)
	out = out[n:]
	for i, x := range v[n:] {
		r := x / limit
		out[i] = x / math.Sqrt(1+float64(r*r))
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
