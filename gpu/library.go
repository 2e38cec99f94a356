//go:build cuda && linux && cgo

package gpu

import (
	"mlpkernel/gpu/cublaslt"
	"mlpkernel/nn"
)

// library says which products of a tape cuBLASLt makes, and how.
type library int

const (
	noLibrary library = iota
	plain             // products alone; our own kernels do what follows them
	fused             // with bias, relu, its slope and bias gradients in the products
)

// spot is a place in the replica's state or in scratch memory. none: nowhere.
type spot struct {
	state bool
	bytes int
}

var nowhere = spot{bytes: none}

func inScratch(offset int32) spot { return spot{bytes: 4 * int(offset)} }
func inState(offset int32) spot   { return spot{true, 4 * int(offset)} }

// call is a product that is left to cuBLASLt, with spots for addresses, and for
// batches of any number of rows.
type call struct {
	cublaslt.Call
	sums                       bool // the sums, and not D's rows, run over the batch
	left, right, d, bias, mask spot
}

// at gives the call for a number of rows and the addresses of the memories.
func (c call) at(rows int, state, scratch uint64) cublaslt.Call {
	out := c.Call
	if c.sums {
		out.Inner = rows
	} else {
		out.Rows = rows
	}
	for _, a := range []struct {
		from spot
		to   *uint64
	}{{c.left, &out.Left}, {c.right, &out.Right}, {c.d, &out.D}, {c.bias, &out.Bias}, {c.mask, &out.Mask}} {
		switch {
		case a.from == nowhere:
		case a.from.state:
			*a.to = state + uint64(a.from.bytes)
		default:
			*a.to = scratch + uint64(a.from.bytes)
		}
	}
	return out
}

// newCall is a call without bias and mask, of factors as the tape has them.
func (b *builder) newCall() call {
	c := call{bias: nowhere, mask: nowhere}
	c.TF32 = b.tf32
	if b.half {
		c.In = cublaslt.BFloat16
	}
	return c
}

// leave appends a product for cuBLASLt. What comes before it is done when it begins.
func (b *builder) leave(c call) {
	i := newIns(opLibrary)
	i.index, i.sync = int32(len(b.calls)), 1
	b.calls = append(b.calls, c)
	b.code = append(b.code, i)
}

// onlyHalf reports whether the library leaves nothing but bf16 of a buffer: its
// readers are products, and its maker is one or gathers the input.
func (b *builder) onlyHalf(buffer int) bool {
	if !b.half || b.root[buffer] != buffer || b.readers(buffer) != b.denseReaders(buffer) || b.denseReaders(buffer) == 0 {
		return false
	}
	if buffer == 0 {
		return true
	}
	s := &b.plan.Steps[buffer-1]
	return b.library == fused && s.Op == nn.OpDense && b.readers(buffer) == 1 && (s.Act.Linear() || s.Act.Name == "relu")
}

func (b *builder) denseReaders(root int) (n int) {
	for _, s := range b.plan.Steps {
		if s.Op == nn.OpDense && b.root[s.In] == root {
			n++
		}
	}
	return n
}

// libraryMemory is what the products need beyond the buffers of all tapes:
// copies in bf16 of what they read, and the bits of relu.
func (b *builder) libraryMemory() {
	n := len(b.plan.Widths)
	b.halfVal, b.halfGrad, b.masks = make([]int32, n), make([]int32, n), make([]int32, n)
	for i, w := range b.plan.Widths {
		b.halfVal[i], b.halfGrad[i], b.masks[i] = none, none, none
		if b.root[i] != i || b.library == noLibrary {
			continue
		}
		if b.half && !b.lean[i] && b.denseReaders(i) > 0 {
			b.halfVal[i] = b.alloc((b.rows*w + 1) / 2)
		}
		if i == 0 || b.plan.Steps[i-1].Op != nn.OpDense || !b.hasGrad(i) {
			continue
		}
		if b.half && !b.lean[i] {
			b.halfGrad[i] = b.alloc((b.rows*w + 1) / 2)
		}
		if b.library == fused && b.plan.Steps[i-1].Act.Name == "relu" && b.readers(i) == 1 {
			b.masks[i] = b.alloc(b.rows * maskBits(w) / 32)
		}
	}
	if b.half {
		b.halfParams = b.alloc((b.plan.Size + 1) / 2)
	}
}

// maskBits is how many bits a row of a mask takes.
func maskBits(width int) int { return (width + 127) &^ 127 }

// round appends the rounding of a buffer's rows to bf16, if a product reads it.
func (b *builder) round(from, to int32, width int) {
	if to == none {
		return
	}
	i := newIns(opRound)
	i.in, i.out, i.n = from, to, int32(width)
	b.add(i, false, b.rows*width/2)
}

