package cpu_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
	"mlpkernel/nn/reference"
)

var ctx = context.Background()

// TestParity holds the backend against the reference, with each set of kernels.
func TestParity(t *testing.T) {
	for i, b := range cpu.Each() {
		if i > 0 && testing.Short() {
			continue // TestBits compares them
		}
		t.Run(b.Kernels(), func(t *testing.T) { parity.Check(t, b, parity.Float32) })
	}
}

// outcome is all that a training gives.
type outcome struct {
	params []float64
	state  string
	stats  nn.ReplicaStats
}

// run trains a case, recording what can be recorded.
func run(t *testing.T, b nn.Backend, c parity.Case, threads int) outcome {
	t.Helper()
	o := c.Options
	o.Threads = threads
	p, err := b.Compile(c.Plan, o)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if err := p.Load([]nn.Replica{{State: c.Plan.NewState(7), Data: c.Data}}); err != nil {
		t.Fatal(err)
	}
	// The second epoch is recorded, the first takes the other way.
	horizon := c.Epochs * o.PerEpoch(c.Data.Rows)
	first, err1 := p.Train(ctx, nn.Chunk{Epochs: 1, Horizon: horizon, StepLoss: true})
	epochs := slices.Clone(first.Replicas[0].Epochs) // the next call may overwrite them
	second, err2 := p.Train(ctx, nn.Chunk{Epochs: c.Epochs - 1, Horizon: horizon, Blocks: true, Bins: 5})
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	stats := first.Replicas[0]
	stats.Epochs = append(epochs, second.Replicas[0].Epochs...)
	return outcome{p.Params(0), parity.Bits(p.State(0)), stats}
}

// wide are trainings of sizes where products are cut in blocks and sums in
// pieces.
func wide(t *testing.T) []parity.Case {
	t.Helper()
	tanh, relu := nn.Act("tanh"), nn.Act("relu")
	nets := []nn.Network{
		nn.Chain(nn.Dense{Units: 75, Activation: relu}, nn.Dropout{Rate: nn.Constant(0.3)}, nn.Dense{Units: 64, Activation: relu}, nn.Output{}),
		nn.Chain(nn.Dense{Units: 70}, nn.BatchNorm{}, relu, nn.Dropout{Rate: nn.Constant(0.1)}, nn.Skip{Body: nn.Chain(nn.Dense{Units: 70, Activation: tanh}, nn.LayerNorm{})}, nn.Output{}),
	}
	adam := nn.Adam(0.003)
	var cs []parity.Case
	for i, net := range nets {
		p, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 260, Categories: []nn.Category{{Name: "a", Levels: 9}}}, Target: nn.Target{Kind: nn.Classes, Width: 19}})
		if err != nil {
			t.Fatal(err)
		}
		cs = append(cs, parity.Case{
			Name: fmt.Sprint("wide ", i), Plan: p, Options: nn.Options{Optimizer: adam, BatchSize: 660}, Data: parity.Rows(p, 1000, 5), Epochs: 2,
		})
	}
	return cs
}

// deep is a training on all of many rows at once: they are turned for the gradient
// of the first layer, and are more than two pieces of the chains that gradients
// are summed in.
func deep(t *testing.T) parity.Case {
	t.Helper()
	net := nn.Chain(nn.Dense{Units: 50, Activation: nn.Act("relu")}, nn.Dropout{Rate: nn.Constant(0.3)}, nn.Dense{Units: 20, Activation: nn.Act("tanh")}, nn.BatchNorm{}, nn.Output{})
	p, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 33}, Target: nn.Target{Kind: nn.Numbers, Width: 3}})
	if err != nil {
		t.Fatal(err)
	}
	return parity.Case{Name: "deep", Plan: p, Options: nn.Options{Optimizer: nn.Adam(0.003)}, Data: parity.Rows(p, 2100, 5), Epochs: 2}
}

// TestBits asserts that a training ends with the same bits whatever the kernels
// and the number of threads.
func TestBits(t *testing.T) {
	for i, c := range append(parity.Cases(), append(wide(t), deep(t))...) {
		if testing.Short() && i%5 != 0 {
			continue
		}
		want := run(t, cpu.New(), c, 1)
		for _, b := range cpu.Each() {
			if b.Kernels() == "portable" && testing.Short() && c.Data.Rows > 100 {
				continue
			}
			for _, threads := range []int{0, 1, 2, 5} {
				if threads != 1 && b.Kernels() == "portable" {
					continue
				}
				if got := run(t, b, c, threads); !reflect.DeepEqual(got, want) {
					t.Errorf("%s: %s with %d threads differs", c.Name, b.Kernels(), threads)
				}
			}
		}
	}
}

