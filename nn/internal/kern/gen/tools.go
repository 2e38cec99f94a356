package main

import (
	"fmt"
	"strings"
)

// text collects lines of assembly.
type text struct{ strings.Builder }

func (t *text) line(format string, v ...any) { fmt.Fprintf(t, "\t"+format+"\n", v...) }

func (t *text) label(name string) { fmt.Fprintf(t, "\n%s:\n", name) }

func (t *text) function(name, args string, frame, size int) {
	fmt.Fprintf(t, "// func %s(%s)\nTEXT ·%s(SB), NOSPLIT, $%d-%d\n", name, args, name, frame, size)
}

const transposeArgs = "src *float32, ss int, dst *float32, ds int"

// transpose512 turns 16 rows in registers by exchanges of ever larger pieces.
func transpose512() string {
	t := &text{}
	t.function("transpose512", transposeArgs, 0, 32)
	t.transposeArgs()
	z := func(i int) string { return fmt.Sprint("Z", i) }
	for i := range 16 {
		t.line("VMOVUPS (AX), %s", z(i))
		t.line("ADDQ BX, AX")
	}
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
	for k := range 4 {
		t.line("VSHUFF32X4 $0x88, %s, %s, %s", z(4+k), z(k), z(16+k))
		t.line("VSHUFF32X4 $0xDD, %s, %s, %s", z(4+k), z(k), z(20+k))
		t.line("VSHUFF32X4 $0x88, %s, %s, %s", z(12+k), z(8+k), z(24+k))
		t.line("VSHUFF32X4 $0xDD, %s, %s, %s", z(12+k), z(8+k), z(28+k))
	}
	for k := range 4 {
		t.line("VSHUFF32X4 $0x88, %s, %s, %s", z(24+k), z(16+k), z(k))
		t.line("VSHUFF32X4 $0xDD, %s, %s, %s", z(24+k), z(16+k), z(8+k))
		t.line("VSHUFF32X4 $0x88, %s, %s, %s", z(28+k), z(20+k), z(4+k))
		t.line("VSHUFF32X4 $0xDD, %s, %s, %s", z(28+k), z(20+k), z(12+k))
	}
	for i := range 16 {
		t.line("VMOVUPS %s, (CX)", z(i))
		t.line("ADDQ DX, CX")
	}
	t.line("VZEROUPPER")
	t.line("RET\n")
	return t.String()
}

func (t *text) transposeArgs() {
	for i, r := range []string{"AX", "BX", "CX", "DX"} {
		t.line("MOVQ %s+%d(FP), %s", []string{"src", "ss", "dst", "ds"}[i], 8*i, r)
	}
}

// transpose256 turns four blocks of 8 × 8.
func transpose256() string {
	t := &text{}
	t.function("transpose256", transposeArgs, 0, 32)
	t.transposeArgs()
	y := func(i int) string { return fmt.Sprint("Y", i) }
	for block := range 4 {
		down, right := block/2, block%2 // of the source
		t.line("MOVQ AX, SI")
		t.line("MOVQ CX, DI")
		if down == 1 {
			t.line("LEAQ (SI)(BX*8), SI")
		}
		if right == 1 {
			t.line("LEAQ (DI)(DX*8), DI")
		}
		for i := range 8 {
			t.line("VMOVUPS %d(SI), %s", 32*right, y(i))
			t.line("ADDQ BX, SI")
		}
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
			t.line("VMOVUPS %s, %d(DI)", y(8+i), 32*down)
			t.line("ADDQ DX, DI")
		}
	}
	t.line("VZEROUPPER")
	t.line("RET\n")
	return t.String()
}
