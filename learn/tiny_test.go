package learn_test

import (
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
)

// BenchmarkTinyEpochs is an epoch of one step over four rows.
func BenchmarkTinyEpochs(b *testing.B) {
	o := learn.Options{
		Net: nn.Chain(dense(8, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"}, Backends: fast(),
		Epochs: new(100_000), BatchSize: new(0), Optimizer: nn.Adam(0.05),
	}
	for b.Loop() {
		if _, err := learn.Fit(b.Context(), o); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100_000, "ns/epoch")
}
