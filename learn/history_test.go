package learn

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// TestHistory compares the columns with a plain list of epochs.
func TestHistory(t *testing.T) {
	var h History
	var want []Epoch
	for i := range 100 {
		e := Epoch{Epoch: i + 1, Loss: 1 / float64(i+1), ValLoss: math.NaN(), Rate: 0.1, Seconds: float64(i / 10)}
		if i >= 50 {
			e.Rate = float64(i)
		}
		h.add(e)
		if i >= 30 && i != 40 {
			e.ValLoss = float64(i)
			h.watched(e.ValLoss)
		}
		if i%7 == 0 {
			e.Metrics, e.ValMetrics = []float64{float64(i)}, []float64{float64(-i)}
			h.score(e.Epoch, e.Metrics, e.ValMetrics)
		}
		want = append(want, e)
	}
	seen := h.view()
	for _, i := range []int{3, 98, 14} {
		want[i].Metrics, want[i].ValMetrics = []float64{0.5}, nil
		h.score(i+1, want[i].Metrics, nil)
	}
	equal := func(what string, got History, want []Epoch) {
		t.Helper()
		same := func(a, b Epoch) bool {
			if math.IsNaN(a.ValLoss) && math.IsNaN(b.ValLoss) {
				a.ValLoss, b.ValLoss = 0, 0
			}
			return reflect.DeepEqual(a, b)
		}
		if !slices.EqualFunc(slices.Collect(got.All()), want, same) {
			t.Errorf("%s: %v, want %v", what, slices.Collect(got.All()), want)
		}
	}
	equal("all", h, want)
	h.add(Epoch{Loss: 7, ValLoss: 7})
	if seen.Len() != 100 || seen.At(14).Metrics[0] != 14 || seen.At(3).Metrics != nil {
		t.Error("a view changes with the history")
	}
	some := slices.Clone(want[:60])
	for i := range some {
		if i%2 == 0 {
			some[i].Metrics, some[i].ValMetrics = nil, nil
		}
	}
	equal("head", h.head(60, func(e *Epoch) {
		if e.Epoch%2 != 0 {
			e.Metrics, e.ValMetrics = nil, nil
		}
	}), some)
}

// TestHistoryIsSmall asserts what an epoch takes where there is nothing to tell
// but its loss.
func TestHistoryIsSmall(t *testing.T) {
	const n = 1 << 16
	var h History
	for range n {
		h.add(Epoch{Loss: 1, ValLoss: math.NaN(), Rate: 0.1, Seconds: 1e-6})
	}
	if len(h.loss) != n || h.valLoss != nil || len(h.rate) != 1 || len(h.seconds) != 1 || h.scored != nil {
		t.Errorf("%d losses, %d validation losses, %d rates, %d times, %d metrics", len(h.loss), len(h.valLoss), len(h.rate), len(h.seconds), len(h.scored))
	}
}

// TestResultIsScored asserts that the epoch which the model is of has its
// metrics, when it was not planned to be the last one.
func TestResultIsScored(t *testing.T) {
	rows, err := table.Dataset("penguins", table.DatasetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(o *Options){
		"early":    func(o *Options) { o.EarlyStopping, o.Validation.Share = new(3), 0.2 },
		"callback": func(o *Options) { o.OnEpoch = func(e Epoch, _ []string) (bool, error) { return e.Epoch == 23, nil } },
	} {
		o := Options{Net: nn.Chain(nn.Dense{Units: 8}, nn.Output{}), Data: rows, Target: []string{"species"}, Epochs: new(200), Optimizer: nn.Adam(0.02)}
		change(&o)
		m, err := Fit(t.Context(), o)
		if err != nil || m.stopped != name {
			t.Fatalf("%s: stopped %s, %v", name, m.stopped, err)
		}
		e, err := m.Evaluate(t.Context(), rows)
		if err != nil {
			t.Fatal(err)
		}
		got := m.history.At(m.state.Epoch - 1)
		if got.Metrics == nil || (got.ValMetrics != nil) != (name == "early") {
			t.Fatalf("%s: epoch %d of %d: %+v", name, m.state.Epoch, m.history.Len(), got)
		}
		if acc, _ := e.Get("accuracy"); name == "callback" && got.Metrics[0] != acc {
			t.Errorf("%s: accuracy %v, evaluated %v", name, got.Metrics[0], acc)
		}
	}
}

// TestHistoryKeepsItsColumns: validation that ends before the training does, as
// where an epoch is interrupted, leaves its column.
func TestHistoryKeepsItsColumns(t *testing.T) {
	var h History
	h.add(Epoch{Loss: 2, ValLoss: 3, ValMetrics: []float64{0.5}})
	h.add(Epoch{Loss: 1, ValLoss: math.NaN()})
	table, err := h.table([]string{"accuracy"}, false)
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"epoch", "loss", "val_loss", "accuracy", "val_accuracy", "lr"}; !slices.Equal(table.Columns(), want) {
		t.Errorf("columns %v, want %v", table.Columns(), want)
	}
}
