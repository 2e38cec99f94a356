package main

import (
	"fmt"
	"strings"
)

// arm64 prints for NEON. Most instructions on vectors of float32 are not known
// to Go's assembler, so they are words with their names behind them.
//
// Registers: R0 Args, R1 rows left, R2 bytes of a row, R3 bytes from row to row,
// R4 byte within the row, R19 to R21 the same 16, 32 and 48 on; R5 to R11 the
// arrays; R22 bits, R23 number of the row's first bit; R12, R13 scratch. V31 is
// scratch, V30 has the lanes' bits.
type arm64 struct{}

const neonScratch, neonLaneBits = 31, 30

func (arm64) suffix() string { return "Neon" }
func (arm64) subs() int      { return 4 }
func (arm64) vectors() int   { return 30 }
func (arm64) maskClass() int { return 0 }

func (arm64) tied(o op, dies []bool) int {
	switch o {
	case opFMA, opFNMA:
		return 2
	case opSelect:
		for i, d := range dies {
			if d {
				return i
			}
		}
		return 0
	}
	return -1
}

func (arm64) late(o op) bool { return o == opFold || o == opMin || o == opMax }

// neon3 are instructions Vd, Vn, Vm on four words.
var neon3 = map[string]uint32{
	"FADD": 0x4E20D400, "FSUB": 0x4EA0D400, "FMUL": 0x6E20DC00, "FDIV": 0x6E20FC00, "FMLA": 0x4E20CC00, "FMLS": 0x4EA0CC00,
	"FCMGT": 0x6EA0E400, "FCMGE": 0x6E20E400, "AND": 0x4E201C00, "ORR": 0x4EA01C00, "EOR": 0x6E201C00, "BIC": 0x4E601C00,
	"BSL": 0x6E601C00, "BIT": 0x6EA01C00, "BIF": 0x6EE01C00, "ADD": 0x4EA08400, "SUB": 0x6EA08400, "CMTST": 0x4EA08C00,
	"CMHS": 0x6EA03C00, "UMULL": 0x2EA0C000, "UMULL2": 0x6EA0C000, "UZP1": 0x4E801800, "UZP2": 0x4E805800,
	"ZIP1": 0x4E803800, "ZIP2": 0x4E807800, "TRN1D": 0x4EC02800, "TRN2D": 0x4EC06800,
}

// neon2 are instructions Vd, Vn.
var neon2 = map[string]uint32{
	"FSQRT": 0x6EA1F800, "FRINTN": 0x4E218800, "FCVTNS": 0x4E21A800, "DUP": 0x4E040400, "ADDV": 0x4EB1B800,
	"FCMLT0": 0x4EA0E800, "FCMGT0": 0x4EA0C800,
}

func word(code uint32, format string, v ...any) string {
	return fmt.Sprintf("WORD $0x%08X // "+format, append([]any{code}, v...)...)
}

// v3 is an instruction Vd, Vn, Vm.
func v3(name string, d, n, m int) string {
	return word(neon3[name]|uint32(m<<16|n<<5|d), "%s V%d, V%d, V%d", name, d, n, m)
}

// v2 is an instruction Vd, Vn.
func v2(name string, d, n int) string {
	return word(neon2[name]|uint32(n<<5|d), "%s V%d, V%d", name, d, n)
}

// neonShift is a shift by a constant.
func neonShift(o op, d, n int, by uint32) string {
	if o == opShl {
		return word(0x4F005400|(32+by)<<16|uint32(n<<5|d), "SHL V%d, V%d, #%d", d, n, by)
	}
	return word(0x4F000400|(64-by)<<16|uint32(n<<5|d), "SSHR V%d, V%d, #%d", d, n, by)
}

// neonExt turns a vector by some bytes.
func neonExt(d, n, bytes int) string {
	return word(0x6E004000|uint32(n<<16|bytes<<11|n<<5|d), "EXT V%d, V%d, V%d, #%d", d, n, n, bytes)
}

// neonLoad and neonStore move four words from and to a base and an index.
func neonLoad(v, base, index int) string {
	return word(0x3CE06800|uint32(index<<16|base<<5|v), "LDR V%d, (R%d)(R%d)", v, base, index)
}

func neonStore(v, base, index int) string {
	return word(0x3CA06800|uint32(index<<16|base<<5|v), "STR V%d, (R%d)(R%d)", v, base, index)
}

