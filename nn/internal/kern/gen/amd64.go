package main

import (
	"fmt"
)

// amd64 prints for AVX2 with FMA, or for AVX-512 (F, DQ, BW, VL).
//
// Registers: AX Args, DI rows left, DX bytes of a row, BX bytes from row to
// row, SI byte within the row, R8 to R14 the arrays. Kernels with bits have at
// most four arrays: R12 bits, R13 number of the row's first bit, R14 and CX
// scratch.
type amd64 struct {
	wide   bool // AVX-512
	consts map[uint32]bool
}

// Offsets in Args.
const (
	argRows, argN, argStride, argBit, argBits, argA, argS, argBitRow = 0, 8, 16, 24, 32, 40, 96, 128
)

func (t *amd64) suffix() string {
	if t.wide {
		return "512"
	}
	return "256"
}

func (t *amd64) subs() int {
	if t.wide {
		return 1
	}
	return 2
}

func (t *amd64) vectors() int {
	if t.wide {
		return 32
	}
	return 16
}

func (t *amd64) maskClass() int {
	if t.wide {
		return 7 // K1 to K7
	}
	return 0
}

func (t *amd64) tied(o op, dies []bool) int {
	if o != opFMA && o != opFNMA {
		return -1
	}
	for _, i := range []int{2, 0, 1} {
		if dies[i] {
			return i
		}
	}
	return 2
}

func (t *amd64) late(o op) bool { return o == opFold }

// v names a vector register, x its low 128 bits, mask a mask register.
func (t *amd64) v(r int) string {
	if t.wide {
		return fmt.Sprint("Z", r)
	}
	return fmt.Sprint("Y", r)
}

func (t *amd64) mask(r int) string {
	if t.wide {
		return fmt.Sprint("K", r+1)
	}
	return fmt.Sprint("Y", r)
}

func (t *amd64) move(w *text, from, to int) {
	w.line("VMOVAPS %s, %s", t.v(from), t.v(to))
}

func (t *amd64) broadcast(w *text, v *value, to int) {
	if v.op == opScalar {
		w.line("VBROADCASTSS %d(AX), %s", argS+4*v.bits, t.v(to))
		return
	}
	if v.bits == 0 {
		w.line("%s %s, %s, %s", t.logic("XOR"), t.v(to), t.v(to), t.v(to))
		return
	}
	w.line("VBROADCASTSS %s, %s", t.constant(v.bits), t.v(to))
}

// constant is the address of a constant.
func (t *amd64) constant(bits uint32) string {
	t.consts[bits] = true
	return fmt.Sprintf("c%08x<>(SB)", bits)
}

// asmName is the name of a kernel's assembly, but for the suffix.
func asmName(k *kernel) string { return "map" + k.name }

// logic is the name of a bitwise operation.
func (t *amd64) logic(name string) string {
	if t.wide {
		return "VP" + name + "D"
	}
	return "VP" + name
}

func pointer(i int) string { return fmt.Sprint("R", 8+i) }

func (t *amd64) enter(w *text, k *kernel) {
	w.function(asmName(k)+t.suffix(), 0)
	for i, at := range []int{argRows, argN, argStride} {
		w.line("MOVQ %d(AX), %s", at, []string{"DI", "DX", "BX"}[i])
	}
	w.line("TESTQ DI, DI")
	w.line("JZ done")
	w.line("SHLQ $2, BX")
	w.line("SHLQ $2, DX")
	w.line("JZ done")
	for i := range k.arrays {
		w.line("MOVQ %d(AX), %s", argA+8*i, pointer(i))
	}
	if k.bits {
		w.line("MOVQ %d(AX), R13", argBit)
		w.line("MOVQ %d(AX), R12", argBits)
	}
}

func (t *amd64) rowBegin(w *text) { w.label("row") }

func (t *amd64) loopBegin(w *text, n int) {
	w.line("XORQ SI, SI")
	w.label(fmt.Sprint("loop", n))
}

