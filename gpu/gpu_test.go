//go:build cuda && linux && cgo

package gpu_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"mlpkernel/gpu"
	"mlpkernel/gpu/cudadl"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// load compiles and loads a program, which the test closes.
func load(t testing.TB, b nn.Backend, p *nn.Plan, o nn.Options, replicas ...nn.Replica) nn.Program {
	t.Helper()
	prog, err := b.Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { prog.Close() })
	if err := prog.Load(replicas); err != nil {
		t.Fatal(err)
	}
	return prog
}

func train(t testing.TB, p nn.Program, c nn.Chunk) nn.Stats {
	t.Helper()
	s, err := p.Train(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// classifier is a net with its data.
func classifier(t testing.TB, rows int, widths ...int) (*nn.Plan, *nn.Data) {
	t.Helper()
	return network(t, nn.Classes, rows, widths)
}

// regression is one for numbers.
func regression(t testing.TB, rows int, widths ...int) (*nn.Plan, *nn.Data) {
	t.Helper()
	return network(t, nn.Numbers, rows, widths)
}

func network(t testing.TB, kind nn.TargetKind, rows int, widths []int) (*nn.Plan, *nn.Data) {
	t.Helper()
	var layers []nn.Part
	for _, w := range widths[1 : len(widths)-1] {
		layers = append(layers, nn.Dense{Units: w, Activation: nn.Act("relu"), MaxNorm: 1})
	}
	p, err := nn.Lower(nn.Chain(append(layers, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: widths[0]}, Target: nn.Target{Kind: kind, Width: widths[len(widths)-1]}})
	if err != nil {
		t.Fatal(err)
	}
	return p, parity.Rows(p, rows, 9)
}

// TestTiersAgree asserts the same bits from one block, many blocks and a graph,
// alone and beside other replicas.
func TestTiersAgree(t *testing.T) {
	p, d := classifier(t, 60, 20, 40, 33, 5)
	o := nn.Options{Optimizer: nn.Adam(0.01), BatchSize: 32, ClipNorm: 0.5, Precision: "float32"}
	first := nn.Replica{State: p.NewState(3), Data: d}
	others := []nn.Replica{first, {State: p.NewState(4), Data: d}, {State: p.NewState(5), Data: d}, {State: p.NewState(6), Data: d}, {State: p.NewState(7), Data: d}}
	inOrders(t, func(t *testing.T) {
		want := ""
		for _, tier := range []gpu.Tier{gpu.Block, gpu.Grid, gpu.Graph} {
			for _, replicas := range [][]nn.Replica{{first}, others} {
				prog := load(t, open(t, gpu.Settings{Tier: tier, Own: true}), p, o, replicas...)
				train(t, prog, nn.Chunk{Steps: 5})
				got := parity.Bits(prog.State(0))
				if want == "" {
					want = got
				}
				if got != want {
					t.Errorf("tier %s with %d replicas differs from tier block alone", tier, len(replicas))
				}
			}
		}
	})
}

// TestRecordingChangesNothing asserts that asking for norms does not change a bit.
func TestRecordingChangesNothing(t *testing.T) {
	p, d := classifier(t, 50, 6, 12, 3)
	var states []string
	for _, c := range []nn.Chunk{{Epochs: 3}, {Epochs: 3, Blocks: true, Bins: 7}} {
		prog := load(t, open(t, gpu.Settings{}), p, nn.Options{BatchSize: 8}, nn.Replica{State: p.NewState(1), Data: d})
		s := train(t, prog, c)
		states = append(states, parity.Bits(prog.State(0)))
		for n, e := range s.Replicas[0].Epochs {
			if want := c.Blocks && n == c.Epochs-1; !e.Done || want != (len(e.Blocks) == len(p.Blocks)) {
				t.Fatalf("%+v", e)
			}
			for i, k := range e.Blocks {
				n := 0
				for _, c := range k.Hist.Counts {
					n += c
				}
				if n != p.Blocks[i].Len() {
					t.Errorf("%s: the histogram counts %d gradients of %d", p.Blocks[i].Name, n, p.Blocks[i].Len())
				}
			}
		}
	}
	if states[0] != states[1] {
		t.Error("recording changes the state")
	}
}

// TestDivergence asserts that a loss that is no finite number stops its replica
// before the update, and only it, and is told as it is: the bits of one block's.
func TestDivergence(t *testing.T) {
	p, d := regression(t, 24, 3, 40, 2) // wide enough for teams of several blocks that go from replica to replica
	far, lost := *d, *d
	far.Y = slices.Clone(d.Y)
	far.Y[2*20] = 1e30 // row 20 is in step 2; its loss is +Inf
	lost.X = slices.Clone(d.X)
	lost.X[3*13] = float32(math.NaN()) // row 13 in step 1
	replicas := []nn.Replica{{State: p.NewState(1), Data: d}, {State: p.NewState(1), Data: &far}, {State: p.NewState(2), Data: d}, {State: p.NewState(3), Data: &lost}}
	steps := []int{6, 2, 6, 1}
	var want nn.Stats
	for _, tier := range []gpu.Tier{gpu.Block, gpu.Grid, gpu.Graph} {
		t.Run(tier.String(), func(t *testing.T) {
			prog := load(t, open(t, gpu.Settings{Tier: tier, Own: true}), p, nn.Options{BatchSize: 8, InOrder: true, Precision: "float32"}, replicas...)
			s := train(t, prog, nn.Chunk{Epochs: 2, StepLoss: true})
			if tier == gpu.Block {
				want = s
			}
			for i, r := range s.Replicas {
				if stopped := steps[i] < 6; r.Diverged != stopped || prog.State(i).Step != steps[i] {
					t.Errorf("replica %d: diverged %t after %d steps, want %t after %d", i, r.Diverged, prog.State(i).Step, stopped, steps[i])
				}
				for _, v := range prog.Params(i) {
					if math.IsNaN(v) {
						t.Fatalf("replica %d: a parameter is NaN", i)
					}
				}
				if g, w := fmt.Sprint(r.StepLoss), fmt.Sprint(want.Replicas[i].StepLoss); g != w {
					t.Errorf("replica %d: losses %s, want %s", i, g, w)
				}
			}
			if last := s.Replicas[1].StepLoss; !math.IsInf(last[len(last)-1], 1) {
				t.Errorf("losses %v, want the last +Inf", last)
			}
		})
	}
}

// TestCancel asserts that a cancelled training can go on.
func TestCancel(t *testing.T) {
	p, d := classifier(t, 24, 3, 5, 3)
	prog := load(t, open(t, gpu.Settings{}), p, nn.Options{BatchSize: 8}, nn.Replica{State: p.NewState(1), Data: d})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := prog.Train(ctx, nn.Chunk{Epochs: 5}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if train(t, prog, nn.Chunk{Epochs: 1}); prog.State(0).Epoch != 1 {
		t.Errorf("epoch %d", prog.State(0).Epoch)
	}
}

// TestManyLaunches trains for more steps than a launch takes.
func TestManyLaunches(t *testing.T) {
	p, d := classifier(t, 8, 2, 4, 2)
	prog := load(t, open(t, gpu.Settings{}), p, nn.Options{BatchSize: 4, Optimizer: nn.Adam(0.01)}, nn.Replica{State: p.NewState(1), Data: d})
	s := train(t, prog, nn.Chunk{Epochs: 2500, StepLoss: true}).Replicas[0]
	if len(s.Epochs) != 2500 || len(s.StepLoss) != 5000 || !s.Epochs[2499].Done {
		t.Fatalf("%d epochs, %d steps", len(s.Epochs), len(s.StepLoss))
	}
	if first, last := s.Epochs[0].Loss, s.Epochs[2499].Loss; !(last < first/2) {
		t.Errorf("the loss goes from %v to %v", first, last)
	}
}

// TestDeep trains a network whose tape takes more shared memory than kernels
// have unless they are allowed it.
func TestDeep(t *testing.T) {
	widths := []int{4}
	for range 130 {
		widths = append(widths, 5)
	}
	p, d := classifier(t, 8, append(widths, 3)...)
	for _, s := range []gpu.Settings{{Tier: gpu.Grid}, {Tier: gpu.Graph, Own: true}} {
		prog := load(t, open(t, s), p, nn.Options{BatchSize: 8, Precision: "float32"}, nn.Replica{State: p.NewState(1), Data: d})
		if got := train(t, prog, nn.Chunk{Steps: 2}).Replicas[0]; got.Diverged || prog.State(0).Step != 2 {
			t.Errorf("tier %s: %+v", s.Tier, got)
		}
	}
}

// TestManyRows asks for more rows than are passed at once, and again for others.
func TestManyRows(t *testing.T) {
	p, d := classifier(t, 8300, 3, 5, 3)
	r := nn.Replica{State: p.NewState(1), Data: d}
	inOrders(t, func(t *testing.T) {
		got, want := load(t, open(t, gpu.Settings{}), p, nn.Options{}, r), load(t, cpu.New(), p, nn.Options{}, r)
		for _, rows := range []*nn.Data{d, parity.Rows(p, 8300, 5), d} {
			g, err := got.Predict(context.Background(), 0, rows, nn.Mode{})
			w, err2 := want.Predict(context.Background(), 0, rows, nn.Mode{})
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			for i := range w {
				if math.Abs(float64(g[i]-w[i])) > 1e-5 {
					t.Fatalf("number %d is %v, want %v", i, g[i], w[i])
				}
			}
			e, err := got.Evaluate(context.Background(), 0, rows)
			f, err2 := want.Evaluate(context.Background(), 0, rows)
			if err != nil || err2 != nil || math.Abs(e-f) > 1e-5 {
				t.Errorf("the loss is %v, want %v; errors %v, %v", e, f, err, err2)
			}
		}
	})
}

// TestUnsupported asserts that the caller can tell what to do on the CPU.
func TestUnsupported(t *testing.T) {
	p, _ := classifier(t, 8, 2, 2) // no hidden layer, so no max_norm, which lbfgs refuses anywhere
	o, err := nn.NewOptimizer("lbfgs", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, gpu.Settings{}).Compile(p, nn.Options{Optimizer: o}); !errors.Is(err, nn.ErrUnsupported) {
		t.Errorf("lbfgs: %v", err)
	}
}

// TestNoDriver asserts that a program built for CUDA starts where there is none
// and says why it has no GPU.
func TestNoDriver(t *testing.T) {
	if os.Getenv("GPU_TEST_DESCRIBE") != "" {
		lines, err := gpu.Describe()
		fmt.Println("described:", lines, err)
		return
	}
	if why != "" {
		t.Skip(why)
	}
	for _, c := range []struct{ driver, code, want string }{
		{"/nonexistent/libcuda.so.1", "", "described: [] no NVIDIA driver"},
		{os.Getenv(cudadl.DriverVariable), "100", "no CUDA device is there (CUDA error 100)"},
	} {
		if c.driver == "" {
			continue // on a GPU
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestNoDriver$", "-test.v")
		cmd.Env = append(os.Environ(), "GPU_TEST_DESCRIBE=1", "FAKECUDA_INIT="+c.code, cudadl.DriverVariable+"="+c.driver)
		if c.code == "" {
			cmd.Env = append(os.Environ(), "GPU_TEST_DESCRIBE=1", cudadl.DriverVariable+"="+c.driver)
		}
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), c.want) {
			t.Errorf("%v\n%s\nwant %q", err, out, c.want)
		}
	}
}
