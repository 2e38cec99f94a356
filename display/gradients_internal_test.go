package display

import (
	"math"
	"testing"
)

// TestTypicalGradient: a recorded epoch counts for those that were not.
func TestTypicalGradient(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		epochs, norms []float64
		want          float64 // the logarithm to base 10
	}{
		{[]float64{1, 2, 3, 4}, []float64{1, 10, 10, 10}, 0.75},
		{[]float64{1, 2, 3, 97}, []float64{1, 1, 10, 100}, (0*1 + 0*1 + 1*47.5 + 2*47.5) / 97},
		{[]float64{1, 2, 3}, []float64{100, 0, nan}, 2},
		{[]float64{3, 2, nan}, []float64{1, 10, 100}, 1},
		{[]float64{7}, []float64{10}, 1},
	} {
		r := GradientRun{Layers: []string{"a"}, Epochs: tt.epochs, Norm: [][]float64{tt.norms}}
		if got := math.Log10(r.typical()[0]); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("at %v, %v: 10^%v, want 10^%v", tt.epochs, tt.norms, got, tt.want)
		}
	}
}
