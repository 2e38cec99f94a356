package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// layout says where the blocks of a plan lie in the vector that kernels work
// on. Weights are panels of inputs × units, vectors are padded with zeros,
// tables lie as they are.
type layout struct {
	blocks []place
	size   int
}

// place is where a block lies.
type place struct {
	*nn.Block
	at, len int         // from at on, padding included
	panels  kern.Panels // of Weights
}

func newLayout(p *nn.Plan) *layout {
	l := &layout{blocks: make([]place, len(p.Blocks))}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		at := place{Block: b, at: l.size, len: kern.Ld(b.Len())}
		if b.Role == nn.Weights {
			at.panels = kern.Panels{Rows: b.Cols, Cols: b.Rows}
			at.len = at.panels.Len()
		}
		l.blocks[i] = at
		l.size += at.len
	}
	return l
}

// of gives the block's part of a vector of the layout.
func (b *place) of(v []float32) []float32 { return v[b.at : b.at+b.len : b.at+b.len] }

// each calls f with the places of the block's numbers: in the plan's flat
// vector and in the layout's.
func (b *place) each(f func(flat, here int)) {
	for i := range b.Len() {
		at := b.at + i
		if b.Role == nn.Weights {
			at = b.at + b.panels.Index(i%b.Cols, i/b.Cols)
		}
		f(b.Offset+i, at)
	}
}

// pack turns a plan's flat vector into the layout.
func (l *layout) pack(dst []float32, flat []float64) {
	for i := range l.blocks {
		l.blocks[i].each(func(f, h int) { dst[h] = float32(flat[f]) })
	}
}

// unpack is the way back, exactly.
func (l *layout) unpack(flat []float64, src []float32) {
	for i := range l.blocks {
		l.blocks[i].each(func(f, h int) { flat[f] = float64(src[h]) })
	}
}

// matrix is rows of numbers, ld apart.
type matrix struct {
	v  []float32
	ld int
}

// newMatrix gives rows of a width, padded.
func newMatrix(rows, width int) matrix {
	ld := kern.Ld(width)
	return matrix{kern.Alloc(rows * ld), ld}
}

func (m matrix) there() bool           { return m.v != nil }
func (m matrix) row(r int) *float32    { return &m.v[r*m.ld] }
func (m matrix) rowOf(r int) []float32 { return m.v[r*m.ld : (r+1)*m.ld] }
