package main

const maskBitsArgs = "dst []uint64, r *Stream, block uint32, threshold uint32"

// Multipliers and steps of the key of Philox4x32 (Salmon et al. 2011).
const (
	philoxM0, philoxM1 = 0xD2511F53, 0xCD9E8D57
	philoxW0, philoxW1 = 0x9E3779B9, 0xBB67AE85
)

// maskBits prints Philox4x32-10 with one block in each 64-bit lane, whose high
// half is of no meaning: a product's low half stays where it is and its high
// half is one shift away.
//
// Registers: 0 to 7 rounds; 8 to 10 words 1 to 3 of the counter; 11 blocks; 12,
// 13 multipliers; 14 threshold; 15 step of the blocks. On the stack: the keys of
// the rounds.
func maskBits(a *amd64) string {
	t := &text{}
	v := a.v
	blocks := 8 / a.subs()
	t.function("maskBits"+a.suffix(), maskBitsArgs, 80, 40)
	t.line("MOVQ dst_base+0(FP), DI")
	t.line("MOVQ dst_len+8(FP), SI")
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.line("IMUL3Q $%d, SI, SI", 16/blocks)
	t.line("MOVQ r+24(FP), AX")
	t.line("MOVL 0(AX), R8")
	t.line("MOVL 4(AX), R9")
	for i := range 10 {
		t.line("MOVL R8, %d(SP)", 8*i)
		t.line("MOVL R9, %d(SP)", 8*i+4)
		t.line("ADDL $%#x, R8", philoxW0)
		t.line("ADDL $%#x, R9", philoxW1)
	}
	for i := range 3 {
		t.line("VPBROADCASTD %d(AX), %s", 8+4*i, v(8+i))
	}
	t.scalar("block+32(FP)", a, 11)
	t.line("VPADDD laneBlocks<>(SB), %s, %s", v(11), v(11))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM0), v(12))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM1), v(13))
	t.scalar("threshold+36(FP)", a, 14)
	t.line("VPBROADCASTD %s, %s", a.constant(uint32(blocks)), v(15))
	t.label("loop")
	t.rounds(a)
	t.compare(a)
	t.line("ADDQ $%d, DI", blocks/2)
	t.line("VPADDD %s, %s, %s", v(15), v(11), v(11))
	t.line("DECQ SI")
	t.line("JNZ loop")
	t.label("done")
	t.line("VZEROUPPER")
	t.line("RET\n")
	return t.String()
}

// scalar puts an argument into all lanes.
func (t *text) scalar(arg string, a *amd64, to int) {
	t.line("MOVL %s, R8", arg)
	t.line("VMOVD R8, X%d", to)
	t.line("VPBROADCASTD X%d, %s", to, a.v(to))
}

// rounds leaves words 0 to 3 in registers 1, 7, 0 and 6.
func (t *text) rounds(a *amd64) {
	c := [4]int{11, 8, 9, 10}
	for i := range 10 {
		// Low halves go to 4 and 5, then to 6 and 7, and so on in turns; high
		// halves to 2 and 3, then 0 and 1.
		odd := i % 2
		lo0, lo1, hi0, hi1 := 4+2*odd, 5+2*odd, 2-2*odd, 3-2*odd
		t.line("VPMULUDQ %s, %s, %s", a.v(c[0]), a.v(12), a.v(lo0))
		t.line("VPMULUDQ %s, %s, %s", a.v(c[2]), a.v(13), a.v(lo1))
		t.line("VPSRLQ $32, %s, %s", a.v(lo0), a.v(hi0))
		t.line("VPSRLQ $32, %s, %s", a.v(lo1), a.v(hi1))
		scratch := 2 * odd // what was multiplied
		t.mix(a, 8*i, c[1], hi1, scratch)
		t.mix(a, 8*i+4, c[3], hi0, scratch)
		c = [4]int{hi1, lo1, hi0, lo0}
	}
}

// mix is high ^= counter ^ key.
func (t *text) mix(a *amd64, key, counter, high, scratch int) {
	if a.wide {
		t.line("VPTERNLOGD.BCST $0x96, %d(SP), %s, %s", key, a.v(counter), a.v(high))
		return
	}
	t.line("VPBROADCASTD %d(SP), %s", key, a.v(scratch))
	t.line("VPXOR %s, %s, %s", a.v(counter), a.v(high), a.v(high))
	t.line("VPXOR %s, %s, %s", a.v(scratch), a.v(high), a.v(high))
}

// compare gathers the words of each block, first those of the even lanes, which
// are the lower blocks, and stores which ones reach the threshold.
func (t *text) compare(a *amd64) {
	v := a.v
	t.line("VSHUFPS $0x88, %s, %s, %s", v(7), v(1), v(2))
	t.line("VSHUFPS $0x88, %s, %s, %s", v(6), v(0), v(3))
	t.line("VSHUFPS $0x88, %s, %s, %s", v(3), v(2), v(0))
	t.line("VSHUFPS $0xDD, %s, %s, %s", v(3), v(2), v(1))
	for i, r := range []string{"R8", "R9"} {
		if a.wide {
			t.line("VPCMPUD $5, %s, %s, K%d", v(14), v(i), i+1)
			t.line("KMOVW K%d, %s", i+1, r)
			t.line("MOVW %s, %d(DI)", r, 2*i)
			continue
		}
		t.line("VPMAXUD %s, %s, %s", v(14), v(i), v(2))
		t.line("VPCMPEQD %s, %s, %s", v(i), v(2), v(2))
		t.line("VMOVMSKPS %s, %s", v(2), r)
		t.line("MOVB %s, %d(DI)", r, i)
	}
}
