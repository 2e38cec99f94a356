//go:build !noasm

#include "textflag.h"

// func walk(calls []call)
//
// Kernels take their argument in AX and may use all registers but R15, the call
// at hand. They need no more stack than code that may not grow it has.
TEXT ·walk(SB), NOSPLIT, $8-24
	MOVQ calls_base+0(FP), R15
	MOVQ calls_len+8(FP), AX
	SHLQ $4, AX
	ADDQ R15, AX
	MOVQ AX, 0(SP)
	JMP  test

next:
	MOVQ 0(R15), CX
	MOVQ 8(R15), AX
	CALL CX
	ADDQ $16, R15

test:
	CMPQ R15, 0(SP)
	JNE  next
	VZEROUPPER
	RET
