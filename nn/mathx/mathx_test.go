package mathx_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"mlpkernel/nn/mathx"
)

// ulps is the distance of got from want in units of want's last place.
func ulps(got, want float64) float64 {
	if got == want {
		return 0
	}
	u := math.Nextafter(math.Abs(want), math.Inf(1)) - math.Abs(want)
	return math.Abs(got-want) / u
}

func TestAgainstMath(t *testing.T) {
	tests := []struct {
		name   string
		f, ref func(float64) float64
		lo, hi float64
		ulps   float64
	}{
		{"exp", mathx.Exp, math.Exp, -700, 700, 2},
		{"exp near 0", mathx.Exp, math.Exp, -1, 1, 2},
		{"expm1", mathx.Expm1, math.Expm1, -40, 40, 3},
		{"expm1 near 0", mathx.Expm1, math.Expm1, -1, 1, 3},
		{"log", mathx.Log, math.Log, 1e-300, 1e300, 2},
		{"log near 1", mathx.Log, math.Log, 0.5, 2, 2},
		{"log1p", mathx.Log1p, math.Log1p, -0.9, 10, 2},
		{"log1p near 0", mathx.Log1p, math.Log1p, -1e-3, 1e-3, 2},
		{"tanh", mathx.Tanh, math.Tanh, -25, 25, 3},
		{"tanh near 0", mathx.Tanh, math.Tanh, -1, 1, 3},
		{"sin", mathx.Sin, math.Sin, -10, 10, 2},
		{"cos", mathx.Cos, math.Cos, -10, 10, 2},
		{"sin far", mathx.Sin, math.Sin, -1e5, 1e5, 2},
		{"cos far", mathx.Cos, math.Cos, -1e5, 1e5, 2},
	}
	for _, tt := range tests {
		r := rand.New(rand.NewPCG(1, 2))
		worst, at := 0.0, 0.0
		for range 200000 {
			x := tt.lo + r.Float64()*(tt.hi-tt.lo)
			if u := ulps(tt.f(x), tt.ref(x)); u > worst {
				worst, at = u, x
			}
		}
		t.Logf("%s: %.2f ulp at %v", tt.name, worst, at)
		if worst > tt.ulps {
			t.Errorf("%s: %.2f ulp at %v: got %v, want %v", tt.name, worst, at, tt.f(at), tt.ref(at))
		}
	}
}

func TestEdges(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	tests := []struct {
		name      string
		got, want float64
	}{
		{"exp inf", mathx.Exp(inf), inf}, {"exp -inf", mathx.Exp(-inf), 0}, {"exp nan", mathx.Exp(nan), nan},
		{"exp 0", mathx.Exp(0), 1}, {"exp 709.7", mathx.Exp(709.7), 1.6549840276802644e+308}, {"exp tiny", mathx.Exp(-744), 1e-323},
		{"log 0", mathx.Log(0), -inf}, {"log -1", mathx.Log(-1), nan}, {"log inf", mathx.Log(inf), inf}, {"log 1", mathx.Log(1), 0},
		{"log subnormal", mathx.Log(5e-324), -744.4400719213812},
		{"tanh inf", mathx.Tanh(inf), 1}, {"tanh -inf", mathx.Tanh(-inf), -1}, {"tanh nan", mathx.Tanh(nan), nan},
		{"tanh 0", mathx.Tanh(0), 0}, {"log1p -1", mathx.Log1p(-1), -inf}, {"log1p inf", mathx.Log1p(inf), inf},
		{"sigmoid -inf", mathx.Sigmoid(-inf), 0}, {"sigmoid inf", mathx.Sigmoid(inf), 1}, {"sigmoid 0", mathx.Sigmoid(0), 0.5},
		{"softplus inf", mathx.Softplus(inf), inf}, {"softplus -inf", mathx.Softplus(-inf), 0},
		{"cos inf", mathx.Cos(inf), nan}, {"sin -inf", mathx.Sin(-inf), nan}, {"sin nan", mathx.Sin(nan), nan}, {"cos nan", mathx.Cos(nan), nan},
		{"cos 0", mathx.Cos(0), 1}, {"pow 2^10", mathx.Pow(2, 10), 1024}, {"pow 0", mathx.Pow(0, 2), 0},
	}
	for _, tt := range tests {
		if tt.got != tt.want && !(tt.got != tt.got && tt.want != tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, tt.got, tt.want)
		}
	}
}

// TestBits fixes bits that every machine must give.
func TestBits(t *testing.T) {
	var sum uint64
	r := rand.New(rand.NewPCG(3, 4))
	fs := []func(float64) float64{mathx.Exp, mathx.Expm1, mathx.Log1p, mathx.Tanh, mathx.Sigmoid, mathx.Softplus, mathx.Sin, mathx.Cos}
	for range 20000 {
		x := float64(r.Float64()*20) - 0.5
		for _, f := range fs {
			sum = sum*31 + math.Float64bits(f(x))
		}
	}
	const want = 0xc7b60c4946261b81
	if sum != want {
		t.Errorf("fingerprint of bits: got %#x, want %#x", sum, uint64(want))
	}
}
