// product.h - c(i,j) = Σ_k a(i,k) b(j,k). In float32 each c is one chain of fused
// multiply-adds in the order of k, whoever computes it, so that one block and
// many give the same bits. TF32 and BF16 round a and b and sum in float32 on
// tensor cores.
#pragma once
#include "team.h"

enum { F32, TF32, BF16 }; // precisions, numbered as in package gpu

// direct is for operands in shared memory: a thread a sum.
template <class A, class B, class Out> KDEV void direct(const Run &c, int M, int N, int K, A a, B b, Out out) {
  each(c, M * N, [&](int e) {
    const int i = e / N, j = e % N;
    float sum = 0;
    for (int k = 0; k < K; k++) sum = kfma(a(i, k), b(j, k), sum);
    out(i, j, sum);
  });
}

enum { THREADS = 256, DEEP = 16 }; // of a block that multiplies tiles; k's of a tile
enum { TILE_WORDS = 2 * 64 * 20 }; // shared memory of the largest tiles

// Tile keeps T×16 of a and of b in shared memory and computes T×T sums.
template <int PRECISION, int T> struct Tile;

template <int T> struct Tile<F32, T> {
  static constexpr int E = T / 16, LD = T + 4; // sums of a thread: E×E, 16 apart
  float acc[E][E];
  KMEMBER void clear() {
    for (int i = 0; i < E; i++)
      for (int j = 0; j < E; j++) acc[i][j] = 0;
  }
  KMEMBER static void store(float *tile, int operand, int row, int k, float v) { tile[operand * DEEP * LD + k * LD + row] = v; }
  KMEMBER void multiply(const float *tile, int t) {
    const float *a = tile + t / 16, *b = tile + DEEP * LD + t % 16;
#pragma unroll
    for (int k = 0; k < DEEP; k++) {
      float x[E], y[E];
      for (int i = 0; i < E; i++) x[i] = a[k * LD + 16 * i], y[i] = b[k * LD + 16 * i];
      for (int i = 0; i < E; i++)
        for (int j = 0; j < E; j++) acc[i][j] = kfma(x[i], y[j], acc[i][j]);
    }
  }
  template <class Out> KMEMBER void finish(int t, Out out) {
    for (int i = 0; i < E; i++)
      for (int j = 0; j < E; j++) out(t / 16 + 16 * i, t % 16 + 16 * j, acc[i][j]);
  }
};

// Warps of a tensor core tile: T/16 along i, the others along j; each has 16 rows
// and J times 8 columns. Lane 4g+q holds what PTX's fragments say.
template <int T> struct Warped {
  static constexpr int WI = T / 16, WJ = 8 / WI, J = T / WJ / 8;
  float acc[J][4];
  KMEMBER void clear() {
    for (int j = 0; j < J; j++)
      for (int e = 0; e < 4; e++) acc[j][e] = 0;
  }
  template <class Out> KMEMBER void finish(int t, Out out) {
    const int g = (t & 31) >> 2, q = t & 3, i = (t >> 5) / WJ * 16 + g, j = (t >> 5) % WJ * J * 8 + 2 * q;
    for (int n = 0; n < J; n++)
      for (int e = 0; e < 4; e++) out(i + (e >> 1) * 8, j + n * 8 + (e & 1), acc[n][e]);
  }
};

template <int T> struct Tile<TF32, T> : Warped<T> {
  static constexpr int LD = DEEP + 4;
  using W = Warped<T>;
  KMEMBER static void store(float *tile, int operand, int row, int k, float v) { ((u32 *)tile)[(operand * T + row) * LD + k] = ktf32(v); }
  KMEMBER void multiply(const float *tile, int t) {
    const int g = (t & 31) >> 2, q = t & 3, w = t >> 5;
    const u32 *a = (const u32 *)tile + (w / W::WJ * 16 + g) * LD + q, *b = (const u32 *)tile + (T + w % W::WJ * W::J * 8 + g) * LD + q;
#pragma unroll
    for (int k = 0; k < DEEP; k += 8) {
      const u32 x[4] = {a[k], a[k + 8 * LD], a[k + 4], a[k + 8 * LD + 4]};
      for (int n = 0; n < W::J; n++) {
        const u32 y[2] = {b[n * 8 * LD + k], b[n * 8 * LD + k + 4]};
        kmma_tf32(this->acc[n], x, y);
      }
    }
  }
};

