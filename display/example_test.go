package display_test

import (
	"fmt"

	"mlpkernel/display"
)

// A picture says in words what it shows.
func ExampleLoss() {
	f, err := display.Loss(display.LossData{
		Runs: []display.Run{{Train: []float64{0.9, 0.5, 0.3, 0.2}, Validation: []float64{0.95, 0.6, 0.5, 0.55}}},
		Loss: "cross-entropy",
	}, display.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Text())
	// Output:
	// Cross-entropy by epoch.
	// 4 epochs, training 0.900 → 0.200, validation 0.950 → 0.550; best epoch 3 (0.500).
}

func ExampleConfusion() {
	f, err := display.Confusion(display.ConfusionData{
		Classes: []string{"no", "yes"},
		Counts:  [][]float64{{48, 2}, {5, 45}},
		Target:  "income > 50k",
	}, display.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Text())
	// Output:
	// Confusion matrix of income > 50k: 93 of 100 rows right (93 %).
	// true \ predicted  no  yes
	// ────────────────  ──  ───
	// no                48    2
	// yes                5   45
}

func ExampleGradients() {
	f, err := display.Gradients(display.GradientsData{Runs: []display.GradientRun{{
		Layers: []string{"dense_1", "dense_2", "output"},
		Epochs: []float64{1, 2},
		Norm:   [][]float64{{2e-6, 1e-6}, {1e-4, 1e-4}, {0.01, 0.02}},
	}}}, display.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Text())
	// Output:
	// Mean |gradient| by layer, geometric mean over the epochs.
	// dense_1 1.41e−6, dense_2 1e−4, output 0.0141. The first layer's is 1e−4 times the last one's: the gradient vanishes on its way back.
}

func ExampleSweep() {
	f, err := display.Sweep(display.SweepData{
		Axes:   []display.SweepAxis{{Name: "p", Values: []string{"0", "0.5"}}},
		At:     [][]int{{0}, {1}},
		Score:  []float64{0.91, 0.94},
		Spread: []float64{0.02, 0.01},
		Metric: "accuracy",
	}, display.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(f.Text())
	// Output:
	// accuracy by p, 2 trials.
	// Best: p = 0.5 with accuracy 0.940 ± 0.01.
	// p = 0.5: accuracy 0.940 ± 0.01
	// p = 0: accuracy 0.910 ± 0.02
}

// The numbers behind a picture are a table.
func ExampleFigure_Data() {
	f, err := display.Box(display.BoxData{
		Groups: []display.Group{{Name: "a", Values: []float64{1, 2, 3, 4, 5}}, {Name: "b", Values: []float64{2, 2, 2, 9}}},
		By:     "group",
	}, display.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range f.Data().Columns {
		fmt.Println(c.Name, c.Strings, c.Numbers)
	}
	// Output:
	// group [a b] []
	// n [] [5 4]
	// whisker_low [] [1 2]
	// q1 [] [2 2]
	// median [] [3 2]
	// q3 [] [4 3.75]
	// whisker_high [] [5 3.75]
	// outside [] [0 1]
}
