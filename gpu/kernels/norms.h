// norms.h - batch norm over the rows of a unit, layer norm over the units of a
// row: out = gamma · (in - mean)/sqrt(var + eps) + beta.
#pragma once
#include "update.h"

// batchnorm uses the statistics of the batch and keeps them: aux is mean, 1/sqrt(var+eps)
// and var, n each.
KDEV void batchnorm(const Run &c, const Ins &s) {
  const int count = c.step->rows, n = s.n;
  const float *x = c.m + s.in;
  float *kept = c.m + s.aux;
  columns(c, n, [&](int u, int first) {
    float sum = 0, spread = 0;
    for (int r = first; u < n && r < count; r += 4) sum += x[r * n + u];
    const float mean = column_sum(sum) / (float)count;
    for (int r = first; u < n && r < count; r += 4) {
      const float d = x[r * n + u] - mean;
      spread = kfma(d, d, spread);
    }
    const float var = column_sum(spread) / (float)count, inv = 1.0f / ksqrt(var + s.eps);
    if (u >= n) return;
    if (first == 0) kept[u] = mean, kept[n + u] = inv, kept[2 * n + u] = var;
    for (int r = first; r < count; r += 4) c.m[s.out + r * n + u] = c.w[s.w + u] * ((x[r * n + u] - mean) * inv) + c.w[s.b + u];
  });
}
// batchnorm_back: dx = (dx̂ - mean(dx̂) - x̂ mean(dx̂ x̂))·inv with dx̂ = gamma dy;
// dgamma = Σ dy x̂, dbeta = Σ dy.
KDEV void batchnorm_back(const Run &c, const Ins &s) {
  const int count = c.step->rows, n = s.n;
  const float *x = c.m + s.in, *dy = c.m + s.gout, *kept = c.m + s.aux;
  columns(c, n, [&](int u, int first) {
    const bool there = u < n;
    const float mean = there ? kept[u] : 0, inv = there ? kept[n + u] : 0, gamma = there ? c.w[s.w + u] : 0;
    float sum = 0, along = 0;
    for (int r = first; there && r < count; r += 4) {
      const float d = dy[r * n + u];
      sum += d;
      along = kfma(d, (x[r * n + u] - mean) * inv, along);
    }
    sum = column_sum(sum);
    along = column_sum(along);
    if (!there) return;
    if (s.gin >= 0) {
      const float a = gamma * sum / (float)count, b = gamma * along / (float)count;
      for (int r = first; r < count; r += 4) {
        const float hat = (x[r * n + u] - mean) * inv;
        give(c, s.gin, r * n + u, (gamma * dy[r * n + u] - a - hat * b) * inv, s.flags & ADD_GIN);
      }
    }
    if (first != 0) return;
    if (s.flags & TRAIN_W) learn_plain(c, s.w + u, along);
    if (s.flags & TRAIN_B) learn_plain(c, s.b + u, sum);
  });
}
// move_running moves the running statistics (w: mean, b: var) by the batch's.
KDEV void move_running(const Run &c, const Ins &s) {
  if (c.step->rows == 1) return; // a single row says nothing about the spread
  const float *kept = c.m + s.aux;
  each(c, s.n, [&](int u) {
    c.w[s.w + u] = s.momentum * c.w[s.w + u] + (1.0f - s.momentum) * kept[u];
    c.w[s.b + u] = s.momentum * c.w[s.b + u] + (1.0f - s.momentum) * kept[2 * s.n + u];
  });
}
// runnorm is batch norm by the running statistics, aux and aux2 of the state.
KDEV void runnorm(const Run &c, const Ins &s) {
  each(c, c.step->rows * s.n, [&](int i) {
    const int u = i % s.n;
    const float inv = 1.0f / ksqrt(c.w[s.aux2 + u] + s.eps);
    c.m[s.out + i] = c.w[s.w + u] * ((c.m[s.in + i] - c.w[s.aux + u]) * inv) + c.w[s.b + u];
  });
}

// layernorm keeps mean and 1/sqrt(var+eps) of each row in aux.
KDEV void layernorm(const Run &c, const Ins &s) {
  const int n = s.n;
  rows(c, c.step->rows, n, [&](int r, int from, int apart) {
    const float *x = c.m + s.in + r * n;
    float sum = 0, spread = 0;
    for (int i = from; i < n; i += apart) sum += x[i];
    const float mean = row_sum(sum, apart) / (float)n;
    for (int i = from; i < n; i += apart) spread = kfma(x[i] - mean, x[i] - mean, spread);
    const float inv = 1.0f / ksqrt(row_sum(spread, apart) / (float)n + s.eps);
    for (int i = from; i < n; i += apart) c.m[s.out + r * n + i] = c.w[s.w + i] * ((x[i] - mean) * inv) + c.w[s.b + i];
    if (from == 0) c.m[s.aux + 2 * r] = mean, c.m[s.aux + 2 * r + 1] = inv;
  });
}
KDEV void layernorm_back(const Run &c, const Ins &s) {
  const int n = s.n;
  rows(c, c.step->rows, n, [&](int r, int from, int apart) {
    const float *x = c.m + s.in + r * n, *dy = c.m + s.gout + r * n;
    const float mean = c.m[s.aux + 2 * r], inv = c.m[s.aux + 2 * r + 1];
    float sum = 0, along = 0;
    for (int i = from; i < n; i += apart) {
      const float d = c.w[s.w + i] * dy[i];
      sum += d;
      along = kfma(d, (x[i] - mean) * inv, along);
    }
    sum = row_sum(sum, apart) / (float)n;
    along = row_sum(along, apart) / (float)n;
    for (int i = from; i < n; i += apart)
      give(c, s.gin, r * n + i, (c.w[s.w + i] * dy[i] - sum - (x[i] - mean) * inv * along) * inv, s.flags & ADD_GIN);
  });
}
KDEV void layernorm_dw(const Run &c, const Ins &s) {
  const int count = c.step->rows, n = s.n;
  columns(c, n, [&](int u, int first) {
    float sum = 0, along = 0;
    for (int r = first; u < n && r < count; r += 4) {
      const float d = c.m[s.gout + r * n + u];
      sum += d;
      along = kfma(d, (c.m[s.in + r * n + u] - c.m[s.aux + 2 * r]) * c.m[s.aux + 2 * r + 1], along);
    }
    sum = column_sum(sum);
    along = column_sum(along);
    if (u >= n || first != 0) return;
    if (s.flags & TRAIN_W) learn_plain(c, s.w + u, along);
    if (s.flags & TRAIN_B) learn_plain(c, s.b + u, sum);
  });
}
