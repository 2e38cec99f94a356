// losses.h - losses with their gradients, and predictions (nn/losses.go).
#pragma once
#include "layers.h"

struct Slope { float loss, d; }; // a loss and its derivative

KDEV float sign(float x) { return x > 0 ? 1.0f : x < 0 ? -1.0f : 0.0f; }

// focal_term is -q^γ log p with its derivative by log p, where q = 1 - p.
KDEV Slope focal_term(float gamma, float logp, float q) {
  const bool none = q < 1e-37f;
  const float w = gamma == 0 ? 1.0f : none ? 0.0f : kexp(gamma * klog(q));
  float d = -w;
  if (!none && gamma > 0) d += gamma * (w / q) * (kexp(logp) * logp);
  return Slope{-w * logp, d};
}

// output_loss is the loss of one output z (or y) with target t.
KDEV Slope output_loss(int kind, float p, float z, float t) {
  const float e = z - t;
  switch (kind) {
  case MSE: return Slope{e * e, 2.0f * e};
  case MAE: return Slope{kabs(e), sign(e)};
  case HUBER: return kabs(e) <= p ? Slope{0.5f * (e * e), e} : Slope{p * (kabs(e) - 0.5f * p), p * sign(e)};
  case QUANTILE: return z < t ? Slope{p * (t - z), -p} : z > t ? Slope{(1.0f - p) * e, 1.0f - p} : Slope{e, 0.0f};
  case BCE: return Slope{ksoftplus(z) - t * z, ksigmoid(z) - t};
  case FOCAL: {
    const float s = 2.0f * t - 1.0f, q = ksigmoid(-s * z);
    const Slope f = focal_term(p, -ksoftplus(-s * z), q);
    return Slope{f.loss, s * f.d * q};
  }
  }
  const float d = (z >= 0 ? 1.0f : 0.0f) - t; // PERCEPTRON
  return Slope{kabs(d), d};
}

// class_loss is the loss of a row of logits for class t. g, if not null, gets
// scale times its gradient.
KDEV float class_loss(const Ins &s, const float *z, int t, float scale, float *g, int from, int apart) {
  const int n = s.n;
  float top = -3.4e38f, sum = 0, mean = 0;
  for (int i = from; i < n; i += apart) {
    top = z[i] > top ? z[i] : top;
    mean += z[i];
  }
  top = row_max(top, apart);
  for (int i = from; i < n; i += apart) sum += kexp(z[i] - top);
  sum = row_sum(sum, apart);
  const float logp = z[t] - top - klog(sum);
  float loss, smooth = 0, slope = -1.0f;
  if (s.act == FOCAL_SOFTMAX) {
    const Slope f = focal_term(s.p, logp, 1.0f - kexp(z[t] - top) / sum);
    loss = f.loss;
    slope = f.d;
  } else {
    smooth = s.p;
    loss = -logp;
    if (smooth > 0) loss = top + klog(sum) - (1.0f - smooth) * z[t] - smooth * (row_sum(mean, apart) / (float)n);
  }
  if (g)
    for (int i = from; i < n; i += apart) {
      const float p = kexp(z[i] - top) / sum;
      g[i] = scale * (-slope * p - smooth / (float)n + (i == t ? slope + smooth : 0.0f));
    }
  return loss;
}

// head gives each row's loss, times its weight, in aux, and the gradient of the
// mean over the batch.
KDEV void head(const Run &c, const Ins &s) {
  const int n = s.n, count = c.step->rows;
  rows(c, count, n, [&](int r, int from, int apart) {
    const int at = source(c, r);
    const float weight = c.rep->weights ? c.rep->weights[at] : 1.0f, scale = weight / (float)count;
    const float *z = c.m + s.in + r * n, *t = c.rep->y + (u64)at * (u32)c.job->targets;
    float *g = s.gout >= 0 ? c.m + s.gout + r * n : nullptr, loss = 0;
    if (s.act == CROSS_ENTROPY || s.act == FOCAL_SOFTMAX) {
      loss = class_loss(s, z, (int)t[0], scale, g, from, apart);
    } else {
      for (int i = from; i < n; i += apart) {
        const Slope l = output_loss(s.act, s.p, z[i], t[i]);
        loss += l.loss;
        if (g) g[i] = l.d / (float)n * scale;
      }
      loss = row_sum(loss, apart) / (float)n;
    }
    loss *= weight;
    if (from == 0) c.m[s.aux + r] = loss;
    if (!kfinite(loss)) *c.bad = 1;
  });
}

// sum_loss sums the losses of the rows, in an order that depends on their number alone.
KDEV void sum_loss(const Run &c, const Ins &s, int step) {
  if (c.rank != 0 || ktid() >= 32) return;
  float sum = 0;
  for (int r = (int)ktid(); r < c.step->rows; r += 32) sum += c.m[s.aux + r];
  sum = row_sum(sum, 32);
  if (ktid() == 0) c.rep->loss[step] = sum;
}

KDEV void predict(const Run &c, const Ins &s) {
  const int n = s.n;
  float *out = c.rep->out + (u64)c.step->first * (u32)n;
  if (s.act == ROW_SOFTMAX)
    rows(c, c.step->rows, n, [&](int r, int from, int apart) { softmax_row(c.m + s.in + r * n, out + r * n, n, from, apart); });
  else
    each(c, c.step->rows * n, [&](int i) { out[i] = kact(s.act, c.m[s.in + i], 0.0f); });
}
