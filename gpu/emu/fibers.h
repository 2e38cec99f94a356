// fibers.h - what the look-alike driver asks of the emulation.
#pragma once
typedef unsigned int u32;
typedef unsigned long long u64;
typedef unsigned short u16;
#include "emu.h"
#include <functional>
#include <vector>

namespace emu {
// Work is what a stream has to do; submit does it, or has a graph record it.
using Work = std::vector<std::function<void()>>;
void submit(std::function<void()> f);

Entry *find(const char *name);
// launch runs a kernel to its end; together: all its blocks at once.
void launch(Entry *e, u32 grid, u32 threads, size_t dynamic, void **args, bool together);

struct Guarded {
  char *map;
  size_t length;
};
// guarded gives n bytes of NaN that end at a page which must not be touched.
char *guarded(size_t n, Guarded *g);
void release(const Guarded &g);
} // namespace emu
