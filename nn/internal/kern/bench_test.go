package kern_test

import (
	"fmt"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// BenchmarkProduct gives GFLOP/s of the products of training.
func BenchmarkProduct(b *testing.B) {
	for _, s := range kern.Sets() {
		for _, u := range uses {
			for _, d := range [][3]int{{4, 2, 8}, {16, 16, 16}, {32, 64, 64}, {256, 256, 256}, {256, 256, 7}, {128, 784, 512}, {512, 1024, 1024}} {
				if s.Name == "portable" && d[0]*d[1]*d[2] > 1<<18 {
					continue
				}
				b.Run(fmt.Sprintf("%s/%s/%dx%dx%d", s.Name, u.name, d[0], d[1], d[2]), func(b *testing.B) {
					p, _ := u.set(d[0], d[1], d[2])
					var script kern.Script
					script.Begin(s)
					script.Multiply(p, 0, strips(d[2]))
					for b.Loop() {
						script.Run(nil)
					}
					flops := 2 * float64(d[0]) * float64(d[1]) * float64(d[2]) * float64(b.N)
					b.ReportMetric(flops/b.Elapsed().Seconds()/1e9, "GFLOP/s")
				})
			}
		}
	}
}

// BenchmarkMap gives the time for an element that lies in the nearest cache.
func BenchmarkMap(b *testing.B) {
	for _, s := range kern.Sets() {
		for _, m := range []kern.Map{
			kern.Exp, kern.Log, kern.Sigmoid, kern.Tanh, kern.Gelu, kern.ReluSlope, kern.ReluDrop, kern.Add, kern.ColSum, kern.SGD, kern.Momentum, kern.Adam,
			kern.BCE, kern.Softmax, kern.LayerNorm,
		} {
			b.Run(s.Name+"/"+m.String(), func(b *testing.B) {
				const rows, n = 32, 64
				a, _ := arrays(m, rows, n, n, true)
				for b.Loop() {
					s.Do(m, a)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(rows*n), "ns/number")
			})
		}
	}
}

// BenchmarkTranspose gives the time for a number of a matrix.
func BenchmarkTranspose(b *testing.B) {
	for _, s := range kern.Sets() {
		b.Run(s.Name, func(b *testing.B) {
			p := kern.Panels{Rows: 256, Cols: 256}
			src, dst := random(p.Len()), kern.Alloc(p.Len())
			var script kern.Script
			script.Begin(s)
			script.Transpose(dst, src, p, 0, p.Strips())
			for b.Loop() {
				script.Run(nil)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(p.Len()), "ns/number")
		})
	}
}
