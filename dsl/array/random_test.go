package array_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
)

// broadcastable draws two shapes that fit, and the shape of the result.
func broadcastable(rng *rand.Rand) (x, y, out []int) {
	out = make([]int, rng.IntN(4)+1)
	for i := range out {
		out[i] = rng.IntN(4) + 1
	}
	shorten := func() []int {
		s := slices.Clone(out[rng.IntN(len(out)+1):])
		for i := range s {
			if rng.IntN(3) == 0 {
				s[i] = 1
			}
		}
		return s
	}
	x, y = shorten(), shorten()
	for i := range out { // what neither has is 1 there
		if size(x, len(out)-i) == 1 && size(y, len(out)-i) == 1 {
			out[i] = 1
		}
	}
	return x, y, out[len(out)-max(len(x), len(y)):]
}

// size is the size of the i-th axis from the end, 1 where there is none.
func size(shape []int, i int) int {
	if i > len(shape) {
		return 1
	}
	return shape[len(shape)-i]
}

// naive is the element of an array at an index of the broadcast shape.
func naive(a *array.Array, index []int) float64 {
	offset := 0
	shape := a.Shape()
	for i := range shape {
		k := index[len(index)-len(shape)+i]
		if shape[i] == 1 {
			k = 0
		}
		offset = offset*shape[i] + k
	}
	return a.Data()[offset]
}

func draw(t *testing.T, rng *rand.Rand, shape []int) *array.Array {
	t.Helper()
	n, err := array.Elements(shape)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]float64, n)
	for i := range data {
		data[i] = math.Round(rng.NormFloat64()*100) / 8
	}
	a, err := array.New(shape, data)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestBroadcasting(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	ops := []struct {
		op syntax.Token
		f  func(x, y float64) float64
	}{
		{syntax.PLUS, func(x, y float64) float64 { return x + y }},
		{syntax.MINUS, func(x, y float64) float64 { return x - y }},
		{syntax.STAR, func(x, y float64) float64 { return x * y }},
		{syntax.SLASH, func(x, y float64) float64 { return x / y }},
	}
	for range 2000 {
		xs, ys, shape := broadcastable(rng)
		x, y, op := draw(t, rng, xs), draw(t, rng, ys), ops[rng.IntN(len(ops))]
		v, err := x.Binary(op.op, y, starlark.Left)
		if err != nil {
			t.Fatalf("%v by %v: %v", xs, ys, err)
		}
		z := mustArray(v)
		if !slices.Equal(z.Shape(), shape) {
			t.Fatalf("%v by %v: shape %v, want %v", xs, ys, z.Shape(), shape)
		}
		index := make([]int, len(shape))
		for i, got := range z.Data() {
			rest := i
			for k := len(shape) - 1; k >= 0; k-- {
				index[k], rest = rest%shape[k], rest/shape[k]
			}
			want := op.f(naive(x, index), naive(y, index))
			if got != want && (got == got || want == want) {
				t.Fatalf("%v %s %v at %v: got %v, want %v", xs, op.op, ys, index, got, want)
			}
		}
	}
}

func TestDotNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		m, k, n := rng.IntN(5)+1, rng.IntN(5), rng.IntN(5)+1
		x, y := draw(t, rng, []int{m, k}), draw(t, rng, []int{k, n})
		z, err := array.Dot(x, y)
		if err != nil {
			t.Fatal(err)
		}
		for i := range m {
			for j := range n {
				want := 0.0
				for p := range k {
					want += float64(x.Data()[i*k+p] * y.Data()[p*n+j])
				}
				if got := z.Data()[i*n+j]; got != want {
					t.Fatalf("(%d, %d, %d) at %d, %d: got %v, want %v", m, k, n, i, j, got, want)
				}
			}
		}
	}
}

func TestReductionsNaive(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		shape := []int{rng.IntN(4) + 1, rng.IntN(4) + 1, rng.IntN(4) + 1}
		a, axis := draw(t, rng, shape), rng.IntN(3)
		sum, err := array.Sum(a, axis)
		if err != nil {
			t.Fatal(err)
		}
		total, err := array.Sum(a, array.All)
		if err != nil {
			t.Fatal(err)
		}
		// The numbers are eighths, so sums are exact in any order.
		want := make([]float64, len(sum.Data()))
		all := 0.0
		for i, x := range a.Data() {
			index := []int{i / (shape[1] * shape[2]), i / shape[2] % shape[1], i % shape[2]}
			rest := slices.Delete(slices.Clone(index), axis, axis+1)
			restShape := slices.Delete(slices.Clone(shape), axis, axis+1)
			want[rest[0]*restShape[1]+rest[1]] += x
			all += x
		}
		if !slices.Equal(sum.Data(), want) || total.Data()[0] != all {
			t.Fatalf("shape %v axis %d: got %v, want %v", shape, axis, sum.Data(), want)
		}
	}
}

