package cpu

import (
	"math"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// batchNorm is y = γ·x̂ + β with x̂ = (x-μ)/√(σ²+ε) per unit, over the rows of
// the batch while learning and by running statistics else.
type batchNorm struct {
	n              *net
	s              *nn.Step
	scale          scaleShift
	mean, variance *place
	// A number a unit: the batch's statistics; 1/√(σ²+ε); and the gradient's
	// a·dy - m - c·x̂.
	mu, sigma2, inv, da, dm, dc []float32
	dgamma, dbeta               []float32
	into                        target
}

func newBatchNorm(b *builder, s *nn.Step) operation {
	o := &batchNorm{n: b.net, s: s, scale: newScaleShift(b, s), mean: b.place(s.Mean), variance: b.place(s.Var)}
	ld := kern.Ld(b.plan.Widths[s.Out])
	for _, v := range []*[]float32{&o.mu, &o.sigma2, &o.inv, &o.da, &o.dm, &o.dc, &o.dgamma, &o.dbeta} {
		*v = kern.Alloc(ld)
	}
	return o
}

func (o *batchNorm) connect(b *builder) { o.into = b.toward(o.s.In) }

func (o *batchNorm) strips() int { return len(o.mu) / kern.Lanes }

// statistics are of the batch, for some strips of columns.
func (o *batchNorm) statistics(w *kern.Workspace, a, b int) {
	i, j := a*kern.Lanes, b*kern.Lanes
	x := o.n.val[o.s.In]
	share := 1 / float32(o.n.rows)
	columnSums(w, o.mu[i:j], matrix{x.v[i:], j - i, x.ld}, o.n.rows)
	scale(o.mu[i:j], share)
	eachPiece(w, o.sigma2[i:j], o.n.rows, func(to []float32, r, rows int) {
		w.Args.Rows, w.Args.N, w.Args.Stride = rows, j-i, x.ld
		w.Args.A[0], w.Args.A[1], w.Args.A[2] = &to[0], &x.v[r*x.ld+i], &o.mu[i]
		w.Do(kern.ColVar)
	})
	scale(o.sigma2[i:j], share)
	o.invert(o.sigma2, i, j)
}

func scale(v []float32, s float32) {
	for i := range v {
		v[i] *= s
	}
}

// invert fills 1/√(σ²+ε).
func (o *batchNorm) invert(variance []float32, i, j int) {
	for k := i; k < j; k++ {
		o.inv[k] = float32(1 / math.Sqrt(float64(variance[k])+o.s.Eps))
	}
}

// prepare takes the running statistics where the batch's do not count.
func (o *batchNorm) prepare() {
	if !o.n.learn {
		copy(o.mu, o.mean.of(o.n.p))
		o.invert(o.variance.of(o.n.p), 0, len(o.inv))
	}
}

func (o *batchNorm) forward(s *kern.Script, a, b int) {
	call := over(s.Do(kern.Normalize), a, b, o.n.val[o.s.Out], o.scale.hat, o.n.val[o.s.In])
	call.A[3], call.A[4], call.A[5], call.A[6] = &o.mu[0], &o.inv[0], o.scale.gamma(), o.scale.beta()
}

// slopes sum over the batch: dγ = Σ dy·x̂, dβ = Σ dy, and with them
// dx = γ/√(σ²+ε)·(dy - mean(dy) - x̂·mean(dy·x̂)).
func (o *batchNorm) slopes(w *kern.Workspace, a, b int) {
	dy := o.n.grad[o.s.Out]
	if !dy.there() {
		return
	}
	i, j := a*kern.Lanes, b*kern.Lanes
	o.scale.sums(w, o.dgamma, o.dbeta, dy, i, j)
	gamma, share := o.scale.list[0].of(o.n.p), 1/float32(o.n.rows)
	for k := i; k < j; k++ {
		o.da[k] = gamma[k] * o.inv[k]
		o.dm[k] = o.da[k] * (o.dbeta[k] * share)
		o.dc[k] = o.da[k] * (o.dgamma[k] * share)
	}
}

func (o *batchNorm) backward(s *kern.Script, a, b int) {
	if !o.into.there() {
		return
	}
	call := over(s.Do(kern.NormalizeSlope), a, b, o.into.via(o.n), o.n.grad[o.s.Out], o.scale.hat)
	call.A[3], call.A[4], call.A[5] = &o.da[0], &o.dm[0], &o.dc[0]
	o.into.finish(s, o.n, a, b)
}

// settle moves the running statistics by the batch's.
func (o *batchNorm) settle() {
	if o.n.rows < 2 { // a single row says nothing about the spread
		return
	}
	m := o.s.Momentum
	for _, move := range []struct{ running, batch []float32 }{{o.mean.of(o.n.p), o.mu}, {o.variance.of(o.n.p), o.sigma2}} {
		for i, v := range move.batch[:o.mean.Rows] {
			move.running[i] = float32(float64(m*float64(move.running[i])) + float64((1-m)*float64(v)))
		}
	}
}

func (o *batchNorm) units() int                     { return 1 }
func (o *batchNorm) parts() []part                  { return o.scale.list }
func (o *batchNorm) work() int                      { return o.n.shape.rows }
func (o *batchNorm) refresh(*kern.Script, int, int) {}
func (o *batchNorm) gradient(s *kern.Script, _, _ int) {
	gamma, beta := o.scale.list[0].of(o.n.g), o.scale.list[1].of(o.n.g)
	s.Func(func(*kern.Workspace) {
		copy(gamma, o.dgamma)
		copy(beta, o.dbeta)
	})
}
