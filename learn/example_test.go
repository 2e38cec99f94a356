package learn_test

import (
	"context"
	"fmt"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

func ExampleFit() {
	ctx := context.Background()
	penguins, _ := table.Dataset("penguins", table.DatasetOptions{})
	train, _, test, _ := table.Split(penguins, table.SplitOptions{Test: 0.25, Stratify: "species", Seed: 1})
	m, err := learn.Fit(ctx, learn.Options{
		Net:  nn.Chain(nn.Dense{Units: 64, Activation: nn.Act("relu")}, nn.Output{}),
		Data: train, Target: []string{"species"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	e, _ := m.Evaluate(ctx, test)
	accuracy, _ := e.Get("accuracy")
	fmt.Printf("%.2f of the test rows are right\n", accuracy)
	fmt.Println(m.Diagram())
	// Output:
	// 0.99 of the test rows are right
	// input 14 -> dense_1 64 (relu) -> output 3 (softmax)
}
