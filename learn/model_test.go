package learn_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// dropoutModel is a small classifier with dropout, trained on penguins.
func dropoutModel(t *testing.T) *learn.Model {
	return fit(t, learn.Options{
		Net:  nn.Chain(dense(12, "relu"), nn.Dropout{Rate: nn.Constant(0.5)}, dense(6, "tanh"), nn.Output{}),
		Data: penguins(), Target: []string{"species"}, Epochs: new(30), Optimizer: nn.Adam(0.01), Validation: learn.Validation{Share: 0.25},
	})
}

func TestSummarySaysTheArithmetic(t *testing.T) {
	m := dropoutModel(t)
	s := m.Summary()
	in := len(m.Features())
	if want := in*12 + 12 + 12*6 + 6 + 6*3 + 3; s.Parameters != want || !strings.HasSuffix(s.Arithmetic, "12×6 + 6 + 6×3 + 3 = "+itoa(want)) {
		t.Errorf("%d parameters: %s, want %d", s.Parameters, s.Arithmetic, want)
	}
	if len(s.Layers) != 4 || !strings.Contains(s.Layers[0].Details, "relu, he_normal") || !strings.Contains(s.Layers[1].Details, "drops 0.5") {
		t.Errorf("layers %+v", s.Layers)
	}
	var names []string
	for _, f := range s.Facts {
		names = append(names, f.Name)
	}
	for _, want := range []string{"loss", "optimiser", "epochs", "stopped", "best epoch", "validation loss", "validation accuracy", "fingerprint"} {
		if !slices.Contains(names, want) {
			t.Errorf("no fact %q in %v", want, names)
		}
	}
}

func itoa(n int) string { return table.FormatNumber(float64(n)) }

func TestWeightsAndHistory(t *testing.T) {
	m := dropoutModel(t)
	w, err := m.Weights("dense_1")
	if err != nil || w.Units != 12 || len(w.W) != 12*w.Inputs || len(w.B) != 12 {
		t.Errorf("%v: %d × %d with %d biases", err, w.Units, w.Inputs, len(w.B))
	}
	if _, err := m.Weights("dense_9"); err == nil || !strings.Contains(err.Error(), "dense_1, dense_2, output") {
		t.Errorf("error %v", err)
	}
	h := must(m.History())
	if want := []string{"epoch", "loss", "val_loss", "accuracy", "val_accuracy", "lr", "seconds"}; !slices.Equal(h.Columns(), want) || h.Len() != 30 {
		t.Errorf("history has %d rows of %v", h.Len(), h.Columns())
	}
	r := m.Recordings()
	var epochs []int
	for _, one := range r {
		epochs = append(epochs, one.Epoch)
	}
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 28, 30}; !slices.Equal(epochs, want) {
		t.Fatalf("recorded %v", epochs)
	}
	b := r[len(r)-1].Blocks[0]
	counted := 0
	for _, n := range b.Grads.Counts {
		counted += n
	}
	if b.Name != "dense_1.W" || b.Param <= 0 || b.Grad <= 0 || b.Update <= 0 || len(b.Values.Counts) != 64 || counted != len(w.W) {
		t.Errorf("recorded %+v", b)
	}
}

