package learn_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
)

// goOn trains for more epochs from a model, by way of a file if saved.
func goOn(t *testing.T, m *learn.Model, o learn.Options, saved bool) *learn.Model {
	t.Helper()
	if saved {
		var b bytes.Buffer
		if err := m.Encode(&b); err != nil {
			t.Fatal(err)
		}
		m = must(learn.Decode(b.Bytes()))
	}
	o.Data = penguins()
	out, err := learn.FitOn(t.Context(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// forgetful is a network that does not get better for long on validation rows.
func forgetful() learn.Options {
	o := species(dense(32, "relu"), dense(32, "relu"), nn.Output{})
	o.Optimizer, o.Validation.Share, o.EarlyStopping = nn.Adam(0.02), 0.2, new(30)
	return o
}

func TestGoingOnKeepsWhatEarlyStoppingWatches(t *testing.T) {
	for _, saved := range []bool{false, true} {
		o := forgetful()
		o.Epochs = new(30)
		whole := fit(t, o)
		o.Epochs = new(20)
		half := fit(t, o)
		both := goOn(t, half, learn.Options{Epochs: new(10)}, saved)
		if half.State().Epoch == 20 {
			t.Fatal("the best epoch is the last: the test shows nothing")
		}
		if both.Digest() != whole.Digest() || both.Fingerprint() != whole.Fingerprint() || both.BestEpoch() != whole.BestEpoch() || both.Epochs().Len() != whole.Epochs().Len() {
			t.Errorf("saved %t: best epochs %d and %d of %d and %d, fingerprints %s and %s", saved, both.BestEpoch(), whole.BestEpoch(), both.Epochs().Len(), whole.Epochs().Len(), both.Fingerprint(), whole.Fingerprint())
		}
		if none := goOn(t, half, learn.Options{Epochs: new(0)}, saved); none.Digest() != half.Digest() {
			t.Error("no more epochs give another model")
		}
	}
}

func TestHorizonLaysSchedulesOverAllParts(t *testing.T) {
	o := species(dense(16, "relu"), nn.Dropout{Rate: cosine(0.5)}, nn.Output{})
	o.Optimizer = must(nn.NewOptimizer("adamw", map[string]nn.Schedule{"lr": must(nn.NewSchedule("one_cycle", map[string]float64{"peak": 0.01})), "weight_decay": cosine(0.1)}))
	o.Epochs = new(20)
	whole := fit(t, o)
	o.Epochs, o.Horizon = new(10), new(20)
	half := fit(t, o)
	for _, saved := range []bool{false, true} {
		both := goOn(t, half, learn.Options{Epochs: new(10)}, saved)
		if both.Digest() != whole.Digest() || both.Fingerprint() != whole.Fingerprint() {
			t.Errorf("10 epochs of a horizon of 20 and 10 more are not 20: %s, %s", both.Fingerprint(), whole.Fingerprint())
		}
	}
	if !strings.Contains(half.Recipe(), "epochs=10, horizon=20") || strings.Contains(whole.Recipe(), "horizon") {
		t.Errorf("recipes\n%s%s", half.Recipe(), whole.Recipe())
	}
	o.Horizon = nil
	short := fit(t, o)
	both := goOn(t, short, learn.Options{Epochs: new(10)}, false)
	if both.Fingerprint() == whole.Fingerprint() || !strings.Contains(strings.Join(both.Notes(), "\n"), "horizon=20 from the beginning") {
		t.Errorf("schedules laid over 10 and then over 20 epochs pass for one course: %v", both.Notes())
	}
}

// TestSchedulesOfEpochsNeedNoHorizon goes on where rates depend on the epoch alone.
func TestSchedulesOfEpochsNeedNoHorizon(t *testing.T) {
	o := species(dense(4, "relu"), nn.Output{})
	o.Optimizer = must(nn.NewOptimizer("sgd", map[string]nn.Schedule{"lr": must(nn.NewSchedule("exponential", map[string]float64{"start": 0.1}))}))
	o.Epochs = new(6)
	whole := fit(t, o)
	o.Epochs = new(3)
	both := goOn(t, fit(t, o), learn.Options{Epochs: new(3)}, false)
	if both.Digest() != whole.Digest() || both.Fingerprint() != whole.Fingerprint() || len(both.Notes()) != len(whole.Notes()) {
		t.Errorf("3 epochs and 3 more are not 6: %s, %s, notes %v", both.Fingerprint(), whole.Fingerprint(), both.Notes())
	}
}

func cosine(v float64) nn.Schedule {
	return must(nn.NewSchedule("cosine", map[string]float64{"start": v}))
}

func TestFingerprintsTellHowAModelCameAbout(t *testing.T) {
	o := species(dense(8, "relu"), nn.Output{})
	o.Epochs = new(20)
	whole := fit(t, o)
	prints := map[learn.Fingerprint]string{whole.Fingerprint(): "20 epochs"}
	add := func(name string, m *learn.Model) {
		t.Helper()
		if other, ok := prints[m.Fingerprint()]; ok {
			t.Errorf("%s and %s have one fingerprint", name, other)
		}
		prints[m.Fingerprint()] = name
	}
	stopping := o
	stopping.OnEpoch = func(e learn.Epoch, _ []string) (bool, error) { return e.Epoch == 10, nil }
	half := fit(t, stopping)
	add("stopped at 10", half)
	if both := goOn(t, half, learn.Options{Epochs: new(10)}, true); both.Fingerprint() != whole.Fingerprint() || both.Digest() != whole.Digest() {
		t.Error("a training that was stopped and went on is not the whole one")
	}
	other := goOn(t, half, learn.Options{Epochs: new(10), Optimizer: nn.Adam(0.1), Horizon: new(0)}, true)
	add("10 at one rate and 10 at another", other)
	add("the same, and 5 more", goOn(t, other, learn.Options{Epochs: new(5)}, false))
	want := "epochs=10, optimizer=adam(lr=0.01), seed=0)\nm = fit(m, data, epochs=10, optimizer=adam(lr=0.1))\n"
	if !strings.Contains(other.Recipe(), want) {
		t.Errorf("recipe\n%s\nwants\n%s", other.Recipe(), want)
	}
	less, err := learn.FitOn(t.Context(), half, learn.Options{Data: penguins().Head(200), Epochs: new(10)})
	if err != nil || !strings.Contains(less.Recipe(), "m = fit(m, data_2, epochs=10)") {
		t.Errorf("%v\n%s", err, less.Recipe())
	}
	add("other rows", less)

	ctx, cancel := context.WithCancel(t.Context())
	o.OnEpoch = func(e learn.Epoch, _ []string) (bool, error) {
		if e.Epoch == 12 {
			cancel()
		}
		return false, nil
	}
	cut, err := learn.Fit(ctx, o)
	if err != nil || cut.Stopped() != learn.Interrupted {
		t.Fatal(err, cut.Stopped())
	}
	add("interrupted", cut)
	if both := goOn(t, cut, learn.Options{Epochs: new(8)}, false); both.Fingerprint() != whole.Fingerprint() || both.Digest() != whole.Digest() {
		t.Error("a training that was interrupted and went on is not the whole one")
	}
}

func TestOptionsThatNameNothingAreErrors(t *testing.T) {
	for _, c := range []struct {
		want   string
		change func(o *learn.Options)
	}{
		{`sample_weight: no column "w"`, func(o *learn.Options) { o.SampleWeight = "w" }},
		{`positive="Gentoo" is for a target of classes`, func(o *learn.Options) { o.Target, o.Positive = []string{"body_mass_g"}, "Gentoo" }},
	} {
		o := species(dense(4, "relu"), nn.Output{})
		c.change(&o)
		if _, err := learn.Fit(t.Context(), o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want %q", err, c.want)
		}
	}
}

func TestAValidationTableIsNotInTheFile(t *testing.T) {
	o := species(dense(4, "relu"), nn.Output{})
	o.Validation.Table = penguins().Head(50)
	m := goOn(t, fit(t, o), learn.Options{Epochs: new(1)}, true)
	if s := strings.Join(m.Notes(), "\n"); !strings.Contains(s, "give validation= again") {
		t.Error(s)
	}
	o.EarlyStopping = new(5)
	var b bytes.Buffer
	if err := fit(t, o).Encode(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := learn.FitOn(t.Context(), must(learn.Decode(b.Bytes())), learn.Options{Data: penguins()}); err == nil || !strings.Contains(err.Error(), "give validation= again") {
		t.Errorf("error %v", err)
	}
}

// scoredEpochs are those whose metrics are known.
func scoredEpochs(m *learn.Model) (out []int) {
	for e := range m.Epochs().All() {
		if e.Metrics != nil {
			out = append(out, e.Epoch)
		}
	}
	return out
}

// TestGoingOnScoresAsAskedFor: metrics asked for once are scored after every
// epoch of the trainings that go on, too.
func TestGoingOnScoresAsAskedFor(t *testing.T) {
	o := species(dense(4, "tanh"), nn.Output{})
	o.Epochs, o.Metrics = new(30), []string{"accuracy"}
	asked := fit(t, o)
	o.Metrics = nil
	unasked := fit(t, o)
	for _, saved := range []bool{false, true} {
		if got := len(scoredEpochs(goOn(t, asked, learn.Options{Epochs: new(30)}, saved))); got != 60 {
			t.Errorf("saved %t: metrics of %d of 60 epochs", saved, got)
		}
	}
	if got := len(scoredEpochs(goOn(t, unasked, learn.Options{Epochs: new(30)}, false))); got >= 60 {
		t.Errorf("metrics of %d of 60 epochs, though nobody asked", got)
	}
}

// TestGoingOnOtherwiseLosesNothing: a training that scores and records less
// leaves what was known before.
func TestGoingOnOtherwiseLosesNothing(t *testing.T) {
	o := species(dense(4, "tanh"), nn.Output{})
	o.Epochs, o.Record = new(16), []string{"activations"}
	m := fit(t, o)
	on := goOn(t, m, learn.Options{Epochs: new(8), Record: []string{"none"}}, false)
	known, still := scoredEpochs(m), scoredEpochs(on)
	if want := append(known[:len(known)-1:len(known)-1], 24); !slices.Equal(still, want) {
		t.Errorf("metrics of epochs %v, want %v", still, want)
	}
	if got, want := len(on.Recordings()), len(m.Recordings())-1; got != want {
		t.Errorf("%d recordings, want %d: all but that of the end, which is none any more", got, want)
	}
}

// TestGoingOnWithAnotherSeedKeepsTheValidationRows: else rows that the model has
// learnt from would be watched.
func TestGoingOnWithAnotherSeedKeepsTheValidationRows(t *testing.T) {
	o := species(dense(8, "tanh"), nn.Output{})
	o.Validation.Share, o.Seed = 0.5, new(uint64(1))
	m := fit(t, o)
	for _, saved := range []bool{false, true} {
		on := m
		for _, seed := range []uint64{9, 10, 1} {
			on = goOn(t, on, learn.Options{Epochs: new(2), Seed: &seed}, saved)
			if on.Fingerprint().Data != m.Fingerprint().Data || strings.Contains(on.Recipe(), "data_2") {
				t.Errorf("saved %t, seed %d: other rows:\n%s", saved, seed, on.Recipe())
			}
		}
		same := goOn(t, m, learn.Options{Epochs: new(2), Seed: new(uint64(9)), Validation: learn.Validation{Share: 0.5}}, saved)
		if left := goOn(t, m, learn.Options{Epochs: new(2), Seed: new(uint64(9))}, saved); same.Fingerprint() != left.Fingerprint() {
			t.Errorf("the model's own share draws other rows than none: %s, %s", same.Fingerprint(), left.Fingerprint())
		}
		if other := goOn(t, m, learn.Options{Epochs: new(2), Validation: learn.Validation{Share: 0.4}}, saved); other.Fingerprint().Data == m.Fingerprint().Data {
			t.Error("another share draws the same rows")
		}
	}
}

// TestGoingOnWithoutValidation trains on all rows again, unless early stopping
// watches some.
func TestGoingOnWithoutValidation(t *testing.T) {
	o := species(dense(4, "tanh"), nn.Output{})
	o.EarlyStopping = new(3)
	m, none := fit(t, o), learn.Validation{None: true}
	if _, err := learn.FitOn(t.Context(), m, learn.Options{Data: penguins(), Validation: none}); err == nil || !strings.Contains(err.Error(), "early_stopping=None") {
		t.Errorf("early stopping without rows to watch: %v", err)
	}
	if on := goOn(t, m, learn.Options{Epochs: new(2), Validation: none, EarlyStopping: new(0)}, false); on.Rows().Validation != 0 {
		t.Errorf("without early stopping %d rows are watched", on.Rows().Validation)
	}
	for _, v := range []learn.Validation{{Share: 0.3}, {Table: penguins().Head(50)}} {
		o := species(dense(4, "tanh"), nn.Output{})
		o.Validation = v
		on := goOn(t, fit(t, o), learn.Options{Epochs: new(2), Validation: learn.Validation{None: true}}, false)
		last := on.Epochs().At(on.Epochs().Len() - 1)
		if rows := on.Rows(); rows.Train != 344 || rows.Validation != 0 || last.ValLoss == last.ValLoss || !strings.Contains(on.Recipe(), "validation=0") {
			t.Errorf("%+v: %+v, last validation loss %v\n%s", v, rows, last.ValLoss, on.Recipe())
		}
	}
}

// TestValidationIsScoredOften: the pass over validation rows is made anyway, so
// that their metrics are known of most epochs, and of the same ones where a
// training goes on.
func TestValidationIsScoredOften(t *testing.T) {
	o := species(dense(64, "relu"), dense(64, "relu"), nn.Output{})
	o.Epochs, o.Validation.Share = new(40), 0.2
	known := func(m *learn.Model) (train, valid []int) {
		for e := range m.Epochs().All() {
			if e.Metrics != nil {
				train = append(train, e.Epoch)
			}
			if e.ValMetrics != nil {
				valid = append(valid, e.Epoch)
			}
		}
		return train, valid
	}
	train, valid := known(fit(t, o))
	if len(valid) < 25 || len(train) >= len(valid) || train[len(train)-1] != 40 || valid[len(valid)-1] != 40 {
		t.Errorf("metrics of training rows at %v, of validation rows at %v", train, valid)
	}
	o.Epochs = new(20)
	train20, valid20 := known(goOn(t, fit(t, o), learn.Options{Epochs: new(20)}, true))
	if !slices.Equal(train20, train) || !slices.Equal(valid20, valid) {
		t.Errorf("20 and 20 epochs: metrics of training rows at %v, of validation rows at %v; want %v and %v", train20, valid20, train, valid)
	}
}
