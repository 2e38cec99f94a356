package nn_test

import (
	"math"
	"testing"

	"mlpkernel/nn"
)

// problem is a function to minimise, with its gradient.
type problem struct {
	name  string
	start []float64
	f     func(w []float64) (float64, []float64)
}

func problems() []problem {
	rotated := func(w []float64) (float64, []float64) { // a valley of condition 20 along (1, 1)
		u, v := (w[0]+w[1])/math.Sqrt2, (w[0]-w[1])/math.Sqrt2
		du, dv := 0.1*u, 2*v
		return 0.05*u*u + v*v, []float64{(du + dv) / math.Sqrt2, (du - dv) / math.Sqrt2}
	}
	return []problem{
		{"quadratic", []float64{1, -2, 3}, func(w []float64) (float64, []float64) {
			var f float64
			g := make([]float64, len(w))
			for i, v := range w {
				f += 0.5 * v * v
				g[i] = v
			}
			return f, g
		}},
		{"rotated valley", []float64{2, 1}, rotated},
		{"least squares", []float64{0, 0}, leastSquares},
	}
}

// leastSquares fits y = 2x - 1 to five points exactly.
func leastSquares(w []float64) (f float64, g []float64) {
	g = make([]float64, 2)
	for i := range 5 {
		x := float64(i)/2 - 1
		e := w[0]*x + w[1] - (2*x - 1)
		f += e * e / 5
		g[0] += 2 * e * x / 5
		g[1] += 2 * e / 5
	}
	return f, g
}

// rates are those at which each rule should solve all problems; a rule that is
// not here runs at 0.05.
var rates = map[string]float64{"sgd": 0.3, "adagrad": 0.5, "lbfgs": 1, "perceptron": 0.3}

func variants(t *testing.T) []nn.Optimizer {
	t.Helper()
	var out []nn.Optimizer
	for _, d := range nn.Optimizers() {
		lr := 0.05
		if v, ok := rates[d.Name]; ok {
			lr = v
		}
		o, err := nn.NewOptimizer(d.Name, map[string]nn.Schedule{"lr": nn.Constant(lr)})
		if err != nil {
			t.Fatal(err)
		}
		if d.Name == "rmsprop" { // its steps do not shrink by themselves
			o.LR = nn.Schedule{{Name: "cosine", P: [4]float64{0.05, 0}}}
		}
		out = append(out, o)
		if d.Name == "sgd" {
			o.LR, o.Momentum = nn.Constant(0.05), 0.9
			out = append(out, o)
			o.Nesterov = true
			out = append(out, o)
		}
	}
	return out
}

// minimise runs n steps and gives the loss.
func minimise(o nn.Optimizer, p problem, n int) float64 {
	w := append([]float64(nil), p.start...)
	var slots [][]float64
	for range o.Slots() {
		slots = append(slots, make([]float64, len(w)))
	}
	for i := range n {
		lr := o.LR.At(nn.Clock{Step: i, Steps: n})
		if o.Name == "lbfgs" {
			_, slots = nn.LBFGS(o, lr, w, slots, p.f)
			continue
		}
		_, g := p.f(w)
		o.Def().Update(o, nn.Update{P: w, G: g, Slots: slots, T: i + 1, LR: lr, Rows: 1})
	}
	f, _ := p.f(w)
	return f
}

func TestOptimizersMinimise(t *testing.T) {
	for _, o := range variants(t) {
		for _, p := range problems() {
			if f := minimise(o, p, 600); !(f < 1e-4) {
				t.Errorf("%s: %s ends at %.3g", o, p.name, f)
			}
		}
	}
}

// TestOneStep works two steps out by hand, from w = 1 with gradients 0.5, then
// -0.25, by the formula of each paper.
func TestOneStep(t *testing.T) {
	root := math.Sqrt
	tests := []struct {
		name string
		args map[string]float64
		want [2]float64
	}{
		{"sgd", map[string]float64{"lr": 0.1}, [2]float64{1 - 0.05, 1 - 0.05 + 0.025}},
		{"sgd", map[string]float64{"lr": 0.1, "momentum": 0.9}, [2]float64{0.95, 0.95 - 0.1*(0.9*0.5-0.25)}},
		{"sgd", map[string]float64{"lr": 0.1, "momentum": 0.9, "nesterov": 1},
			[2]float64{1 - 0.1*(0.5+0.9*0.5), 1 - 0.1*0.95 - 0.1*(-0.25+0.9*(0.9*0.5-0.25))}},
		{"adam", map[string]float64{"lr": 0.1}, adamByHand(0)},
		{"adamw", map[string]float64{"lr": 0.1, "weight_decay": 0.2}, adamByHand(0.2)},
		{"rmsprop", map[string]float64{"lr": 0.1}, [2]float64{
			1 - 0.1*0.5/root(0.1*0.25),
			1 - 0.1*0.5/root(0.1*0.25) + 0.1*0.25/root(0.9*0.1*0.25+0.1*0.0625)}},
		{"adagrad", map[string]float64{"lr": 0.1}, [2]float64{0.9, 0.9 + 0.1*0.25/root(0.25+0.0625)}},
		{"perceptron", map[string]float64{"lr": 0.1}, [2]float64{1 - 0.1*4*0.5, 1 - 0.2 + 0.1*4*0.25}},
	}
	for _, tt := range tests {
		args := make(map[string]nn.Schedule)
		for k, v := range tt.args {
			args[k] = nn.Constant(v)
		}
		o, err := nn.NewOptimizer(tt.name, args)
		if err != nil {
			t.Fatal(err)
		}
		w := []float64{1}
		slots := [][]float64{{0}, {0}}[:o.Slots()]
		decay := o.WeightDecay.At(nn.Clock{})
		for i, g := range []float64{0.5, -0.25} {
			o.Def().Update(o, nn.Update{P: w, G: []float64{g}, Slots: slots, T: i + 1, LR: 0.1, Decay: decay, Rows: 4})
			if math.Abs(w[0]-tt.want[i]) > 1e-6 {
				t.Errorf("%s: step %d gives %v, want %v", o, i+1, w[0], tt.want[i])
			}
		}
	}
}

// adamByHand is algorithm 1 of Kingma and Ba with the decay of Loshchilov and
// Hutter's algorithm 2.
func adamByHand(decay float64) (out [2]float64) {
	w, m, v := 1.0, 0.0, 0.0
	for i, g := range []float64{0.5, -0.25} {
		t := float64(i + 1)
		m, v = 0.9*m+0.1*g, 0.999*v+0.001*g*g
		mh, vh := m/(1-math.Pow(0.9, t)), v/(1-math.Pow(0.999, t))
		w -= 0.1 * (mh/(math.Sqrt(vh)+1e-8) + decay*w)
		out[i] = w
	}
	return out
}

func TestOptimizerText(t *testing.T) {
	o := nn.Adam(0.001)
	if got := o.String(); got != "adam" {
		t.Errorf("got %s", got)
	}
	o.LR = nn.Schedule{{Name: "one_cycle", P: [4]float64{0.01, 0.3, 25, 1e4}}}
	o.Beta2 = 0.95
	if got, want := o.String(), "adam(lr=one_cycle(0.01), beta2=0.95)"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := nn.NewOptimizer("adam", map[string]nn.Schedule{"beta1": o.LR}); err == nil {
		t.Error("beta1 takes a schedule")
	}
	if _, err := nn.NewOptimizer("sgd", map[string]nn.Schedule{"beta1": nn.Constant(1)}); err == nil {
		t.Error("sgd takes beta1")
	}
}
