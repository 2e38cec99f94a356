package nn

import (
	"math"

	"mlpkernel/nn/mathx"
)

// ActivationDef is an entry of [Activations]: a function and its derivative.
type ActivationDef struct {
	Def
	// F is the function; nil for softmax, which acts on a row. p is Activation.Param.
	F func(x, p float64) float64
	// D is the derivative at x, where y = F(x, p).
	D func(x, y, p float64) float64
	// Init is the initialiser that fits.
	Init string
	// Kinks are the points where the derivative jumps; gradient checks keep away.
	Kinks []float64
	// Low and High bound what it gives, whatever x is; both are 0 where that is
	// not said.
	Low, High float64
}

// Constants of Klambauer et al. 2017, equations 14: the fixed point of mean 0
// and variance 1.
const (
	seluAlpha  = 1.6732632423543772848170429916717
	seluLambda = 1.0507009873554804934193349852946
)

// Constants of the tanh form of gelu (Hendrycks and Gimpel 2016).
const (
	geluC = 0.79788456080286535588 // sqrt(2/π)
	geluA = 0.044715
)

var kinkAtZero = []float64{0}

// activationTable is built once and only read. The first entry is the identity.
var activationTable = []ActivationDef{
	{
		Def:  Def{Name: "linear", Doc: "The identity: a weighted sum as it is.", Formula: `f(x) = x`},
		F:    func(x, _ float64) float64 { return x },
		D:    func(_, _, _ float64) float64 { return 1 },
		Init: "glorot_uniform",
	},
	{
		Def: Def{Name: "step", Doc: "The threshold unit of McCulloch and Pitts: 1 from 0 on, else 0. Its derivative is 0, so only the perceptron rule trains it.",
			Formula: `f(x) = [x \ge 0]`},
		F: func(x, _ float64) float64 {
			if x >= 0 {
				return 1
			}
			return 0
		},
		D:     func(_, _, _ float64) float64 { return 0 },
		Init:  "glorot_uniform",
		Kinks: kinkAtZero,
		High:  1,
	},
	{
		Def:  Def{Name: "sigmoid", Doc: "The logistic function, from 0 to 1. Its slope is at most 1/4, so gradients fade with depth.", Formula: `\sigma(x) = \frac{1}{1 + e^{-x}}`},
		F:    func(x, _ float64) float64 { return mathx.Sigmoid(x) },
		D:    func(_, y, _ float64) float64 { return y * (1 - y) },
		Init: "glorot_uniform",
		High: 1,
	},
	{
		Def:  Def{Name: "tanh", Doc: "The hyperbolic tangent, from -1 to 1, centred on 0.", Formula: `f(x) = \tanh x`},
		F:    func(x, _ float64) float64 { return mathx.Tanh(x) },
		D:    func(_, y, _ float64) float64 { return 1 - float64(y*y) },
		Init: "glorot_uniform",
		Low:  -1,
		High: 1,
	},
	{
		Def: Def{Name: "relu", Doc: "The positive part: cheap, and its gradient does not fade; a unit that is never positive is dead.", Formula: `f(x) = \max(0, x)`},
		F: func(x, _ float64) float64 {
			if x <= 0 {
				return 0
			}
			return x // NaN too
		},
		D:     func(_, y, _ float64) float64 { return above(y, 0) },
		Init:  "he_normal",
		Kinks: kinkAtZero,
		High:  math.Inf(1),
	},
	{
		Def: Def{Name: "leaky_relu", Doc: "relu with a small slope below 0, so that no unit dies.", Formula: `f(x) = \max(0, x) + s \min(0, x)`,
			Params: []Param{{Name: "slope", Doc: "slope below 0", Default: 0.01, Min: 0, Max: 1}}},
		F:     func(x, s float64) float64 { return below(x, float64(s*x)) },
		D:     func(x, _, s float64) float64 { return above(x, s) },
		Init:  "he_normal",
		Kinks: kinkAtZero,
	},
	{
		Def: Def{Name: "elu", Doc: "relu that bends to -alpha below 0 (Clevert et al. 2016).", Formula: `f(x) = x \text{ if } x > 0 \text{ else } \alpha (e^x - 1)`,
			Params: []Param{{Name: "alpha", Doc: "the limit below 0 is -alpha", Default: 1, Min: 0, Max: 100}}},
		F:     func(x, a float64) float64 { return below(x, a*mathx.Expm1(min(x, 0))) },
		D:     func(x, y, a float64) float64 { return above(x, y+a) },
		Init:  "he_normal",
		Kinks: kinkAtZero,
	},
	{
		Def: Def{Name: "selu", Doc: "elu scaled so that activations keep mean 0 and variance 1 through the layers (Klambauer et al. 2017).",
			Formula: `f(x) = \lambda x \text{ if } x > 0 \text{ else } \lambda\alpha (e^x - 1)`},
		F:     func(x, _ float64) float64 { return seluLambda * below(x, seluAlpha*mathx.Expm1(min(x, 0))) },
		D:     func(x, y, _ float64) float64 { return seluLambda * above(x, y/seluLambda+seluAlpha) },
		Init:  "lecun_normal",
		Kinks: kinkAtZero,
	},
	{
		Def: Def{Name: "gelu", Doc: "x times the share of a normal distribution below x, in the tanh form (Hendrycks and Gimpel 2016), within 5e-4 of the exact one.",
			Formula: `f(x) = \tfrac{x}{2}\left(1 + \tanh\left(\sqrt{2/\pi}\,(x + 0.044715 x^3)\right)\right)`},
		F: func(x, _ float64) float64 {
			return float64(0.5*x) * (1 + mathx.Tanh(geluInner(x)))
		},
		D: func(x, _, _ float64) float64 {
			t := mathx.Tanh(geluInner(x))
			du := geluC * (1 + float64(3*geluA*float64(x*x)))
			return float64(0.5*(1+t)) + float64(float64(0.5*x)*float64((1-float64(t*t))*du))
		},
		Init: "he_normal",
	},
	{
		Def: Def{Name: "silu", Doc: "x times sigmoid(x), also called swish.", Formula: `f(x) = x\,\sigma(x)`},
		F:   func(x, _ float64) float64 { return x * mathx.Sigmoid(x) },
		D: func(x, y, _ float64) float64 {
			s := mathx.Sigmoid(x)
			return s + float64(y*(1-s))
		},
		Init: "he_normal",
	},
	{
		Def: Def{Name: "mish", Doc: "x times tanh(softplus(x)) (Misra 2019).", Formula: `f(x) = x \tanh(\log(1 + e^x))`},
		F:   func(x, _ float64) float64 { return x * mathx.Tanh(mathx.Softplus(x)) },
		D: func(x, _, _ float64) float64 {
			t := mathx.Tanh(mathx.Softplus(x))
			return t + float64(x*float64((1-float64(t*t))*mathx.Sigmoid(x)))
		},
		Init: "he_normal",
	},
	{
		Def:  Def{Name: "softplus", Doc: "A smooth relu; its derivative is the sigmoid.", Formula: `f(x) = \log(1 + e^x)`},
		F:    func(x, _ float64) float64 { return mathx.Softplus(x) },
		D:    func(x, _, _ float64) float64 { return mathx.Sigmoid(x) },
		Init: "he_normal",
		High: math.Inf(1),
	},
	{
		Def:  Def{Name: "softmax", Doc: "Exponentials of a row over their sum: positive numbers that add up to 1.", Formula: `f(x)_i = \frac{e^{x_i}}{\sum_j e^{x_j}}`},
		Init: "glorot_uniform",
		High: 1,
	},
}

