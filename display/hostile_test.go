package display_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"mlpkernel/display"
)

// hostile are values that pictures must survive.
var hostile = map[string][]float64{
	"nothing":    nil,
	"one":        {3},
	"NaN":        {math.NaN()},
	"all NaN":    {math.NaN(), math.NaN(), math.NaN()},
	"infinite":   {math.Inf(1), math.Inf(-1), 1, 2},
	"constant":   {5, 5, 5, 5},
	"zero":       {0, 0, 0},
	"huge":       {1e308, -1e308, 1e307},
	"tiny":       {5e-324, 1e-320, 2e-310},
	"close":      {1, 1 + 1e-15, 1 + 2e-15},
	"gap":        {1, math.NaN(), 2, math.Inf(1), 3},
	"minus zero": {math.Copysign(0, -1), 1},
}

// hostilePictures draw values in every place where a picture takes numbers.
var hostilePictures = map[string]func(xs []float64) (*display.Figure, error){
	"loss": func(xs []float64) (*display.Figure, error) {
		return display.Loss(display.LossData{Runs: []display.Run{{Train: xs, Validation: xs}}, Log: "yes"}, display.Options{})
	},
	"metric": func(xs []float64) (*display.Figure, error) {
		return display.Metric(display.MetricData{Runs: []display.Run{{Name: "a", Train: xs}, {Name: "b", Validation: xs}}}, display.Options{})
	},
	"weights": func(xs []float64) (*display.Figure, error) {
		return display.Weights(display.WeightsData{Layers: []display.LayerWeights{{Name: "a", Weights: xs, Biases: xs}}}, display.Options{})
	},
	"function": func(xs []float64) (*display.Figure, error) {
		return display.Function(display.FunctionData{Curves: []display.Series{{Name: "f", X: xs, Y: xs}}}, display.Options{})
	},
	"line": func(xs []float64) (*display.Figure, error) {
		return display.Line(display.LineData{Lines: []display.Series{{X: xs, Y: xs}}, LogX: true, LogY: true}, display.Options{})
	},
	"schedule": func(xs []float64) (*display.Figure, error) {
		return display.Schedule(display.ScheduleData{Schedules: []display.Series{{Name: "s", Y: xs}}}, display.Options{})
	},
	"scatter": func(xs []float64) (*display.Figure, error) {
		return display.Scatter(display.ScatterData{X: xs, Y: xs, Value: xs}, display.Options{})
	},
	"scatter_log": func(xs []float64) (*display.Figure, error) {
		return display.Scatter(display.ScatterData{X: xs, Y: xs, LogX: true, LogY: true}, display.Options{})
	},
	"hist": func(xs []float64) (*display.Figure, error) {
		return display.Hist(display.HistData{Groups: []display.Group{{Name: "a", Values: xs}, {Name: "b"}}}, display.Options{})
	},
	"hist_times": func(xs []float64) (*display.Figure, error) {
		return display.Hist(display.HistData{Groups: []display.Group{{Values: xs}}, Times: true}, display.Options{})
	},
	"line_times": func(xs []float64) (*display.Figure, error) {
		return display.Line(display.LineData{Lines: []display.Series{{X: xs, Y: xs}}, TimesX: true}, display.Options{})
	},
	"box": func(xs []float64) (*display.Figure, error) {
		return display.Box(display.BoxData{Groups: []display.Group{{Name: "a", Values: xs}, {Name: "b"}}}, display.Options{})
	},
	"bar": func(xs []float64) (*display.Figure, error) {
		return display.Bar(display.BarData{Labels: make([]string, len(xs)), Groups: []display.Group{{Values: xs}}, Spread: [][]float64{xs}, Sort: true}, display.Options{})
	},
	"importance": func(xs []float64) (*display.Figure, error) {
		return display.Importance(display.ImportanceData{Features: make([]string, len(xs)), Value: xs, Spread: xs}, display.Options{})
	},
	"residuals": func(xs []float64) (*display.Figure, error) {
		return display.Residuals(display.ResidualsData{Actual: xs, Predicted: slices.Repeat([]float64{1}, len(xs))}, display.Options{})
	},
	"roc": func(xs []float64) (*display.Figure, error) {
		return display.ROC(display.RateCurvesData{Curves: []display.RateCurve{{X: xs, Y: xs, Area: math.NaN(), Base: math.NaN()}}}, display.Options{})
	},
	"precision_recall": func(xs []float64) (*display.Figure, error) {
		return display.PrecisionRecall(display.RateCurvesData{Curves: []display.RateCurve{{X: xs, Y: xs, Area: math.Inf(1), Base: math.Inf(1)}}}, display.Options{})
	},
	"calibration": func(xs []float64) (*display.Figure, error) {
		return display.Calibration(display.CalibrationData{Curves: []display.CalibrationCurve{{Predicted: xs, Observed: xs, Count: xs, Error: math.NaN()}}}, display.Options{})
	},
	"learning_rate": func(xs []float64) (*display.Figure, error) {
		rates := make([]float64, len(xs))
		for i := range rates {
			rates[i] = math.Pow(10, float64(i-5))
		}
		return display.LearningRate(display.LearningRateData{Rates: rates, Loss: xs, Suggestion: math.Inf(1)}, display.Options{})
	},
	"learning_curve": func(xs []float64) (*display.Figure, error) {
		return display.LearningCurve(display.LearningCurveData{Bands: []display.Band{{X: xs, Mean: xs, Spread: xs}}, Log: true}, display.Options{})
	},
	"dependence": func(xs []float64) (*display.Figure, error) {
		return display.Dependence(display.DependenceData{X: xs, Mean: xs, Rows: [][]float64{xs}, Rug: xs}, display.Options{})
	},
	"gradients": func(xs []float64) (*display.Figure, error) {
		return display.Gradients(display.GradientsData{Runs: []display.GradientRun{{Layers: []string{"a", "b"}, Epochs: xs, Norm: [][]float64{xs, xs}}}}, display.Options{})
	},
	"activations": func(xs []float64) (*display.Figure, error) {
		return display.Activations(display.ActivationsData{Layers: []display.LayerActivations{{Name: "a", Activation: "relu", Values: xs, Units: 2, Dead: 2, Saturated: math.Inf(1)}}}, display.Options{})
	},
	"health": func(xs []float64) (*display.Figure, error) {
		var d display.HealthData
		for _, x := range xs {
			d.Layers = append(d.Layers, display.LayerHealth{Saturated: x, Ratio: x, Gradient: x})
		}
		return display.Health(d, display.Options{})
	},
	"sweep": func(xs []float64) (*display.Figure, error) {
		d := display.SweepData{Axes: []display.SweepAxis{{Name: "a", Values: make([]string, len(xs))}}, Score: xs, Spread: xs}
		for i := range xs {
			d.At = append(d.At, []int{i})
		}
		return display.Sweep(d, display.Options{})
	},
	"sweep_grid": func(xs []float64) (*display.Figure, error) {
		d := display.SweepData{Axes: []display.SweepAxis{{Name: "a", Values: make([]string, len(xs))}, {Name: "b", Values: []string{""}}}, Score: xs}
		for i := range xs {
			d.At = append(d.At, []int{i, 0})
		}
		return display.Sweep(d, display.Options{})
	},
	"boundary": func(xs []float64) (*display.Figure, error) {
		d := moons(true)
		d.PointX, d.PointY, d.PointClass = xs, xs, nil
		for i := range xs {
			d.Z[0][i%60] = slices.Repeat(xs[i:i+1], 60)
		}
		return display.Boundary(d, display.Options{})
	},
	"boundary_number": func(xs []float64) (*display.Figure, error) {
		if len(xs) == 0 {
			xs = []float64{math.NaN()}
		}
		z := [][]float64{slices.Repeat(xs[:1], 2), slices.Repeat(xs[len(xs)-1:], 2)}
		return display.Boundary(display.BoundaryData{X: []float64{0, 1}, Y: []float64{0, 1}, Z: [][][]float64{z}, PointX: xs, PointY: xs, PointValue: xs, Units: []display.UnitMap{{Z: z}}}, display.Options{})
	},
	"pairs": func(xs []float64) (*display.Figure, error) {
		return display.Pairs(display.PairsData{Columns: []display.Group{{Name: "a", Values: xs}, {Name: "b", Values: xs}}}, display.Options{})
	},
	"matrices": func(xs []float64) (*display.Figure, error) {
		m := make([][]float64, len(xs))
		for i := range m {
			m[i] = xs
		}
		names := make([]string, len(xs))
		var figures []*display.Figure
		c, err := display.Confusion(display.ConfusionData{Classes: names, Counts: m}, display.Options{})
		if err != nil {
			return nil, err
		}
		r, err := display.Correlation(display.CorrelationData{Names: names, R: m}, display.Options{})
		if err != nil {
			return nil, err
		}
		u, err := display.Coadaptation(display.CoadaptationData{Models: []display.UnitMatrix{{M: m}}}, display.Options{})
		if err != nil {
			return nil, err
		}
		return display.Grid(append(figures, c, r, u), 2, display.Options{})
	},
	"images": func(xs []float64) (*display.Figure, error) {
		return display.Images(display.ImagesData{Images: [][]float64{xs, xs}, Width: len(xs), Height: 1, Diverging: true}, display.Options{})
	},
}

