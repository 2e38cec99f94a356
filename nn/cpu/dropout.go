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
	bits      []uint64 // one for each number of the padded rows
}

type dropoutCalls struct {
	forward, backward, sum mapCall
	words                  []uint64 // bits of rows without padding
}

func newDropout(b *builder, s *nn.Step) operation {
	if !b.drop { // here only where each step's output is kept
		return newCopying(b, s)
	}
	o := &dropout{n: b.net, s: s, per: make([]dropoutCalls, b.threads)}
	if r := b.root[s.Out]; r == b.root[s.In] {
		o.over = b.denses[r]
		o.over.behind = o
	}
	o.bits = make([]uint64, (b.shape.rows*kern.Ld(b.plan.Widths[s.Out])+63)/64+2)
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
	call := &o.per[c.id].forward
	if call.stale(o.n, a, b) {
		call.flat(a, b, o.n.val[o.s.Out], o.n.val[o.s.In])
		o.bind(call, a)
	}
	call.S[0] = o.scale
	m := kern.Drop
	if o.over != nil && o.over.relu() {
		m = kern.ReluDrop
	}
	c.set.Do(m, &call.Args)
}

func (o *dropout) bind(call *mapCall, a int) {
	call.Bits, call.Bit = &o.bits[0], a*o.n.val[o.s.Out].ld
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
	calls := &o.per[c.id]
	call := &calls.backward
	if call.stale(o.n, a, b) {
		call.flat(a, b, into.via(o.n), dy)
		o.bind(call, a)
	}
	call.S[0] = o.scale
	c.set.Do(kern.Drop, &call.Args)
	into.finish(c, o.n, &calls.sum, a, b)
}

// mask draws the bits of rows a to b, where a is a multiple of rowUnit.
func (o *dropout) mask(c *core, a, b int) {
	width, ld := o.n.plan.Widths[o.s.Out], o.n.val[o.s.Out].ld
	bits := o.bits[a*ld/64 : (b*ld+63)/64]
	first, last := (o.n.input.first+a)*width, (o.n.input.first+b)*width
	if width == ld {
		c.set.MaskBits(bits, &o.stream, first, o.threshold)
		return
	}
	from := first &^ 63
	need := (last - from + 63) / 64
	words := &o.per[c.id].words
	if len(*words) < need+1 {
		*words = make([]uint64, need+1)
	}
	c.set.MaskBits((*words)[:need], &o.stream, from, o.threshold)
	spread(bits, *words, first-from, b-a, width, ld)
}

// spread copies rows of width bits, which begin at bit first of src, to rows ld
// bits apart, a multiple of 16.
func spread(dst, src []uint64, first, rows, width, ld int) {
	clear(dst)
	for r := range rows {
		for j := 0; j < width; j += 16 {
			from, to := first+r*width+j, r*ld+j
			w := src[from/64]>>(from%64) | src[from/64+1]<<(64-from%64)
			dst[to/64] |= w & 0xffff << (to % 64)
		}
	}
}
