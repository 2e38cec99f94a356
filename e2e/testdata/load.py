"""Much at once, by jupyter_client: floods of output, big displays, and how
long an interrupt takes. Times are printed, for people to judge."""
import os
import signal
import statistics
import time
import unittest

from jupyter_client import KernelManager

from front import LOOP, NAME, TIMEOUT, Front

MEGABYTE = "display({'text/plain': b})"


class Load(unittest.TestCase):
    def setUp(self):
        self.manager = KernelManager(kernel_name=NAME)
        self.manager.start_kernel()
        self.front = Front(self.manager)

    def tearDown(self):
        self.front.close()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    # Interrupts

    def interrupts(self, what, code, interrupt, rounds=10):
        """Interrupts a cell that prints and then goes on, time and again."""
        f, took = self.front, []
        for _ in range(rounds):
            request = f.send(code)
            f.wait_for_text(request)
            begun = time.perf_counter()
            interrupt()
            reply = f.reply(request)
            took.append(time.perf_counter() - begun)
            self.assertEqual(reply.get("ename"), "KeyboardInterrupt", reply)
            f.outputs(request)
        print("interrupt of %s: median %.1f ms, longest %.1f ms" % (what, 1e3 * statistics.median(took), 1e3 * max(took)))

    def by_signal(self):
        os.kill(self.manager.provisioner.pid, signal.SIGINT)

    def test_interrupt_of_a_loop(self):
        self.interrupts("while True, by message", LOOP, self.manager.interrupt_kernel)
        self.interrupts("while True, by SIGINT", LOOP, self.by_signal)

    def test_interrupt_of_sleep(self):
        self.interrupts("sleep", "print('begun')\nsleep(600)", self.manager.interrupt_kernel)

    def test_interrupt_of_a_flood(self):
        self.interrupts("a flood of prints", "while True:\n    print('x' * 1000)", self.manager.interrupt_kernel, rounds=3)

    # Output

    def test_prints_are_intact(self):
        n = 10000
        begun = time.perf_counter()
        reply, out = self.front.run("for i in range(%d):\n    print(i)" % n)
        print("%d prints: %.1f ms in %d messages" % (n, 1e3 * (time.perf_counter() - begun), len(out)))
        self.assertEqual(reply["status"], "ok")
        self.assertEqual({o[:2] for o in out}, {("stream", "stdout")})
        self.assertEqual("".join(o[2] for o in out), "".join("%d\n" % i for i in range(n)))

    def test_streams_keep_their_order(self):
        n = 500
        _, out = self.front.run("for i in range(%d):\n    print(i)\n    eprint(i)" % n)
        want = [("stream", s, "%d\n" % i) for i in range(n) for s in ("stdout", "stderr")]
        self.assertEqual(out, want)

    def test_a_big_display(self):
        size = 50 << 20
        begun = time.perf_counter()
        _, out = self.front.run("b = 'x' * %d\n%s" % (size, MEGABYTE))
        print("display of 50 MiB: %.0f ms" % (1e3 * (time.perf_counter() - begun)))
        self.assertEqual([(o[0], len(o[1])) for o in out], [("display_data", size)])

    def test_nothing_is_lost_at_shutdown(self):
        n, f = 100, self.front
        process = self.manager.provisioner.process
        request = f.send("b = 'x' * 1000000\nfor i in range(%d):\n    %s" % (n, MEGABYTE))
        self.assertEqual(f.reply(request)["status"], "ok")
        f.client.shutdown()
        f.client.get_control_msg(timeout=TIMEOUT)
        shown, said = 0, False
        while not said:
            m = f.client.get_iopub_msg(timeout=TIMEOUT)
            shown += m["msg_type"] == "display_data"
            said = m["msg_type"] == "shutdown_reply"
        self.assertEqual(shown, n)
        self.assertEqual(process.wait(TIMEOUT), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
