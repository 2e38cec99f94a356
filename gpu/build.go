//go:build cuda && linux && cgo

package gpu

import (
	"fmt"
	"math"

	"mlpkernel/nn"
)

// pass says what a tape does.
type pass struct {
	rows      int  // of a batch, at most
	dropout   bool // draw masks
	batchNorm bool // by the statistics of the batch
	loss      bool
	backward  bool
	keep      bool // the gradient is kept
	update    bool // the optimiser changes the parameters
	predict   bool
	emit      bool // give out all buffers
	library   library
	half      bool // products by cuBLASLt read bf16
	tf32      bool // products by cuBLASLt are in TF32
}

// tape is a program for the kernels.
type tape struct {
	pass
	code     []ins
	floats   int // of scratch memory
	gradient int // where the gradient is kept, or none
	parts    int // for sums of squares
	nparts   int
	widest   int    // numbers of the widest phase, for the number of threads
	tiles    int    // 32×32 tiles of the widest product
	calls    []call // products of cuBLASLt, as OpLibrary numbers them
}

// most32 bounds offsets and indices, which are 32 bits.
const most32 = math.MaxInt32 / 2

// builder lays out a tape.
type builder struct {
	*tape
	plan   *nn.Plan
	opts   nn.Options
	root   []int   // buffer whose memory a buffer shares
	val    []int32 // of buffers
	grad   []int32 // none: not wanted
	inputs []int32 // by buffer: what went into its activation, or none
	kept   []int32 // by step: statistics
	wanted []bool  // by root: its gradient is wanted
	begun  []bool  // by root, on the way back: its gradient has been written
	fused  []bool  // by root: its gradient is that of what went into its activation
	learn  []ins   // gradients of parameters, after the way back

	// For products of cuBLASLt: copies in bf16, bits of relu, none: not there.
	lean                     []bool // by root: values and gradient are bf16 and nothing else
	halfVal, halfGrad, masks []int32
	halfParams               int32
}

// newTape makes a plan's tape for a pass. The error says that it is too large.
func newTape(p *nn.Plan, o nn.Options, s pass) (*tape, error) {
	n := len(p.Widths)
	b := &builder{
		tape: &tape{pass: s, gradient: none}, plan: p, opts: o, root: make([]int, n), val: make([]int32, n), grad: make([]int32, n),
		inputs: make([]int32, n), kept: make([]int32, len(p.Steps)), wanted: make([]bool, n), begun: make([]bool, n), fused: make([]bool, n),
		lean: make([]bool, n),
	}
	b.share()
	b.memory()
	b.libraryMemory()
	b.forward()
	b.head()
	if s.backward {
		b.backward()
		b.parameters()
	}
	b.code[len(b.code)-1].sync = 1
	if b.floats > most32 {
		return nil, fmt.Errorf("a pass over %d rows needs %d MiB of buffers, more than the %d MiB that the kernels can address; use a smaller batch", s.rows, b.floats>>18, most32>>18)
	}
	return b.tape, nil
}

// alloc gives the offset of so many floats, aligned and padded to 16 bytes.
func (t *tape) alloc(n int) int32 {
	at := t.floats
	t.floats += (n + 3) &^ 3
	return int32(min(at, most32))
}

// add appends an instruction. phase is how many numbers it has to do.
func (b *builder) add(i ins, sync bool, phase int) {
	if sync {
		i.sync = 1
	}
	b.code = append(b.code, i)
	b.widest = max(b.widest, phase)
}

// share finds the buffers that share memory (dropout without masks is the
// identity) and those whose gradients are wanted.
func (b *builder) share() {
	for _, s := range b.plan.Steps {
		in := b.root[s.In]
		b.root[s.Out] = s.Out
		if s.Op == nn.OpDropout && !b.dropout {
			b.root[s.Out] = in
		}
		wants := b.wanted[in] || s.Op == nn.OpAdd && b.wanted[b.root[s.In2]]
		for _, k := range append([]int{s.W, s.B}, s.Tables...) {
			wants = wants || k >= 0 && b.plan.Blocks[k].Trainable
		}
		if wants {
			b.wanted[b.root[s.Out]] = true
		}
	}
}

