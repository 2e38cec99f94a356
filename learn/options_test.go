package learn_test

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// size is the norm of all weights of a layer.
func size(t *testing.T, m *learn.Model, layer string) float64 {
	w, err := m.Weights(layer)
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for _, v := range w.W {
		sum += v * v
	}
	return math.Sqrt(sum)
}

// TestEveryOptionHasAnEffect trains with and without each option.
func TestEveryOptionHasAnEffect(t *testing.T) {
	base := species(dense(8, "relu"), nn.Output{})
	weighted := must(penguins().Assign(table.Numbers("w", slices.Concat(slices.Repeat([]float64{1}, 200), slices.Repeat([]float64{0}, 144)))))
	heavy := must(penguins().Assign(table.Numbers("w", slices.Repeat([]float64{1000}, 344))))
	plain := fit(t, base)
	for name, change := range map[string]func(o *learn.Options){
		"batch_size":    func(o *learn.Options) { o.BatchSize = new(0) },
		"optimizer":     func(o *learn.Options) { o.Optimizer = nn.SGD(0.1) },
		"loss":          func(o *learn.Options) { o.Loss = nn.Loss{Name: "focal", Param: 2} },
		"l1":            func(o *learn.Options) { o.L1 = new(0.01) },
		"l2":            func(o *learn.Options) { o.L2 = new(0.1) },
		"class_weight":  func(o *learn.Options) { o.ClassWeight.Balanced = true },
		"class weights": func(o *learn.Options) { o.ClassWeight.By = map[string]float64{"Adelie": 5} },
		"sample_weight": func(o *learn.Options) { o.Data, o.SampleWeight = weighted, "w" },
		"prep":          func(o *learn.Options) { o.Prep = table.Standardize{} },
		"no prep":       func(o *learn.Options) { o.NoPrep = true },
		"clip_norm":     func(o *learn.Options) { o.ClipNorm = new(0.01) },
		"shuffle":       func(o *learn.Options) { o.Shuffle = new(false) },
		"seed":          func(o *learn.Options) { o.Seed = new(uint64(9)) },
		"features":      func(o *learn.Options) { o.Features = []string{"bill_length_mm", "bill_depth_mm"} },
		"exclude":       func(o *learn.Options) { o.Exclude = []string{"island"} },
		"validation":    func(o *learn.Options) { o.Validation.Share = 0.3 },
	} {
		o := base
		change(&o)
		m := fit(t, o)
		if m.Digest() == plain.Digest() || m.Fingerprint() == plain.Fingerprint() {
			t.Errorf("%s changes nothing", name)
		}
		if name == "l2" && size(t, m, "dense_1") >= size(t, plain, "dense_1") {
			t.Errorf("l2 does not make weights smaller")
		}
	}
	for name, change := range map[string]func(o *learn.Options){
		"record":           func(o *learn.Options) { o.Record = []string{"activations", "gradients"} },
		"validation table": func(o *learn.Options) { o.Validation.Table = penguins() },
		"metrics":          func(o *learn.Options) { o.Metrics = []string{"auc", "log_loss"} },
		"equal weights":    func(o *learn.Options) { o.Data, o.SampleWeight = heavy, "w" },
		"the same for all": func(o *learn.Options) {
			o.ClassWeight.By = map[string]float64{"Adelie": 20, "Chinstrap": 20, "Gentoo": 20}
		},
		"on_epoch": func(o *learn.Options) { o.OnEpoch = func(learn.Epoch, []string) (bool, error) { return false, nil } },
	} {
		o := base
		change(&o)
		if m := fit(t, o); m.Digest() != plain.Digest() {
			t.Errorf("%s changes the weights", name)
		}
	}
}

func TestRecordIsWhatWasAskedFor(t *testing.T) {
	o := species(dense(8, "relu"), nn.Output{})
	o.Record = []string{"none"}
	if r := fit(t, o).Recordings(); r != nil {
		t.Errorf("%d recordings", len(r))
	}
	o.Record = []string{"activations"}
	r := fit(t, o).Recordings()
	if len(r) != 9 || len(r[3].Layers) != 2 || r[3].Layers[0].Layer != "dense_1" || r[3].Layers[0].Std <= 0 || r[3].Blocks[0].Values.Counts != nil {
		t.Errorf("%+v", r[3])
	}
}