// neonConst fills a vector with a word.
func neonConst(w *text, bits uint32, to int) {
	if bits == 0 {
		w.line(v3("EOR", to, to, to))
		return
	}
	w.line("MOVW $%#x, R12", bits)
	w.line("VDUP R12, V%d.S4", to)
}

func (arm64) move(w *text, from, to int) { w.line(v3("ORR", to, from, from)) }

func (arm64) broadcast(w *text, v *value, to int) {
	if v.op == opScalar {
		w.line("ADD $%d, R0, R12", argS+4*v.bits)
		w.line("VLD1R (R12), [V%d.S4]", to)
		return
	}
	neonConst(w, v.bits, to)
}

func neonArray(i uint32) int { return 5 + int(i) }

// neonIndex is the register with the byte of a row's vector.
func neonIndex(sub int) int {
	if sub == 0 {
		return 4
	}
	return 18 + sub
}

func (t arm64) enter(w *text, k *kernel) {
	w.function(asmName(k)+t.suffix(), 0)
	for i, at := range []int{argRows, argN, argStride} {
		w.line("MOVD %d(R0), R%d", at, 1+i)
	}
	w.line("CBZ R1, done")
	w.line("CBZ R2, done")
	w.line("LSL $2, R2")
	w.line("LSL $2, R3")
	for i := range k.arrays {
		w.line("MOVD %d(R0), R%d", argA+8*i, neonArray(uint32(i)))
	}
	if k.bits {
		w.line("MOVD %d(R0), R22", argBits)
		w.line("MOVD %d(R0), R23", argBit)
		w.line("MOVD $laneBits<>(SB), R12")
		w.line("VLD1 (R12), [V%d.S4]", neonLaneBits)
	}
}

func (arm64) rowBegin(w *text) { w.label("row") }

func (arm64) loopBegin(w *text, n int) {
	for sub := range 4 {
		w.line("MOVD $%d, R%d", 16*sub, neonIndex(sub))
	}
	w.label(fmt.Sprint("loop", n))
}

func (arm64) loopEnd(w *text, n int) {
	for sub := range 4 {
		w.line("ADD $64, R%d", neonIndex(sub))
	}
	w.line("CMP R2, R4")
	w.line("BLT loop%d", n)
}

func (arm64) leave(w *text, k *kernel) {
	for i, a := range k.arrays {
		switch a.kind {
		case rowArray:
			w.line("ADD R3, R%d", neonArray(uint32(i)))
		case perRowArray:
			w.line("ADD $4, R%d", neonArray(uint32(i)))
		case laneArray:
			w.line("ADD $64, R%d", neonArray(uint32(i)))
		}
	}
	if k.bits {
		w.line("MOVD %d(R0), R12", argBitRow)
		w.line("ADD R12, R23")
	}
	w.line("SUBS $1, R1")
	w.line("BNE row")
	w.label("done")
	w.line("RET\n")
}

var neonForm = map[op]string{
	opAdd: "FADD", opSub: "FSUB", opMul: "FMUL", opDiv: "FDIV", opSqrt: "FSQRT", opRint: "FRINTN", opToInt: "FCVTNS",
	opAnd: "AND", opOr: "ORR", opXor: "EOR", opIAdd: "ADD", opISub: "SUB",
}

func (t arm64) print(w *text, m *inst, dst int, in []int) {
	switch m.op {
	case opLoad:
		if m.array.kind == laneArray {
			w.line("FMOVQ %d(R%d), F%d", 16*m.sub, neonArray(m.v.bits), dst)
		} else {
			w.line(neonLoad(dst, neonArray(m.v.bits), neonIndex(m.sub)))
		}
	case opStore:
		if m.array.kind == laneArray {
			w.line("FMOVQ F%d, %d(R%d)", in[0], 16*m.sub, neonArray(m.v.bits))
		} else {
			w.line(neonStore(in[0], neonArray(m.v.bits), neonIndex(m.sub)))
		}
	case opPerRow:
		w.line("VLD1R (R%d), [V%d.S4]", neonArray(m.v.bits), dst)
	case opStorePerRow:
		w.line("FMOVS F%d, (R%d)", in[0], neonArray(m.v.bits))
	case opFMA:
		w.line(v3("FMLA", dst, in[0], in[1]))
	case opFNMA:
		w.line(v3("FMLS", dst, in[0], in[1]))
	case opMin:
		w.line(v3("FCMGT", dst, in[1], in[0]))
		w.line(v3("BSL", dst, in[0], in[1]))
	case opMax:
		w.line(v3("FCMGT", dst, in[0], in[1]))
		w.line(v3("BSL", dst, in[0], in[1]))
	case opLess:
		w.line(v3("FCMGT", dst, in[1], in[0]))
	case opLessEq:
		w.line(v3("FCMGE", dst, in[1], in[0]))
	case opSelect:
		t.choose(w, dst, in)
	case opShl, opSra:
		w.line(neonShift(m.op, dst, in[0], m.v.bits))
	case opBits:
		t.bits(w, m.sub, dst)
	case opInit:
		start := uint32(0)
		if m.v.op.tops() {
			start = 0xff800000
		}
		neonConst(w, start, dst)
	case opGrow:
		t.join(w, m.v.op, in[0], in[1], false, neonScratch)
	case opFold:
		t.fold(w, m, dst, in)
	default:
		name := neonForm[m.op]
		if len(in) == 1 {
			w.line(v2(name, dst, in[0]))
		} else {
			w.line(v3(name, dst, in[0], in[1]))
		}
	}
}

