package learn_test

import (
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
)

// BenchmarkRecording is what metrics and recordings cost beside the training.
func BenchmarkRecording(b *testing.B) {
	for _, c := range []struct {
		name string
		o    learn.Options
	}{
		{"nothing", learn.Options{Metrics: []string{}, Record: []string{"none"}}},
		{"metrics", learn.Options{Metrics: []string{"accuracy"}, Record: []string{"none"}}},
		{"weights", learn.Options{Metrics: []string{}, Record: []string{"weights"}}},
		{"gradients", learn.Options{Metrics: []string{}, Record: []string{"gradients"}}},
		{"activations", learn.Options{Metrics: []string{}, Record: []string{"activations"}}},
		{"default", learn.Options{}},
	} {
		b.Run(c.name, func(b *testing.B) {
			o := c.o
			o.Net, o.Data, o.Target, o.Epochs, o.Backends = nn.Chain(dense(64, "relu"), dense(64, "relu"), nn.Output{}), penguins(), []string{"species"}, new(100), fast()
			points := 0
			for b.Loop() {
				m, err := learn.Fit(b.Context(), o)
				if err != nil {
					b.Fatal(err)
				}
				points = len(m.Recordings())
			}
			b.ReportMetric(float64(points), "recordings")
		})
	}
}

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
