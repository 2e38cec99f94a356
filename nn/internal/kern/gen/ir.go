package main

import (
	"math"
	"slices"
)

// value is the result of one instruction: a vector of lanes, or a mask of them.
type value struct {
	op    op
	in    []*value
	bits  uint32 // opConst: float32 bits; shifts: count; loads and stores: array; opScalar: number
	phase *phase // nil for constants and scalars
}

type op int

const (
	opConst  op = iota
	opScalar    // one of Args.S
	opLoad      // 16 lanes of a row or vector array
	opPerRow    // one number of a per-row array, in all lanes
	opStore
	opStorePerRow // lane 0
	opBits        // mask: bits of Args.Bits
	opAdd
	opSub
	opMul
	opDiv
	opSqrt
	opFMA  // in0*in1 + in2, rounded once
	opFNMA // in2 - in0*in1, rounded once
	opMin  // in0 < in1 ? in0 : in1
	opMax  // in0 > in1 ? in0 : in1
	opRint // to the nearest integer, ties to even
	opLess // mask
	opLessEq
	opSelect // in0 ? in1 : in2
	opAnd    // bitwise, as the next
	opOr
	opXor
	opToInt // of a number that is an integer
	opIAdd
	opISub
	opShl
	opSra     // of signed numbers
	opSum     // over the lanes of a loop
	opTop     // greatest of the lanes of a loop
	opLaneSum // over a loop, for each lane
	opLaneTop
)

// isMask says whether an op gives a mask.
func (o op) isMask() bool { return o == opLess || o == opLessEq || o == opBits }

// reduces says whether an op gathers lanes over a loop, folds whether it then
// folds them.
func (o op) reduces() bool { return o.folds() || o == opLaneSum || o == opLaneTop }
func (o op) folds() bool   { return o == opSum || o == opTop }

// tops says whether a reduction is of the greatest.
func (o op) tops() bool { return o == opTop || o == opLaneTop }

// lanewise says whether a value that is used in other phases has 16 lanes there.
func (v *value) lanewise() bool {
	return v.phase != nil && v.phase.lanes || v.op.reduces() && !v.op.folds()
}

// phase is a piece of a row's work: a loop over its elements, or straight code,
// of one number or of 16 lanes.
type phase struct {
	loop, lanes bool
	code        []*value
}

// kind says how an array goes along with rows.
type kind int

const (
	rowArray    kind = iota // Stride elements on for each row
	vectorArray             // the same elements for each row
	perRowArray             // one number a row
	laneArray               // 16 numbers a row
)

type array struct {
	name    string
	kind    kind
	changed bool // row array that is read and written
}

// kernel is one function over rows, written once for all instruction sets.
type kernel struct {
	name    string
	doc     string
	arrays  []array
	scalars []string
	phases  []*phase
	bits    bool // uses Args.Bits
}

// mark finds the arrays that are changed, in kernels that go over a row once.
func (k *kernel) mark() {
	if len(k.phases) > 1 {
		return
	}
	loaded := map[uint32]bool{}
	for _, v := range k.phases[0].code {
		switch v.op {
		case opLoad:
			loaded[v.bits] = true
		case opStore:
			a := &k.arrays[v.bits]
			a.changed = a.kind == rowArray && loaded[v.bits]
		}
	}
}

// prune takes out what is not used.
func (k *kernel) prune() {
	used := map[*value]bool{}
	for i := len(k.phases) - 1; i >= 0; i-- {
		ph := k.phases[i]
		var kept []*value
		for j := len(ph.code) - 1; j >= 0; j-- {
			v := ph.code[j]
			if v.op != opStore && v.op != opStorePerRow && !used[v] {
				continue
			}
			for _, in := range v.in {
				used[in] = true
			}
			kept = append(kept, v)
		}
		slices.Reverse(kept)
		ph.code = kept
	}
}

// builder writes a kernel's code.
type builder struct {
	k      *kernel
	cur    *phase
	consts map[uint32]*value
	named  map[string]*value
}

func (b *builder) emit(o op, bits uint32, in ...*value) *value {
	v := &value{op: o, in: in, bits: bits, phase: b.cur}
	b.cur.code = append(b.cur.code, v)
	return v
}

// loop starts a loop over a row's elements, once straight code behind it, lanes
// such code for each lane.
func (b *builder) loop()  { b.start(phase{loop: true}) }
func (b *builder) once()  { b.start(phase{}) }
func (b *builder) lanes() { b.start(phase{lanes: true}) }