// TestRecordingsHaveABudget: those of a tiny network make a picture and no more,
// however long it trains.
func TestRecordingsHaveABudget(t *testing.T) {
	for _, epochs := range []int{100, 500, 5000} {
		m := fit(t, learn.Options{Net: nn.Chain(dense(2, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: &epochs, Optimizer: nn.SGD(0.1)})
		if n := len(m.Recordings()); n < 20 || n > 65 {
			t.Errorf("%d recordings of %d epochs", n, epochs)
		}
		if n := m.Epochs().Len(); n != epochs {
			t.Errorf("%d epochs, want %d", n, epochs)
		}
	}
}

func TestThinnedNetworks(t *testing.T) {
	m := dropoutModel(t)
	rows := penguins().Head(40)
	th, err := m.Thinned(t.Context(), rows, 3, 6)
	if err != nil {
		t.Fatal(err)
	}
	if len(th.Says) != 6 || th.Metric != "" && len(th.Scores) != 6 {
		t.Fatalf("%d networks, %d scores", len(th.Says), len(th.Scores))
	}
	for i, mask := range th.Masks {
		if len(mask) != 1 || mask[0].After != "dense_1" || len(mask[0].Keep) != 12 {
			t.Errorf("mask %d: %+v", i, mask)
		}
	}
	// The first network by hand: the mask applied to the trace of the first row.
	tr, err := m.Trace(rows)
	if err != nil {
		t.Fatal(err)
	}
	h := slices.Clone(tr.Steps[0].Y)
	for u, keep := range th.Masks[0][0].Keep {
		if keep {
			h[u] *= 2
		} else {
			h[u] = 0
		}
	}
	second, out := must(m.Weights("dense_2")), must(m.Weights("output"))
	z := product(out, apply(math.Tanh, product(second, h)))
	var sum float64
	for i := range z {
		z[i] = math.Exp(z[i])
		sum += z[i]
	}
	for k, p := range th.Says[0].Row(0) {
		if math.Abs(p-z[k]/sum) > 1e-5 {
			t.Errorf("thinned network says %v for class %d, by hand %v", p, k, z[k]/sum)
		}
	}
}

// product is Wx + b.
func product(w learn.LayerWeights, x []float64) []float64 {
	out := slices.Clone(w.B)
	for u := range out {
		for i, v := range x {
			out[u] += w.W[u*w.Inputs+i] * v
		}
	}
	return out
}

func apply(f func(float64) float64, v []float64) []float64 {
	for i := range v {
		v[i] = f(v[i])
	}
	return v
}

func TestMCDropout(t *testing.T) {
	m := dropoutModel(t)
	rows := must(penguins().DropMissing("bill_length_mm"))
	s, err := m.MCDropout(t.Context(), rows, 50, 1)
	if err != nil {
		t.Fatal(err)
	}
	if s.Metric != "accuracy" || len(s.Scores) != 50 || s.Scores[49] < 0.9 {
		t.Errorf("%s %v", s.Metric, s.Scores)
	}
	again := must(m.MCDropout(t.Context(), rows, 50, 1))
	if !slices.Equal(again.Mean.V, s.Mean.V) {
		t.Error("the same seed gives another mean")
	}
	for _, v := range s.Std.V {
		if !(v >= 0 && v <= 0.6) {
			t.Fatalf("spread %v", v)
		}
	}
	plain := fit(t, learn.Options{Net: nn.Chain(nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: new(1)})
	if _, err := plain.MCDropout(t.Context(), xor(), 5, 0); err == nil || !strings.Contains(err.Error(), "dropout(") {
		t.Errorf("error %v", err)
	}
}

func TestTraceAndGradCheck(t *testing.T) {
	m := dropoutModel(t)
	tr, err := m.Trace(penguins())
	if err != nil || !tr.HasTruth || len(tr.Steps) != 4 || len(tr.Outputs) != 3 {
		t.Fatalf("%v: %+v", err, tr)
	}
	g, err := m.GradCheck(penguins())
	if err != nil || g.Worst > 1e-6 || g.Checked < 100 {
		t.Errorf("%v: worst %v at %s, %d checked", err, g.Worst, g.Where, g.Checked)
	}
	bare := must(penguins().Drop("species"))
	if tr, err = m.Trace(bare); err != nil || tr.HasTruth || tr.Steps[0].DW != nil {
		t.Errorf("a row without target: %v", err)
	}
}

func TestBoundary(t *testing.T) {
	m := fit(t, learn.Options{Net: nn.Chain(dense(8, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: new(100), BatchSize: new(0), Optimizer: nn.Adam(0.05)})
	b, err := m.Boundary(t.Context(), xor(), "x1", "x2", learn.BoundaryOptions{Steps: 21, Units: true})
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Z) != 2 || len(b.Z[1]) != 21 || len(b.Units) != 8 || !slices.Equal(b.PointClass, []int{0, 1, 1, 0}) {
		t.Fatalf("%d outputs, %d units, points %v", len(b.Z), len(b.Units), b.PointClass)
	}
	if low, high := b.Z[1][1][1], b.Z[1][19][1]; low > 0.5 || high < 0.5 {
		t.Errorf("at (0,0) %v, at (0,1) %v", low, high)
	}
	m = dropoutModel(t)
	b, err = m.Boundary(t.Context(), penguins(), "bill_length_mm", "body_mass_g", learn.BoundaryOptions{})
	if err != nil || len(b.Fixed) != len(m.Prep().Inputs())-2 || len(b.Z) != 3 {
		t.Errorf("%v: fixed %v", err, b.Fixed)
	}
}

func TestCurves(t *testing.T) {
	ctx := t.Context()
	m := dropoutModel(t)
	roc, err := m.ROC(ctx, penguins())
	if err != nil || len(roc) != 3 {
		t.Fatal(err)
	}
	e := must(m.Evaluate(ctx, penguins()))
	for i, c := range roc {
		n := len(c.X)
		if c.X[0] != 0 || c.X[n-1] != 1 || c.Y[n-1] != 1 || math.Abs(c.Area-e.PerClass[i].AUC) > 1e-12 {
			t.Errorf("%s: area %v, auc %v", c.Name, c.Area, e.PerClass[i].AUC)
		}
		var area float64 // the trapezoid rule gives the same as counting pairs
		for k := 1; k < n; k++ {
			area += (c.X[k] - c.X[k-1]) * (c.Y[k] + c.Y[k-1]) / 2
		}
		if math.Abs(area-c.Area) > 1e-9 {
			t.Errorf("%s: area %v, trapezoids %v", c.Name, c.Area, area)
		}
	}
	pr := must(m.PrecisionRecall(ctx, penguins()))
	if pr[0].Area < 0.9 || pr[0].Area > 1 {
		t.Errorf("average precision %v", pr[0].Area)
	}
	cal := must(m.Calibration(ctx, penguins(), 0))
	var n float64
	for _, c := range cal[0].Count {
		n += c
	}
	if n != 344 || cal[0].Error > 0.3 {
		t.Errorf("calibration %+v", cal[0])
	}
	if _, err := m.Residuals(ctx, penguins()); err == nil {
		t.Error("residuals of classes")
	}
}

func TestImportanceFindsTheColumnThatCounts(t *testing.T) {
	n := 300
	x, z, y := make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], z[i] = math.Sin(float64(i)), math.Cos(float64(7*i))
		y[i] = 3 * x[i]
	}
	data := must(table.New(table.Numbers("z", z), table.Numbers("x", x), table.Numbers("y", y)))
	m := fit(t, learn.Options{Net: nn.Chain(nn.Output{}), Data: data, Target: []string{"y"}, Optimizer: nn.Adam(0.01)})
	imp, err := m.Importance(t.Context(), data, "", 0, 0)
	if err != nil || imp.Features[0] != "x" || imp.Value[0] < 10*math.Abs(imp.Value[1]) {
		t.Errorf("%v: %+v", err, imp)
	}
	d, err := m.Dependence(t.Context(), data, "x", "")
	if err != nil {
		t.Fatal(err)
	}
	if last := len(d.X) - 1; last < 10 || d.Mean[last]-d.Mean[0] < 4 || len(d.Rows) != 50 {
		t.Errorf("dependence %v to %v over %v", d.Mean[0], d.Mean[last], d.X)
	}
}

// TestDependenceOnManyValues looks at dates over their whole range, at the most
// frequent of many levels, and at what is said of them.
func TestDependenceOnManyValues(t *testing.T) {
	const n, levels = 600, 60
	days, makes, y := make([]time.Time, n), make([]string, n), make([]float64, n)
	for i := range n {
		days[i] = time.Date(1990, 1, 1+7*i, 0, 0, 0, 0, time.UTC)
		makes[i] = fmt.Sprintf("make %02d", max(i%levels, levels/2)) // the first half never comes but the 30th often
		if i < levels {
			makes[i] = fmt.Sprintf("make %02d", i)
		}
		y[i] = float64(i)
	}
	data := must(table.New(table.Times("day", days), must(table.Texts("make", makes, nil).ToCategory()), table.Numbers("y", y)))
	m := fit(t, learn.Options{Net: nn.Chain(nn.Output{}), Data: data, Target: []string{"y"}, Epochs: new(1)})
	d, err := m.Dependence(t.Context(), data, "day", "")
	if err != nil || !d.Times || len(d.X) != 40 || d.X[0] != float64(days[0].Unix()) || d.X[39] != float64(days[n-1].Unix()) {
		t.Errorf("dates: %v, %+v", err, d)
	}
	if d.Averaged != 200 || d.Total != n {
		t.Errorf("mean over %d of %d rows", d.Averaged, d.Total)
	}
	d, err = m.Dependence(t.Context(), data, "make", "")
	if err != nil || len(d.Levels) != 40 || d.Different != levels || d.Levels[0] != "make 30" || !slices.Contains(d.Levels, "make 59") {
		t.Errorf("levels: %v, %+v", err, d)
	}
}

func TestHealthSeesTheVanishingGradient(t *testing.T) {
	var parts []nn.Part
	for range 10 {
		parts = append(parts, dense(10, "sigmoid"))
	}
	m := fit(t, learn.Options{Net: nn.Chain(append(parts, nn.Output{})...), Data: penguins(), Target: []string{"species"}, Epochs: new(0)})
	h, err := m.Health(t.Context(), penguins())
	if err != nil || !strings.Contains(strings.Join(h.Findings, "\n"), "gradient vanishes") {
		t.Errorf("%v: %v", err, h)
	}
	c, err := m.Coadaptation(t.Context(), penguins(), "dense_1")
	if err != nil || c.Units != 10 || math.Abs(c.Correlation[0]-1) > 1e-9 || c.Mean <= 0 || c.Mean > 1 {
		t.Errorf("%v: %+v", err, c)
	}
}

func TestHealthSaysThatATrainedOutNetworkHardlyChanges(t *testing.T) {
	h := learn.Health{Layers: []learn.LayerHealth{{Layer: "dense_1", Units: 8, Saturated: 0.5, Ratio: 2.3e-5, Gradient: 5e-7}, {Layer: "output", Units: 3, Saturated: math.NaN(), Ratio: math.NaN(), Gradient: 8e-7}}}
	h.Judge()
	if len(h.Findings) != 1 || !strings.Contains(h.Findings[0], "at most 2.3e-05 of the weights") {
		t.Errorf("small updates: %v", h.Findings)
	}
	h.Layers[1].Ratio = 1e-3
	h.Judge()
	if len(h.Findings) != 1 || strings.Contains(h.Findings[0], "little changes") {
		t.Errorf("usual updates: %v", h.Findings)
	}
}

func TestSubModel(t *testing.T) {
	m := dropoutModel(t)
	s, err := m.SubModel(0, 3)
	if err != nil {
		t.Fatal(err)
	}
	f, err := s.Apply(t.Context(), penguins().Head(5))
	if err != nil || f.Width() != 6 || f.Len() != 5 {
		t.Fatalf("%v: %v", err, f)
	}
	next := fit(t, learn.Options{Net: nn.Chain(s, nn.Output{}), Data: penguins(), Target: []string{"species"}, Epochs: new(0)})
	if a, b := must(m.Weights("dense_2")), must(next.Weights("dense_2")); len(a.W) != len(b.W) || math.Abs(a.W[0]-b.W[0]) > 1e-6 {
		t.Error("the new network does not begin with the trained weights")
	}
}

func TestLaTeXAndRecipe(t *testing.T) {
	m := dropoutModel(t)
	tex := m.LaTeX()
	for _, want := range []string{`\mathrm{relu}\left(W_{1}\, x + b_{1}\right)`, `\tanh\left(W_{2}\, h_{1} + b_{2}\right)`, `W_{2} \in \mathbb{R}^{6 \times 12}`, `\mathrm{softmax}`} {
		if !strings.Contains(tex, want) {
			t.Errorf("no %s in\n%s", want, tex)
		}
	}
	recipe := m.Recipe()
	for _, want := range []string{"net = dense(12, relu) >> dropout(0.5) >> dense(6, tanh) >> output()", `fit(net, data, "species"`, "epochs=30", "optimizer=adam(lr=0.01)", "validation=0.25", "seed=0"} {
		if !strings.Contains(recipe, want) {
			t.Errorf("no %s in\n%s", want, recipe)
		}
	}
}

func TestRowsOfMetricsAreThoseOfTheTarget(t *testing.T) {
	labels := must(table.New(
		table.Numbers("x", []float64{-2, -1, 0, 1, 2, 3, -3, 4}),
		table.Booleans("big", []bool{false, false, false, true, true, true, false, true}, nil),
		table.Booleans("odd", []bool{false, true, false, true, false, true, true, false}, nil),
	))
	m := fit(t, learn.Options{Net: nn.Chain(dense(8, "relu"), nn.Output{}), Data: labels, Target: []string{"big", "odd"}, Epochs: new(50)})
	p := must(m.Predict(t.Context(), labels))
	if !slices.Equal(p.Table.Columns(), []string{"big", "odd"}) || p.Table.At(0).Type() != table.Boolean {
		t.Errorf("predictions %v", p.Table)
	}
	probs := must(m.Probabilities(t.Context(), labels))
	e := must(m.Evaluate(t.Context(), labels))
	if probs.Table.Width() != 2 || len(e.PerClass) != 2 || e.Confusion != nil {
		t.Errorf("%v, %+v", probs.Table, e)
	}
	two := fit(t, learn.Options{Net: nn.Chain(dense(8, "relu"), nn.Output{}), Data: penguins(), Target: []string{"bill_length_mm", "body_mass_g"}, Epochs: new(40)})
	e = must(two.Evaluate(t.Context(), penguins()))
	if len(e.PerColumn) != 2 || e.PerColumn[1].RMSE < 100 || e.PerColumn[0].RMSE > 20 {
		t.Errorf("%+v", e.PerColumn)
	}
}

func TestDiagram(t *testing.T) {
	m := dropoutModel(t)
	d := m.Diagram()
	in := itoa(len(m.Features()))
	if want := "input " + in + " -> dense_1 12 (relu, dropout 0.5) -> dense_2 6 (tanh) -> output 3 (softmax)"; d.String() != want {
		t.Errorf("%s, want %s", d, want)
	}
	if d.Columns[1].Dropout != "dropout_1" || len(d.Weights[1]) != 72 || len(d.Columns[3].Labels) != 3 {
		t.Errorf("%+v", d.Columns)
	}
	plan, s, err := learn.Resolve(learn.Options{Net: nn.Chain(dense(4, "relu"), nn.Skip{Body: nn.Chain(dense(4, "relu"), dense(4, "tanh"))}, nn.Output{}), Data: xor(), Target: []string{"y"}})
	if err != nil || s.Parameters != 12+20+20+5 {
		t.Fatalf("%v: %+v", err, s)
	}
	if d := learn.PlanDiagram(plan, nil); d.Columns[1].Skip != 2 || len(d.Columns) != 5 || d.Weights[1] != nil {
		t.Errorf("%+v", d)
	}
}
