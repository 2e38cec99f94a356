#!/usr/bin/python3
"""How quick the kernel is beside ipykernel, measured over raw ZeroMQ sockets.

    /usr/bin/python3 bench/kernel/latency.py

builds the binary, installs it into a temporary folder, and measures both kernels
in turn, round by round, so that the load of the machine hits both alike. The
table shows the median of the rounds' medians, the range over the rounds, and
the ratio of the medians. README.md says what is measured and what the bars are.
"""
import argparse
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

try:
    import zmq
    from jupyter_client import KernelManager
    from jupyter_client.session import Session
except ImportError as e:
    sys.exit("latency.py: %s; on Debian: apt-get install python3-ipykernel, and run it by /usr/bin/python3" % e)

PRINTS = 10000
BIG = 50 << 20
QUEUED = 200

# The same cells in both languages.
CELLS = {
    "starlark": {
        "nothing": "pass",
        "complete": "displ",
        "print and wait": "print('a')\nsleep(0.3)",
        "display": "display({'text/plain': 'x' * %d})" % BIG,
    },
    "python": {
        "nothing": "pass",
        "complete": "displ",
        "print and wait": "import time\nprint('a', flush=True)\ntime.sleep(0.3)",
        "display": "from IPython.display import display\ndisplay({'text/plain': 'x' * %d}, raw=True)" % BIG,
    },
}
CELLS_OF_BOTH = {
    "sum": "1 + 1",
    "prints": "for i in range(%d):\n    print(i)" % PRINTS,
    "loop": "print('a')\nwhile True:\n    pass",
}


class Kernel:
    """A started kernel and one client of it."""

    def __init__(self, name, retry=1):
        self.retry = retry
        began = time.perf_counter()
        self.manager = KernelManager(kernel_name=name)
        self.manager.start_kernel(stderr=subprocess.DEVNULL)
        info = self.manager.get_connection_info()
        self.session = Session(key=info["key"], signature_scheme=info["signature_scheme"])
        self.context = zmq.Context()
        self.iopub, self.shell, self.control = (
            self.connect(kind, "tcp://%s:%d" % (info["ip"], info[port]))
            for kind, port in ((zmq.SUB, "iopub_port"), (zmq.DEALER, "shell_port"), (zmq.DEALER, "control_port")))
        language = self.ask("kernel_info_request", {})["language_info"]["name"]
        self.started = time.perf_counter() - began
        self.cells = {**CELLS_OF_BOTH, **CELLS[language]}
        while not self.iopub.poll(100):  # until the subscription has arrived
            self.ask("kernel_info_request", {})
        self.drain()

    def connect(self, kind, address):
        s = self.context.socket(kind)
        s.linger = 0
        s.reconnect_ivl = self.retry  # ms until it tries again to connect to a kernel that does not listen yet
        if kind == zmq.SUB:
            s.subscribe(b"")
            s.rcvhwm = 0
        s.connect(address)
        return s

    def send(self, kind, content, socket=None):
        m = self.session.msg(kind, content)
        self.session.send(socket or self.shell, m)
        return m["header"]["msg_id"]

    def receive(self, socket, request=None):
        while True:
            if not socket.poll(60000):
                raise TimeoutError("no message for a minute")
            m = self.session.recv(socket, mode=0, copy=True)[1]
            if request in (None, m["parent_header"].get("msg_id")):
                return m

    def ask(self, kind, content, socket=None):
        socket = socket or self.shell
        return self.receive(socket, self.send(kind, content, socket))["content"]

    def execution(self, cell):
        return self.session.msg("execute_request", {
            "code": self.cells[cell], "silent": False, "store_history": True,
            "user_expressions": {}, "allow_stdin": False, "stop_on_error": False})

    def execute(self, cell):
        m = self.execution(cell)
        self.session.send(self.shell, m)
        return m["header"]["msg_id"]

    def outputs(self, request):
        """All messages of a request on IOPub, until it is idle."""
        out = []
        while not (out and out[-1]["content"].get("execution_state") == "idle"):
            out.append(self.receive(self.iopub, request))
        return out

    def exchange(self, m, idle):
        """Sends a request; returns the ms until its reply and, if wanted, its
        idle were there, and the frames from IOPub. No message is parsed
        before the clock stops, so that the client's part is small."""
        frames, request, out = self.session.serialize(m), m["header"]["msg_id"].encode(), []
        began = time.perf_counter()
        self.shell.send_multipart(frames)
        while idle and not (out and b'"idle"' in out[-1][-1][:100] and request in out[-1][-3]):
            out.append(self.iopub.recv_multipart())
        reply = self.shell.recv_multipart()
        took = 1e3 * (time.perf_counter() - began)
        check(request in reply[-3], "another reply came")
        return took, out

    def run(self, cell):
        """Runs a cell; returns how long it took in ms and the frames from IOPub."""
        return self.exchange(self.execution(cell), idle=True)

    def complete(self):
        code = self.cells["complete"]
        return self.exchange(self.session.msg("complete_request", {"code": code, "cursor_pos": len(code)}), idle=False)[0]

    def contents(self, frames, kind):
        """The contents of the messages of a kind."""
        messages = (self.session.deserialize(self.session.feed_identities(f)[1]) for f in frames)
        return [m["content"] for m in messages if m["msg_type"] == kind]

    def wait_for_print(self, request):
        while self.receive(self.iopub, request)["msg_type"] != "stream":
            pass

    def drain(self):
        while self.iopub.poll(100):
            self.session.recv(self.iopub)

    def memory(self):
        """Resident memory in MB."""
        for line in open("/proc/%d/status" % self.manager.provisioner.pid):
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024

    def close(self):
        self.manager.shutdown_kernel(now=True)
        self.context.destroy(0)