// roundParams appends the rounding of all parameters.
func (b *builder) roundParams() {
	i := newIns(opRound)
	i.w, i.k, i.out = 0, int32(b.plan.Size), b.halfParams
	b.add(i, false, b.plan.Size/2)
}

// factor is where a product reads a buffer's values or its gradient.
func (b *builder) factor(full, half []int32, buffer int) spot {
	r := b.root[buffer]
	if b.half && !b.lean[r] {
		return inScratch(half[r])
	}
	return inScratch(full[r])
}

// param is where a product reads a block.
func (b *builder) param(block int) spot {
	if b.half {
		return spot{bytes: 4*int(b.halfParams) + 2*b.plan.Blocks[block].Offset}
	}
	return inState(b.offset(block))
}

// product is where a product writes, and in which type.
func (b *builder) product(c *call, to int32, lean bool) {
	c.d = inScratch(to)
	if lean {
		c.Out = cublaslt.BFloat16
	}
}

// libraryDense is dense by cuBLASLt: out = act(in Wᵀ + b).
func (b *builder) libraryDense(s *nn.Step) {
	c, width := b.newCall(), b.plan.Widths[s.Out]
	c.Columns, c.Inner, c.RightT = width, b.plan.Widths[s.In], true
	c.left, c.right = b.factor(b.val, b.halfVal, s.In), b.param(s.W)
	after := b.of(opActivate, s)
	b.activate(&after, s)
	if b.hasGrad(s.Out) && activations[s.Act.Name].slopeNeedsInput {
		b.inputs[s.Out] = b.alloc(b.numbers(s))
	}
	relu, lean := s.Act.Name == "relu", b.lean[s.Out]
	b.product(&c, b.val[s.Out], lean)
	if b.library == fused {
		if s.B >= 0 {
			if c.bias = inState(b.offset(s.B)); lean {
				c.bias = b.param(s.B) // of D's type
			}
		}
		after.b = none
		if c.Relu = relu; relu && b.masks[s.Out] != none {
			c.mask, c.MaskBits = inScratch(b.masks[s.Out]), maskBits(width)
		}
	}
	b.leave(c)
	if b.library == plain || !relu && !s.Act.Linear() {
		after.in, after.z = b.val[s.Out], b.inputs[s.Out]
		b.add(after, true, b.numbers(s))
	}
}

// libraryBack is denseBack by cuBLASLt.
func (b *builder) libraryBack(s *nn.Step) {
	width := b.plan.Widths[s.Out]
	if !s.Act.Linear() && !b.fused[s.Out] {
		i := b.of(opDelta, s)
		b.activate(&i, s)
		i.gout, i.z = b.grad[s.Out], b.inputs[s.Out]
		b.add(i, true, b.numbers(s))
	}
	b.round(b.grad[s.Out], b.halfGrad[s.Out], width)
	delta := b.factor(b.grad, b.halfGrad, s.Out)
	if to, adds := b.toward(s.In); to != none {
		r := b.root[s.In]
		c := b.newCall()
		c.Columns, c.Inner, c.Accumulate = b.plan.Widths[s.In], width, adds
		c.left, c.right = delta, b.param(s.W)
		b.product(&c, to, b.lean[r])
		if b.masks[r] != none {
			c.Masked, c.mask, c.MaskBits, b.fused[r] = true, inScratch(b.masks[r]), maskBits(b.plan.Widths[r]), true
		}
		b.leave(c)
	}
	if b.plan.Blocks[s.W].Trainable {
		b.libraryWeights(s, delta)
	}
}

// libraryWeights appends the gradients of weights and bias.
func (b *builder) libraryWeights(s *nn.Step, delta spot) {
	w := &b.plan.Blocks[s.W]
	c := b.newCall()
	c.Rows, c.Columns, c.sums, c.LeftT = w.Rows, w.Cols, true, true
	c.left, c.right, c.d = delta, b.factor(b.val, b.halfVal, s.In), inScratch(int32(b.gradient+w.Offset))
	if s.B >= 0 && b.library == fused {
		c.SumLeft, c.bias = true, inScratch(int32(b.gradient)+b.offset(s.B))
	}
	b.leave(c)
	if s.B >= 0 && b.library == plain {
		i := b.of(opBiasDw, s)
		i.gout = b.grad[s.Out]
		b.add(i, false, 4*b.plan.Widths[s.Out])
	}
	if w.L1 != 0 || w.L2 != 0 {
		i := newIns(opPenalty)
		i.w, i.n, i.l1, i.l2 = int32(w.Offset), int32(w.Len()), float32(w.L1), float32(w.L2)
		b.add(i, false, w.Len())
	}
}
