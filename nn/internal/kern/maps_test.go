package kern_test

import (
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// specials are numbers at which something may go wrong.
var specials = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.625, 0.62499994, 20, -20, 88.72283, 88.72284, 89, -87, -87.3, -87.33655, -103.9, -104, -110,
	1e-45, -1e-45, 1.1754944e-38, 1e-39, 3e38, -3e38, 0.70710677, 0.70710678, 1.4142135,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
}

// arrays fills a kernel's arguments: numbers of all sizes, with specials among
// them if tame is false. Rows are stride apart.
func arrays(m kern.Map, rows, n, stride int, tame bool) (*kern.Args, [][]float32) {
	r := rand.New(rand.NewPCG(uint64(m), uint64(rows*n)))
	a := &kern.Args{Rows: rows, N: n, Stride: stride, Bit: 5, BitRow: n - 3}
	bits := make([]uint64, (rows*n+5)/64+2)
	for i := range bits {
		bits[i] = r.Uint64()
	}
	a.Bits = &bits[0]
	all := make([][]float32, len(a.A))
	for i := range all {
		all[i] = kern.Alloc(max(rows, 1) * stride)
		for j := range all[i] {
			v := float32((r.Float64()*2 - 1) * math.Pow(10, r.Float64()*4-2))
			if !tame && r.IntN(8) == 0 {
				v = specials[r.IntN(len(specials))]
			}
			all[i][j] = v
		}
		a.A[i] = &all[i][0]
	}
	for i := range a.S {
		a.S[i] = r.Float32()
	}
	return a, all
}

// TestMapBits holds every kernel of every set to the portable one.
func TestMapBits(t *testing.T) {
	fast, portable := native(t)
	for m := range kern.Maps() {
		for _, d := range []struct{ rows, n, stride int }{{1, 16, 16}, {3, 32, 32}, {5, 48, 64}, {2, 560, 560}, {0, 16, 16}} {
			for _, tame := range []bool{true, false} {
				a, want := arrays(m, d.rows, d.n, d.stride, tame)
				portable.Do(m, a)
				for _, s := range fast {
					a, got := arrays(m, d.rows, d.n, d.stride, tame)
					s.Do(m, a)
					for i := range got {
						compare(t, fmt.Sprintf("%s %s %v array %d", s.Name, m, d, i), got[i], want[i])
					}
				}
			}
		}
	}
}

// apply runs y = f(x).
func apply(s *kern.Set, m kern.Map, x []float32, scalars ...float32) []float32 {
	n := kern.Ld(len(x))
	in, out := kern.Alloc(n), kern.Alloc(n)
	copy(in, x)
	a := &kern.Args{A: [7]*float32{&out[0], &in[0]}}
	copy(a.S[:], scalars)
	a.Flat(n)
	s.Do(m, a)
	return out[:len(x)]
}

// step is how many float32 TestPrecision goes on at a time: 1 tries them all,
// in some minutes.
var step = flag.Uint("step", 0, "TestPrecision: try each step'th float32")