// TestHostileData draws what no one should draw: an error is an answer, a panic
// or a picture that cannot be drawn is not.
func TestHostileData(t *testing.T) {
	for picture, draw := range hostilePictures {
		for name, xs := range hostile {
			t.Run(picture+"/"+name, func(t *testing.T) {
				f, err := draw(xs)
				if err != nil {
					if len(xs) > 0 {
						t.Fatal(err)
					}
					return
				}
				b := f.LiveBundle()
				svg, ok := b.Data["image/svg+xml"].(string)
				if !ok {
					t.Fatal(b.Plain())
				}
				for _, bad := range []string{"NaN", "Inf"} {
					if strings.Contains(svg, bad) || strings.Contains(b.Plain(), bad) {
						t.Errorf("%s in the picture; its text: %s", bad, b.Plain())
					}
				}
			})
		}
	}
}

// TestSizes draws pictures small, large and in odd proportions.
func TestSizes(t *testing.T) {
	for _, o := range []display.Options{{Width: 1, Height: 1}, {Width: 5000, Height: 90}, {Width: 130, Height: 900}} {
		d := pairs(4, 40, true)
		f, err := display.Pairs(d, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := f.LiveBundle().Data["image/svg+xml"]; !ok {
			t.Errorf("%v: %s", o, f.LiveBundle().Plain())
		}
		c, err := display.Confusion(display.ConfusionData{Classes: []string{"a", "b"}, Counts: [][]float64{{1, 2}, {3, 4}}, Target: strings.Repeat("long ", 50)}, o)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := c.LiveBundle().Data["image/svg+xml"]; !ok {
			t.Errorf("%v: %s", o, c.LiveBundle().Plain())
		}
	}
}

// large are pictures of more than anyone should draw.
func large() map[string]func() (*display.Figure, error) {
	const n = 50_000
	xs, ys := bells(1, n, 0, 1), bells(2, n, 0, 1)
	class, names := make([]int, n), make([]string, 50)
	for i := range class {
		class[i] = i % len(names)
	}
	for i := range names {
		names[i] = fmt.Sprintf("a rather long name of class number %d", i)
	}
	o := display.Options{}
	return map[string]func() (*display.Figure, error){
		"line": func() (*display.Figure, error) {
			var lines []display.Series
			for i := range 25 {
				lines = append(lines, display.Series{Name: names[i], Y: bells(uint64(i), 20_000, float64(i), 1)})
			}
			return display.Line(display.LineData{Lines: lines}, o)
		},
		"loss": func() (*display.Figure, error) {
			var runs []display.Run
			for i := range 40 {
				runs = append(runs, display.Run{Name: names[i], Train: bells(uint64(i), 2000, 5, 1), Validation: bells(uint64(i), 2000, 6, 1)})
			}
			return display.Loss(display.LossData{Runs: runs}, o)
		},
		"scatter": func() (*display.Figure, error) {
			return display.Scatter(display.ScatterData{X: xs, Y: ys, Value: xs}, o)
		},
		"scatter_few": func() (*display.Figure, error) {
			return display.Scatter(display.ScatterData{X: xs[:1900], Y: ys[:1900], Category: class[:1900], Categories: names}, o)
		},
		"hist": func() (*display.Figure, error) {
			var groups []display.Group
			for i, name := range names {
				groups = append(groups, display.Group{Name: name, Values: xs[i*1000 : i*1000+1000]})
			}
			return display.Hist(display.HistData{Groups: groups[:20], Bins: 100}, o)
		},
		"residuals": func() (*display.Figure, error) {
			return display.Residuals(display.ResidualsData{Actual: xs, Predicted: ys}, o)
		},
		"roc": func() (*display.Figure, error) {
			var curves []display.RateCurve
			rise := series(500, func(x float64) float64 { return x / 499 })
			for _, name := range names {
				curves = append(curves, display.RateCurve{Name: name, X: rise, Y: rise, Area: 0.5})
			}
			return display.ROC(display.RateCurvesData{Curves: curves}, o)
		},
		"ridgelines": func() (*display.Figure, error) {
			var d display.WeightsOverTimeData
			for l := range 40 {
				h := display.LayerHistory{Name: names[l]}
				for e := range 200 {
					h.Epochs, h.At = append(h.Epochs, float64(e)), append(h.At, display.Count(xs[l*100:l*100+2000], 64))
				}
				d.Layers = append(d.Layers, h)
			}
			return display.WeightsOverTime(d, o)
		},
		"network": func() (*display.Figure, error) {
			var d display.NetworkData
			for l := range 30 {
				d.Layers = append(d.Layers, display.NetworkLayer{Name: names[l], Units: 200})
				if l > 0 {
					w := make([][]float64, 200)
					for u := range w {
						w[u] = xs[u*200 : u*200+200]
					}
					d.Weights = append(d.Weights, w)
				}
			}
			return display.Network(d, o)
		},
		"images": func() (*display.Figure, error) {
			var d display.ImagesData
			d.Width, d.Height = 28, 28
			for i := range 500 {
				d.Images = append(d.Images, xs[i*90:i*90+784])
			}
			return display.Images(d, o)
		},
	}
}

// checkSize holds the sizes of a picture of large data against their limits.
func checkSize(t *testing.T, name string, f *display.Figure, err error) {
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	svg, _ := f.LiveBundle().Data["image/svg+xml"].(string)
	if len(svg) == 0 || len(svg) > 300_000 {
		t.Errorf("%s: the SVG has %d bytes", name, len(svg))
	}
	if n := len(f.Text()); n > 20_000 {
		t.Errorf("%s: the text has %d bytes", name, n)
	}
}

// TestLargeData keeps drawings small however many data there are.
func TestLargeData(t *testing.T) {
	if testing.Short() {
		t.Skip("draws for seconds")
	}
	for name, draw := range large() {
		f, err := draw()
		checkSize(t, name, f, err)
	}
}

// fewer is how many values pictures get where 8,000 would be another picture: a
// matrix of as many rows, a bar for each.
var fewer = map[string]int{
	"bar": 2000, "boundary": 5000, "health": 200, "images": 4000, "importance": 2000,
	"learning_rate": 300, "matrices": 300, "sweep": 1000, "sweep_grid": 1000,
}

// TestLargeCatalogue gives every picture of hostilePictures many values.
func TestLargeCatalogue(t *testing.T) {
	if testing.Short() {
		t.Skip("draws for seconds")
	}
	for picture, draw := range hostilePictures {
		n := fewer[picture]
		if n == 0 {
			n = 8000
		}
		f, err := draw(bells(7, n, 0, 1))
		checkSize(t, picture, f, err)
	}
}
