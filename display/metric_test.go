package display_test

import (
	"math"
	"strings"
	"testing"

	"mlpkernel/display"
)

// TestSparseMetric: epochs at which nothing was scored are no gaps.
func TestSparseMetric(t *testing.T) {
	none := math.NaN()
	r := display.Run{Epochs: []float64{1, 2, 3, 9}, Train: []float64{none, 0.6, none, 0.9}, Validation: []float64{0.5, 0.6, 0.7, 0.6}, Sparse: true}
	f, err := display.Metric(display.MetricData{Metric: "accuracy", Runs: []display.Run{r}}, display.Options{})
	if err != nil {
		t.Fatal(err)
	}
	const want = "9 epochs, training 0.600 → 0.900, validation 0.500 → 0.600; best epoch 3 (0.700).\nScored: training at 2, validation at 4 of 9 epochs."
	if got := f.Text(); !strings.Contains(got, want) {
		t.Errorf("got %q, want %q in it", got, want)
	}
	r.Sparse = false
	if f, err = display.Metric(display.MetricData{Metric: "accuracy", Runs: []display.Run{r}}, display.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := f.Text(); !strings.Contains(got, "2 values not finite") {
		t.Errorf("got %q, want the gaps of a run that is not sparse", got)
	}
}
