package main

import "fmt"

// Offsets in tile.
const (
	tileTiles, tileK, tileA, tileRsA, tileCsA, tileTsA, tileB = 0, 8, 16, 24, 32, 40, 48
	tileBS, tileC, tileLdc, tileFlags, tileBias, tileBeside   = 56, 64, 72, 80, 88, 96
	tileScale, tileBT                                         = 104, 112
)

// productKernel prints tiles of rows × (vecs vectors) for amd64.
//
// Registers: R14 tile, AX A, BX csA, CX B, DX bs, SI k; odd multiples of rsA in
// the others, so that a row's address is AX plus one of them times 1, 2, 4 or
// 8. Accumulators are the last vector registers, row by row; the first ones hold
// B and broadcast numbers of A. On the stack: tiles left, A, C, gate or plus.
//
// A thin tile has one vector of 8 columns and writes 0 to the 8 columns behind.
// A long tile has one row and goes along several strips of B at once, since the
// chains of one are too few to fill the time that each step of them takes.
type productKernel struct {
	text
	amd64
	rows, vecs int
	thin, long bool
	odd        map[int]string
}

// longVecs is the number of vectors of a long tile.
const longVecs = 8

func productName(suffix string, rows, vecs int) string {
	if vecs == 0 {
		return fmt.Sprintf("thin%sx%d", suffix, rows)
	}
	return fmt.Sprintf("tile%sx%dx%d", suffix, rows, vecs)
}

// productAssembly prints a kernel; it is a thin one if vecs is 0.
func productAssembly(a *amd64, rows, vecs int) string {
	p := &productKernel{amd64: *a, rows: rows, vecs: max(vecs, 1), thin: vecs == 0, long: vecs == longVecs, odd: map[int]string{}}
	name := productName(p.suffix(), rows, vecs)
	p.function(name, 32)
	p.load()
	p.label("tile")
	p.begin()
	p.chains()
	p.finish()
	return p.String()
}

// v names a vector register as wide as the tile uses it.
func (p *productKernel) v(r int) string {
	if p.thin {
		return fmt.Sprint("Y", r)
	}
	return p.amd64.v(r)
}

// bytes is the size of a vector.
func (p *productKernel) bytes() int {
	if p.thin {
		return 32
	}
	return 64 / p.subs()
}

func (p *productKernel) acc(i, j int) string { return p.v(p.vectors() - 1 - i*p.vecs - j) }

// right is a vector of B, left the broadcast number of row i.
func (p *productKernel) right(j int) string { return p.v(j) }

func (p *productKernel) left(i int) string {
	free := min(p.vectors()-p.rows*p.vecs-p.vecs, 6)
	return p.v(p.vecs + i%free)
}

// load puts the odd multiples of rsA in registers.
func (p *productKernel) load() {
	p.line("MOVQ AX, R14")
	for i, f := range []int{tileTiles, tileA, tileC, tileBeside} {
		p.line("MOVQ %d(R14), AX", f)
		p.line("MOVQ AX, %d(SP)", 8*i)
	}
	p.line("MOVQ %d(R14), BX", tileCsA)
	p.line("MOVQ %d(R14), DX", tileBS)
	if p.long {
		p.line("MOVQ %d(R14), DI", tileBT)
		if p.wide {
			p.line("LEAQ (DI)(DI*2), R8")
		}
	}
	pool := []string{"DI", "R8", "R9", "R10", "R11", "R12", "R13"}
	if p.rows > 1 {
		p.odd[1] = pool[0]
		p.line("MOVQ %d(R14), %s", tileRsA, pool[0])
	}
	for i := 3; i < p.rows; i += 2 {
		p.odd[i] = pool[i/2]
		p.line("LEAQ (%s)(%s*2), %s", p.odd[i-2], p.odd[1], p.odd[i])
	}
}

// number is the address of row i's number of A.
func (p *productKernel) number(i int) string {
	if i == 0 {
		return "(AX)"
	}
	scale := 1
	for i%2 == 0 {
		i, scale = i/2, scale*2
	}
	return fmt.Sprintf("(AX)(%s*%d)", p.odd[i], scale)
}

// each visits the vectors of C or of what lies as it does, from (base) on.
func (p *productKernel) each(base string, f func(i, j int, at string)) {
	for i := range p.rows {
		for j := range p.vecs {
			f(i, j, fmt.Sprintf("%d(%s)", j*p.bytes(), base))
		}
		if i < p.rows-1 {
			p.line("ADDQ CX, %s", base)
		}
	}
}

func (p *productKernel) zero(v string) { p.line("%s %s, %s, %s", p.logic("XOR"), v, v, v) }

// begin starts the chains at C, at the bias or at 0.
func (p *productKernel) begin() {
	p.line("MOVQ %d(R14), SI", tileFlags)
	p.line("MOVQ 16(SP), AX")
	p.line("MOVQ %d(R14), CX", tileLdc)
	p.line("TESTQ $1, SI")
	p.line("JZ bias")
	p.each("AX", func(i, j int, at string) { p.line("VMOVUPS %s, %s", at, p.acc(i, j)) })
	p.line("JMP start")
	p.label("bias")
	p.line("TESTQ $2, SI")
	p.line("JZ each")
	p.line("MOVQ %d(R14), AX", tileBias)
	for j := range p.vecs {
		p.line("VMOVUPS %d(AX), %s", j*p.bytes(), p.acc(0, j))
	}
	for i := 1; i < p.rows; i++ {
		for j := range p.vecs {
			p.line("VMOVAPS %s, %s", p.acc(0, j), p.acc(i, j))
		}
	}
	p.line("JMP start")
	p.label("each")
	p.line("TESTQ $32, SI")
	p.line("JZ zero")
	p.line("MOVQ %d(R14), AX", tileBias)
	for i := range p.rows {
		for j := range p.vecs {
			p.line("VBROADCASTSS %d(AX), %s", 4*i, p.acc(i, j))
		}
	}
	p.line("JMP start")
	p.label("zero")
	for i := range p.rows {
		for j := range p.vecs {
			p.zero(p.acc(i, j))
		}
	}
}

