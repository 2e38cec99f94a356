// driver.cc - a look-alike of libcuda.so.1 for tests: the entry points that
// package gpu uses, over the emulation. Memory ends at guard pages and begins as NaN.
#include "fibers.h"
#include "cuda.h"
#include <map>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <vector>

#define SHARED_LIMIT 232448 // bytes a block, as an H100 has
#define MULTIPROCESSORS 3

static std::map<CUdeviceptr, emu::Guarded> allocations;
static emu::Work *recording; // while a stream is captured

// Launch is a kernel's launch with its arguments, as a graph keeps it.
struct Launch {
  emu::Entry *entry;
  unsigned grid, threads;
  size_t dynamic;
  bool together;
  std::vector<u64> values;
  void operator()() {
    std::vector<void *> args;
    for (u64 &v : values) args.push_back(&v);
    emu::launch(entry, grid, threads, dynamic, args.data(), together);
  }
};

void emu::submit(std::function<void()> f) {
  if (recording)
    recording->push_back(f);
  else
    f();
}

// health is what all calls give once a launch has failed: the launch that
// FAKECUDA_FAIL counts.
static CUresult state = CUDA_SUCCESS;
static CUresult health() { return state; }
static bool fails() {
  static long left = getenv("FAKECUDA_FAIL") ? atol(getenv("FAKECUDA_FAIL")) : -1;
  if (left > 0 && --left == 0) state = CUDA_ERROR_LAUNCH_FAILED;
  return state != CUDA_SUCCESS;
}

static CUresult start(CUfunction f, unsigned grid, unsigned threads, unsigned dynamic, void **args, bool together) {
  if (fails()) return health();
  if (threads > 1024 || dynamic > SHARED_LIMIT) return CUDA_ERROR_INVALID_VALUE;
  if (together && grid > 2 * MULTIPROCESSORS) return CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE;
  emu::Entry *e = (emu::Entry *)f;
  Launch l{e, grid, threads, dynamic, together, {}};
  for (int i = 0; i < e->count; i++) {
    u64 v = 0;
    memcpy(&v, args[i], e->sizes[i]);
    l.values.push_back(v);
  }
  emu::submit(l);
  return CUDA_SUCCESS;
}

