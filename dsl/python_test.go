package dsl_test

import (
	"os"
	"runtime/debug"
	"strings"
	"testing"
)

// TestLikePython compares expressions with what CPython 3.11 prints for them.
func TestLikePython(t *testing.T) {
	b, err := os.ReadFile("testdata/cpython.txt")
	if err != nil {
		t.Fatal(err)
	}
	nb := newNotebook(t)
	var cell []string
	for _, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n") {
		want, isAnswer := strings.CutPrefix(line, "=> ")
		if !isAnswer {
			cell = append(cell, line)
			continue
		}
		src := strings.Join(cell, "\n")
		cell = nil
		if got := nb.run(src); strings.ReplaceAll(got, "\n", `\n`) != want {
			t.Errorf("%s\ngives %s\nwant  %s", src, got, want)
		}
	}
}

// TestMemory checks that no expression takes all memory.
func TestMemory(t *testing.T) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(120 << 20))
	nb := newNotebook(t)
	for _, src := range []string{
		"s = \"x\"\nfor i in range(60): s = s + s",
		"s = \"x\"\nfor i in range(60): s += s",
		"d = {\"s\": \"x\"}\nfor i in range(60): d[\"s\"] += d[\"s\"]",
		"a = [1]\nfor i in range(60): a = a + a",
		"a = [1]\nfor i in range(60): a += a",
		"a = [1]\nfor i in range(60): a.extend(a)",
		"s = \"x\" * 10**6\na = []\nwhile True: a.append(s * 10)",
		"\"x\".join([\"y\" * 10**6] * 10**6)",
		"(\"x\" * 10**6).replace(\"x\", \"y\" * 10**6)",
		"zeros([10**6, 10**6])",
		"\"x\" * 10**12",
		"[0] * 10**12",
	} {
		got := nb.run("kept = 1\n" + src)
		if !strings.Contains(got, "MemoryError: ") {
			t.Errorf("%s\ngives %.300s", src, got)
		}
		if nb.run("reset(\"s\", \"d\", \"a\", \"x\")\n"); nb.run("kept") != "1" {
			t.Errorf("%s: variables are lost", src)
		}
	}
}
