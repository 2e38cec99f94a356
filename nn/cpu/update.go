package cpu

import (
	"math"
	"math/bits"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// learner is an operation with parameters. What it learns is cut in units that
// threads share out; a unit is done by one thread from gradient to update.
type learner interface {
	units() int
	work() int // of a unit, in about as many multiplications a column
	parts() []part
	gradient(s *kern.Script, a, b int) // of units a to b
	refresh(s *kern.Script, a, b int)  // what depends on their parameters
}

// part is a block that an operation learns.
type part struct {
	*place
	unit int  // numbers of a unit; 0: all are one unit
	l2   bool // the gradient has the penalty's L2 already
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
	a, b   int
	passed bool               // the gradient is there when the passes are done
	slopes [sizes]kern.Script // writes the gradient
	change kern.Script        // applies the rule to it
}

func (h *share) work() int { return (h.b - h.a) * h.learner.work() }

// deal cuts what all learn in shares.
func (n *net) deal() {
	if n.small() {
		n.shares = []share{{learner: newAll(n), b: 1, passed: true}}
		return
	}
	for _, l := range n.learners {
		for u := range l.units() {
			n.shares = append(n.shares, share{learner: l, a: u, b: u + 1})
		}
	}
	if n.threads > 1 {
		n.shares = dealt(n.shares, n.threads)
	}
}

// all is what all learners of a small net do, as one: an update of everything,
// padding and what is not trained included (their gradient is 0).
type all struct {
	n    *net
	list []part
}

// smallNet is the number of parameters up to which that costs less than an
// update for each block.
const smallNet = 1 << 14

// small reports whether all will do: one thread, and one rule for all blocks.
func (n *net) small() bool {
	limited := func(b nn.Block) bool { return b.MaxNorm != 0 }
	return n.threads == 1 && n.lay.size <= smallNet && len(n.opts.Optimizer.WeightDecay) == 0 && !slices.ContainsFunc(n.plan.Blocks, limited)
}

func newAll(n *net) *all {
	return &all{n, []part{{place: &place{Block: &nn.Block{Trainable: true}, len: n.lay.size}}}}
}

func (l *all) units() int    { return 1 }
func (l *all) work() int     { return l.n.lay.size }
func (l *all) parts() []part { return l.list }
func (l *all) gradient(s *kern.Script, _, _ int) {
	for _, o := range l.n.learners {
		l.n.gradients(s, o, 0, o.units())
	}
}
func (l *all) refresh(s *kern.Script, _, _ int) {
	for _, o := range l.n.learners {
		o.refresh(s, 0, o.units())
	}
}

// dealt orders shares for a team: each thread's hand gets about as much work, the
// largest first.
func dealt(shares []share, threads int) []share {
	slices.SortStableFunc(shares, func(a, b share) int { return b.work() - a.work() })
	out, next := make([]share, len(shares)), 0
	for round := 0; next < len(shares); round++ {
		for i := range threads {
			if h := handOf(i, threads, len(shares)); h.a+round < h.b {
				out[h.a+round] = shares[next]
				next++
			}
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
	clock   nn.Clock
	fixed   bool // lr and decay are the same all the time
	lr      float64
	decay   float64 // of blocks with Decay
	rows    int
	biases  [2]bias       // of Adam's means
	scalars [2][8]float32 // without and with decay
}

var rules = []rule{
	{"sgd", sgdKernel, func(o *nn.Optimizer, s *step) [8]float32 { return narrow(s.lr, o.Momentum) }},
	{"perceptron", only(kern.SGD), func(_ *nn.Optimizer, s *step) [8]float32 { return narrow(s.lr * float64(s.rows)) }},
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
	unbias := 1 / math.Sqrt(s.biases[0].at(o.Beta2, s.clock.Step))
	return narrow(o.Beta1, 1-o.Beta1, o.Beta2, 1-o.Beta2, unbias, eps(o), s.lr/s.biases[1].at(o.Beta1, s.clock.Step), s.lr*s.decay)
}

// bias is 1 - b^t for update t. Once that is 1, it stays 1.
type bias struct {
	now     float64
	squares [64]float64 // b^(2^i)
}

func (s *bias) at(b float64, step int) float64 {
	if s.now == 1 {
		return 1
	}
	if s.squares[0] != b {
		s.squares[0] = b
		for i := range s.squares[1:] {
			s.squares[i+1] = s.squares[i] * s.squares[i]
		}
	}
	power := 1.0
	for n := uint(step + 1); n > 0; n &= n - 1 {
		power *= s.squares[bits.TrailingZeros(n)]
	}
	s.now = 1 - power
	return s.now
}

// steady reports whether the scalars are those of the step before: only Adam's
// depend on the number of the step.
func (s *step) steady(o *nn.Optimizer, rows int) bool {
	adam := o.Name == "adam" || o.Name == "adamw"
	return s.fixed && s.rows == rows && (!adam || s.biases[0].now == 1 && s.biases[1].now == 1)
}

// eps is never 0, so that padding does not become 0/0.
func eps(o *nn.Optimizer) float64 { return max(o.Eps, 0x1p-126) }

func narrow(v ...float64) (out [8]float32) {
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}

// set fills the step's numbers.
func (s *step) set(r *rule, o *nn.Optimizer, rows int) {
	s.rows, s.decay = rows, 0
	s.lr = o.LR.At(s.clock)
	if r == nil {
		return
	}
	s.scalars[0] = r.scalars(o, s)
	s.scalars[1] = s.scalars[0]
	if len(o.WeightDecay) > 0 {
		s.decay = o.WeightDecay.At(s.clock)
		s.scalars[1] = r.scalars(o, s)
	}
}

// bind writes the script of the gradient.
func (h *share) bind(n *net) {
	s := &h.slopes[n.which]
	s.Begin(n.set)
	if !h.passed {
		n.gradients(s, h.learner, h.a, h.b)
	}
}

// gradients writes those of units a to b, penalty included.
func (n *net) gradients(s *kern.Script, l learner, a, b int) {
	l.gradient(s, a, b)
	for i := range l.parts() {
		p := &l.parts()[i]
		from, to := p.span(a, b)
		switch {
		case from == to:
		case !p.Trainable:
			s.Func(func(*kern.Workspace) { clear(n.g[from:to]) })
		case p.L1 != 0 || p.L2 != 0 && !p.l2:
			call := s.Do(kern.Penalty)
			call.Flat(to - from)
			call.A[0], call.A[1] = &n.g[from], &n.p[from]
			if call.S[0] = float32(p.L1); !p.l2 {
				call.S[1] = float32(p.L2)
			}
		}
	}
}

// change is the rule applied to a block.
type change struct {
	*kern.Args
	decay bool
}

// bindChanges writes the scripts of the changes.
func (t *trainer) bindChanges() {
	t.changes = t.changes[:0]
	for i := range t.shares {
		h := &t.shares[i]
		h.change.Begin(t.set)
		for j := range h.parts() {
			p := &h.parts()[j]
			from, to := p.span(h.a, h.b)
			if !p.Trainable || t.rule == nil || from == to {
				continue
			}
			call := h.change.Do(t.rule.kernel(&t.opts.Optimizer))
			call.Flat(to - from)
			call.A[0], call.A[1] = &t.net.p[from], &t.net.g[from]
			for k := range t.slots {
				call.A[2+k] = &t.slots[k][from]
			}
			t.changes = append(t.changes, change{call, p.Decay})
			if p.MaxNorm != 0 {
				h.change.Func(func(w *kern.Workspace) { t.limit(w, p, h.a, h.b) })
			}
		}
		h.refresh(&h.change, h.a, h.b)
	}
}

// scale finds the rule's scalars for a step over so many rows.
func (t *trainer) scale(rows int) {
	if t.step.steady(&t.opts.Optimizer, rows) {
		return
	}
	t.step.clock = t.mode.Clock
	t.step.set(t.rule, &t.opts.Optimizer, rows)
	for _, c := range t.changes {
		c.S = t.step.scalars[0]
		if c.decay {
			c.S = t.step.scalars[1]
		}
	}
}

// limit scales units of the network whose incoming weights are longer than
// MaxNorm back to it, in panels a to b.
func (n *net) limit(w *kern.Workspace, p *part, a, b int) {
	for strip := a; strip < b; strip++ {
		width := p.panels.Width(strip * kern.Strip)
		from, _ := p.span(strip, strip+1)
		norms := w.Zeros(width)
		w.Args.Rows, w.Args.N, w.Args.Stride = p.Cols, width, width
		w.Args.A[0], w.Args.A[1], w.Args.A[2] = &norms[0], &n.p[from], &n.p[from]
		w.Do(kern.ColDot)
		for i, sq := range norms {
			norms[i] = 1
			if l := math.Sqrt(float64(sq)); l > p.MaxNorm {
				norms[i] = float32(p.MaxNorm / l)
			}
		}
		w.Args.A[0], w.Args.A[1], w.Args.A[2] = &n.p[from], &n.p[from], &norms[0]
		w.Do(kern.MulRows)
	}
}

func (n *net) onGradient(thread, piece int) {
	n.shares[piece].slopes[n.which].Run(&n.cores[thread])
}

// normRow is how many squares one lane-wise sum adds up.
const normRow = 1024

// norm is the Euclidean norm of a vector of the layout.
func norm(w *kern.Workspace, v []float32) float64 {
	var sum float64
	part := w.Zeros(1)
	for i := 0; i < len(v); i += normRow {
		w.Args.Flat(min(normRow, len(v)-i))
		w.Args.A[0], w.Args.A[1] = &v[i], &part[0]
		w.Do(kern.SumSq)
		sum += float64(part[0])
	}
	if sum < 1e-30 || sum > 1e30 { // squares may have been too small or too large for float32
		sum = 0
		for _, x := range v {
			sum += float64(float64(x) * float64(x))
		}
	}
	return math.Sqrt(sum)
}
