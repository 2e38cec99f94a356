package det_test

import (
	"math"
	"testing"

	"mlpkernel/table/internal/det"
)

func TestAgainstMath(t *testing.T) {
	for _, f := range []struct {
		name      string
		got, want func(float64) float64
		lo, hi    float64
		tolerance float64
	}{
		{"exp", det.Exp, math.Exp, -700, 700, 4e-16},
		{"log", det.Log, math.Log, 1e-300, 1e9, 4e-16},
		{"log small", det.Log, math.Log, 0.1, 3, 4e-16},
		{"log1p", det.Log1p, math.Log1p, -0.9, 5, 1e-15},
		{"sin", det.Sin, math.Sin, -50, 50, 1e-15},
		{"cos", det.Cos, math.Cos, -50, 50, 1e-15},
		{"tanh", det.Tanh, math.Tanh, -25, 25, 1e-15},
		{"pow .3", func(x float64) float64 { return det.Pow(x, .3) }, func(x float64) float64 { return math.Pow(x, .3) }, 0, 100, 2e-15},
		{"pow -3", func(x float64) float64 { return det.Pow(x, -3) }, func(x float64) float64 { return math.Pow(x, -3) }, -9, 100, 1e-15},
		{"quantile", det.NormalQuantile, func(p float64) float64 { return -math.Sqrt2 * math.Erfcinv(2*p) }, 1e-9, 1 - 1e-9, 1e-9},
	} {
		const n = 10001
		for i := range n {
			x := f.lo + (f.hi-f.lo)*float64(i)/(n-1)
			got, want := f.got(x), f.want(x)
			if math.Abs(got-want) > f.tolerance*math.Max(1, math.Abs(want)) {
				t.Fatalf("%s(%v) = %v, want %v", f.name, x, got, want)
			}
		}
	}
}

func TestSpecial(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"exp(-inf)", det.Exp(-inf), 0}, {"exp(inf)", det.Exp(inf), inf}, {"exp(nan)", det.Exp(nan), nan},
		{"log(0)", det.Log(0), -inf}, {"log(-1)", det.Log(-1), nan}, {"log1p(inf)", det.Log1p(inf), inf},
		{"pow(-8, 1/3)", det.Pow(-8, 1./3), nan}, {"pow(0, -1)", det.Pow(0, -1), inf}, {"pow(inf, .3)", det.Pow(inf, .3), inf},
		{"sin(inf)", det.Sin(inf), nan},
	} {
		if f.got != f.want && !(math.IsNaN(f.got) && math.IsNaN(f.want)) {
			t.Errorf("%s = %v, want %v", f.name, f.got, f.want)
		}
	}
}
