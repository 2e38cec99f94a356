package dsl_test

import (
	"fmt"
	"reflect"
	"testing"

	"mlpkernel/dsl"
	"mlpkernel/nn"
)

// arguments are values for an entry's parameters that are not their defaults:
// for all, or for those alone that have none.
func arguments(d nn.Def, defaults bool) map[string]float64 {
	out := map[string]float64{}
	for i, p := range d.Params {
		switch {
		case defaults && !p.Required: // left out
		case p.Kind == nn.Flag:
			out[p.Name] = 1 - p.Default
		case p.Min == 1: // a count, or a ratio
			out[p.Name] = 7
		default:
			out[p.Name] = 0.3 + 1e-7*float64(i)
		}
	}
	return out
}

func rates(args map[string]float64) map[string]nn.Schedule {
	out := map[string]nn.Schedule{}
	for name, v := range args {
		out[name] = nn.Constant(v)
	}
	return out
}

// trained is a training by its parts.
type trained struct {
	net       nn.Network
	loss      nn.Loss
	optimizer nn.Optimizer
}

// everyEntry are trainings that have every entry of nn's lists in them, with
// defaults and with other parameters.
func everyEntry(t *testing.T) (out []trained) {
	add := func(err error, x trained) {
		if err != nil {
			t.Fatal(err)
		}
		if len(x.net.Layers()) == 0 {
			x.net = nn.Chain(nn.Output{})
		}
		if !x.loss.Given() {
			x.loss.Name = "mse"
		}
		if x.optimizer.Name == "" {
			x.optimizer = nn.SGD(0.01)
		}
		out = append(out, x)
	}
	for _, defaults := range []bool{true, false} {
		for _, d := range nn.Activations() {
			a, err := nn.NewActivation(d.Name, arguments(d.Def, defaults))
			add(err, trained{net: nn.Chain(nn.Dense{Units: 2, Activation: a}, a, nn.Output{Dense: nn.Dense{Activation: a}})})
		}
		for _, d := range nn.Initializers() {
			i, err := nn.NewInitializer(d.Name, arguments(d.Def, defaults))
			add(err, trained{net: nn.Chain(nn.Dense{Units: 2, Init: i}, nn.Output{Dense: nn.Dense{Init: i}})})
		}
		for _, d := range nn.Losses() {
			l, err := nn.NewLoss(d.Name, arguments(d.Def, defaults))
			add(err, trained{loss: l})
		}
		for _, d := range nn.Optimizers() {
			o, err := nn.NewOptimizer(d.Name, rates(arguments(d.Def, defaults)))
			add(err, trained{optimizer: o})
		}
		for _, d := range nn.Schedules() {
			s, err := nn.NewSchedule(d.Name, arguments(d.Def, defaults))
			if err != nil {
				t.Fatal(err)
			}
			all := []nn.Schedule{s, cosine(t).Times(s)}
			if d.Name != "constant" { // a cell puts numbers behind schedules
				all = append(all, s.Times(cosine(t)), s.Times(nn.Constant(0.5)))
			}
			for _, rate := range all {
				o, err := nn.NewOptimizer("adamw", map[string]nn.Schedule{"lr": rate, "weight_decay": rate})
				add(err, trained{optimizer: o})
			}
		}
	}
	for _, d := range nn.Layers() {
		add(nil, trained{net: nn.Chain(d.Example)})
	}
	const name = "a \"b\"\\ 한"
	odd := nn.Dense{Units: 3, NoBias: true, Penalty: nn.Penalty{Stated: true, L1: 1e-9, L2: 2}, MaxNorm: 1e7, Name: name, Frozen: true}
	add(nil, trained{net: nn.Chain(
		nn.Embedding{Name: name}, nn.Embedding{Dim: 2, Name: name}, odd, nn.Dropout{Rate: cosine(t), Name: name}, nn.BatchNorm{Name: name}, nn.LayerNorm{Name: name},
		nn.Skip{Body: nn.Chain(nn.Skip{Body: nn.Chain(odd), Name: name}, nn.Act("relu")), Name: name}, nn.Output{Dense: odd},
	)})
	return out
}

func cosine(t *testing.T) nn.Schedule {
	s, err := nn.NewSchedule("cosine", map[string]float64{"start": 0.5, "end": 1e-6})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// What is written as source, in a recipe, is that value when it is run.
func TestSourceOfEveryEntryGivesItBack(t *testing.T) {
	n := &notebook{s: dsl.New(dsl.Options{Version: "test"})}
	for _, want := range everyEntry(t) {
		src := fmt.Sprintf("x = trial(%s, loss=%s, optimizer=%s)", want.net, want.loss, want.optimizer)
		if out := n.run(src); out != "" {
			t.Errorf("%s\n%s", src, out)
			continue
		}
		o := n.s.Trial("x")
		if got := (trained{o.Net, o.Loss, o.Optimizer}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n  is %+v\nwant %+v", src, got, want)
		}
	}
}
