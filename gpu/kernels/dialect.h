// dialect.h - the few words in which the kernels are written, for the compilers
// that read them: clang without CUDA's headers (KERN_BARE, makes kernels.ptx),
// nvcc and NVRTC, and any C++17 compiler for the emulation (KERN_EMU).
#pragma once

typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned short u16;

#if defined(KERN_EMU)
#include "emu.h"
#else

#if defined(KERN_BARE)
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))
#define KDEV static inline __device__ __attribute__((always_inline))
#define KMEMBER inline __device__ __attribute__((always_inline))
#define KCALL static __device__ __attribute__((noinline))
KDEV u32 ktid() { return __nvvm_read_ptx_sreg_tid_x(); }
KDEV u32 kntid() { return __nvvm_read_ptx_sreg_ntid_x(); }
KDEV u32 kbid() { return __nvvm_read_ptx_sreg_ctaid_x(); }
KDEV u32 knbid() { return __nvvm_read_ptx_sreg_nctaid_x(); }
KDEV float kfma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
KDEV float ksqrt(float x) { return __nvvm_sqrt_rn_f(x); }
KDEV u32 kbits(float f) { return __builtin_bit_cast(u32, f); }
KDEV float kfloat(u32 u) { return __builtin_bit_cast(float, u); }
KDEV float kshuffle(float v, int mask) { return __nvvm_shfl_sync_bfly_f32(0xffffffffu, v, mask, 31); }
KDEV u32 katomic_add(u32 *p, u32 v) { return (u32)__nvvm_atom_add_gen_i((int *)p, (int)v); }
KDEV void kfence() { __nvvm_membar_gl(); }
#else
#define KDEV static __device__ __forceinline__
#define KMEMBER __device__ __forceinline__
#define KCALL static __device__ __noinline__
KDEV u32 ktid() { return threadIdx.x; }
KDEV u32 kntid() { return blockDim.x; }
KDEV u32 kbid() { return blockIdx.x; }
KDEV u32 knbid() { return gridDim.x; }
KDEV float kfma(float a, float b, float c) { return __fmaf_rn(a, b, c); }
KDEV float ksqrt(float x) { return __fsqrt_rn(x); }
KDEV u32 kbits(float f) { return __float_as_uint(f); }
KDEV float kfloat(u32 u) { return __uint_as_float(u); }
KDEV float kshuffle(float v, int mask) { return __shfl_xor_sync(0xffffffffu, v, mask); }
KDEV u32 katomic_add(u32 *p, u32 v) { return atomicAdd(p, v); }
KDEV void kfence() { __threadfence(); }
#endif

#define KERNEL extern "C" __global__ void
#define KEXPORT(name)
#define KSYNC() __syncthreads()
#define KDYNAMIC(name) extern __shared__ float name[]
KDEV u32 kload(const u32 *p) { return *(const volatile u32 *)p; }
KDEV void kspin() {}

// kmma_bf16: d(16×8, f32) += a(16×16, bf16, row) b(16×8, bf16, column), by the 32
// threads of a warp, in the fragments of PTX's mma.m16n8k16.
KDEV void kmma_bf16(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
// kmma_tf32: d(16×8, f32) += a(16×8, tf32, row) b(8×8, tf32, column): mma.m16n8k8.
KDEV void kmma_tf32(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
}
#endif
