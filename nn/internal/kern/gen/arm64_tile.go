package main

import "fmt"

// Tiles of NEON have 16 columns: 6 × 4 accumulators, 4 vectors of B and 4
// broadcast numbers of A are the 32 registers. Thin tiles have 8 columns, and
// write 0 to the 8 columns behind.
const (
	neonTallest     = 6
	neonTallestThin = 8
	neonAcc         = 8 // the first accumulator
)

// neonRows are the registers that point to rows of A.
var neonRows = [neonTallestThin]int{1, 2, 3, 4, 5, 6, 15, 24}

// neonTile prints tiles of some rows and of vecs vectors of columns, 4 or 2.
//
// Registers: R0 tile, neonRows the rows of A, R7 csA, R8 B, R9 bs, R10 k, R11 C,
// R12 ldc, R13 flags, R14 scratch, R19 tiles left, R20 A, R21 C and R22 gate or
// plus of the tile, R23 rsA.
type neonTile struct {
	text
	rows, vecs int
}

func (t *neonTile) name() string {
	if t.vecs == 2 {
		return fmt.Sprint("thinNeon", t.rows)
	}
	return fmt.Sprint("tileNeon", t.rows)
}

func (t *neonTile) assembly() string {
	t.function(t.name(), 0)
	for _, f := range []struct{ at, reg int }{
		{tileTiles, 19}, {tileA, 20}, {tileRsA, 23}, {tileCsA, 7}, {tileBS, 9}, {tileC, 21}, {tileLdc, 12}, {tileFlags, 13}, {tileBeside, 22},
	} {
		t.line("MOVD %d(R0), R%d", f.at, f.reg)
	}
	t.label("tile")
	t.begin()
	t.chains()
	t.finish()
	return t.String()
}

func (t *neonTile) acc(i, j int) int { return neonAcc + t.vecs*i + j }

// some names the vectors of a row of C, from v on, as one operand.
func (t *neonTile) some(v int) string {
	if t.vecs == 2 {
		return two(v)
	}
	return four(v)
}

// four and two name the vectors from v on as one operand.
func four(v int) string {
	return fmt.Sprintf("[V%d.S4, V%d.S4, V%d.S4, V%d.S4]", v, v+1, v+2, v+3)
}

func two(v int) string { return fmt.Sprintf("[V%d.S4, V%d.S4]", v, v+1) }

// begin starts the chains at C, at the bias or at 0.
func (t *neonTile) begin() {
	t.line("TBZ $0, R13, fresh")
	t.line("MOVD R21, R11")
	for i := range t.rows {
		t.line("VLD1 (R11), %s", t.some(t.acc(i, 0)))
		t.line("ADD R12, R11")
	}
	t.line("B start")
	t.label("fresh")
	t.line("TBZ $1, R13, each")
	t.line("MOVD %d(R0), R14", tileBias)
	t.line("VLD1 (R14), %s", t.some(t.acc(0, 0)))
	for i := 1; i < t.rows; i++ {
		for j := range t.vecs {
			t.line(v3("ORR", t.acc(i, j), t.acc(0, j), t.acc(0, j)))
		}
	}
	t.line("B start")
	t.label("each")
	t.line("TBZ $5, R13, zero")
	t.line("MOVD %d(R0), R14", tileBias)
	for i := range t.rows {
		t.line("VLD1R.P 4(R14), [V%d.S4]", t.acc(i, 0))
		for j := 1; j < t.vecs; j++ {
			t.line(v3("ORR", t.acc(i, j), t.acc(i, 0), t.acc(i, 0)))
		}
	}
	t.line("B start")
	t.label("zero")
	for i := range t.rows {
		for j := range t.vecs {
			t.line(v3("EOR", t.acc(i, j), t.acc(i, j), t.acc(i, j)))
		}
	}
}

// chains goes along k.
func (t *neonTile) chains() {
	t.label("start")
	t.line("MOVD R20, R%d", neonRows[0])
	for i := 1; i < t.rows; i++ {
		t.line("ADD R23, R%d, R%d", neonRows[i-1], neonRows[i])
	}
	t.line("MOVD %d(R0), R8", tileB)
	t.line("MOVD %d(R0), R10", tileK)
	t.line("CBZ R10, finish")
	t.label("loop")
	t.line("VLD1 (R8), %s", t.some(0))
	t.line("ADD R9, R8")
	for i := range t.rows {
		left := 4 + i%4
		t.line("VLD1R.P (R%d)(R7), [V%d.S4]", neonRows[i], left)
		for j := range t.vecs {
			t.line(v3("FMLA", t.acc(i, j), left, j))
		}
	}
	t.line("SUBS $1, R10")
	t.line("BNE loop")
}

// finish applies relu, gate or plus, stores, and goes on to the next tile.
func (t *neonTile) finish() {
	t.label("finish")
	t.line("TBZ $2, R13, gate")
	for i := range t.rows {
		for j := range t.vecs {
			t.line(v2("FCMLT0", 0, t.acc(i, j)))
			t.line(v3("BIC", t.acc(i, j), t.acc(i, j), 0))
		}
	}
	t.label("gate")
	t.line("TBZ $3, R13, plus")
	t.line("MOVD %d(R0), R14", tileScale)
	t.line("VLD1R (R14), [V4.S4]")
	for i := range t.rows {
		t.line("VLD1 (R22), %s", t.some(0))
		t.line("ADD R12, R22")
		for j := range t.vecs {
			t.line(v2("FCMGT0", j, j))
			t.line(v3("FMUL", t.acc(i, j), t.acc(i, j), 4))
			t.line(v3("AND", t.acc(i, j), t.acc(i, j), j))
		}
	}
	t.label("plus")
	t.line("TBZ $4, R13, store")
	t.line("MOVD %d(R0), R14", tileScale)
	t.line("VLD1R (R14), [V4.S4]")
	for i := range t.rows {
		t.line("VLD1 (R22), %s", t.some(0))
		t.line("ADD R12, R22")
		for j := range t.vecs {
			t.line(v3("FMLA", t.acc(i, j), j, 4))
		}
	}
	t.label("store")
	if t.vecs == 2 {
		t.line(v3("EOR", 0, 0, 0))
		t.line(v3("EOR", 1, 1, 1))
	}
	for i := range t.rows {
		t.line("VST1 %s, (R21)", t.some(t.acc(i, 0)))
		if t.vecs == 2 {
			t.line("ADD $32, R21, R14")
			t.line("VST1 %s, (R14)", two(0))
		}
		t.line("ADD R12, R21")
	}
	t.line("MOVD %d(R0), R14", tileTsA)
	t.line("ADD R14, R20")
	t.line("SUBS $1, R19")
	t.line("BNE tile")
	t.line("RET\n")
}
