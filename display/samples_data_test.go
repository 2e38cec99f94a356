package display_test

import (
	"math"

	"mlpkernel/display"
)

// dataSamples are the pictures of data and of results.
var dataSamples = []sample{
	{"function", func() (*display.Figure, error) {
		x := series(201, func(i float64) float64 { return -5 + i/20 })
		sigmoid := make([]float64, len(x))
		slope := make([]float64, len(x))
		for i, v := range x {
			sigmoid[i] = 1 / (1 + math.Exp(-v))
			slope[i] = sigmoid[i] * (1 - sigmoid[i])
		}
		return display.Function(display.FunctionData{Curves: []display.Series{{Name: "sigmoid", X: x, Y: sigmoid}, {Name: "sigmoid.grad", X: x, Y: slope}}}, display.Options{})
	}},
	{"function_pole", func() (*display.Figure, error) {
		x := series(401, func(i float64) float64 { return -2 + i/100 })
		y := make([]float64, len(x))
		for i, v := range x {
			y[i] = 1 / v
		}
		return display.Function(display.FunctionData{Curves: []display.Series{{Name: "1/x", X: x, Y: y}}}, display.Options{})
	}},
	{"scatter", func() (*display.Figure, error) {
		d := display.ScatterData{X: bells(1, 60, 39, 2), Y: bells(2, 60, 18, 1), XLabel: "bill length, mm", YLabel: "bill depth, mm", Categories: []string{"Adelie", "Chinstrap", "Gentoo"}, ColorLabel: "species"}
		d.X = append(d.X, append(bells(3, 30, 49, 2), bells(4, 50, 47, 3)...)...)
		d.Y = append(d.Y, append(bells(5, 30, 18.4, 1), bells(6, 50, 15, 1)...)...)
		for i := range d.X {
			d.Category = append(d.Category, map[bool]int{true: 1}[i >= 60]+map[bool]int{true: 1}[i >= 90])
		}
		d.Category[7], d.X[9] = -1, math.NaN()
		return display.Scatter(d, display.Options{})
	}},
	{"scatter_value", func() (*display.Figure, error) {
		d := display.ScatterData{X: bells(1, 1500, 0, 1), Y: bells(2, 1500, 0, 1), XLabel: "a", YLabel: "b", ColorLabel: "price, €"}
		for i := range d.X {
			d.Value = append(d.Value, 100+20*d.X[i]*d.Y[i])
		}
		return display.Scatter(d, display.Options{})
	}},
	{"scatter_many", func() (*display.Figure, error) {
		d := display.ScatterData{XLabel: "x", YLabel: "y", Categories: []string{"left", "right"}, ColorLabel: "side"}
		d.X = append(bells(1, 100_000, -1, 1), bells(2, 100_000, 1.5, 0.7)...)
		d.Y = append(bells(3, 100_000, 0, 1), bells(4, 100_000, 1, 1)...)
		for i := range d.X {
			d.Category = append(d.Category, i/100_000)
		}
		return display.Scatter(d, display.Options{})
	}},
	{"confusion", func() (*display.Figure, error) {
		return display.Confusion(display.ConfusionData{Classes: []string{"Adelie", "Chinstrap", "Gentoo"}, Counts: [][]float64{{29, 2, 0}, {1, 13, 0}, {0, 0, 25}}, Target: "species"}, display.Options{})
	}},
	{"confusion_ten", func() (*display.Figure, error) {
		d := display.ConfusionData{Target: "digit"}
		r := noise(3)
		for t := range 10 {
			d.Classes = append(d.Classes, string(rune('0'+t)))
			d.Counts = append(d.Counts, series(10, func(x float64) float64 {
				if x == float64(t) {
					return 900 + math.Round(80*r.next())
				}
				return math.Round(math.Max(0, 12*r.next()))
			}))
		}
		return display.Confusion(d, display.Options{})
	}},
	{"confusion_many", func() (*display.Figure, error) {
		d := display.ConfusionData{}
		for t := range 40 {
			d.Classes = append(d.Classes, "a longer name of class "+string(rune('A'+t%26)))
			d.Counts = append(d.Counts, series(40, func(x float64) float64 { return math.Max(0, 20-5*math.Abs(x-float64(t))) }))
		}
		return display.Confusion(d, display.Options{})
	}},
	{"hist", func() (*display.Figure, error) {
		v := append(bells(1, 340, 4200, 800), math.NaN())
		return display.Hist(display.HistData{Groups: []display.Group{{Values: v}}, Label: "body mass, g", Missing: 2}, display.Options{})
	}},
	{"hist_groups", func() (*display.Figure, error) {
		return display.Hist(display.HistData{Groups: []display.Group{{Name: "Adelie", Values: bells(1, 150, 3700, 450)}, {Name: "Chinstrap", Values: bells(2, 70, 3730, 380)}, {Name: "Gentoo", Values: bells(3, 120, 5080, 500)}}, Label: "body mass, g"}, display.Options{})
	}},
	{"residuals", func() (*display.Figure, error) {
		d := display.ResidualsData{Actual: bells(1, 300, 20, 8), Target: "price, k€"}
		for i, e := range bells(2, 300, 0, 2.5) {
			d.Predicted = append(d.Predicted, 0.9*d.Actual[i]+2+e)
		}
		return display.Residuals(d, display.Options{})
	}},
	{"roc", func() (*display.Figure, error) {
		return display.ROC(rates(0.5, 0.25, 0.12), display.Options{})
	}},
	{"precision_recall", func() (*display.Figure, error) {
		d := rates(0.5, 0.2)
		for c := range d.Curves {
			x := d.Curves[c].X
			for i := range x {
				d.Curves[c].Y[i] = 1 - 0.7*math.Pow(x[i], 4/float64(c+1))
			}
			d.Curves[c].Base = 0.3
		}
		return display.PrecisionRecall(d, display.Options{})
	}},
	{"calibration", func() (*display.Figure, error) {
		d := display.CalibrationData{Positive: "yes"}
		for k, name := range []string{"plain", "dropout"} {
			c := display.CalibrationCurve{Name: name, Error: 0.12 - 0.09*float64(k)}
			for b := range 10 {
				x := (float64(b) + 0.5) / 10
				c.Predicted = append(c.Predicted, x)
				c.Observed = append(c.Observed, x+(0.12-0.1*float64(k))*math.Sin(7*x))
				c.Count = append(c.Count, 10+90*math.Abs(x-0.5)+20*float64(k))
			}
			d.Curves = append(d.Curves, c)
		}
		return display.Calibration(d, display.Options{})
	}},
}

func rates(powers ...float64) display.RateCurvesData {
	d := display.RateCurvesData{Positive: "yes"}
	names := []string{"logistic", "dense(64, relu)", "RealMLP"}
	for i, p := range powers {
		c := display.RateCurve{Name: names[i], Area: 1 / (1 + p), Base: math.NaN()}
		for k := range 101 {
			c.X = append(c.X, float64(k)/100)
			c.Y = append(c.Y, math.Pow(float64(k)/100, p))
		}
		d.Curves = append(d.Curves, c)
	}
	return d
}
