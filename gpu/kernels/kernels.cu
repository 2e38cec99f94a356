// kernels.cu - a tape at work. train_block runs it in one block a replica, whose
// state and scratch lie in shared memory; grid_* runs it in teams of blocks of a
// cooperative launch, over global memory, or only the instructions between two
// barriers, so that a graph of launches is a step.
#include "losses.h"
#include "norms.h"

enum { NO_PRODUCTS = -2 }; // beside the precisions and -1, direct products

// perform does one instruction.
template <int P> KDEV void perform(Run &c, const Ins &s, int step) {
  if constexpr (P != NO_PRODUCTS) {
    switch (s.op) {
    case DENSE: dense<P>(c, s); return;
    case DENSE_DX: dense_dx<P>(c, s); return;
    case DENSE_DW: dense_dw<P>(c, s); return;
    }
  }
  switch (s.op) {
  case GATHER: gather(c, s); break;
  case ACTIVATE: activate(c, s); break;
  case SOFTMAX: softmax(c, s); break;
  case DROP: drop(c, s); break;
  case BATCHNORM: batchnorm(c, s); break;
  case RUNNORM: runnorm(c, s); break;
  case LAYERNORM: layernorm(c, s); break;
  case COPY: copy(c, s); break;
  case LOOKUP: lookup(c, s); break;
  case ADD: add(c, s); break;
  case HEAD: head(c, s); break;
  case PREDICT: predict(c, s); break;
  case EMIT: emit(c, s); break;
  case SUMLOSS: sum_loss(c, s, step); break;
  case DELTA: delta(c, s); break;
  case ACTIVATE_B: activate_back(c, s); break;
  case SOFTMAX_B: softmax_back(c, s); break;
  case DROP_B: drop_back(c, s); break;
  case BATCHNORM_B: batchnorm_back(c, s); break;
  case LAYERNORM_B: layernorm_back(c, s); break;
  case ADD_B: add_back(c, s); break;
  case LAYERNORM_DW: layernorm_dw(c, s); break;
  case LOOKUP_DW: lookup_dw(c, s); break;
  case MOVE_RUNNING: move_running(c, s); break;
  case SQUARES: squares(c); break;
  case UPDATE: update_all(c, s); break;
  case LIMIT: limit(c, s); break;
  case ROUND: round_half(c, s); break;
  case BIAS_DW: bias_dw(c, s); break;
  case PENALTY: penalty(c, s); break;
  }
}

// Shared memory of a block: the tape, two steps, a few words, then tiles for
// products or state and scratch. shared.go lays out the same.
enum { STEP_WORDS = 8, FLAG_WORDS = 8 };
struct Shared {
  Ins *tape;
  Step *steps; // 2, taken in turns
  u32 *flags;  // [0] a loss was no finite number, [1] phase of the barrier
  float *rest;
};
KDEV Shared shared_of(float *all, int count) {
  Shared s;
  s.tape = (Ins *)all;
  s.steps = (Step *)(s.tape + count);
  s.flags = (u32 *)(s.steps + 2);
  s.rest = (float *)(s.flags + FLAG_WORDS);
  return s;
}
// fetch copies a step's numbers to shared memory.
KDEV void fetch(const Shared &s, const Rep &rep, int step) {
  if (step < rep.nsteps && ktid() < STEP_WORDS) ((u32 *)(s.steps + (step & 1)))[ktid()] = ((const u32 *)(rep.steps + step))[ktid()];
}
KDEV void begin(const Shared &s, const Job &job) {
  const int t = (int)ktid(), nt = (int)kntid();
  for (int i = t; i < job.count * (int)(sizeof(Ins) / 4); i += nt) ((u32 *)s.tape)[i] = ((const u32 *)job.tape)[i];
  if (t < FLAG_WORDS) s.flags[t] = 0;
}

