package nn_test

import (
	"math"
	"strings"
	"testing"

	"mlpkernel/nn"
)

func TestEveryEntryIsDocumented(t *testing.T) {
	var defs []nn.Def
	for _, d := range nn.Layers() {
		defs = append(defs, d.Def)
	}
	for _, d := range nn.Activations() {
		defs = append(defs, d.Def)
	}
	for _, d := range nn.Initializers() {
		defs = append(defs, d.Def)
	}
	for _, d := range nn.Losses() {
		defs = append(defs, d.Def)
	}
	for _, d := range nn.Optimizers() {
		defs = append(defs, d.Def)
	}
	for _, d := range nn.Schedules() {
		defs = append(defs, d.Def)
	}
	for _, d := range defs {
		if d.Name == "" || !strings.HasSuffix(d.Doc, ".") {
			t.Errorf("%q: doc %q", d.Name, d.Doc)
		}
		for _, p := range d.Params {
			if p.Name == "" || p.Doc == "" {
				t.Errorf("%s: parameter %+v", d.Name, p)
			}
		}
	}
}

func TestActivationDerivatives(t *testing.T) {
	for _, d := range nn.Activations() {
		a := nn.Act(d.Name)
		if a.RowWise() {
			continue
		}
		for x := -6.05; x < 6; x += 0.1 {
			const h = 1e-6
			want := (a.F(x+h) - a.F(x-h)) / (2 * h)
			if got := a.Grad(x); math.Abs(got-want) > 1e-7 {
				t.Errorf("%s'(%v) = %v, differences give %v", d.Name, x, got, want)
			}
		}
		for _, x := range []float64{-1e4, 1e4, 0} {
			if y, g := a.F(x), a.Grad(x); y != y || g != g {
				t.Errorf("%s(%v) = %v, slope %v", d.Name, x, y, g)
			}
		}
	}
}

// Bounds are what an activation comes near to and never passes.
func TestActivationBounds(t *testing.T) {
	for _, d := range nn.Activations() {
		if d.Low == 0 && d.High == 0 || nn.Act(d.Name).RowWise() {
			continue
		}
		lo, hi := math.Inf(1), math.Inf(-1)
		for x := -1e3; x <= 1e3; x++ {
			y := nn.Act(d.Name).F(x)
			lo, hi = min(lo, y), max(hi, y)
		}
		if lo < d.Low || lo > d.Low+1e-9 || hi > d.High || hi < min(d.High, 1e3)-1e-9 {
			t.Errorf("%s goes from %v to %v, and is said to go from %v to %v", d.Name, lo, hi, d.Low, d.High)
		}
	}
}

// Values from the definitions, worked out with 20 digits.
func TestActivationValues(t *testing.T) {
	tests := []struct {
		name string
		x, y float64
	}{
		{"linear", -2, -2}, {"step", 0, 1}, {"step", -1e-9, 0}, {"sigmoid", 2, 0.8807970779778824}, {"tanh", 0.5, 0.46211715726000975},
		{"relu", -1, 0}, {"relu", 3, 3}, {"leaky_relu", -2, -0.02}, {"elu", -1, -0.6321205588285577}, {"selu", -1, -1.1113307378125625},
		{"selu", 1, 1.0507009873554805}, {"gelu", 1, 0.8411919906082768}, {"silu", 1, 0.7310585786300049}, {"mish", 1, 0.8650983882673103},
		{"softplus", 1, 1.3132616875182228},
	}
	for _, tt := range tests {
		if got := nn.Act(tt.name).F(tt.x); math.Abs(got-tt.y) > 1e-14 {
			t.Errorf("%s(%v) = %.17g, want %.17g", tt.name, tt.x, got, tt.y)
		}
	}
	y := make([]float64, 3)
	if lse := nn.Softmax(y, []float64{1000, 1001, 1002}); math.Abs(lse-1002.4076059644444) > 1e-10 || math.Abs(y[2]-0.6652409557748219) > 1e-14 {
		t.Errorf("softmax gives %v, log of the sum %v", y, lse)
	}
}

