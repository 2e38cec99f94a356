package nn_test

import (
	"strings"
	"testing"

	"mlpkernel/nn"
)

// TestLBFGSRefuses names what would move weights or loss behind its back.
func TestLBFGSRefuses(t *testing.T) {
	for want, c := range map[string]struct {
		net  nn.Network
		clip float64
	}{
		"dropout":   {nn.Chain(nn.Dense{Units: 2}, nn.Dropout{Rate: nn.Constant(0.5)}, nn.Output{}), 0},
		"max_norm=": {nn.Chain(nn.Dense{Units: 2, MaxNorm: 1}, nn.Output{}), 0},
		"clip_norm": {nn.Chain(nn.Dense{Units: 2}, nn.Output{}), 1},
	} {
		p, err := nn.Lower(c.net, nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
		if err != nil {
			t.Fatal(err)
		}
		lbfgs := nn.Optimizer{Name: "lbfgs", LR: nn.Constant(1), History: 10}
		if err := p.CheckOptions(nn.Options{Optimizer: lbfgs, ClipNorm: c.clip}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
		if err := p.CheckOptions(nn.Options{Optimizer: nn.Adam(0.1), ClipNorm: c.clip}); err != nil {
			t.Errorf("%s with adam: %v", want, err)
		}
	}
}
