// layers.h - dense, activation, dropout, embedding and sum: forward, and beside
// it backward. Gradients are written, or added to where another was there first.
#pragma once
#include "product.h"
#include "update.h"

KDEV void give(const Run &c, int to, int i, float g, bool adds) {
  float *p = c.m + to + i;
  *p = adds ? *p + g : g;
}

enum { NARROW = 32 }; // a layer with fewer inputs or units than this fills no tile

// multiply is a product of layer s, for a block (P < 0: direct) or by tiles. A
// narrow layer is computed in TF32 where BF16 is asked for, which would round
// more and save nothing.
template <int P, class A, class B, class Out>
KDEV void multiply(Run &c, const Ins &s, int M, int N, int K, bool along_a, bool along_b, A a, B b, Out out) {
  if constexpr (P < 0)
    direct(c, M, N, K, a, b, out);
  else if (P == BF16 && (s.n < NARROW || s.k < NARROW))
    tiles<TF32, 32>(c, M, N, K, along_a, along_b, a, b, out);
  else
    product<P>(c, M, N, K, along_a, along_b, a, b, out);
}

KDEV void gather(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    const float v = c.rep->x[(u64)source(c, i / s.n) * (u32)s.n + (u32)(i % s.n)];
    if (s.flags & HALF)
      ((u16 *)(c.m + s.out))[i] = kbf16(v);
    else
      c.m[s.out + i] = v;
  });
}
// round rounds rows of n numbers, or the k parameters from w on, to bf16.
KDEV void round_half(const Run &c, const Ins &s) {
  const float *from = s.w >= 0 ? c.w + s.w : c.m + s.in;
  u32 *to = (u32 *)(c.m + s.out);
  const int n = s.w >= 0 ? s.k : c.step->rows * s.n;
  each(c, (n + 1) / 2, [&](int i) {
    const u32 low = kbf16(from[2 * i]), high = 2 * i + 1 < n ? kbf16(from[2 * i + 1]) : 0u;
    to[i] = low | high << 16;
  });
}

// dense: out = act(in Wᵀ + b).
template <int P> KDEV void dense(Run &c, const Ins &s) {
  const float *x = c.m + s.in, *w = c.w + s.w;
  const int K = s.k;
  multiply<P>(
      c, s, c.step->rows, s.n, K, true, true, [=](int r, int k) { return x[r * K + k]; }, [=](int u, int k) { return w[u * K + k]; },
      [&](int r, int u, float v) {
        const int i = r * s.n + u;
        if (s.b >= 0) v += c.w[s.b + u];
        if (s.z >= 0) c.m[s.z + i] = v;
        c.m[s.out + i] = kact(s.act, v, s.p);
      });
}
// delta: the gradient of out becomes that of in Wᵀ + b.
KDEV void delta(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    const float y = c.m[s.out + i], z = s.z >= 0 ? c.m[s.z + i] : 0.0f;
    c.m[s.gout + i] *= kact_slope(s.act, z, y, s.p);
  });
}
// dense_dx: gin = delta W, times the slope of the activation below if it is known.
template <int P> KDEV void dense_dx(Run &c, const Ins &s) {
  const float *d = c.m + s.gout, *w = c.w + s.w;
  const int N = s.n, K = s.k;
  multiply<P>(
      c, s, c.step->rows, K, N, true, false, [=](int r, int u) { return d[r * N + u]; }, [=](int k, int u) { return w[u * K + k]; },
      [&](int r, int k, float v) {
        const int i = r * K + k;
        if (s.below >= 0) v *= kact_slope(s.actbelow, s.zbelow >= 0 ? c.m[s.zbelow + i] : 0.0f, c.m[s.below + i], s.pbelow);
        give(c, s.gin, i, v, s.flags & ADD_GIN);
      });
}
// dense_dw: dW = deltaᵀ in. The bias is the weight of an input that is 1.
template <int P> KDEV void dense_dw(Run &c, const Ins &s) {
  const float *d = c.m + s.gout, *x = c.m + s.in;
  const int N = s.n, K = s.k;
  multiply<P>(
      c, s, N, s.b >= 0 ? K + 1 : K, c.step->rows, false, false, [=](int u, int r) { return d[r * N + u]; },
      [=](int k, int r) { return k < K ? x[r * K + k] : 1.0f; },
      [&](int u, int k, float g) {
        if (k < K)
          learn(c, s, s.w + u * K + k, g);
        else
          learn_plain(c, s.b + u, g);
      });
}

// bias_dw: db = Σ delta over the rows.
KDEV void bias_dw(const Run &c, const Ins &s) {
  const int count = c.step->rows, n = s.n;
  columns(c, n, [&](int u, int first) {
    float sum = 0;
    for (int r = first; u < n && r < count; r += 4) sum += c.m[s.gout + r * n + u];
    sum = column_sum(sum);
    if (u < n && first == 0) learn_plain(c, s.b + u, sum);
  });
}

