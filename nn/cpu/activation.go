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
}

// newActivation makes the operation of an activation step.
func newActivation(b *builder, s *nn.Step) operation {
	switch {
	case s.Act.RowWise():
		return newSoftmax(b, s)
	case s.Act.Linear():
		return newCopying(b, s)
	}
	return &elementwise{n: b.net, fn: functionOf(s.Act), p: float32(s.Act.Param), in: s.In, out: s.Out}
}

func (e *elementwise) connect(b *builder) { e.into = b.toward(e.in) }

func (e *elementwise) forward(s *kern.Script, a, b int) {
	flat(s.Do(e.fn.f), a, b, e.n.val[e.out], e.n.val[e.in]).S[0] = e.p
}

func (e *elementwise) backward(s *kern.Script, a, b int) {
	switch {
	case !e.into.there():
		return
	case e.fn.f == kern.Step:
		e.into.clear(s, a, b)
		return
	}
	v := e.n.val[e.out]
	if e.fn.fromX {
		v = e.n.val[e.in]
	}
	flat(s.Do(e.fn.slope), a, b, e.into.via(e.n), e.n.grad[e.out], v).S[0] = e.p
	e.into.finish(s, e.n, a, b)
}

// copying is y = x, for a linear activation that stands alone.
type copying struct {
	n       *net
	in, out int
	into    target
}

func newCopying(b *builder, s *nn.Step) operation {
	return &copying{n: b.net, in: s.In, out: s.Out}
}

func (o *copying) connect(b *builder) { o.into = b.toward(o.in) }

func (o *copying) forward(s *kern.Script, a, b int) {
	o.n.val[o.in].copyTo(s, o.n.val[o.out], a, b)
}

func (o *copying) backward(s *kern.Script, a, b int) { o.into.pass(s, o.n.grad[o.out], a, b) }
