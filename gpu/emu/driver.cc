// driver.cc - a look-alike of libcuda.so.1 for tests: the entry points that
// package gpu uses, over the emulation. Memory ends at guard pages and begins as NaN.
// It is as strict as a real driver may be: the NULL stream's work is late, calls
// need the context on their thread, and few are allowed while a stream is captured.
#include "fibers.h"
#include "cuda.h"
#include <map>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <vector>

#define SHARED_DEFAULT 49152 // bytes of dynamic shared memory, unless a kernel is allowed more
#define SHARED_LIMIT 232448 // bytes a block, as an H100 has
#define MULTIPROCESSORS 3

static std::map<CUdeviceptr, emu::Guarded> allocations;
static emu::Work *recording; // while a stream is captured
static bool spoilt;          // by a call that is not allowed meanwhile
static thread_local bool bound; // the context is current on this thread

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
static CUresult health() { return bound ? state : CUDA_ERROR_INVALID_CONTEXT; }
static CUresult launched() {
  static long left = getenv("FAKECUDA_FAIL") ? atol(getenv("FAKECUDA_FAIL")) : -1;
  if (left > 0 && --left == 0) state = CUDA_ERROR_LAUNCH_FAILED;
  return health();
}
// uncaptured is health for calls that spoil a capture.
static CUresult uncaptured() {
  if (!recording) return health();
  spoilt = true;
  return CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED;
}

// late is what the NULL stream was given and the caller was not kept waiting for:
// sets, copies within the device, small ones from the host's pageable memory.
// Streams that do not wait for the NULL stream overtake it.
static emu::Work late;
static bool waits; // the stream waits for the NULL stream
static void catch_up() {
  emu::Work now;
  now.swap(late);
  for (auto &f : now) f();
}

// allowed is the dynamic shared memory of kernels that are allowed more than others.
static std::map<emu::Entry *, unsigned> allowed;
static unsigned limit(emu::Entry *e) { return allowed.count(e) ? allowed[e] : SHARED_DEFAULT; }

static CUresult start(CUfunction f, unsigned grid, unsigned threads, unsigned dynamic, void **args, bool together) {
  if (CUresult r = launched()) return r;
  emu::Entry *e = (emu::Entry *)f;
  if (threads > 1024 || dynamic > limit(e)) return CUDA_ERROR_INVALID_VALUE;
  if (together && grid > 2 * MULTIPROCESSORS) return CUDA_ERROR_COOPERATIVE_LAUNCH_TOO_LARGE;
  Launch l{e, grid, threads, dynamic, together, {}};
  for (int i = 0; i < e->count; i++) {
    u64 v = 0;
    memcpy(&v, args[i], e->sizes[i]);
    l.values.push_back(v);
  }
  if (waits && !recording) catch_up();
  emu::submit(l);
  return CUDA_SUCCESS;
}

