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

	words []uint64 // a bit for each number, see word
	scale float32
	// What the scripts of a size want to know of each step.
	draws  [sizes][]draw
	scaled [sizes][]*kern.Args
}

// draw draws the mask of a piece of the rows.
type draw struct {
	*kern.Masking
	first int // number of the first word
}

func newDropout(b *builder, s *nn.Step) operation {
	if !b.drop { // here only where each step's output is kept
		return newCopying(b, s)
	}
	o := &dropout{n: b.net, s: s}
	o.words = make([]uint64, o.word(b.shape.rows+rowUnit)+4)
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

// prepare tells the scripts this step's rule.
func (o *dropout) prepare() {
	m := o.n.mode
	threshold, scale := nn.DropoutThreshold(o.s.Rate.At(m.Clock))
	o.scale = float32(scale)
	stream := kern.Stream{
		Key:  [2]uint32{uint32(m.Seed), uint32(m.Seed >> 32)},
		Step: uint32(m.Step), Layer: uint32(o.s.Key), Purpose: uint32(philox.Dropout),
	}
	for _, d := range o.draws[o.n.which] {
		d.Draw(stream, d.first, threshold)
	}
	for _, call := range o.scaled[o.n.which] {
		call.S[0] = o.scale
	}
}

// forward draws the mask of rows a to b and applies it.
func (o *dropout) forward(s *kern.Script, a, b int) {
	width := o.n.plan.Widths[o.s.Out]
	first, last := (o.n.input.first+a)*width, (o.n.input.first+b)*width
	from := first &^ 63
	which := o.n.which
	if a == 0 {
		o.draws[which], o.scaled[which] = o.draws[which][:0], o.scaled[which][:0]
	}
	o.draws[which] = append(o.draws[which], draw{s.Mask(o.words[o.word(a):][:(last-from+63)/64]), from})
	m := kern.Drop
	if o.over != nil && o.over.relu() {
		m = kern.ReluDrop
	}
	o.masked(over(s.Do(m), a, b, o.n.val[o.s.Out], o.n.val[o.s.In]), a)
}

// word is where the mask of rows from a on begins: each piece of the rows has
// words of its own.
func (o *dropout) word(a int) int { return a*o.n.plan.Widths[o.s.Out]/64 + 4*(a/rowUnit) }

// masked gives a call the mask of rows from a on, and the scale.
func (o *dropout) masked(call *kern.Args, a int) {
	call.Bits, call.BitRow = &o.words[o.word(a)], o.n.plan.Widths[o.s.Out]
	call.Bit = (o.n.input.first + a) * call.BitRow & 63
	o.scaled[o.n.which] = append(o.scaled[o.n.which], call)
}

func (o *dropout) backward(s *kern.Script, a, b int) {
	dy := o.n.grad[o.s.Out]
	into := o.into
	if o.over != nil {
		into = target{matrix: dy}
	}
	if !into.there() || o.over != nil && o.over.gated {
		return
	}
	o.masked(over(s.Do(kern.Drop), a, b, into.via(o.n), dy), a)
	into.finish(s, o.n, a, b)
}