// Activations lists the activations there are.
func Activations() []ActivationDef { return activationTable }

// above is 1 where x is positive, else the given slope.
func above(x, slope float64) float64 {
	if x > 0 {
		return 1
	}
	return slope
}

// below is x where x is positive, else v.
func below(x, v float64) float64 {
	if x > 0 {
		return x
	}
	return v
}

func geluInner(x float64) float64 {
	return geluC * (x + float64(geluA*float64(float64(x*x)*x)))
}

// ownDef describes a function of the user's own. Without a derivative it takes
// central differences, whose error is about 1e-10.
func ownDef(own *OwnActivation) ActivationDef {
	d := own.D
	if d == nil {
		d = func(x float64) float64 {
			h := 6e-6 * math.Max(1, math.Abs(x)) // the cube root of the rounding error
			return (own.F(x+h) - own.F(x-h)) / (2 * h)
		}
	}
	return ActivationDef{
		Def:  Def{Name: OwnName, Doc: "A function of one's own."},
		F:    func(x, _ float64) float64 { return own.F(x) },
		D:    func(x, _, _ float64) float64 { return d(x) },
		Init: "glorot_uniform",
	}
}

// Softmax writes exp(x_i)/Σ exp(x_j) into y, which may be x. It gives
// log Σ exp(x_j).
func Softmax(y, x []float64) float64 {
	top := math.Inf(-1)
	for _, v := range x {
		top = math.Max(top, v)
	}
	var sum float64
	for i, v := range x {
		y[i] = mathx.Exp(v - top)
		sum += y[i]
	}
	for i := range y {
		y[i] /= sum
	}
	return top + mathx.Log(sum)
}
