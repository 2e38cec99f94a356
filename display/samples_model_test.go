package display_test

import (
	"math"

	"mlpkernel/display"
)

// modelSamples are the pictures of what happens inside models and in experiments.
var modelSamples = []sample{
	{"gradients", func() (*display.Figure, error) {
		return display.Gradients(display.GradientsData{Runs: []display.GradientRun{gradientRun("sigmoid", 6, 0.2), gradientRun("relu", 6, 0.9)}}, display.Options{})
	}},
	{"gradients_one", func() (*display.Figure, error) {
		return display.Gradients(display.GradientsData{Runs: []display.GradientRun{gradientRun("", 4, 0.3)}}, display.Options{})
	}},
	{"activations", func() (*display.Figure, error) {
		relu := bells(1, 4000, -0.2, 1)
		for i := range relu {
			relu[i] = math.Max(0, relu[i])
		}
		tanh := bells(2, 4000, 0, 2)
		for i := range tanh {
			tanh[i] = math.Tanh(tanh[i])
		}
		return display.Activations(display.ActivationsData{Layers: []display.LayerActivations{
			{Name: "dense_1", Activation: "relu", Values: relu, Units: 64, Dead: 3, Saturated: math.NaN()},
			{Name: "dense_2", Activation: "tanh", Values: tanh, Units: 32, Dead: 0, Saturated: 0.31},
			{Name: "output", Values: bells(3, 500, 1, 2), Units: 1, Saturated: math.NaN()},
		}}, display.Options{})
	}},
	{"schedule", func() (*display.Figure, error) {
		cosine := series(500, func(x float64) float64 { return 0.005 * (1 + math.Cos(math.Pi*x/500)) })
		warm := series(500, func(x float64) float64 { return 0.01 * math.Min(1, x/100) })
		return display.Schedule(display.ScheduleData{Schedules: []display.Series{{Name: "cosine", Y: cosine}, {Name: "warmup", Y: warm}}}, display.Options{})
	}},
	{"learning_rate", func() (*display.Figure, error) {
		d := display.LearningRateData{Suggestion: 0.012, LossName: "cross-entropy"}
		r := noise(1)
		for i := range 100 {
			lr := 1e-6 * math.Pow(10, 7*float64(i)/99)
			y := 0.3 + 0.8/(1+lr/0.003) + math.Pow(lr/0.5, 2)
			d.Rates = append(d.Rates, lr)
			d.Smooth = append(d.Smooth, y)
			d.Loss = append(d.Loss, y+0.06*r.next())
		}
		return display.LearningRate(d, display.Options{})
	}},
	{"line", func() (*display.Figure, error) {
		return display.Line(display.LineData{XLabel: "units", YLabel: "accuracy", LogX: true, Lines: []display.Series{
			{Name: "train", X: []float64{4, 16, 64, 256}, Y: []float64{0.8, 0.9, 0.97, 0.999}},
			{Name: "test", X: []float64{4, 16, 64, 256}, Y: []float64{0.79, 0.88, 0.93, 0.92}},
		}}, display.Options{})
	}},
	{"line_long", func() (*display.Figure, error) {
		r := noise(4)
		y := make([]float64, 200_000)
		at := 0.0
		for i := range y {
			at += r.next()
			y[i] = at
		}
		return display.Line(display.LineData{Lines: []display.Series{{Name: "a random walk", Y: y}}}, display.Options{})
	}},
}

func gradientRun(name string, layers int, factor float64) display.GradientRun {
	d := display.GradientRun{Name: name, Epochs: series(20, func(x float64) float64 { return x + 1 })}
	r := noise(9)
	for l := range layers {
		d.Layers = append(d.Layers, "dense_"+string(rune('1'+l)))
		d.Norm = append(d.Norm, series(20, func(x float64) float64 {
			return 0.02 * math.Pow(factor, float64(layers-1-l)) * math.Exp(-x/15+0.3*r.next())
		}))
	}
	return d
}
