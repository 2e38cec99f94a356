package nn_test

import (
	"context"
	"fmt"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
)

// Exclusive-or with one hidden layer.
func Example() {
	net := nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("tanh")}, nn.Output{})
	plan, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Binary, Width: 1}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(plan.Notes[0])

	data := &nn.Data{Rows: 4, X: []float32{0, 0, 0, 1, 1, 0, 1, 1}, Y: []float32{0, 1, 1, 0}}
	prog, err := reference.New().Compile(plan, nn.Options{Optimizer: nn.Adam(0.05)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer prog.Close()
	if err := prog.Load([]nn.Replica{{State: plan.NewState(0), Data: data}}); err != nil {
		fmt.Println(err)
		return
	}
	if _, err := prog.Train(context.Background(), nn.Chunk{Epochs: 200}); err != nil {
		fmt.Println(err)
		return
	}
	p, err := prog.Predict(context.Background(), 0, data, nn.Mode{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f\n", p)
	// Output:
	// output: 1 sigmoid, loss binary_cross_entropy, for a two-level target
	// [0.0 1.0 1.0 0.0]
}

// A network that does not fit says where and what to write.
func ExampleLower() {
	net := nn.Chain(nn.Dense{Units: 64}, nn.Skip{Body: nn.Chain(nn.Dense{Units: 32})}, nn.Output{})
	_, err := nn.Lower(net, nn.Spec{Input: nn.Input{Numeric: 4}, Target: nn.Target{Kind: nn.Classes, Width: 3}})
	fmt.Println(err)
	// Output:
	// skip_1: skip adds its input (64) to its block's output (32), and the widths differ; end the block with dense(64) or write skip(…, project=True)
	//     sizes: 4 -> dense_1 64 -> skip_1
}