func TestOwnActivation(t *testing.T) {
	a := nn.Activation{Name: nn.OwnName, Own: &nn.OwnActivation{Name: "lambda x: x*x", ID: "lambda x: x*x", F: func(x float64) float64 { return x * x }}}
	if got := a.Grad(3); math.Abs(got-6) > 1e-8 {
		t.Errorf("derivative of x*x at 3 by differences is %v", got)
	}
	if got, want := nn.Chain(nn.Dense{Units: 2}, a).String(), "dense(2) >> activation(lambda x: x*x)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestInitializerSpread(t *testing.T) {
	const units, inputs = 300, 200
	want := map[string]float64{
		"zeros": 0, "normal": 0.05, "uniform": 0.05 / math.Sqrt(3),
		"glorot_normal": math.Sqrt(2.0 / 500), "glorot_uniform": math.Sqrt(2.0 / 500),
		"he_normal": math.Sqrt(2.0 / 200), "he_uniform": math.Sqrt(2.0 / 200),
		"lecun_normal": math.Sqrt(1.0 / 200), "lecun_uniform": math.Sqrt(1.0 / 200),
		"orthogonal": 1 / math.Sqrt(300),
	}
	for _, d := range nn.Initializers() {
		if d.Formula == "" {
			t.Errorf("%s has no formula", d.Name)
		}
		if d.Name == "constant" {
			continue
		}
		w := nn.Init(d.Name).Sample(units, inputs, 3)
		var mean, sq float64
		for _, v := range w {
			mean += v / float64(len(w))
			sq += v * v / float64(len(w))
		}
		std := want[d.Name]
		if math.Abs(mean) > 0.02*std || math.Abs(math.Sqrt(sq)-std) > 0.02*std {
			t.Errorf("%s: mean %v, std %v, want 0 and %v", d.Name, mean, math.Sqrt(sq), std)
		}
	}
}

func TestOrthogonal(t *testing.T) {
	for _, s := range [][2]int{{4, 7}, {7, 4}, {5, 5}} {
		units, inputs := s[0], s[1]
		w := nn.Init("orthogonal").Sample(units, inputs, 1)
		at := func(i, k int) float64 { return w[i*inputs+k] }
		n, length := units, inputs
		if units > inputs {
			n, length = inputs, units
			at = func(i, k int) float64 { return w[k*inputs+i] }
		}
		for i := range n {
			for j := range i + 1 {
				var d float64
				for k := range length {
					d += at(i, k) * at(j, k)
				}
				want := 0.0
				if i == j {
					want = 1
				}
				if math.Abs(d-want) > 1e-6 {
					t.Errorf("%v: product of vectors %d and %d is %v", s, i, j, d)
				}
			}
		}
	}
}

func TestSchedules(t *testing.T) {
	mk := func(name string, args map[string]float64) nn.Schedule {
		s, err := nn.NewSchedule(name, args)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	cosine := mk("cosine", map[string]float64{"start": 0.5, "end": 0.1})
	cycle := mk("one_cycle", map[string]float64{"peak": 1})
	tests := []struct {
		s    nn.Schedule
		step int
		want float64
	}{
		{nn.Constant(0.3), 50, 0.3},
		{mk("step_decay", map[string]float64{"start": 1, "every": 2}), 39, 0.5}, {mk("step_decay", map[string]float64{"start": 1, "every": 2}), 40, 0.25},
		{mk("exponential", map[string]float64{"start": 1, "factor": 0.5}), 10, 0.5}, {mk("exponential", map[string]float64{"start": 1, "factor": 0.25}), 5, 0.5},
		{cosine, 0, 0.5}, {cosine, 50, 0.3}, {cosine, 100, 0.1}, {cosine, 1000, 0.1},
		{cycle, 0, 0.04}, {cycle, 30, 1}, {cycle, 100, 0.04 / 1e4},
		{mk("warmup", nil), 0, 0.1}, {mk("warmup", nil), 9, 1}, {mk("warmup", nil), 90, 1},
		{mk("coslog", nil), 0, 0}, {mk("coslog", map[string]float64{"peak": 2, "cycles": 1}), 100, 0},
		{mk("coslog", map[string]float64{"peak": 2, "cycles": 2}), 20, math.Pow(math.Sin(math.Pi*math.Log2(1.6)), 2) * 2},
		{mk("flat_cos", nil), 50, 1}, {mk("flat_cos", nil), 75, 0.5}, {mk("flat_cos", nil), 100, 0},
		{mk("warmup", nil).Times(nn.Constant(0.5)), 4, 0.25},
	}
	for _, tt := range tests {
		if got := tt.s.At(nn.Clock{Step: tt.step, Steps: 100, PerEpoch: 10}); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s at step %d of 100: %v, want %v", tt.s, tt.step, got, tt.want)
		}
	}
	if got, want := mk("warmup", nil).Times(cosine).String(), "warmup() * cosine(0.5, end=0.1)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// TestWholeSchedules asks each schedule about trainings of two lengths.
func TestWholeSchedules(t *testing.T) {
	for _, d := range nn.Schedules() {
		args := map[string]float64{}
		for _, p := range d.Params {
			if p.Required {
				args[p.Name] = 1
			}
		}
		s, err := nn.NewSchedule(d.Name, args)
		if err != nil {
			t.Fatal(err)
		}
		differ := false
		for step := range 100 {
			differ = differ || s.At(nn.Clock{Step: step, Steps: 100, PerEpoch: 10}) != s.At(nn.Clock{Step: step, Steps: 150, PerEpoch: 10})
		}
		if s.Whole() != differ {
			t.Errorf("%s: whole %t, but that the length of the training changes it is %t", s, s.Whole(), differ)
		}
	}
}

func TestSpans(t *testing.T) {
	cosine := nn.Schedule{{Name: "cosine", P: [4]float64{1.5, -0.5}}}
	if lo, hi := cosine.Span(); lo != -0.5 || hi != 1.5 {
		t.Errorf("%s goes from %v to %v", cosine, lo, hi)
	}
	for _, args := range []map[string]nn.Schedule{{"lr": cosine}, {"lr": cosine.Times(nn.Constant(-1))}, {"beta1": nn.Constant(1)}} {
		if o, err := nn.NewOptimizer("adam", args); err == nil {
			t.Errorf("%s is no error", o)
		}
	}
	if _, err := nn.Lower(nn.Chain(nn.Dropout{Rate: cosine}, nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 1}, Target: nn.Target{Kind: nn.Numbers, Width: 1}}); err == nil {
		t.Errorf("dropout(%s) is no error", cosine)
	}
}