// TestWide compares sizes that the parity cases leave out with the reference.
func TestWide(t *testing.T) {
	for _, c := range append(wide(t), deep(t)) {
		var got, want [3][]float64
		for i, b := range []nn.Backend{cpu.New(), reference.New()} {
			o := c.Options
			o.Threads = 3
			p, err := b.Compile(c.Plan, o)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			p.Load([]nn.Replica{{State: c.Plan.NewState(7), Data: c.Data}})
			mode := nn.Mode{Dropout: true, Seed: 9, Step: 4}
			y, err1 := p.Predict(ctx, 0, c.Data, mode)
			loss, grad, err2 := p.Gradient(ctx, 0, c.Data, mode)
			mean, err3 := p.Evaluate(ctx, 0, c.Data)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			to := &got
			if i == 1 {
				to = &want
			}
			*to = [3][]float64{widen(y), grad, {loss, mean}}
		}
		for i, what := range []string{"predictions", "gradient", "losses"} {
			if d := distance(got[i], want[i]); !(d < 2e-5) {
				t.Errorf("%s: %s are %g away", c.Name, what, d)
			}
		}
	}
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// distance is the greatest difference.
func distance(a, b []float64) (d float64) {
	for i := range b {
		d = math.Max(d, math.Abs(a[i]-b[i]))
	}
	return d
}

// xor is the smallest training there is.
func xor(t testing.TB, o nn.Options) (*nn.Plan, *nn.Data, nn.Program) {
	t.Helper()
	net := nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("tanh")}, nn.Output{})
	plan, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Binary, Width: 1}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := cpu.New().Compile(plan, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return plan, &nn.Data{Rows: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Y: []float32{0, 1, 1, 0}}, p
}

func TestXOR(t *testing.T) {
	plan, data, p := xor(t, nn.Options{Optimizer: nn.Adam(0.05)})
	p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}})
	if _, err := p.Train(ctx, nn.Chunk{Epochs: 500}); err != nil {
		t.Fatal(err)
	}
	y, err := p.Predict(ctx, 0, data, nn.Mode{})
	if err != nil || y[0] > 0.1 || y[1] < 0.9 || y[2] < 0.9 || y[3] > 0.1 {
		t.Errorf("predictions %v, %v", y, err)
	}
}

// TestReplicas asserts that replicas train as they would alone.
func TestReplicas(t *testing.T) {
	for _, threads := range []int{1, 3} {
		plan, data, p := xor(t, nn.Options{Optimizer: nn.Adam(0.05), Threads: threads})
		var all []nn.Replica
		for seed := range 7 {
			all = append(all, nn.Replica{State: plan.NewState(uint64(seed)), Data: data})
		}
		p.Load(all)
		p.Train(ctx, nn.Chunk{Epochs: 20})
		for i, r := range all {
			_, _, alone := xor(t, nn.Options{Optimizer: nn.Adam(0.05)})
			alone.Load([]nn.Replica{r})
			alone.Train(ctx, nn.Chunk{Epochs: 20})
			if parity.Bits(p.State(i)) != parity.Bits(alone.State(0)) {
				t.Errorf("%d threads: replica %d differs", threads, i)
			}
		}
	}
}

func TestDivergenceStopsOneReplica(t *testing.T) {
	plan, data, p := xor(t, nn.Options{Optimizer: nn.SGD(0.1)})
	bad := plan.NewState(1)
	bad.Params[0] = math.Inf(1)
	p.Load([]nn.Replica{{State: bad, Data: data}, {State: plan.NewState(2), Data: data}})
	s, err := p.Train(ctx, nn.Chunk{Epochs: 3})
	if err != nil || !s.Replicas[0].Diverged || s.Replicas[1].Diverged || p.State(0).Step != 0 || p.State(1).Step != 3 {
		t.Errorf("%+v, %v", s, err)
	}
	if got := p.State(0).Params; !reflect.DeepEqual(got, bad.Params) {
		t.Errorf("the state changed: %v", got)
	}
}

func TestCancel(t *testing.T) {
	plan, data, p := xor(t, nn.Options{})
	p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}})
	done, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := p.Train(done, nn.Chunk{Epochs: 3}); !errors.Is(err, context.Canceled) || p.State(0).Step != 0 {
		t.Errorf("error %v after %d steps", err, p.State(0).Step)
	}
	if _, err := p.Predict(done, 0, data, nn.Mode{}); !errors.Is(err, context.Canceled) {
		t.Errorf("predict: %v", err)
	}
}

