"""A session at jupyter-console, by a terminal as a person has it: values,
several lines, completion by Tab, an interrupt, and each way to leave."""
import sys
import time
import unittest

import pexpect

NAME = "mlpkernel"
TIMEOUT = 120


class Console(unittest.TestCase):
    def setUp(self):
        self.console = pexpect.spawn(
            sys.executable, ["-m", "jupyter_console", "--kernel", NAME, "--simple-prompt"],
            timeout=TIMEOUT, encoding="utf-8", dimensions=(40, 120))
        self.prompt(1)
        # The console takes any "idle" for that of its cell, at first the one of
        # its own kernel_info_request. A blank line reads what has come.
        for _ in range(3):
            time.sleep(0.1)
            self.console.sendline(" ")
            self.prompt(1)

    def tearDown(self):
        self.console.close(force=True)

    def prompt(self, number):
        self.console.expect_exact("In [%d]: " % number)

    def say(self, line, *answers):
        self.console.sendline(line)
        for a in answers:
            self.console.expect_exact(a)

    def test_values_and_errors(self):
        self.say("x = 20", "In [2]: ")
        self.say("x + 22", "Out[2]: 42", "In [3]: ")
        self.say("print('hello')", "hello", "In [4]: ")
        self.say("1 / 0", "ZeroDivisionError", "In [5]: ")
        self.say("help(print)", "print", "In [6]: ")

    def test_input(self):
        self.say("name = input('who? ')", "who? ")
        self.say("Ada", "In [2]: ")
        self.say("name", "Out[2]: 'Ada'", "In [3]: ")

    def test_interrupt(self):
        self.say("eprint('begun'); sleep(600)", "begun\r\n")
        self.console.sendintr()
        self.console.expect_exact("KeyboardInterrupt")
        self.say("6 * 7", "42")

    def leaves(self, line):
        self.say(line)
        self.console.expect(pexpect.EOF)

    def test_exit(self):
        self.leaves("exit")

    def test_exit_called(self):
        self.leaves("exit()")

    def test_quit(self):
        self.leaves("quit")


if __name__ == "__main__":
    unittest.main(verbosity=2)
