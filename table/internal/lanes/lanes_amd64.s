//go:build !noasm

#include "textflag.h"

DATA one<>+0(SB)/8, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $8

// func clip(v *float64, n int, limit float64)
TEXT ·clip(SB), NOSPLIT, $0-24
	MOVQ         v+0(FP), DI
	MOVQ         n+8(FP), CX
	VBROADCASTSD limit+16(FP), Y0
	VBROADCASTSD one<>(SB), Y1

four:
	VMOVUPD (DI), Y2
	VDIVPD  Y0, Y2, Y3 // x/limit
	VMULPD  Y3, Y3, Y3
	VADDPD  Y1, Y3, Y3
	VSQRTPD Y3, Y3
	VDIVPD  Y3, Y2, Y2
	VMOVUPD Y2, (DI)
	ADDQ    $32, DI
	SUBQ    $4, CX
	JNE     four

	VZEROUPPER
	RET
