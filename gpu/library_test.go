//go:build cuda && linux && cgo

package gpu_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"mlpkernel/gpu"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// precise is a backend whose products have a precision.
type precise struct {
	nn.Backend
	precision string
}

func (b precise) Compile(p *nn.Plan, o nn.Options) (nn.Program, error) {
	o.Precision = b.precision
	return b.Backend.Compile(p, o)
}

// TestLibrary holds training whose products are cuBLASLt's against the
// reference: with all that follows a product in it, and with products alone.
func TestLibrary(t *testing.T) {
	for _, c := range []struct {
		name, precision, lacks string
		tolerance              parity.Tolerance
	}{
		{"fused", "float32", "", parity.Float32},
		{"plain", "float32", "654", parity.Float32}, // without bias, relu, its slope, sums
		{"tf32", "tf32", "", parity.Tolerance{Pass: 5e-3, Train: 2e-2}},
		{"bf16", "bfloat16", "", parity.Tolerance{Pass: 2e-2, Train: 1e-1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("FAKECUBLASLT_LACKS", c.lacks)
			parity.CheckCases(t, precise{open(t, gpu.Settings{Tier: gpu.Graph}), c.precision}, c.tolerance, libraryCases(t, c.precision))
		})
	}
}

// libraryCases are a chain of products with relu, where values are nothing but
// bf16, and those of the list of all backends that differ in what is around products. Batch norm over few rows makes much of small
// errors, so that it is compared in float32 alone.
func libraryCases(t *testing.T, precision string) []parity.Case {
	p, d := classifier(t, 53, 20, 40, 33, 5)
	cs := []parity.Case{{Name: "chain", Plan: p, Options: nn.Options{BatchSize: 16, Optimizer: nn.Adam(0.01), ClipNorm: 0.5}, Data: d, Epochs: 2}}
	for _, c := range parity.Cases() {
		switch c.Name {
		case "layers all":
			if precision == "float32" {
				cs = append(cs, c)
			}
		case "layers penalty", "activation relu", "activation gelu", "layer embedding":
			cs = append(cs, c)
		}
	}
	return cs
}

// TestLibraryIsUsed asserts that products are cuBLASLt's where it has them, our
// own where it has none, and that this is told.
func TestLibraryIsUsed(t *testing.T) {
	if b := open(t, gpu.Settings{}); !emulated {
		t.Skip("what a real cuBLASLt has is not known; ", b.Name())
	}
	p, d := classifier(t, 40, 5, 16, 8, 3)
	var states []nn.State
	for lacks, want := range map[string]bool{"": true, "654": true, "655": false} {
		t.Setenv("FAKECUBLASLT_LACKS", lacks)
		prog := load(t, open(t, gpu.Settings{Tier: gpu.Graph}), p, nn.Options{BatchSize: 16, Precision: "float32"}, nn.Replica{State: p.NewState(1), Data: d})
		train(t, prog, nn.Chunk{Epochs: 2})
		if device, _ := prog.(nn.Reporter).Report(); strings.Contains(device, "cuBLASLt") != want {
			t.Errorf("lacks %q: %s", lacks, device)
		}
		states = append(states, prog.State(0))
	}
	for _, s := range states[1:] {
		if s.Step != states[0].Step || distance(s.Params, states[0].Params) > 1e-5 {
			t.Errorf("the parameters differ by %v", distance(s.Params, states[0].Params))
		}
	}
}

// TestReport asserts that summaries can tell where and how training ran.
func TestReport(t *testing.T) {
	p, d := classifier(t, 20, 5, 8, 3)
	prog := load(t, open(t, gpu.Settings{}), p, nn.Options{BatchSize: 16, Precision: "bfloat16"}, nn.Replica{State: p.NewState(1), Data: d})
	train(t, prog, nn.Chunk{Epochs: 1})
	device, notes := prog.(nn.Reporter).Report()
	if !strings.Contains(device, "one block a replica, products in float32") || len(notes) != 1 || !strings.Contains(notes[0], `precision="bfloat16"`) {
		t.Errorf("%s; %q", device, notes)
	}
}

// TestLostGPU lets the GPU fail in the middle of training, in a process of its
// own, and asserts that nothing is lost: the processor goes on.
func TestLostGPU(t *testing.T) {
	if os.Getenv("GPU_TEST_LOSE") != "" {
		loseGPU(t)
		return
	}
	if open(t, gpu.Settings{}); !emulated {
		t.Skip("a real GPU does not fail on demand")
	}
	for _, launches := range []string{"1", "3", "5"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestLostGPU$", "-test.v")
		cmd.Env = append(os.Environ(), "GPU_TEST_LOSE=1", "FAKECUDA_FAIL="+launches)
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "the GPU failed") {
			t.Errorf("after %s launches: %v\n%s", launches, err, out)
		}
	}
}

func loseGPU(t *testing.T) {
	b, err := gpu.Open(cpu.New())
	if err != nil {
		t.Fatal(err)
	}
	p, d := classifier(t, 40, 5, 16, 3)
	o := nn.Options{BatchSize: 16, Optimizer: nn.Adam(0.01)}
	replicas := []nn.Replica{{State: p.NewState(1), Data: d}, {State: p.NewState(2), Data: d, Rows: []int32{3, 1, 4, 1, 5, 9, 2, 6}}}
	got, want := load(t, b, p, o, replicas...), load(t, cpu.New(), p, o, replicas...)
	for _, c := range []nn.Chunk{{Steps: 2, Horizon: 12}, {Epochs: 2, Horizon: 12, StepLoss: true, Blocks: true}, {Steps: 3, Horizon: 12, StepLoss: true}} {
		g, w := train(t, got, c), train(t, want, c)
		for i := range w.Replicas {
			if len(g.Replicas[i].StepLoss) != len(w.Replicas[i].StepLoss) || len(g.Replicas[i].Epochs) != len(w.Replicas[i].Epochs) {
				t.Errorf("replica %d: %+v, want %+v", i, g.Replicas[i], w.Replicas[i])
			}
		}
	}
	for i := range replicas {
		g, w := got.State(i), want.State(i)
		if g.Step != w.Step || g.Epoch != w.Epoch || g.Batch != w.Batch || g.Slots.Len() != w.Slots.Len() || distance(g.Params, w.Params) > 1e-4 {
			t.Errorf("replica %d is at step %d, epoch %d, batch %d, and off by %v", i, g.Step, g.Epoch, g.Batch, distance(g.Params, w.Params))
		}
	}
	if _, err := got.Predict(context.Background(), 0, d, nn.Mode{}); err != nil {
		t.Error(err)
	}
	device, notes := got.(nn.Reporter).Report()
	fmt.Println(device, notes)
	if again, err := b.Compile(p, o); err == nil {
		t.Errorf("a lost GPU compiles %v", reflect.TypeOf(again))
	}
}
