package learn

import (
	"context"
	"math"
	"runtime"
	"strings"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/table"
)

func TestContrast(t *testing.T) {
	// R: t.test(c(1,2,4), c(0,0,0))$conf.int is -1.461 … 6.128.
	c := contrast([]float64{1, 2, 4}, []float64{0, 0, 0}, 0)
	if math.Abs(c.Diff-7.0/3) > 1e-12 || math.Abs(c.Margin-3.7944) > 2e-3 || !c.WithinNoise() {
		t.Errorf("%+v", c)
	}
	// Rows drawn anew widen it by the root of (1/n + share) over 1/n.
	if w := contrast([]float64{1, 2, 4}, []float64{0, 0, 0}, 0.25); math.Abs(w.Margin/c.Margin-math.Sqrt(1+0.75)) > 1e-9 {
		t.Errorf("%+v", w)
	}
	if c := contrast([]float64{1, 1.1, 0.9}, []float64{0, 0, 0}, 0); c.WithinNoise() {
		t.Errorf("%+v", c)
	}
	if c := contrast([]float64{1}, []float64{0}, 0); c.Known() || c.WithinNoise() {
		t.Errorf("one run is judged: %+v", c)
	}
	for freedom, want := range map[int]float64{1: 12.706, 30: 2.042, 31: 2.0395, 60: 2.0003, 1000: 1.9623} {
		if got := studentT(freedom); math.Abs(got-want) > 1.5e-3 {
			t.Errorf("t(%d) = %v, want %v", freedom, got, want)
		}
	}
}

// TestInterruptedTrainingsCount interrupts a comparison whose trainings run
// side by side, so that none has ended.
func TestInterruptedTrainingsCount(t *testing.T) {
	rows, err := table.Dataset("penguins", table.DatasetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	together := min(3, runtime.GOMAXPROCS(0))
	o := Options{Net: nn.Chain(nn.Dense{Units: 8}, nn.Output{}), Data: rows, Target: []string{"species"}, Epochs: new(1 << 30)}
	x, err := Compare(ctx, []Trial{{"endless", o}}, 3, func(p Progress) {
		begun := 0
		for _, epochs := range p.Histories {
			begun += min(1, epochs.Len())
		}
		if begun == together {
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if s := strings.Join(x.Notes, "\n"); len(x.Models) != together || !strings.Contains(s, "0 of 3 trainings are done; endless counts as after") {
		t.Errorf("%d models: %s", len(x.Models), s)
	}
}

func TestAUCOfNaN(t *testing.T) {
	q := question{p: []float64{0.2, math.NaN(), 0.7}, yes: []bool{false, true, true}}
	if got := q.auc(); !math.IsNaN(got) {
		t.Errorf("auc is %v, want NaN", got)
	}
}