func TestValidationIsStratified(t *testing.T) {
	o := species(nn.Output{})
	o.Validation.Share = 0.25
	if r := fit(t, o).Rows(); r.Train != 258 || r.Validation != 86 {
		t.Errorf("%+v", r)
	}
	o.Validation.Table = penguins()
	o.Validation.Share = 0
	if notes := strings.Join(fit(t, o).Notes(), "\n"); !strings.Contains(notes, "344 of 344") {
		t.Errorf("no warning of rows on both sides:\n%s", notes)
	}
}

func TestPositiveClass(t *testing.T) {
	o := species(dense(4, "relu"), nn.Output{})
	o.Target, o.Positive = []string{"sex"}, "female"
	m := fit(t, o)
	if c := m.Classes(); c[1] != "female" {
		t.Errorf("classes %v", c)
	}
	p := must(m.Probabilities(t.Context(), penguins().Head(5)))
	if !slices.Equal(p.Table.Columns(), []string{"male", "female"}) {
		t.Errorf("columns %v", p.Table.Columns())
	}
}

func TestAutoencoder(t *testing.T) {
	names := []string{"bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g"}
	m := fit(t, learn.Options{Net: nn.Chain(dense(2, "linear"), nn.Output{}), Data: must(penguins().DropMissing(names...)), Target: names, Features: names, Optimizer: nn.Adam(0.02)})
	if r2 := score(t, m, penguins(), "r2"); r2 < 0.7 {
		t.Errorf("two units keep only %v of four columns", r2)
	}
}

func TestSigmoidOutputsAreNotStandardised(t *testing.T) {
	y := []float64{0.2, 0.4, 0.6, 0.8}
	data := must(table.New(table.Numbers("x", []float64{-1, 0, 1, 2}), table.Numbers("y", y)))
	m := fit(t, learn.Options{Net: nn.Chain(nn.Output{Dense: dense(0, "sigmoid")}), Data: data, Target: []string{"y"}, Optimizer: nn.Adam(0.05)})
	if e := score(t, m, data, "mae"); e > 0.05 {
		t.Errorf("mae %v", e)
	}
}

func TestInterruptedInTheMiddleOfAnEpoch(t *testing.T) {
	d := must(table.Dataset("digits", table.DatasetOptions{}))
	o := learn.Options{Net: nn.Chain(dense(64, "relu"), nn.Output{}), Data: d, Target: []string{"digit"}, Epochs: new(3)}
	whole := fit(t, o)
	ctx, cancel := context.WithCancel(t.Context())
	o.Progress = func(p learn.Progress) {
		if p.Step > 80 {
			cancel()
		}
	}
	cut, err := learn.Fit(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	if cut.Stopped() != learn.Interrupted {
		t.Skip("the training was over before its first report")
	}
	s := cut.State()
	on, err := learn.FitOn(t.Context(), cut, learn.Options{Data: d, Epochs: new(3 - s.Epoch)})
	if err != nil {
		t.Fatal(err)
	}
	if on.Digest() != whole.Digest() {
		t.Errorf("interrupted in epoch %d at batch %d and gone on: other bits", s.Epoch, s.Batch)
	}
}

func TestProgressArrives(t *testing.T) {
	var last learn.Progress
	o := species(dense(8, "relu"), nn.Output{})
	o.Progress = func(p learn.Progress) {
		if p.Step < last.Step || p.Epoch > p.Epochs {
			t.Errorf("%+v after %+v", p, last)
		}
		last = p
	}
	m := fit(t, o)
	if !last.Done || last.Epoch != 8 || last.History.Len() != 8 || last.Device != "reference" {
		t.Errorf("last progress %+v", last)
	}
	if m.Volatile().Wall <= 0 {
		t.Error("no time was taken")
	}
}
