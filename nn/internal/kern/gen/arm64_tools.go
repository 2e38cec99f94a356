package main

// neonArgs loads the six fields of a transposition or a gathering to R0 to R5.
func (t *text) neonArgs() {
	t.line("MOVD R0, R8")
	for i := range 6 {
		t.line("MOVD %d(R8), R%d", 8*i, i)
	}
}

// neonTranspose turns 16 blocks of 4 × 4, four that lie side by side at a time.
// What is behind rows is 0, what is behind cols is not stored.
func neonTranspose() string {
	t := &text{}
	t.function("transposeNeon", 0)
	t.neonArgs()
	t.label("rows")
	for v := range 16 {
		t.line(v3("EOR", v, v, v))
	}
	for i := range 4 { // row i is in registers 4i to 4i+3
		t.line("VLD1 (R0), %s", four(4*i))
		t.line("ADD R1, R0")
		t.line("SUBS $1, R4")
		t.line("BEQ turn")
	}
	t.label("turn")
	t.line("MOVD R2, R6")
	t.line("MOVD R5, R7")
	for j := range 4 { // columns 4j to 4j+3
		t.line(v3("ZIP1", 16, j, 8+j))
		t.line(v3("ZIP2", 17, j, 8+j))
		t.line(v3("ZIP1", 18, 4+j, 12+j))
		t.line(v3("ZIP2", 19, 4+j, 12+j))
		for c := range 2 {
			t.line(v3("ZIP1", 20+2*c, 16+c, 18+c))
			t.line(v3("ZIP2", 21+2*c, 16+c, 18+c))
		}
		for c := range 4 {
			t.line("FMOVQ F%d, (R6)", 20+c)
			t.line("ADD R3, R6")
			t.line("SUBS $1, R7")
			t.line("BEQ next")
		}
	}
	t.label("next")
	t.line("ADD $16, R2")
	t.line("CBNZ R4, rows")
	t.line("RET\n")
	return t.String()
}

// neonGather copies rows, four numbers at a time and then one by one.
func neonGather() string {
	t := &text{}
	t.function("gatherNeon", 0)
	t.neonArgs()
	t.line("CBZ R5, done")
	t.line("LSL $2, R3, R6")
	t.label("row")
	t.line("MOVW.P 4(R4), R7")
	t.line("MUL R6, R7")
	t.line("ADD R2, R7")
	t.line("MOVD R0, R8")
	t.line("LSR $2, R3, R9")
	t.line("CBZ R9, rest")
	t.label("four")
	t.line("FMOVQ.P 16(R7), F0")
	t.line("FMOVQ.P F0, 16(R8)")
	t.line("SUBS $1, R9")
	t.line("BNE four")
	t.label("rest")
	t.line("ANDS $3, R3, R9")
	t.line("BEQ next")
	t.label("one")
	t.line("MOVWU.P 4(R7), R10")
	t.line("MOVW.P R10, 4(R8)")
	t.line("SUBS $1, R9")
	t.line("BNE one")
	t.label("next")
	t.line("ADD R1, R0")
	t.line("SUBS $1, R5")
	t.line("BNE row")
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// neonPick copies single numbers together.
func neonPick() string {
	t := &text{}
	t.function("pickNeon", 0)
	t.neonArgs()
	t.line("CBZ R5, done")
	t.label("number")
	t.line("MOVW.P 4(R4), R7")
	t.line("MOVWU (R2)(R7<<2), R10")
	t.line("MOVW.P R10, 4(R0)")
	t.line("SUBS $1, R5")
	t.line("BNE number")
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// neonMaskBits prints Philox4x32-10 on four blocks at a time.
//
// Registers: V0 to V3 the words, V4 to V7 products, V8, V9 keys; V16 blocks, V17
// to V19 words 1 to 3 of the counter, V20, V21 keys of the first round, V22, V23
// their steps, V24, V25 multipliers, V26 threshold, V27 step of the blocks, V28
// to V31 the bits of words 0 to 3.
func neonMaskBits() string {
	t := &text{}
	t.function("maskBitsNeon", 0)
	t.line("MOVD %d(R0), R1", maskingDst)
	t.line("MOVD %d(R0), R2", maskingWords)
	t.line("CBZ R2, done")
	t.line("LSL $2, R2")
	t.line("ADD $%d, R0, R3", maskingStream)
	for i, v := range []int{20, 21, 17, 18, 19} {
		t.line("MOVWU %d(R3), R4", 4*i)
		t.line("VDUP R4, V%d.S4", v)
	}
	t.line("MOVWU %d(R0), R4", maskingBlock)
	for i := range 4 {
		t.line("VMOV R4, V16.S[%d]", i)
		t.line("ADDW $1, R4")
	}
	t.line("MOVWU %d(R0), R4", maskingThreshold)
	t.line("VDUP R4, V26.S4")
	neonConst(t, philoxW0, 22)
	neonConst(t, philoxW1, 23)
	neonConst(t, philoxM0, 24)
	neonConst(t, philoxM1, 25)
	neonConst(t, 4, 27)
	for k := range 4 {
		for b := range 4 {
			t.line("MOVW $%#x, R4", 1<<(4*b+k))
			t.line("VMOV R4, V%d.S[%d]", 28+k, b)
		}
	}
	t.label("loop")
	for k := range 4 {
		t.line(v3("ORR", k, 16+k, 16+k))
	}
	t.line(v3("ORR", 8, 20, 20))
	t.line(v3("ORR", 9, 21, 21))
	for i := range 10 {
		t.neonRound(i < 9)
	}
	for k := range 4 {
		t.line(v3("CMHS", k, k, 26))
		t.line(v3("AND", k, k, 28+k))
	}
	t.line(v3("ORR", 0, 0, 1))
	t.line(v3("ORR", 2, 2, 3))
	t.line(v3("ORR", 0, 0, 2))
	t.line(v2("ADDV", 0, 0))
	t.line("VMOV V0.S[0], R4")
	t.line("MOVH R4, (R1)")
	t.line("ADD $2, R1")
	t.line(v3("ADD", 16, 16, 27))
	t.line("SUBS $1, R2")
	t.line("BNE loop")
	t.label("done")
	t.line("RET\n")
	return t.String()
}

// neonRound is one round on V0 to V3 with the keys V8 and V9, which it steps if
// another round follows.
func (t *text) neonRound(step bool) {
	t.line(v3("UMULL", 4, 0, 24))
	t.line(v3("UMULL2", 5, 0, 24))
	t.line(v3("UMULL", 6, 2, 25))
	t.line(v3("UMULL2", 7, 2, 25))
	t.line(v3("EOR", 0, 1, 8)) // word 1 and key 0
	t.line(v3("EOR", 2, 3, 9)) // word 3 and key 1
	t.line(v3("UZP1", 1, 6, 7))
	t.line(v3("UZP1", 3, 4, 5))
	t.line(v3("UZP2", 6, 6, 7))
	t.line(v3("UZP2", 4, 4, 5))
	t.line(v3("EOR", 0, 0, 6))
	t.line(v3("EOR", 2, 2, 4))
	if step {
		t.line(v3("ADD", 8, 8, 22))
		t.line(v3("ADD", 9, 9, 23))
	}
}
