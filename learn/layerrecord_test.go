package learn

import (
	"math"
	"reflect"
	"testing"

	"mlpkernel/nn"
)

// TestLayerRecords describes outputs of three units, by hand.
func TestLayerRecords(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, tt := range []struct {
		what, kind, activation string
		v                      []float32 // rows of three units
		want                   LayerRecord
	}{
		{"a dead unit", "dense", "relu", []float32{0, 1, 2, 0, 3, 0}, LayerRecord{Mean: 1, Std: math.Sqrt(4. / 3), Dead: 1. / 3, Saturated: 0.5}},
		{"ends", "activation", "tanh", []float32{-1, 0, 1, -1, 0.5, 0.9}, LayerRecord{Mean: 0.0666666627, Std: 0.81989159, Dead: 1. / 3, Saturated: 0.5}},
		{"a step", "activation", "step", []float32{0, 1, 0, 1, 0, 1}, LayerRecord{Mean: 0.5, Std: 0.5, Saturated: 1}},
		{"nothing flat", "dense", "leaky_relu", []float32{0, -1, 0, 1, 0, 0}, LayerRecord{Std: math.Sqrt(1. / 3), Dead: 1. / 3}},
		{"before a sigmoid", "output", "sigmoid", []float32{-9, 9, 0, -8, 8, 0}, LayerRecord{Std: math.Sqrt(290. / 6), Dead: 1. / 3}},
		{"one row", "dense", "relu", []float32{0, 0, 3}, LayerRecord{Mean: 1, Std: math.Sqrt(2), Saturated: 2. / 3}},
		{"all the same", "dense", "linear", []float32{5, 5, 5, 5, 5, 5}, LayerRecord{Mean: 5, Dead: 1}},
		{"no number", "dense", "relu", []float32{nan, 1, 0, nan, 2, 0}, LayerRecord{Mean: math.NaN(), Std: math.NaN(), Dead: 1. / 3, Saturated: 1. / 3}},
		{"infinity", "dense", "relu", []float32{inf, 1, 2, 4, 2, 1}, LayerRecord{Mean: math.NaN(), Std: math.NaN()}},
	} {
		l := nn.LayerInfo{Name: "x", Kind: tt.kind, Activation: nn.Act(tt.activation), Out: 3, Last: 1}
		got := layerRecords(new(nn.Describer), &nn.Plan{Layers: []nn.LayerInfo{l}}, [][]float32{tt.v}, len(tt.v)/3)[0]
		same := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 || a == b || a != a && b != b }
		if w := tt.want; !same(got.Mean, w.Mean) || !same(got.Std, w.Std) || got.Dead != w.Dead || got.Saturated != w.Saturated {
			t.Errorf("%s: %+v, want %+v", tt.what, got, w)
		}
		if h := nn.NewHistogram(tt.v, bins); !reflect.DeepEqual(got.Values, h) {
			t.Errorf("%s: histogram %+v, want %+v", tt.what, got.Values, h)
		}
	}
}
