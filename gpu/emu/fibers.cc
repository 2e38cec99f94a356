// fibers.cc - runs the threads of a launch as fibers of one OS thread. A fiber
// gives way only at barriers, shuffles and while it spins, in the order that
// FAKECUDA_ORDER says: 0 forward, 1 backward, 2 at random.
#include "fibers.h"
#include <algorithm>
#include <map>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string>
#include <sys/mman.h>
#include <unistd.h>
#include <vector>

namespace emu {
Thread *current;

static std::map<std::string, Entry> &table() {
  static std::map<std::string, Entry> t;
  return t;
}
void add(Entry e) { table()[e.name] = e; }
Entry *find(const char *name) {
  auto i = table().find(name);
  return i == table().end() ? nullptr : &i->second;
}

// emu_switch saves the callee-saved registers on this stack, stores its pointer
// and goes on with another stack.
extern "C" void emu_switch(void **save, void *to);
#if defined(__x86_64__)
asm(".text\n.globl emu_switch\n.hidden emu_switch\nemu_switch:\n"
    "push %rbp\npush %rbx\npush %r12\npush %r13\npush %r14\npush %r15\n"
    "mov %rsp,(%rdi)\nmov %rsi,%rsp\n"
    "pop %r15\npop %r14\npop %r13\npop %r12\npop %rbx\npop %rbp\nret\n");
#else
#error "emu_switch is written for x86-64"
#endif

enum State { READY, AT_BLOCK, AT_WARP, DONE };
struct Fiber {
  void *stack_pointer;
  Thread thread;
  State state;
  int block, warp; // warp: of all
};
struct Group { // a block or a warp: who lives and who waits at its barrier
  int first, last, live, waiting;
  Lane slots[32];
};
static const size_t STACK = 64 << 10, PAGE = 4096;
static struct {
  Entry *entry;
  void **args;
  std::vector<Fiber> fibers;
  std::vector<Group> blocks, warps;
  std::vector<int> ready; // a stack
  std::vector<int> spun;  // those that gave way, oldest first
  std::vector<char *> stacks;
  int running, live;
  long spins; // since a fiber last did anything else
  void *scheduler;
  u32 random;
  int order;
} run;

[[noreturn]] static void fail(const char *what) {
  fprintf(stderr, "fakecuda: kernel %s: %s\n", run.entry->name, what);
  _exit(86);
}

// pick goes on with a ready fiber, or the scheduler if there is none.
static void pick(void **save) {
  if (run.ready.empty() && !run.spun.empty()) {
    if (++run.spins > 1000000) fail("deadlock: blocks wait at a grid barrier that others never reach");
    run.ready.assign(run.spun.rbegin(), run.spun.rend());
    run.spun.clear();
  }
  if (run.ready.empty()) {
    current = nullptr;
    emu_switch(save, run.scheduler);
    return;
  }
  size_t k = run.ready.size() - 1;
  if (run.order == 2) {
    run.random = run.random * 1664525u + 1013904223u;
    k = (run.random >> 8) % run.ready.size();
  }
  const int i = run.ready[k];
  run.ready[k] = run.ready.back();
  run.ready.pop_back();
  run.running = i;
  current = &run.fibers[i].thread;
  if (&run.fibers[i].stack_pointer != save) emu_switch(save, run.fibers[i].stack_pointer);
}

static void wake(const Group &g, State state) {
  run.spins = 0;
  const bool backward = run.order == 1;
  for (int n = 0; n < g.last - g.first; n++) {
    const int i = backward ? g.first + n : g.last - 1 - n;
    if (run.fibers[i].state != state) continue;
    run.fibers[i].state = READY;
    run.ready.push_back(i);
  }
}
static void settle(Group &g, State state) {
  if (g.live == 0 || g.waiting < g.live) return;
  g.waiting = 0;
  wake(g, state);
}
static void wait_at(Group &g, State state) {
  Fiber *f = &run.fibers[run.running];
  f->state = state;
  g.waiting++;
  settle(g, state);
  pick(&f->stack_pointer);
}
void sync_block() { wait_at(run.blocks[run.fibers[run.running].block], AT_BLOCK); }
void sync_warp() { wait_at(run.warps[run.fibers[run.running].warp], AT_WARP); }
Lane *warp_slots() { return run.warps[run.fibers[run.running].warp].slots; }
void spin() {
  run.spun.push_back(run.running);
  pick(&run.fibers[run.running].stack_pointer);
}

static void fiber_main() {
  run.entry->call(run.args);
  Fiber *f = &run.fibers[run.running];
  f->state = DONE;
  run.live--;
  Group &w = run.warps[f->warp], &b = run.blocks[f->block];
  w.live--, b.live--;
  settle(w, AT_WARP);
  settle(b, AT_BLOCK);
  void *dead;
  pick(&dead);
  abort();
}

// on_fault names the thread that touched a guard page. It runs on the alternative
// stack that Go gives its threads.
static void on_fault(int, siginfo_t *info, void *) {
  char m[200];
  const int n = current ? snprintf(m, sizeof m, "fakecuda: kernel %s, block %u, thread %u: access outside its memory at %p\n", run.entry->name, current->bid, current->tid, info->si_addr)
                        : snprintf(m, sizeof m, "fakecuda: fault at %p\n", info->si_addr);
  (void)!write(2, m, (size_t)n);
  _exit(86);
}
static void catch_faults() {
  struct sigaction sa = {};
  sa.sa_sigaction = on_fault;
  sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigaction(SIGSEGV, &sa, nullptr);
  sigaction(SIGBUS, &sa, nullptr);
}

char *guarded(size_t n, Guarded *g) {
  const size_t pages = (n + PAGE - 1) / PAGE * PAGE;
  char *p = (char *)mmap(nullptr, pages + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (p == MAP_FAILED) return nullptr;
  mprotect(p + pages, PAGE, PROT_NONE);
  *g = Guarded{p, pages + PAGE};
  char *start = p + pages - (n + 15) / 16 * 16;
  memset(start, 0xFF, n); // NaN
  return start;
}
void release(const Guarded &g) { munmap(g.map, g.length); }

// Stacks are kept; those of neighbours begin at different places of the cache.
static void *new_stack(size_t i) {
  if (run.stacks.size() <= i) {
    char *s = (char *)mmap(nullptr, STACK + PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    mprotect(s, PAGE, PROT_NONE);
    run.stacks.push_back(s + PAGE);
  }
  void **sp = (void **)(run.stacks[i] + STACK - (i * 320) % 16384);
  *--sp = nullptr;
  *--sp = (void *)fiber_main; // aligned as at a call
  for (int k = 0; k < 6; k++) *--sp = nullptr;
  return sp;
}

// reside runs blocks first to last side by side to their end.
static void reside(u32 first, u32 last, u32 grid, u32 threads, size_t dynamic) {
  std::vector<Guarded> memory(last - first);
  run.fibers.assign((size_t)(last - first) * threads, Fiber{});
  run.blocks.clear(), run.warps.clear(), run.ready.clear(), run.spun.clear();
  run.live = (int)run.fibers.size(), run.spins = 0;
  for (u32 b = first; b < last; b++) {
    char *shared = guarded(dynamic, &memory[b - first]);
    for (u32 t = 0; t < threads; t++) {
      const int i = (int)((b - first) * threads + t);
      if (t == 0) run.blocks.push_back(Group{i, i + (int)threads, (int)threads, 0, {}});
      if (t % 32 == 0) run.warps.push_back(Group{i, i + (int)std::min(32u, threads - t), (int)std::min(32u, threads - t), 0, {}});
      run.fibers[(size_t)i] = Fiber{new_stack((size_t)i), Thread{t, threads, b, grid, shared}, AT_BLOCK, (int)(b - first), (int)run.warps.size() - 1};
    }
  }
  wake(Group{0, run.live, 0, 0, {}}, AT_BLOCK);
  pick(&run.scheduler);
  if (run.live) fail("deadlock: some threads wait at a barrier that others never reach");
  for (const Guarded &g : memory) release(g);
}

void launch(Entry *e, u32 grid, u32 threads, size_t dynamic, void **args, bool together) {
  const char *order = getenv("FAKECUDA_ORDER");
  run.entry = e, run.args = args;
  run.order = order ? atoi(order) : 0;
  run.random = 1;
  catch_faults();
  if (together) {
    reside(0, grid, grid, threads, dynamic);
    return;
  }
  for (u32 i = 0; i < grid; i++) {
    const u32 b = run.order == 1 ? grid - 1 - i : i;
    reside(b, b + 1, grid, threads, dynamic);
  }
}
} // namespace emu
