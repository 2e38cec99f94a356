package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// layout says where the blocks of a plan lie in the vector that kernels work
// on. Weights are panels of inputs × units, or of units × inputs where only units
// would be padded; vectors are padded with zeros, tables lie as they are.
type layout struct {
	blocks []place
	size   int
}

// place is where a block lies.
type place struct {
	*nn.Block
	at, len int         // from at on, padding included
	panels  kern.Panels // of Weights
	turned  bool        // they are units × inputs
}

func newLayout(p *nn.Plan) *layout {
	l := &layout{blocks: make([]place, len(p.Blocks))}
	for i := range p.Blocks {
		b := &p.Blocks[i]
		at := place{Block: b, at: l.size, len: kern.Ld(b.Len())}
		if b.Role == nn.Weights {
			at.panels = kern.Panels{Rows: b.Cols, Cols: b.Rows}
			// MaxNorm looks at the columns of units.
			if at.turned = b.Rows%kern.Lanes != 0 && b.Cols%kern.Lanes == 0 && b.MaxNorm == 0; at.turned {
				at.panels = at.panels.Turned()
			}
			at.len = at.panels.Len()
		}
		l.blocks[i] = at
		l.size += at.len
	}
	return l
}

// of gives the block's part of a vector of the layout.
func (b *place) of(v []float32) []float32 { return v[b.at : b.at+b.len : b.at+b.len] }

// lines calls f with pieces of the block that are straight in both: n numbers
// from flat on in the plan's vector and, step apart, from here on in the
// layout's.
func (b *place) lines(f func(flat, here, step, n int)) {
	if b.Role != nn.Weights {
		f(b.Offset, b.at, 1, b.Len())
		return
	}
	for u := range b.Rows {
		if b.turned {
			for k := 0; k < b.Cols; k += kern.Strip {
				f(b.Offset+u*b.Cols+k, b.at+b.panels.Index(u, k), 1, b.panels.Width(k))
			}
			continue
		}
		f(b.Offset+u*b.Cols, b.at+b.panels.Index(0, u), b.panels.Width(u&^(kern.Strip-1)), b.Cols)
	}
}

// pack turns a plan's flat vector into the layout.
func (l *layout) pack(dst []float32, flat []float64) {
	for i := range l.blocks {
		l.blocks[i].lines(func(from, here, step, n int) {
			for k, v := range flat[from : from+n] {
				dst[here+k*step] = float32(v)
			}
		})
	}
}

// unpack is the way back, exactly.
func (l *layout) unpack(flat []float64, src []float32) {
	for i := range l.blocks {
		l.blocks[i].unpack(flat, src)
	}
}

func (b *place) unpack(flat []float64, src []float32) {
	b.lines(func(to, here, step, n int) {
		out := flat[to : to+n]
		for k := range out {
			out[k] = float64(src[here+k*step])
		}
	})
}

// matrix is rows of n numbers, padding included, that are ld apart.
type matrix struct {
	v     []float32
	n, ld int
}

func newMatrix(rows, width int) matrix {
	ld := kern.Distance(width)
	return matrix{kern.Alloc(rows * ld), kern.Ld(width), ld}
}

func (m matrix) there() bool           { return m.v != nil }
func (m matrix) row(r int) *float32    { return &m.v[r*m.ld] }
func (m matrix) rowOf(r int) []float32 { return m.v[r*m.ld : r*m.ld+m.n] }
