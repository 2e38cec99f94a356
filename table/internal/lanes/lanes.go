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
