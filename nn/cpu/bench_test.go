package cpu_test

import (
	"fmt"
	"testing"

	"mlpkernel/nn/cpu/internal/works"
)

// BenchmarkWork is the time of one update or prediction, everything included.
// Threads 0 is the backend's choice. For a comparison with other libraries run
// ./bench.
func BenchmarkWork(b *testing.B) {
	for _, w := range works.All() {
		for _, threads := range []int{0, 1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", w.Name, threads), func(b *testing.B) {
				run, err := w.Runner(threads)
				if err != nil {
					b.Fatal(err)
				}
				run(2)
				b.ReportAllocs()
				b.ResetTimer()
				for done := 0; done < b.N; done += w.Steps {
					if err := run(min(w.Steps, b.N-done)); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
