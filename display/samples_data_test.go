package display_test

import (
	"fmt"
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
	{"hist_times", func() (*display.Figure, error) {
		return display.Hist(display.HistData{Groups: []display.Group{{Values: bells(1, 340, 8.7e8, 1e8)}}, Label: "day", Times: true}, display.Options{})
	}},
	{"box_times", func() (*display.Figure, error) {
		return display.Box(display.BoxData{Groups: []display.Group{{Name: "A", Values: bells(1, 150, 8.7e8, 1e6)}, {Name: "B", Values: bells(2, 150, 8.72e8, 1e6)}}, Label: "day", Times: true}, display.Options{})
	}},
	{"line_times", func() (*display.Figure, error) {
		days := series(30, func(x float64) float64 { return 1.7e9 + 86400*x })
		return display.Line(display.LineData{Lines: []display.Series{{Name: "load", X: days, Y: bells(1, 30, 5, 1)}}, XLabel: "day", YLabel: "load", TimesX: true}, display.Options{})
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
	{"calibration_ten", func() (*display.Figure, error) {
		var d display.CalibrationData
		for k := range 10 {
			c := display.CalibrationCurve{Name: fmt.Sprint(k), Error: 0.01 + 0.01*float64(k)}
			for b := range 10 {
				x := (float64(b) + 0.5) / 10
				c.Predicted = append(c.Predicted, x)
				c.Observed = append(c.Observed, math.Max(0, x+(0.02*float64(k)-0.05)*math.Sin(7*x)))
				c.Count = append(c.Count, math.Round(400*math.Pow(x-0.45, 4)*float64(k+8)))
			}
			d.Curves = append(d.Curves, c)
		}
		return display.Calibration(d, display.Options{})
	}},
	{"bar", func() (*display.Figure, error) {
		return display.Bar(display.BarData{Labels: []string{"Biscoe", "Dream", "Torgersen"}, Groups: []display.Group{{Values: []float64{168, 124, 52}}}, Label: "island", Value: "penguins"}, display.Options{})
	}},
	{"bar_groups", func() (*display.Figure, error) {
		return display.Bar(display.BarData{Labels: []string{"sgd", "momentum", "adam", "rmsprop"}, Label: "optimiser", Value: "accuracy",
			Groups: []display.Group{{Name: "training", Values: []float64{0.8, 0.9, 0.97, 0.95}}, {Name: "test", Values: []float64{0.78, 0.87, math.NaN(), 0.9}}},
			Spread: [][]float64{{0.02, 0.01, 0.01, 0.02}, {0.03, 0.02, 0, 0.02}}}, display.Options{})
	}},
	{"bar_lying", func() (*display.Figure, error) {
		d := display.BarData{Label: "", Value: "change, %", Sort: true, Groups: []display.Group{{}}}
		for i, v := range bells(4, 14, 2, 8) {
			d.Labels = append(d.Labels, "a rather long label "+string(rune('a'+i)))
			d.Groups[0].Values = append(d.Groups[0].Values, v)
		}
		return display.Bar(d, display.Options{})
	}},
	{"box", func() (*display.Figure, error) {
		return display.Box(display.BoxData{Groups: []display.Group{{Name: "Adelie", Values: bells(1, 150, 3700, 450)}, {Name: "Chinstrap", Values: append(bells(2, 70, 3730, 380), 5600, 2000)}, {Name: "Gentoo", Values: bells(3, 120, 5080, 500)}}, Label: "body mass, g", By: "species"}, display.Options{})
	}},
	{"pairs", func() (*display.Figure, error) { return display.Pairs(pairs(4, 200, true), display.Options{}) }},
	{"pairs_many", func() (*display.Figure, error) { return display.Pairs(pairs(10, 3000, false), display.Options{}) }},
	{"correlation", func() (*display.Figure, error) {
		d := display.CorrelationData{Names: []string{"bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "year", "one"}}
		for r := range d.Names {
			d.R = append(d.R, series(6, func(c float64) float64 {
				switch {
				case c == float64(r) && c < 5:
					return 1
				case c == 5 || r == 5:
					return math.NaN()
				}
				return math.Cos(1.3 * (c + float64(r)) * (1 + c*float64(r)))
			}))
		}
		return display.Correlation(d, display.Options{})
	}},
	{"missing", func() (*display.Figure, error) {
		d := display.MissingData{Names: []string{"species", "island", "bill_length_mm", "bill_depth_mm", "sex"}, Missing: []int{0, 0, 2, 2, 40}, Rows: 344}
		for r := range 344 {
			hole := r == 3 || r == 271
			d.Pattern = append(d.Pattern, []bool{false, false, hole, hole, hole || r%9 == 8})
		}
		return display.Missing(d, display.Options{})
	}},
	{"images", func() (*display.Figure, error) {
		d := digits(30, 12)
		for i := range d.Images {
			d.Labels = append(d.Labels, string(rune('0'+i%10)))
			d.Wrong = append(d.Wrong, i == 13)
		}
		return display.Images(d, display.Options{})
	}},
	{"images_weights", func() (*display.Figure, error) {
		d := display.ImagesData{Width: 28, Height: 28, Diverging: true}
		for i := range 500 {
			d.Images = append(d.Images, bells(uint64(i), 28*28, 0, 0.1))
		}
		return display.Images(d, display.Options{})
	}},
	{"grid", func() (*display.Figure, error) {
		a, err := display.Images(digits(4, 8), display.Options{})
		if err != nil {
			return nil, err
		}
		b, err := display.Hist(display.HistData{Groups: []display.Group{{Values: bells(1, 200, 0, 1)}}, Label: "x"}, display.Options{})
		if err != nil {
			return nil, err
		}
		c, err := display.Confusion(display.ConfusionData{Classes: []string{"no", "yes"}, Counts: [][]float64{{8, 2}, {1, 9}}}, display.Options{})
		if err != nil {
			return nil, err
		}
		return display.Grid([]*display.Figure{a, b, c}, 3, display.Options{})
	}},
}

func digits(n, size int) display.ImagesData {
	d := display.ImagesData{Width: size, Height: size}
	for i := range n {
		var img []float64
		for p := range size * size {
			x, y := float64(p%size)/float64(size-1)*2-1, float64(p/size)/float64(size-1)*2-1
			img = append(img, math.Max(0, 1-8*math.Abs(math.Hypot(x, y)-0.3-0.05*float64(i%10))))
		}
		d.Images = append(d.Images, img)
	}
	return d
}

func pairs(columns, rows int, coloured bool) display.PairsData {
	d := display.PairsData{ColorLabel: "group"}
	base := bells(77, rows, 0, 1)
	for c := range columns {
		v := bells(uint64(c), rows, 0, 1)
		for i := range v {
			v[i] += base[i] * float64(c%4-1)
			if coloured {
				v[i] += 3 * float64(i%2)
			}
		}
		d.Columns = append(d.Columns, display.Group{Name: "column_" + string(rune('a'+c)), Values: v})
	}
	if coloured {
		d.Categories = []string{"first", "second"}
		for i := range rows {
			d.Category = append(d.Category, i%2)
		}
	}
	return d
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
