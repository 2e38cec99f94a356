package learn

import (
	"testing"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// TestShelfKeepsRowsOnce: going on sees the rows that the model was trained on,
// however often.
func TestShelfKeepsRowsOnce(t *testing.T) {
	data, err := table.New(table.Numbers("x", []float64{1, 2, 3, 4, 5, 6}), table.Numbers("y", []float64{2, 4, 6, 8, 10, 12}), table.Numbers("z", []float64{0, 1, 0, 1, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	for name, o := range map[string]Options{
		"plain": {}, "validation": {Validation: Validation{Share: 0.5}}, "loss": {Loss: nn.Loss{Name: "mae"}},
		"early": {EarlyStopping: new(3)}, "features": {Features: []string{"x"}}, "exclude": {Exclude: []string{"z"}},
	} {
		var s Shelf
		o.Net, o.Data, o.Target, o.Epochs, o.Shelf = nn.Chain(nn.Output{}), data, []string{"y"}, new(1), &s
		m, err := Fit(t.Context(), o)
		for range 2 {
			if err == nil {
				m, err = FitOn(t.Context(), m, Options{Data: data, Shelf: &s})
			}
		}
		if err != nil || len(s.kept) != 1 {
			t.Errorf("%s: rows are kept %d times (%v)", name, len(s.kept), err)
		}
	}
}
