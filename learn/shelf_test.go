package learn_test

import (
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"
	"weak"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// onShelf are options for a training of a moment.
func onShelf(s *learn.Shelf, t *table.Table) learn.Options {
	return learn.Options{Net: nn.Chain(dense(3, "relu"), nn.Output{}), Data: t, Target: []string{"species"}, Epochs: new(1), Shelf: s}
}

// withNumbers is the penguins with a column of weights, and without the rows
// that have no sex.
func withNumbers(t *testing.T) *table.Table {
	all := must(penguins().DropMissing("sex"))
	w := make([]float64, all.Len())
	for i := range w {
		w[i] = float64(1 + i%3)
	}
	return must(all.Assign(table.Numbers("w", w)))
}

// TestShelfChangesNothing trains in all ways on one shelf, twice, and without.
func TestShelfChangesNothing(t *testing.T) {
	data, shelf := withNumbers(t), new(learn.Shelf)
	other := must(data.Sample(60, 1))
	kept := fit(t, onShelf(nil, other)).Prep()
	ways := map[string]func(o *learn.Options){
		"default":        func(*learn.Options) {},
		"another net":    func(o *learn.Options) { o.Net = nn.Chain(dense(5, "tanh"), nn.Output{}) },
		"features":       func(o *learn.Options) { o.Features = []string{"bill_length_mm", "island"} },
		"exclude":        func(o *learn.Options) { o.Exclude = []string{"year"} },
		"no prep":        func(o *learn.Options) { o.NoPrep = true },
		"kept":           func(o *learn.Options) { o.Prep = table.Kept{Fitted: kept} },
		"standardize":    func(o *learn.Options) { o.Prep = table.Standardize{} },
		"share":          func(o *learn.Options) { o.Validation.Share = 0.2 },
		"share, seed 1":  func(o *learn.Options) { o.Validation.Share, o.Seed = 0.2, new(uint64(1)) },
		"seed 1":         func(o *learn.Options) { o.Seed = new(uint64(1)) },
		"table":          func(o *learn.Options) { o.Validation.Table = other },
		"early":          func(o *learn.Options) { o.EarlyStopping = new(3) },
		"balanced":       func(o *learn.Options) { o.ClassWeight.Balanced = true },
		"weights":        func(o *learn.Options) { o.ClassWeight.By = map[string]float64{"Gentoo": 2} },
		"other weights":  func(o *learn.Options) { o.ClassWeight.By = map[string]float64{"Gentoo": 3} },
		"sample weights": func(o *learn.Options) { o.SampleWeight = "w" },
		"another target": func(o *learn.Options) { o.Target = []string{"sex"} },
		"positive":       func(o *learn.Options) { o.Target, o.Positive = []string{"sex"}, "female" },
		"softmax": func(o *learn.Options) {
			o.Target, o.Net = []string{"sex"}, nn.Chain(nn.Output{Dense: nn.Dense{Units: 2, Activation: nn.Act("softmax")}})
		},
		"number":  func(o *learn.Options) { o.Target = []string{"body_mass_g"} },
		"numbers": func(o *learn.Options) { o.Target = []string{"body_mass_g", "bill_depth_mm"} },
		"sigmoid": func(o *learn.Options) {
			o.Target, o.Net = []string{"body_mass_g"}, nn.Chain(nn.Output{Dense: dense(1, "sigmoid")})
		},
		"huber": func(o *learn.Options) {
			o.Target, o.Loss = []string{"body_mass_g"}, must(nn.NewLoss("huber", nil))
		},
	}
	for name, way := range ways {
		for again := range 2 {
			o := onShelf(shelf, data)
			way(&o)
			shelved := fit(t, o)
			o.Shelf = nil
			alone := fit(t, o)
			if shelved.Digest() != alone.Digest() || shelved.Fingerprint() != alone.Fingerprint() || shelved.Rows() != alone.Rows() || !slices.Equal(shelved.Notes(), alone.Notes()) {
				t.Errorf("%s, time %d: %v %v %v\n%q\nwithout a shelf %v %v %v\n%q", name, again+1, shelved.Digest(), shelved.Fingerprint(), shelved.Rows(), shelved.Notes(),
					alone.Digest(), alone.Fingerprint(), alone.Rows(), alone.Notes())
			}
			goneOn := func(s *learn.Shelf) *learn.Model {
				return must(learn.FitOn(t.Context(), shelved, learn.Options{Data: data, Shelf: s}))
			}
			a, b := goneOn(shelf), goneOn(nil)
			if a.Digest() != b.Digest() || a.Fingerprint() != b.Fingerprint() || !slices.Equal(a.Notes(), b.Notes()) {
				t.Errorf("%s, going on: %v %v %q, without a shelf %v %v %q", name, a.Digest(), a.Fingerprint(), a.Notes(), b.Digest(), b.Fingerprint(), b.Notes())
			}
		}
	}
}

// TestShelfIsUsed: trainings that see the same rows share one preparation.
func TestShelfIsUsed(t *testing.T) {
	data, shelf := penguins(), new(learn.Shelf)
	train := func(change func(o *learn.Options)) *table.Fitted {
		o := onShelf(shelf, data)
		change(&o)
		return fit(t, o).Prep()
	}
	first := train(func(*learn.Options) {})
	if train(func(o *learn.Options) { o.Net, o.Seed = nn.Chain(dense(9, "tanh"), nn.Output{}), new(uint64(7)) }) != first {
		t.Error("another network saw the same rows, which were made ready anew")
	}
	if train(func(o *learn.Options) {
		o.Features = slices.DeleteFunc(data.Columns(), func(name string) bool { return name == "species" })
	}) != first {
		t.Error("the same features by their names saw rows made ready anew")
	}
	if train(func(o *learn.Options) { o.Features = []string{"year"} }) == first {
		t.Error("other features were taken for the same rows")
	}
	if train(func(o *learn.Options) { o.Validation.Share = 0.5 }) == first {
		t.Error("half of the rows were taken for all")
	}
	if train(func(o *learn.Options) { o.Data = penguins() }) == first {
		t.Error("another table was taken for the same")
	}
	for _, rows := range []int{50, 100} {
		kept := fit(t, onShelf(nil, must(data.Sample(rows, 1)))).Prep()
		if train(func(o *learn.Options) { o.Prep = table.Kept{Fitted: kept} }) != kept {
			t.Errorf("the preparation learnt from %d rows was taken for another", rows)
		}
	}
	for k := range 8 {
		train(func(o *learn.Options) { o.Validation.Share = float64(k+1) / 10 })
	}
	if train(func(*learn.Options) {}) == first {
		t.Error("the shelf holds more than it should")
	}
}

// TestShelfKnowsDraws: going on with another seed keeps the validation rows, unless
// they were given up in between.
func TestShelfKnowsDraws(t *testing.T) {
	data, shelf := penguins(), new(learn.Shelf)
	half, none := learn.Validation{Share: 0.5}, learn.Validation{None: true}
	o := onShelf(shelf, data)
	o.Validation, o.Seed = half, new(uint64(1))
	m := fit(t, o)
	on := func(m *learn.Model, v learn.Validation) *learn.Model {
		return must(learn.FitOn(t.Context(), m, learn.Options{Data: data, Shelf: shelf, Epochs: new(1), Seed: new(uint64(9)), Validation: v}))
	}
	was := m.Fingerprint().Data
	if kept := on(m, half).Fingerprint().Data; kept != was {
		t.Error("going on drew other rows")
	}
	if anew := on(on(m, none), half).Fingerprint().Data; anew == was {
		t.Error("rows drawn by another seed were taken for the same")
	}
}

// TestShelfWarnsAgain: what is wrong with the rows is said each time.
func TestShelfWarnsAgain(t *testing.T) {
	constant := must(penguins().Assign(table.Numbers("one", make([]float64, 344))))
	o := onShelf(new(learn.Shelf), constant)
	said := 0
	o.Warn = func(ws []table.Warning) {
		if len(ws) == 1 && ws[0].Name == table.WarnConstant {
			said++
		}
		ws[0].Message = "changed"
	}
	a, b := fit(t, o), fit(t, o)
	if said != 2 || !slices.Equal(a.Notes(), b.Notes()) || slices.Contains(b.Notes(), "changed") {
		t.Errorf("warned %d times, want 2; notes %q, then %q", said, a.Notes(), b.Notes())
	}
}

// TestShelfKeepsErrorsApart: of two trials on the same rows that one has the
// error whose network does not suit the target, whoever comes first.
func TestShelfKeepsErrorsApart(t *testing.T) {
	good := onShelf(nil, penguins())
	bad := good
	bad.Net = nn.Chain(nn.Output{Dense: nn.Dense{Units: 5}})
	for range 20 {
		if _, errs := learn.FitAll(t.Context(), []learn.Options{good, bad}, nil); errs[0] != nil || errs[1] == nil {
			t.Fatalf("errors %v", errs)
		}
	}
}

// TestShelfLetsGo: rows of a table live as long as the table.
func TestShelfLetsGo(t *testing.T) {
	shelf := new(learn.Shelf)
	data := penguins()
	prep := weak.Make(fit(t, onShelf(shelf, data)).Prep())
	runtime.GC()
	if prep.Value() == nil {
		t.Error("the rows went while the table is there")
	}
	runtime.KeepAlive(data)
	data = nil
	for begun := time.Now(); prep.Value() != nil; {
		runtime.GC() // cleanups run beside it
		if time.Since(begun) > 10*time.Second {
			t.Fatal("the rows stay though the table is gone")
		}
	}
	runtime.KeepAlive(shelf)
}

// TestShelfFromManySides: trainings side by side get the same rows.
func TestShelfFromManySides(t *testing.T) {
	data, shelf := penguins(), new(learn.Shelf)
	models := make([]*learn.Model, 8)
	var wg sync.WaitGroup
	for i := range models {
		wg.Go(func() {
			o := onShelf(shelf, data)
			o.Validation.Share = float64(1+i%4) / 10
			models[i] = must(learn.Fit(t.Context(), o))
			if i%4 == 0 {
				learn.FitAll(t.Context(), []learn.Options{o, o, onShelf(shelf, data)}, nil)
			}
		})
	}
	wg.Wait()
	for i, m := range models[:4] {
		if m.Digest() != models[i+4].Digest() || m.Fingerprint() != models[i+4].Fingerprint() {
			t.Errorf("two equal trainings gave %v and %v", m.Fingerprint(), models[i+4].Fingerprint())
		}
	}
}
