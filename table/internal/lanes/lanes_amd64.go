//go:build !noasm

package lanes

import "golang.org/x/sys/cpu"

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
