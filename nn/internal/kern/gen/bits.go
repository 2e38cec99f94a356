package main

const maskBitsArgs = "dst []uint64, r *Stream, block uint32, threshold uint32"

// Multipliers and steps of the key of Philox4x32 (Salmon et al. 2011).
const (
	philoxM0, philoxM1 = 0xD2511F53, 0xCD9E8D57
	philoxW0, philoxW1 = 0x9E3779B9, 0xBB67AE85
)

// philoxGroup has the registers of some blocks: words 0 to 3 and two more. Each
// 64-bit lane has one block, in its low half; the high half is of no meaning,
// since a product's low half stays where it is and its high half is one shift
// away.
type philoxGroup struct{ w0, w1, w2, w3, free0, free1 int }

// maskBits prints Philox4x32-10 on two groups of blocks at once, for the rounds
// of one fill the time that those of the other wait.
//
// Registers: 0 to 11 the groups, 12, 13 multipliers, 14 blocks, 15 scratch. On
// the stack: the keys of the rounds.
func maskBits(a *amd64) string {
	t := &text{}
	v := a.v
	blocks := 8 / a.subs()
	t.function("maskBits"+a.suffix(), maskBitsArgs, 80, 40)
	t.line("MOVQ dst_base+0(FP), DI")
	t.line("MOVQ dst_len+8(FP), SI")
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.line("IMUL3Q $%d, SI, SI", 8/blocks)
	t.line("MOVQ r+24(FP), AX")
	t.line("MOVL 0(AX), R8")
	t.line("MOVL 4(AX), R9")
	for i := range 10 {
		t.line("MOVL R8, %d(SP)", 8*i)
		t.line("MOVL R9, %d(SP)", 8*i+4)
		t.line("ADDL $%#x, R8", philoxW0)
		t.line("ADDL $%#x, R9", philoxW1)
	}
	t.line("MOVL block+32(FP), R8")
	t.line("VMOVD R8, X14")
	t.line("VPBROADCASTD X14, %s", v(14))
	t.line("VPADDD laneBlocks<>(SB), %s, %s", v(14), v(14))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM0), v(12))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM1), v(13))
	t.line("VPBROADCASTD %s, %s", a.constant(uint32(blocks)), v(15))
	t.line("MOVL threshold+36(FP), R10")
	t.label("loop")
	groups := []*philoxGroup{{0, 1, 2, 3, 4, 5}, {6, 7, 8, 9, 10, 11}}
	for _, g := range groups {
		t.line("VMOVAPS %s, %s", v(14), v(g.w0))
		t.line("VPADDD %s, %s, %s", v(15), v(14), v(14))
		for i, w := range []int{g.w1, g.w2, g.w3} {
			t.line("VPBROADCASTD %d(AX), %s", 8+4*i, v(w))
		}
	}
	for i := range 10 {
		t.round(a, groups, i)
	}
	t.line("VMOVD R10, X15")
	t.line("VPBROADCASTD X15, %s", v(15))
	for i, g := range groups {
		t.compare(a, g, i*blocks/2)
	}
	t.line("VPBROADCASTD %s, %s", a.constant(uint32(blocks)), v(15))
	t.line("ADDQ $%d, DI", blocks)
	t.line("DECQ SI")
	t.line("JNZ loop")
	t.label("done")
	t.line("VZEROUPPER")
	t.line("RET\n")
	return t.String()
}

// round is one round of all groups.
func (t *text) round(a *amd64, groups []*philoxGroup, number int) {
	for _, g := range groups {
		t.line("VPMULUDQ %s, %s, %s", a.v(12), a.v(g.w0), a.v(g.free0))
		t.line("VPMULUDQ %s, %s, %s", a.v(13), a.v(g.w2), a.v(g.free1))
	}
	for _, g := range groups {
		t.line("VPSRLQ $32, %s, %s", a.v(g.free0), a.v(g.w0))
		t.line("VPSRLQ $32, %s, %s", a.v(g.free1), a.v(g.w2))
	}
	for _, g := range groups {
		t.mix(a, 8*number, g.w1, g.w2)
		t.mix(a, 8*number+4, g.w3, g.w0)
		*g = philoxGroup{g.w2, g.free1, g.w0, g.free0, g.w1, g.w3}
	}
}

// mix is high ^= counter ^ key.
func (t *text) mix(a *amd64, key, counter, high int) {
	if a.wide {
		t.line("VPTERNLOGD.BCST $0x96, %d(SP), %s, %s", key, a.v(counter), a.v(high))
		return
	}
	t.line("VPBROADCASTD %d(SP), %s", key, a.v(15))
	t.line("VPXOR %s, %s, %s", a.v(counter), a.v(high), a.v(high))
	t.line("VPXOR %s, %s, %s", a.v(15), a.v(high), a.v(high))
}

// compare brings the words of each block together, first those of the even
// lanes, which are the lower blocks, and stores at an offset which ones reach
// the threshold.
func (t *text) compare(a *amd64, g *philoxGroup, at int) {
	v := a.v
	t.line("VSHUFPS $0x88, %s, %s, %s", v(g.w1), v(g.w0), v(g.free0))
	t.line("VSHUFPS $0x88, %s, %s, %s", v(g.w3), v(g.w2), v(g.free1))
	t.line("VSHUFPS $0x88, %s, %s, %s", v(g.free1), v(g.free0), v(g.w0))
	t.line("VSHUFPS $0xDD, %s, %s, %s", v(g.free1), v(g.free0), v(g.w1))
	for i, w := range []int{g.w0, g.w1} {
		if a.wide {
			t.line("VPCMPUD $5, %s, %s, K1", v(15), v(w))
			t.line("KMOVW K1, R8")
			t.line("MOVW R8, %d(DI)", at+2*i)
			continue
		}
		t.line("VPMAXUD %s, %s, %s", v(15), v(w), v(g.free0))
		t.line("VPCMPEQD %s, %s, %s", v(w), v(g.free0), v(g.free0))
		t.line("VMOVMSKPS %s, R8", v(g.free0))
		t.line("MOVB R8, %d(DI)", at+i)
	}
}
