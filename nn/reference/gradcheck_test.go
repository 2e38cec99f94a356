package reference_test

import (
	"fmt"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/philox"
	"mlpkernel/nn/reference"
)

// target gives a target of a kind that a loss is for.
func target(k nn.TargetKind) nn.Target {
	switch k {
	case nn.Binary:
		return nn.Target{Kind: k, Width: 1}
	default:
		return nn.Target{Kind: k, Width: 3}
	}
}

// rows draws data that fit a plan.
func rows(p *nn.Plan, n int, seed uint64) *nn.Data {
	s := philox.New(seed, philox.User, 0, 0)
	i := 0
	next := func() float64 { i++; return s.Normal(i) }
	d := &nn.Data{Rows: n}
	for range n * p.Input.Numeric {
		d.X = append(d.X, float32(next()))
	}
	for range n {
		for _, c := range p.Input.Categories {
			d.C = append(d.C, int32(s.Word(1000+len(d.C))%uint32(c.Levels+1))-1)
		}
		d.W = append(d.W, float32(s.Uniform(2000+len(d.W))+0.5))
	}
	for range n * p.Head.TargetWidth {
		v := float32(next())
		switch p.Head.Target.Kind {
		case nn.Classes:
			v = float32(s.Word(3000+len(d.Y)) % uint32(p.Head.Target.Width))
		case nn.Binary, nn.Labels:
			v = float32(s.Word(3000+len(d.Y)) % 2)
		}
		d.Y = append(d.Y, v)
	}
	return d
}

func lower(t *testing.T, n nn.Network, s nn.Spec) *nn.Plan {
	t.Helper()
	p, err := nn.Lower(n, s)
	if err != nil {
		t.Fatalf("%s: %v", n, err)
	}
	return p
}

// checkGradient asserts a relative error below 1e-6.
func checkGradient(t *testing.T, p *nn.Plan, m nn.Mode) {
	t.Helper()
	state := p.NewState(7)
	for i := range state.Params { // so that biases and norms are not at 0 and 1
		state.Params[i] += 0.1 * philox.New(5, philox.User, 0, 0).Normal(i)
	}
	for _, b := range p.Blocks {
		if b.Role == nn.RunningVar {
			for i, v := range b.Of(state.Params) {
				b.Of(state.Params)[i] = 1 + v*v
			}
		}
	}
	c, err := reference.CheckGradient(p, state.Params, rows(p, 6, 3), m)
	if err != nil {
		t.Fatal(err)
	}
	if !(c.Worst < 1e-6) {
		t.Errorf("relative error %.3g at %s", c.Worst, c.Where)
	}
	if c.Checked == 0 || c.Kinks*4 > c.Checked {
		t.Errorf("%d parameters checked, %d left out", c.Checked, c.Kinks)
	}
}

// TestGradientOfLosses ranges over losses × targets × output activations.
func TestGradientOfLosses(t *testing.T) {
	for _, l := range nn.Losses() {
		if l.Name == "perceptron" {
			continue // its gradient is a rule, not a slope
		}
		for _, k := range l.Targets {
			for _, act := range append([]string{""}, l.Acts...) {
				loss, err := nn.NewLoss(l.Name, nil)
				if err != nil {
					t.Fatal(err)
				}
				losses := []nn.Loss{loss}
				if l.Name == "cross_entropy" {
					losses = append(losses, nn.Loss{Name: l.Name, Param: 0.1})
				}
				if act == "sigmoid" && k == nn.Classes || act == "softmax" && k == nn.Labels {
					continue // refused: classes exclude each other, labels do not
				}
				for _, loss := range losses {
					t.Run(fmt.Sprintf("%s/%s/%s", loss, k, act), func(t *testing.T) {
						out := nn.Output{Dense: nn.Dense{Activation: nn.Activation{Name: act}}}
						p := lower(t, nn.Chain(nn.Dense{Units: 3, Activation: nn.Act("tanh")}, out),
							nn.Spec{Input: nn.Input{Numeric: 2}, Target: target(k), Loss: loss})
						checkGradient(t, p, nn.Mode{})
					})
				}
			}
		}
	}
}