// run makes a replica's steps by the instructions from `from` to before `to`. It
// stops before the update if a loss is no finite number. Where each phase is a
// launch of its own, it makes the one step that result[0] counts, and once a
// loss was no finite number no more of it than that loss.
template <int P> KDEV void run(Run &c, const Shared &s, int from, int to, bool phased) {
  const Rep &rep = *c.rep;
  int taken = phased ? rep.result[0] : 0;
  const bool stopped = phased && kload(c.bad) != 0;
  fetch(s, rep, taken);
  KSYNC(); // the step, the tape and, in shared memory, state and scratch are there
  bool bad = false;
  for (; taken < rep.nsteps; taken++) {
    c.step = s.steps + (taken & 1);
    c.masks = rep.masks + (u64)(u32)taken * (u32)c.job->dropouts;
    if (!phased) fetch(s, rep, taken + 1);
    for (int i = from; i < to; i++) {
      const Ins &ins = s.tape[i];
      if (stopped && ins.op > SUMLOSS) break;
      perform<P>(c, ins, taken);
      if (!ins.sync || phased) continue;
      team_sync(c);
      if (ins.op != HEAD) continue;
      bad = kload(c.bad) != 0;
      if (!bad) continue;
      sum_loss(c, ins, taken);
      break;
    }
    if (bad || phased) break;
  }
  if (!phased && c.rank == 0 && ktid() == 0) rep.result[0] = taken, rep.result[1] = bad;
}

KERNEL __launch_bounds__(512) train_block(const Job *job) {
  KDYNAMIC(all);
  const Shared s = shared_of(all, job->count);
  const int t = (int)ktid(), nt = (int)kntid(), state = job->size * (1 + job->slots);
  Run c = {};
  begin(s, *job);
  c.job = job;
  c.rep = job->reps + kbid();
  c.w = s.rest;
  c.m = c.w + state;
  c.bad = s.flags;
  c.blocks = 1;
  c.id = t;
  c.threads = nt;
  for (int i = t; i < state; i += nt) c.w[i] = c.rep->state[i];
  for (int i = t; i < (int)job->stride; i += nt) c.m[i] = 0;
  run<-1>(c, s, 0, job->count, false); // a tape ends with a barrier
  for (int i = t; i < state; i += nt) c.rep->state[i] = c.w[i];
}

// team gives the block its place in a team and the team's memory.
KDEV Run team(const Job *job, const Shared &s) {
  const int blocks = (int)knbid() / job->teams, number = (int)kbid() / blocks;
  Run c = {};
  c.job = job;
  c.m = job->scratch + job->stride * (u32)number;
  c.tile = s.rest;
  c.bar = job->sync + 32 * number;
  c.bad = c.bar + 16;
  c.phase = s.flags + 1;
  c.blocks = blocks;
  c.rank = (int)kbid() % blocks;
  c.id = c.rank * (int)kntid() + (int)ktid();
  c.threads = blocks * (int)kntid();
  return c;
}

// grid is a whole cooperative launch (from < 0) or one phase of it.
template <int P> KDEV void grid(const Job *job, int from, int to) {
  KDYNAMIC(all);
  const Shared s = shared_of(all, job->count);
  begin(s, *job);
  Run c = team(job, s);
  const bool phased = from >= 0;
  for (int r = (int)kbid() / c.blocks; r < job->nreps; r += job->teams) {
    c.rep = job->reps + r;
    c.w = c.rep->state;
    run<P>(c, s, phased ? from : 0, phased ? to : job->count, phased);
    if (r + job->teams >= job->nreps) break;
    team_sync(c); // all have seen that a loss was no finite number
    if (c.rank == 0 && ktid() == 0) *c.bad = 0; // before the barrier behind GATHER
  }
}

// Two blocks a multiprocessor: 128 registers a thread (without, over 230 and one block).
KERNEL __launch_bounds__(256, 2) grid_f32(const Job *job, int from, int to) { grid<F32>(job, from, to); }
KERNEL __launch_bounds__(256, 2) grid_tf32(const Job *job, int from, int to) { grid<TF32>(job, from, to); }
KERNEL __launch_bounds__(256, 2) grid_bf16(const Job *job, int from, int to) { grid<BF16>(job, from, to); }

// phase is for graphs whose products are cuBLASLt's: it needs fewer registers, so
// that more threads wait for memory at the same time.
KERNEL __launch_bounds__(256, 4) phase(const Job *job, int from, int to) { grid<NO_PRODUCTS>(job, from, to); }

// count_step counts the step that the phases before it have made.
KERNEL count_step(const Job *job) {
  int *result = job->reps->result;
  if (kload(job->sync + 16) != 0)
    result[1] = 1;
  else
    result[0]++;
}

KEXPORT(train_block)
KEXPORT(grid_f32)
KEXPORT(grid_tf32)
KEXPORT(grid_bf16)
KEXPORT(phase)
KEXPORT(count_step)
