"""Measures tables beside pandas and scikit-learn: python3 bench/table/compare.py [rows]

Each measurement is a fresh process; the two sides take turns, and medians are
printed. Reading is timed inside the process, after its imports; "diamonds" is
the whole process from its start to an evaluated model, and the time without
what an empty program takes on that side.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
ROUNDS = int(os.environ.get("ROUNDS", "5"))

PANDAS = """
import json, re, sys, time
import pandas as pd
begin = time.perf_counter()
t = {call}
seconds = time.perf_counter() - begin
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read()).group(1)) / 1024
print(json.dumps(dict(seconds=seconds, megabytes=peak, rows=len(t), columns=t.shape[1], check=t.iloc[:, -1].mean())))
"""

QUERIES = {
    "SQL: group by a column of 50 words": "select s2, avg(f0) m, std(f1) s from t group by s2",
    "SQL: join by 1,000,000 keys": "select avg(a.f0 + b.f1) m from t a join t b on a.id = b.id",
}


def out(*command, **kw):
    kw.setdefault("stderr", subprocess.PIPE)
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, **kw).stdout


def wall(*command, **kw):
    begin = time.perf_counter()
    out(*command, **kw)
    return {"seconds": time.perf_counter() - begin}


def alternate(*sides):
    """Medians of each side, run in turns."""
    runs = [[] for _ in sides]
    for _ in range(ROUNDS):
        for side, to in zip(sides, runs):
            to.append(side())
    return [{k: statistics.median(r[k] for r in some) for k in some[0]} for some in runs]


def row(what, ours, theirs=None):
    text = f"{what:<44} {ours['seconds']:7.2f} s"
    if "megabytes" in ours:
        text += f" {ours['megabytes']:6.0f} MB"
    if theirs:
        text += f"   | {theirs['seconds']:7.2f} s"
        if "megabytes" in theirs:
            text += f" {theirs['megabytes']:6.0f} MB"
        text += f"   | {theirs['seconds'] / ours['seconds']:5.1f} times as fast"
        if "megabytes" in theirs:
            text += f", {100 * ours['megabytes'] / theirs['megabytes']:.0f} % of the memory"
    print(text, flush=True)


def main():
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as tmp:
        tool, kernel = os.path.join(tmp, "table"), os.path.join(tmp, "mlpkernel")
        env = dict(os.environ, CGO_ENABLED="0")
        out("go", "build", "-o", tool, "./bench/table", cwd=ROOT, env=env)
        out("go", "build", "-o", kernel, ".", cwd=ROOT, env=env)
        csv, parquet = os.path.join(tmp, "t.csv"), os.path.join(tmp, "t.parquet")
        out(tool, "gen", csv, str(rows))
        out(tool, "to_parquet", csv, parquet)
        print(f"{rows:,} rows × 20 columns, {os.path.getsize(csv) / 1e6:.0f} MB; mlpkernel | pandas {out(sys.executable, '-c', 'import pandas; print(pandas.__version__)').strip()}")
        ours = lambda *args: lambda: json.loads(out(tool, *args))
        theirs = lambda call: lambda: json.loads(out(sys.executable, "-c", PANDAS.replace("{call}", call)))
        row("read_csv", *alternate(ours("csv", csv), theirs(f"pd.read_csv({csv!r})")))
        try:
            row("read_parquet", *alternate(ours("parquet", parquet), theirs(f"pd.read_parquet({parquet!r})")))
        except subprocess.CalledProcessError:
            row("read_parquet (pandas has no engine here)", *alternate(ours("parquet", parquet)))
        for what, query in QUERIES.items():
            result, = alternate(ours("sql", csv, query))
            del result["megabytes"]
            row(what, result)
        work = os.path.join(tmp, "work")
        os.mkdir(work)
        for name in ("diamonds.star", "diamonds.py"):
            shutil.copy(os.path.join(HERE, name), work)
        with open(os.path.join(work, "diamonds.csv"), "wb") as f:
            subprocess.run(["gzip", "-dc", os.path.join(ROOT, "table/data/diamonds.csv.gz")], check=True, stdout=f)
        with open(os.path.join(work, "empty.star"), "w") as f:
            f.write("1\n")
        imports = "import pandas, sklearn.neural_network, sklearn.compose, sklearn.pipeline, sklearn.model_selection"
        quiet = dict(cwd=work, stderr=subprocess.DEVNULL)
        whole, empty, whole_py, empty_py = alternate(
            lambda: wall(kernel, "run", "diamonds.star", **quiet), lambda: wall(kernel, "run", "empty.star", **quiet),
            lambda: wall(sys.executable, "diamonds.py", **quiet), lambda: wall(sys.executable, "-c", imports, **quiet))
        row("diamonds: read, describe, split, fit, evaluate", whole, whole_py)
        row("the same without start and imports", {"seconds": whole["seconds"] - empty["seconds"]}, {"seconds": whole_py["seconds"] - empty_py["seconds"]})


if __name__ == "__main__":
    main()