// TestGradientOfActivations ranges over activations, inside and at the output.
func TestGradientOfActivations(t *testing.T) {
	acts := []nn.Activation{
		{Name: nn.OwnName, Own: &nn.OwnActivation{Name: "x*x*x/3", ID: "x*x*x/3", F: func(x float64) float64 { return x * x * x / 3 }, D: func(x float64) float64 { return x * x }}},
		{Name: "leaky_relu", Param: 0.3}, {Name: "elu", Param: 0.5},
	}
	for _, d := range nn.Activations() {
		if d.Name != "step" { // its slope is 0
			acts = append(acts, nn.Act(d.Name))
		}
	}
	for _, a := range acts {
		t.Run(a.String(), func(t *testing.T) {
			for _, out := range []nn.Part{nn.Output{}, nn.Chain(nn.Output{}, a)} {
				p := lower(t, nn.Chain(nn.Dense{Units: 4}, a, nn.BatchNorm{}, a, nn.Dense{Units: 3}, out),
					nn.Spec{Input: nn.Input{Numeric: 3}, Target: nn.Target{Kind: nn.Numbers, Width: 2}})
				checkGradient(t, p, nn.Mode{})
			}
		})
	}
}

// TestGradientOfLayers ranges over layers, alone and chained, with penalties,
// categories and dropout.
func TestGradientOfLayers(t *testing.T) {
	in := nn.Input{Numeric: 3, Categories: []nn.Category{{Name: "a", Levels: 4}, {Name: "b", Levels: 2}}}
	spec := nn.Spec{Input: in, Target: nn.Target{Kind: nn.Classes, Width: 3}, Penalty: nn.Penalty{L1: 0.01, L2: 0.1}}
	mode := nn.Mode{Dropout: true, Seed: 9, Step: 4}
	for _, l := range nn.Layers() {
		t.Run(l.Name, func(t *testing.T) {
			parts := []nn.Part{l.Example, nn.Dense{Units: 4, Activation: nn.Act("tanh")}, l.Example, nn.Output{}}
			switch l.Name {
			case "embedding":
				parts[2] = nn.LayerNorm{}
			case "output":
				parts = []nn.Part{l.Example}
			}
			checkGradient(t, lower(t, nn.Chain(parts...), spec), mode)
		})
	}
	t.Run("all", func(t *testing.T) {
		block, err := nn.Repeat(2, nn.Chain(nn.Dense{Units: 5, NoBias: true}, nn.BatchNorm{}, nn.Act("silu"), nn.Dropout{Rate: nn.Constant(0.2)}))
		if err != nil {
			t.Fatal(err)
		}
		net := nn.Chain(nn.Embedding{Dim: 2}, nn.Dense{Units: 4, Activation: nn.Act("gelu"), Penalty: nn.Penalty{L2: 0.3}}, block,
			nn.Skip{Body: nn.Chain(nn.Dense{Units: 5}, nn.LayerNorm{}, nn.Act("mish"), nn.Dense{Units: 5})},
			nn.Skip{Body: nn.Chain(nn.Skip{Body: block}, nn.Dense{Units: 2}), Project: true}, nn.Act("softmax"), nn.Output{})
		checkGradient(t, lower(t, net, spec), mode)
	})
}

// TestKinkAtParameter has relu at 0, and beside it by less than any step.
func TestKinkAtParameter(t *testing.T) {
	p := lower(t, nn.Chain(nn.Dense{Units: 1, Activation: nn.Act("relu")}, nn.Output{}),
		nn.Spec{Input: nn.Input{Numeric: 1}, Target: nn.Target{Kind: nn.Numbers, Width: 1}})
	d := &nn.Data{Rows: 1, X: []float32{1}, Y: []float32{3}}
	for _, w := range []float64{0, 1e-9, -1e-6, 1.2e-4} {
		c, err := reference.CheckGradient(p, []float64{w, 0, 0.5, 0}, d, nn.Mode{})
		if err != nil {
			t.Fatal(err)
		}
		if c.Kinks != 2 || c.Worst > 1e-6 {
			t.Errorf("w %g: %d kinks, error %g at %s", w, c.Kinks, c.Worst, c.Where)
		}
	}
}