#pragma GCC visibility push(default)
extern "C" {
// FAKECUDA_INIT is the error that the driver starts with.
CUresult cuInit(unsigned) { return getenv("FAKECUDA_INIT") ? (CUresult)atoi(getenv("FAKECUDA_INIT")) : CUDA_SUCCESS; }
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
CUresult cuCtxSetCurrent(CUcontext) { return bound = true, CUDA_SUCCESS; }
CUresult cuCtxSynchronize(void) { return uncaptured(); }
CUresult cuDevicePrimaryCtxRetain(CUcontext *c, CUdevice) { return *c = (CUcontext)1, CUDA_SUCCESS; }
CUresult cuDevicePrimaryCtxRelease_v2(CUdevice) { return CUDA_SUCCESS; }
CUresult cuMemGetInfo_v2(size_t *free, size_t *total) { return *free = *total = (size_t)4 << 30, health(); }
// FAKECUDA_MEMORY is how many bytes may be allocated at once.
CUresult cuMemAlloc_v2(CUdeviceptr *p, size_t n) {
  if (CUresult r = uncaptured()) return r;
  const char *most = getenv("FAKECUDA_MEMORY");
  if (most && n > (size_t)atol(most)) return CUDA_ERROR_OUT_OF_MEMORY;
  emu::Guarded g;
  char *start = emu::guarded(n, &g);
  if (!start) return CUDA_ERROR_OUT_OF_MEMORY;
  *p = (CUdeviceptr)start;
  allocations[*p] = g;
  return CUDA_SUCCESS;
}
CUresult cuMemFree_v2(CUdeviceptr p) {
  if (CUresult r = uncaptured()) return r;
  catch_up();
  auto i = allocations.find(p);
  if (i == allocations.end()) return CUDA_ERROR_INVALID_VALUE;
  emu::release(i->second);
  allocations.erase(i);
  return CUDA_SUCCESS;
}
CUresult cuMemcpyHtoD_v2(CUdeviceptr to, const void *from, size_t n) {
  if (CUresult r = uncaptured()) return r;
  const std::string staged((const char *)from, n);
  late.push_back([=] { memcpy((void *)to, staged.data(), staged.size()); });
  if (n > 65536) catch_up();
  return CUDA_SUCCESS;
}
CUresult cuMemcpyDtoH_v2(void *to, CUdeviceptr from, size_t n) {
  if (CUresult r = uncaptured()) return r;
  catch_up();
  return memcpy(to, (void *)from, n), CUDA_SUCCESS;
}
CUresult cuMemcpyDtoD_v2(CUdeviceptr to, CUdeviceptr from, size_t n) {
  if (CUresult r = uncaptured()) return r;
  late.push_back([=] { memcpy((void *)to, (void *)from, n); });
  return CUDA_SUCCESS;
}
CUresult cuMemsetD32_v2(CUdeviceptr p, unsigned v, size_t n) {
  if (CUresult r = uncaptured()) return r;
  late.push_back([=] {
    for (size_t i = 0; i < n; i++) ((unsigned *)p)[i] = v;
  });
  return CUDA_SUCCESS;
}
CUresult cuStreamCreate(CUstream *s, unsigned flags) { return waits = !(flags & CU_STREAM_NON_BLOCKING), *s = (CUstream)2, health(); }
CUresult cuStreamDestroy_v2(CUstream) { return CUDA_SUCCESS; }
CUresult cuStreamSynchronize(CUstream) { return uncaptured(); }
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
CUresult cuFuncSetAttribute(CUfunction f, CUfunction_attribute, int v) {
  if (v > SHARED_LIMIT) return CUDA_ERROR_INVALID_VALUE;
  allowed[(emu::Entry *)f] = (unsigned)v;
  return health();
}
CUresult cuOccupancyMaxActiveBlocksPerMultiprocessor(int *n, CUfunction f, int, size_t dynamic) { return *n = dynamic <= limit((emu::Entry *)f), health(); }
CUresult cuLaunchKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned dynamic, CUstream, void **args, void **) {
  return gy * gz * by * bz == 1 ? start(f, gx, bx, dynamic, args, false) : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuLaunchCooperativeKernel(CUfunction f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned dynamic, CUstream, void **args) {
  return gy * gz * by * bz == 1 ? start(f, gx, bx, dynamic, args, true) : CUDA_ERROR_INVALID_VALUE;
}
CUresult cuStreamBeginCapture_v2(CUstream, CUstreamCaptureMode) {
  if (CUresult r = uncaptured()) return r;
  return recording = new emu::Work, spoilt = false, CUDA_SUCCESS;
}
CUresult cuStreamEndCapture(CUstream, CUgraph *g) {
  *g = (CUgraph)(spoilt ? nullptr : recording);
  if (spoilt) delete recording;
  recording = nullptr;
  return spoilt ? CUDA_ERROR_STREAM_CAPTURE_INVALIDATED : *g ? CUDA_SUCCESS : CUDA_ERROR_ILLEGAL_STATE;
}
CUresult cuGraphInstantiateWithFlags(CUgraphExec *x, CUgraph g, unsigned long long) { return *x = (CUgraphExec) new emu::Work(*(emu::Work *)g), CUDA_SUCCESS; }
CUresult cuGraphDestroy(CUgraph g) { return delete (emu::Work *)g, CUDA_SUCCESS; }
CUresult cuGraphExecDestroy(CUgraphExec x) { return delete (emu::Work *)x, CUDA_SUCCESS; }
CUresult cuGraphLaunch(CUgraphExec x, CUstream) {
  if (CUresult r = launched()) return r;
  if (waits) catch_up();
  for (auto &f : *(emu::Work *)x) f();
  return health();
}
}
#pragma GCC visibility pop
