"""The conformance suite of Jupyter, jupyter_kernel_test, on this kernel: every
test with every attribute; a test that is skipped counts as a failure."""
import sys
import unittest

import jupyter_kernel_test as jkt

from front import TIMEOUT

jkt.TIMEOUT = TIMEOUT


class Patient(jkt.KernelTests):
    """The suite without its haste: it takes a message that has not come within
    0.1 s for one that does not come at all."""

    def flush_channels(self):
        """Reads what is on its way: all up to the end of one more request."""
        request, replied, idle = self.kc.kernel_info(), False, False
        while not replied:
            m = self.kc.get_shell_msg(timeout=TIMEOUT)
            jkt.validate_message(m)
            replied = m["parent_header"].get("msg_id") == request
        while not idle:
            m = self.kc.get_iopub_msg(timeout=TIMEOUT)
            jkt.validate_message(m)
            idle = m["parent_header"].get("msg_id") == request and m["content"].get("execution_state") == "idle"
        super().flush_channels()

    def execute_helper(self, *args, **options):
        iopub = self.kc.iopub_channel
        hasty = iopub.get_msg
        iopub.get_msg = lambda timeout: hasty(timeout=TIMEOUT)
        try:
            return super().execute_helper(*args, **options)
        finally:
            iopub.get_msg = hasty

    def get_non_kernel_info_reply(self, timeout=TIMEOUT):
        return super().get_non_kernel_info_reply(timeout=TIMEOUT)


class Conformance(Patient):
    kernel_name = "mlpkernel"
    language_name = "starlark"
    file_extension = ".star"
    code_hello_world = "print('hello, world')"
    code_stderr = "eprint('oops')"
    completion_samples = [
        {"text": "eprin", "matches": {"eprint"}},
        {"text": "zeug = 1; zeu", "matches": set()},
        {"text": "plot.los", "matches": {"loss"}},
        {"text": "nothing_begins_like_this", "matches": set()},
    ]
    complete_code_samples = [
        "1",
        "print('hi')",
        "x = [1,\n 2]",
        "def f(x):\n    return x*2\n\n",
        "if True:\n    pass\n\n",
    ]
    incomplete_code_samples = [
        "x = [1,",
        "def f(x):",
        "def f(x):\n    return x*2",
        "print('''a",
        "for i in range(3):\n    if i:",
        "f(1,",
    ]
    invalid_code_samples = ["7a = 1", "x = = 2", "def f(:"]
    code_page_something = "help(print)"
    code_generate_error = "1/0"
    code_execute_result = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
        {"code": "'한글'[0]", "result": "'한'"},
    ]
    code_display_data = [
        {"code": "display(1)", "mime": "text/plain"},
        {"code": "html('<b>x</b>')", "mime": "text/html"},
        {"code": "markdown('# x')", "mime": "text/markdown"},
        {"code": "latex('$x$')", "mime": "text/latex"},
        {"code": "display({'image/svg+xml': '<svg/>'})", "mime": "image/svg+xml"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "print"
    code_clear_output = "clear_output()"


class PagerByQuestionMark(Patient):
    kernel_name = "mlpkernel"
    code_page_something = "print?"


if hasattr(jkt, "IopubWelcomeTests"):

    class Welcome(jkt.IopubWelcomeTests):
        kernel_name = "mlpkernel"
        support_iopub_welcome = True


def suite(loader):
    """All tests of the first class; of the second only what it is about."""
    tests = unittest.TestSuite([loader.loadTestsFromTestCase(Conformance)])
    tests.addTest(PagerByQuestionMark("test_pager"))
    if hasattr(jkt, "IopubWelcomeTests"):
        tests.addTest(loader.loadTestsFromTestCase(Welcome))
    return tests


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=2).run(suite(unittest.TestLoader()))
    sys.exit(not result.wasSuccessful() or len(result.skipped) > 0)
