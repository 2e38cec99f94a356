package gpu

import (
	"testing"

	"mlpkernel/nn"
)

// TestCost asserts that the cost model ranks trainings as they are: tiny ones on
// the processor, large ones and many replicas on a GPU of 132 multiprocessors.
func TestCost(t *testing.T) {
	for _, c := range []struct {
		widths         []int
		rows, replicas int
		tier           Tier
		gpu            bool // a step is expected to be faster there than on 16 cores
	}{
		{[]int{2, 8, 1}, 4, 1, Block, false},
		{[]int{54, 256, 256, 7}, 1024, 1, Grid, true},
		{[]int{784, 512, 512, 10}, 128, 1, Grid, true},
		{[]int{2048, 4096, 4096, 1000}, 4096, 1, Graph, true},
		{[]int{30, 64, 64, 2}, 32, 1, Block, false},
		{[]int{30, 64, 64, 2}, 32, 128, Block, true},
	} {
		var layers []nn.Part
		for _, w := range c.widths[1 : len(c.widths)-1] {
			layers = append(layers, nn.Dense{Units: w, Activation: nn.Act("relu")})
		}
		p, err := nn.Lower(nn.Chain(append(layers, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: c.widths[0]}, Target: nn.Target{Kind: nn.Numbers, Width: c.widths[len(c.widths)-1]}})
		if err != nil {
			t.Fatal(err)
		}
		here, there := gpuStep(c.tier, p, c.rows, c.replicas, 132), processorTime(p, c.rows, c.replicas, 16)
		if (here < there) != c.gpu {
			t.Errorf("%v, batch %d, %d replicas: %.3g s on the GPU, %.3g s on the processor", c.widths, c.rows, c.replicas, here, there)
		}
	}
}
