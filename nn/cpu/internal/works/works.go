// Package works lists the trainings that the CPU backend is measured by.
package works

import (
	"context"
	"fmt"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// Work is a training, or a prediction with its net.
type Work struct {
	Name  string  `json:"name"`
	Sizes []int   `json:"sizes"` // inputs, hidden units, outputs
	Act   string  `json:"act"`   // of the hidden layers
	Loss  string  `json:"loss"`  // "bce": one yes or no; "ce": classes
	Drop  float64 `json:"drop"`  // behind each hidden layer
	Opt   string  `json:"opt"`   // sgd, adam, adamw
	LR    float64 `json:"lr"`
	Mom   float64 `json:"mom"`
	WD    float64 `json:"wd"` // adam: l2 penalty; adamw: decoupled
	Rows  int     `json:"rows"`
	Batch int     `json:"batch"`
	Steps int     `json:"steps"` // of one measurement
	Infer int     `json:"infer"` // rows of a prediction; 0: a training
}

var (
	w4 = Work{Name: "W4", Sizes: []int{54, 256, 256, 7}, Act: "relu", Loss: "ce", Drop: 0.1, Opt: "adamw", LR: 1e-3, WD: 1e-2, Rows: 20000, Batch: 256, Steps: 150}
	w5 = Work{Name: "W5", Sizes: []int{784, 512, 512, 10}, Act: "relu", Loss: "ce", Drop: 0.5, Opt: "sgd", LR: 0.05, Mom: 0.9, Rows: 20000, Batch: 128, Steps: 60}
)

// All lists them: from exclusive or to layers of a few million weights.
func All() []Work {
	return []Work{
		{Name: "W1", Sizes: []int{2, 8, 1}, Act: "tanh", Loss: "bce", Opt: "sgd", LR: 0.5, Rows: 4, Batch: 4, Steps: 2000},
		{Name: "W1adam", Sizes: []int{2, 8, 1}, Act: "tanh", Loss: "bce", Opt: "adam", LR: 0.01, Rows: 4, Batch: 4, Steps: 2000},
		{Name: "W2", Sizes: []int{4, 16, 16, 3}, Act: "relu", Loss: "ce", Opt: "adam", LR: 0.01, Rows: 120, Batch: 16, Steps: 800},
		{Name: "W3", Sizes: []int{30, 64, 64, 2}, Act: "relu", Loss: "ce", Drop: 0.2, Opt: "adam", LR: 1e-3, WD: 1e-4, Rows: 455, Batch: 32, Steps: 750},
		w4, w4.without(),
		w5, w5.without(),
		{Name: "W6", Sizes: []int{1024, 2048, 2048, 1000}, Act: "relu", Loss: "ce", Opt: "sgd", LR: 0.01, Rows: 2048, Batch: 512, Steps: 4},
		w4.predict(1, 2000), w4.predict(4096, 20), w5.predict(1, 1000), w5.predict(4096, 6),
	}
}

// without is the same without dropout.
func (w Work) without() Work {
	w.Name, w.Drop = w.Name+"nodrop", 0
	return w
}

// predict is prediction of so many rows.
func (w Work) predict(rows, calls int) Work {
	w.Name, w.Infer, w.Steps, w.Rows = fmt.Sprintf("%spredict%d", w.Name, rows), rows, calls, max(rows, w.Batch)
	return w
}

// Runner gives a function that makes so many steps, or predictions.
func (w Work) Runner(threads int) (func(steps int) error, error) {
	plan, err := w.plan()
	if err != nil {
		return nil, err
	}
	p, err := cpu.New().Compile(plan, nn.Options{Optimizer: w.optimizer(), BatchSize: w.Batch, Threads: threads})
	if err != nil {
		return nil, err
	}
	data := parity.Rows(plan, w.Rows, 1)
	if err := p.Load([]nn.Replica{{State: plan.NewState(1), Data: data}}); err != nil {
		return nil, err
	}
	ctx := context.Background()
	if w.Infer == 0 {
		return func(steps int) error {
			_, err := p.Train(ctx, nn.Chunk{Steps: steps})
			return err
		}, nil
	}
	some := &nn.Data{Rows: w.Infer, X: data.X[:w.Infer*w.Sizes[0]]}
	return func(steps int) error {
		for range steps {
			if _, err := p.Predict(ctx, 0, some, nn.Mode{}); err != nil {
				return err
			}
		}
		return nil
	}, nil
}

func (w Work) plan() (*nn.Plan, error) {
	var parts []nn.Part
	last := len(w.Sizes) - 1
	for _, h := range w.Sizes[1:last] {
		parts = append(parts, nn.Dense{Units: h, Activation: nn.Act(w.Act)})
		if w.Drop > 0 {
			parts = append(parts, nn.Dropout{Rate: nn.Constant(w.Drop)})
		}
	}
	s := nn.Spec{Input: nn.Input{Numeric: w.Sizes[0]}, Target: nn.Target{Kind: nn.Classes, Width: w.Sizes[last]}}
	if w.Loss == "bce" {
		s.Target.Kind = nn.Binary
	}
	if w.Opt == "adam" {
		s.Penalty = nn.Penalty{L2: w.WD}
	}
	return nn.Lower(nn.Chain(append(parts, nn.Output{})...), s)
}

func (w Work) optimizer() nn.Optimizer {
	o := nn.Optimizer{Name: w.Opt, LR: nn.Constant(w.LR), Momentum: w.Mom}
	if w.Opt != "sgd" {
		o.Beta1, o.Beta2, o.Eps = 0.9, 0.999, 1e-8
	}
	if w.Opt == "adamw" {
		o.WeightDecay = nn.Constant(w.WD)
	}
	return o
}
