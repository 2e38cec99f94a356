package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// target is an instruction set that kernels are printed for.
type target interface {
	suffix() string
	subs() int      // vectors that make 16 lanes
	vectors() int   // vector registers
	maskClass() int // mask registers, 0 if masks lie in vector registers
	// tied gives the operand whose register the result must take, or -1; dies
	// says which operands are not used any more.
	tied(o op, dies []bool) int
	// late says that the result must not share a register with operands.
	late(o op) bool
	// print appends the instructions of one operation.
	print(w *text, m *inst, dst int, src []int)
	move(w *text, from, to int)
	// broadcast loads a constant or a scalar.
	broadcast(w *text, v *value, to int)
	// frame prints what is around: entry, loops, exit.
	enter(w *text, k *kernel)
	rowBegin(w *text)
	loopBegin(w *text, n int)
	loopEnd(w *text, n int)
	leave(w *text, k *kernel)
}

// Operations that only exist below the level of values.
const (
	opLoopBegin op = 100 + iota
	opLoopEnd
	opInit  // of an accumulator
	opGrow  // accumulator (in0) takes in1
	opFold  // of accumulators to all lanes of the result
	opFirst // of those that allocate no result
)

// vreg is a virtual register: a value's vector number sub.
type vreg struct {
	v   *value
	sub int
	acc bool // the accumulator of a reduction
}

// inst is an operation on virtual registers.
type inst struct {
	op    op
	v     *value // for its bits
	sub   int
	dst   vreg
	in    []vreg
	array array
}

// expand turns a kernel into a list of instructions, each loop's body once for
// each vector that 16 lanes need.
func expand(k *kernel, subs int) []*inst {
	var list []*inst
	for _, ph := range k.phases {
		switch {
		case ph.lanes:
			for s := range subs {
				list = append(list, body(k, ph, s)...)
			}
			continue
		case !ph.loop:
			list = append(list, body(k, ph, 0)...)
			continue
		}
		var sums []*value
		for _, v := range ph.code {
			if v.op.reduces() {
				sums = append(sums, v)
			}
		}
		for _, v := range sums {
			for s := range subs {
				list = append(list, &inst{op: opInit, v: v, dst: vreg{v, s, true}})
			}
		}
		list = append(list, &inst{op: opLoopBegin})
		for s := range subs {
			list = append(list, body(k, ph, s)...)
		}
		list = append(list, &inst{op: opLoopEnd})
		for _, v := range sums {
			if !v.op.folds() {
				continue
			}
			fold := &inst{op: opFold, v: v, dst: vreg{v: v}}
			for s := range subs {
				fold.in = append(fold.in, vreg{v, s, true})
			}
			list = append(list, fold)
		}
	}
	return list
}

func body(k *kernel, ph *phase, sub int) (list []*inst) {
	for _, v := range ph.code {
		m := &inst{op: v.op, v: v, sub: sub, dst: vreg{v: v, sub: sub}}
		for _, in := range v.in {
			m.in = append(m.in, operand(in, ph, sub))
		}
		if v.op.reduces() {
			acc := vreg{v, sub, true}
			m.op, m.dst, m.in = opGrow, acc, []vreg{acc, m.in[0]}
		}
		if v.op == opLoad || v.op == opStore || v.op == opPerRow || v.op == opStorePerRow {
			m.array = k.arrays[v.bits]
		}
		list = append(list, m)
	}
	return list
}

// operand is the register of a value: one for each vector only for those of
// the same phase, or of lanes.
func operand(v *value, ph *phase, sub int) vreg {
	if !v.lanewise() && (v.phase != ph || v.op.reduces()) {
		sub = 0
	}
	return vreg{v: v, sub: sub, acc: v.op.reduces() && !v.op.folds()}
}

func (r vreg) broadcast() bool { return r.v.op == opConst || r.v.op == opScalar }

// lifetimes gives the place of each register's last use.
func lifetimes(list []*inst) map[vreg]int {
	last, made := map[vreg]int{}, map[vreg]int{}
	begin := -1
	inLoop := map[vreg]bool{}
	for i, m := range list {
		switch m.op {
		case opLoopBegin:
			begin = i
		case opLoopEnd:
			for r := range inLoop {
				last[r] = i
			}
			begin, inLoop = -1, map[vreg]bool{}
		}
		for _, r := range m.in {
			last[r] = i
			if at, ok := made[r]; begin >= 0 && ok && at < begin {
				inLoop[r] = true // needed again in the next round
			}
		}
		if _, ok := made[m.dst]; !ok {
			made[m.dst] = i
		}
	}
	return last
}

// printer prints one kernel for one target.
type printer struct {
	t        target
	list     []*inst
	last     map[vreg]int
	resident map[*value]int // constants and scalars that keep a register
	at       map[vreg]int
	free     []bool
	masks    []bool
	most     int // registers used at once
	w        text
	loops    int
}

// assembly prints a kernel.
func assembly(k *kernel, t target) string {
	list := expand(k, t.subs())
	last := lifetimes(list)
	dry := &printer{t: t, list: list, last: last}
	dry.run(64)
	p := &printer{t: t, list: list, last: last, resident: residents(list, t.vectors()-dry.most)}
	t.enter(&p.w, k)
	for v, r := range ordered(p.resident) {
		t.broadcast(&p.w, v, r)
	}
	t.rowBegin(&p.w)
	p.run(t.vectors() - len(p.resident))
	t.leave(&p.w, k)
	return p.w.String()
}

