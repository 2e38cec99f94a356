package cpu_test

import (
	"fmt"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// work is a training to measure, as in the tables of nn/cpu/bench.
type work struct {
	name    string
	inputs  int
	hidden  []int
	act     string
	drop    float64
	target  nn.Target
	rows    int
	options nn.Options
}

func sgd(lr, momentum float64) nn.Optimizer {
	return nn.Optimizer{Name: "sgd", LR: nn.Constant(lr), Momentum: momentum}
}

func classes(n int) nn.Target { return nn.Target{Kind: nn.Classes, Width: n} }

var adamW = nn.Optimizer{Name: "adamw", LR: nn.Constant(1e-3), Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: nn.Constant(0.01)}

var works = []work{
	{"W1", 2, []int{8}, "tanh", 0, nn.Target{Kind: nn.Binary, Width: 1}, 4, nn.Options{Optimizer: sgd(0.5, 0)}},
	{"W1Adam", 2, []int{8}, "tanh", 0, nn.Target{Kind: nn.Binary, Width: 1}, 4, nn.Options{Optimizer: nn.Adam(0.01)}},
	{"W2", 4, []int{16, 16}, "tanh", 0, classes(3), 150, nn.Options{Optimizer: nn.Adam(1e-3), BatchSize: 16}},
	{"W3", 30, []int{64, 64}, "relu", 0.2, nn.Target{Kind: nn.Binary, Width: 1}, 569, nn.Options{Optimizer: nn.Adam(1e-3), BatchSize: 32}},
	{"W4", 54, []int{256, 256}, "relu", 0.2, classes(7), 8192, nn.Options{Optimizer: adamW, BatchSize: 256}},
	{"W5", 784, []int{512, 512}, "relu", 0.2, classes(10), 8192, nn.Options{Optimizer: sgd(0.05, 0.9), BatchSize: 128}},
	{"W6", 1024, []int{2048, 2048}, "relu", 0, classes(1000), 2048, nn.Options{Optimizer: sgd(0.05, 0), BatchSize: 512}},
}

// program lowers, compiles and loads.
func (w work) program(b testing.TB, threads int) (nn.Program, *nn.Data) {
	b.Helper()
	var parts []nn.Part
	for _, h := range w.hidden {
		parts = append(parts, nn.Dense{Units: h, Activation: nn.Act(w.act)})
		if w.drop > 0 {
			parts = append(parts, nn.Dropout{Rate: nn.Constant(w.drop)})
		}
	}
	plan, err := nn.Lower(nn.Chain(append(parts, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: w.inputs}, Target: w.target})
	if err != nil {
		b.Fatal(err)
	}
	o := w.options
	o.Threads = threads
	p, err := cpu.New().Compile(plan, o)
	if err != nil {
		b.Fatal(err)
	}
	data := parity.Rows(plan, w.rows, 1)
	if err := p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}}); err != nil {
		b.Fatal(err)
	}
	return p, data
}

// BenchmarkStep is the time of one update, everything included.
func BenchmarkStep(b *testing.B) {
	for _, w := range works {
		for _, threads := range []int{1, 2} {
			b.Run(fmt.Sprintf("%s/threads=%d", w.name, threads), func(b *testing.B) {
				p, _ := w.program(b, threads)
				p.Train(ctx, nn.Chunk{Steps: 2})
				b.ReportAllocs()
				b.ResetTimer()
				p.Train(ctx, nn.Chunk{Steps: b.N})
			})
		}
	}
}

// BenchmarkPredict is the time of a call.
func BenchmarkPredict(b *testing.B) {
	for _, w := range works[4:6] {
		for _, rows := range []int{1, 4096} {
			b.Run(fmt.Sprintf("%s/rows=%d", w.name, rows), func(b *testing.B) {
				p, data := w.program(b, 1)
				some := *data
				some.Rows, some.X, some.Y = rows, data.X[:rows*w.inputs], data.Y[:rows]
				for b.Loop() {
					p.Predict(ctx, 0, &some, nn.Mode{})
				}
			})
		}
	}
}
