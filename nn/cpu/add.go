package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// add is y = a + b. Backward: da = db = dy.
type add struct {
	n            *net
	s            *nn.Step
	first, other target
}

func newAdd(b *builder, s *nn.Step) operation { return &add{n: b.net, s: s} }

func (o *add) connect(b *builder) { o.first, o.other = b.toward(o.s.In), b.toward(o.s.In2) }

func (o *add) forward(s *kern.Script, a, b int) {
	flat(s.Do(kern.Add), a, b, o.n.val[o.s.Out], o.n.val[o.s.In], o.n.val[o.s.In2])
}

func (o *add) backward(s *kern.Script, a, b int) {
	dy := o.n.grad[o.s.Out]
	o.first.pass(s, dy, a, b)
	o.other.pass(s, dy, a, b)
}
