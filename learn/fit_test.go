package learn_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// must panics on an error: for data that tests know to be right.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func dense(units int, act string) nn.Dense {
	return nn.Dense{Units: units, Activation: nn.Act(act)}
}

// xor is the exclusive or as a table of numbers.
func xor() *table.Table {
	return must(table.New(
		table.Numbers("x1", []float64{0, 0, 1, 1}),
		table.Numbers("x2", []float64{0, 1, 0, 1}),
		table.Numbers("y", []float64{0, 1, 1, 0}),
	))
}

func penguins() *table.Table { return must(table.Dataset("penguins", table.DatasetOptions{})) }

func fit(t *testing.T, o learn.Options) *learn.Model {
	t.Helper()
	m, err := learn.Fit(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func score(t *testing.T, m *learn.Model, rows *table.Table, name string) float64 {
	t.Helper()
	e, err := m.Evaluate(t.Context(), rows)
	if err != nil {
		t.Fatal(err)
	}
	v, err := e.Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSingleNeuronCannotLearnXOR(t *testing.T) {
	for _, act := range []string{"sigmoid", "tanh", "step"} {
		o := learn.Options{Net: nn.Chain(nn.Output{Dense: dense(1, act)}), Data: xor(), Target: []string{"y"}, BatchSize: new(0), Epochs: new(200)}
		if act == "step" {
			o.Optimizer = must(nn.NewOptimizer("perceptron", nil))
		} else {
			o.Optimizer = nn.Adam(0.05)
		}
		if acc := score(t, fit(t, o), xor(), "accuracy"); acc > 0.75 {
			t.Errorf("%s: accuracy %v, and a line cannot do better than 0.75", act, acc)
		}
	}
}

func TestHiddenLayerLearnsXOR(t *testing.T) {
	for seed := range uint64(100) {
		m := fit(t, learn.Options{
			Net: nn.Chain(dense(8, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"},
			Epochs: new(100), BatchSize: new(0), Optimizer: nn.Adam(0.05), Seed: &seed,
		})
		if acc := score(t, m, xor(), "accuracy"); acc != 1 {
			t.Errorf("seed %d: accuracy %v", seed, acc)
		}
	}
}

func TestPenguinsWithDefaults(t *testing.T) {
	var sum float64
	splits := uint64(5)
	if testing.Short() {
		splits = 1
	}
	for seed := range splits {
		train, _, test, err := table.Split(penguins(), table.SplitOptions{Test: 0.25, Stratify: "species", Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		m := fit(t, learn.Options{Net: nn.Chain(dense(64, "relu"), nn.Output{}), Data: train, Target: []string{"species"}})
		acc := score(t, m, test, "accuracy")
		t.Logf("split %d: %.4f after %d epochs", seed, acc, m.Settings().Epochs)
		sum += acc
	}
	if mean := sum / float64(splits); mean < 0.98 {
		t.Errorf("mean accuracy %v, want at least 0.98", mean)
	}
}

func TestGoingOnIsTheSame(t *testing.T) {
	for _, opt := range []string{"adam", "sgd", "rmsprop", "adamw"} {
		o := learn.Options{
			Net: nn.Chain(dense(8, "relu"), nn.Dropout{Rate: nn.Constant(0.2)}, nn.BatchNorm{}, nn.Output{}), Data: penguins(), Target: []string{"species"},
			Validation: learn.Validation{Share: 0.2}, Optimizer: must(nn.NewOptimizer(opt, nil)), Epochs: new(20), Seed: new(uint64(3)),
		}
		whole := fit(t, o)
		o.Epochs = new(10)
		half := fit(t, o)
		before := half.Digest()
		both, err := learn.FitOn(t.Context(), half, learn.Options{Data: penguins(), Epochs: new(10)})
		if err != nil {
			t.Fatal(err)
		}
		if both.Digest() != whole.Digest() || half.Digest() != before {
			t.Errorf("%s: 10+10 epochs give %s, 20 give %s; the first ten changed: %t", opt, both.Digest(), whole.Digest(), half.Digest() != before)
		}
		a, b := slices.Collect(both.Epochs().All()), slices.Collect(whole.Epochs().All())
		same := slices.EqualFunc(a, b, func(a, b learn.Epoch) bool {
			return a.Epoch == b.Epoch && a.Loss == b.Loss && a.ValLoss == b.ValLoss && slices.Equal(a.ValMetrics, b.ValMetrics)
		})
		if !same || both.Fingerprint() != whole.Fingerprint() {
			t.Errorf("%s: histories (%d and %d epochs) or fingerprints %s and %s differ", opt, len(a), len(b), both.Fingerprint(), whole.Fingerprint())
		}
	}
}

func TestThreadsDoNotMatter(t *testing.T) {
	var digests []string
	for _, threads := range []int{1, 2, 2} {
		m := fit(t, learn.Options{Net: nn.Chain(dense(16, "tanh"), nn.Output{}), Data: penguins(), Target: []string{"body_mass_g"}, Epochs: new(5), Threads: threads})
		digests = append(digests, m.Digest())
	}
	if digests[0] != digests[1] || digests[1] != digests[2] {
		t.Errorf("digests %v", digests)
	}
}

func TestNumbersAreInTheirOwnUnits(t *testing.T) {
	m := fit(t, learn.Options{Net: nn.Chain(dense(32, "relu"), nn.Output{}), Data: penguins(), Target: []string{"body_mass_g"}, Epochs: new(100), Optimizer: nn.Adam(0.01)})
	if rmse := score(t, m, penguins(), "rmse"); rmse < 100 || rmse > 320 {
		t.Errorf("rmse %v g", rmse)
	}
	p, err := m.Predict(t.Context(), penguins())
	if err != nil {
		t.Fatal(err)
	}
	c := must(p.Table.Col("body_mass_g"))
	if mean := must(c.Mean()); math.Abs(mean-4200) > 100 {
		t.Errorf("mean prediction %v g", mean)
	}
	e := slices.Collect(m.Epochs().All())
	if last := e[len(e)-1]; last.Loss > 0.2 || last.Metrics[0] < 100 {
		t.Errorf("loss %v should be standardised, rmse %v in grams", last.Loss, last.Metrics[0])
	}
	if notes := strings.Join(m.Notes(), "\n"); !strings.Contains(notes, "2 of 344 rows") {
		t.Errorf("notes do not tell of rows without a target:\n%s", notes)
	}
}

func TestEarlyStoppingGivesTheBestEpoch(t *testing.T) {
	moons := must(table.Dataset("moons", table.DatasetOptions{N: 80, Noise: new(0.4)}))
	m := fit(t, learn.Options{
		Net: nn.Chain(dense(64, "tanh"), dense(64, "tanh"), nn.Output{}), Data: moons, Target: []string{moons.Info().Target},
		Epochs: new(500), Optimizer: nn.Adam(0.02), EarlyStopping: new(10), Validation: learn.Validation{Share: 0.3},
	})
	e := slices.Collect(m.Epochs().All())
	if m.Stopped() != learn.Early || len(e) != m.BestEpoch()+10 {
		t.Fatalf("stopped %s after %d epochs, best %d", m.Stopped(), len(e), m.BestEpoch())
	}
	if m.State().Epoch != m.BestEpoch() {
		t.Errorf("the state is of epoch %d, the best is %d", m.State().Epoch, m.BestEpoch())
	}
	best := slices.MinFunc(e, func(a, b learn.Epoch) int { return int(math.Copysign(1, a.ValLoss-b.ValLoss)) })
	if best.Epoch != m.BestEpoch() {
		t.Errorf("least validation loss in epoch %d, best %d", best.Epoch, m.BestEpoch())
	}
}

func TestInterruptKeepsTheModel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m, err := learn.Fit(ctx, learn.Options{
		Net: nn.Chain(dense(8, "relu"), nn.Output{}), Data: penguins(), Target: []string{"species"}, Epochs: new(1 << 20),
		OnEpoch: func(e learn.Epoch, _ []string) (bool, error) {
			if e.Epoch == 7 {
				cancel()
			}
			return false, nil
		},
	})
	if err != nil || m.Stopped() != learn.Interrupted || m.Epochs().Len() != 7 {
		t.Fatalf("%v: stopped %s after %d epochs", err, m.Stopped(), m.Epochs().Len())
	}
	if acc := score(t, m, penguins(), "accuracy"); acc < 0.3 {
		t.Errorf("accuracy %v", acc)
	}
}

func TestDivergenceKeepsTheLastGoodModel(t *testing.T) {
	m, err := learn.Fit(t.Context(), learn.Options{
		Net: nn.Chain(dense(8, "relu"), nn.Output{}), Data: penguins(), Target: []string{"body_mass_g"}, Optimizer: nn.SGD(5), Epochs: new(200),
	})
	var d *learn.DivergedError
	if !errors.As(err, &d) || m == nil || m.Stopped() != learn.Diverged {
		t.Fatalf("%v, %v", m, err)
	}
	if !strings.Contains(err.Error(), "epoch 1") || !strings.Contains(err.Error(), "lr=0.5 instead of 5") {
		t.Errorf("error %q", err)
	}
	if v := score(t, m, penguins(), "rmse"); math.IsNaN(v) || math.IsInf(v, 0) {
		t.Errorf("rmse of the last good model is %v", v)
	}
}

func TestCallbackStops(t *testing.T) {
	boom := errors.New("boom")
	for _, c := range []struct {
		stop bool
		err  error
	}{{true, nil}, {false, boom}} {
		m, err := learn.Fit(t.Context(), learn.Options{
			Net: nn.Chain(nn.Output{}), Data: xor(), Target: []string{"y"},
			OnEpoch: func(e learn.Epoch, _ []string) (bool, error) { return c.stop && e.Epoch == 3, c.err },
		})
		if !errors.Is(err, c.err) || m.Stopped() != learn.Callback {
			t.Errorf("%v, stopped %s", err, m.Stopped())
		}
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	net := nn.Chain(dense(4, "relu"), nn.Output{})
	for _, c := range []struct {
		want string
		o    learn.Options
	}{
		{"needs rows", learn.Options{Net: net, Target: []string{"y"}}},
		{"needs a target", learn.Options{Net: net, Data: xor()}},
		{`"yy"`, learn.Options{Net: net, Data: xor(), Target: []string{"yy"}}},
		{"needs a network", learn.Options{Data: xor(), Target: []string{"y"}}},
		{"no metric is called", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Metrics: []string{"acuracy"}}},
		{"not for two classes", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Metrics: []string{"rmse"}}},
		{`"accuracy" twice`, learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Metrics: []string{"accuracy", "auc", "accuracy"}}},
		{"validation=NaN: give a share", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Validation: learn.Validation{Share: math.NaN()}}},
		{"validation=1: give a share", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Validation: learn.Validation{Share: 1}}},
		{"none is said alone", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Record: []string{"weights", "none"}}},
		{"record", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Record: []string{"all"}}},
		{"output()", learn.Options{Net: nn.Chain(dense(4, "relu")), Data: xor(), Target: []string{"y"}}},
		{"device", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, Device: "tpu"}},
		{"class_weight", learn.Options{Net: net, Data: xor(), Target: []string{"y"}, ClassWeight: learn.ClassWeight{By: map[string]float64{"7": 1}}}},
	} {
		if _, err := learn.Fit(t.Context(), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}
