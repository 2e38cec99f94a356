package parity

import (
	"fmt"

	"mlpkernel/nn"
	"mlpkernel/nn/philox"
)

// Case is a small training.
type Case struct {
	Name    string
	Plan    *nn.Plan
	Options nn.Options
	Data    *nn.Data
	Epochs  int
}

// Cases ranges over the lists of nn: every layer, activation, loss and
// optimiser, and shapes that are awkward for vectors.
func Cases() []Case {
	var cs []Case
	cs = append(cs, shapes()...)
	cs = append(cs, layers()...)
	cs = append(cs, activations()...)
	cs = append(cs, losses()...)
	cs = append(cs, optimizers()...)
	cs = append(cs, ways()...)
	return cs
}

var (
	tanh     = nn.Act("tanh")
	classes  = nn.Target{Kind: nn.Classes, Width: 3}
	momentum = nn.Optimizer{Name: "sgd", LR: nn.Constant(0.05), Momentum: 0.9}
)

func dense(units int, act string) nn.Dense { return nn.Dense{Units: units, Activation: nn.Act(act)} }

// newCase lowers net for 5 numeric columns, trained by sgd with momentum: Adam
// would blow rounding up where a true gradient is 0.
func newCase(name string, net nn.Network, s nn.Spec, o nn.Options) Case {
	if s.Target.Width == 0 {
		s.Target = classes
	}
	if s.Input.Numeric == 0 && s.Input.Categories == nil {
		s.Input.Numeric = 5
	}
	p, err := nn.Lower(net, s)
	if err != nil {
		panic(fmt.Sprintf("parity: %s: %v", name, err))
	}
	if o.Optimizer.Name == "" {
		o.Optimizer = momentum
	}
	if o.BatchSize == 0 {
		o.BatchSize = 16
	}
	return Case{Name: name, Plan: p, Options: o, Data: Rows(p, 53, 3), Epochs: 2}
}

// shapes has widths around the lengths of vectors.
func shapes() (cs []Case) {
	for _, w := range [][3]int{{1, 1, 1}, {2, 8, 1}, {7, 15, 3}, {16, 16, 2}, {17, 33, 10}, {31, 64, 17}, {5, 257, 2}} {
		s := nn.Spec{Input: nn.Input{Numeric: w[0]}, Target: nn.Target{Kind: nn.Numbers, Width: w[2]}}
		net := nn.Chain(dense(w[1], "relu"), nn.Dropout{Rate: nn.Constant(0.25)}, dense(w[1], "tanh"), nn.Output{})
		cs = append(cs, newCase(fmt.Sprintf("shape %d-%d-%d", w[0], w[1], w[2]), net, s, nn.Options{}))
	}
	return cs
}

func layers() (cs []Case) {
	in := nn.Input{Numeric: 4, Categories: []nn.Category{{Name: "a", Levels: 5}, {Name: "b", Levels: 2}}}
	for _, l := range nn.Layers() {
		net := nn.Chain(l.Example, dense(9, "tanh"), nn.Output{})
		if l.Name == "output" {
			net = nn.Chain(l.Example)
		}
		cs = append(cs, newCase("layer "+l.Name, net, nn.Spec{Input: in}, nn.Options{}))
	}
	block := nn.Chain(nn.Dense{Units: 9, NoBias: true}, nn.BatchNorm{}, nn.Act("silu"), nn.Dropout{Rate: nn.Constant(0.2)})
	deep := nn.Chain(nn.Embedding{Dim: 3}, dense(9, "gelu"), block, nn.Skip{Body: nn.Chain(dense(9, "tanh"), nn.LayerNorm{})},
		nn.Skip{Body: nn.Chain(nn.Skip{Body: block}, nn.Dense{Units: 4}), Project: true}, nn.Act("softmax"), nn.Output{})
	regular := nn.Chain(nn.Dense{Units: 8, Activation: tanh, MaxNorm: 0.8}, nn.Dense{Units: 6, Activation: tanh, Frozen: true},
		nn.Dense{Units: 5, Activation: tanh, Penalty: nn.Penalty{Stated: true}}, nn.Output{})
	return append(cs,
		newCase("layers all", deep, nn.Spec{Input: in}, nn.Options{}),
		newCase("layers only categories", nn.Chain(dense(6, "tanh"), nn.Output{}), nn.Spec{Input: nn.Input{Categories: in.Categories}}, nn.Options{}),
		newCase("layers all, clipped", deep, nn.Spec{Input: in, Penalty: nn.Penalty{L2: 1e-2}}, nn.Options{ClipNorm: 0.1}),
		newCase("layers penalty, clipped", regular, nn.Spec{Penalty: nn.Penalty{L1: 1e-3, L2: 1e-2}}, nn.Options{ClipNorm: 0.1}),
		newCase("layers penalty", regular, nn.Spec{Penalty: nn.Penalty{L1: 1e-3, L2: 1e-2}}, nn.Options{}))
}

func activations() (cs []Case) {
	for _, d := range nn.Activations() {
		a := nn.Act(d.Name)
		if d.Name == "leaky_relu" {
			a.Param = 0.2
		}
		net := nn.Chain(nn.Dense{Units: 10}, a, nn.Dropout{Rate: nn.Constant(0.1)}, a, dense(7, "tanh"), nn.Output{})
		cs = append(cs, newCase("activation "+d.Name, net, nn.Spec{}, nn.Options{}))
	}
	return cs
}