func (t *amd64) loopEnd(w *text, n int) {
	w.line("ADDQ $64, SI")
	w.line("CMPQ SI, DX")
	w.line("JLT loop%d", n)
}

func (t *amd64) leave(w *text, k *kernel) {
	for i, a := range k.arrays {
		switch a.kind {
		case rowArray:
			w.line("ADDQ BX, %s", pointer(i))
		case perRowArray:
			w.line("ADDQ $4, %s", pointer(i))
		case laneArray:
			w.line("ADDQ $64, %s", pointer(i))
		}
	}
	if k.bits {
		w.line("ADDQ %d(AX), R13", argBitRow)
	}
	w.line("DECQ DI")
	w.line("JNZ row")
	w.label("done")
	w.line("RET\n")
}

// stateAhead is how far ahead of its use, in bytes, an array is asked for that a
// kernel changes, for writing: the parameters and the memory of an optimiser come
// from a distant cache, the processor does not see their next page coming, and
// the caches of other threads have what these have read of it.
const stateAhead = 1024

// prefetchW asks for the line that is so many bytes ahead in an array, to be
// written: PREFETCHW ahead(R8+array)(SI*1), which Go's assembler does not know.
func prefetchW(ahead, array int) string {
	return fmt.Sprintf("LONG $%#x; BYTE $%#x; LONG $%#x // PREFETCHW %d(%s)(SI*1)", 0x8C0D0F41, 0x30|array, ahead, ahead, pointer(array))
}

// amd64Form has the operations that are one instruction; operands are reversed.
var amd64Form = map[op]string{
	opAdd: "VADDPS", opSub: "VSUBPS", opMul: "VMULPS", opDiv: "VDIVPS", opSqrt: "VSQRTPS",
	opMin: "VMINPS", opMax: "VMAXPS", opToInt: "VCVTPS2DQ", opIAdd: "VPADDD", opISub: "VPSUBD",
	opShl: "VPSLLD", opSra: "VPSRAD",
}

func (t *amd64) print(w *text, m *inst, dst int, src []int) {
	in := make([]string, len(src))
	for i, s := range src {
		in[i] = t.v(s)
	}
	d := t.v(max(dst, 0))
	switch m.op {
	case opLoad:
		w.line("VMOVUPS %s, %s", t.vectorAt(m), d)
		if m.array.changed && m.sub == 0 {
			w.line("%s", prefetchW(stateAhead, int(m.v.bits)))
		}
	case opStore:
		w.line("VMOVUPS %s, %s", in[0], t.vectorAt(m))
	case opPerRow:
		w.line("VBROADCASTSS (%s), %s", pointer(int(m.v.bits)), d)
	case opStorePerRow:
		w.line("VMOVSS X%d, (%s)", src[0], pointer(int(m.v.bits)))
	case opFMA, opFNMA:
		t.fma(w, m.op, dst, src)
	case opRint:
		if t.wide {
			w.line("VRNDSCALEPS $8, %s, %s", in[0], d)
		} else {
			w.line("VROUNDPS $8, %s, %s", in[0], d)
		}
	case opLess, opLessEq:
		w.line("VCMPPS $%d, %s, %s, %s", map[op]int{opLess: 17, opLessEq: 18}[m.op], in[1], in[0], t.mask(dst))
	case opSelect:
		if t.wide {
			w.line("VBLENDMPS %s, %s, %s, %s", in[1], in[2], t.mask(src[0]), d)
		} else {
			w.line("VBLENDVPS %s, %s, %s, %s", in[0], in[1], in[2], d)
		}
	case opAnd, opOr, opXor:
		w.line("%s %s, %s, %s", t.logic(map[op]string{opAnd: "AND", opOr: "OR", opXor: "XOR"}[m.op]), in[1], in[0], d)
	case opShl, opSra:
		w.line("%s $%d, %s, %s", amd64Form[m.op], m.v.bits, in[0], d)
	case opBits:
		t.bits(w, m.sub, dst)
	case opInit:
		t.init(w, m, dst)
	case opGrow:
		w.line("%s %s, %s, %s", reduceForm(m.v), in[1], in[0], in[0])
	case opFold:
		t.fold(w, m, dst, src)
	default:
		name := amd64Form[m.op]
		if len(in) == 1 {
			w.line("%s %s, %s", name, in[0], d)
		} else {
			w.line("%s %s, %s, %s", name, in[1], in[0], d)
		}
	}
}