const unroll = 4

// chains goes along k.
func (p *productKernel) chains() {
	p.label("start")
	p.line("MOVQ 8(SP), AX")
	p.line("MOVQ %d(R14), CX", tileB)
	p.line("MOVQ %d(R14), SI", tileK)
	p.line("SUBQ $%d, SI", unroll)
	p.line("JL rest")
	p.label("loop")
	for range unroll {
		p.step()
	}
	p.line("SUBQ $%d, SI", unroll)
	p.line("JGE loop")
	p.label("rest")
	p.line("ADDQ $%d, SI", unroll)
	p.line("JZ finish")
	p.label("single")
	p.step()
	p.line("DECQ SI")
	p.line("JNZ single")
}

// from is the address of a vector of B.
func (p *productKernel) from(j int) string {
	const strip = 128 // bytes of a row
	at := j * p.bytes()
	return fmt.Sprintf("%d(CX)%s", at%strip, []string{"", "(DI*1)", "(DI*2)", "(R8*1)"}[at/strip])
}

func (p *productKernel) step() {
	if p.long {
		p.line("VBROADCASTSS (AX), %s", p.v(0))
		for j := range p.vecs {
			p.line("VFMADD231PS %s, %s, %s", p.from(j), p.v(0), p.acc(0, j))
		}
		p.line("ADDQ DX, CX")
		p.line("ADDQ BX, AX")
		return
	}
	for j := range p.vecs {
		p.line("VMOVUPS %s, %s", p.from(j), p.right(j))
	}
	if p.rows > 3 && !p.wide { // B comes late where its rows are far apart; AVX-512 gains nothing
		p.line("PREFETCHT0 (CX)(DX*8)")
	}
	p.line("ADDQ DX, CX")
	for i := range p.rows {
		if p.vecs == 1 && p.wide {
			p.line("VFMADD231PS.BCST %s, %s, %s", p.number(i), p.right(0), p.acc(i, 0))
			continue
		}
		p.line("VBROADCASTSS %s, %s", p.number(i), p.left(i))
		for j := range p.vecs {
			p.line("VFMADD231PS %s, %s, %s", p.right(j), p.left(i), p.acc(i, j))
		}
	}
	p.line("ADDQ BX, AX")
}

// finish applies relu, gate or plus, stores, and goes on to the next tile.
func (p *productKernel) finish() {
	p.label("finish")
	p.line("MOVQ %d(R14), CX", tileLdc)
	p.line("MOVQ %d(R14), SI", tileFlags)
	p.line("TESTQ $4, SI")
	p.line("JZ gate")
	p.zero(p.right(0))
	for i := range p.rows {
		for j := range p.vecs {
			p.line("VMAXPS %s, %s, %s", p.acc(i, j), p.right(0), p.acc(i, j))
		}
	}
	p.label("gate")
	p.line("TESTQ $8, SI")
	p.line("JZ plus")
	p.gate()
	p.label("plus")
	p.line("TESTQ $16, SI")
	p.line("JZ store")
	p.plus()
	p.label("store")
	p.line("MOVQ 16(SP), AX")
	if p.thin && !p.wide {
		p.zero(p.right(0))
	}
	p.each("AX", func(i, j int, at string) {
		// Half a register of AVX-512 was written, and the rest cleared.
		p.line("VMOVUPS %s, %s", p.amd64.v(p.vectors()-1-i*p.vecs-j), at)
		if p.thin && !p.wide {
			p.line("VMOVUPS %s, 32(AX)", p.right(0))
		}
	})
	p.line("ADDQ CX, AX")
	p.line("DECQ 0(SP)")
	p.line("JZ done")
	p.line("MOVQ AX, 16(SP)")
	p.line("IMUL3Q $%d, CX, CX", p.rows)
	p.line("ADDQ CX, 24(SP)")
	p.line("MOVQ %d(R14), AX", tileTsA)
	p.line("ADDQ AX, 8(SP)")
	p.line("JMP tile")
	p.label("done")
	p.line("RET\n")
}

// gate multiplies by scale where the gate is positive and clears the rest.
func (p *productKernel) gate() {
	scale, zero, open := p.v(0), p.v(1), p.v(2)
	p.line("MOVQ %d(R14), AX", tileScale)
	p.line("VBROADCASTSS (AX), %s", scale)
	p.line("MOVQ 24(SP), AX")
	p.zero(zero)
	p.each("AX", func(i, j int, at string) {
		c := p.acc(i, j)
		if p.wide {
			p.line("VCMPPS $17, %s, %s, K1", at, zero)
			p.line("VMULPS.Z %s, %s, K1, %s", scale, c, c)
			return
		}
		p.line("VCMPPS $17, %s, %s, %s", at, zero, open)
		p.line("VMULPS %s, %s, %s", scale, c, c)
		p.line("VANDPS %s, %s, %s", open, c, c)
	})
}

// plus adds scale times what lies beside C.
func (p *productKernel) plus() {
	scale := p.v(0)
	p.line("MOVQ %d(R14), AX", tileScale)
	p.line("VBROADCASTSS (AX), %s", scale)
	p.line("MOVQ 24(SP), AX")
	p.each("AX", func(i, j int, at string) { p.line("VFMADD231PS %s, %s, %s", at, scale, p.acc(i, j)) })
}