func losses() (cs []Case) {
	for _, l := range nn.Losses() {
		for _, k := range l.Targets {
			loss, err := nn.NewLoss(l.Name, nil)
			if err != nil {
				panic("parity: " + err.Error())
			}
			target := nn.Target{Kind: k, Width: 3}
			if k == nn.Binary {
				target.Width = 1
			}
			spec := nn.Spec{Target: target, Loss: loss}
			net := nn.Chain(dense(8, "tanh"), nn.Output{})
			cs = append(cs, newCase(fmt.Sprintf("loss %s of %s", l.Name, k), net, spec, nn.Options{}))
		}
	}
	smooth := nn.Spec{Loss: nn.Loss{Name: "cross_entropy", Param: 0.1}}
	bounded := nn.Chain(dense(8, "tanh"), nn.Output{Dense: nn.Dense{Activation: tanh}})
	return append(cs,
		newCase("loss label smoothing", nn.Chain(dense(8, "tanh"), nn.Output{}), smooth, nn.Options{}),
		newCase("loss mse of tanh", bounded, nn.Spec{Target: nn.Target{Kind: nn.Numbers, Width: 2}}, nn.Options{}))
}

func optimizers() (cs []Case) {
	net := nn.Chain(dense(8, "tanh"), nn.Output{})
	for _, d := range nn.Optimizers() {
		o, err := nn.NewOptimizer(d.Name, map[string]nn.Schedule{"lr": nn.Constant(0.01)})
		if err != nil {
			panic("parity: " + err.Error())
		}
		if d.Name == "perceptron" {
			steps := nn.Chain(nn.Output{Dense: nn.Dense{Activation: nn.Act("step")}})
			cs = append(cs, newCase("optimizer "+d.Name, steps, nn.Spec{Target: nn.Target{Kind: nn.Binary, Width: 1}}, nn.Options{Optimizer: o}))
			continue
		}
		cs = append(cs, newCase("optimizer "+d.Name, net, nn.Spec{}, nn.Options{Optimizer: o}))
	}
	plain, nesterov := momentum, momentum
	plain.Momentum, nesterov.Nesterov = 0, true
	return append(cs,
		newCase("optimizer plain sgd", net, nn.Spec{}, nn.Options{Optimizer: plain}),
		newCase("optimizer nesterov", net, nn.Spec{}, nn.Options{Optimizer: nesterov}))
}

// ways are ways of training.
func ways() []Case {
	net := nn.Chain(dense(8, "tanh"), nn.Output{})
	scheduled := nn.Optimizer{Name: "adamw", LR: nn.Schedule{{Name: "one_cycle", P: [4]float64{0.02, 0.3, 25, 1e4}}}, Beta1: 0.9, Beta2: 0.95, Eps: 1e-8,
		WeightDecay: nn.Schedule{{Name: "flat_cos", P: [4]float64{0.1}}}}
	fading := nn.Chain(nn.Dropout{Rate: nn.Schedule{{Name: "cosine", P: [4]float64{0.5, 0}}}}, dense(8, "tanh"), nn.Output{})
	weighted := newCase("way weights", net, nn.Spec{}, nn.Options{})
	for i := range weighted.Data.Rows {
		weighted.Data.W = append(weighted.Data.W, 0.5+float32(i%3)/2)
	}
	return []Case{
		weighted,
		newCase("way schedules", fading, nn.Spec{}, nn.Options{Optimizer: scheduled}),
		newCase("way clip", net, nn.Spec{}, nn.Options{ClipNorm: 0.1}),
		newCase("way in order", net, nn.Spec{}, nn.Options{InOrder: true}),
		newCase("way row by row", net, nn.Spec{}, nn.Options{BatchSize: 1}),
		newCase("way all rows", net, nn.Spec{}, nn.Options{BatchSize: 1000}),
		newCase("way short last batch", net, nn.Spec{}, nn.Options{BatchSize: 52}),
	}
}

// replicas are two seeds, the second on some of the rows.
func (c Case) replicas() []nn.Replica {
	var some []int32
	for i := 0; i < c.Data.Rows; i += 2 {
		some = append(some, int32(i))
	}
	return []nn.Replica{{State: c.Plan.NewState(1), Data: c.Data}, {State: c.Plan.NewState(1<<33 + 2), Data: c.Data, Rows: some}}
}

// Rows draws rows that fit a plan.
func Rows(p *nn.Plan, n int, seed uint64) *nn.Data {
	d := &nn.Data{Rows: n}
	x, c, y := stream(seed, 0), stream(seed, 1), stream(seed, 2)
	for i := range n * p.Input.Numeric {
		d.X = append(d.X, float32(x.Normal(i)))
	}
	for range n {
		for _, k := range p.Input.Categories {
			d.C = append(d.C, int32(c.Word(len(d.C))%uint32(k.Levels+1))-1)
		}
	}
	for i := range n * p.Head.TargetWidth {
		v := float32(y.Normal(i))
		switch p.Head.Target.Kind {
		case nn.Classes:
			v = float32(y.Word(i) % uint32(p.Head.Target.Width))
		case nn.Binary, nn.Labels:
			v = float32(y.Word(i) % 2)
		}
		d.Y = append(d.Y, v)
	}
	return d
}

func stream(seed uint64, layer int) philox.Stream { return philox.New(seed, philox.User, layer, 0) }