template <int T> struct Tile<BF16, T> : Warped<T> {
  static constexpr int LD = DEEP + 8;
  using W = Warped<T>;
  KMEMBER static void store(float *tile, int operand, int row, int k, float v) { ((u16 *)tile)[(operand * T + row) * LD + k] = kbf16(v); }
  KMEMBER void multiply(const float *tile, int t) {
    const int g = (t & 31) >> 2, q = t & 3, w = t >> 5;
    const u16 *a = (const u16 *)tile + (w / W::WJ * 16 + g) * LD + 2 * q, *b = (const u16 *)tile + (T + w % W::WJ * W::J * 8 + g) * LD + 2 * q;
    const u32 x[4] = {*(const u32 *)a, *(const u32 *)(a + 8 * LD), *(const u32 *)(a + 8), *(const u32 *)(a + 8 * LD + 8)};
    for (int n = 0; n < W::J; n++) {
      const u32 y[2] = {*(const u32 *)(b + n * 8 * LD), *(const u32 *)(b + n * 8 * LD + 8)};
      kmma_bf16(this->acc[n], x, y);
    }
  }
};

// load reads the thread's T/16 numbers of T×16 of an operand, neighbours in
// memory by neighbours in the warp; along says that these are neighbours in k.
template <int T> KDEV void where(int t, int e, bool along, int &row, int &k) {
  const int i = t + THREADS * e;
  row = along ? i / DEEP : i % T;
  k = along ? i % DEEP : i / T;
}
template <int T, class F> KDEV void load(float (&v)[T / 16], int t, bool along, int row0, int rows, int k0, int K, F f) {
#pragma unroll
  for (int e = 0; e < T / 16; e++) {
    int row, k;
    where<T>(t, e, along, row, k);
    v[e] = row0 + row < rows && k0 + k < K ? f(row0 + row, k0 + k) : 0.0f;
  }
}

// tile computes the T×T sums from (i0, j0) on; while it multiplies, the next
// numbers are on their way.
template <int P, int T, class A, class B, class Out>
KDEV void tile(const Run &c, int i0, int j0, int M, int N, int K, bool along_a, bool along_b, A a, B b, Out out) {
  const int t = (int)ktid();
  Tile<P, T> sums;
  float va[T / 16], vb[T / 16];
  sums.clear();
#pragma unroll 1
  for (int k0 = -DEEP; k0 < K; k0 += DEEP) { // the first turn only loads
    if (k0 >= 0) {
#pragma unroll
      for (int e = 0; e < T / 16; e++) {
        int row, k;
        where<T>(t, e, along_a, row, k);
        sums.store(c.tile, 0, row, k, va[e]);
        where<T>(t, e, along_b, row, k);
        sums.store(c.tile, 1, row, k, vb[e]);
      }
      KSYNC(); // the tile is there
    }
    if (k0 + DEEP < K) {
      load<T>(va, t, along_a, i0, M, k0 + DEEP, K, a);
      load<T>(vb, t, along_b, j0, N, k0 + DEEP, K, b);
    }
    if (k0 >= 0) {
      sums.multiply(c.tile, t);
      KSYNC(); // the tile is used up
    }
  }
  sums.finish(t, [&](int i, int j, float v) {
    if (i0 + i < M && j0 + j < N) out(i0 + i, j0 + j, v);
  });
}

template <int P, int T, class A, class B, class Out>
KDEV void tiles(Run &c, int M, int N, int K, bool along_a, bool along_b, A a, B b, Out out) {
  const int across = (N + T - 1) / T, count = (M + T - 1) / T * across;
  for (int i = (c.rank + c.blocks - c.turn % c.blocks) % c.blocks; i < count; i += c.blocks)
    tile<P, T>(c, i / across * T, i % across * T, M, N, K, along_a, along_b, a, b, out);
  c.turn += count;
}

// product deals large tiles if there are enough of them for all blocks.
template <int P, class A, class B, class Out>
KDEV void product(Run &c, int M, int N, int K, bool along_a, bool along_b, A a, B b, Out out) {
  if ((M + 63) / 64 * ((N + 63) / 64) >= c.blocks && M > 32 && N > 32)
    tiles<P, 64>(c, M, N, K, along_a, along_b, a, b, out);
  else
    tiles<P, 32>(c, M, N, K, along_a, along_b, a, b, out);
}
