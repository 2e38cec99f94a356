package display_test

import (
	"fmt"
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
	{"importance", func() (*display.Figure, error) {
		return display.Importance(display.ImportanceData{Features: []string{"age", "hours_per_week", "education_num", "capital_gain", "sex = male", "fnlwgt"}, Value: []float64{0.04, 0.021, 0.035, 0.062, 0.008, -0.001}, Spread: []float64{0.004, 0.003, 0.002, 0.006, 0.002, 0.001}, Measure: "drop in accuracy when shuffled"}, display.Options{})
	}},
	{"dependence", func() (*display.Figure, error) {
		d := display.DependenceData{Feature: "age", Target: "P(income > 50k)", X: series(40, func(x float64) float64 { return 17 + 1.8*x })}
		curve := func(shift float64) []float64 {
			return series(40, func(x float64) float64 { return 1 / (1 + math.Exp(-(x/6 - 2 + shift))) })
		}
		d.Mean = curve(-0.5)
		for _, s := range bells(1, 40, -0.5, 1.5) {
			d.Rows = append(d.Rows, curve(s))
		}
		d.Rug = bells(2, 200, 40, 12)
		return display.Dependence(d, display.Options{})
	}},
	{"dependence_levels", func() (*display.Figure, error) {
		return display.Dependence(display.DependenceData{Feature: "island", Target: "body mass, g", Levels: []string{"Biscoe", "Dream", "Torgersen"}, X: []float64{0, 1, 2}, Mean: []float64{4700, 3720, 3710}}, display.Options{})
	}},
	{"dependence_many", func() (*display.Figure, error) {
		d := display.DependenceData{Feature: "state", Target: "damage", X: series(30, func(x float64) float64 { return x }), Mean: series(30, math.Sin)}
		for i := range d.X {
			d.Levels = append(d.Levels, fmt.Sprintf("North state %d", i+1))
		}
		d.Rows = [][]float64{series(30, math.Cos)}
		d.Different, d.Averaged, d.Total = 225, 200, 10_000
		return display.Dependence(d, display.Options{})
	}},
	{"learning_curve", func() (*display.Figure, error) {
		x := []float64{50, 100, 200, 400, 800, 1600}
		return display.LearningCurve(display.LearningCurveData{Metric: "accuracy", Log: true, Bands: []display.Band{
			{Name: "training", X: x, Mean: []float64{1, 0.99, 0.98, 0.97, 0.965, 0.96}, Spread: []float64{0.002, 0.004, 0.004, 0.004, 0.003, 0.003}},
			{Name: "validation", X: x, Mean: []float64{0.78, 0.83, 0.88, 0.91, 0.925, 0.935}, Spread: []float64{0.05, 0.03, 0.02, 0.014, 0.01, 0.007}},
		}}, display.Options{})
	}},
	{"sweep_line", func() (*display.Figure, error) { return display.Sweep(sweep(5), display.Options{}) }},
	{"sweep", func() (*display.Figure, error) { return display.Sweep(sweep(4, 3), display.Options{}) }},
	{"sweep_three", func() (*display.Figure, error) { return display.Sweep(sweep(4, 3, 3), display.Options{}) }},
	{"sweep_many", func() (*display.Figure, error) { return display.Sweep(sweep(3, 2, 3, 2), display.Options{}) }},
	{"health", func() (*display.Figure, error) {
		return display.Health(display.HealthData{Layers: []display.LayerHealth{
			{Name: "dense_1", Units: 64, Dead: 23, Saturated: math.NaN(), Ratio: 2e-5, Gradient: 3e-7},
			{Name: "dense_2", Units: 64, Dead: 5, Saturated: 0.2, Ratio: 8e-4, Gradient: 2e-5},
			{Name: "output", Units: 3, Dead: 0, Saturated: 0.02, Ratio: 2e-3, Gradient: 4e-3},
		}, Findings: []string{"dense_1: 36 % of the units never answer; try leaky_relu or a smaller rate.", "The gradient at dense_1 is 13,000 times smaller than at output: it vanishes."}}, display.Options{})
	}},
	{"coadaptation", func() (*display.Figure, error) {
		var d display.CoadaptationData
		for k, name := range []string{"plain", "dropout(0.5)"} {
			m := display.UnitMatrix{Name: name}
			r := noise(uint64(k + 1))
			for i := range 32 {
				m.M = append(m.M, series(32, func(x float64) float64 {
					if int(x) == i {
						return 1
					}
					return (0.9 - 0.6*float64(k)) * math.Sin(float64(i)*0.7) * math.Sin(x*0.7) * (1 + 0.1*r.next())
				}))
			}
			d.Models = append(d.Models, m)
		}
		d.Layer = "dense_1"
		return display.Coadaptation(d, display.Options{})
	}},
}

func sweep(sizes ...int) display.SweepData {
	names := []string{"dropout", "lr", "units", "layers"}
	d := display.SweepData{Metric: "accuracy", At: [][]int{nil}}
	for a, n := range sizes {
		axis := display.SweepAxis{Name: names[a]}
		var at [][]int
		for i := range n {
			axis.Values = append(axis.Values, []string{"0", "0.001", "0.01", "0.1", "0.5"}[i])
			for _, t := range d.At {
				at = append(at, append(append([]int{}, t...), i))
			}
		}
		d.Axes, d.At = append(d.Axes, axis), at
	}
	r := noise(7)
	for t := range d.At {
		d.Score = append(d.Score, 0.85+0.03*float64(d.At[t][0])-0.01*float64(d.At[t][0]*d.At[t][0])+0.02*r.next())
		d.Spread = append(d.Spread, 0.01+0.004*r.next())
	}
	d.Score[1] = math.NaN()
	return d
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
