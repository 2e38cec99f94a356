//go:build !noasm

#include "textflag.h"

// func walk(calls []call)
//
// Kernels take their argument in R0 and may use all registers but R25, the call
// at hand, and R26, the end. They need no more stack than code that may not grow
// it has.
TEXT ·walk(SB), NOSPLIT, $0-24
	MOVD calls_base+0(FP), R25
	MOVD calls_len+8(FP), R26
	ADD  R26<<4, R25, R26
	B    test

next:
	LDP.P 16(R25), (R1, R0)
	CALL  (R1)

test:
	CMP R25, R26
	BNE next
	RET
