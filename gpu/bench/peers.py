"""Times a training step of PyTorch (eager, torch.compile, CUDA graph) and JAX
(jit) on the GPU, and of PyTorch on the processor. Reads {"works", "dry"} from
stdin and prints a JSON line a measurement; what is not installed says so."""
import json, os, sys, time

job = json.load(sys.stdin)
dry = job["dry"]


def say(engine, work, seconds=0.0, why="", note=""):
    print(json.dumps(dict(engine=engine, work=work["name"], seconds=seconds, why=why, note=note)), flush=True)


def median(step, sync, count=8):
    """Median seconds of a step, over chunks of about a fifth of a second."""
    step(); step(); step(); sync()
    times, repeats, target = [], (1 if dry else 7), (0 if dry else 0.2)
    while len(times) < repeats:
        began = time.perf_counter()
        for _ in range(count):
            step()
        sync()
        spent = time.perf_counter() - began
        if spent < target / 2:
            count *= 2
            continue
        times.append(spent / count)
    return sorted(times)[len(times) // 2]


def attempt(engine, work, make):
    try:
        seconds, note = make()
        say(engine, work, seconds, note=note)
    except Exception as e:  # one engine's failure must not end the table
        say(engine, work, why=f"{type(e).__name__}: {e}".splitlines()[0][:120])


def torch_step(torch, work, device, bf16, capturable):
    widths, batch = work["widths"], work["batch"]
    layers = []
    for i, (a, b) in enumerate(zip(widths, widths[1:])):
        layers.append(torch.nn.Linear(a, b))
        if i < len(widths) - 2:
            layers.append(torch.nn.ReLU())
    torch.manual_seed(0)
    net = torch.nn.Sequential(*layers).to(device)
    options = dict(lr=1e-3)
    if device == "cuda":
        options.update(fused=True, capturable=capturable)
    adam = torch.optim.Adam(net.parameters(), **options)
    x = torch.randn(batch, widths[0], device=device)
    if widths[-1] == 1:
        y, loss_of = torch.randint(2, (batch, 1), device=device).float(), torch.nn.BCEWithLogitsLoss()
    else:
        y, loss_of = torch.randint(widths[-1], (batch,), device=device), torch.nn.CrossEntropyLoss()

    def forward():
        with torch.autocast(device, dtype=torch.bfloat16, enabled=bf16):
            return loss_of(net(x), y)

    def step(forward=forward):
        adam.zero_grad(set_to_none=True)
        forward().backward()
        adam.step()

    return forward, step


def torch_gpu(torch, work, bf16):
    sync, replicas = torch.cuda.synchronize, work["replicas"]
    suffix = " bf16" if bf16 else " float32"
    note = "one replica after the other" if replicas > 1 else ""

    def eager():
        _, step = torch_step(torch, work, "cuda", bf16, False)
        return replicas * median(step, sync), note

    def compiled():
        forward, step = torch_step(torch, work, "cuda", bf16, False)
        fast = torch.compile(forward)
        return replicas * median(lambda: step(fast), sync), note

    def graphed():
        _, step = torch_step(torch, work, "cuda", bf16, True)
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            step()
        return replicas * median(graph.replay, sync), note

    for name, make in (("eager", eager), ("compile", compiled), ("CUDA graph", graphed)):
        attempt("PyTorch " + name + suffix, work, make)


def torch_cpu(torch, work, threads):
    def make():
        torch.set_num_threads(threads)
        _, step = torch_step(torch, work, "cpu", False, False)
        return work["replicas"] * median(step, lambda: None), "one replica after the other" if work["replicas"] > 1 else ""

    attempt(f"PyTorch cpu, {threads} threads", work, make)


def jax_jit(work):
    def make():
        import jax, jax.numpy as jnp
        widths, batch = work["widths"], work["batch"]
        keys = jax.random.split(jax.random.PRNGKey(0), len(widths))
        params = [(jax.random.normal(k, (a, b)) * (2 / a) ** 0.5, jnp.zeros(b)) for k, a, b in zip(keys, widths, widths[1:])]
        x, y = jax.random.normal(keys[-1], (batch, widths[0])), jnp.zeros(batch, dtype=int)

        def loss(params):
            h = x
            for w, b in params[:-1]:
                h = jax.nn.relu(h @ w + b)
            logits = h @ params[-1][0] + params[-1][1]
            if widths[-1] == 1:
                return jnp.mean(jax.nn.softplus(logits))  # of the class 0
            return -jnp.mean(jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1))

        @jax.jit
        def step(params, m, v, t):
            g = jax.grad(loss)(params)
            m = jax.tree_util.tree_map(lambda m, g: 0.9 * m + 0.1 * g, m, g)
            v = jax.tree_util.tree_map(lambda v, g: 0.999 * v + 0.001 * g * g, v, g)
            new = jax.tree_util.tree_map(lambda p, m, v: p - 1e-3 * (m / (1 - 0.9**t)) / (jnp.sqrt(v / (1 - 0.999**t)) + 1e-8), params, m, v)
            return new, m, v, t + 1

        zeros = jax.tree_util.tree_map(jnp.zeros_like, params)
        state = [(params, zeros, zeros, jnp.float32(1))]

        def once():
            state[0] = step(*state[0])

        seconds = median(once, lambda: jax.block_until_ready(state[0]))
        return work["replicas"] * seconds, f"jax {jax.__version__} on {jax.devices()[0].platform}"

    attempt("JAX jit", work, make)


try:
    import torch
except ImportError as e:
    torch = None
for w in job["works"]:
    if torch is None:
        say("PyTorch", w, why="not installed")
    else:
        if torch.cuda.is_available():
            for bf16 in (False, True):
                torch_gpu(torch, w, bf16)
        else:
            say("PyTorch on the GPU", w, why=f"torch {torch.__version__} finds no CUDA")
        if w["name"] != "d" or dry:
            for threads in (1, 2, 16):
                if threads <= (os.cpu_count() or 1):
                    torch_cpu(torch, w, threads)
    jax_jit(w)
