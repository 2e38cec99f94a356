package cpu

import (
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// builder lays out a net.
type builder struct {
	*net
	root    []int  // the buffer whose memory a buffer shares
	readers []int  // by root: steps that read it, the head included
	maker   []int  // by root: the step that writes it last, -1 for the input
	needs   []bool // by root: its gradient is wanted
	written []bool // by root, on the way back: its gradient has been begun
	denses  []*dense
}

// newNet builds a net for a shape.
func (p *program) newNet(s shape) *net {
	n := &net{shape: s, program: p}
	n.doRows, n.doStrips, n.doGradient = n.onRows, n.onStrips, n.onGradient
	count := len(p.plan.Widths)
	n.val, n.grad = make([]matrix, count), make([]matrix, count)
	n.cores, n.one = make([]kern.Workspace, s.threads), kern.Alloc(kern.Lanes)
	n.one[0] = 1
	for i := range n.cores {
		n.cores[i].Set = p.set
	}
	b := &builder{
		net: n, root: make([]int, count), readers: make([]int, count), maker: make([]int, count),
		needs: make([]bool, count), written: make([]bool, count),
		denses: make([]*dense, count),
	}
	b.share()
	b.memory()
	b.operations()
	b.head()
	b.backwards()
	b.stage()
	return n
}

// inPlace reports whether the step can write where it reads.
func (b *builder) inPlace(i int) bool {
	s := &b.plan.Steps[i]
	if s.Op != nn.OpDropout || b.keep {
		return false
	}
	if !b.drop {
		return true // the identity
	}
	in := s.In
	if in == 0 || b.plan.Steps[in-1].Op != nn.OpDense || b.reads(in) != 1 {
		return false
	}
	// Slopes of these can be told from what dropout leaves.
	switch b.plan.Steps[in-1].Act.Name {
	case "relu", "leaky_relu", "linear":
		return true
	}
	return false
}

// reads counts the steps that read a buffer, the head included.
func (b *builder) reads(buffer int) int {
	count := 0
	for _, s := range b.plan.Steps {
		if s.In == buffer {
			count++
		}
		if s.Op == nn.OpAdd && s.In2 == buffer {
			count++
		}
	}
	if b.plan.Logits == buffer {
		count++
	}
	return count
}

// share finds which buffers share memory, who reads them and whose gradients
// are wanted. Buffer i+1 is written by step i.
func (b *builder) share() {
	b.maker[0] = -1
	for i, s := range b.plan.Steps {
		out, in := s.Out, b.root[s.In]
		b.root[out] = out
		if b.inPlace(i) {
			b.root[out] = in
		} else {
			b.readers[in]++
			b.maker[out] = i
		}
		if s.Op == nn.OpAdd {
			b.readers[b.root[s.In2]]++
		}
		wants := b.needs[in] || s.Op == nn.OpAdd && b.needs[b.root[s.In2]]
		for _, k := range append([]int{s.W, s.B}, s.Tables...) {
			wants = wants || k >= 0 && b.plan.Blocks[k].Trainable
		}
		if wants {
			b.needs[b.root[out]] = true
		}
	}
	b.readers[b.root[b.plan.Logits]]++
}

// memory allocates the buffers.
func (b *builder) memory() {
	widest, direct := 0, b.canBeDirect()
	for i, w := range b.plan.Widths {
		widest = max(widest, w)
		r := b.root[i]
		switch {
		case r == 0 && direct:
			b.direct = append(b.direct, i)
		case r == i:
			b.val[i] = newMatrix(b.shape.rows, w)
		default:
			b.val[i] = b.val[r]
		}
		if r != i {
			b.grad[i] = b.grad[r]
			continue
		}
		if b.learn && b.needs[i] || i == b.plan.Logits {
			b.grad[i] = newMatrix(b.shape.rows, w)
		}
	}
	if b.learn {
		b.scratch = newMatrix(b.shape.rows, widest)
	}
}

// canBeDirect reports whether the rows need not be copied together: they come
// in order, only products read them, and these like the distance they have.
func (b *builder) canBeDirect() bool {
	if k := b.plan.Input.Numeric; b.learn || kern.Distance(k) != kern.Ld(k) {
		return false
	}
	for _, s := range b.plan.Steps {
		reads := b.root[s.In] == 0 || s.Op == nn.OpAdd && b.root[s.In2] == 0
		if reads && s.Op != nn.OpDense && b.root[s.Out] != 0 {
			return false
		}
	}
	return true
}

// makers is indexed by nn.Op.
var makers = [...]func(b *builder, s *nn.Step) operation{
	nn.OpDense:      newDense,
	nn.OpActivation: newActivation,
	nn.OpDropout:    newDropout,
	nn.OpBatchNorm:  newBatchNorm,
	nn.OpLayerNorm:  newLayerNorm,
	nn.OpEmbed:      newEmbed,
	nn.OpAdd:        newAdd,
}

func (b *builder) operations() {
	for i := range b.plan.Steps {
		s := &b.plan.Steps[i]
		if b.inPlace(i) && !b.drop {
			continue
		}
		o := makers[s.Op](b, s)
		b.ops = append(b.ops, o)
		if o, ok := o.(preparer); ok {
			b.preparers = append(b.preparers, o)
		}
		if o, ok := o.(settler); ok {
			b.settlers = append(b.settlers, o)
		}
		if l, ok := o.(learner); ok && b.learn && trainable(l) {
			b.learners = append(b.learners, l)
		}
	}
}

func trainable(l learner) bool {
	return slices.ContainsFunc(l.parts(), func(p part) bool { return p.Trainable })
}

// place gives where a block lies, nil for -1.
func (b *builder) place(block int) *place {
	if block < 0 {
		return nil
	}
	return &b.lay.blocks[block]
}

// toward gives the target for a buffer. Operations must ask in the order in
// which they run backward.
func (b *builder) toward(buffer int) target {
	r := b.root[buffer]
	if !b.learn || !b.needs[r] {
		return target{}
	}
	t := target{b.grad[r], b.written[r]}
	b.written[r] = true
	return t
}

// backwards gives operations their targets, the last first.
func (b *builder) backwards() {
	if !b.learn {
		return
	}
	for i := len(b.ops) - 1; i >= 0; i-- {
		b.ops[i].connect(b)
	}
}

// stage cuts the work where operations mix rows.
func (b *builder) stage() {
	b.rowStep(b.net.head.fetch) // at first, so that all else is one walk of kernels
	b.rowStep(b.gather)
	b.rowStep(func(s *kern.Script, _, _ int) { s.Fixed() })
	for _, o := range b.ops {
		if m, ok := o.(mixer); ok && b.learn {
			b.stages = append(b.stages, stage{strips: m.strips(), columns: m.statistics})
		}
		b.rowStep(o.forward)
	}
	b.rowStep(b.net.head.write)
	if b.learn {
		for i := len(b.ops) - 1; i >= 0; i-- {
			if m, ok := b.ops[i].(mixer); ok {
				b.stages = append(b.stages, stage{strips: m.strips(), columns: m.slopes})
			}
			b.rowStep(b.ops[i].backward)
		}
	}
	b.deal()
	if len(b.shares) == 1 && b.shares[0].passed {
		b.rowStep(func(s *kern.Script, _, _ int) { b.shares[0].gradient(s, 0, 1) })
	}
}

// rowStep adds work over rows to the last stage, or begins one.
func (b *builder) rowStep(write func(s *kern.Script, a, b int)) {
	if k := len(b.stages); k == 0 || b.stages[k-1].strips > 0 {
		b.stages = append(b.stages, stage{})
	}
	g := &b.stages[len(b.stages)-1]
	g.write = append(g.write, write)
}

func (b *builder) head() { b.net.head = newHead(b.net) }