// residents chooses the constants and scalars that are used most; they take the
// last registers.
func residents(list []*inst, room int) map[*value]int {
	uses := map[*value]int{}
	var order []*value
	for _, m := range list {
		for _, r := range m.in {
			if r.broadcast() {
				if uses[r.v] == 0 {
					order = append(order, r.v)
				}
				uses[r.v]++
			}
		}
	}
	slices.SortStableFunc(order, func(a, b *value) int { return cmp.Compare(uses[b], uses[a]) })
	out := map[*value]int{}
	for i, v := range order[:max(0, min(room, len(order)))] {
		out[v] = i
	}
	return out
}

// ordered ranges over residents by register.
func ordered(m map[*value]int) func(func(*value, int) bool) {
	keys := slices.SortedFunc(maps.Keys(m), func(a, b *value) int { return cmp.Compare(m[a], m[b]) })
	return func(yield func(*value, int) bool) {
		for _, v := range keys {
			if !yield(v, m[v]) {
				return
			}
		}
	}
}

func (p *printer) run(registers int) {
	p.at = map[vreg]int{}
	p.free = make([]bool, registers)
	p.masks = make([]bool, max(p.t.maskClass(), 1))
	for i := range p.free {
		p.free[i] = true
	}
	for i := range p.masks {
		p.masks[i] = true
	}
	for i, m := range p.list {
		switch m.op {
		case opLoopBegin:
			p.loops++
			p.t.loopBegin(&p.w, p.loops)
		case opLoopEnd:
			p.t.loopEnd(&p.w, p.loops)
			p.expire(i)
		default:
			p.inst(i, m)
		}
	}
}

// expire frees what a loop kept.
func (p *printer) expire(i int) {
	for r := range p.at {
		if p.last[r] == i {
			p.give(r)
		}
	}
}

// class is the registers that a virtual register comes from.
func (p *printer) class(o op) []bool {
	if o.isMask() && p.t.maskClass() > 0 {
		return p.masks
	}
	return p.free
}

func (p *printer) take(class []bool) int {
	for i := range class {
		if class[i] {
			class[i] = false
			used := 0
			for _, f := range p.free {
				if !f {
					used++
				}
			}
			p.most = max(p.most, used)
			return i
		}
	}
	panic("no register left")
}

func (p *printer) give(r vreg) {
	p.class(r.v.op)[p.at[r]] = true
	delete(p.at, r)
}

func (p *printer) inst(i int, m *inst) {
	src, dies := make([]int, len(m.in)), make([]bool, len(m.in))
	var temps []int
	loaded := map[*value]int{}
	for j, r := range m.in {
		if !r.broadcast() {
			src[j], dies[j] = p.place(r), p.last[r] == i
			continue
		}
		if reg, ok := p.resident[r.v]; ok {
			src[j] = reg
			continue
		}
		reg, ok := loaded[r.v]
		if !ok {
			reg = p.take(p.free)
			p.t.broadcast(&p.w, r.v, p.fix(reg))
			loaded[r.v] = reg
			temps = append(temps, reg)
		}
		src[j], dies[j] = p.fix(reg), true
	}
	if m.op == opStore || m.op == opStorePerRow {
		p.t.print(&p.w, m, -1, src)
		p.release(i, m, temps)
		return
	}
	if m.op == opGrow {
		p.t.print(&p.w, m, src[0], src)
		p.release(i, m, temps)
		return
	}
	p.result(i, m, src, dies, temps)
}

// result allocates the result's register and prints.
func (p *printer) result(i int, m *inst, src []int, dies []bool, temps []int) {
	tied := p.t.tied(m.op, dies)
	early := p.t.late(m.op) || tied >= 0 && !dies[tied]
	if !early {
		p.release(i, m, temps)
	}
	class := p.class(m.v.op)
	var reg int
	if tied >= 0 && dies[tied] {
		reg = src[tied]
		if p.holdsVector(class) {
			reg -= len(p.resident)
		}
		class[reg] = false
	} else {
		reg = p.take(class)
	}
	p.at[m.dst] = reg
	dst := reg
	if p.holdsVector(class) {
		dst = p.fix(reg)
	}
	if tied >= 0 && !dies[tied] {
		p.t.move(&p.w, src[tied], dst)
		src[tied] = dst
	}
	p.t.print(&p.w, m, dst, src)
	if early {
		p.release(i, m, temps)
	}
	if _, used := p.last[m.dst]; !used {
		panic(fmt.Sprint("result without use: ", m.op))
	}
}

func (p *printer) holdsVector(class []bool) bool { return &class[0] == &p.free[0] }

// fix is the machine's number of an allocated vector register: residents come first.
func (p *printer) fix(reg int) int { return reg + len(p.resident) }

func (p *printer) place(r vreg) int {
	reg, ok := p.at[r]
	if !ok {
		panic("register used before it is made")
	}
	if r.v.op.isMask() && p.t.maskClass() > 0 {
		return reg
	}
	return p.fix(reg)
}

// release frees operands that are not used any more.
func (p *printer) release(i int, m *inst, temps []int) {
	for _, r := range m.in {
		if _, ok := p.at[r]; ok && !r.broadcast() && p.last[r] == i {
			p.give(r)
		}
	}
	for _, t := range temps {
		p.free[t] = true
	}
}