#pragma GCC visibility push(default)
extern "C" {
CUresult cuInit(unsigned) { return getenv("FAKECUDA_ABSENT") ? CUDA_ERROR_NO_DEVICE : CUDA_SUCCESS; }
CUresult cuDriverGetVersion(int *v) { return *v = 12080, CUDA_SUCCESS; }
CUresult cuDeviceGetCount(int *n) { return *n = 1, CUDA_SUCCESS; }
CUresult cuDeviceGet(CUdevice *d, int i) { return *d = i, CUDA_SUCCESS; }
CUresult cuDeviceGetName(char *s, int n, CUdevice) { return snprintf(s, (size_t)n, "emulation"), CUDA_SUCCESS; }
CUresult cuDeviceTotalMem_v2(size_t *n, CUdevice) { return *n = (size_t)4 << 30, CUDA_SUCCESS; }
CUresult cuDeviceGetAttribute(int *v, CUdevice_attribute a, CUdevice) {
  static const std::map<int, int> known = {
      {CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, 9}, {CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT, MULTIPROCESSORS}, {CU_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH, 1}, {CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, SHARED_LIMIT}};
  auto i = known.find(a);
  return *v = i == known.end() ? 0 : i->second, CUDA_SUCCESS;
}
CUresult cuCtxSetCurrent(CUcontext) { return CUDA_SUCCESS; }
CUresult cuCtxSynchronize(void) { return CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRetain(CUcontext *c, CUdevice) { return *c = (CUcontext)1, CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) { return CUDA_SUCCESS; }
CUresult cuMemGetInfo_v2(size_t *free, size_t *total) { return *free = *total = (size_t)4 << 30, health(); }
CUresult cuMemAlloc_v2(CUdeviceptr *p, size_t n) {
  if (state) return state;
  emu::Guarded g;
  char *start = emu::guarded(n, &g);
  if (!start) return CUDA_ERROR_OUT_OF_MEMORY;
  *p = (CUdeviceptr)start;
  allocations[*p] = g;
  return CUDA_SUCCESS;
}
CUresult cuMemFree_v2(CUdeviceptr p) {
  auto i = allocations.find(p);
  if (i == allocations.end()) return CUDA_ERROR_INVALID_VALUE;
  emu::release(i->second);
  allocations.erase(i);
  return CUDA_SUCCESS;
}
CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t n) { return state ? state : (memcpy((void *)to, from, n), CUDA_SUCCESS); }
CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t n) { return state ? state : (memcpy(to, (void *)from, n), CUDA_SUCCESS); }
CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) { return memcpy((void *)to, (void *)from, n), CUDA_SUCCESS; }
CUresult cuMemsetD32_v2(CUdeviceptr p, unsigned v, size_t n) {
  for (size_t i = 0; i < n; i++) ((unsigned *)p)[i] = v;
  return CUDA_SUCCESS;
}
CUresult cuStreamCreate(CUstream *s, unsigned) { return *s = (CUstream)2, CUDA_SUCCESS; }
CUresult cuStreamDestroy_v2(CUstream) { return CUDA_SUCCESS; }
CUresult cuStreamSynchronize(CUstream) { return health(); }
// A module is its PTX: a kernel must be in there and in the emulation.
CUresult cuModuleLoadData(CUmodule *m, const void *image) {
  if (!strstr((const char *)image, ".version")) return CUDA_ERROR_INVALID_PTX;
  *m = (CUmodule)strdup((const char *)image);
  return CUDA_SUCCESS;
}
CUresult cuModuleUnload(CUmodule m) { return free(m), CUDA_SUCCESS; }
CUresult cuModuleGetFunction(CUfunction *f, CUmodule m, const char *name) {
  const std::string entry = std::string(".entry ") + name + "(";
  *f = (CUfunction)emu::find(name);
  return *f && strstr((const char *)m, entry.c_str()) ? CUDA_SUCCESS : CUDA_ERROR_NOT_FOUND;
}
CUresult cuFuncSetAttribute(CUfunction, CUfunction_attribute, int v) { return v > SHARED_LIMIT ? CUDA_ERROR_INVALID_VALUE : CUDA_SUCCESS; }
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *n, CUfunction, int, size_t) { return *n = 1, CUDA_SUCCESS; }
CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned dynamic, CUstream, void **args, void **) {
  return gy * gz * by * bz == 1 ? start(f, gx, bx, dynamic, args, false) : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuLaunchCooperativeKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned dynamic, CUstream, void **args) {
  return gy * gz * by * bz == 1 ? start(f, gx, bx, dynamic, args, true) : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuStreamBeginCapture_v2(CUstream, CUstreamCaptureMode) { return recording = new emu::Work, CUDA_SUCCESS; }
CUresult cuStreamEndCapture(CUstream, CUgraph *g) {
  *g = (CUgraph)recording;
  recording = nullptr;
  return *g ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_STATE;
}
CUresult cuGraphInstantiateWithFlags(CUgraphExec *x, CUgraph g, unsigned long long) { return *x = (CUgraphExec) new emu::Work(*(emu::Work *)g), CUDA_SUCCESS; }
CUresult cuGraphDestroy(CUgraph g) { return delete (emu::Work *)g, CUDA_SUCCESS; }
CUresult cuGraphExecDestroy(CUgraphExec x) { return delete (emu::Work *)x, CUDA_SUCCESS; }
CUresult cuGraphLaunch(CUgraphExec x, CUstream) {
  for (auto &f : *(emu::Work *)x) f();
  return health();
}
}
#pragma GCC visibility pop
