//go:build !amd64 || noasm

package lanes

import "math"

func scaleMost(out, v []float64, center, scale float64) int { return 0 }

func clipMost(out, v []float64, limit float64) int { return 0 }

func extentMost([]float64) (lo, hi, zero float64, n int) { return math.Inf(1), math.Inf(-1), 0, 0 }
