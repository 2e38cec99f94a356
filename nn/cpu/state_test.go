package cpu_test

import (
	"context"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// TestStateStays: what a state was taken from may go on, before somebody asks for
// the optimiser's memory or after, and so may others from the state.
func TestStateStays(t *testing.T) {
	plan, err := nn.Lower(nn.Chain(nn.Dense{Units: 5, Activation: nn.Act("tanh")}, nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 3}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
	if err != nil {
		t.Fatal(err)
	}
	data := parity.Rows(plan, 40, 1)
	train := func(from nn.State, steps int) (nn.Program, nn.State) {
		p, err := cpu.New().Compile(plan, nn.Options{Optimizer: nn.Adam(0.01), BatchSize: 8})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { p.Close() })
		if err := p.Load([]nn.Replica{{State: from, Data: data}}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Train(context.Background(), nn.Chunk{Steps: steps, Horizon: 20}); err != nil {
			t.Fatal(err)
		}
		return p, p.State(0)
	}
	_, want := train(plan.NewState(1), 7)
	_, end := train(want, 5)
	for _, early := range []bool{true, false} {
		p, got := train(plan.NewState(1), 7)
		before := ""
		if early {
			before = parity.Bits(got)
		}
		if _, err := p.Train(context.Background(), nn.Chunk{Steps: 5, Horizon: 20}); err != nil {
			t.Fatal(err)
		}
		after := p.State(0)
		if parity.Bits(got) != parity.Bits(want) || early && before != parity.Bits(want) {
			t.Errorf("asked early: %v: the state changed with the training that went on", early)
		}
		if _, again := train(got, 5); parity.Bits(after) != parity.Bits(end) || parity.Bits(again) != parity.Bits(end) || parity.Bits(got) != parity.Bits(want) {
			t.Errorf("asked early: %v: going on gives other numbers", early)
		}
	}
}
