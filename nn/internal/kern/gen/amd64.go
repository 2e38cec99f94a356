package main

import (
	"fmt"
	"strings"
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

func (t *amd64) move(w *strings.Builder, from, to int) {
	fmt.Fprintf(w, "\tVMOVAPS %s, %s\n", t.v(from), t.v(to))
}

func (t *amd64) broadcast(w *strings.Builder, v *value, to int) {
	if v.op == opScalar {
		fmt.Fprintf(w, "\tVBROADCASTSS %d(AX), %s\n", argS+4*v.bits, t.v(to))
		return
	}
	if v.bits == 0 {
		fmt.Fprintf(w, "\t%s %s, %s, %s\n", t.logic("XOR"), t.v(to), t.v(to), t.v(to))
		return
	}
	fmt.Fprintf(w, "\tVBROADCASTSS %s, %s\n", t.constant(v.bits), t.v(to))
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

func (t *amd64) enter(w *strings.Builder, k *kernel) {
	fmt.Fprintf(w, "// func %s%s(a *Args)\nTEXT ·%s%s(SB), NOSPLIT, $0-8\n", asmName(k), t.suffix(), asmName(k), t.suffix())
	w.WriteString("\tMOVQ a+0(FP), AX\n")
	fmt.Fprintf(w, "\tMOVQ %d(AX), DI\n\tMOVQ %d(AX), DX\n\tSHLQ $2, DX\n\tMOVQ %d(AX), BX\n\tSHLQ $2, BX\n", argRows, argN, argStride)
	w.WriteString("\tTESTQ DI, DI\n\tJZ done\n\tTESTQ DX, DX\n\tJZ done\n")
	for i := range k.arrays {
		fmt.Fprintf(w, "\tMOVQ %d(AX), %s\n", argA+8*i, pointer(i))
	}
	if k.bits {
		fmt.Fprintf(w, "\tMOVQ %d(AX), R13\n\tMOVQ %d(AX), R12\n", argBit, argBits)
	}
}

func (t *amd64) rowBegin(w *strings.Builder) { w.WriteString("\nrow:\n") }

func (t *amd64) loopBegin(w *strings.Builder, n int) {
	fmt.Fprintf(w, "\tXORQ SI, SI\n\nloop%d:\n", n)
}

func (t *amd64) loopEnd(w *strings.Builder, n int) {
	fmt.Fprintf(w, "\tADDQ $64, SI\n\tCMPQ SI, DX\n\tJLT loop%d\n", n)
}

func (t *amd64) leave(w *strings.Builder, k *kernel) {
	for i, a := range k.arrays {
		switch a.kind {
		case rowArray:
			fmt.Fprintf(w, "\tADDQ BX, %s\n", pointer(i))
		case perRowArray:
			fmt.Fprintf(w, "\tADDQ $4, %s\n", pointer(i))
		}
	}
	if k.bits {
		fmt.Fprintf(w, "\tADDQ %d(AX), R13\n", argBitRow)
	}
	w.WriteString("\tDECQ DI\n\tJNZ row\n\ndone:\n\tVZEROUPPER\n\tRET\n\n")
}

// amd64Form has the operations that are one instruction; operands are reversed.
var amd64Form = map[op]string{
	opAdd: "VADDPS", opSub: "VSUBPS", opMul: "VMULPS", opDiv: "VDIVPS", opSqrt: "VSQRTPS",
	opMin: "VMINPS", opMax: "VMAXPS", opToInt: "VCVTPS2DQ", opIAdd: "VPADDD", opISub: "VPSUBD",
	opShl: "VPSLLD", opShr: "VPSRLD", opSra: "VPSRAD",
}

func (t *amd64) print(w *strings.Builder, m *inst, dst int, src []int) {
	line := func(format string, v ...any) { fmt.Fprintf(w, "\t"+format+"\n", v...) }
	in := make([]string, len(src))
	for i, s := range src {
		in[i] = t.v(s)
	}
	d := t.v(max(dst, 0))
	switch m.op {
	case opLoad:
		line("VMOVUPS %d(%s)(SI*1), %s", 32*m.sub, pointer(int(m.v.bits)), d)
	case opStore:
		line("VMOVUPS %s, %d(%s)(SI*1)", in[0], 32*m.sub, pointer(int(m.v.bits)))
	case opPerRow:
		line("VBROADCASTSS (%s), %s", pointer(int(m.v.bits)), d)
	case opStorePerRow:
		line("VMOVSS X%d, (%s)", src[0], pointer(int(m.v.bits)))
	case opFMA, opFNMA:
		t.fma(line, m.op, dst, src)
	case opRint:
		if t.wide {
			line("VRNDSCALEPS $8, %s, %s", in[0], d)
		} else {
			line("VROUNDPS $8, %s, %s", in[0], d)
		}
	case opLess, opLessEq:
		line("VCMPPS $%d, %s, %s, %s", map[op]int{opLess: 17, opLessEq: 18}[m.op], in[1], in[0], t.mask(dst))
	case opSelect:
		if t.wide {
			line("VBLENDMPS %s, %s, %s, %s", in[1], in[2], t.mask(src[0]), d)
		} else {
			line("VBLENDVPS %s, %s, %s, %s", in[0], in[1], in[2], d)
		}
	case opAnd, opOr, opXor:
		line("%s %s, %s, %s", t.logic(map[op]string{opAnd: "AND", opOr: "OR", opXor: "XOR"}[m.op]), in[1], in[0], d)
	case opShl, opShr, opSra:
		line("%s $%d, %s, %s", amd64Form[m.op], m.v.bits, in[0], d)
	case opBits:
		t.bits(line, m.sub, dst)
	case opInit:
		t.init(w, m, dst)
	case opGrow:
		line("%s %s, %s, %s", reduceForm(m.v), in[1], in[0], in[0])
	case opFold:
		t.fold(line, m, dst, src)
	default:
		name := amd64Form[m.op]
		if len(in) == 1 {
			line("%s %s, %s", name, in[0], d)
		} else {
			line("%s %s, %s, %s", name, in[1], in[0], d)
		}
	}
}

func reduceForm(v *value) string {
	if v.op == opTop {
		return "VMAXPS"
	}
	return "VADDPS"
}

// fma prints in0*in1 + in2, where the result takes one operand's register.
func (t *amd64) fma(line func(string, ...any), o op, dst int, src []int) {
	name := "VFMADD"
	if o == opFNMA {
		name = "VFNMADD"
	}
	a, b, c := t.v(src[0]), t.v(src[1]), t.v(src[2])
	switch dst {
	case src[2]:
		line("%s231PS %s, %s, %s", name, b, a, c)
	case src[0]:
		line("%s213PS %s, %s, %s", name, c, b, a)
	case src[1]:
		line("%s213PS %s, %s, %s", name, c, a, b)
	default:
		panic("fma: result in a register of its own")
	}
}

func (t *amd64) init(w *strings.Builder, m *inst, dst int) {
	start := &value{op: opConst}
	if m.v.op == opTop {
		start.bits = 0xff800000
	}
	t.broadcast(w, start, dst)
}

// fold prints the tree over 16 lanes: 8 apart, 4, 2, 1. It uses up the
// accumulators.
func (t *amd64) fold(line func(string, ...any), m *inst, dst int, src []int) {
	f, a := reduceForm(m.v), src[0]
	if t.wide {
		line("VEXTRACTF64X4 $1, Z%d, Y%d", a, dst)
		line("%s Y%d, Y%d, Y%d", f, a, dst, a)
		line("VEXTRACTF32X4 $1, Y%d, X%d", a, dst)
	} else {
		line("%s Y%d, Y%d, Y%d", f, a, src[1], a)
		line("VEXTRACTF128 $1, Y%d, X%d", a, dst)
	}
	line("%s X%d, X%d, X%d", f, a, dst, a)
	line("VPERMILPS $0x0E, X%d, X%d", a, dst)
	line("%s X%d, X%d, X%d", f, a, dst, a)
	line("VPERMILPS $0x01, X%d, X%d", a, dst)
	line("%s X%d, X%d, X%d", f, a, dst, a)
	line("VBROADCASTSS X%d, %s", a, t.v(dst))
}

// bits loads the 16 bits from the element's on.
func (t *amd64) bits(line func(string, ...any), sub, dst int) {
	line("MOVQ SI, R14")
	line("SHRQ $2, R14")
	line("ADDQ R13, R14")
	line("MOVQ R14, CX")
	line("SHRQ $3, R14")
	line("MOVL (R12)(R14*1), R14")
	line("ANDL $7, CX")
	line("SHRL CX, R14")
	if t.wide {
		line("KMOVW R14, %s", t.mask(dst))
		return
	}
	line("MOVQ R14, X%d", dst)
	line("VPBROADCASTD X%d, Y%d", dst, dst)
	line("VPAND laneBits<>+%d(SB), Y%d, Y%d", 32*sub, dst, dst)
	line("VPCMPEQD laneBits<>+%d(SB), Y%d, Y%d", 32*sub, dst, dst)
}
