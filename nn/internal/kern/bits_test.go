package kern_test

import (
	"testing"

	"mlpkernel/nn/internal/kern"
	"mlpkernel/nn/philox"
)

// TestMask compares with the words that package philox gives.
func TestMask(t *testing.T) {
	const seed, layer, step = 0x9123456789abcdef, 3, 70000
	r := kern.Stream{Key: [2]uint32{seed & 0xffffffff, seed >> 32}, Step: step, Layer: layer, Purpose: uint32(philox.Dropout)}
	words := philox.New(seed, philox.Dropout, layer, step)
	for _, s := range kern.Sets() {
		for _, first := range []int{0, 64, 1 << 20} {
			for _, threshold := range []uint64{0, 1, 1 << 30, 1 << 31, 3 << 30, 1<<32 - 1, 1 << 32} {
				for _, n := range []int{0, 1, 2, 5} {
					dst := make([]uint64, n+1)
					dst[n] = 12345
					var script kern.Script
					script.Begin(s)
					script.Mask(dst[:n]).Draw(r, first, threshold)
					script.Run(nil)
					for i := range 64 * n {
						want := uint64(words.Word(first+i)) >= threshold
						if got := dst[i/64]>>(i%64)&1 == 1; got != want {
							t.Fatalf("%s: first %d, threshold %#x: bit %d is %v", s.Name, first, threshold, i, got)
						}
					}
					if dst[n] != 12345 {
						t.Fatalf("%s: wrote behind the end", s.Name)
					}
				}
			}
		}
	}
}

func BenchmarkMask(b *testing.B) {
	for _, s := range kern.Sets() {
		b.Run(s.Name, func(b *testing.B) {
			dst := make([]uint64, 256)
			var script kern.Script
			script.Begin(s)
			script.Mask(dst).Draw(kern.Stream{}, 0, 1<<31)
			for b.Loop() {
				script.Run(nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(64*len(dst)), "ns/bit")
		})
	}
}
