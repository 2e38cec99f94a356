//go:build !noasm

#include "textflag.h"

DATA one<>+0(SB)/8, $1.0
GLOBL one<>(SB), RODATA|NOPTR, $8

DATA infinity<>+0(SB)/8, $0x7FF0000000000000
GLOBL infinity<>(SB), RODATA|NOPTR, $8

DATA minusInfinity<>+0(SB)/8, $0xFFF0000000000000
GLOBL minusInfinity<>(SB), RODATA|NOPTR, $8

// func scale4(out, v *float64, n int, center, scale float64)
TEXT ·scale4(SB), NOSPLIT, $0-40
	MOVQ         out+0(FP), DI
	MOVQ         v+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSD center+24(FP), Y0
	VBROADCASTSD scale+32(FP), Y1

four:
	VMOVUPD (SI), Y2
	VSUBPD  Y0, Y2, Y2
	VMULPD  Y1, Y2, Y2
	VMOVUPD Y2, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $4, CX
	JNE     four

	VZEROUPPER
	RET

// func clip4(out, v *float64, n int, limit float64)
TEXT ·clip4(SB), NOSPLIT, $0-32
	MOVQ         out+0(FP), DI
	MOVQ         v+8(FP), SI
	MOVQ         n+16(FP), CX
	VBROADCASTSD limit+24(FP), Y0
	VBROADCASTSD one<>(SB), Y1

four:
	VMOVUPD (SI), Y2
	VDIVPD  Y0, Y2, Y3 // x/limit
	VMULPD  Y3, Y3, Y3
	VADDPD  Y1, Y3, Y3
	VSQRTPD Y3, Y3
	VDIVPD  Y3, Y2, Y2
	VMOVUPD Y2, (DI)
	ADDQ    $32, SI
	ADDQ    $32, DI
	SUBQ    $4, CX
	JNE     four

	VZEROUPPER
	RET

// func extent8(v *float64, n int, lo, hi, zero *[4]float64)
//
// Where x is NaN, least and greatest stay: they are the operand that then counts.
TEXT ·extent8(SB), NOSPLIT, $0-40
	MOVQ         v+0(FP), SI
	MOVQ         n+8(FP), CX
	MOVQ         lo+16(FP), AX
	MOVQ         hi+24(FP), BX
	MOVQ         zero+32(FP), DX
	VBROADCASTSD infinity<>(SB), Y0
	VMOVAPD      Y0, Y1
	VBROADCASTSD minusInfinity<>(SB), Y2
	VMOVAPD      Y2, Y3
	VXORPD       Y4, Y4, Y4
	VXORPD       Y5, Y5, Y5

eight:
	VMOVUPD (SI), Y6
	VMOVUPD 32(SI), Y7
	VMINPD  Y0, Y6, Y0
	VMINPD  Y1, Y7, Y1
	VMAXPD  Y2, Y6, Y2
	VMAXPD  Y3, Y7, Y3
	VSUBPD  Y6, Y6, Y6
	VSUBPD  Y7, Y7, Y7
	VADDPD  Y6, Y4, Y4
	VADDPD  Y7, Y5, Y5
	ADDQ    $64, SI
	SUBQ    $8, CX
	JNE     eight

	VMINPD  Y0, Y1, Y0
	VMAXPD  Y2, Y3, Y2
	VADDPD  Y4, Y5, Y4
	VMOVUPD Y0, (AX)
	VMOVUPD Y2, (BX)
	VMOVUPD Y4, (DX)
	VZEROUPPER
	RET
