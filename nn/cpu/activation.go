package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// elementwise is y = f(x) with dx = dy·f'(v): what an activation does where it
// is no part of a product.
type elementwise struct {
	n    *net
	fn   *function
	p    float32
	in   int
	out  int
	into target
	per  []elementwiseCalls
}

type elementwiseCalls struct{ forward, backward, sum mapCall }

// newActivation makes the operation of an activation step.
func newActivation(b *builder, s *nn.Step) operation {
	switch {
	case s.Act.RowWise():
		return newSoftmax(b, s)
	case s.Act.Linear():
		return newCopying(b, s)
	}
	return &elementwise{n: b.net, fn: functionOf(s.Act), p: float32(s.Act.Param), in: s.In, out: s.Out, per: make([]elementwiseCalls, b.pieces)}
}

func (e *elementwise) connect(b *builder) { e.into = b.toward(e.in) }

func (e *elementwise) forward(c *core, a, b int) {
	call := &e.per[c.piece].forward
	if call.stale(e.n, a, b) {
		call.flat(a, b, e.n.val[e.out], e.n.val[e.in])
		call.S[0] = e.p
	}
	c.set.Do(e.fn.f, &call.Args)
}

func (e *elementwise) backward(c *core, a, b int) {
	if !e.into.there() {
		return
	}
	calls := &e.per[c.piece]
	call := &calls.backward
	if call.stale(e.n, a, b) {
		v := e.n.val[e.out]
		if e.fn.fromX {
			v = e.n.val[e.in]
		}
		call.flat(a, b, e.into.via(e.n), e.n.grad[e.out], v)
		call.S[0] = e.p
	}
	if e.fn.f == kern.Step {
		e.into.clear(a, b)
		return
	}
	c.set.Do(e.fn.slope, &call.Args)
	e.into.finish(c, e.n, &calls.sum, a, b)
}

// copying is y = x, for a linear activation that stands alone.
type copying struct {
	n       *net
	in, out int
	into    target
	per     []mapCall
}

func newCopying(b *builder, s *nn.Step) operation {
	return &copying{n: b.net, in: s.In, out: s.Out, per: make([]mapCall, b.pieces)}
}

func (o *copying) connect(b *builder) { o.into = b.toward(o.in) }

func (o *copying) forward(_ *core, a, b int) {
	x, y := o.n.val[o.in], o.n.val[o.out]
	copy(y.v[a*y.ld:b*y.ld], x.v[a*x.ld:b*x.ld])
}

func (o *copying) backward(c *core, a, b int) {
	o.into.pass(c, o.n, &o.per[c.piece], o.n.grad[o.out], a, b)
}
