package main

import "mlpkernel/nn/cpu"

func fma512(n int)
func fma256(n int)

// peakLoop gives a loop of independent fused multiply-adds in registers for the
// kernels in use, and the floating-point operations of a round; nil if there is
// none.
func peakLoop() (loop func(rounds int), flops float64) {
	switch cpu.New().Kernels() {
	case "avx512":
		return fma512, 24 * 16 * 2
	case "avx2":
		return fma256, 12 * 8 * 2
	}
	return nil, 0
}
