package nn

import "math"

// OptimizerDef is an entry of [Optimizers].
type OptimizerDef struct {
	Def
	// Slots is the number of vectors kept beside the parameters.
	Slots func(o Optimizer) int
	// Update changes P in place; nil for lbfgs, which is no rule per step. It is
	// the definition that backends are compared with.
	Update func(o Optimizer, u Update)
}

// Update is what a rule needs for one block at one step.
type Update struct {
	P, G  []float64   // parameters, gradient of the mean loss of the batch with penalty, clipped
	Slots [][]float64 // the optimiser's memory for this block
	T     int         // number of this update, from 1
	LR    float64     // rate of this step
	Decay float64     // weight decay of this step; 0 for blocks without Decay
	Rows  float64     // rows of the batch
}

// mostBeta is the greatest decay: with 1, means would stay 0 for ever.
const mostBeta = 0.999999

var (
	lrParam = func(v float64) Param {
		return Param{Name: "lr", Doc: "learning rate", Default: v, Kind: Rate, Max: 1e9}
	}
	beta1    = Param{Name: "beta1", Doc: "decay of the mean of gradients", Default: 0.9, Max: mostBeta}
	beta2    = Param{Name: "beta2", Doc: "decay of the mean of squares", Default: 0.999, Max: mostBeta}
	epsParam = func(v float64) Param { return Param{Name: "eps", Doc: "added to the root", Default: v, Max: 1} }
)

func slots(n int) func(Optimizer) int { return func(Optimizer) int { return n } }

// optimizerTable is built once and only read.
var optimizerTable = []OptimizerDef{
	{
		Def: Def{Name: "sgd", Doc: "Gradient descent, with momentum if asked for.",
			Formula: `v \leftarrow \mu v + g,\quad w \leftarrow w - \eta v`,
			Params: []Param{
				lrParam(0.01),
				{Name: "momentum", Doc: "share of the last step kept", Max: 1},
				{Name: "nesterov", Doc: "look ahead: step by g + momentum*v", Kind: Flag, Max: 1},
			}},
		Slots: func(o Optimizer) int {
			if o.Momentum > 0 {
				return 1
			}
			return 0
		},
		Update: sgdUpdate,
	},
	{
		Def: Def{Name: "adam", Doc: "Adam (Kingma and Ba 2015): steps by mean over root mean square of the gradient, both bias-corrected.",
			Formula: `m \leftarrow \beta_1 m + (1-\beta_1) g,\quad v \leftarrow \beta_2 v + (1-\beta_2) g^2,\quad w \leftarrow w - \eta \frac{m/(1-\beta_1^t)}{\sqrt{v/(1-\beta_2^t)} + \epsilon}`,
			Params:  []Param{lrParam(1e-3), beta1, beta2, epsParam(1e-8)}},
		Slots: slots(2), Update: adamUpdate,
	},
	{
		Def: Def{Name: "adamw", Doc: "Adam with decoupled weight decay (Loshchilov and Hutter 2019): weights shrink by lr*weight_decay beside the step.",
			Formula: `w \leftarrow w - \eta\lambda w,\ \text{then Adam}`,
			Params: []Param{lrParam(1e-3), beta1, beta2, epsParam(1e-8),
				{Name: "weight_decay", Doc: "decay of the weights, times the rate", Default: 0.01, Kind: Rate, Max: 1e9}}},
		Slots: slots(2), Update: adamUpdate,
	},
	{
		Def: Def{Name: "rmsprop", Doc: "RMSProp (Tieleman and Hinton 2012): steps by the gradient over its root mean square.",
			Formula: `v \leftarrow \rho v + (1-\rho) g^2,\quad w \leftarrow w - \eta \frac{g}{\sqrt{v} + \epsilon}`,
			Params:  []Param{lrParam(1e-3), {Name: "rho", Doc: "decay of the mean of squares", Default: 0.9, Max: 1}, epsParam(1e-8)}},
		Slots: slots(1), Update: rmspropUpdate,
	},
	{
		Def: Def{Name: "adagrad", Doc: "AdaGrad (Duchi et al. 2011): steps by the gradient over the root of the sum of its squares.",
			Formula: `v \leftarrow v + g^2,\quad w \leftarrow w - \eta \frac{g}{\sqrt{v} + \epsilon}`,
			Params:  []Param{lrParam(0.01), epsParam(1e-10)}},
		Slots: slots(1), Update: adagradUpdate,
	},
	{
		Def: Def{Name: "perceptron", Doc: "Rosenblatt's rule of 1957 for a step unit: w += lr * (target - output) * input, summed over the rows of a batch.",
			Formula: `w \leftarrow w + \eta (t - y) x`,
			Params:  []Param{lrParam(1)}},
		Slots: slots(0), Update: perceptronUpdate,
	},
	{
		Def: Def{Name: "lbfgs", Doc: "L-BFGS (Nocedal 1980) over all rows at once, with a line search: few, strong steps for small data.",
			Params: []Param{lrParam(1), {Name: "history", Doc: "pairs of steps and gradient changes remembered", Default: 10, Min: 1, Max: 100}}},
		Slots: slots(0),
	},
}

// Optimizers lists the optimisers there are.
func Optimizers() []OptimizerDef { return optimizerTable }

func sgdUpdate(o Optimizer, u Update) {
	for i, g := range u.G {
		if o.Momentum > 0 {
			v := float64(o.Momentum*u.Slots[0][i]) + g
			u.Slots[0][i] = v
			if o.Nesterov {
				g += float64(o.Momentum * v)
			} else {
				g = v
			}
		}
		u.P[i] -= float64(u.LR * g)
	}
}

func adamUpdate(o Optimizer, u Update) {
	m, v := u.Slots[0], u.Slots[1]
	c1, c2 := 1-powInt(o.Beta1, u.T), 1-powInt(o.Beta2, u.T)
	for i, g := range u.G {
		u.P[i] -= float64(float64(u.LR*u.Decay) * u.P[i])
		m[i] = float64(o.Beta1*m[i]) + float64((1-o.Beta1)*g)
		v[i] = float64(o.Beta2*v[i]) + float64((1-o.Beta2)*float64(g*g))
		u.P[i] -= float64(u.LR * (m[i] / c1) / (math.Sqrt(v[i]/c2) + o.Eps))
	}
}

func rmspropUpdate(o Optimizer, u Update) {
	v := u.Slots[0]
	for i, g := range u.G {
		v[i] = float64(o.Rho*v[i]) + float64((1-o.Rho)*float64(g*g))
		u.P[i] -= float64(u.LR * g / (math.Sqrt(v[i]) + o.Eps))
	}
}

func adagradUpdate(o Optimizer, u Update) {
	v := u.Slots[0]
	for i, g := range u.G {
		v[i] += float64(g * g)
		u.P[i] -= float64(u.LR * g / (math.Sqrt(v[i]) + o.Eps))
	}
}

func perceptronUpdate(o Optimizer, u Update) {
	for i, g := range u.G {
		u.P[i] -= float64(float64(u.LR*u.Rows) * g)
	}
}

// powInt is b^n by repeated squaring, the same bits everywhere.
func powInt(b float64, n int) float64 {
	r := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r *= b
		}
		b *= b
	}
	return r
}
