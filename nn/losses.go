package nn

import (
	"math"

	"mlpkernel/nn/mathx"
)

// LossDef is an entry of [Losses].
type LossDef struct {
	Def
	// Logits says that Row reads logits (see [Head]); else it reads predictions.
	Logits bool
	// Acts are the output activations that the loss needs, none if it takes any.
	// The first is the default.
	Acts []string
	// Targets are the kinds of target that it is for.
	Targets []TargetKind
	// Row gives the loss of one row and writes its gradient by z into dz. z has
	// Head.Units numbers, t has Head.TargetWidth. It is the definition that
	// backends are compared with.
	Row func(h *Head, z, t, dz []float64) float64
}

var (
	anyTarget = []TargetKind{Numbers, Binary, Labels}
	yesOrNo   = []TargetKind{Binary, Labels}
)

// lossTable is built once and only read. All losses over several outputs are
// means over the outputs, but for cross_entropy, which is of the row.
var lossTable = []LossDef{
	{
		Def:     Def{Name: "mse", Doc: "Mean of the squared errors.", Formula: `(y - t)^2`},
		Targets: anyTarget,
		Row: eachOutput(func(_, y, t float64) (float64, float64) {
			e := y - t
			return float64(e * e), 2 * e
		}),
	},
	{
		Def:     Def{Name: "mae", Doc: "Mean of the absolute errors: pulls to the median.", Formula: `|y - t|`},
		Targets: anyTarget,
		Row: eachOutput(func(_, y, t float64) (float64, float64) {
			return math.Abs(y - t), sign(y - t)
		}),
	},
	{
		Def: Def{Name: "huber", Doc: "Squared near 0, absolute beyond delta: outliers pull less.",
			Formula: `\tfrac{1}{2} e^2 \text{ if } |e| \le \delta \text{ else } \delta(|e| - \tfrac{1}{2}\delta)`,
			Params:  []Param{{Name: "delta", Doc: "where squared turns absolute", Default: 1, Min: 1e-9, Max: 1e9}}},
		Targets: anyTarget,
		Row: eachOutput(func(delta, y, t float64) (float64, float64) {
			e := y - t
			if math.Abs(e) <= delta {
				return 0.5 * float64(e*e), e
			}
			return delta * (math.Abs(e) - 0.5*delta), delta * sign(e)
		}),
	},
	{
		Def: Def{Name: "quantile", Doc: "The pinball loss: its best prediction is the q-quantile of the target.",
			Formula: `\max(q (t - y), (q - 1)(t - y))`,
			Params:  []Param{{Name: "q", Doc: "the quantile, 0.5 for the median", Default: 0.5, Min: 1e-6, Max: 1 - 1e-6}}},
		Targets: []TargetKind{Numbers},
		Row: eachOutput(func(q, y, t float64) (float64, float64) {
			if y < t {
				return q * (t - y), -q
			}
			if y > t {
				return (1 - q) * (y - t), 1 - q
			}
			return 0, 0
		}),
	},
	{
		Def: Def{Name: "binary_cross_entropy", Doc: "Minus the logarithm of the probability given to what is true, for yes or no.",
			Formula: `-t \log p - (1 - t) \log (1 - p),\quad p = \sigma(z)`},
		Logits: true, Acts: []string{"sigmoid"}, Targets: yesOrNo,
		Row: eachOutput(func(_, z, t float64) (float64, float64) {
			return mathx.Softplus(z) - float64(t*z), mathx.Sigmoid(z) - t
		}),
	},
	{
		Def: Def{Name: "cross_entropy", Doc: "Minus the logarithm of the probability given to the true class.",
			Formula: `-\log p_c,\quad p = \mathrm{softmax}(z)`,
			Params:  []Param{{Name: "label_smoothing", Doc: "share of the target spread evenly over all classes", Max: 1}}},
		Logits: true, Acts: []string{"softmax"}, Targets: []TargetKind{Classes, Binary},
		Row: crossEntropy,
	},
	{
		Def: Def{Name: "focal", Doc: "Cross-entropy times (1 - p)^gamma: rows that are right already count less (Lin et al. 2017).",
			Formula: `-(1 - p)^\gamma \log p`,
			Params:  []Param{{Name: "gamma", Doc: "how much less", Default: 2, Max: 100}}},
		Logits: true, Acts: []string{"sigmoid", "softmax"}, Targets: []TargetKind{Binary, Labels, Classes},
		Row: focal,
	},
	{
		Def: Def{Name: "perceptron", Doc: "The share of wrong answers of a step unit; its gradient is that of Rosenblatt's rule, output minus target, passed through the step.",
			Formula: `[y \ne t],\quad \delta = y - t`},
		Logits: true, Acts: []string{"step"}, Targets: yesOrNo,
		Row: eachOutput(func(_, z, t float64) (float64, float64) {
			e := 0 - t
			if z >= 0 {
				e = 1 - t
			}
			return math.Abs(e), e
		}),
	},
}

// Losses lists the losses there are.
func Losses() []LossDef { return lossTable }

// eachOutput is the mean over the outputs of a loss of one output, given with
// its derivative.
func eachOutput(f func(p, y, t float64) (loss, grad float64)) func(h *Head, z, t, dz []float64) float64 {
	return func(h *Head, z, t, dz []float64) float64 {
		var sum float64
		n := float64(len(z))
		for i, y := range z {
			l, g := f(h.Loss.Param, y, t[i])
			sum += l
			dz[i] = g / n
		}
		return sum / n
	}
}

func crossEntropy(h *Head, z, t, dz []float64) float64 {
	lse := Softmax(dz, z)
	c := int(t[0])
	s := h.Loss.Param
	loss := lse - z[c]
	if s > 0 {
		var mean float64
		for i, v := range z {
			mean += v
			dz[i] -= s / float64(len(z))
		}
		mean /= float64(len(z))
		// -Σ q_i log p_i with q = (1-s) at c, plus s/n everywhere.
		loss = lse - float64((1-s)*z[c]) - float64(s*mean)
	}
	dz[c] -= 1 - s
	return loss
}

// focal is over the true class's probability p: l = (1-p)^γ·(-log p), and with
// u = dp/dz the gradient follows from dl/dp·p = γ(1-p)^(γ-1)·p·log p - (1-p)^γ.
func focal(h *Head, z, t, dz []float64) float64 {
	if h.Act.Name != "softmax" {
		return focalSigmoid(h, z, t, dz)
	}
	lse := Softmax(dz, z)
	c := int(t[0])
	loss, slope := focalTerm(h.Loss.Param, z[c]-lse, 1-dz[c])
	for i := range dz {
		dz[i] = float64(-slope * dz[i])
	}
	dz[c] += slope
	return loss
}

// focalSigmoid writes the true side's logit as ±z, so that p = σ(±z).
var focalSigmoid = eachOutput(func(gamma, z, t float64) (float64, float64) {
	s := float64(2*t) - 1
	logp := -mathx.Softplus(float64(-s * z))
	q := mathx.Sigmoid(float64(-s * z))
	loss, slope := focalTerm(gamma, logp, q)
	return loss, s * slope * q
})

// focalTerm gives -q^γ·log p and its derivative by log p, for q = 1 - p.
func focalTerm(gamma, logp, q float64) (loss, slope float64) {
	w := mathx.Pow(q, gamma)
	loss = -w * logp
	slope = -w
	if q > 0 && gamma > 0 {
		p := mathx.Exp(logp)
		slope += float64(float64(gamma*float64(w/q)) * float64(p*logp))
	}
	return loss, slope
}

func sign(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}
