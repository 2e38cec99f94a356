package reference_test

import (
	"context"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
)

// truth is the table of a function of two bits.
func truth(y ...float32) *nn.Data {
	return &nn.Data{Rows: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Y: y}
}

func xor() *nn.Data { return truth(0, 1, 1, 0) }

var bits = nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Binary, Width: 1}}

// accuracies trains one replica per seed and gives the share of right rows.
func accuracies(t *testing.T, p *nn.Plan, d *nn.Data, o nn.Options, epochs, seeds int) []float64 {
	t.Helper()
	prog, err := reference.New().Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	replicas := make([]nn.Replica, seeds)
	for s := range replicas {
		replicas[s] = nn.Replica{State: p.NewState(uint64(s)), Data: d}
	}
	if err := prog.Load(replicas); err != nil {
		t.Fatal(err)
	}
	if _, err := prog.Train(context.Background(), nn.Chunk{Epochs: epochs}); err != nil {
		t.Fatal(err)
	}
	out := make([]float64, seeds)
	for s := range out {
		y, err := prog.Predict(context.Background(), s, d, nn.Mode{})
		if err != nil {
			t.Fatal(err)
		}
		for r, want := range d.Y {
			if (y[r] >= 0.5) == (want == 1) {
				out[s] += 1 / float64(d.Rows)
			}
		}
	}
	return out
}

// solved counts the seeds that are wholly right.
func solved(acc []float64) (n int) {
	for _, a := range acc {
		if a == 1 {
			n++
		}
	}
	return n
}

func TestSingleNeuronCannotSolveXOR(t *testing.T) {
	p := lower(t, nn.Chain(nn.Output{}), bits)
	for s, a := range accuracies(t, p, xor(), nn.Options{Optimizer: nn.Adam(0.05)}, 300, 20) {
		if a > 0.75 {
			t.Errorf("seed %d: accuracy %v on XOR without a hidden layer", s, a)
		}
	}
}

func TestHiddenLayerSolvesXOR(t *testing.T) {
	tests := []struct {
		name   string
		net    nn.Network
		o      nn.Options
		epochs int
		least  int // of 100 seeds
	}{
		{"adam 0.05", nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("tanh")}, nn.Output{}), nn.Options{Optimizer: nn.Adam(0.05)}, 100, 100},
		{"2-2-1", nn.Chain(nn.Dense{Units: 2, Activation: nn.Act("tanh")}, nn.Output{}), nn.Options{Optimizer: nn.Adam(0.05)}, 1000, 45}, // half of the starts end in a local minimum
		{"2-4-1", nn.Chain(nn.Dense{Units: 4, Activation: nn.Act("tanh")}, nn.Output{}), nn.Options{Optimizer: nn.Adam(0.05)}, 1000, 98},
		{"relu", nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("relu")}, nn.Output{}), nn.Options{Optimizer: nn.Adam(0.05)}, 200, 90}, // the others have dead units
		{"defaults", nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("tanh")}, nn.Output{}), nn.Options{Optimizer: nn.Adam(1e-3), BatchSize: 32}, 1000, 95},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			acc := accuracies(t, lower(t, tt.net, bits), xor(), tt.o, tt.epochs, 100)
			t.Logf("%d of 100 seeds", solved(acc))
			if n := solved(acc); n < tt.least {
				t.Errorf("%d of 100 seeds solve XOR, want %d", n, tt.least)
			}
		})
	}
}

func TestPerceptronRule(t *testing.T) {
	o := nn.Options{Optimizer: nn.Optimizer{Name: "perceptron", LR: nn.Constant(1)}, BatchSize: 1}
	p := lower(t, nn.Chain(nn.Output{Dense: nn.Dense{Activation: nn.Act("step")}}), bits)
	for name, d := range map[string]*nn.Data{"and": truth(0, 0, 0, 1), "or": truth(0, 1, 1, 1)} {
		if n := solved(accuracies(t, p, d, o, 30, 20)); n != 20 {
			t.Errorf("%s: %d of 20 seeds", name, n)
		}
	}
	if n := solved(accuracies(t, p, xor(), o, 100, 20)); n != 0 {
		t.Errorf("xor: %d of 20 seeds", n)
	}
}

func TestStepUnitsWithGivenWeightsSolveXOR(t *testing.T) {
	step := nn.Act("step")
	net := nn.Chain(
		nn.Dense{Units: 2, Activation: step, Weights: &nn.Given{Units: 2, Inputs: 2, W: []float64{1, 1, 1, 1}, B: []float64{-0.5, -1.5}}},
		nn.Output{Dense: nn.Dense{Activation: step, Weights: &nn.Given{Units: 1, Inputs: 2, W: []float64{1, -1}, B: []float64{-0.5}}}},
	)
	if n := solved(accuracies(t, lower(t, net, bits), xor(), nn.Options{}, 0, 1)); n != 1 {
		t.Error("two layers of step units do not give XOR")
	}
}
