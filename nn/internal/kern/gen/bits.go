package main

import "fmt"

// Offsets in Masking.
const (
	maskingDst, maskingWords, maskingStream, maskingBlock, maskingThreshold = 0, 8, 16, 36, 40
)

// Multipliers and steps of the key of Philox4x32 (Salmon et al. 2011).
const (
	philoxM0, philoxM1 = 0xD2511F53, 0xCD9E8D57
	philoxW0, philoxW1 = 0x9E3779B9, 0xBB67AE85
)

// philoxGroup has the registers of some blocks: words 0 to 3 and one more. Each
// 64-bit lane has one block, in its low half; the high half is of no meaning,
// since a product's low half stays where it is and its high half is one shift
// away.
type philoxGroup struct{ w0, w1, w2, w3, free int }

const groupRegisters = 5

// maskBits prints Philox4x32-10 on some groups of blocks at once, for the rounds
// of one fill the time that those of the others wait.
//
// Registers: the groups, scratch, the multipliers if there is room. On the stack:
// the keys of the rounds. Words 1 to 3 of the counter are the same in all blocks,
// so half of the first two rounds is done once, and mixed with the keys.
func maskBits(a *amd64) string {
	t := &text{}
	many, few := 3, 1 // what is left behind many groups is a multiple of few
	if a.wide {
		many, few = 4, 2
	}
	p := &philox{amd64: a, text: t, scratch: groupRegisters * many, blocks: 8 / a.subs()}
	t.function("maskBits"+a.suffix(), 80)
	t.line("MOVQ %d(AX), DI", maskingDst)
	t.line("MOVQ %d(AX), SI", maskingWords)
	t.line("TESTQ SI, SI")
	t.line("JZ done")
	t.line("IMUL3Q $%d, SI, SI", 16/p.blocks) // groups
	p.keys()
	t.line("MOVL %d(AX), R11", maskingBlock)
	t.line("MOVL %d(AX), R10", maskingThreshold)
	if a.wide {
		t.line("VPBROADCASTD %s, %s", a.constant(philoxM0), p.multiplier(0))
		t.line("VPBROADCASTD %s, %s", a.constant(philoxM1), p.multiplier(1))
	}
	t.line("SUBQ $%d, SI", many)
	t.line("JL rest")
	t.label("loop")
	p.some(many)
	t.line("SUBQ $%d, SI", many)
	t.line("JGE loop")
	t.label("rest")
	t.line("ADDQ $%d, SI", many)
	t.line("JZ done")
	t.label("few")
	p.some(few)
	t.line("SUBQ $%d, SI", few)
	t.line("JNZ few")
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// philox prints pieces of maskBits.
type philox struct {
	*amd64
	*text
	scratch int // a register
	blocks  int // of a group
}

// multiplier is where one of the multipliers is, in each lane.
func (p *philox) multiplier(i int) string {
	if p.wide {
		return p.v(p.scratch + 1 + i)
	}
	return fmt.Sprintf("philoxM%d<>(SB)", i)
}

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
	for i := range count {
		r := groupRegisters * i
		g := &philoxGroup{r, r + 1, r + 2, r + 3, r + 4}
		groups = append(groups, g)
		p.spread("R11", g.w0)
		p.line("VPADDD laneBlocks<>(SB), %s, %s", p.v(g.w0), p.v(g.w0))
		p.line("ADDL $%d, R11", p.blocks)
	}
	for i := range 10 {
		p.round(groups, i)
	}
	p.spread("R10", p.scratch)
	for i, g := range groups {
		p.compare(g, i*p.blocks/2)
	}
	p.line("ADDQ $%d, DI", count*p.blocks/2)
}

// spread puts a number in all lanes.
func (p *philox) spread(from string, to int) {
	p.line("VMOVD %s, X%d", from, to)
	p.line("VPBROADCASTD X%d, %s", to, p.v(to))
}