func TestOwnActivationIsUnsupported(t *testing.T) {
	own := nn.Activation{Name: nn.OwnName, Own: &nn.OwnActivation{Name: "x", ID: "x", F: func(x float64) float64 { return x }}}
	plan, err := nn.Lower(nn.Chain(nn.Dense{Units: 3, Activation: own}, nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Numbers, Width: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := cpu.New().Compile(plan, nn.Options{}); !errors.Is(err, nn.ErrUnsupported) {
		t.Errorf("error %v", err)
	}
}

// TestStepsAllocateNothing compares long trainings with short ones.
func TestStepsAllocateNothing(t *testing.T) {
	fade := nn.Dropout{Rate: nn.Schedule{{Name: "cosine", P: [4]float64{0.5, 0.1}}}}
	fading := nn.Chain(nn.Dense{Units: 40, Activation: nn.Act("relu")}, fade, nn.Dense{Units: 30, Activation: nn.Act("tanh")}, fade, nn.Output{})
	for i := range 4 {
		c, threads := wide(t)[0], 1+i%2
		if i > 1 {
			var err error
			if c.Plan, err = nn.Lower(fading, nn.Spec{Input: nn.Input{Numeric: 260}, Target: nn.Target{Kind: nn.Classes, Width: 19}}); err != nil {
				t.Fatal(err)
			}
			c.Data = parity.Rows(c.Plan, 1000, 5)
		}
		c.Options.Threads = threads
		p, err := cpu.New().Compile(c.Plan, c.Options)
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		p.Load([]nn.Replica{{State: c.Plan.NewState(1), Data: c.Data}})
		count := func(steps int) float64 {
			return testing.AllocsPerRun(2, func() { p.Train(ctx, nn.Chunk{Steps: steps}) })
		}
		few, many := count(2), count(8)
		for range 10 { // a thread's scratch memory grows when it first gets a piece that needs more
			if many <= few+3 { // an epoch may enter the stats
				break
			}
			few, many = count(2), count(8)
		}
		if many > few+3 {
			t.Errorf("%d threads: %v allocations in 8 steps, %v in 2", threads, many, few)
		}
	}
}

// TestPredictionsOfSome asserts that a row's prediction does not depend on the
// rows beside it, on where they lie, or on what was predicted before.
func TestPredictionsOfSome(t *testing.T) {
	for _, numeric := range []int{5, 16} { // some nets read padded rows where they lie
		plan, err := nn.Lower(nn.Chain(nn.Output{}), nn.Spec{Input: nn.Input{Numeric: numeric}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
		if err != nil {
			t.Fatal(err)
		}
		p, err := cpu.New().Compile(plan, nn.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		data := parity.Rows(plan, 700, 1)
		p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}})
		all, err := p.Predict(ctx, 0, data, nn.Mode{})
		if err != nil {
			t.Fatal(err)
		}
		for _, some := range [][2]int{{0, 1}, {17, 18}, {300, 340}, {100, 700}, {3, 4}} {
			got, err := p.Predict(ctx, 0, &nn.Data{Rows: some[1] - some[0], X: data.X[some[0]*numeric : some[1]*numeric]}, nn.Mode{})
			if err != nil || !reflect.DeepEqual(got, all[some[0]*3:some[1]*3]) {
				t.Errorf("%d inputs: rows %v differ, %v", numeric, some, err)
			}
		}
	}
}

// TestFrozenBlocksStay trains a layer, and then goes on with it frozen.
func TestFrozenBlocksStay(t *testing.T) {
	plan := func(frozen bool) *nn.Plan {
		p, err := nn.Lower(nn.Chain(nn.Dense{Units: 4, Activation: nn.Act("tanh"), Frozen: frozen}, nn.Output{}),
			nn.Spec{Input: nn.Input{Numeric: 3}, Target: nn.Target{Kind: nn.Numbers, Width: 1}})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	train := func(p *nn.Plan, s nn.State) nn.State {
		prog, err := cpu.New().Compile(p, nn.Options{Optimizer: nn.Adam(0.1), BatchSize: 8})
		if err != nil {
			t.Fatal(err)
		}
		defer prog.Close()
		if err := prog.Load([]nn.Replica{{State: s, Data: parity.Rows(p, 8, 1)}}); err != nil {
			t.Fatal(err)
		}
		if _, err := prog.Train(ctx, nn.Chunk{Steps: 3}); err != nil {
			t.Fatal(err)
		}
		return prog.State(0)
	}
	free, frozen := plan(false), plan(true)
	before := train(free, free.NewState(1))
	after := train(frozen, before)
	for _, b := range frozen.Blocks {
		if moved := !reflect.DeepEqual(b.Of(before.Params), b.Of(after.Params)); moved == !b.Trainable {
			t.Errorf("%s: trainable %v, moved %v", b.Name, b.Trainable, moved)
		}
	}
}
