// team.h - who works together. A team is one block with its own shared memory,
// or several blocks of a cooperative launch with global memory between them.
// Instructions are written once, for both.
#pragma once
#include "maths.h"
#include "tape.h"

// Run is what a thread knows of its team's work.
struct Run {
  const Job *job;
  const Rep *rep;
  const Step *step;
  const Mask *masks;
  float *w;        // state
  float *m;        // scratch
  float *tile;     // shared memory for products
  u32 *bad;        // a loss was no finite number
  u32 *bar;        // the team's barrier
  u32 *phase;      // shared: how far this block has counted it
  int blocks;      // of the team
  int rank;        // of this block
  int turn;        // tiles dealt since the last barrier, to go on with the next block
  int id, threads; // of the team's threads
};

// team_sync is a barrier for the team that makes global memory agree: the first
// thread's fences stand for its block, as in CUDA's cooperative groups.
KDEV void team_sync(Run &c) {
  c.turn = 0;
  if (c.blocks == 1) {
    KSYNC();
    return;
  }
  KSYNC();
  if (ktid() == 0) {
    kfence();
    *c.phase += (u32)c.blocks;
    katomic_add(c.bar, 1u);
    while (kload(c.bar) < *c.phase) kspin();
    kfence();
  }
  KSYNC();
}

// each deals the numbers below n to the team's threads.
template <class F> KDEV void each(const Run &c, int n, F f) {
  for (int i = c.id; i < n; i += c.threads) f(i);
}

// warps deals the numbers below n to the team's warps.
template <class F> KDEV void warps(const Run &c, int n, F f) {
  for (int i = c.id >> 5; i < n; i += c.threads >> 5) f(i, c.id & 31);
}

// rows deals rows of n numbers: a thread a row if they are short, else a warp.
// f gets the row, the first number that is the thread's and how far apart its
// numbers are. The choice, and so the order of sums, depends on n alone.
template <class F> KDEV void rows(const Run &c, int count, int n, F f) {
  if (n <= 8)
    each(c, count, [&](int r) { f(r, 0, 1); });
  else
    warps(c, count, [&](int r, int lane) { f(r, lane, 32); });
}

// row_sum and row_max combine the threads' parts of a row.
KDEV float row_sum(float v, int apart) {
  if (apart > 1)
    for (int mask = 16; mask; mask >>= 1) v += kshuffle(v, mask);
  return v;
}
KDEV float row_max(float v, int apart) {
  if (apart > 1)
    for (int mask = 16; mask; mask >>= 1) {
      const float o = kshuffle(v, mask);
      v = o > v ? o : v;
    }
  return v;
}

// columns deals n columns, 8 to a warp whose 4 groups of lanes each take every
// fourth row. f gets the column (n or more: none), the first row, and takes part in
// column_sum whatever its column is.
template <class F> KDEV void columns(const Run &c, int n, F f) {
  warps(c, (n + 7) / 8, [&](int i, int lane) { f(i * 8 + (lane & 7), lane >> 3); });
}
KDEV float column_sum(float v) {
  v += kshuffle(v, 8);
  v += kshuffle(v, 16);
  return v;
}

// source is the row of the data that row r of the batch is.
KDEV int source(const Run &c, int r) {
  const int i = c.step->first + r;
  return c.rep->order ? c.rep->order[i] : i;
}
