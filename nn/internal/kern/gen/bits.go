package main

// Offsets in Masking.
const (
	maskingDst, maskingWords, maskingStream, maskingBlock, maskingThreshold = 0, 8, 16, 36, 40
)

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

// maskBits prints Philox4x32-10 on some groups of blocks at once, for the rounds
// of one fill the time that those of the others wait.
//
// Registers: the groups, multipliers, blocks, scratch. On the stack: the keys of
// the rounds. Words 1 to 3 of the counter are the same in all blocks, so half of
// the first two rounds is done once, and mixed with the keys.
func maskBits(a *amd64) string {
	t := &text{}
	many := 2
	if a.wide {
		many = 4
	}
	p := &philox{amd64: a, text: t, m0: 6 * many, blocks: 8 / a.subs()}
	t.function("maskBits"+a.suffix(), 80)
	t.line("MOVQ %d(AX), DI", maskingDst)
	t.line("MOVQ %d(AX), SI", maskingWords)
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.line("IMUL3Q $%d, SI, SI", 8/p.blocks) // of two groups each
	p.keys()
	t.line("MOVL %d(AX), R8", maskingBlock)
	t.line("VMOVD R8, X%d", p.counter())
	t.line("VPBROADCASTD X%d, %s", p.counter(), a.v(p.counter()))
	t.line("VPADDD laneBlocks<>(SB), %s, %s", a.v(p.counter()), a.v(p.counter()))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM0), a.v(p.m0))
	t.line("VPBROADCASTD %s, %s", a.constant(philoxM1), a.v(p.m1()))
	t.line("MOVL %d(AX), R10", maskingThreshold)
	t.line("SUBQ $%d, SI", many/2)
	t.line("JL rest")
	t.label("loop")
	p.some(many)
	t.line("SUBQ $%d, SI", many/2)
	t.line("JGE loop")
	t.label("rest")
	if many > 2 {
		t.line("ADDQ $%d, SI", many/2)
		t.line("JZ done")
		p.some(2)
	}
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// philox prints pieces of maskBits.
type philox struct {
	*amd64
	*text
	m0     int // the register of the first multiplier
	blocks int // of a group
}

func (p *philox) m1() int      { return p.m0 + 1 }
func (p *philox) counter() int { return p.m0 + 2 }
func (p *philox) scratch() int { return p.m0 + 3 }

// keys puts the keys of the rounds on the stack, two each. The first rounds are
// (0, 1, 2, 3 are the words, k the keys):
//
//	hi(m1·2) ^ 1 ^ k, lo(m1·2), hi(m0·0) ^ 3 ^ k, lo(m0·0)
func (p *philox) keys() {
	p.line("MOVL %d(AX), R8", maskingStream)
	p.line("MOVL %d(AX), R9", maskingStream+4)
	for i := range 10 {
		p.line("MOVL R8, %d(SP)", 8*i)
		p.line("MOVL R9, %d(SP)", 8*i+4)
		p.line("ADDL $%#x, R8", philoxW0)
		p.line("ADDL $%#x, R9", philoxW1)
	}
	p.line("MOVL %d(AX), R8", maskingStream+16)
	p.line("XORL R8, 4(SP)")
	p.line("MOVL %d(AX), R8", maskingStream+12)
	p.line("MOVL $%#x, R9", philoxM1)
	p.line("IMULQ R9, R8")
	p.line("XORL R8, 8(SP)")
	p.line("SHRQ $32, R8")
	p.line("XORL %d(AX), R8", maskingStream+8)
	p.line("XORL 0(SP), R8")
	p.line("MOVL $%#x, R9", philoxM0)
	p.line("IMULQ R9, R8")
	p.line("XORL R8, 20(SP)")
	p.line("SHRQ $32, R8")
	p.line("XORL R8, 12(SP)")
}