func (b *builder) memory() {
	for i, w := range b.plan.Widths {
		r := b.root[i]
		b.grad[i], b.inputs[i] = none, none
		if r != i {
			b.val[i], b.grad[i], b.inputs[i] = b.val[r], b.grad[r], b.inputs[r]
			continue
		}
		size := b.rows * w
		if b.lean[i] = b.onlyHalf(i); b.lean[i] {
			size = (size + 1) / 2
		}
		b.val[i] = b.alloc(size)
		if b.hasGrad(i) {
			b.grad[i] = b.alloc(size)
		}
	}
	if b.keep {
		b.gradient = int(b.alloc(b.plan.Size))
		b.nparts = min(max(b.plan.Size/1024, 1), 512)
		b.parts = int(b.alloc(b.nparts))
	}
}

func (b *builder) hasGrad(buffer int) bool { return b.pass.backward && b.wanted[buffer] }

// forward appends the steps.
func (b *builder) forward() {
	in := newIns(opGather)
	in.out, in.n = b.val[0], int32(b.plan.Widths[0])
	if b.half {
		b.roundParams()
	}
	if b.lean[0] {
		in.flags |= toHalf
	}
	b.add(in, true, b.rows*b.plan.Widths[0])
	b.round(b.val[0], b.halfVal[0], b.plan.Widths[0])
	for i := range b.plan.Steps {
		s := &b.plan.Steps[i]
		forwards[s.Op](b, i, s)
		if b.root[s.Out] == s.Out {
			b.round(b.val[s.Out], b.halfVal[s.Out], b.plan.Widths[s.Out])
		}
		if b.emit {
			out := newIns(opEmit)
			out.in, out.n, out.aux = b.val[s.Out], int32(b.plan.Widths[s.Out]), int32(b.columnsBefore(i))
			b.add(out, false, 0)
		}
	}
}

// columnsBefore is how many columns the steps before step i put out.
func (b *builder) columnsBefore(i int) (n int) {
	for _, s := range b.plan.Steps[:i] {
		n += b.plan.Widths[s.Out]
	}
	return n
}

// forwards is indexed by nn.Op.
var forwards = [...]func(b *builder, i int, s *nn.Step){
	nn.OpDense:      (*builder).dense,
	nn.OpActivation: (*builder).activation,
	nn.OpDropout:    (*builder).dropOut,
	nn.OpBatchNorm:  (*builder).norm,
	nn.OpLayerNorm:  (*builder).norm,
	nn.OpEmbed:      (*builder).embed,
	nn.OpAdd:        (*builder).sum,
}

// of gives an instruction for a step's buffers.
func (b *builder) of(op opcode, s *nn.Step) ins {
	i := newIns(op)
	i.in, i.out = b.val[s.In], b.val[s.Out]
	i.n, i.k = int32(b.plan.Widths[s.Out]), int32(b.plan.Widths[s.In])
	i.w, i.b = b.offset(s.W), b.offset(s.B)
	i.eps, i.momentum = float32(s.Eps), float32(s.Momentum)
	return i
}

// offset is where a block lies, none for -1.
func (b *builder) offset(block int) int32 {
	if block < 0 {
		return none
	}
	return int32(b.plan.Blocks[block].Offset)
}

func (b *builder) numbers(s *nn.Step) int { return b.rows * b.plan.Widths[s.Out] }

func (b *builder) activate(i *ins, s *nn.Step) {
	a := activations[s.Act.Name]
	i.act, i.p = a.number, float32(s.Act.Param)
}

