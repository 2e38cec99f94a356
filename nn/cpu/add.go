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
	per          []addCalls
}

type addCalls struct{ forward, first, other mapCall }

func newAdd(b *builder, s *nn.Step) operation {
	return &add{n: b.net, s: s, per: make([]addCalls, b.pieces)}
}

func (o *add) connect(b *builder) { o.first, o.other = b.toward(o.s.In), b.toward(o.s.In2) }

func (o *add) forward(c *core, a, b int) {
	call := &o.per[c.piece].forward
	if call.stale(o.n, a, b) {
		call.flat(a, b, o.n.val[o.s.Out], o.n.val[o.s.In], o.n.val[o.s.In2])
	}
	c.set.Do(kern.Add, &call.Args)
}

func (o *add) backward(c *core, a, b int) {
	calls, dy := &o.per[c.piece], o.n.grad[o.s.Out]
	o.first.pass(c, o.n, &calls.first, dy, a, b)
	o.other.pass(c, o.n, &calls.other, dy, a, b)
}
