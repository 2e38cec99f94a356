package display_test

import (
	"math"

	"mlpkernel/display"
)

// noise is a small deterministic source of numbers in -1…1 (a linear
// congruential generator; Knuth's MMIX constants).
type noise uint64

func (n *noise) next() float64 {
	*n = *n*6364136223846793005 + 1442695040888963407
	return float64(int64(*n)>>11) / (1 << 52)
}

// bell is the sum of four draws, about normal with standard deviation 1.
func (n *noise) bell() float64 {
	return math.Sqrt(3.0/4) * (n.next() + n.next() + n.next() + n.next())
}

func bells(seed uint64, n int, mean, std float64) []float64 {
	r := noise(seed)
	out := make([]float64, n)
	for i := range out {
		out[i] = mean + std*r.bell()
	}
	return out
}

func series(n int, f func(x float64) float64) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = f(float64(i))
	}
	return out
}

type sample struct {
	name string
	make func() (*display.Figure, error)
}

func losses(seed uint64, floor float64) display.Run {
	r := noise(seed)
	return display.Run{
		Train:      series(50, func(x float64) float64 { return floor*0.6 + 0.9*math.Exp(-x/9) + 0.01*r.next() }),
		Validation: series(50, func(x float64) float64 { return floor + 0.85*math.Exp(-x/8) + 0.004*x + 0.02*r.next() }),
	}
}

func named(name string, r display.Run) display.Run { r.Name = name; return r }

// samples are the pictures of the golden test.
var samples = []sample{
	{"loss", func() (*display.Figure, error) {
		return display.Loss(display.LossData{Runs: []display.Run{losses(1, 0.2)}, Loss: "cross-entropy"}, display.Options{})
	}},
	{"loss_models", func() (*display.Figure, error) {
		return display.Loss(display.LossData{Runs: []display.Run{named("sigmoid", losses(1, 0.35)), named("relu", losses(2, 0.18)), named("relu + dropout", losses(3, 0.16))}, Loss: "cross-entropy"}, display.Options{})
	}},
	{"loss_diverged", func() (*display.Figure, error) {
		y := series(20, func(x float64) float64 { return 0.7 * math.Exp(x*x/40) })
		y[18], y[19] = math.NaN(), math.Inf(1)
		return display.Loss(display.LossData{Runs: []display.Run{{Train: y}}, Loss: "mse", Planned: 50}, display.Options{})
	}},
	{"loss_korean", func() (*display.Figure, error) {
		return display.Loss(display.LossData{Runs: []display.Run{named("시그모이드", losses(1, 0.35)), named("ReLU 활성화", losses(2, 0.18))}, Loss: "교차 엔트로피"}, display.Options{Title: "학습 곡선: sigmoid와 ReLU의 비교"})
	}},
	{"metric", func() (*display.Figure, error) {
		r := losses(4, 0.1)
		for i := range r.Train {
			r.Train[i], r.Validation[i] = 1-r.Train[i]/2.2, 1-r.Validation[i]/2
		}
		return display.Metric(display.MetricData{Runs: []display.Run{r}, Metric: "accuracy"}, display.Options{})
	}},
}
