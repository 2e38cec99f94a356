"""What jupyter_kernel_test leaves out, by jupyter_client: queues, input,
interrupts, restarts, several clients, and the end of the kernel."""
import os
import signal
import subprocess
import sys
import time
import unittest

from jupyter_client import BlockingKernelClient, KernelManager

from front import LOOP, NAME, TIMEOUT, Front, alive, wait_until


class Session(unittest.TestCase):
    transport = "tcp"

    def setUp(self):
        self.manager = KernelManager(kernel_name=NAME, transport=self.transport)
        self.manager.start_kernel()
        self.front = Front(self.manager)

    def tearDown(self):
        self.front.close()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def works(self):
        reply, out = self.front.run("40 + 2")
        self.assertEqual((reply["status"], out), ("ok", [("execute_result", "42")]))

    # Queues

    def test_error_aborts_what_was_queued(self):
        f = self.front
        busy = f.send("input('now? ')", allow_stdin=True)
        failing = f.send("1/0")
        queued = [f.send("print('never')"), f.send("print('never')")]
        f.queued()
        f.client.get_stdin_msg(timeout=TIMEOUT)
        f.client.input("now")
        self.assertEqual(f.reply(busy)["status"], "ok")
        self.assertEqual(f.reply(failing)["status"], "error")
        for request in queued:
            self.assertEqual(f.reply(request)["status"], "aborted")
            self.assertEqual(f.outputs(request), [])
        self.works()

    def test_error_that_does_not_stop(self):
        f = self.front
        failing = f.send("1/0", stop_on_error=False)
        queued = f.send("print('runs')")
        self.assertEqual(f.reply(failing)["status"], "error")
        self.assertEqual(f.reply(queued)["status"], "ok")
        self.assertEqual(f.outputs(queued), [("stream", "stdout", "runs\n")])

    def test_silent(self):
        before, _ = self.front.run("1")
        reply, out = self.front.run("print('x')\nx = 5\nx", silent=True)
        self.assertEqual((reply["status"], out), ("ok", []))
        after, out = self.front.run("x")
        self.assertEqual(out, [("execute_result", "5")])
        self.assertEqual(after["execution_count"], before["execution_count"] + 1)

    def test_not_stored(self):
        before, _ = self.front.run("1")
        _, out = self.front.run("print('x')", store_history=False)
        self.assertEqual(out, [("stream", "stdout", "x\n")])
        after, _ = self.front.run("2")
        self.assertEqual(after["execution_count"], before["execution_count"] + 1)

    def test_user_expressions(self):
        reply, _ = self.front.run("x = 3", user_expressions={"a": "x + 1", "b": "nosuch"})
        self.assertEqual(reply["user_expressions"]["a"]["data"]["text/plain"], "4")
        self.assertEqual(reply["user_expressions"]["b"]["status"], "error")

    # Input

    def ask(self, code, answer):
        """Runs a cell that asks; returns the question and the outputs."""
        f = self.front
        request = f.send(code, allow_stdin=True)
        m = f.client.get_stdin_msg(timeout=TIMEOUT)
        self.assertEqual(m["msg_type"], "input_request")
        self.assertEqual(m["parent_header"]["msg_id"], request)
        f.client.input(answer)
        self.assertEqual(f.reply(request)["status"], "ok")
        return m["content"], f.outputs(request)

    def test_input(self):
        question, out = self.ask("x = input('name? ')\nprint('hello,', x)", "한글")
        self.assertEqual((question["prompt"], question["password"]), ("name? ", False))
        self.assertEqual(out, [("stream", "stdout", "hello, 한글\n")])

    def test_password(self):
        question, out = self.ask("print(len(password('key? ')))", "secret")
        self.assertEqual((question["prompt"], question["password"]), ("key? ", True))
        self.assertEqual(out, [("stream", "stdout", "6\n")])

    def test_input_where_there_is_none(self):
        reply, out = self.front.run("input('?')", allow_stdin=False)
        self.assertEqual(reply["status"], "error")
        self.assertEqual([o[0] for o in out], ["error"])

    def test_interrupt_while_asking(self):
        f = self.front
        request = f.send("input('?')", allow_stdin=True)
        f.client.get_stdin_msg(timeout=TIMEOUT)
        self.manager.interrupt_kernel()
        self.assertEqual(f.reply(request)["ename"], "KeyboardInterrupt")
        f.client.input("too late")
        self.works()

    # Interrupts

    def interrupted(self, interrupt):
        f = self.front
        f.run("kept = 7")
        request = f.send(LOOP)
        queued = f.send("print('never')")
        f.wait_for_text(request)
        f.queued()
        interrupt()
        reply = f.reply(request)
        self.assertEqual((reply["status"], reply["ename"]), ("error", "KeyboardInterrupt"))
        self.assertEqual(f.reply(queued)["status"], "aborted")
        self.assertEqual(f.run("kept")[1], [("execute_result", "7")])

    def test_interrupt_by_message(self):
        self.assertEqual(self.manager.kernel_spec.interrupt_mode, "message")
        self.interrupted(self.manager.interrupt_kernel)

    def test_interrupt_by_signal(self):
        self.interrupted(lambda: os.kill(self.pid, signal.SIGINT))

    def test_interrupt_of_an_idle_kernel(self):
        self.manager.interrupt_kernel()
        os.kill(self.pid, signal.SIGINT)
        time.sleep(1)  # a signal is on its way for a while; nothing tells of its end
        wait_until(lambda: self.front.run("0")[0]["status"] == "ok", "an interrupt of nothing stays")
        self.works()

    def test_answers_while_a_cell_runs(self):
        f = self.front
        request = f.send(LOOP)
        f.wait_for_text(request)
        self.assertIn("eprint", f.reply(f.client.complete("eprin"))["matches"])
        self.assertTrue(f.reply(f.client.inspect("print", 5))["found"])
        self.assertEqual(f.reply(f.client.is_complete("f("))["status"], "incomplete")
        self.manager.interrupt_kernel()
        self.assertEqual(f.reply(request)["status"], "error")

    # The kernel's life

    def test_restart_keeps_the_ports(self):
        self.front.run("x = 1")
        ports, pid = self.manager.get_connection_info(), self.pid
        self.manager.restart_kernel()
        self.assertEqual(self.manager.get_connection_info(), ports)
        self.assertNotEqual(self.pid, pid)
        self.front.close()
        self.front = Front(self.manager)
        self.assertEqual(self.front.run("x")[0]["status"], "error")
        self.works()

    def test_restart_while_a_cell_runs(self):
        request = self.front.send(LOOP)
        self.front.wait_for_text(request)
        self.manager.restart_kernel()
        self.front.close()
        self.front = Front(self.manager)
        self.works()

    def test_shutdown(self):
        process = self.manager.provisioner.process
        request = self.front.client.shutdown()
        m = self.front.client.get_control_msg(timeout=TIMEOUT)
        self.assertEqual((m["parent_header"]["msg_id"], m["content"]["status"]), (request, "ok"))
        self.assertEqual(process.wait(TIMEOUT), 0)

    def test_two_clients(self):
        other = Front(self.manager)
        try:
            fronts, sent = [self.front, other], {}
            for i in range(50):
                for f in fronts:
                    sent.setdefault(f, []).append(f.send("1 + 1"))
            for f in fronts:
                got = [f.next_reply("execute_reply") for _ in sent[f]]
                self.assertEqual(got, sent[f])
            # Each sees what the other does.
            request = other.send("print('seen')")
            self.assertEqual(self.front.outputs(request), [("stream", "stdout", "seen\n")])
            other.reply(request)
        finally:
            other.close()
        self.works()

    def test_client_from_the_connection_file(self):
        client = BlockingKernelClient(connection_file=self.manager.connection_file)
        client.load_connection_file()
        client.hb_channel.time_to_dead = 5.0  # not 1 s, after which a busy kernel is taken for dead
        client.start_channels()
        client.wait_for_ready(TIMEOUT)
        client.stop_channels()
        self.works()

    def test_heartbeat_while_a_cell_runs(self):
        request = self.front.send(LOOP)
        self.front.wait_for_text(request)
        self.assertTrue(self.front.client.is_alive())
        self.manager.interrupt_kernel()
        self.front.reply(request)


class SessionOverIPC(Session):
    transport = "ipc"


CHILD = """
import sys, time
from jupyter_client import KernelManager
m = KernelManager(kernel_name="%s")
m.start_kernel()
c = m.client()
c.start_channels()
c.wait_for_ready(%d)
c.execute("while True:\\n    pass")
print(m.provisioner.pid, flush=True)
time.sleep(600)
""" % (NAME, TIMEOUT)


class Orphan(unittest.TestCase):
    def test_a_killed_client_leaves_no_kernel(self):
        child = subprocess.Popen([sys.executable, "-c", CHILD], stdout=subprocess.PIPE, text=True)
        pid = int(child.stdout.readline())
        os.kill(pid, 0)
        child.kill()
        child.wait()
        child.stdout.close()
        wait_until(lambda: not alive(pid), "the kernel still runs")


if __name__ == "__main__":
    unittest.main(verbosity=2)