// some prints the rounds of some groups and stores their bits.
func (p *philox) some(count int) {
	var groups []*philoxGroup
	p.line("VPBROADCASTD %s, %s", p.constant(uint32(p.blocks)), p.v(p.scratch()))
	for i := range count {
		g := &philoxGroup{6 * i, 6*i + 1, 6*i + 2, 6*i + 3, 6*i + 4, 6*i + 5}
		groups = append(groups, g)
		p.line("VMOVAPS %s, %s", p.v(p.counter()), p.v(g.w0))
		p.line("VPADDD %s, %s, %s", p.v(p.scratch()), p.v(p.counter()), p.v(p.counter()))
	}
	for i := range 10 {
		p.round(groups, i)
	}
	p.line("VMOVD R10, X%d", p.scratch())
	p.line("VPBROADCASTD X%d, %s", p.scratch(), p.v(p.scratch()))
	for i, g := range groups {
		p.compare(g, i*p.blocks/2)
	}
	p.line("ADDQ $%d, DI", count*p.blocks/2)
}

// products are a multiplier times a word; the high half takes the word's place.
func (p *philox) products(groups []*philoxGroup, of func(g *philoxGroup) (multiplier, word, product int)) {
	for _, g := range groups {
		m, w, to := of(g)
		p.line("VPMULUDQ %s, %s, %s", p.v(m), p.v(w), p.v(to))
	}
	for _, g := range groups {
		_, w, to := of(g)
		p.line("VPSRLQ $32, %s, %s", p.v(to), p.v(w))
	}
}

// round is one round of all groups.
func (p *philox) round(groups []*philoxGroup, number int) {
	if number != 1 {
		p.products(groups, func(g *philoxGroup) (int, int, int) { return p.m0, g.w0, g.free0 })
	}
	if number != 0 {
		p.products(groups, func(g *philoxGroup) (int, int, int) { return p.m1(), g.w2, g.free1 })
	}
	first, second := 8*number, 8*number+4
	for _, g := range groups {
		switch number {
		case 0: // words 0 and 1 are the same in all blocks from here on
			p.mix(second, g.w0)
			*g = philoxGroup{w2: g.w0, w3: g.free0, w0: g.w1, w1: g.w2, free0: g.w3, free1: g.free1}
			continue
		case 1: // now word 3 is
			p.mix(first, g.w2)
			p.mix(second, g.w3)
			*g = philoxGroup{w0: g.w2, w1: g.free1, w2: g.w3, w3: g.w0, free0: g.free0, free1: g.w1}
			continue
		case 2:
			p.mix(second, g.w0)
		default:
			p.mix(second, g.w0, g.w3)
		}
		p.mix(first, g.w2, g.w1)
		*g = philoxGroup{g.w2, g.free1, g.w0, g.free0, g.w1, g.w3}
	}
}

// mix is high ^= key, and ^= another word.
func (p *philox) mix(key, high int, word ...int) {
	switch {
	case p.wide && len(word) > 0:
		p.line("VPTERNLOGD.BCST $0x96, %d(SP), %s, %s", key, p.v(word[0]), p.v(high))
		return
	case p.wide:
		p.line("VPXORD.BCST %d(SP), %s, %s", key, p.v(high), p.v(high))
		return
	case len(word) > 0:
		p.line("VPXOR %s, %s, %s", p.v(word[0]), p.v(high), p.v(high))
	}
	p.line("VPBROADCASTD %d(SP), %s", key, p.v(p.scratch()))
	p.line("VPXOR %s, %s, %s", p.v(p.scratch()), p.v(high), p.v(high))
}

// compare brings the words of each block together, first those of the even
// lanes, which are the lower blocks, and stores at an offset which ones reach
// the threshold.
func (p *philox) compare(g *philoxGroup, at int) {
	v := p.v
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.w1), v(g.w0), v(g.free0))
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.w3), v(g.w2), v(g.free1))
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.free1), v(g.free0), v(g.w0))
	p.line("VSHUFPS $0xDD, %s, %s, %s", v(g.free1), v(g.free0), v(g.w1))
	for i, w := range []int{g.w0, g.w1} {
		if p.wide {
			p.line("VPCMPUD $5, %s, %s, K1", v(p.scratch()), v(w))
			p.line("KMOVW K1, R8")
			p.line("MOVW R8, %d(DI)", at+2*i)
			continue
		}
		p.line("VPMAXUD %s, %s, %s", v(p.scratch()), v(w), v(g.free0))
		p.line("VPCMPEQD %s, %s, %s", v(w), v(g.free0), v(g.free0))
		p.line("VMOVMSKPS %s, R8", v(g.free0))
		p.line("MOVB R8, %d(DI)", at+i)
	}
}
