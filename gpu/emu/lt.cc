// lt.cc - a look-alike of libcublasLt for tests: the products and epilogues that
// package cublaslt asks for, one sum after the other. It refuses what the real
// one refuses: what is not aligned as promised, and masks of odd widths. The
// variable FAKECUBLASLT_LACKS refuses epilogues too, by their bits.
#include "fibers.h"
#include "lt.h"
#include <stdlib.h>

namespace {
struct Desc {
  int compute, transa = 0, transb = 0, epilogue = LT_DEFAULT;
  u64 bias = 0, aux = 0;
  int64_t aux_ld = 0;
};
struct Layout {
  int type;
  int64_t rows, columns, ld;
};
struct Preference { u32 alignment[4] = {256, 256, 256, 256}; };

enum { OK = 0, INVALID = 7, NOT_SUPPORTED = 15 };

float rounded(float v, int compute) {
  if (compute != LT_COMPUTE_32F_FAST_TF32) return v;
  u32 u;
  memcpy(&u, &v, 4);
  u = (u + 0x1000u) & 0xffffe000u;
  memcpy(&v, &u, 4);
  return v;
}
float get(const Layout &l, u64 at, int64_t i) {
  float v;
  u32 u;
  if (l.type == LT_R_32F) return memcpy(&v, (const char *)at + 4 * i, 4), v;
  u = (u32)((const u16 *)at)[i] << 16;
  return memcpy(&v, &u, 4), v;
}
void set(const Layout &l, u64 at, int64_t i, float v) {
  u32 u;
  memcpy(&u, &v, 4);
  if (l.type == LT_R_32F)
    memcpy((char *)at + 4 * i, &u, 4);
  else
    ((u16 *)at)[i] = (u16)((u + 0x7fffu + ((u >> 16) & 1u)) >> 16);
}

// follow is what comes after the sum of row i and column j of D, column-major.
float follow(const Desc &d, const Layout &out, float v, int64_t i, int64_t j) {
  unsigned char *mask = (unsigned char *)d.aux + (j * d.aux_ld + i) / 8;
  const int bit = (int)((j * d.aux_ld + i) & 7);
  if (d.epilogue & LT_DRELU) return *mask >> bit & 1 ? v : 0.0f;
  if (d.epilogue & LT_BIAS) v += get(out, d.bias, i);
  if (d.epilogue & LT_RELU) {
    if (d.epilogue & LT_AUX) *mask = (unsigned char)((*mask & ~(1 << bit)) | (v > 0) << bit);
    v = v > 0 ? v : 0.0f;
  }
  return v;
}

void multiply(const Desc &d, u64 a, const Layout &la, u64 b, const Layout &lb, float beta, u64 c, const Layout &ld) {
  const int64_t k = d.transa ? la.rows : la.columns;
  for (int64_t j = 0; j < ld.columns; j++) {
    float sum = 0;
    for (int64_t n = 0; n < k; n++) sum += get(lb, b, d.transb ? n * lb.ld + j : j * lb.ld + n);
    if (d.epilogue & LT_BGRADB) set(ld, d.bias, j, sum);
    for (int64_t i = 0; i < ld.rows; i++) {
      float v = 0;
      for (int64_t n = 0; n < k; n++)
        v = __builtin_fmaf(rounded(get(la, a, d.transa ? i * la.ld + n : n * la.ld + i), d.compute), rounded(get(lb, b, d.transb ? n * lb.ld + j : j * lb.ld + n), d.compute), v);
      if (beta != 0) v += beta * get(ld, c, j * ld.ld + i);
      set(ld, c, j * ld.ld + i, follow(d, ld, v, i, j));
    }
  }
}
} // namespace

