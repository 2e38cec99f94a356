package cpu

import (
	"math"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// learner is an operation with parameters. What it learns is cut in units that
// threads share out; a unit is done by one thread from gradient to update.
type learner interface {
	units() int
	work() int   // of a unit, in about as many multiplications a column
	whole() bool // all units of a thread had better be done together
	parts() []part
	gradient(c *core, a, b int) // of units a to b
	refresh(c *core, a, b int)  // what depends on their parameters
}

// part is a block that an operation learns.
type part struct {
	*place
	unit int // numbers of a unit; 0: all are one unit
}

// span is where units a to b lie in vectors of the layout.
func (p *part) span(a, b int) (from, to int) {
	if p.unit == 0 {
		return p.at, p.at + p.len
	}
	return p.at + min(a*p.unit, p.len), p.at + min(b*p.unit, p.len)
}

// share is units a to b of a learner: a piece of what is learnt.
type share struct {
	learner
	a, b int
}

func (h *share) work() int { return (h.b - h.a) * h.learner.work() }

// fewUnits is how many units of a learner that had better do all at once are
// worth a share.
const fewUnits = 8

// deal cuts what all learn in shares.
func (n *net) deal() {
	for _, l := range n.learners {
		by := 1
		if l.whole() {
			by = max(min(fewUnits, l.units()/n.threads), 1)
			if n.threads == 1 {
				by = l.units()
			}
		}
		for u := 0; u < l.units(); u += by {
			n.shares = append(n.shares, share{l, u, min(u+by, l.units())})
		}
	}
	if n.threads > 1 {
		n.shares = smallLast(n.shares)
	}
}

// smallLast orders shares for a team, which takes them from both ends: the
// smaller the later.
func smallLast(shares []share) []share {
	slices.SortStableFunc(shares, func(a, b share) int { return b.work() - a.work() })
	out := make([]share, len(shares))
	for i, h := range shares {
		if i%2 == 0 {
			out[i/2] = h
		} else {
			out[len(out)-1-i/2] = h
		}
	}
	return out
}

// rule is an optimiser as a kernel.
type rule struct {
	name    string
	kernel  func(o *nn.Optimizer) kern.Map
	scalars func(o *nn.Optimizer, s *step) [8]float32
}

// step is what the rule of one update needs besides the gradient.
type step struct {
	clock  nn.Clock
	fixed  bool // lr is the same all the time
	lr     float64
	decay  float64 // of blocks with Decay
	rows   float64
	factor float32 // what the gradient is multiplied by, for clipping
	// unbiased says which of Adam's means need no more correction.
	unbiased [2]bool

	kernel  kern.Map
	scalars [2][8]float32 // without and with decay
}

var rules = []rule{
	{"sgd", sgdKernel, func(o *nn.Optimizer, s *step) [8]float32 { return narrow(s.lr, o.Momentum) }},
	{"perceptron", only(kern.SGD), func(_ *nn.Optimizer, s *step) [8]float32 { return narrow(s.lr * s.rows) }},
	{"adam", only(kern.Adam), adamScalars},
	{"adamw", only(kern.Adam), adamScalars},
	{"rmsprop", only(kern.RMSProp), func(o *nn.Optimizer, s *step) [8]float32 { return narrow(o.Rho, 1-o.Rho, s.lr, eps(o)) }},
	{"adagrad", only(kern.Adagrad), func(o *nn.Optimizer, s *step) [8]float32 { return narrow(s.lr, eps(o)) }},
}

func ruleOf(o nn.Optimizer) *rule {
	for i := range rules {
		if rules[i].name == o.Name {
			return &rules[i]
		}
	}
	return nil // lbfgs
}

func only(m kern.Map) func(*nn.Optimizer) kern.Map { return func(*nn.Optimizer) kern.Map { return m } }

func sgdKernel(o *nn.Optimizer) kern.Map {
	switch {
	case o.Momentum == 0:
		return kern.SGD
	case o.Nesterov:
		return kern.Nesterov
	}
	return kern.Momentum
}

func adamScalars(o *nn.Optimizer, s *step) [8]float32 {
	unbias := 1 / math.Sqrt(s.bias(0, o.Beta2))
	return narrow(o.Beta1, 1-o.Beta1, o.Beta2, 1-o.Beta2, unbias, eps(o), s.lr/s.bias(1, o.Beta1), s.lr*s.decay)
}

// bias is 1 - b^t for update t. Once that is 1, it stays 1.
func (s *step) bias(i int, b float64) float64 {
	if s.unbiased[i] {
		return 1
	}
	v := 1 - power(b, s.clock.Step+1)
	s.unbiased[i] = v == 1
	return v
}

// eps is never 0, so that padding does not become 0/0.
func eps(o *nn.Optimizer) float64 { return max(o.Eps, 0x1p-126) }

func narrow(v ...float64) (out [8]float32) {
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}

// power is b^n by repeated squaring.
func power(b float64, n int) float64 {
	r := 1.0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r *= b
		}
		b *= b
	}
	return r
}