// product is a multiplier times a word; the high half takes the word's place.
func (p *philox) product(groups []*philoxGroup, multiplier int, of func(g *philoxGroup) (word, to int)) {
	for _, g := range groups {
		w, to := of(g)
		p.line("VPMULUDQ %s, %s, %s", p.multiplier(multiplier), p.v(w), p.v(to))
	}
	for _, g := range groups {
		w, to := of(g)
		p.line("VPSRLQ $32, %s, %s", p.v(to), p.v(w))
	}
}

// round is one round of all groups. Half of the words are still the same in all
// blocks in rounds 0 and 1, and word 3 in round 2.
func (p *philox) round(groups []*philoxGroup, number int) {
	first, second := 8*number, 8*number+4
	w0 := func(g *philoxGroup) (int, int) { return g.w0, g.free }
	switch number {
	case 0:
		p.product(groups, 0, w0)
		p.mix(groups, second, func(g *philoxGroup) (int, int) { return g.w0, none })
		for _, g := range groups {
			*g = philoxGroup{w2: g.w0, w3: g.free, w0: g.w1, w1: g.w2, free: g.w3}
		}
	case 1:
		p.product(groups, 1, func(g *philoxGroup) (int, int) { return g.w2, g.free })
		p.mix(groups, first, func(g *philoxGroup) (int, int) { return g.w2, none })
		p.mix(groups, second, func(g *philoxGroup) (int, int) { return g.w3, none })
		for _, g := range groups {
			*g = philoxGroup{w0: g.w2, w1: g.free, w2: g.w3, w3: g.w0, free: g.w1}
		}
	default:
		p.product(groups, 0, w0)
		p.mix(groups, second, func(g *philoxGroup) (int, int) {
			if number == 2 {
				return g.w0, none
			}
			return g.w0, g.w3
		})
		p.product(groups, 1, func(g *philoxGroup) (int, int) { return g.w2, g.w3 })
		p.mix(groups, first, func(g *philoxGroup) (int, int) { return g.w2, g.w1 })
		for _, g := range groups {
			*g = philoxGroup{w0: g.w2, w1: g.w3, w2: g.w0, w3: g.free, free: g.w1}
		}
	}
}

// none is no register.
const none = -1

// mix is high ^= key, and ^= another word.
func (p *philox) mix(groups []*philoxGroup, key int, of func(g *philoxGroup) (high, word int)) {
	if !p.wide {
		p.line("VPBROADCASTD %d(SP), %s", key, p.v(p.scratch))
	}
	for _, g := range groups {
		high, word := of(g)
		switch {
		case p.wide && word != none:
			p.line("VPTERNLOGD.BCST $0x96, %d(SP), %s, %s", key, p.v(word), p.v(high))
			continue
		case p.wide:
			p.line("VPXORD.BCST %d(SP), %s, %s", key, p.v(high), p.v(high))
			continue
		case word != none:
			p.line("VPXOR %s, %s, %s", p.v(word), p.v(high), p.v(high))
		}
		p.line("VPXOR %s, %s, %s", p.v(p.scratch), p.v(high), p.v(high))
	}
}

// compare brings the words of each block together, first those of the even
// lanes, which are the lower blocks, and stores at an offset which ones reach
// the threshold.
func (p *philox) compare(g *philoxGroup, at int) {
	v := p.v
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.w1), v(g.w0), v(g.free))
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.w3), v(g.w2), v(g.w0))
	p.line("VSHUFPS $0x88, %s, %s, %s", v(g.w0), v(g.free), v(g.w1))
	p.line("VSHUFPS $0xDD, %s, %s, %s", v(g.w0), v(g.free), v(g.w2))
	for i, w := range []int{g.w1, g.w2} {
		if p.wide {
			p.line("VPCMPUD $5, %s, %s, K1", v(p.scratch), v(w))
			p.line("KMOVW K1, R8")
			p.line("MOVW R8, %d(DI)", at+2*i)
			continue
		}
		p.line("VPMAXUD %s, %s, %s", v(p.scratch), v(w), v(g.w3))
		p.line("VPCMPEQD %s, %s, %s", v(w), v(g.w3), v(g.w3))
		p.line("VMOVMSKPS %s, R8", v(g.w3))
		p.line("MOVB R8, %d(DI)", at+i)
	}
}
