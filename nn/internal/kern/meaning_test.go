package kern_test

import (
	"math"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// near compares with a float64 result, relative to the larger of it and scale.
func near(t *testing.T, what string, got float32, want, scale float64) {
	t.Helper()
	if math.Abs(float64(got)-want) > 4e-6*max(math.Abs(want), scale) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// TestActivations compares with package nn's definitions.
func TestActivations(t *testing.T) {
	maps := map[string][2]kern.Map{
		"sigmoid": {kern.Sigmoid, kern.SigmoidSlope}, "tanh": {kern.Tanh, kern.TanhSlope}, "relu": {kern.Relu, kern.ReluSlope},
		"leaky_relu": {kern.LeakyRelu, kern.LeakySlope}, "elu": {kern.Elu, kern.EluSlope}, "selu": {kern.Selu, kern.SeluSlope},
		"gelu": {kern.Gelu, kern.GeluSlope}, "silu": {kern.Silu, kern.SiluSlope}, "mish": {kern.Mish, kern.MishSlope},
		"softplus": {kern.Softplus, kern.SoftplusSlope},
	}
	byArgument := map[string]bool{"gelu": true, "silu": true, "mish": true, "softplus": true}
	x := make([]float32, 0, 1024)
	for v := float32(-12); v < 12; v += 0.05 {
		x = append(x, v)
	}
	s := kern.Sets()[0]
	for _, d := range nn.Activations() {
		m, ok := maps[d.Name]
		if !ok {
			continue
		}
		const param = 0.3
		y := apply(s, m[0], x, param)
		v := y
		if byArgument[d.Name] {
			v = x
		}
		slope := applySlope(s, m[1], v, param)
		for i := range x {
			want := d.F(float64(x[i]), param)
			near(t, d.Name, y[i], want, 1e-2)
			near(t, d.Name+"'", slope[i], 3*d.D(float64(x[i]), want, param), 1)
		}
	}
}

// applySlope runs dx = dy·f'(v) with dy = 3.
func applySlope(s *kern.Set, m kern.Map, v []float32, param float32) []float32 {
	n := kern.Ld(len(v))
	dx, dy, in := kern.Alloc(n), kern.Alloc(n), kern.Alloc(n)
	copy(in, v)
	for i := range dy {
		dy[i] = 3
	}
	a := &kern.Args{A: [7]*float32{&dx[0], &dy[0], &in[0]}}
	a.S[0] = param
	a.Flat(n)
	s.Do(m, a)
	return dx[:len(v)]
}

// TestRules compares steps of the optimisers with package nn's definitions.
func TestRules(t *testing.T) {
	const n, lr, decay = 64, 0.01, 0.1
	tests := []struct {
		name string
		m    kern.Map
		o    nn.Optimizer
		s    func(t int) []float32
	}{
		{"sgd", kern.SGD, nn.Optimizer{}, func(int) []float32 { return []float32{lr} }},
		{"sgd", kern.Momentum, nn.Optimizer{Momentum: 0.9}, func(int) []float32 { return []float32{lr, 0.9} }},
		{"sgd", kern.Nesterov, nn.Optimizer{Momentum: 0.9, Nesterov: true}, func(int) []float32 { return []float32{lr, 0.9} }},
		{"adamw", kern.Adam, nn.Optimizer{Beta1: 0.9, Beta2: 0.999, Eps: 1e-8}, func(t int) []float32 {
			c1, c2 := 1-math.Pow(0.9, float64(t)), 1-math.Pow(0.999, float64(t))
			return []float32{0.9, 0.1, 0.999, 0.001, float32(1 / math.Sqrt(c2)), 1e-8, float32(lr / c1), lr * decay}
		}},
		{"rmsprop", kern.RMSProp, nn.Optimizer{Rho: 0.9, Eps: 1e-8}, func(int) []float32 { return []float32{0.9, 0.1, lr, 1e-8} }},
		{"adagrad", kern.Adagrad, nn.Optimizer{Eps: 1e-10}, func(int) []float32 { return []float32{lr, 1e-10} }},
	}
	defs := map[string]nn.OptimizerDef{}
	for _, d := range nn.Optimizers() {
		defs[d.Name] = d
	}
	s := kern.Sets()[0]
	for _, tt := range tests {
		p, g, m, v := random(n), random(2 * n)[:n], kern.Alloc(n), kern.Alloc(n)
		u := nn.Update{P: wide(p), G: wide(g), Slots: [][]float64{wide(m), wide(v)}, LR: lr, Rows: 1}
		if tt.name == "adamw" {
			u.Decay = decay
		}
		for step := 1; step <= 5; step++ {
			u.T = step
			defs[tt.name].Update(tt.o, u)
			a := &kern.Args{A: [7]*float32{&p[0], &g[0], &m[0], &v[0]}}
			copy(a.S[:], tt.s(step))
			a.Flat(n)
			s.Do(tt.m, a)
		}
		for i := range p {
			near(t, tt.m.String(), p[i], u.P[i], 1)
		}
	}
}

func wide(s []float32) []float64 {
	out := make([]float64, len(s))
	for i, v := range s {
		out[i] = float64(v)
	}
	return out
}

// TestSoftmax compares rows of awkward widths with float64.
func TestSoftmax(t *testing.T) {
	for _, s := range kern.Sets() {
		for _, classes := range []int{1, 2, 7, 16, 17, 1000} {
			const rows, scale = 3, 0.25
			ld := kern.Ld(classes)
			z, p, pad := random(rows*ld), kern.Alloc(rows*ld), kern.Alloc(ld)
			for j := range pad[classes:] {
				pad[classes+j] = float32(math.Inf(-1))
			}
			factor, top, sum := kern.Alloc(rows), kern.Alloc(rows), kern.Alloc(rows)
			for r := range rows {
				factor[r] = scale
			}
			s.Do(kern.Softmax, &kern.Args{Rows: rows, N: ld, Stride: ld, A: [7]*float32{&p[0], &z[0], &pad[0], &factor[0], &top[0], &sum[0]}})
			for r := range rows {
				total := 0.0
				for j := range classes {
					total += math.Exp(float64(z[r*ld+j]))
				}
				for j := range ld {
					want := 0.0
					if j < classes {
						want = scale * math.Exp(float64(z[r*ld+j])) / total
					}
					near(t, s.Name+" softmax", p[r*ld+j], want, 1e-3)
				}
				near(t, s.Name+" log of the sum", float32(math.Log(float64(sum[r])))+top[r], math.Log(total), 1)
			}
		}
	}
}

// TestLosses compares losses and slopes with package nn's definitions.
func TestLosses(t *testing.T) {
	const blocks, total, smoothing = 2, 20, 0.1
	for _, s := range kern.Sets() {
		for _, units := range []int{1, 2, 3, 17} {
			for _, m := range []kern.Map{kern.MSE, kern.BCE, kern.CrossEntropy} {
				n := units * kern.Lanes
				z, d, targets, weights, l := random(blocks*n), kern.Alloc(blocks*n), kern.Alloc(blocks*n), random(blocks*kern.Lanes), kern.Alloc(blocks*kern.Lanes)
				for i := range z {
					z[i] *= 30
					targets[i] = float32(i % 2)
				}
				a := &kern.Args{Rows: blocks, N: n, Stride: n, A: [7]*float32{&d[0], &z[0], &targets[0], &weights[0], &l[0]}}
				a.S = [8]float32{1 / float32(total*units), 1 / float32(units)}
				h := nn.Head{Units: units, Loss: nn.Loss{Name: "mse"}}
				switch m {
				case kern.BCE:
					h.Loss.Name = "binary_cross_entropy"
				case kern.CrossEntropy:
					h.Loss = nn.Loss{Name: "cross_entropy", Param: smoothing}
					numbers := kern.Alloc(n)
					for i := range numbers {
						numbers[i] = float32(i / kern.Lanes)
					}
					for i := range targets {
						targets[i] = float32(i % units)
					}
					off := smoothing / float32(units)
					a.A = [7]*float32{&d[0], &z[0], &numbers[0], &targets[0], &weights[0], &l[0]}
					a.S = [8]float32{1. / total, 1 - smoothing, off, 1 - smoothing + off}
				}
				s.Do(m, a)
				for r := range blocks * kern.Lanes {
					row, target, slope := make([]float64, units), make([]float64, units), make([]float64, units)
					at := func(u int) int { return r/kern.Lanes*n + u*kern.Lanes + r%kern.Lanes }
					for u := range units {
						row[u], target[u] = float64(z[at(u)]), float64(targets[at(u)])
					}
					if m == kern.CrossEntropy {
						target = []float64{float64(targets[r])}
					}
					w := float64(weights[r])
					near(t, s.Name+" "+m.String(), l[r], w*h.Loss.Def().Row(&h, row, target, slope), 1)
					for u := range units {
						near(t, s.Name+" slope of "+m.String(), d[at(u)], w*slope[u]/total, 1e-2)
					}
				}
			}
		}
	}
}