// activate: out = act(in + b); z, where it is wanted, gets in + b.
KDEV void activate(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    float v = c.m[s.in + i];
    if (s.b >= 0) v += c.w[s.b + i % s.n];
    if (s.z >= 0) c.m[s.z + i] = v;
    c.m[s.out + i] = kact(s.act, v, s.p);
  });
}
KDEV void activate_back(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    give(c, s.gin, i, c.m[s.gout + i] * kact_slope(s.act, c.m[s.in + i], c.m[s.out + i], s.p), s.flags & ADD_GIN);
  });
}

// softmax_row writes the softmax of a row's numbers and gives log Σ e^x.
KDEV float softmax_row(const float *x, float *y, int n, int from, int apart) {
  float top = -3.4e38f, sum = 0;
  for (int i = from; i < n; i += apart) top = x[i] > top ? x[i] : top;
  top = row_max(top, apart);
  for (int i = from; i < n; i += apart) sum += kexp(x[i] - top);
  sum = row_sum(sum, apart);
  for (int i = from; i < n; i += apart) y[i] = kexp(x[i] - top) / sum;
  return top + klog(sum);
}
KDEV void softmax(const Run &c, const Ins &s) {
  rows(c, c.step->rows, s.n, [&](int r, int from, int apart) { softmax_row(c.m + s.in + r * s.n, c.m + s.out + r * s.n, s.n, from, apart); });
}
KDEV void softmax_back(const Run &c, const Ins &s) {
  rows(c, c.step->rows, s.n, [&](int r, int from, int apart) {
    const float *y = c.m + s.out + r * s.n, *dy = c.m + s.gout + r * s.n;
    float mean = 0;
    for (int i = from; i < s.n; i += apart) mean = kfma(y[i], dy[i], mean);
    mean = row_sum(mean, apart);
    for (int i = from; i < s.n; i += apart) give(c, s.gin, r * s.n + i, y[i] * (dy[i] - mean), s.flags & ADD_GIN);
  });
}

// drop: out = mask · in. A thread draws the four numbers of one counter, and
// uses all four: buffers are padded to fours.
template <class F> KDEV void masked(const Run &c, const Ins &s, F f) {
  const Mask rule = c.masks[s.index];
  const u32 first = (u32)((u64)(u32)c.step->row0 * (u32)s.n / 4); // row0 is a multiple of 4
  each(c, (c.step->rows * s.n + 3) / 4, [&](int q) {
    const Words w = kphilox(first + (u32)q, c.step->number, (u32)s.key, 3u, c.rep->seed0, c.rep->seed1);
    for (int j = 0; j < 4; j++) f(4 * q + j, (u64)w.w[j] >= rule.threshold ? rule.scale : 0.0f);
  });
}
KDEV void drop(const Run &c, const Ins &s) {
  masked(c, s, [&](int i, float mask) { c.m[s.out + i] = mask * c.m[s.in + i]; });
}
KDEV void drop_back(const Run &c, const Ins &s) {
  masked(c, s, [&](int i, float mask) { give(c, s.gin, i, mask * c.m[s.gout + i], s.flags & ADD_GIN); });
}

// copy: the first k of out's n columns are in's.
KDEV void copy(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.k, [&](int i) { c.m[s.out + i / s.k * s.n + i % s.k] = c.m[s.in + i]; });
}
// lookup: columns aux and on of out's n are the k numbers of a code's row of a
// table; zeros for the code -1.
KDEV int code_of(const Run &c, const Ins &s, int r) { return c.rep->codes[source(c, r) * c.job->categories + s.index]; }
KDEV void lookup(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.k, [&](int i) {
    const int r = i / s.k, j = i % s.k, code = code_of(c, s, r);
    c.m[s.out + r * s.n + s.aux + j] = code < 0 ? 0.0f : c.w[s.w + code * s.k + j];
  });
}
// lookup_dw sums over the rows with a code; aux2 is the number of codes.
KDEV void lookup_dw(const Run &c, const Ins &s) {
  each(c, s.aux2 * s.k, [&](int i) {
    const int level = i / s.k, j = i % s.k;
    float g = 0;
    for (int r = 0; r < c.step->rows; r++)
      if (code_of(c, s, r) == level) g += c.m[s.gout + r * s.n + s.aux + j];
    learn(c, s, s.w + i, g);
  });
}

KDEV void add(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) { c.m[s.out + i] = c.m[s.in + i] + c.m[s.in2 + i]; });
}
KDEV void add_back(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    const float g = c.m[s.gout + i];
    if (s.gin >= 0) give(c, s.gin, i, g, s.flags & ADD_GIN);
    if (s.gin2 >= 0) give(c, s.gin2, i, g, s.flags & ADD_GIN2);
  });
}

// emit copies a buffer to the output, behind aux columns of all rows.
KDEV void emit(const Run &c, const Ins &s) {
  float *out = c.rep->out + (u64)s.aux * (u32)c.rep->rows + (u64)c.step->first * (u32)s.n;
  each(c, c.step->rows * s.n, [&](int i) { out[i] = c.m[s.in + i]; });
}
