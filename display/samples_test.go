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
	{"loss_long", func() (*display.Figure, error) {
		r := display.Run{Train: bells(1, 5000, 0, 0.3), Validation: make([]float64, 5000)}
		for i, x := range r.Train {
			fall := 1 / (1 + float64(i)/200)
			r.Train[i], r.Validation[i] = fall*math.Exp(x), 0.05+fall
		}
		return display.Loss(display.LossData{Runs: []display.Run{r}, Loss: "cross-entropy"}, display.Options{})
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
	{"weights", func() (*display.Figure, error) {
		return display.Weights(display.WeightsData{Layers: []display.LayerWeights{
			{Name: "dense_1 (64 relu)", Weights: bells(1, 640, 0, 0.3), Biases: bells(2, 64, 0.05, 0.1)},
			{Name: "dense_2 (64 relu)", Weights: bells(3, 4096, 0.01, 0.18), Biases: bells(4, 64, 0.1, 0.1)},
			{Name: "output (3 softmax)", Weights: bells(5, 192, 0, 0.5), Biases: bells(6, 3, 0, 0.1)},
		}}, display.Options{})
	}},
	{"weights_over_time", func() (*display.Figure, error) {
		layer := func(name string, seed uint64, grow float64) display.LayerHistory {
			l := display.LayerHistory{Name: name}
			for e := 0; e <= 50; e += 2 {
				std := 0.1 + grow*(1-math.Exp(-float64(e)/15))
				l.Epochs = append(l.Epochs, float64(e))
				l.At = append(l.At, display.Count(append(bells(seed, 3000, 0, std), -1.5, 1.5), 64))
			}
			return l
		}
		return display.WeightsOverTime(display.WeightsOverTimeData{Layers: []display.LayerHistory{layer("dense_1", 1, 0.1), layer("dense_2", 2, 0.25), layer("output", 3, 0.4)}}, display.Options{})
	}},
	{"weights_over_time_uneven", func() (*display.Figure, error) {
		l := display.LayerHistory{Name: "dense_1"}
		for _, e := range []float64{0, 5, 10, 15, 56, 200} {
			l.Epochs, l.At = append(l.Epochs, e), append(l.At, display.Count(bells(1, 3000, 0, 0.1+e/400), 64))
		}
		return display.WeightsOverTime(display.WeightsOverTimeData{Layers: []display.LayerHistory{l}}, display.Options{})
	}},
	{"network", func() (*display.Figure, error) { return display.Network(network(4, 8, 6, 3), display.Options{}) }},
	{"network_wide", func() (*display.Figure, error) {
		d := network(16, 256, 128, 10)
		d.Layers[1].Skip = 1
		d.Weights = nil
		return display.Network(d, display.Options{})
	}},
	{"network_unknown", func() (*display.Figure, error) {
		return display.Network(display.NetworkData{Layers: []display.NetworkLayer{{Name: "input", Note: "from the data"}, {Name: "dense_1", Note: "64 relu", Units: 64}, {Name: "dropout_1", Note: "drop 0.3", Units: 64}, {Name: "output", Note: "from the target"}}}, display.Options{})
	}},
	{"dropout", func() (*display.Figure, error) {
		return display.Dropout(display.DropoutData{Network: network(4, 8, 8, 3), Masks: masks(1, 4, 8, 8, 3)}, display.Options{})
	}},
	{"dropout_ensemble", func() (*display.Figure, error) {
		d := display.DropoutData{Network: network(4, 8, 8, 3), Masks: masks(6, 4, 8, 8, 3), Classes: []string{"Adelie", "Chinstrap", "Gentoo"}, Question: "What each says about row 17"}
		for _, p := range []float64{0.7, 0.55, 0.91, 0.3, 0.66, 0.8} {
			d.Says = append(d.Says, []float64{p, (1 - p) * 0.8, (1 - p) * 0.2})
		}
		d.Whole = []float64{0.69, 0.25, 0.06}
		return display.DropoutEnsemble(d, display.Options{})
	}},
	{"dropout_ensemble_number", func() (*display.Figure, error) {
		d := display.DropoutData{Network: network(6, 24, 16, 1), Masks: masks(8, 6, 24, 16, 1), Question: "Predicted body mass of row 3, g"}
		for _, y := range []float64{3700, 3820, 4010, 3900, 3650, 3777, 4100, 3888} {
			d.Says = append(d.Says, []float64{y})
		}
		return display.DropoutEnsemble(d, display.Options{})
	}},
	{"boundary", func() (*display.Figure, error) {
		return display.Boundary(moons(true), display.Options{})
	}},
	{"boundary_units", func() (*display.Figure, error) {
		d := moons(true)
		for u := range 8 {
			a := float64(u)
			d.Units = append(d.Units, display.UnitMap{Layer: "dense_1", Name: "unit " + string(rune('1'+u)), Z: surface(d.X, d.Y, func(x, y float64) float64 {
				return math.Max(0, math.Cos(a)*x+math.Sin(a)*y+0.3)
			})})
		}
		return display.Boundary(d, display.Options{})
	}},
	{"boundary_classes", func() (*display.Figure, error) {
		d := moons(false)
		d.Classes = []string{"Adelie", "Chinstrap", "Gentoo"}
		d.Target, d.XLabel, d.YLabel = "species", "bill length, mm", "bill depth, mm"
		for c := range 3 {
			cx, cy := math.Cos(2.1*float64(c)), math.Sin(2.1*float64(c))
			d.Z = append(d.Z, surface(d.X, d.Y, func(x, y float64) float64 {
				return 1 / (1 + 4*((x-cx)*(x-cx)+(y-cy)*(y-cy)))
			}))
		}
		for i := range d.PointClass {
			d.PointClass[i] = i % 3
			d.PointX[i] = math.Cos(2.1*float64(i%3)) + 0.3*bells(uint64(i), 1, 0, 1)[0]
			d.PointY[i] = math.Sin(2.1*float64(i%3)) + 0.3*bells(uint64(i+500), 1, 0, 1)[0]
		}
		return display.Boundary(d, display.Options{})
	}},
	{"boundary_number", func() (*display.Figure, error) {
		d := moons(false)
		d.PointClass = nil
		d.Z = [][][]float64{surface(d.X, d.Y, func(x, y float64) float64 { return 30 * math.Sin(2*x) * math.Cos(y) })}
		d.Target = "temperature, °C"
		for i := range d.PointX {
			d.PointValue = append(d.PointValue, 30*math.Sin(2*d.PointX[i])*math.Cos(d.PointY[i]))
		}
		return display.Boundary(d, display.Options{})
	}},
}

func masks(n int, sizes ...int) []display.Mask {
	r := noise(11)
	out := make([]display.Mask, n)
	for i := range out {
		m := make(display.Mask, len(sizes))
		for l := 1; l < len(sizes)-1; l++ {
			m[l] = make([]bool, sizes[l])
			for u := range m[l] {
				m[l][u] = r.next() > 0
			}
		}
		out[i] = m
	}
	return out
}

// network has random weights between layers of the sizes.
func network(sizes ...int) display.NetworkData {
	var d display.NetworkData
	r := noise(7)
	for i, n := range sizes {
		l := display.NetworkLayer{Name: "dense_" + string(rune('0'+i)), Note: "relu", Units: n}
		switch i {
		case 0:
			l.Name, l.Note = "input", "features"
			for k := range n {
				l.Labels = append(l.Labels, "feature_"+string(rune('a'+k)))
			}
		case len(sizes) - 1:
			l.Name, l.Note = "output", "softmax"
			for k := range n {
				l.Labels = append(l.Labels, "class "+string(rune('A'+k)))
			}
		}
		d.Layers = append(d.Layers, l)
		if i == 0 {
			continue
		}
		w := make([][]float64, n)
		for to := range w {
			w[to] = make([]float64, sizes[i-1])
			for from := range w[to] {
				w[to][from] = r.bell()
			}
		}
		d.Weights = append(d.Weights, w)
		d.Parameters += n * (sizes[i-1] + 1)
	}
	return d
}

func surface(xs, ys []float64, f func(x, y float64) float64) [][]float64 {
	out := make([][]float64, len(ys))
	for i, y := range ys {
		for _, x := range xs {
			out[i] = append(out[i], f(x, y))
		}
	}
	return out
}

// moons is two half circles, and with a surface the probability of the second.
func moons(withSurface bool) display.BoundaryData {
	r := noise(5)
	d := display.BoundaryData{XLabel: "x1", YLabel: "x2"}
	for i := range 60 {
		d.X = append(d.X, -2+float64(i)*4/59)
		d.Y = append(d.Y, -2+float64(i)*4/59)
	}
	for i := range 160 {
		a := math.Pi * float64(i) / 160
		d.PointClass = append(d.PointClass, i%2)
		x, y := math.Cos(a), math.Sin(a)
		if i%2 == 1 {
			x, y = 1-x, 0.5-y
		}
		d.PointX = append(d.PointX, x-0.5+0.12*r.bell())
		d.PointY = append(d.PointY, y-0.25+0.12*r.bell())
	}
	if withSurface {
		d.Classes, d.Target = []string{"no", "yes"}, "y"
		d.Z = [][][]float64{surface(d.X, d.Y, func(x, y float64) float64 {
			return 1 / (1 + math.Exp(5*(y-0.5*math.Sin(3*x)))) // a wave
		})}
	}
	return d
}