func (b *builder) dense(_ int, s *nn.Step) {
	if b.library != noLibrary {
		b.libraryDense(s)
		return
	}
	i := b.of(opDense, s)
	b.activate(&i, s)
	if b.hasGrad(s.Out) && activations[s.Act.Name].slopeNeedsInput {
		b.inputs[s.Out] = b.alloc(b.numbers(s))
	}
	i.z = b.inputs[s.Out]
	b.add(i, true, b.numbers(s))
	b.tiles = max(b.tiles, tilesOf(b.rows, int(i.n)), tilesOf(int(i.n), int(i.k)), tilesOf(b.rows, int(i.k)))
}

func tilesOf(m, n int) int { return (m + 31) / 32 * ((n + 31) / 32) }

func (b *builder) activation(_ int, s *nn.Step) {
	i := b.of(opActivate, s)
	if s.Act.RowWise() {
		i.op = int32(opSoftmax)
	} else {
		b.activate(&i, s)
	}
	b.add(i, true, b.numbers(s))
}

func (b *builder) dropOut(_ int, s *nn.Step) {
	if b.dropout {
		b.add(b.masked(opDrop, s), true, b.numbers(s)/4+1)
	}
}

// masked numbers the dropouts in the order of the steps.
func (b *builder) masked(op opcode, s *nn.Step) ins {
	i := b.of(op, s)
	i.key = int32(s.Key)
	for _, t := range b.plan.Steps {
		if t.Op == nn.OpDropout && t.Out < s.Out {
			i.index++
		}
	}
	return i
}

func (b *builder) norm(at int, s *nn.Step) {
	i := b.of(opLayerNorm, s)
	switch {
	case s.Op == nn.OpLayerNorm:
		b.kept[at] = b.alloc(2 * b.rows)
	case b.batchNorm:
		i.op = int32(opBatchNorm)
		b.kept[at] = b.alloc(3 * int(i.n))
	default:
		i.op = int32(opRunNorm)
		i.aux, i.aux2 = b.offset(s.Mean), b.offset(s.Var)
		b.add(i, true, b.numbers(s))
		return
	}
	i.aux = b.kept[at]
	b.add(i, true, b.numbers(s))
}

func (b *builder) embed(_ int, s *nn.Step) {
	b.add(b.of(opCopy, s), len(s.Tables) == 0, b.rows*b.plan.Widths[s.In])
	for c := range s.Tables {
		b.add(b.lookup(opLookup, s, c), c == len(s.Tables)-1, b.numbers(s))
	}
}

// lookup is an instruction for category c: column aux and on of the output.
func (b *builder) lookup(op opcode, s *nn.Step, c int) ins {
	i := b.of(op, s)
	i.aux = i.k
	for _, t := range s.Tables[:c] {
		i.aux += int32(b.plan.Blocks[t].Cols)
	}
	t := &b.plan.Blocks[s.Tables[c]]
	i.w, i.k, i.aux2, i.index = int32(t.Offset), int32(t.Cols), int32(t.Rows), int32(c)
	b.penalty(&i, t)
	return i
}

func (b *builder) sum(_ int, s *nn.Step) {
	i := b.of(opAdd, s)
	i.in2 = b.val[s.In2]
	b.add(i, true, b.numbers(s))
}

// head appends loss and predictions.
func (b *builder) head() {
	h := b.plan.Head
	i := newIns(opHead)
	i.in, i.n = b.val[b.plan.Logits], int32(h.Units)
	if b.predict {
		i.op, i.act = int32(opPredict), predictNumber(h)
		b.add(i, false, b.rows*h.Units)
	}
	if !b.loss {
		return
	}
	i.op, i.act, i.p = int32(opHead), lossNumber(h), float32(h.Loss.Param)
	i.gout, i.aux = b.grad[b.plan.Logits], b.alloc(b.rows)
	b.add(i, true, b.rows*h.Units)
	i.op = int32(opSumLoss)
	b.add(i, false, 0)
	b.begun[b.root[b.plan.Logits]] = true
}
