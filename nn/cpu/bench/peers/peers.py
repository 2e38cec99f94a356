"""One library at one work: peers.py ENGINE SPEC THREADS CLOCK.

Prints "ready", then for each line of input the µs of one step (or prediction).
ENGINE is torch (multi-tensor optimiser), torch-loop (a loop over tensors), numpy (fused by hand,
everything allocated beforehand) or sklearn. SPEC is a works.Work as JSON.
"""
import json
import sys
import time

ENGINE, SPEC, THREADS, CLOCK = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
clock = time.process_time if CLOCK == "cpu" else time.perf_counter


def data(s):
    import numpy as np
    r = np.random.default_rng(1)
    if s["rows"] == 4:
        return np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "f4"), np.array([0, 1, 1, 0], "i8")
    x = r.standard_normal((s["rows"], s["sizes"][0])).astype("f4")
    return x, (x @ r.standard_normal((s["sizes"][0], s["sizes"][-1])).astype("f4")).argmax(1).astype("i8")


def batches(s, permutation):
    """Endless batches: numbers of rows, or None for all of them."""
    while s["rows"] <= s["batch"]:
        yield None
    while True:
        order = permutation(s["rows"])
        for i in range(0, s["rows"], s["batch"]):
            yield order[i:i + s["batch"]]


def torch(s, foreach):
    import torch
    import torch.nn.functional as F
    torch.set_num_threads(THREADS)
    torch.manual_seed(0)
    layers, sizes = [], s["sizes"]
    for i in range(len(sizes) - 1):
        layers.append(torch.nn.Linear(sizes[i], sizes[i + 1]))
        if i < len(sizes) - 2:
            layers.append(torch.nn.Tanh() if s["act"] == "tanh" else torch.nn.ReLU())
            if s["drop"]:
                layers.append(torch.nn.Dropout(s["drop"]))
    model = torch.nn.Sequential(*layers)
    x, y = map(torch.from_numpy, data(s))
    if s["infer"]:
        model.eval()
        f, x = torch.jit.freeze(torch.jit.script(model)) if foreach else model, x[:s["infer"]]

        def calls(n):
            with torch.inference_mode():
                for _ in range(n):
                    f(x)
        return calls
    if s["opt"] == "sgd":
        opt = torch.optim.SGD(model.parameters(), lr=s["lr"], momentum=s["mom"], foreach=foreach)
    else:
        make = torch.optim.Adam if s["opt"] == "adam" else torch.optim.AdamW
        opt = make(model.parameters(), lr=s["lr"], weight_decay=s["wd"], foreach=foreach)
    loss = F.cross_entropy
    if s["loss"] == "bce":
        y, loss = y.float()[:, None], F.binary_cross_entropy_with_logits
    model.train()
    source = batches(s, torch.randperm)

    def steps(n):
        for _ in range(n):
            i = next(source)
            xb, yb = (x, y) if i is None else (x[i], y[i])
            opt.zero_grad(set_to_none=True)
            loss(model(xb), yb).backward()
            opt.step()
    return steps


