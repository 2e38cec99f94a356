//go:build !noasm

package lanes

import (
	"math"

	"golang.org/x/sys/cpu"
)

// The functions …Most do to as many numbers as fill lanes what those do that call
// them, and say how many these are.

func scaleMost(out, v []float64, center, scale float64) int {
	n := min(len(out), len(v)) &^ 3
	if n == 0 || !cpu.X86.HasAVX {
		return 0
	}
	scale4(&out[0], &v[0], n, center, scale)
	return n
}

func clipMost(out, v []float64, limit float64) int {
	n := min(len(out), len(v)) &^ 3
	if n == 0 || !cpu.X86.HasAVX {
		return 0
	}
	clip4(&out[0], &v[0], n, limit)
	return n
}

func extentMost(v []float64) (lo, hi, zero float64, n int) {
	lo, hi = math.Inf(1), math.Inf(-1)
	n = len(v) &^ 7
	if n == 0 || !cpu.X86.HasAVX {
		return lo, hi, 0, 0
	}
	var los, his, zeros [4]float64
	extent8(&v[0], n, &los, &his, &zeros)
	for i := range los {
		lo, hi, zero = min(lo, los[i]), max(hi, his[i]), zero+zeros[i]
	}
	return lo, hi, zero, n
}

// In lanes_amd64.s; n is more than 0, and a multiple of the number in the name.

//go:noescape
func scale4(out, v *float64, n int, center, scale float64)

//go:noescape
func clip4(out, v *float64, n int, limit float64)

//go:noescape
func extent8(v *float64, n int, lo, hi, zero *[4]float64)