func (b *builder) start(p phase) {
	b.cur = &p
	b.k.phases = append(b.k.phases, b.cur)
}

// num is a constant.
func (b *builder) num(v float64) *value { return b.word(math.Float32bits(float32(v))) }

func (b *builder) word(w uint32) *value {
	v, ok := b.consts[w]
	if !ok {
		v = &value{op: opConst, bits: w}
		b.consts[w] = v
	}
	return v
}

// s is a scalar argument by its name.
func (b *builder) s(name string) *value {
	if v, ok := b.named[name]; ok {
		return v
	}
	for i, n := range b.k.scalars {
		if n == name {
			v := &value{op: opScalar, bits: uint32(i)}
			b.named[name] = v
			return v
		}
	}
	panic("no scalar " + name + " in " + b.k.name)
}

func (b *builder) array(name string) uint32 {
	for i, a := range b.k.arrays {
		if a.name == name {
			return uint32(i)
		}
	}
	panic("no array " + name + " in " + b.k.name)
}

func (b *builder) load(name string) *value     { return b.emit(opLoad, b.array(name)) }
func (b *builder) perRow(name string) *value   { return b.emit(opPerRow, b.array(name)) }
func (b *builder) store(name string, v *value) { b.emit(opStore, b.array(name), v) }
func (b *builder) put(name string, v *value)   { b.emit(opStorePerRow, b.array(name), v) }
func (b *builder) mask() *value                { b.k.bits = true; return b.emit(opBits, 0) }
func (b *builder) add(x, y *value) *value      { return b.emit(opAdd, 0, x, y) }
func (b *builder) sub(x, y *value) *value      { return b.emit(opSub, 0, x, y) }
func (b *builder) mul(x, y *value) *value      { return b.emit(opMul, 0, x, y) }
func (b *builder) div(x, y *value) *value      { return b.emit(opDiv, 0, x, y) }
func (b *builder) sqrt(x *value) *value        { return b.emit(opSqrt, 0, x) }
func (b *builder) fma(x, y, z *value) *value   { return b.emit(opFMA, 0, x, y, z) }
func (b *builder) fnma(x, y, z *value) *value  { return b.emit(opFNMA, 0, x, y, z) }
func (b *builder) min(x, y *value) *value      { return b.emit(opMin, 0, x, y) }
func (b *builder) max(x, y *value) *value      { return b.emit(opMax, 0, x, y) }
func (b *builder) rint(x *value) *value        { return b.emit(opRint, 0, x) }
func (b *builder) less(x, y *value) *value     { return b.emit(opLess, 0, x, y) }
func (b *builder) lessEq(x, y *value) *value   { return b.emit(opLessEq, 0, x, y) }
func (b *builder) sel(m, x, y *value) *value   { return b.emit(opSelect, 0, m, x, y) }
func (b *builder) and(x, y *value) *value      { return b.emit(opAnd, 0, x, y) }
func (b *builder) or(x, y *value) *value       { return b.emit(opOr, 0, x, y) }
func (b *builder) xor(x, y *value) *value      { return b.emit(opXor, 0, x, y) }
func (b *builder) toInt(x *value) *value       { return b.emit(opToInt, 0, x) }
func (b *builder) iadd(x, y *value) *value     { return b.emit(opIAdd, 0, x, y) }
func (b *builder) isub(x, y *value) *value     { return b.emit(opISub, 0, x, y) }
func (b *builder) shl(x *value, n int) *value  { return b.emit(opShl, uint32(n), x) }
func (b *builder) sra(x *value, n int) *value  { return b.emit(opSra, uint32(n), x) }
func (b *builder) sum(x *value) *value         { return b.emit(opSum, 0, x) }
func (b *builder) top(x *value) *value         { return b.emit(opTop, 0, x) }
func (b *builder) laneSum(x *value) *value     { return b.emit(opLaneSum, 0, x) }
func (b *builder) laneTop(x *value) *value     { return b.emit(opLaneTop, 0, x) }
func (b *builder) abs(x *value) *value         { return b.and(x, b.word(0x7fffffff)) }
func (b *builder) neg(x *value) *value         { return b.xor(x, b.word(0x80000000)) }
func (b *builder) poly(x *value, c ...float64) *value {
	p := b.num(c[0])
	for _, k := range c[1:] {
		p = b.fma(p, x, b.num(k))
	}
	return p
}