// set fills the step's numbers.
func (s *step) set(r *rule, o *nn.Optimizer, clock nn.Clock, rows int) {
	s.clock, s.rows, s.factor = clock, float64(rows), 1
	if !s.fixed {
		s.lr = o.LR.At(clock)
	}
	s.decay = 0
	if r == nil {
		return
	}
	s.kernel = r.kernel(o)
	s.scalars[0] = r.scalars(o, s)
	if len(o.WeightDecay) > 0 {
		s.decay = o.WeightDecay.At(clock)
		s.scalars[1] = r.scalars(o, s)
	} else {
		s.scalars[1] = s.scalars[0]
	}
}

// gradients computes those of units a to b, penalty included.
func (n *net) gradients(c *core, l learner, a, b int) {
	l.gradient(c, a, b)
	for i := range l.parts() {
		p := &l.parts()[i]
		from, to := p.span(a, b)
		switch {
		case !p.Trainable:
			clear(n.g[from:to])
		case p.L1 != 0 || p.L2 != 0:
			c.args.Flat(to - from)
			c.args.A[0], c.args.A[1] = &n.g[from], &n.p[from]
			c.args.S[0], c.args.S[1] = float32(p.L1), float32(p.L2)
			c.set.Do(kern.Penalty, &c.args)
		}
	}
}

// change applies the rule to units a to b.
func (n *net) change(c *core, s *step, slots [][]float32, l learner, a, b int) {
	for i := range l.parts() {
		p := &l.parts()[i]
		if !p.Trainable {
			continue
		}
		from, to := p.span(a, b)
		c.args.Flat(to - from)
		if s.factor != 1 {
			c.args.A[0], c.args.A[1], c.args.S[0] = &n.g[from], &n.g[from], s.factor
			c.set.Do(kern.Scale, &c.args)
		}
		c.args.S = s.scalars[0]
		if p.Decay {
			c.args.S = s.scalars[1]
		}
		c.args.A[0], c.args.A[1] = &n.p[from], &n.g[from]
		for j := range slots {
			c.args.A[2+j] = &slots[j][from]
		}
		c.set.Do(s.kernel, &c.args)
		if p.MaxNorm != 0 {
			n.limit(c, p, a, b)
		}
	}
	l.refresh(c, a, b)
}

// limit scales units of the network whose incoming weights are longer than
// MaxNorm back to it, in panels a to b.
func (n *net) limit(c *core, p *part, a, b int) {
	for strip := a; strip < b; strip++ {
		width := p.panels.Width(strip * kern.Strip)
		from, _ := p.span(strip, strip+1)
		norms := c.zeros(width)
		c.args.Rows, c.args.N, c.args.Stride = p.Cols, width, width
		c.args.A[0], c.args.A[1], c.args.A[2] = &norms[0], &n.p[from], &n.p[from]
		c.set.Do(kern.ColDot, &c.args)
		for i, sq := range norms {
			norms[i] = 1
			if l := math.Sqrt(float64(sq)); l > p.MaxNorm {
				norms[i] = float32(p.MaxNorm / l)
			}
		}
		c.args.A[0], c.args.A[1], c.args.A[2] = &n.p[from], &n.p[from], &norms[0]
		c.set.Do(kern.MulRows, &c.args)
	}
}

// smallNet is the number of parameters up to which one update of everything,
// padding and what is not trained included (their gradient is 0), costs less
// than one for each block.
const smallNet = 1 << 14

// canBeSmall reports whether changeAll will do.
func (n *net) canBeSmall() bool {
	limited := func(b nn.Block) bool { return b.MaxNorm != 0 }
	return n.threads == 1 && n.lay.size <= smallNet && !slices.ContainsFunc(n.plan.Blocks, limited)
}

// changeAll applies the rule to everything.
func (n *net) changeAll(c *core, s *step, slots [][]float32) {
	c.args.Flat(n.lay.size)
	c.args.A[0], c.args.A[1], c.args.S = &n.p[0], &n.g[0], s.scalars[0]
	for j := range slots {
		c.args.A[2+j] = &slots[j][0]
	}
	c.set.Do(s.kernel, &c.args)
	for _, l := range n.learners {
		l.refresh(c, 0, l.units())
	}
}

func (n *net) onGradient(thread, piece int) {
	h := &n.shares[piece]
	n.gradients(&n.cores[thread], h.learner, h.a, h.b)
}

// normRow is how many squares one lane-wise sum adds up.
const normRow = 1024

// norm is the Euclidean norm of a vector of the layout.
func (c *core) norm(v []float32) float64 {
	var sum float64
	for i := 0; i < len(v); i += normRow {
		c.args.Flat(min(normRow, len(v)-i))
		c.args.A[0], c.args.A[1] = &v[i], &c.one
		c.set.Do(kern.SumSq, &c.args)
		sum += float64(c.one)
	}
	if sum < 1e-30 || sum > 1e30 { // squares may have been too small or too large for float32
		sum = 0
		for _, x := range v {
			sum += float64(float64(x) * float64(x))
		}
	}
	return math.Sqrt(sum)
}
