package dsl_test

import (
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl"
)

// loops are what people write in cells besides the vocabulary; Python reads them too.
var loops = []struct{ name, text string }{
	{"arithmetic", "s = 0\nfor i in range(300000):\n    s += i * i % 7\n"},
	{"floats", "x = 0.0\nfor i in range(300000):\n    x = x * 0.5 + i / 3\n"},
	{"append", "v = []\nfor i in range(300000):\n    v.append(i)\n"},
	{"dictionary", "d = {}\nfor i in range(200000):\n    k = i % 1000\n    d[k] = d.get(k, 0) + 1\n"},
	{"calls", "def f(x):\n    return x + 1\ns = 0\nfor i in range(200000):\n    s = f(s)\n"},
	{"strings", "s = []\nfor i in range(100000):\n    s.append(str(i) + \"x\")\nt = \"\".join(s)\n"},
	{"comprehension", "v = [i * 2 for i in range(300000) if i % 3 == 0]\n"},
	{"sorting", "v = sorted([i * 7919 % 100003 for i in range(100000)])\n"},
	{"conditions", "n = 0\nfor i in range(300000):\n    if i % 2 == 0 and i % 3 == 0:\n        n += 1\n    elif i % 5 == 0:\n        n -= 1\n"},
	{"indexing", "v = list(range(1000))\ns = 0\nfor i in range(300000):\n    s += v[i % 1000]\n"},
}

// BenchmarkLanguage is the time of plain loops in a cell in shares of Python's,
// and in a function in shares of plain Starlark's; medians of alternating runs.
func BenchmarkLanguage(b *testing.B) {
	python, err := exec.LookPath("/usr/bin/python3")
	if err != nil {
		b.Skip("there is no Python")
	}
	for _, l := range loops {
		b.Run(l.name, func(b *testing.B) {
			n := &notebook{s: dsl.New(dsl.Options{Dir: b.TempDir(), Version: "test"})}
			inside := "def work():\n    " + strings.ReplaceAll(strings.TrimSpace(l.text), "\n", "\n    ") + "\nwork()\n"
			cell := func(text string) float64 {
				start := time.Now()
				if out := n.run(text); strings.Contains(out, "Error") {
					b.Fatal(out)
				}
				return time.Since(start).Seconds()
			}
			var top, function []float64
			for b.Loop() {
				top = append(top, cell(l.text)/pythonTime(b, python, l.text))
				function = append(function, cell(inside)/starlarkTime(b, inside))
			}
			slices.Sort(top)
			slices.Sort(function)
			b.ReportMetric(top[len(top)/2], "cell/python")
			b.ReportMetric(function[len(function)/2], "function/starlark")
		})
	}
}

func pythonTime(b *testing.B, python, text string) float64 {
	c := exec.Command(python, "-c", "import sys, time\nc = compile(sys.stdin.read(), 'cell', 'exec')\nt = time.perf_counter()\nexec(c, {})\nprint(time.perf_counter() - t)")
	c.Stdin = strings.NewReader(text)
	out, err := c.Output()
	if err != nil {
		b.Fatal(err)
	}
	t, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return t
}

func starlarkTime(b *testing.B, text string) float64 {
	start := time.Now()
	options := &syntax.FileOptions{TopLevelControl: true, GlobalReassign: true, While: true, Set: true}
	if _, err := starlark.ExecFileOptions(options, &starlark.Thread{}, "cell", text, nil); err != nil {
		b.Fatal(err)
	}
	return time.Since(start).Seconds()
}
