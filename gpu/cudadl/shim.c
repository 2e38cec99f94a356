//go:build cuda && linux && cgo

/* shim.c - defines the entry points that gorgonia.org/cu links to and forwards
 * them to a driver that is opened at run time; see cudadl.go. */
#define _GNU_SOURCE
#include <cuda.h>
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>

/* A driver that lacks an entry point, or none yet, is answered for. */
static CUresult absent = CUDA_ERROR_NOT_INITIALIZED;
#define ENTRY(name, parameters, arguments) \
  static CUresult(*p_##name) parameters; \
  CUresult name parameters { return p_##name ? p_##name arguments : absent; }
#include "entries.h"
#undef ENTRY

/* Package cu calls cuInit when the program starts and ends it on an error: all
 * is well until a driver is open. */
static CUresult (*p_cuInit)(unsigned int);
CUresult cuInit(unsigned int flags) { return p_cuInit ? p_cuInit(flags) : CUDA_SUCCESS; }

#define ENTRY(name, parameters, arguments) {#name, (void **)&p_##name},
static const struct { const char *name; void **slot; } table[] = {
#include "entries.h"
};
#undef ENTRY

/* cudadl_open opens the driver at path. It gives 0 and in message where it was
 * found, or what cuInit says, or -1 with a message; then nothing is open. */
int cudadl_open(const char *path, char *message, size_t n) {
  void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!lib) {
    snprintf(message, n, "%s", dlerror());
    return -1;
  }
  CUresult (*init)(unsigned int) = (CUresult(*)(unsigned int))dlsym(lib, "cuInit");
  if (!init) {
    snprintf(message, n, "%s has no cuInit", path);
    dlclose(lib);
    return -1;
  }
  CUresult r = init(0);
  if (r != CUDA_SUCCESS) {
    snprintf(message, n, "cuInit gives error %d", (int)r);
    return (int)r;
  }
  for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) *table[i].slot = dlsym(lib, table[i].name);
  p_cuInit = init;
  absent = CUDA_ERROR_NOT_FOUND;
  struct link_map *map = NULL;
  snprintf(message, n, "%s", dlinfo(lib, RTLD_DI_LINKMAP, &map) == 0 ? map->l_name : path);
  return 0;
}