// vectorAt is the address of an array's vector.
func (t *amd64) vectorAt(m *inst) string {
	at := fmt.Sprintf("%d(%s)", 32*m.sub, pointer(int(m.v.bits)))
	if m.array.kind == laneArray {
		return at
	}
	return at + "(SI*1)"
}

func reduceForm(v *value) string {
	if v.op.tops() {
		return "VMAXPS"
	}
	return "VADDPS"
}

// fma prints in0*in1 + in2, where the result takes one operand's register.
func (t *amd64) fma(w *text, o op, dst int, src []int) {
	name := "VFMADD"
	if o == opFNMA {
		name = "VFNMADD"
	}
	a, b, c := t.v(src[0]), t.v(src[1]), t.v(src[2])
	switch dst {
	case src[2]:
		w.line("%s231PS %s, %s, %s", name, b, a, c)
	case src[0]:
		w.line("%s213PS %s, %s, %s", name, c, b, a)
	case src[1]:
		w.line("%s213PS %s, %s, %s", name, c, a, b)
	default:
		panic("fma: result in a register of its own")
	}
}

func (t *amd64) init(w *text, m *inst, dst int) {
	start := &value{op: opConst}
	if m.v.op.tops() {
		start.bits = 0xff800000
	}
	t.broadcast(w, start, dst)
}

// fold prints the tree over 16 lanes: 8 apart, 4, 2, 1. It uses up the
// accumulators.
func (t *amd64) fold(w *text, m *inst, dst int, src []int) {
	f, a := reduceForm(m.v), src[0]
	if t.wide {
		w.line("VEXTRACTF64X4 $1, Z%d, Y%d", a, dst)
		w.line("%s Y%d, Y%d, Y%d", f, a, dst, a)
		w.line("VEXTRACTF32X4 $1, Y%d, X%d", a, dst)
	} else {
		w.line("%s Y%d, Y%d, Y%d", f, a, src[1], a)
		w.line("VEXTRACTF128 $1, Y%d, X%d", a, dst)
	}
	w.line("%s X%d, X%d, X%d", f, a, dst, a)
	w.line("VPERMILPS $0x0E, X%d, X%d", a, dst)
	w.line("%s X%d, X%d, X%d", f, a, dst, a)
	w.line("VPERMILPS $0x01, X%d, X%d", a, dst)
	w.line("%s X%d, X%d, X%d", f, a, dst, a)
	w.line("VBROADCASTSS X%d, %s", a, t.v(dst))
}

// bits loads the 16 bits from the element's on.
func (t *amd64) bits(w *text, sub, dst int) {
	w.line("MOVQ SI, R14")
	w.line("SHRQ $2, R14")
	w.line("ADDQ R13, R14")
	w.line("MOVQ R14, CX")
	w.line("SHRQ $3, R14")
	w.line("MOVL (R12)(R14*1), R14")
	w.line("ANDL $7, CX")
	w.line("SHRL CX, R14")
	if t.wide {
		w.line("KMOVW R14, %s", t.mask(dst))
		return
	}
	w.line("VMOVQ R14, X%d", dst)
	w.line("VPBROADCASTD X%d, Y%d", dst, dst)
	w.line("VPAND laneBits<>+%d(SB), Y%d, Y%d", 32*sub, dst, dst)
	w.line("VPCMPEQD laneBits<>+%d(SB), Y%d, Y%d", 32*sub, dst, dst)
}
