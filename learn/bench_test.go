package learn_test

import (
	"slices"
	"testing"
	"time"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// BenchmarkRecording is what metrics and recordings cost: "times" is how long a
// fit takes beside one that records nothing, by the middle halves of runs that
// take turns.
func BenchmarkRecording(b *testing.B) {
	digits := must(table.Dataset("digits", table.DatasetOptions{}))
	for _, n := range []struct {
		name   string
		o      learn.Options
		epochs int
	}{
		{"penguins", learn.Options{Net: nn.Chain(dense(64, "relu"), dense(64, "relu"), nn.Output{}), Data: penguins(), Target: []string{"species"}}, 100},
		{"longer", learn.Options{Net: nn.Chain(dense(64, "relu"), dense(64, "relu"), nn.Output{}), Data: penguins(), Target: []string{"species"}}, 1000},
		{"digits", learn.Options{Net: nn.Chain(dense(512, "relu"), dense(512, "relu"), nn.Output{}), Data: digits, Target: []string{"digit"}, BatchSize: new(128)}, 20},
	} {
		for _, c := range []struct {
			name    string
			metrics []string
			record  []string
			watched float64 // share of validation rows, whose loss both find after each epoch
		}{
			{"default", nil, nil, 0},
			{"validated", nil, nil, 0.2},
			{"weights", []string{}, nil, 0},
			{"activations", []string{}, []string{"activations"}, 0},
			{"metrics", []string{"accuracy"}, []string{"none"}, 0},
			{"watched", []string{"accuracy"}, []string{"none"}, 0.2},
		} {
			b.Run(n.name+"/"+c.name, func(b *testing.B) {
				plain, full := n.o, n.o
				plain.Validation.Share, full.Validation.Share = c.watched, c.watched
				plain.Metrics, plain.Record = []string{}, []string{"none"}
				full.Metrics, full.Record = c.metrics, c.record
				points := 0 // recordings of the last fit
				fit := func(o learn.Options) float64 {
					o.Backends, o.Epochs = fast(), &n.epochs
					begun := time.Now()
					m, err := learn.Fit(b.Context(), o)
					if err != nil {
						b.Fatal(err)
					}
					points = len(m.Recordings())
					return time.Since(begun).Seconds()
				}
				var without, with []float64
				for b.Loop() { // forth and back, so that the collector of garbage comes to both
					without, with = append(without, fit(plain)), append(with, fit(full))
					with, without = append(with, fit(full)), append(without, fit(plain))
				}
				b.ReportMetric(middle(with)/middle(without), "times")
				fit(full)
				b.ReportMetric(float64(points), "recordings")
			})
		}
	}
}

// middle is the mean of the middle half.
func middle(v []float64) float64 {
	slices.Sort(v)
	v = v[len(v)/4 : len(v)-len(v)/4]
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
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
