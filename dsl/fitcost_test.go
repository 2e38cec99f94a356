package dsl_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"mlpkernel/dsl"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// BenchmarkFitCost is the time of a cell with a fit, in shares of the time that
// the bare engine takes for the same steps; medians of alternating runs. The
// first cell after the table was read has its rows to make ready.
func BenchmarkFitCost(b *testing.B) {
	for _, w := range []struct {
		name                 string
		in, out, rows, batch int
		hidden               []int
		drop                 float64
		optimizer            string
		epochs               int
	}{
		{"W2", 4, 3, 120, 16, []int{16, 16}, 0, "adam(lr=0.01)", 6000},
		{"W3", 30, 2, 455, 32, []int{64, 64}, 0.2, "adam()", 600},
		{"W4", 54, 7, 20000, 256, []int{256, 256}, 0.1, "adamw()", 4},
		{"W5", 784, 10, 3000, 128, []int{512, 512}, 0.5, "sgd(lr=0.05, momentum=0.9)", 6},
	} {
		b.Run(w.name, func(b *testing.B) {
			var layers []string
			var parts []nn.Part
			for _, units := range w.hidden {
				layers = append(layers, fmt.Sprintf("dense(%d, relu)", units))
				parts = append(parts, nn.Dense{Units: units, Activation: nn.Act("relu")})
				if w.drop > 0 {
					layers = append(layers, fmt.Sprintf("dropout(%g)", w.drop))
					parts = append(parts, nn.Dropout{Rate: nn.Constant(w.drop)})
				}
			}
			plan, err := nn.Lower(nn.Chain(append(parts, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: w.in}, Target: nn.Target{Kind: nn.Classes, Width: w.out}})
			if err != nil {
				b.Fatal(err)
			}
			opt := map[string]nn.Optimizer{"W2": nn.Adam(0.01), "W3": nn.Adam(0.001), "W4": nn.Adam(0.001), "W5": nn.SGD(0.05)}[w.name]
			if w.name == "W5" {
				opt.Momentum = 0.9
			}
			if w.name == "W4" {
				opt.Name, opt.WeightDecay = "adamw", nn.Constant(0.01)
			}
			data := parity.Rows(plan, w.rows, 1)
			engine := func() {
				p, err := cpu.New().Compile(plan, nn.Options{Optimizer: opt, BatchSize: w.batch})
				if err != nil {
					b.Fatal(err)
				}
				defer p.Close()
				if err := p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}}); err != nil {
					b.Fatal(err)
				}
				if _, err := p.Train(context.Background(), nn.Chunk{Epochs: w.epochs}); err != nil {
					b.Fatal(err)
				}
			}
			dir := b.TempDir()
			writeRows(b, filepath.Join(dir, "t.csv"), w.rows, w.in, w.out)
			n := &notebook{s: dsl.New(dsl.Options{Dir: dir, Version: "test", Backends: []nn.Backend{cpu.New()}})}
			cell := fmt.Sprintf("m = fit(%s >> output(), t, \"y\", epochs=%d, batch_size=%d, optimizer=%s, live=False)", strings.Join(layers, " >> "), w.epochs, w.batch, w.optimizer)
			seconds := func(f func()) float64 {
				start := time.Now()
				f()
				return time.Since(start).Seconds()
			}
			run := func(cell string) {
				if out := n.run(cell); strings.Contains(out, "Error") {
					b.Fatal(out)
				}
			}
			var bare, first, again, ratios []float64
			for b.Loop() {
				run(`t = read_csv("t.csv")`)
				e := seconds(engine)
				first = append(first, seconds(func() { run(cell) })/e)
				c := seconds(func() { run(cell) })
				bare, again, ratios = append(bare, e), append(again, c), append(ratios, c/e)
			}
			for _, v := range [][]float64{bare, first, again, ratios} {
				slices.Sort(v)
			}
			b.ReportMetric(1e3*again[len(again)/2], "ms/cell")
			b.ReportMetric(1e3*bare[len(bare)/2], "ms/engine")
			b.ReportMetric(ratios[len(ratios)/2], "cell/engine")
			b.ReportMetric(first[len(first)/2], "first/engine")
		})
	}
}

// BenchmarkSweepCost is the time of a cell with a sweep of 64 small networks, in
// shares of the time that as many trainings take on bare engines of one thread,
// one engine a core.
func BenchmarkSweepCost(b *testing.B) {
	const rows, epochs = 455, 200
	layers := []nn.Part{}
	for range 2 {
		layers = append(layers, nn.Dense{Units: 64, Activation: nn.Act("relu")}, nn.Dropout{Rate: nn.Constant(0.2)})
	}
	plan, err := nn.Lower(nn.Chain(append(layers, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: 30}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
	if err != nil {
		b.Fatal(err)
	}
	data := parity.Rows(plan, rows*4/5, 1)
	engine := func() {
		p, err := cpu.New().Compile(plan, nn.Options{Optimizer: nn.Adam(0.001), BatchSize: 32, Threads: 1})
		if err != nil {
			b.Error(err)
			return
		}
		defer p.Close()
		for seed := range 64 / runtime.GOMAXPROCS(0) {
			p.Load([]nn.Replica{{State: plan.NewState(uint64(seed)), Data: data}})
			p.Train(context.Background(), nn.Chunk{Epochs: epochs})
		}
	}
	dir := b.TempDir()
	writeRows(b, filepath.Join(dir, "t.csv"), rows, 30, 3)
	n := &notebook{s: dsl.New(dsl.Options{Dir: dir, Version: "test", Backends: []nn.Backend{cpu.New()}})}
	n.run(`t = read_csv("t.csv")`)
	cell := fmt.Sprintf(`s = sweep(lambda lr: trial(dense(64, relu) >> dropout(0.2) >> dense(64, relu) >> dropout(0.2) >> output(), epochs=%d, optimizer=adam(lr=lr), record="none"), t, "y", grid={"lr": [0.001 * (1 + 0.01 * i) for i in range(8)]}, seeds=8)`, epochs)
	var ratios []float64
	for b.Loop() {
		start := time.Now()
		var engines sync.WaitGroup
		for range runtime.GOMAXPROCS(0) {
			engines.Go(engine)
		}
		engines.Wait()
		middle := time.Now()
		if out := n.run(cell); strings.Contains(out, "Error") {
			b.Fatal(out)
		}
		ratios = append(ratios, time.Since(middle).Seconds()/middle.Sub(start).Seconds())
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "cell/arithmetic")
}

// writeRows writes a table of numbers with a class y.
func writeRows(b *testing.B, path string, rows, width, classes int) {
	var s strings.Builder
	r := rand.New(rand.NewPCG(1, 2))
	for i := range width {
		fmt.Fprintf(&s, "x%d,", i)
	}
	s.WriteString("y\n")
	for range rows {
		for range width {
			fmt.Fprintf(&s, "%.4f,", r.NormFloat64())
		}
		fmt.Fprintf(&s, "c%d\n", r.IntN(classes))
	}
	if err := os.WriteFile(path, []byte(s.String()), 0o644); err != nil {
		b.Fatal(err)
	}
}
