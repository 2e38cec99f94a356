package reference_test

import (
	"context"
	"math"
	"testing"

	"mlpkernel/nn"
)

// TestGradientOverDepth: through ten layers the gradient of sigmoid fades, and
// that of relu with its initialiser does not.
func TestGradientOverDepth(t *testing.T) {
	ratio := func(act string) float64 {
		ten, err := nn.Repeat(10, nn.Dense{Units: 64, Activation: nn.Act(act)})
		if err != nil {
			t.Fatal(err)
		}
		p := lower(t, nn.Chain(ten, nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 64}, Target: nn.Target{Kind: nn.Binary, Width: 1}})
		d := rows(p, 64, 1)
		r := load(t, p, nn.Options{}, nn.Replica{State: p.NewState(1), Data: d})
		_, g, err := r.Gradient(context.Background(), 0, d, nn.Mode{})
		if err != nil {
			t.Fatal(err)
		}
		size := func(name string) float64 {
			b, _ := p.Block(name)
			var sum float64
			for _, v := range b.Of(g) {
				sum += v * v
			}
			return math.Sqrt(sum)
		}
		return size("dense_1.W") / size("dense_10.W")
	}
	if q := ratio("sigmoid"); !(q < 1e-4) {
		t.Errorf("sigmoid: first over last layer %.3g, want below 1e-4", q)
	}
	if q := ratio("relu"); !(q > 0.1 && q < 10) {
		t.Errorf("relu: first over last layer %.3g, want 0.1 to 10", q)
	}
}
