"""A front end of the kernel, for the tests beside this file."""
import time
import uuid

NAME = "mlpkernel"
TIMEOUT = 120  # far more than any answer takes, on a busy machine too
LOOP = "print('begun')\nwhile True:\n    pass"


def output(message):
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        return kind, content["name"], content["text"]
    if kind == "error":
        return kind, content["ename"]
    if kind in ("display_data", "execute_result"):
        return kind, content["data"]["text/plain"]
    return (kind,)


class Front:
    """A front end of one kernel."""

    def __init__(self, manager):
        self.client = manager.client()
        self.replies = {}  # not yet asked for, by request
        # Clients of one manager share its session, hence their sockets' identity,
        # of which a kernel knows the newest alone; front ends have their own.
        self.client.session.session = str(uuid.uuid4())
        self.client.start_channels()
        self.client.wait_for_ready(TIMEOUT)

    def send(self, code, **options):
        return self.client.execute(code, **options)

    def iopub(self, request):
        """The next message on IOPub that belongs to a request."""
        while True:
            m = self.client.get_iopub_msg(timeout=TIMEOUT)
            if m["parent_header"].get("msg_id") == request:
                return m

    def outputs(self, request):
        out = []
        while True:
            m = self.iopub(request)
            if m["msg_type"] == "status":
                if m["content"]["execution_state"] == "idle":
                    return out
            elif m["msg_type"] != "execute_input":
                out.append(output(m))

    def reply(self, request):
        while request not in self.replies:
            m = self.client.get_shell_msg(timeout=TIMEOUT)
            self.replies[m["parent_header"].get("msg_id")] = m["content"]
        return self.replies.pop(request)

    def next_reply(self, kind):
        """The request of the next reply of a kind."""
        while True:
            m = self.client.get_shell_msg(timeout=TIMEOUT)
            if m["msg_type"] == kind:
                return m["parent_header"]["msg_id"]

    def run(self, code, **options):
        request = self.send(code, **options)
        return self.reply(request), self.outputs(request)

    def wait_for_text(self, request):
        while self.iopub(request)["msg_type"] != "stream":
            pass

    def queued(self):
        """Returns when all that was sent on shell has come to the kernel, which
        answers this while a cell runs."""
        self.reply(self.client.kernel_info())

    def close(self):
        self.client.stop_channels()


def alive(pid):
    try:
        with open("/proc/%d/stat" % pid) as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(done, what):
    """Waits for a state that no message announces."""
    end = time.monotonic() + TIMEOUT
    while not done():
        assert time.monotonic() < end, what
        time.sleep(0.02)
