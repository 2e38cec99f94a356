package main

import (
	"context"
	"fmt"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/table"
)

// fashionMNIST trains 784-256-128-100-10 (the network that the data set's own
// page lists with 88.33 %), plain and with dropout and max-norm, and scores the 10,000
// test rows.
func fashionMNIST(ctx context.Context) error {
	train, err := table.Dataset("fashion_mnist", table.DatasetOptions{})
	if err != nil {
		return err
	}
	test, err := table.Dataset("fashion_mnist", table.DatasetOptions{Part: "test"})
	if err != nil {
		return err
	}
	nets := []struct {
		name     string
		dropout  float64
		norm     float64
		epochs   int
		schedule string
	}{
		{"plain", 0, 0, 15, "constant"}, {"dropout and max-norm", 0.2, 3, 30, "cosine"},
	}
	fmt.Println("| Fashion-MNIST, 256-128-100 relu | epochs | test accuracy |\n|---|---|---|")
	for _, n := range nets {
		var layers []nn.Part
		for _, units := range []int{256, 128, 100} {
			layers = append(layers, nn.Dense{Units: units, Activation: nn.Act("relu"), MaxNorm: n.norm})
			if n.dropout > 0 {
				layers = append(layers, nn.Dropout{Rate: nn.Constant(n.dropout)})
			}
		}
		optimizer := nn.Adam(1e-3)
		if n.schedule == "cosine" {
			if optimizer.LR, err = nn.NewSchedule("cosine", map[string]float64{"start": 1e-3}); err != nil {
				return err
			}
		}
		m, err := learn.Fit(ctx, learn.Options{
			Net: nn.Chain(append(layers, nn.Output{})...), Data: train, Target: []string{"label"}, Epochs: new(n.epochs), BatchSize: new(128),
			Optimizer: optimizer, Backends: []nn.Backend{cpu.New()}, Record: []string{"none"},
		})
		if err != nil {
			return err
		}
		e, err := m.Evaluate(ctx, test)
		if err != nil {
			return err
		}
		accuracy, err := e.Get("accuracy")
		if err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %.2f %% |\n", n.name, n.epochs, 100*accuracy)
	}
	return nil
}