func TestLossValues(t *testing.T) {
	ln := math.Log
	tests := []struct {
		loss nn.Loss
		act  string
		z, t []float64
		want float64
	}{
		{nn.Loss{Name: "mse"}, "linear", []float64{1, 3}, []float64{2, 1}, 2.5},
		{nn.Loss{Name: "mae"}, "linear", []float64{1, 3}, []float64{2, 1}, 1.5},
		{nn.Loss{Name: "huber", Param: 1}, "linear", []float64{1.5, 4}, []float64{1, 1}, (0.125 + 2.5) / 2},
		{nn.Loss{Name: "quantile", Param: 0.9}, "linear", []float64{1}, []float64{3}, 1.8},
		{nn.Loss{Name: "quantile", Param: 0.9}, "linear", []float64{3}, []float64{1}, 0.2},
		{nn.Loss{Name: "binary_cross_entropy"}, "sigmoid", []float64{ln(3), 0}, []float64{1, 0}, (ln(4.0/3) + ln(2)) / 2},
		{nn.Loss{Name: "binary_cross_entropy"}, "sigmoid", []float64{-800}, []float64{1}, 800},
		{nn.Loss{Name: "cross_entropy"}, "softmax", []float64{ln(1), ln(2), ln(5)}, []float64{1}, ln(4)},
		{nn.Loss{Name: "cross_entropy", Param: 0.3}, "softmax", []float64{ln(1), ln(2), ln(5)}, []float64{1}, 0.7*ln(4) + 0.1*(ln(8)+ln(4)+ln(1.6))},
		{nn.Loss{Name: "focal", Param: 2}, "softmax", []float64{ln(1), ln(2), ln(5)}, []float64{1}, 0.5625 * ln(4)},
		{nn.Loss{Name: "focal", Param: 2}, "sigmoid", []float64{ln(3)}, []float64{0}, 0.5625 * ln(4)},
		{nn.Loss{Name: "perceptron"}, "step", []float64{0.1}, []float64{0}, 1},
	}
	for _, tt := range tests {
		h := nn.Head{Units: len(tt.z), Act: nn.Act(tt.act), Loss: tt.loss}
		if got := tt.loss.Def().Row(&h, tt.z, tt.t, make([]float64, len(tt.z))); math.Abs(got-tt.want) > 1e-12 {
			t.Errorf("%s of %v: %v, want %v", tt.loss, tt.z, got, tt.want)
		}
	}
}

func TestUnknownNames(t *testing.T) {
	_, err := nn.NewActivation("rleu", nil)
	if err == nil || !strings.Contains(err.Error(), "relu") {
		t.Errorf("got %v", err)
	}
	_, err = nn.NewActivation("leaky_relu", map[string]float64{"alpha": 1})
	if err == nil || !strings.Contains(err.Error(), "slope") {
		t.Errorf("got %v", err)
	}
	_, err = nn.NewLoss("quantile", map[string]float64{"q": 2})
	if err == nil || !strings.Contains(err.Error(), "must be from") {
		t.Errorf("got %v", err)
	}
	_, err = nn.NewSchedule("cosine", nil)
	if err == nil || !strings.Contains(err.Error(), "start") {
		t.Errorf("got %v", err)
	}
}
