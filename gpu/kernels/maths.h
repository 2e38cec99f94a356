// maths.h - elementary functions and random numbers. Plain arithmetic without
// contraction, so that the emulation and a GPU agree to the bit.
#pragma once
#include "dialect.h"

KDEV float kabs(float x) { return kfloat(kbits(x) & 0x7fffffffu); }
KDEV bool kfinite(float x) { return (kbits(x) & 0x7f800000u) != 0x7f800000u; }

// Power is e^x = (1 + e) s with |e| <= 0.42: Cody and Waite's reduction, and the
// minimax polynomial of Cephes' expf.
struct Power { float e, s; };
KDEV Power kpower(float x) {
  if (x > 88.0f) x = 88.0f;
  if (x < -87.0f) x = -87.0f;
  const float t = kfma(x, 1.44269504088896341f, 12582912.0f); // 1.5·2^23 rounds to the nearest integer
  const int n = (int)(kbits(t) - 0x4B400000u);
  const float f = t - 12582912.0f;
  float r = kfma(f, -0.693359375f, x);
  r = kfma(f, 2.12194440e-4f, r);
  float p = 1.9875691500e-4f;
  p = kfma(p, r, 1.3981999507e-3f);
  p = kfma(p, r, 8.3334519073e-3f);
  p = kfma(p, r, 4.1665795894e-2f);
  p = kfma(p, r, 1.6666665459e-1f);
  p = kfma(p, r, 5.0000001201e-1f);
  return Power{kfma(p, r * r, r), kfloat((u32)(n + 127) << 23)};
}
KDEV float kexp(float x) {
  const Power p = kpower(x);
  return (1.0f + p.e) * p.s;
}
KDEV float kexpm1(float x) {
  const Power p = kpower(x);
  return kfma(p.e, p.s, p.s - 1.0f);
}
// klog is for positive, normal x: Cephes' logf.
KDEV float klog(float x) {
  u32 u = kbits(x) - 0x3f3504f3u; // of sqrt(1/2)
  const float n = (float)((int)u >> 23);
  const float f = kfloat((u & 0x007fffffu) + 0x3f3504f3u) - 1.0f;
  const float z = f * f;
  float p = 7.0376836292e-2f;
  p = kfma(p, f, -1.1514610310e-1f);
  p = kfma(p, f, 1.1676998740e-1f);
  p = kfma(p, f, -1.2420140846e-1f);
  p = kfma(p, f, 1.4249322787e-1f);
  p = kfma(p, f, -1.6668057665e-1f);
  p = kfma(p, f, 2.0000714765e-1f);
  p = kfma(p, f, -2.4999993993e-1f);
  p = kfma(p, f, 3.3333331174e-1f);
  float y = p * f * z;
  y = kfma(n, -2.12194440e-4f, y);
  y = kfma(-0.5f, z, y);
  return kfma(n, 0.693359375f, f + y);
}
KDEV float klog1p(float x) {
  const float u = 1.0f + x;
  if (u == 1.0f) return x;
  return klog(u) + (x - (u - 1.0f)) / u;
}
KDEV float ktanh(float x) {
  const float e = kexpm1(-2.0f * kabs(x)), t = -e / (2.0f + e);
  return x < 0 ? -t : t;
}
KDEV float ksigmoid(float x) { return 1.0f / (1.0f + kexp(-x)); }
KDEV float ksoftplus(float x) { return (x < 0 ? 0.0f : x) + klog1p(kexp(-kabs(x))); }

// Rounding to nearest: to bf16 ties go to even, to tf32 away from 0, as the
// hardware's cvt.rna does.
KDEV u16 kbf16(float f) {
  const u32 u = kbits(f);
  return (u16)((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}
KDEV u32 ktf32(float f) { return (kbits(f) + 0x1000u) & 0xffffe000u; }

// Philox4x32-10, word for word that of package nn/philox.
struct Words { u32 w[4]; };
KDEV Words kphilox(u32 c0, u32 c1, u32 c2, u32 c3, u32 k0, u32 k1) {
  for (int i = 0; i < 10; i++) {
    const u64 p0 = (u64)0xD2511F53u * c0, p1 = (u64)0xCD9E8D57u * c2;
    c0 = (u32)(p1 >> 32) ^ c1 ^ k0;
    c1 = (u32)p1;
    c2 = (u32)(p0 >> 32) ^ c3 ^ k1;
    c3 = (u32)p0;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  return Words{{c0, c1, c2, c3}};
}

// Activations, numbered as in package gpu (activations in build.go).
enum { LINEAR, STEP, SIGMOID, TANH, RELU, LEAKY, ELU, SELU, GELU, SILU, MISH, SOFTPLUS };

#define SELU_ALPHA 1.6732632423543772848f
#define SELU_LAMBDA 1.0507009873554804934f
#define GELU_C 0.79788456080286535588f // sqrt(2/π)
#define GELU_A 0.044715f

KDEV float kgelu_inner(float x) { return GELU_C * (x + GELU_A * (x * x * x)); }

// The common activations are inlined where they are used; the others are called,
// which keeps the kernels small.
KCALL float kact_called(int a, float x, float p) {
  switch (a) {
  case STEP: return x >= 0 ? 1.0f : 0.0f;
  case SIGMOID: return ksigmoid(x);
  case TANH: return ktanh(x);
  case LEAKY: return x > 0 ? x : p * x;
  case ELU: return x > 0 ? x : p * kexpm1(x);
  case SELU: return SELU_LAMBDA * (x > 0 ? x : SELU_ALPHA * kexpm1(x));
  case GELU: return 0.5f * x * (1.0f + ktanh(kgelu_inner(x)));
  case SILU: return x * ksigmoid(x);
  case MISH: return x * ktanh(ksoftplus(x));
  case SOFTPLUS: return ksoftplus(x);
  }
  return x;
}
KDEV float kact(int a, float x, float p) {
  if (a == LINEAR) return x;
  if (a == RELU) return x <= 0 ? 0.0f : x; // NaN too
  return kact_called(a, x, p);
}

// kact_slope is the derivative at x where the activation is y. Up to SELU it
// does not look at x.
KCALL float kact_slope_called(int a, float x, float y, float p) {
  switch (a) {
  case STEP: return 0.0f;
  case SIGMOID: return y * (1.0f - y);
  case TANH: return 1.0f - y * y;
  case LEAKY: return y > 0 ? 1.0f : p;
  case ELU: return y > 0 ? 1.0f : y + p;
  case SELU: return SELU_LAMBDA * (y > 0 ? 1.0f : y / SELU_LAMBDA + SELU_ALPHA);
  case GELU: {
    const float t = ktanh(kgelu_inner(x)), du = GELU_C * (1.0f + 3.0f * GELU_A * (x * x));
    return 0.5f * (1.0f + t) + 0.5f * x * ((1.0f - t * t) * du);
  }
  case SILU: {
    const float s = ksigmoid(x);
    return s + y * (1.0f - s);
  }
  case MISH: {
    const float t = ktanh(ksoftplus(x));
    return t + x * ((1.0f - t * t) * ksigmoid(x));
  }
  case SOFTPLUS: return ksigmoid(x);
  }
  return 1.0f;
}
KDEV float kact_slope(int a, float x, float y, float p) {
  if (a == LINEAR) return 1.0f;
  if (a == RELU) return y > 0 ? 1.0f : 0.0f;
  return kact_slope_called(a, x, y, p);
}
