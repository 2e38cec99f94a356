#!/usr/bin/python3
"""Whether the kernel stays what it was after much work.

    /usr/bin/python3 bench/kernel/soak.py

runs many cells, a million prints, displays, errors, interrupts, clients that
come and go, and trained models on one kernel, round by round; checks that every
reply and every line of output arrives, in order; and prints the kernel's memory,
open files and threads after each round. The exit status is 1 if something was
lost or the kernel has grown: its memory when idle, after the last round, may be
at most twice what it was after the first.
"""
import argparse
import os
import sys
import tempfile
import time

from latency import Kernel, check, install, interrupt

TRAIN = """t = dataset("iris")
m = fit(dense(16, relu) >> output(), t, "species", epochs=5, live=False)
"""


class Soak:
    def __init__(self, kernel):
        self.kernel = kernel
        self.pid = kernel.manager.provisioner.pid
        self.count = 0

    def cell(self, code):
        """Runs a cell and returns its frames from IOPub."""
        self.kernel.cells["soak"] = code
        return self.kernel.run("soak")[1]

    def text(self, code):
        return "".join(c["text"] for c in self.kernel.contents(self.cell(code), "stream"))

    def cells(self, n):
        for i in range(n):
            got = self.kernel.contents(self.cell("x = %d\nx + 1" % i), "execute_result")
            check([r["data"]["text/plain"] for r in got] == [str(i + 1)], "cell %d gave %s" % (i, got))
            check(got[0]["execution_count"] > self.count, "the count went back")
            self.count = got[0]["execution_count"]

    def prints(self, n):
        got = self.text("for i in range(%d):\n    print(i)" % n)
        check(got == "".join("%d\n" % i for i in range(n)), "of %d prints %d bytes came" % (n, len(got)))

    def displays(self, n):
        frames = self.cell("for i in range(%d):\n    display({'text/plain': str(i) + 'x' * 100000})" % n)
        got = [c["data"]["text/plain"].rstrip("x") for c in self.kernel.contents(frames, "display_data")]
        check(got == [str(i) for i in range(n)], "%d of %d displays came" % (len(got), n))

    def errors(self, n):
        for _ in range(n):
            check(len(self.kernel.contents(self.cell("1 / 0"), "error")) == 1, "an error did not come")

    def interrupts(self, n):
        for _ in range(n):
            interrupt(self.kernel)

    def clients(self, n):
        for _ in range(n):
            c = self.kernel.manager.client()
            c.start_channels()
            c.wait_for_ready(60)
            c.stop_channels()
        self.kernel.drain()

    def training(self, n):
        for _ in range(n):
            check(not self.kernel.contents(self.cell(TRAIN), "error"), "training failed")

    def state(self):
        """Memory in MB, open files, threads, once the kernel has been idle."""
        time.sleep(2)
        with open("/proc/%d/status" % self.pid) as f:
            threads = next(int(l.split()[1]) for l in f if l.startswith("Threads:"))
        return self.kernel.memory(), len(os.listdir("/proc/%d/fd" % self.pid)), threads


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=10)
    p.add_argument("--cells", type=int, default=2000, help="of a round")
    p.add_argument("--prints", type=int, default=1000000, help="of a round")
    p.add_argument("--binary", metavar="FILE", help="soak this mlpkernel instead of building one")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        install(folder, a.binary)
        kernel = Kernel("mlpkernel")
        try:
            states = rounds(Soak(kernel), a)
            sys.exit(states[-1][0] > 2 * states[0][0] or states[-1][1] > states[0][1])
        finally:
            kernel.close()


def rounds(soak, a):
    states = []
    for i in range(a.rounds):
        began = time.perf_counter()
        soak.cells(a.cells)
        soak.prints(a.prints)
        soak.displays(100)
        soak.errors(100)
        soak.interrupts(20)
        soak.clients(5)
        soak.training(5)
        took = time.perf_counter() - began
        states.append(soak.state())
        print("round %d of %d: %.0f s; then %.1f MB, %d files, %d threads" % (i + 1, a.rounds, took, *states[-1]), flush=True)
    return states


if __name__ == "__main__":
    main()
