package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// layerNorm is y = γ·x̂ + β with x̂ = (x-μ)/√(σ²+ε) over the units of each row.
type layerNorm struct {
	n     *net
	s     *nn.Step
	scale scaleShift
	inv   []float32 // of each row
	on    []float32 // 1 where a lane counts
	into  target
}

func newLayerNorm(b *builder, s *nn.Step) operation {
	width := b.plan.Widths[s.Out]
	o := &layerNorm{n: b.net, s: s, scale: newScaleShift(b, s), inv: kern.Alloc(b.shape.rows), on: kern.Alloc(kern.Ld(width))}
	for i := range width {
		o.on[i] = 1
	}
	return o
}

func (o *layerNorm) connect(b *builder) { o.into = b.toward(o.s.In) }

// share is 1/units.
func (o *layerNorm) share() float32 { return 1 / float32(o.n.plan.Widths[o.s.Out]) }

func (o *layerNorm) forward(s *kern.Script, a, b int) {
	call := over(s.Do(kern.LayerNorm), a, b, o.n.val[o.s.Out], o.scale.hat, o.n.val[o.s.In])
	call.A[3], call.A[4], call.A[5], call.A[6] = o.scale.gamma(), o.scale.beta(), &o.on[0], &o.inv[a]
	call.S[0], call.S[1] = o.share(), float32(o.s.Eps)
}

// backward is dx = (dx̂ - mean(dx̂) - x̂·mean(dx̂·x̂)) / √(σ²+ε).
func (o *layerNorm) backward(s *kern.Script, a, b int) {
	if !o.into.there() {
		return
	}
	call := over(s.Do(kern.LayerNormSlope), a, b, o.into.via(o.n), o.n.grad[o.s.Out], o.scale.hat)
	call.A[3], call.A[4], call.A[5] = o.scale.gamma(), &o.on[0], &o.inv[a]
	call.S[0] = o.share()
	o.into.finish(s, o.n, a, b)
}

func (o *layerNorm) units() int                     { return 1 }
func (o *layerNorm) parts() []part                  { return o.scale.list }
func (o *layerNorm) work() int                      { return o.n.shape.rows }
func (o *layerNorm) refresh(*kern.Script, int, int) {}
func (o *layerNorm) gradient(s *kern.Script, _, _ int) {
	gamma, beta := o.scale.list[0].of(o.n.g), o.scale.list[1].of(o.n.g)
	s.Func(func(w *kern.Workspace) { o.scale.sums(w, gamma, beta, o.n.grad[o.s.Out], 0, len(gamma)) })
}

// scaleShift is what norms have in common: y = γ·x̂ + β.
type scaleShift struct {
	n    *net
	hat  matrix // x̂
	list []part // γ, β
}

func newScaleShift(b *builder, s *nn.Step) scaleShift {
	return scaleShift{
		n: b.net, hat: newMatrix(b.shape.rows, b.plan.Widths[s.Out]),
		list: []part{{place: b.place(s.W)}, {place: b.place(s.B)}},
	}
}

func (s *scaleShift) gamma() *float32 { return &s.n.p[s.list[0].at] }
func (s *scaleShift) beta() *float32  { return &s.n.p[s.list[1].at] }

// sums writes dγ = Σ dy·x̂ and dβ = Σ dy for columns i to before j.
func (s *scaleShift) sums(w *kern.Workspace, dgamma, dbeta []float32, dy matrix, i, j int) {
	columnSums(w, dbeta[i:j], matrix{dy.v[i:], j - i, dy.ld}, s.n.rows)
	eachPiece(w, dgamma[i:j], s.n.rows, func(to []float32, r, rows int) {
		w.Args.Rows, w.Args.N, w.Args.Stride = rows, j-i, dy.ld
		w.Args.A[0], w.Args.A[1], w.Args.A[2] = &to[0], &dy.v[r*dy.ld+i], &s.hat.v[r*s.hat.ld+i]
		w.Do(kern.ColDot)
	})
}