// TestPrecision measures the elementary functions against float64.
func TestPrecision(t *testing.T) {
	tests := []struct {
		m      kern.Map
		f      func(float64) float64
		lo, hi float32
		ulps   float64
	}{
		{kern.Exp, math.Exp, -104, 88.72283, 1.1},
		{kern.Tanh, math.Tanh, -20, 20, 1.5},
		{kern.Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }, -88, 40, 2},
		{kern.Log, math.Log, 0, math.MaxFloat32, 1.5},
		{kern.Softplus, func(x float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) }, -86, 1e6, 3},
		{kern.Elu, func(x float64) float64 { return math.Expm1(min(x, 0)) + max(x, 0) }, -100, 100, 2.5},
	}
	by := uint32(*step)
	switch {
	case by == 0 && testing.Short():
		by = 40009
	case by == 0:
		by = 4001
	}
	s := kern.Sets()[0]
	for _, tt := range tests {
		worst, where := 0.0, float32(0)
		x := make([]float32, 0, 1<<12)
		measure := func() {
			for i, y := range apply(s, tt.m, x, 1) {
				if e := ulps(y, tt.f(float64(x[i]))); e > worst {
					worst, where = e, x[i]
				}
			}
			x = x[:0]
		}
		for bits := uint32(0); bits < math.MaxUint32-by; bits += by {
			v := math.Float32frombits(bits)
			if !(v >= tt.lo && v <= tt.hi) {
				continue
			}
			if x = append(x, v); len(x) == cap(x) {
				measure()
			}
		}
		measure()
		t.Logf("%s: %.3f ulp at %v", tt.m, worst, where)
		if worst > tt.ulps {
			t.Errorf("%s: %.3f ulp at %v, want at most %g", tt.m, worst, where, tt.ulps)
		}
	}
}

// ulps is the distance of y from want in units of the last place of want.
func ulps(y float32, want float64) float64 {
	w := float32(math.Abs(want))
	if y == float32(want) {
		return 0 // infinities too
	}
	return math.Abs(float64(y)-want) / (float64(math.Nextafter32(w, math.MaxFloat32)) - float64(w))
}

// TestEdges fixes results at the ends of the range.
func TestEdges(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	zero := float32(math.Copysign(0, -1))
	tests := []struct {
		m       kern.Map
		x, want float32
	}{
		{kern.Exp, 0, 1}, {kern.Exp, zero, 1}, {kern.Exp, inf, inf}, {kern.Exp, -inf, 0}, {kern.Exp, nan, nan}, {kern.Exp, 88.8, inf},
		{kern.Exp, -103, 1e-45}, {kern.Exp, -104.5, 0}, {kern.Exp, 200, inf}, {kern.Exp, -200, 0},
		{kern.Tanh, 0, 0}, {kern.Tanh, zero, zero}, {kern.Tanh, inf, 1}, {kern.Tanh, -inf, -1}, {kern.Tanh, nan, nan}, {kern.Tanh, 1e-40, 1e-40},
		{kern.Sigmoid, 0, 0.5}, {kern.Sigmoid, inf, 1}, {kern.Sigmoid, -inf, 0}, {kern.Sigmoid, nan, nan}, {kern.Sigmoid, 100, 1},
		{kern.Log, 1, 0}, {kern.Log, 0, -inf}, {kern.Log, zero, -inf}, {kern.Log, inf, inf}, {kern.Log, -1, nan}, {kern.Log, -inf, nan},
		{kern.Log, nan, nan}, {kern.Log, 1e-45, float32(math.Log(math.SmallestNonzeroFloat32))},
		{kern.Relu, nan, nan}, {kern.Relu, inf, inf}, {kern.Relu, -inf, 0}, {kern.Relu, -1, 0},
		{kern.LeakyRelu, nan, nan}, {kern.Elu, nan, nan}, {kern.Elu, -inf, -1}, {kern.Elu, inf, inf}, {kern.Selu, nan, nan},
		{kern.Gelu, nan, nan}, {kern.Gelu, inf, inf}, {kern.Silu, nan, nan}, {kern.Silu, inf, inf},
		{kern.Mish, nan, nan}, {kern.Mish, inf, inf},
		{kern.Softplus, nan, nan}, {kern.Softplus, inf, inf}, {kern.Softplus, -inf, 0},
		{kern.Step, 0, 1}, {kern.Step, -1, 0}, {kern.Step, 1, 1},
	}
	for _, s := range kern.Sets() {
		for _, tt := range tests {
			if got := apply(s, tt.m, []float32{tt.x}, 1)[0]; !same(got, tt.want) {
				t.Errorf("%s: %s(%v) = %v, want %v", s.Name, tt.m, tt.x, got, tt.want)
			}
		}
	}
}
