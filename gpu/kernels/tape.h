// tape.h - what the host hands to the kernels. A plan becomes a tape of
// instructions; tape.go has the same structs, field by field.
#pragma once
#include "dialect.h"

// Instructions, numbered as in tape.go.
enum {
  GATHER, DENSE, ACTIVATE, SOFTMAX, DROP, BATCHNORM, RUNNORM, LAYERNORM, COPY, LOOKUP, ADD, // forward
  HEAD, PREDICT, EMIT, SUMLOSS,
  DELTA, DENSE_DX, ACTIVATE_B, SOFTMAX_B, DROP_B, BATCHNORM_B, LAYERNORM_B, ADD_B, // backward
  DENSE_DW, LAYERNORM_DW, LOOKUP_DW, MOVE_RUNNING, SQUARES, UPDATE, LIMIT, // gradients of parameters, and what becomes of them
  ROUND, BIAS_DW, PENALTY // beside products that are cuBLASLt's
};

// Losses, numbered as in build.go.
enum { MSE, MAE, HUBER, QUANTILE, BCE, CROSS_ENTROPY, FOCAL, FOCAL_SOFTMAX, PERCEPTRON };

// What PREDICT does to logits: LINEAR, SIGMOID or STEP of maths.h, or:
enum { ROW_SOFTMAX = 100 };

// Rules of optimisers, numbered as in build.go.
enum { SGD, MOMENTUM, NESTEROV, ADAM, RMSPROP, ADAGRAD };

enum { TRAIN_W = 1, TRAIN_B = 2, DECAY = 4, ADD_GIN = 8, ADD_GIN2 = 16, HALF = 32 }; // flags; HALF: out is bf16

// Ins is an instruction. Buffers are offsets into the scratch memory, rows × n;
// parameters are offsets into the state; -1 is none.
struct Ins {
  int op, sync;      // sync: all wait for all when it is done
  int in, in2, out;  // values read and written
  int gin, gin2, gout; // their gradients: written or added to, and read
  int flags;
  int w, b;          // parameters
  int n, k;          // width of out and of in
  int act, z;        // activation, and its inputs where its slope needs them
  int below, zbelow, actbelow; // DENSE_DX: the activation that made `in`, whose slope is applied too
  int aux, aux2;     // more buffers and parameters
  int index, key;    // number among the dropouts, categories; key of random numbers
  float p, pbelow;   // parameters of activations and losses
  float eps, momentum, l1, l2, limit;
  int pad[3];
};
static_assert(sizeof(Ins) == 128, "tape.go has 128 bytes");

// Step is one update or one block of rows of a pass.
struct Step {
  int first, rows;   // rows order[first] and on; without order rows first and on
  int row0;          // number of the first row, for masks
  u32 number;        // number of the update, for masks
  float lr, decay;   // decay: lr · weight decay
  float c1, c2;      // Adam's 1/(1-β^t)
};
static_assert(sizeof(Step) == 32, "tape.go has 32 bytes");

// Mask is the rule of one dropout at one step, see nn.DropoutThreshold.
struct Mask {
  u64 threshold;
  float scale;
  int pad;
};

// Rep is one replica at work.
struct Rep {
  const float *x;
  const int *codes;
  const float *y, *weights; // weights may be null
  const int *order;         // may be null
  const Step *steps;
  const Mask *masks;        // steps × dropouts
  float *state;             // parameters, then the optimiser's vectors
  float *loss;              // of each step, Σ weight·loss
  float *out;               // of PREDICT and EMIT
  int *result;              // {steps taken, stopped by a loss that is no finite number}
  u32 seed0, seed1;
  int nsteps, rows;         // rows: of the whole pass, for EMIT
};

// Job is one launch.
struct Job {
  const Ins *tape;
  const Rep *reps;
  float *scratch; // of each team, one after the other; unused where it is shared memory
  u32 *sync;      // 32 words a team: [0] the barrier's count, [16] a loss was no finite number
  u64 stride;     // floats of scratch of a team
  int count;      // instructions
  int nreps, teams;
  int size, slots; // parameters, vectors of the optimiser
  int dropouts, categories, targets; // columns of masks, codes, y
  int gradient;   // buffer for the gradient, or -1: updates are made at once
  int parts, nparts; // buffer for sums of squares
  int rule;
  float momentum, beta1, beta2, eps, clip;
  int pad;
};
static_assert(sizeof(Mask) == 16 && sizeof(Rep) == 104 && sizeof(Job) == 112, "tape.go has these");
