/* lt.h - the part of cuBLASLt's interface that is used, opened at run time. The
 * names are those of NVIDIA's documentation of cuBLASLt, the numbers have been
 * the same from CUDA 11.4 to 13. */
#pragma once
#include <stddef.h>
#include <stdint.h>

typedef struct { uint64_t data[8]; } lt_algo;
typedef struct {
  lt_algo algo;
  size_t workspace;
  int state; /* 0: usable */
  float waves;
  int reserved[4];
} lt_heuristic;

enum { LT_R_32F = 0, LT_R_16BF = 14 };                                            /* cudaDataType */
enum { LT_COMPUTE_32F = 68, LT_COMPUTE_32F_FAST_TF32 = 77 };                      /* cublasComputeType_t */
enum { LT_DESC_TRANSA = 3, LT_DESC_TRANSB = 4, LT_DESC_EPILOGUE = 7, LT_DESC_BIAS_POINTER = 8, LT_DESC_AUX_POINTER = 11, LT_DESC_AUX_LD = 12 };
enum { LT_PREF_WORKSPACE = 1, LT_PREF_ALIGNMENT_A = 5 };                          /* then B, C, D */
enum { LT_RELU = 2, LT_BIAS = 4, LT_DRELU = 8, LT_AUX = 128, LT_BGRADB = 512, LT_DEFAULT = 1 }; /* epilogues, added together */

/* lt_call is one product, column-major as cuBLASLt has it:
 * D (m×n) = epilogue(op(A) op(B) + beta C), C = D, packed. */
typedef struct {
  int64_t m, n, k;
  int transa, transb;       /* op(A) is A's transpose */
  int in, out, compute;     /* types */
  int epilogue;
  uint64_t a, b, d, bias, aux; /* addresses */
  int64_t aux_ld;           /* bits of a column of the mask, a multiple of 128 */
  float beta;
} lt_call;

/* lt_product is a call that cuBLASLt has chosen an algorithm for. */
typedef struct {
  lt_call call;
  void *desc, *la, *lb, *ld;
  lt_algo algo;
} lt_product;

int lt_open(const char *path, char *message, size_t n); /* 0, or a message; on success the library's path */
size_t lt_version(void);
int lt_create(void);
/* The others give a cublasStatus_t. */
int lt_prepare(lt_product *p, const lt_call *call, size_t workspace);
int lt_run(const lt_product *p, uint64_t workspace, size_t bytes, void *stream);
void lt_release(lt_product *p);