#pragma GCC visibility push(default)
extern "C" {
size_t cublasLtGetVersion(void) { return 120900; }
int cublasLtCreate(void **h) { return *h = (void *)1, OK; }
int cublasLtMatmulDescCreate(void **d, int compute, int scale) {
  if (scale != LT_R_32F) return INVALID;
  Desc *desc = new Desc;
  desc->compute = compute;
  return *d = desc, OK;
}
int cublasLtMatmulDescSetAttribute(void *p, int attribute, const void *value, size_t size) {
  Desc *d = (Desc *)p;
  const struct { int attribute; void *to; size_t size; } known[] = {
      {LT_DESC_TRANSA, &d->transa, 4}, {LT_DESC_TRANSB, &d->transb, 4}, {LT_DESC_EPILOGUE, &d->epilogue, 4}, {LT_DESC_BIAS_POINTER, &d->bias, 8}, {LT_DESC_AUX_POINTER, &d->aux, 8}, {LT_DESC_AUX_LD, &d->aux_ld, 8}};
  for (auto &k : known)
    if (k.attribute == attribute && k.size == size) return memcpy(k.to, value, size), OK;
  return INVALID;
}
int cublasLtMatmulDescDestroy(void *p) { return delete (Desc *)p, OK; }
int cublasLtMatrixLayoutCreate(void **l, int type, uint64_t rows, uint64_t columns, int64_t ld) { return *l = new Layout{type, (int64_t)rows, (int64_t)columns, ld}, OK; }
int cublasLtMatrixLayoutDestroy(void *p) { return delete (Layout *)p, OK; }
int cublasLtMatmulPreferenceCreate(void **p) { return *p = new Preference, OK; }
int cublasLtMatmulPreferenceSetAttribute(void *p, int attribute, const void *value, size_t) {
  if (attribute >= LT_PREF_ALIGNMENT_A && attribute < LT_PREF_ALIGNMENT_A + 4) memcpy(&((Preference *)p)->alignment[attribute - LT_PREF_ALIGNMENT_A], value, 4);
  return OK;
}
int cublasLtMatmulPreferenceDestroy(void *p) { return delete (Preference *)p, OK; }
// The algorithm keeps the alignments that were promised.
int cublasLtMatmulAlgoGetHeuristic(void *, void *desc, void *a, void *b, void *, void *c, void *preference, int, lt_heuristic *best, int *found) {
  const Desc &d = *(Desc *)desc;
  const Layout &la = *(Layout *)a, &lb = *(Layout *)b, &ld = *(Layout *)c;
  const char *lacks = getenv("FAKECUBLASLT_LACKS");
  const bool fits = (d.transa ? la.columns : la.rows) == ld.rows && (d.transb ? lb.rows : lb.columns) == ld.columns && (d.transa ? la.rows : la.columns) == (d.transb ? lb.columns : lb.rows);
  if (!fits || (d.epilogue & LT_AUX && (d.aux_ld % 128 || d.aux_ld < ld.rows))) return INVALID;
  if ((lacks && d.epilogue & atoi(lacks)) || la.type != lb.type) return NOT_SUPPORTED;
  memcpy(best->algo.data, ((Preference *)preference)->alignment, 16);
  best->state = OK;
  return *found = 1, OK;
}
int cublasLtMatmul(void *, void *desc, const void *alpha, const void *a, void *la, const void *b, void *lb, const void *beta, const void *, void *, void *d, void *ld, const lt_algo *algo, void *, size_t, void *) {
  u32 alignment[4];
  memcpy(alignment, algo->data, 16);
  const Desc op = *(Desc *)desc;
  if (*(const float *)alpha != 1 || (u64)a % alignment[0] || (u64)b % alignment[1] || (u64)d % alignment[3] || op.bias % alignment[3]) return INVALID;
  const Layout x = *(Layout *)la, y = *(Layout *)lb, z = *(Layout *)ld;
  const float scale = *(const float *)beta;
  emu::submit([=] { multiply(op, (u64)a, x, (u64)b, y, scale, (u64)d, z); });
  return OK;
}
}
#pragma GCC visibility pop
