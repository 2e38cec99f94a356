//go:build cuda && linux && cgo

/* lt.c - see lt.h. */
#define _GNU_SOURCE
#include "lt.h"
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

static void *handle;
static size_t (*GetVersion)(void);
static int (*Create)(void **);
static int (*MatmulDescCreate)(void **, int compute, int scale);
static int (*MatmulDescSetAttribute)(void *, int, const void *, size_t);
static int (*MatmulDescDestroy)(void *);
static int (*MatrixLayoutCreate)(void **, int type, uint64_t rows, uint64_t columns, int64_t ld);
static int (*MatrixLayoutDestroy)(void *);
static int (*MatmulPreferenceCreate)(void **);
static int (*MatmulPreferenceSetAttribute)(void *, int, const void *, size_t);
static int (*MatmulPreferenceDestroy)(void *);
static int (*MatmulAlgoGetHeuristic)(void *, void *, void *, void *, void *, void *, void *, int, lt_heuristic *, int *);
static int (*Matmul)(void *, void *, const void *, const void *, void *, const void *, void *, const void *, const void *, void *, void *, void *, const lt_algo *, void *, size_t, void *);

static const struct { const char *name; void **slot; } table[] = {
#define ENTRY(name) {"cublasLt" #name, (void **)&name}
    ENTRY(GetVersion), ENTRY(Create), ENTRY(MatmulDescCreate), ENTRY(MatmulDescSetAttribute), ENTRY(MatmulDescDestroy), ENTRY(MatrixLayoutCreate), ENTRY(MatrixLayoutDestroy),
    ENTRY(MatmulPreferenceCreate), ENTRY(MatmulPreferenceSetAttribute), ENTRY(MatmulPreferenceDestroy), ENTRY(MatmulAlgoGetHeuristic), ENTRY(Matmul),
#undef ENTRY
};

int lt_open(const char *path, char *message, size_t n) {
  void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!lib) {
    snprintf(message, n, "%s", dlerror());
    return -1;
  }
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
    *table[i].slot = dlsym(lib, table[i].name);
    if (!*table[i].slot) {
      snprintf(message, n, "%s has no %s", path, table[i].name);
      dlclose(lib);
      return -1;
    }
  }
  struct link_map *map = NULL;
  snprintf(message, n, "%s", dlinfo(lib, RTLD_DI_LINKMAP, &map) == 0 ? map->l_name : path);
  return 0;
}
size_t lt_version(void) { return GetVersion(); }
int lt_create(void) { return Create(&handle); }

/* alignment is the greatest power of two up to 256 that divides an address. */
static uint32_t alignment(uint64_t address) {
  uint32_t a = 256;
  while (address % a) a /= 2;
  return a;
}

/* choose asks for the algorithm that cuBLASLt expects to be the fastest. */
static int choose(lt_product *p, size_t workspace) {
  void *preference = NULL;
  int status = MatmulPreferenceCreate(&preference), found = 0;
  if (status) return status;
  const lt_call *c = &p->call; /* the bias's alignment is promised with D's, as PyTorch does: it has no attribute of its own */
  const uint32_t at[4] = {alignment(c->a), alignment(c->b), alignment(c->d), alignment(c->d | c->bias)};
  status = MatmulPreferenceSetAttribute(preference, LT_PREF_WORKSPACE, &workspace, sizeof workspace);
  for (int i = 0; i < 4 && !status; i++) status = MatmulPreferenceSetAttribute(preference, LT_PREF_ALIGNMENT_A + i, &at[i], sizeof at[i]);
  lt_heuristic best;
  memset(&best, 0, sizeof best);
  if (!status) status = MatmulAlgoGetHeuristic(handle, p->desc, p->la, p->lb, p->ld, p->ld, preference, 1, &best, &found);
  MatmulPreferenceDestroy(preference);
  if (!status && found == 0) status = 15; /* CUBLAS_STATUS_NOT_SUPPORTED */
  p->algo = best.algo;
  return status ? status : best.state;
}

int lt_prepare(lt_product *p, const lt_call *c, size_t workspace) {
  memset(p, 0, sizeof *p);
  p->call = *c;
  int status = MatmulDescCreate(&p->desc, c->compute, LT_R_32F);
  const struct { int attribute; const void *value; size_t size; } set[] = {
      {LT_DESC_TRANSA, &c->transa, sizeof c->transa}, {LT_DESC_TRANSB, &c->transb, sizeof c->transb}, {LT_DESC_EPILOGUE, &c->epilogue, sizeof c->epilogue},
      {LT_DESC_BIAS_POINTER, &c->bias, c->bias ? sizeof c->bias : 0}, {LT_DESC_AUX_POINTER, &c->aux, c->aux ? sizeof c->aux : 0}, {LT_DESC_AUX_LD, &c->aux_ld, c->aux ? sizeof c->aux_ld : 0}};
  for (size_t i = 0; i < sizeof set / sizeof set[0] && !status; i++)
    if (set[i].size) status = MatmulDescSetAttribute(p->desc, set[i].attribute, set[i].value, set[i].size);
  const int64_t ra = c->transa ? c->k : c->m, rb = c->transb ? c->n : c->k;
  if (!status) status = MatrixLayoutCreate(&p->la, c->in, (uint64_t)ra, (uint64_t)(c->m + c->k - ra), ra);
  if (!status) status = MatrixLayoutCreate(&p->lb, c->in, (uint64_t)rb, (uint64_t)(c->n + c->k - rb), rb);
  if (!status) status = MatrixLayoutCreate(&p->ld, c->out, (uint64_t)c->m, (uint64_t)c->n, c->m);
  if (!status) status = choose(p, workspace);
  if (status) lt_release(p);
  return status;
}

int lt_run(const lt_product *p, uint64_t workspace, size_t bytes, void *stream) {
  const float alpha = 1;
  const lt_call *c = &p->call;
  return Matmul(handle, p->desc, &alpha, (void *)c->a, p->la, (void *)c->b, p->lb, &c->beta, (void *)c->d, p->ld, (void *)c->d, p->ld, &p->algo, (void *)workspace, bytes, stream);
}

void lt_release(lt_product *p) {
  if (p->la) MatrixLayoutDestroy(p->la);
  if (p->lb) MatrixLayoutDestroy(p->lb);
  if (p->ld) MatrixLayoutDestroy(p->ld);
  if (p->desc) MatmulDescDestroy(p->desc);
  memset(p, 0, sizeof *p);
}
