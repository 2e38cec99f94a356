package learn_test

import (
	"math"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/table"
)

// fast are the backends as a program hands them in.
func fast() []nn.Backend { return []nn.Backend{cpu.New()} }

func TestFastBackendLearnsXOR(t *testing.T) {
	for seed := range uint64(100) {
		m := fit(t, learn.Options{
			Net: nn.Chain(dense(8, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"}, Backends: fast(),
			Epochs: new(100), BatchSize: new(0), Optimizer: nn.Adam(0.05), Seed: &seed,
		})
		if acc := score(t, m, xor(), "accuracy"); acc != 1 || m.Volatile().Device != "cpu" {
			t.Errorf("seed %d: accuracy %v on %s", seed, acc, m.Volatile().Device)
		}
	}
}

func TestFastBackendOnPenguins(t *testing.T) {
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
		o := learn.Options{Net: nn.Chain(dense(64, "relu"), nn.Output{}), Data: train, Target: []string{"species"}, Backends: fast()}
		var models []*learn.Model
		for threads := 1; threads <= 2; threads++ {
			o.Threads = threads
			models = append(models, fit(t, o))
		}
		if a, b := models[0].Digest(), models[1].Digest(); a != b {
			t.Errorf("one thread gives %s, two give %s", a, b)
		}
		sum += score(t, models[0], test, "accuracy")
	}
	if mean := sum / float64(splits); mean < 0.98 {
		t.Errorf("mean accuracy %v, want at least 0.98", mean)
	}
}

func TestFastBackendGoesOnAndAgrees(t *testing.T) {
	o := species(dense(16, "relu"), nn.Dropout{Rate: nn.Constant(0.2)}, nn.BatchNorm{}, dense(8, "tanh"), nn.Output{})
	o.Validation.Share, o.Epochs = 0.2, new(20)
	reference := fit(t, o)
	o.Backends = fast()
	whole := fit(t, o)
	o.Epochs = new(10)
	both, err := learn.FitOn(t.Context(), fit(t, o), learn.Options{Data: penguins(), Epochs: new(10)})
	if err != nil {
		t.Fatal(err)
	}
	if both.Digest() != whole.Digest() {
		t.Errorf("10+10 epochs give %s, 20 give %s", both.Digest(), whole.Digest())
	}
	a, b := reference.Epochs().At(4), whole.Epochs().At(4)
	if math.Abs(a.Loss-b.Loss) > 1e-3*a.Loss || math.Abs(a.ValLoss-b.ValLoss) > 1e-2*a.ValLoss {
		t.Errorf("after 5 epochs the reference has %v and %v, the fast backend %v and %v", a.Loss, a.ValLoss, b.Loss, b.ValLoss)
	}
	models, errs := learn.FitAll(t.Context(), []learn.Options{o, o}, nil)
	o2 := fit(t, o)
	for i, m := range models {
		if errs[i] != nil || m.Digest() != o2.Digest() {
			t.Errorf("%v: replica %d is another model than one trained alone", errs[i], i)
		}
	}
}

func TestOwnActivationsRunOnTheReference(t *testing.T) {
	own := nn.Activation{Name: nn.OwnName, Own: &nn.OwnActivation{Name: "sin", ID: "sin", F: math.Sin}}
	o := species(nn.Dense{Units: 6, Activation: own}, nn.Output{})
	o.Backends = fast()
	m := fit(t, o)
	if m.Volatile().Device != "reference" {
		t.Errorf("it ran on %s", m.Volatile().Device)
	}
	score(t, m, penguins(), "accuracy")
}
