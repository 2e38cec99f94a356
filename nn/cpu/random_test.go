package cpu_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
	"mlpkernel/nn/reference"
)

// randomPart draws a layer or a block of layers.
func randomPart(r *rand.Rand, depth int) nn.Part {
	acts := nn.Activations()
	act := nn.Act(acts[r.IntN(len(acts))].Name)
	switch k := r.IntN(9); {
	case k < 3 && act.Name != "step":
		return nn.Dense{Units: 1 + r.IntN(70), Activation: act, NoBias: r.IntN(4) == 0, Frozen: r.IntN(6) == 0}
	case k < 5:
		return nn.Dropout{Rate: nn.Constant(0.3)}
	case k == 5 && act.Name != "step":
		return act
	case k == 6:
		return nn.LayerNorm{}
	case k == 7:
		return nn.BatchNorm{}
	case depth > 0:
		return nn.Skip{Body: randomChain(r, depth-1), Project: true}
	}
	return nn.Dense{Units: 33, Activation: nn.Act("relu")}
}

func randomChain(r *rand.Rand, depth int) nn.Network {
	var parts []nn.Part
	for range 1 + r.IntN(4) {
		parts = append(parts, randomPart(r, depth))
	}
	return nn.Chain(parts...)
}

// TestRandomNetworks compares gradients and activations of networks that nobody
// thought of with the reference's, and trainings with one thread and three.
func TestRandomNetworks(t *testing.T) {
	count := 150
	if testing.Short() {
		count = 6
	}
	for seed := range count {
		r := rand.New(rand.NewPCG(uint64(seed), 1))
		net := nn.Chain(randomChain(r, 2), randomChain(r, 1), nn.Output{})
		spec := nn.Spec{Input: nn.Input{Numeric: 1 + r.IntN(40)}, Target: nn.Target{Kind: nn.Numbers, Width: 1 + r.IntN(20)}}
		p, err := nn.Lower(net, spec)
		if err != nil {
			t.Fatal(err)
		}
		c := parity.Case{Name: fmt.Sprintf("%d: %s", seed, net), Plan: p, Data: parity.Rows(p, 37, 2), Epochs: 2,
			Options: nn.Options{Optimizer: nn.Adam(0.001), BatchSize: 16, ClipNorm: float64(r.IntN(2))}}
		compareRandom(t, c)
		if a, b := run(t, cpu.New(), c, 1), run(t, cpu.New(), c, 3); !reflect.DeepEqual(a, b) {
			t.Errorf("%s: three threads differ from one", c.Name)
		}
	}
}

func compareRandom(t *testing.T, c parity.Case) {
	t.Helper()
	for _, m := range []nn.Mode{{}, {Dropout: true, Seed: 3, Step: 2}} {
		var grads [2][]float64
		var outs [2][]float64
		for i, b := range []nn.Backend{cpu.New(), reference.New()} {
			o := c.Options
			o.Threads = 2
			p, err := b.Compile(c.Plan, o)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if err := p.Load([]nn.Replica{{State: c.Plan.NewState(4), Data: c.Data}}); err != nil {
				t.Fatal(err)
			}
			if _, grads[i], err = p.Gradient(ctx, 0, c.Data, m); err != nil {
				t.Fatal(err)
			}
			steps, err := p.Activations(ctx, 0, c.Data, m)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range steps {
				outs[i] = append(outs[i], widen(s)...)
			}
			y, err := p.Predict(ctx, 0, c.Data, m)
			if err != nil {
				t.Fatal(err)
			}
			outs[i] = append(outs[i], widen(y)...)
		}
		if d := relative(grads[0], grads[1]); !(d < 1e-3) {
			t.Errorf("%s, dropout %t: the gradient is %g away", c.Name, m.Dropout, d)
		}
		if d := relative(outs[0], outs[1]); !(d < 1e-3) {
			t.Errorf("%s, dropout %t: the outputs are %g away", c.Name, m.Dropout, d)
		}
	}
}

// relative is the greatest difference over the greatest number.
func relative(a, b []float64) float64 {
	return distance(a, b) / (1e-3 + distance(make([]float64, len(b)), b))
}
