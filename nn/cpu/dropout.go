package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
	"mlpkernel/nn/philox"
)

// dropout is y = m·x/(1-p) with a mask m of 0 and 1. Backward: dx = m·dy/(1-p).
// Where it can it works in place, and does the relu of the operation before it.
type dropout struct {
	n    *net
	s    *nn.Step
	over *dense // works in place on this one's output; nil: from buffer to buffer
	into target
	per  []dropoutCalls

	threshold uint64
	scale     float32
	stream    kern.Stream
}

type dropoutCalls struct {
	forward, backward, sum mapCall
	words                  []uint64 // a bit for each number of the piece's rows
}

func newDropout(b *builder, s *nn.Step) operation {
	if !b.drop { // here only where each step's output is kept
		return newCopying(b, s)
	}
	o := &dropout{n: b.net, s: s, per: make([]dropoutCalls, b.pieces)}
	if r := b.root[s.Out]; r == b.root[s.In] {
		o.over = b.denses[r]
		o.over.behind = o
	}
	return o
}

func (o *dropout) connect(b *builder) {
	if o.over == nil {
		o.into = b.toward(o.s.In)
	}
}

// prepare finds this step's rule.
func (o *dropout) prepare() {
	m := o.n.mode
	threshold, scale := nn.DropoutThreshold(o.s.Rate.At(m.Clock))
	o.threshold, o.scale = threshold, float32(scale)
	o.stream = kern.Stream{
		Key:  [2]uint32{uint32(m.Seed), uint32(m.Seed >> 32)},
		Step: uint32(m.Step), Layer: uint32(o.s.Key), Purpose: uint32(philox.Dropout),
	}
}

func (o *dropout) forward(c *core, a, b int) {
	o.mask(c, a, b)
	call := &o.per[c.piece].forward
	if call.stale(o.n, a, b) {
		call.over(a, b, o.n.val[o.s.Out], o.n.val[o.s.In])
	}
	o.bind(c, call, a)
	m := kern.Drop
	if o.over != nil && o.over.relu() {
		m = kern.ReluDrop
	}
	c.set.Do(m, &call.Args)
}

// bind sets what a step changes: the scale, and the mask of rows from a on.
func (o *dropout) bind(c *core, call *mapCall, a int) {
	call.Bits, call.BitRow = &o.per[c.piece].words[0], o.n.plan.Widths[o.s.Out]
	call.Bit = (o.n.input.first + a) * call.BitRow & 63
	call.S[0] = o.scale
}

func (o *dropout) backward(c *core, a, b int) {
	dy := o.n.grad[o.s.Out]
	into := o.into
	if o.over != nil {
		into = target{matrix: dy}
	}
	if !into.there() || o.over != nil && o.over.gated {
		return
	}
	calls := &o.per[c.piece]
	call := &calls.backward
	if call.stale(o.n, a, b) {
		call.over(a, b, into.via(o.n), dy)
	}
	o.bind(c, call, a)
	c.set.Do(kern.Drop, &call.Args)
	into.finish(c, o.n, &calls.sum, a, b)
}

// mask draws the bits of rows a to b.
func (o *dropout) mask(c *core, a, b int) {
	width, words := o.n.plan.Widths[o.s.Out], &o.per[c.piece].words
	if most := (b-a)*width/64 + 4; len(*words) < most { // 64 bits to begin in, 64 more behind the last
		*words = make([]uint64, most)
	}
	first, last := (o.n.input.first+a)*width, (o.n.input.first+b)*width
	from := first &^ 63
	c.set.MaskBits((*words)[:(last-from+63)/64], &o.stream, from, o.threshold)
}
