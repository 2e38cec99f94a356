package main

import (
	"fmt"
	"strings"
)

// text collects lines of assembly.
type text struct{ strings.Builder }

func (t *text) line(format string, v ...any) { fmt.Fprintf(t, "\t"+format+"\n", v...) }

func (t *text) label(name string) { fmt.Fprintf(t, "\n%s:\n", name) }

// function begins a kernel. It finds the address of its argument in the first
// register, AX or R0, and may use all others but those of kern's walk.
func (t *text) function(name string, frame int) {
	fmt.Fprintf(t, "TEXT %s<>(SB), NOSPLIT, $%d\n", name, frame)
}

// list prints the addresses of kernels as a variable of the package, and
// declares it. There is none for "".
func (t *text) list(declarations *strings.Builder, variable string, kernels ...string) {
	for i, k := range kernels {
		if k != "" {
			fmt.Fprintf(t, "DATA ·%s+%d(SB)/8, $%s<>(SB)\n", variable, 8*i, k)
		}
	}
	fmt.Fprintf(t, "GLOBL ·%s(SB), RODATA, $%d\n\n", variable, 8*len(kernels))
	fmt.Fprintf(declarations, "var %s [%d]kernel\n\n", variable, len(kernels))
}

// maps and tools list the kernels over rows and the others in the order of Map
// and of kern's tool.
func (t *text) maps(declarations *strings.Builder, suffix string, ks []*kernel) {
	var names []string
	for _, k := range ks {
		names = append(names, asmName(k)+suffix)
	}
	t.list(declarations, "maps"+suffix, names...)
}

func (t *text) tools(declarations *strings.Builder, suffix string) {
	t.list(declarations, "tools"+suffix, "transpose"+suffix, "gather"+suffix, "pick"+suffix, "maskBits"+suffix)
}

