//go:build cuda && linux && cgo

package gpu

import "mlpkernel/nn"

// backwards is indexed by nn.Op. Each appends what pushes a step's gradient
// back; gradients of parameters go to b.learn.
var backwards = [...]func(b *builder, at int, s *nn.Step){
	nn.OpDense:      (*builder).denseBack,
	nn.OpActivation: (*builder).activationBack,
	nn.OpDropout:    (*builder).dropOutBack,
	nn.OpBatchNorm:  (*builder).batchNormBack,
	nn.OpLayerNorm:  (*builder).layerNormBack,
	nn.OpEmbed:      (*builder).embedBack,
	nn.OpAdd:        (*builder).sumBack,
}

// backward appends the steps in reverse.
func (b *builder) backward() {
	for i := len(b.plan.Steps) - 1; i >= 0; i-- {
		s := &b.plan.Steps[i]
		if b.grad[s.Out] != none && b.begun[b.root[s.Out]] {
			backwards[s.Op](b, i, s)
		}
	}
}

// toward gives where the gradient of a buffer goes and whether it is added to
// what is there.
func (b *builder) toward(buffer int) (at int32, adds bool) {
	r := b.root[buffer]
	if b.grad[r] == none {
		return none, false
	}
	adds, b.begun[r] = b.begun[r], true
	return b.grad[r], adds
}

// back gives an instruction that passes the gradient of a step's output to its
// input's; ok is false if nobody wants that.
func (b *builder) back(op opcode, s *nn.Step) (i ins, ok bool) {
	i = b.of(op, s)
	i.gout = b.grad[s.Out]
	gin, adds := b.toward(s.In)
	i.gin = gin
	if adds {
		i.flags |= addGin
	}
	return i, gin != none
}

func (b *builder) denseBack(_ int, s *nn.Step) {
	if b.library != noLibrary {
		b.libraryBack(s)
		return
	}
	if !s.Act.Linear() && !b.fused[s.Out] {
		i := b.of(opDelta, s)
		b.activate(&i, s)
		i.gout, i.z = b.grad[s.Out], b.inputs[s.Out]
		b.add(i, true, b.numbers(s))
	}
	if i, ok := b.back(opDenseDx, s); ok {
		b.fuse(&i, s)
		b.add(i, true, b.rows*int(i.k))
	}
	w := &b.plan.Blocks[s.W]
	if !w.Trainable {
		return
	}
	i := b.of(opDenseDw, s)
	i.gout = b.grad[s.Out]
	b.penalty(&i, w)
	b.learn = append(b.learn, i)
	b.widest = max(b.widest, int(i.n)*int(i.k+1))
}

// fuse lets DENSE_DX apply the slope of the activation that made its input, if
// no other step reads that.
func (b *builder) fuse(i *ins, s *nn.Step) {
	r := b.root[s.In]
	if r == 0 || b.readers(r) != 1 {
		return
	}
	maker := &b.plan.Steps[r-1] // step i writes buffer i+1
	if maker.Op != nn.OpDense || maker.Act.Linear() {
		return
	}
	a := activations[maker.Act.Name]
	i.below, i.zbelow, i.actbelow, i.pbelow = b.val[r], b.inputs[r], a.number, float32(maker.Act.Param)
	b.fused[r] = true
}

// readers counts the steps that read a root, the head included.
func (b *builder) readers(root int) (n int) {
	for _, s := range b.plan.Steps {
		if b.root[s.In] == root && b.root[s.Out] != root {
			n++
		}
		if s.Op == nn.OpAdd && b.root[s.In2] == root {
			n++
		}
	}
	if b.root[b.plan.Logits] == root {
		n++
	}
	return n
}

func (b *builder) penalty(i *ins, k *nn.Block) {
	i.l1, i.l2 = float32(k.L1), float32(k.L2)
	if k.Decay {
		i.flags |= decays
	}
}

func (b *builder) activationBack(_ int, s *nn.Step) {
	i, ok := b.back(opActivateBack, s)
	if !ok {
		return
	}
	if s.Act.RowWise() {
		i.op = int32(opSoftmaxBack)
	} else {
		b.activate(&i, s)
	}
	b.add(i, true, b.numbers(s))
}

func (b *builder) dropOutBack(_ int, s *nn.Step) {
	if !b.dropout {
		return // the same memory
	}
	if i, ok := b.back(opDropBack, s); ok {
		m := b.masked(opDropBack, s)
		i.key, i.index = m.key, m.index
		b.add(i, true, b.numbers(s)/4+1)
	}
}

// trains says which of gamma and beta are learnt.
func (b *builder) trains(s *nn.Step) (flags int32) {
	if b.plan.Blocks[s.W].Trainable {
		flags |= trainW
	}
	if b.plan.Blocks[s.B].Trainable {
		flags |= trainB
	}
	return flags
}

func (b *builder) batchNormBack(at int, s *nn.Step) {
	i, _ := b.back(opBatchNormBack, s)
	i.aux = b.kept[at]
	i.flags |= b.trains(s)
	b.add(i, true, b.numbers(s))
	if b.update {
		move := b.of(opMoveRunning, s)
		move.w, move.b, move.aux = b.offset(s.Mean), b.offset(s.Var), b.kept[at]
		b.learn = append(b.learn, move)
	}
}

func (b *builder) layerNormBack(at int, s *nn.Step) {
	i, ok := b.back(opLayerNormBack, s)
	i.aux = b.kept[at]
	if ok {
		b.add(i, true, b.numbers(s))
	}
	if flags := b.trains(s); flags != 0 {
		i.op, i.flags = int32(opLayerNormDw), flags
		b.learn = append(b.learn, i)
	}
}

// embedBack is for the tables alone: what else goes in is the data.
func (b *builder) embedBack(_ int, s *nn.Step) {
	for c, t := range s.Tables {
		if !b.plan.Blocks[t].Trainable {
			continue
		}
		i := b.lookup(opLookupDw, s, c)
		i.gout = b.grad[s.Out]
		b.learn = append(b.learn, i)
	}
}

func (b *builder) sumBack(_ int, s *nn.Step) {
	i, first := b.back(opAddBack, s)
	gin2, adds := b.toward(s.In2)
	i.gin2 = gin2
	if adds {
		i.flags |= addGin2
	}
	if first || gin2 != none {
		b.add(i, true, b.numbers(s))
	}
}

// parameters appends what becomes of the gradients of parameters.
func (b *builder) parameters() {
	b.code = append(b.code, b.learn...)
	b.code[len(b.code)-1].sync = 1
	if !b.update {
		return
	}
	if b.keep {
		b.updates()
	}
	b.limits()
}

// updates are those by a gradient that is kept.
func (b *builder) updates() {
	if b.opts.ClipNorm > 0 {
		b.add(newIns(opSquares), true, b.nparts*32)
	}
	for _, k := range b.plan.Blocks {
		if !k.Trainable {
			continue
		}
		i := newIns(opUpdate)
		i.w, i.n = int32(k.Offset), int32(k.Len())
		if k.Decay {
			i.flags = decays
		}
		b.add(i, false, k.Len())
	}
	b.code[len(b.code)-1].sync = 1
}

// limits keep rows of weights within max_norm.
func (b *builder) limits() {
	for _, k := range b.plan.Blocks {
		if k.MaxNorm == 0 || !k.Trainable {
			continue
		}
		i := newIns(opLimit)
		i.w, i.n, i.k, i.limit = int32(k.Offset), int32(k.Rows), int32(k.Cols), float32(k.MaxNorm)
		b.add(i, false, k.Rows*32)
	}
}