// choose prints in0 ? in1 : in2, where the result takes one operand's register.
func (arm64) choose(w *text, dst int, in []int) {
	switch dst {
	case in[0]:
		w.line(v3("BSL", dst, in[1], in[2]))
	case in[1]:
		w.line(v3("BIF", dst, in[2], in[0]))
	case in[2]:
		w.line(v3("BIT", dst, in[1], in[0]))
	default:
		panic("select: result in a register of its own")
	}
}

// join adds x to acc, or leaves the greater of them. On a tie or with a NaN,
// that is x; or acc, if accWins.
func (arm64) join(w *text, o op, acc, x int, accWins bool, mask int) {
	switch {
	case !o.tops():
		w.line(v3("FADD", acc, acc, x))
	case accWins:
		w.line(v3("FCMGT", mask, x, acc))
		w.line(v3("BIT", acc, x, mask))
	default:
		w.line(v3("FCMGT", mask, acc, x))
		w.line(v3("BIF", acc, x, mask))
	}
}

// fold prints the tree over 16 lanes: 8 apart, 4, 2, 1. It uses up the
// accumulators.
func (t arm64) fold(w *text, m *inst, dst int, acc []int) {
	o := m.v.op
	t.join(w, o, acc[0], acc[2], true, dst)
	t.join(w, o, acc[1], acc[3], true, dst)
	t.join(w, o, acc[0], acc[1], true, dst)
	for _, bytes := range []int{8, 4} {
		w.line(neonExt(neonScratch, acc[0], bytes))
		t.join(w, o, acc[0], neonScratch, true, dst)
	}
	w.line(v2("DUP", dst, acc[0]))
}

// bits loads the four bits from the element's on.
func (arm64) bits(w *text, sub, dst int) {
	w.line("ADD R4>>2, R23, R12")
	if sub > 0 {
		w.line("ADD $%d, R12", 4*sub)
	}
	w.line("LSR $3, R12, R13")
	w.line("MOVHU (R22)(R13), R13")
	w.line("AND $7, R12")
	w.line("LSR R12, R13, R13")
	w.line("VDUP R13, V%d.S4", dst)
	w.line(v3("CMTST", dst, dst, neonLaneBits))
}

// neonFiles prints the assembly and its declarations.
func neonFiles(ks []*kernel) map[string]string {
	t := arm64{}
	lists := declarations()
	maps := &text{}
	table(&maps.Builder, "laneBits", 1, 2, 4, 8)
	for _, k := range ks {
		maps.WriteString(assembly(k, t))
	}
	maps.WriteString(neonMaskBits() + neonTranspose() + neonGather() + neonPick())
	maps.maps(lists, t.suffix(), ks)
	maps.tools(lists, t.suffix())
	tiles := neonTiles(lists, "tilesNeon", 4, neonTallest) + neonTiles(lists, "thinNeon", 2, neonTallestThin)
	return map[string]string{
		"maps_neon_arm64.s": asmHeader + maps.String(),
		"tile_neon_arm64.s": asmHeader + tiles,
		"lists_arm64.go":    lists.String(),
	}
}

// neonTiles prints tiles and their list by rows.
func neonTiles(lists *strings.Builder, list string, vecs, tallest int) string {
	var all text
	names := []string{""}
	for rows := 1; rows <= tallest; rows++ {
		t := &neonTile{rows: rows, vecs: vecs}
		all.WriteString(t.assembly())
		names = append(names, t.name())
	}
	all.list(lists, list, names...)
	return all.String()
}
