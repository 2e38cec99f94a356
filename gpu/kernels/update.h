// update.h - what becomes of gradients of parameters: at once an update, or kept
// (for clipping, recording, or to be given away) and updated afterwards.
#pragma once
#include "team.h"

// adapt gives a parameter w after its update by an optimiser with memory
// (nn/optimizers.go), and updates the memory.
KCALL float adapt(const Job &j, const Step &step, float w, float *s0, float *s1, float g, bool decays) {
  const float lr = step.lr;
  switch (j.rule) {
  case MOMENTUM:
  case NESTEROV: {
    const float v = j.momentum * *s0 + g;
    *s0 = v;
    return w - lr * (j.rule == NESTEROV ? g + j.momentum * v : v);
  }
  case ADAM: {
    const float m = j.beta1 * *s0 + (1.0f - j.beta1) * g, v = j.beta2 * *s1 + (1.0f - j.beta2) * (g * g);
    *s0 = m;
    *s1 = v;
    const float kept = decays ? w - step.decay * w : w;
    return kept - lr * (m * step.c1) / (ksqrt(v * step.c2) + j.eps);
  }
  }
  const float v = j.rule == RMSPROP ? j.beta2 * *s0 + (1.0f - j.beta2) * (g * g) : *s0 + g * g; // else ADAGRAD
  *s0 = v;
  return w - lr * g / (ksqrt(v) + j.eps);
}

// update applies the optimiser's rule to parameter i.
KDEV void update(const Run &c, int i, float g, bool decays) {
  float *w = c.w + i;
  if (c.job->rule == SGD)
    *w -= c.step->lr * g;
  else
    *w = adapt(*c.job, *c.step, *w, w + c.job->size, w + 2 * c.job->size, g, decays);
}

// learn_plain takes the gradient of parameter i, which has no penalty and no decay.
KDEV void learn_plain(const Run &c, int i, float g, bool decays = false) {
  if (c.job->gradient >= 0)
    c.m[c.job->gradient + i] = g;
  else
    update(c, i, g, decays);
}

// learn takes the gradient of weight or table entry i, without the penalty.
KDEV void learn(const Run &c, const Ins &s, int i, float g) {
  const float w = c.w[i];
  g += s.l2 * w;
  if (w > 0) g += s.l1;
  if (w < 0) g -= s.l1;
  learn_plain(c, i, g, s.flags & DECAY);
}

// penalty adds that of n weights to their gradient, which is kept.
KDEV void penalty(const Run &c, const Ins &s) {
  each(c, s.n, [&](int i) { learn(c, s, s.w + i, c.m[c.job->gradient + s.w + i]); });
}

// squares sums the squares of the gradient in parts that do not depend on the team.
KDEV void squares(const Run &c) {
  const Job &j = *c.job;
  const int part = (j.size + j.nparts - 1) / j.nparts;
  warps(c, j.nparts, [&](int p, int lane) {
    float sum = 0;
    for (int i = p * part + lane; i < (p + 1) * part && i < j.size; i += 32) {
      const float g = c.m[j.gradient + i];
      sum = kfma(g, g, sum);
    }
    sum = row_sum(sum, 32);
    if (lane == 0) c.m[j.parts + p] = sum;
  });
}

// update_all updates the parameters w to w+n by the gradient, clipped.
KDEV void update_all(const Run &c, const Ins &s) {
  const Job &j = *c.job;
  float factor = 1;
  if (j.clip > 0) {
    float sum = 0;
    for (int p = (int)(ktid() & 31); p < j.nparts; p += 32) sum += c.m[j.parts + p];
    const float norm = ksqrt(row_sum(sum, 32));
    if (norm > j.clip) factor = j.clip / norm;
  }
  each(c, s.n, [&](int i) { update(c, s.w + i, c.m[j.gradient + s.w + i] * factor, s.flags & DECAY); });
}

// limit scales rows of weights that are longer than the limit back to it.
KDEV void limit(const Run &c, const Ins &s) {
  rows(c, s.n, s.k, [&](int r, int from, int apart) {
    float *w = c.w + s.w + r * s.k, sum = 0;
    for (int i = from; i < s.k; i += apart) sum = kfma(w[i], w[i], sum);
    const float norm = ksqrt(row_sum(sum, apart));
    if (norm > s.limit)
      for (int i = from; i < s.k; i += apart) w[i] *= s.limit / norm;
  });
}