func TestTransposeTwice(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 100 {
		_, _, shape := broadcastable(rng)
		a := draw(t, rng, shape)
		b := a.Transpose().Transpose()
		if equal, err := a.CompareSameType(syntax.EQL, b, 1); err != nil || !equal {
			t.Fatalf("shape %v: %v became %v", shape, a, b)
		}
	}
}

func pow(t *testing.T, x, y float64) float64 {
	t.Helper()
	a, err := array.Pow(array.FromFloats([]float64{x}), starlark.Float(y))
	if err != nil {
		t.Fatal(err)
	}
	return a.(*array.Array).Data()[0]
}

// TestPowerTable holds powers against those of the C library, by way of
// CPython: equal for whole exponents, within 4 ulp for others.
func TestPowerTable(t *testing.T) {
	text, err := os.ReadFile("testdata/pow.txt")
	if err != nil {
		t.Fatal(err)
	}
	worst := 0.0
	for line := range strings.Lines(string(text)) {
		var x, y, want float64
		if _, err := fmt.Sscan(line, &x, &y, &want); err != nil {
			t.Fatal(err)
		}
		got := pow(t, x, y)
		ulps := math.Abs(got-want) / (math.Nextafter(want, math.Inf(1)) - want)
		worst = max(worst, ulps)
		if ulps > 4 || ulps > 0 && y == math.Trunc(y) {
			t.Errorf("%v ** %v: got %v, want %v", x, y, got, want)
		}
	}
	t.Logf("at most %v ulp", worst)
}

func TestPowerCases(t *testing.T) {
	for _, test := range []struct{ x, y, want float64 }{
		{10, 22, 1e22}, {10, -3, 1e-3}, {10, 300, 1e300}, {10, -300, 1e-300}, {2, -1074, 5e-324}, {2, 1023, 0x1p1023}, {2, 1024, math.Inf(1)},
		{-2, 3, -8}, {1.1, 10, 2.5937424601000023}, {0.9, 100, 2.6561398887587544e-05}, {2, 0.5, math.Sqrt2}, {0, 0, 1}, {0, 5, 0},
		{-1, 1e300, 1}, {2, 1e300, math.Inf(1)}, {0.5, 1e300, 0}, {-3, 1<<20 + 1, math.Inf(-1)}, {1 + 1e-9, 1e9, 2.71828205201156},
	} {
		got := pow(t, test.x, test.y)
		if got != test.want && math.Abs(got-test.want) > 1e-7*math.Abs(test.want) {
			t.Errorf("%v ** %v: got %v, want %v", test.x, test.y, got, test.want)
		}
		if got != test.want && math.Abs(test.y) < 1<<20 {
			t.Errorf("%v ** %v: got %v, want %v to the last bit", test.x, test.y, got, test.want)
		}
	}
}

// TestFunctionAccuracy holds the functions near package math's.
func TestFunctionAccuracy(t *testing.T) {
	want := map[string]func(float64) float64{
		"exp": math.Exp, "expm1": math.Expm1, "log": math.Log, "log1p": math.Log1p, "log2": math.Log2, "log10": math.Log10,
		"sqrt": math.Sqrt, "sin": math.Sin, "cos": math.Cos, "tan": math.Tan, "sinh": math.Sinh, "cosh": math.Cosh, "tanh": math.Tanh,
		"abs": math.Abs, "floor": math.Floor, "ceil": math.Ceil,
	}
	rng := rand.New(rand.NewPCG(11, 12))
	for name, reference := range want {
		f, ok := array.Lookup(name)
		if !ok {
			t.Fatalf("no function %s", name)
		}
		for range 2000 {
			x := rng.NormFloat64() * 5
			got, want := f.F(x), reference(x)
			if got != want && math.Abs(got-want) > 1e-14*max(math.Abs(want), 1) && (got == got || want == want) {
				t.Errorf("%s(%v): got %v, want %v", name, x, got, want)
				break
			}
		}
	}
	if f, _ := array.Lookup("sin"); math.Abs(f.F(1e6)-math.Sin(1e6)) > 1e-9 {
		t.Errorf("sin(1e6): got %v, want %v", f.F(1e6), math.Sin(1e6))
	}
}
