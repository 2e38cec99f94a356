// emu.h - the kernels' dialect on the CPU: every thread of a GPU is a fiber.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <utility>

namespace emu {
struct Lane { u32 v[8]; };
struct Thread { // what a running fiber sees
  u32 tid, ntid, bid, nbid;
  char *dynamic; // its block's shared memory
};
extern Thread *current;
void sync_block();
void sync_warp();
void spin();         // gives way to the other blocks
Lane *warp_slots();  // 32, of this warp

// Entry is a kernel: its name, a call with unpacked arguments, their sizes.
struct Entry {
  const char *name;
  void (*call)(void **);
  int count;
  const unsigned char *sizes;
};
void add(Entry e);
template <class... A, size_t... I> void unpack(void (*f)(A...), void **p, std::index_sequence<I...>) { f(*(A *)p[I]...); }
template <class... A> void invoke(void (*f)(A...), void **p) { unpack(f, p, std::index_sequence_for<A...>{}); }
struct Registered {
  template <class... A> Registered(const char *name, void (*call)(void **), void (*)(A...)) {
    static const unsigned char sizes[] = {(unsigned char)sizeof(A)..., 0};
    add({name, call, (int)sizeof...(A), sizes});
  }
};
} // namespace emu

#define KEXPORT(k) static emu::Registered registered_##k(#k, [](void **p) { emu::invoke(k, p); }, k);
#define KDEV static inline
#define KMEMBER inline
#define KCALL static
#define KERNEL extern "C" void
#define KDYNAMIC(name) float *name = (float *)emu::current->dynamic
#define KSYNC() emu::sync_block()
#define __launch_bounds__(...)

KDEV u32 ktid() { return emu::current->tid; }
KDEV u32 kntid() { return emu::current->ntid; }
KDEV u32 kbid() { return emu::current->bid; }
KDEV u32 knbid() { return emu::current->nbid; }
KDEV float kfma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
KDEV float ksqrt(float x) { return __builtin_sqrtf(x); }
KDEV u32 kbits(float f) {
  u32 u;
  memcpy(&u, &f, 4);
  return u;
}
KDEV float kfloat(u32 u) {
  float f;
  memcpy(&f, &u, 4);
  return f;
}
KDEV float kshuffle(float v, int mask) {
  emu::Lane *s = emu::warp_slots();
  const u32 lane = ktid() & 31;
  s[lane].v[0] = kbits(v);
  emu::sync_warp();
  const float got = kfloat(s[lane ^ (u32)mask].v[0]);
  emu::sync_warp();
  return got;
}
KDEV u32 katomic_add(u32 *p, u32 v) {
  const u32 was = *p;
  *p += v;
  return was;
}
KDEV void kfence() {}
KDEV u32 kload(const u32 *p) { return *(const volatile u32 *)p; }
KDEV void kspin() { emu::spin(); }

// mma shares the lanes' fragments: A is A0..A3, B is B0, B1; a_at and b_at give lane
// and register of an element as the PTX manual lays them out.
template <int K, class FA, class FB> KDEV void emu_mma(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2], FA a_at, FB b_at) {
  emu::Lane *s = emu::warp_slots();
  const u32 lane = ktid() & 31, g = lane >> 2, q = lane & 3;
  for (int i = 0; i < 4; i++) s[lane].v[i] = a[i];
  for (int i = 0; i < 2; i++) s[lane].v[4 + i] = b[i];
  emu::sync_warp();
  for (u32 i = 0; i < 4; i++) {
    const u32 row = g + (i >= 2 ? 8 : 0), column = q * 2 + (i & 1);
    for (u32 k = 0; k < K; k++) d[i] = kfma(a_at(s, row, k), b_at(s, column, k), d[i]);
  }
  emu::sync_warp();
}
KDEV float emu_half(u32 pair, u32 k) { return kfloat(k & 1 ? pair & 0xffff0000u : pair << 16); }
KDEV void kmma_bf16(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  emu_mma<16>(
      d, a, b, [](emu::Lane *s, u32 row, u32 k) { return emu_half(s[(row & 7) * 4 + (k & 7) / 2].v[(row >= 8 ? 1 : 0) + (k >= 8 ? 2 : 0)], k); },
      [](emu::Lane *s, u32 column, u32 k) { return emu_half(s[column * 4 + (k & 7) / 2].v[4 + (k >= 8 ? 1 : 0)], k); });
}
KDEV void kmma_tf32(float (&d)[4], const u32 (&a)[4], const u32 (&b)[2]) {
  emu_mma<8>(
      d, a, b, [](emu::Lane *s, u32 row, u32 k) { return kfloat(s[(row & 7) * 4 + (k & 3)].v[(row >= 8 ? 1 : 0) + (k >= 4 ? 2 : 0)]); },
      [](emu::Lane *s, u32 column, u32 k) { return kfloat(s[column * 4 + (k & 3)].v[4 + (k >= 4 ? 1 : 0)]); });
}