def timed(times, f):
    """The times of several calls, in ms."""
    out = []
    for _ in range(times):
        began = time.perf_counter()
        f()
        out.append(1e3 * (time.perf_counter() - began))
    return out


def check(right, what):
    if not right:
        raise AssertionError(what)


def prints(k):
    took, frames = k.run("prints")
    text = "".join(c["text"] for c in k.contents(frames, "stream"))
    check(text == "".join("%d\n" % i for i in range(PRINTS)), "prints came broken")
    return took


def display(k):
    took, frames = k.run("display")
    out = [c["data"]["text/plain"] for c in k.contents(frames, "display_data")]
    check(len(out) == 1 and len(out[0]) == BIG, "the display came broken")
    return took


def first_print(k):
    request = k.execute("print and wait")
    took = timed(1, lambda: k.wait_for_print(request))
    k.outputs(request)
    k.receive(k.shell, request)
    return took[0]


def interrupt(k):
    request = k.execute("loop")
    k.wait_for_print(request)
    began = time.perf_counter()
    k.manager.interrupt_kernel()
    check(k.receive(k.shell, request)["content"]["status"] == "error", "the loop was not interrupted")
    took = 1e3 * (time.perf_counter() - began)
    k.outputs(request)
    return took


def queue(k):
    ids = [k.execute("nothing") for _ in range(QUEUED)]
    got = [k.receive(k.shell)["parent_header"]["msg_id"] for _ in ids]
    check(got == ids, "replies out of order")


def starts(name, retry):
    out = []
    for _ in range(5):
        k = Kernel(name, retry)
        out.append(1e3 * k.started)
        k.close()
    return out


def round_of(name):
    """One round: the measures of one kernel, each the median of several."""
    r = {"start to kernel_info_reply, ms": starts(name, retry=1),
         "the same, libzmq trying every 100 ms": starts(name, retry=100)}
    k = Kernel(name)
    try:
        time.sleep(1)
        r["memory when idle, MB"] = [k.memory()]
        for _ in range(20):
            k.run("nothing")
        nothing = [k.run("nothing")[0] for _ in range(200)]
        r["no-op cell to reply and idle, ms"] = nothing
        r["the same, slowest of 100, ms"] = [sorted(nothing)[-2]]
        r["1 + 1, ms"] = [k.run("sum")[0] for _ in range(100)]
        r["completion, ms"] = [k.complete() for _ in range(100)]
        k.drain()
        r["first print, ms"] = [first_print(k) for _ in range(5)]
        r["10,000 prints, ms"] = [prints(k) for _ in range(5)]
        r["interrupt of while True, ms"] = [interrupt(k) for _ in range(10)]
        r["200 queued no-op cells, ms"] = timed(3, lambda: queue(k))
        k.drain()
        r["display of 50 MiB, ms"] = [display(k) for _ in range(5)]
        r["memory after all that, MB"] = [k.memory()]
    finally:
        k.close()
    return {what: statistics.median(values) for what, values in r.items()}


# What the ratio of the medians should be at least.
BARS = {
    "start to kernel_info_reply, ms": 20,
    "no-op cell to reply and idle, ms": 7,
    "completion, ms": 30,
    "10,000 prints, ms": 2.5,
    "display of 50 MiB, ms": 1,
    "memory when idle, MB": 4,
}


def table(ours, other, name):
    print("%-36s %26s %26s %8s %6s" % ("median (range over the rounds)", "mlpkernel", name, "ratio", "bar"))
    missed = 0
    for what in ours[0]:
        columns = [[r[what] for r in rounds] for rounds in (ours, other)]
        medians = [statistics.median(c) for c in columns]
        ratio = medians[1] / medians[0]
        bar = BARS.get(what)
        late = bar is not None and ratio < bar
        missed += late
        print("%-36s %26s %26s %7.1fx %6s%s" % (
            what, *("%.4g (%.4g to %.4g)" % (m, min(c), max(c)) for m, c in zip(medians, columns)),
            ratio, "" if bar is None else "%gx" % bar, "  missed" if late else ""))
    return missed


def install(folder, binary):
    """Makes Jupyter find a binary, built here if none is given; the user's files stay as they are."""
    if not binary:
        binary = os.path.join(folder, "mlpkernel")
        subprocess.run(["go", "build", "-o", binary, "."], cwd=ROOT, check=True, env={**os.environ, "CGO_ENABLED": "0"})
    subprocess.run([binary, "install", "--prefix", folder], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "XDG_CACHE_HOME"):
        os.environ[name] = os.path.join(folder, name.lower())
    os.environ["JUPYTER_PATH"] = os.path.join(folder, "share", "jupyter")
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--beside", default="python3", metavar="KERNEL", help="the kernelspec of the other kernel")
    p.add_argument("--binary", metavar="FILE", help="measure this mlpkernel instead of building one")
    a = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory() as folder:
        install(folder, a.binary)
        ours, other = [], []
        for i in range(a.rounds):
            for rounds, name in ((ours, "mlpkernel"), (other, a.beside)):
                rounds.append(round_of(name))
            print("round %d of %d, load %.1f" % (i + 1, a.rounds, os.getloadavg()[0]), file=sys.stderr)
    print("%s, %d cores, Python %s, libzmq %s" % (platform.machine(), os.cpu_count(), platform.python_version(), zmq.zmq_version()))
    sys.exit(table(ours, other, a.beside) > 0)


if __name__ == "__main__":
    main()
