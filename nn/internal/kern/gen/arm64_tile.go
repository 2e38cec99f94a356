package main

import "fmt"

// Tiles of NEON are 16 columns wide: 6 × 4 accumulators, 4 vectors of B and 4
// broadcast numbers of A are the 32 registers.
const (
	neonTallest = 6
	neonVecs    = 4
	neonAcc     = 8 // the first accumulator
)

func neonTileName(rows int) string { return fmt.Sprint("tileNeon", rows) }

// neonTile prints tiles of some rows.
//
// Registers: R0 tile, R1 to R6 the rows of A, R7 csA, R8 B, R9 bs, R10 k, R11 C,
// R12 ldc, R13 flags, R14 scratch, R19 tiles left, R20 A, R21 C and R22 gate of
// the tile, R23 rsA.
func neonTile(rows int) string {
	t := &text{}
	t.function(neonTileName(rows), "t *tile", 0, 8)
	t.line("MOVD t+0(FP), R0")
	for _, f := range []struct{ at, reg int }{
		{tileTiles, 19}, {tileA, 20}, {tileRsA, 23}, {tileCsA, 7}, {tileBS, 9}, {tileC, 21}, {tileLdc, 12}, {tileFlags, 13}, {tileGate, 22},
	} {
		t.line("MOVD %d(R0), R%d", f.at, f.reg)
	}
	t.label("tile")
	t.neonBegin(rows)
	t.neonChains(rows)
	t.neonFinish(rows)
	return t.String()
}

func acc(i, j int) int { return neonAcc + neonVecs*i + j }

// four names the vectors from v on as one operand.
func four(v int) string {
	return fmt.Sprintf("[V%d.S4, V%d.S4, V%d.S4, V%d.S4]", v, v+1, v+2, v+3)
}

// neonBegin starts the chains at C, at the bias or at 0.
func (t *text) neonBegin(rows int) {
	t.line("TBZ $0, R13, fresh")
	t.line("MOVD R21, R11")
	for i := range rows {
		t.line("VLD1 (R11), %s", four(acc(i, 0)))
		t.line("ADD R12, R11")
	}
	t.line("B start")
	t.label("fresh")
	t.line("TBZ $1, R13, zero")
	t.line("MOVD %d(R0), R14", tileBias)
	t.line("VLD1 (R14), %s", four(acc(0, 0)))
	for i := 1; i < rows; i++ {
		for j := range neonVecs {
			t.line(v3("ORR", acc(i, j), acc(0, j), acc(0, j)))
		}
	}
	t.line("B start")
	t.label("zero")
	for i := range rows {
		for j := range neonVecs {
			t.line(v3("EOR", acc(i, j), acc(i, j), acc(i, j)))
		}
	}
}

// neonChains goes along k.
func (t *text) neonChains(rows int) {
	t.label("start")
	t.line("MOVD R20, R1")
	for i := 1; i < rows; i++ {
		t.line("ADD R23, R%d, R%d", i, i+1)
	}
	t.line("MOVD %d(R0), R8", tileB)
	t.line("MOVD %d(R0), R10", tileK)
	t.line("CBZ R10, finish")
	t.label("loop")
	t.line("VLD1 (R8), %s", four(0))
	t.line("ADD R9, R8")
	for i := range rows {
		left := 4 + i%4
		t.line("VLD1R.P (R%d)(R7), [V%d.S4]", 1+i, left)
		for j := range neonVecs {
			t.line(v3("FMLA", acc(i, j), left, j))
		}
	}
	t.line("SUBS $1, R10")
	t.line("BNE loop")
}

// neonFinish applies relu and gate, stores, and goes on to the next tile.
func (t *text) neonFinish(rows int) {
	t.label("finish")
	t.line("TBZ $2, R13, gate")
	for i := range rows {
		for j := range neonVecs {
			t.line(v2("FCMLT0", 0, acc(i, j)))
			t.line(v3("BIC", acc(i, j), acc(i, j), 0))
		}
	}
	t.label("gate")
	t.line("TBZ $3, R13, store")
	t.line("ADD $%d, R0, R14", tileScale)
	t.line("VLD1R (R14), [V4.S4]")
	for i := range rows {
		t.line("VLD1 (R22), %s", four(0))
		t.line("ADD R12, R22")
		for j := range neonVecs {
			t.line(v2("FCMGT0", j, j))
			t.line(v3("FMUL", acc(i, j), acc(i, j), 4))
			t.line(v3("AND", acc(i, j), acc(i, j), j))
		}
	}
	t.label("store")
	for i := range rows {
		t.line("VST1 %s, (R21)", four(acc(i, 0)))
		t.line("ADD R12, R21")
	}
	t.line("MOVD %d(R0), R14", tileTsA)
	t.line("ADD R14, R20")
	t.line("SUBS $1, R19")
	t.line("BNE tile")
	t.line("RET\n")
}