// transpose512 turns 16 rows in registers by exchanges of ever larger pieces.
// What is behind rows is 0, what is behind cols is not stored.
func transpose512() string {
	t := &text{}
	t.function("transpose512", 0)
	t.transposeArgs()
	z := func(i int) string { return fmt.Sprint("Z", i) }
	t.line("CMPQ DI, $4")
	t.line("JLE few")
	for i := range 16 {
		t.line("VPXORD %s, %s, %s", z(i), z(i), z(i))
	}
	for i := range 16 {
		t.line("VMOVUPS (AX), %s", z(i))
		t.countDown("DI", "turn", i < 15)
		t.line("ADDQ BX, AX")
	}
	t.label("turn")
	for i := 0; i < 16; i += 2 {
		t.line("VUNPCKLPS %s, %s, %s", z(i+1), z(i), z(16+i))
		t.line("VUNPCKHPS %s, %s, %s", z(i+1), z(i), z(17+i))
	}
	for g := 0; g < 16; g += 4 {
		t.line("VUNPCKLPD %s, %s, %s", z(18+g), z(16+g), z(g))
		t.line("VUNPCKHPD %s, %s, %s", z(18+g), z(16+g), z(g+1))
		t.line("VUNPCKLPD %s, %s, %s", z(19+g), z(17+g), z(g+2))
		t.line("VUNPCKHPD %s, %s, %s", z(19+g), z(17+g), z(g+3))
	}
	exchange := func(even, odd, from, to, far int) {
		t.line("VSHUFF32X4 $0x88, %s, %s, %s", z(odd+from), z(even+from), z(to))
		t.line("VSHUFF32X4 $0xDD, %s, %s, %s", z(odd+from), z(even+from), z(to+far))
	}
	for k := range 4 {
		exchange(0, 4, k, 16+k, 4)
		exchange(8, 12, k, 24+k, 4)
	}
	for k := range 4 {
		exchange(16, 24, k, k, 8)
		exchange(20, 28, k, 4+k, 8)
	}
	for i := range 16 {
		t.line("VMOVUPS %s, (CX)", z(i))
		t.countDown("SI", "done", i < 15)
		t.line("ADDQ DX, CX")
	}
	t.line("JMP done")
	t.few512()
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// few512 turns at most four rows: each quarter of a register has a column.
func (t *text) few512() {
	t.label("few")
	for i := range 4 {
		t.line("VPXORD Z%d, Z%d, Z%d", i, i, i)
	}
	for i := range 4 {
		t.line("VMOVUPS (AX), Z%d", i)
		t.countDown("DI", "quarters", i < 3)
		t.line("ADDQ BX, AX")
	}
	t.label("quarters")
	for i := 0; i < 4; i += 2 {
		t.line("VUNPCKLPS Z%d, Z%d, Z%d", i+1, i, 4+i)
		t.line("VUNPCKHPS Z%d, Z%d, Z%d", i+1, i, 5+i)
	}
	for i := range 2 {
		t.line("VUNPCKLPD Z%d, Z%d, Z%d", 6+i, 4+i, 2*i)
		t.line("VUNPCKHPD Z%d, Z%d, Z%d", 6+i, 4+i, 2*i+1)
	}
	for i := range 16 {
		t.line("VEXTRACTF32X4 $%d, Z%d, X8", i/4, i%4) // clears the rest of Z8
		t.line("VMOVUPS Z8, (CX)")
		t.countDown("SI", "done", i < 15)
		t.line("ADDQ DX, CX")
	}
}

func (t *text) transposeArgs() {
	t.line("MOVQ AX, R8")
	for i, r := range []string{"AX", "BX", "CX", "DX", "DI", "SI"} {
		t.line("MOVQ %d(R8), %s", 8*i, r)
	}
}

// countDown leaves for a label when a register comes to 0.
func (t *text) countDown(register, label string, more bool) {
	if more {
		t.line("DECQ %s", register)
		t.line("JZ %s", label)
	}
}

// transpose256 turns four blocks of 8 × 8, those that have rows and columns.
func transpose256() string {
	t := &text{}
	t.function("transpose256", 0)
	t.transposeArgs()
	t.line("MOVQ CX, R8")
	t.line("MOVQ AX, R10")
	y := func(i int) string { return fmt.Sprint("Y", i) }
	for block := range 4 {
		down, right := block%2, block/2 // of the source
		next := fmt.Sprint("next", block)
		for _, c := range []struct {
			from, to string
			skip     int
		}{{"DI", "R12", 8 * down}, {"SI", "R13", 8 * right}} {
			t.line("MOVQ %s, %s", c.from, c.to)
			t.line("SUBQ $%d, %s", c.skip, c.to)
			t.line("JLE %s", next)
		}
		t.line("MOVQ R8, CX")
		t.line("MOVQ R10, AX")
		if down == 1 {
			t.line("LEAQ (AX)(BX*8), AX")
		}
		if right == 1 {
			t.line("LEAQ (CX)(DX*8), CX")
		}
		t.block256(y, 32*right, 32*down, fmt.Sprint("turn", block), next)
		t.label(next)
	}
	t.line("RET\n")
	return t.String()
}

// block256 turns one block.
func (t *text) block256(y func(int) string, from, to int, turn, next string) {
	for i := range 8 {
		t.line("VXORPS %s, %s, %s", y(i), y(i), y(i))
	}
	for i := range 8 {
		t.line("VMOVUPS %d(AX), %s", from, y(i))
		t.countDown("R12", turn, i < 7)
		t.line("ADDQ BX, AX")
	}
	t.label(turn)
	for i := 0; i < 8; i += 2 {
		t.line("VUNPCKLPS %s, %s, %s", y(i+1), y(i), y(8+i))
		t.line("VUNPCKHPS %s, %s, %s", y(i+1), y(i), y(9+i))
	}
	for g := 0; g < 8; g += 4 {
		t.line("VUNPCKLPD %s, %s, %s", y(10+g), y(8+g), y(g))
		t.line("VUNPCKHPD %s, %s, %s", y(10+g), y(8+g), y(g+1))
		t.line("VUNPCKLPD %s, %s, %s", y(11+g), y(9+g), y(g+2))
		t.line("VUNPCKHPD %s, %s, %s", y(11+g), y(9+g), y(g+3))
	}
	for k := range 4 {
		t.line("VPERM2F128 $0x20, %s, %s, %s", y(4+k), y(k), y(8+k))
		t.line("VPERM2F128 $0x31, %s, %s, %s", y(4+k), y(k), y(12+k))
	}
	for i := range 8 {
		t.line("VMOVUPS %s, %d(CX)", y(8+i), to)
		t.countDown("R13", next, i < 7)
		t.line("ADDQ DX, CX")
	}
}

// gather copies rows by vectors, and what is left by a mask; the destination
// gets 0 behind it, up to a vector.
//
// Registers: DI the destination's row, BX its distance, AX the source, DX bytes
// of its row, R9 order, SI rows left, R11 whole vectors; R12, R13 addresses.
func gather(a *amd64) string {
	t := &text{}
	lanes := 16 / a.subs()
	t.function("gather"+a.suffix(), 0)
	t.line("MOVQ AX, R8")
	for i, r := range []string{"DI", "BX", "AX", "DX", "R9", "SI"} {
		t.line("MOVQ %d(R8), %s", 8*i, r)
	}
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.line("MOVQ DX, R11")
	t.line("SHRQ $%d, R11", map[int]int{8: 3, 16: 4}[lanes])
	t.line("MOVQ DX, R10")
	t.line("ANDQ $%d, R10", lanes-1)
	if a.wide {
		t.line("MOVQ R10, CX")
		t.line("MOVL $1, R8")
		t.line("SHLL CX, R8")
		t.line("DECL R8")
		t.line("KMOVW R8, K1")
	} else {
		t.line("LEAQ firstLanes<>+32(SB), R8")
		t.line("MOVQ R10, CX")
		t.line("SHLQ $2, CX")
		t.line("SUBQ CX, R8")
		t.line("VMOVUPS (R8), Y1")
	}
	t.line("SHLQ $2, DX")
	t.label("row")
	t.line("MOVLQSX (R9), R12")
	t.line("IMULQ DX, R12")
	t.line("ADDQ AX, R12")
	t.line("MOVQ DI, R13")
	t.line("MOVQ R11, CX")
	t.line("TESTQ CX, CX")
	t.line("JZ rest")
	t.label("vector")
	t.line("VMOVUPS (R12), %s", a.v(0))
	t.line("VMOVUPS %s, (R13)", a.v(0))
	t.line("ADDQ $%d, R12", 4*lanes)
	t.line("ADDQ $%d, R13", 4*lanes)
	t.line("DECQ CX")
	t.line("JNZ vector")
	t.label("rest")
	t.line("TESTQ R10, R10")
	t.line("JZ next")
	if a.wide {
		t.line("VMOVUPS.Z (R12), K1, Z0")
	} else {
		t.line("VMASKMOVPS (R12), Y1, Y0")
	}
	t.line("VMOVUPS %s, (R13)", a.v(0))
	t.label("next")
	t.line("ADDQ BX, DI")
	t.line("ADDQ $4, R9")
	t.line("DECQ SI")
	t.line("JNZ row")
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// pick copies single numbers together.
func pick(a *amd64) string {
	t := &text{}
	t.function("pick"+a.suffix(), 0)
	for _, f := range []struct {
		at       int
		register string
	}{{0, "DI"}, {32, "R9"}, {40, "SI"}, {16, "AX"}} {
		t.line("MOVQ %d(AX), %s", f.at, f.register)
	}
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.label("number")
	t.line("MOVLQSX (R9), R12")
	t.line("MOVL (AX)(R12*4), R13")
	t.line("MOVL R13, (DI)")
	t.line("ADDQ $4, R9")
	t.line("ADDQ $4, DI")
	t.line("DECQ SI")
	t.line("JNZ number")
	t.label("done")
	t.line("RET\n")
	return t.String()
}
