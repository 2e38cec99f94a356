//go:build !noasm

package lanes

import (
	"math"

	"golang.org/x/sys/cpu"
)

// clipMost does SmoothClip to as many numbers as fill lanes, and says how many.
func clipMost(v []float64, limit float64) int {
	n := len(v) &^ 3
	if n == 0 || !cpu.X86.HasAVX {
		return 0
	}
	clip(&v[0], n, limit)
	return n
}

// clip is in lanes_amd64.s; n is a multiple of 4, and more than 0.
//
//go:noescape
func clip(v *float64, n int, limit float64)

// extentMost is Extent of as many numbers as fill lanes, and how many.
func extentMost(v []float64) (lo, hi, zero float64, n int) {
	lo, hi = math.Inf(1), math.Inf(-1)
	n = len(v) &^ 7
	if n == 0 || !cpu.X86.HasAVX {
		return lo, hi, 0, 0
	}
	var los, his, zeros [4]float64
	extent(&v[0], n, &los, &his, &zeros)
	for i := range los {
		lo, hi, zero = min(lo, los[i]), max(hi, his[i]), zero+zeros[i]
	}
	return lo, hi, zero, n
}

// extent is in lanes_amd64.s; n is a multiple of 8, and more than 0.
//
//go:noescape
func extent(v *float64, n int, lo, hi, zero *[4]float64)