def numpy(s):
    import numpy as np
    f4, r, sizes, drop = np.float32, np.random.default_rng(0), s["sizes"], s["drop"]
    x, y = data(s)
    count = sum(a * b + b for a, b in zip(sizes, sizes[1:]))
    P, G, M, V, T1, T2 = (np.zeros(count, "f4") for _ in range(6))

    def views(flat):
        at, w, b = 0, [], []
        for i, o in zip(sizes, sizes[1:]):
            w.append(flat[at:at + i * o].reshape(i, o))
            b.append(flat[at + i * o:at + i * o + o])
            at += i * o + o
        return w, b
    (W, B), (dW, dB) = views(P), views(G)
    for w in W:
        w[:] = r.standard_normal(w.shape) * np.sqrt((2 if s["act"] == "relu" else 1) / len(w))
    rows, last = s["infer"] or min(s["batch"], s["rows"]), len(W) - 1
    H, D, K = ([np.empty((rows, n), "f4") for n in sizes[1:]] for _ in range(3))

    def forward(h, b, train):
        for i in range(len(W)):
            hi = H[i][:b]
            np.matmul(h, W[i], out=hi)
            hi += B[i]
            if i < last:
                np.maximum(hi, 0, out=hi) if s["act"] == "relu" else np.tanh(hi, out=hi)
                if drop and train:
                    k = K[i][:b]
                    r.random(out=k, dtype="f4")
                    np.greater_equal(k, drop, out=k, casting="unsafe")
                    k *= f4(1 / (1 - drop))
                    hi *= k
            h = hi
        return h
    if s["infer"]:
        x = x[:rows]

        def calls(n):
            for _ in range(n):
                forward(x, rows, False)
        return calls
    each, t = np.arange(rows), [0]

    def update():
        lr, wd = s["lr"], s["wd"]
        if s["opt"] == "sgd":
            if s["mom"]:
                np.multiply(M, f4(s["mom"]), out=M)
                np.add(M, G, out=M)
            np.multiply(M if s["mom"] else G, f4(lr), out=T1)
            np.subtract(P, T1, out=P)
            return
        t[0] += 1
        if s["opt"] == "adamw":
            np.multiply(P, f4(1 - lr * wd), out=P)
        elif wd:
            np.multiply(P, f4(wd), out=T1)
            np.add(G, T1, out=G)
        for state, share, g in ((M, 0.1, G), (V, 0.001, None)):
            np.multiply(state, f4(1 - share), out=state)
            np.multiply(G, G if g is None else f4(share), out=T1)
            if g is None:
                np.multiply(T1, f4(share), out=T1)
            np.add(state, T1, out=state)
        np.sqrt(V, out=T1)
        np.multiply(T1, f4((1 - 0.999 ** t[0]) ** -0.5), out=T1)
        np.add(T1, f4(1e-8), out=T1)
        np.divide(M, T1, out=T2)
        np.multiply(T2, f4(lr / (1 - 0.9 ** t[0])), out=T2)
        np.subtract(P, T2, out=P)

    def step(xb, yb):
        b = len(xb)
        z, d = forward(xb, b, True), D[-1][:b]
        if s["loss"] == "bce":
            np.negative(z, out=d)
            np.exp(d, out=d)
            d += 1
            np.divide(1, d, out=d)
            d -= yb[:, None]
        else:
            np.subtract(z, z.max(1, keepdims=True), out=d)
            np.exp(d, out=d)
            d /= d.sum(1, keepdims=True)
            d[each[:b], yb] -= 1
        d *= f4(1 / b)
        for i in range(last, -1, -1):
            a = H[i - 1][:b] if i else xb
            np.matmul(a.T, d, out=dW[i])
            d.sum(0, out=dB[i])
            if i:
                e = D[i - 1][:b]
                np.matmul(d, W[i].T, out=e)
                e *= a > 0 if s["act"] == "relu" else 1 - a * a
                if drop:
                    e *= K[i - 1][:b]
                d = e
        update()
    source = batches(s, r.permutation)

    def steps(n):
        for _ in range(n):
            i = next(source)
            step(x, y) if i is None else step(x[i], y[i])
    return steps


def sklearn(s):
    import warnings
    from sklearn.neural_network import MLPClassifier
    warnings.filterwarnings("ignore")
    x, y = data(s)
    per = -(-s["rows"] // s["batch"])

    def model(epochs):
        return MLPClassifier(s["sizes"][1:-1], activation=s["act"], solver="sgd" if s["opt"] == "sgd" else "adam", batch_size=min(s["batch"], len(x)),
                             learning_rate_init=s["lr"], momentum=s["mom"], nesterovs_momentum=False, max_iter=epochs, tol=0,
                             n_iter_no_change=10**9, alpha=s["wd"], random_state=0)
    if s["infer"]:
        m = model(1).fit(x, y)
        return lambda n: [m.predict_proba(x[:s["infer"]]) for _ in range(n)]

    def steps(n):
        if n >= per:
            model(n // per).fit(x, y)
        else:
            model(1).fit(x[:n * s["batch"]], y[:n * s["batch"]])
    return steps


ENGINES = {"torch": lambda s: torch(s, True), "torch-loop": lambda s: torch(s, False), "numpy": numpy, "sklearn": sklearn}

if ENGINE == "sklearn" and SPEC["sizes"][1] >= 2048:
    sys.exit(1)
run, per, wall = ENGINES[ENGINE](SPEC), -(-SPEC["rows"] // SPEC["batch"]), CLOCK == "wall"


def once(steps):
    """µs of a step."""
    start = clock()
    run(steps)
    if ENGINE == "sklearn" and not SPEC["infer"]:  # makes whole epochs, or the first steps of one
        steps = max(steps // per * per, min(steps, per))
    return (clock() - start) / steps * 1e6


steps = SPEC["steps"]
run(max(2, steps // 10))
while once(steps) * steps < 1e5:
    steps *= 2
print("ready", flush=True)
for line in sys.stdin:
    run(max(1, steps // 10))
    print(min(once(max(1, steps // 3)) for _ in range(3)) if wall else once(steps), flush=True)
