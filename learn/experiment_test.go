package learn_test

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// species is a training on penguins.
func species(parts ...nn.Part) learn.Options {
	return learn.Options{Net: nn.Chain(parts...), Data: penguins(), Target: []string{"species"}, Epochs: new(8), Optimizer: nn.Adam(0.01)}
}

func TestReplicasAreSingleTrainings(t *testing.T) {
	var trials []learn.Options
	for i := range 6 {
		o := species(dense(4+i%2, "tanh"), nn.Dropout{Rate: nn.Constant(0.1)}, nn.Output{})
		o.Seed = new(uint64(i))
		o.Validation.Share = 0.2
		if i == 5 {
			o.EarlyStopping = new(2)
		}
		trials = append(trials, o)
	}
	models, errs := learn.FitAll(t.Context(), trials, nil)
	for i, o := range trials {
		if errs[i] != nil {
			t.Fatal(errs[i])
		}
		single := fit(t, o)
		a, b := slices.Collect(single.Epochs().All()), slices.Collect(models[i].Epochs().All())
		if single.Digest() != models[i].Digest() || len(a) != len(b) || a[len(a)-1].Loss != b[len(b)-1].Loss || a[len(a)-1].ValLoss != b[len(b)-1].ValLoss {
			t.Errorf("trial %d: replica %s, alone %s", i, models[i].Digest(), single.Digest())
		}
	}
}

func TestExperimentsDoNotDependOnThreads(t *testing.T) {
	texts := make([]string, 2)
	for i := range texts {
		before := runtime.GOMAXPROCS(i + 1)
		x, err := learn.Compare(t.Context(), []learn.Trial{
			{Name: "wide", Options: species(dense(16, "relu"), nn.Output{})},
			{Name: "narrow", Options: species(dense(2, "relu"), nn.Output{})},
		}, 3, nil)
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		if err := x.Runs.EncodeCSV(&b); err != nil {
			t.Fatal(err)
		}
		texts[i] = b.String()
		if x.Runs.Len() != 6 || x.Summary.Len() != 2 || x.Trials[x.Best()] != "wide" {
			t.Errorf("best is %s\n%s", x.Trials[x.Best()], x.Summary)
		}
	}
	if texts[0] != texts[1] {
		t.Errorf("one thread gives\n%s\ntwo give\n%s", texts[0], texts[1])
	}
}

func TestCrossValidation(t *testing.T) {
	o := species(dense(16, "relu"), nn.Output{})
	o.Epochs = new(40)
	var done []int
	x, err := learn.CrossValidate(t.Context(), o, 5, table.FoldOptions{}, func(p learn.Progress) { done = append(done, p.Trained) })
	if err != nil {
		t.Fatal(err)
	}
	if x.Runs.Len() != 5 || x.Score[0] < 0.95 || !(x.Spread[0] < 0.05) || x.Metric != "accuracy" {
		t.Errorf("%s", x.Runs)
	}
	if len(done) == 0 || done[len(done)-1] != 5 || !slices.IsSorted(done) {
		t.Errorf("progress %v", done)
	}
}

func TestSweep(t *testing.T) {
	axes := []learn.Axis{{Name: "units", Values: []string{"1", "8"}}, {Name: "lr", Values: []string{"0.001", "0.01", "0.1"}}}
	var points []learn.Point
	for _, at := range learn.Grid(axes) {
		o := species(dense([]int{1, 8}[at[0]], "relu"), nn.Output{})
		o.Optimizer = nn.Adam([]float64{0.001, 0.01, 0.1}[at[1]])
		points = append(points, learn.Point{At: at, Options: o})
	}
	x, err := learn.Sweep(t.Context(), axes, points, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if x.Summary.Len() != 6 || x.Summary.At(0).Type() != table.Number || len(x.At) != 6 || x.Trials[5] != "units=8, lr=0.1" {
		t.Errorf("%v\n%s", x.Trials, x.Summary)
	}
}

func TestEnsemble(t *testing.T) {
	e, err := learn.FitEnsemble(t.Context(), species(dense(6, "relu"), nn.Output{}), 4, nil)
	if err != nil {
		t.Fatal(err)
	}
	all := must(e.Evaluate(t.Context(), penguins()))
	single := score(t, e.Models[0], penguins(), "log_loss")
	if loss := must(all.Get("log_loss")); loss > 1.2*single {
		t.Errorf("log loss of the ensemble %v, of its first member %v", loss, single)
	}
	s, err := e.Spread(t.Context(), penguins())
	if err != nil || s.Networks != 4 || s.Table.Len() != 344 {
		t.Errorf("%v", err)
	}
	if p := must(e.Predict(t.Context(), penguins())); p.Table.Columns()[0] != "species" {
		t.Errorf("%v", p)
	}
}

// TestFindLRIsNotMisledByFirstBatches looks for a rate where the losses of the
// first batches differ much by chance.
func TestFindLRIsNotMisledByFirstBatches(t *testing.T) {
	o := species(dense(64, "relu"), nn.Dropout{Rate: nn.Constant(0.5)}, dense(64, "relu"), nn.Dropout{Rate: nn.Constant(0.5)}, nn.Output{})
	for _, target := range []string{"species", "body_mass_g"} {
		for seed := range uint64(6) {
			o.Target, o.Seed = []string{target}, &seed
			r, err := learn.FindLR(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			if r.Suggestion < 1e-4 {
				t.Errorf("%s, seed %d: %v is suggested", target, seed, r.Suggestion)
			}
		}
	}
}

func TestFindLR(t *testing.T) {
	r, err := learn.FindLR(t.Context(), species(dense(32, "relu"), nn.Output{}))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(r.Loss); n < 50 || len(r.Rates) != n || len(r.Smooth) != n || !slices.IsSorted(r.Rates) {
		t.Errorf("%d steps", n)
	}
	if r.Suggestion < 1e-4 || r.Suggestion > 0.3 {
		t.Errorf("suggestion %v", r.Suggestion)
	}
}

func TestExperimentsCanBeInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := learn.CrossValidate(ctx, species(nn.Output{}), 5, table.FoldOptions{}, nil); err == nil {
		t.Error("a cancelled cross-validation gives a result")
	}
}

func TestADivergedTrialIsANote(t *testing.T) {
	wild := species(dense(8, "relu"), nn.Output{})
	wild.Target, wild.Optimizer = []string{"body_mass_g"}, nn.SGD(50)
	tame := wild
	tame.Optimizer = nn.SGD(0.01)
	x, err := learn.Compare(t.Context(), []learn.Trial{{Name: "wild", Options: wild}, {Name: "tame", Options: tame}}, 2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(x.Notes, "\n"), "wild: 2 of 2 trainings diverged") || x.Trials[x.Best()] != "tame" || x.Runs.Len() != 4 {
		t.Errorf("%v\n%s", x.Notes, x.Runs)
	}
}
