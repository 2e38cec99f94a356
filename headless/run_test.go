package headless_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mlpkernel/headless"
)

// book makes a notebook of code cells.
func book(t *testing.T, sources ...string) *headless.Notebook {
	t.Helper()
	nb := headless.New()
	for _, s := range sources {
		tag, rest, ok := strings.Cut(s, "|")
		c := &headless.Cell{Type: headless.Code, Source: s, Metadata: map[string]any{}}
		if ok {
			c.Source, c.Metadata["tags"] = rest, []any{tag}
		}
		nb.Cells = append(nb.Cells, c)
	}
	return nb
}

// told returns a cell's outputs as one text.
func told(c *headless.Cell) string {
	var parts []string
	for _, o := range c.Outputs {
		switch o.Type {
		case headless.Stream:
			parts = append(parts, o.Name+" "+o.Text)
		case headless.ErrorOutput:
			parts = append(parts, "error "+o.EName+" "+o.EValue)
		default:
			parts = append(parts, fmt.Sprint(o.Type, " ", o.Data["text/plain"]))
		}
	}
	return strings.Join(parts, "|")
}

func TestOutputs(t *testing.T) {
	for _, test := range []struct{ name, code, want string }{
		{"merged", "print a\nprint b\nwarn c\nprint d", "stdout a\nb\n|stderr c\n|stdout d\n"},
		{"carriage return", `put 10 %` + "\n" + `put \r100 %` + "\nprint", "stdout 100 %\n"},
		{"result", "print a\nvalue 7", "stdout a\n|execute_result 7"},
		{"updated", "show x one\nshow y other\nupdate x two", "display_data two|display_data other"},
		{"cleared", "print a\nclear\nprint b", "stdout b\n"},
		{"cleared later", "print a\nclear wait\nprint b\nprint c", "stdout b\nc\n"},
		{"cleared never", "print a\nclear wait", "stdout a\n"},
		{"paged", "print a\npage words", "stdout a\n|display_data words"},
	} {
		t.Run(test.name, func(t *testing.T) {
			nb := book(t, test.code)
			if err := headless.Run(t.Context(), nb, headless.Options{Start: scripts("")}); err != nil {
				t.Fatal(err)
			}
			if got := told(nb.Cells[0]); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestUpdateReachesEarlierCells(t *testing.T) {
	nb := book(t, "show x one", "update x two")
	if err := headless.Run(t.Context(), nb, headless.Options{Start: scripts("")}); err != nil {
		t.Fatal(err)
	}
	if got := told(nb.Cells[0]); got != "display_data two" {
		t.Errorf("first cell shows %q", got)
	}
	if nb.Cells[0].Count != 1 || nb.Cells[1].Count != 2 {
		t.Errorf("counts %d, %d", nb.Cells[0].Count, nb.Cells[1].Count)
	}
}

func TestFailures(t *testing.T) {
	for _, test := range []struct {
		name    string
		sources []string
		allow   bool
		fails   int // number of the failing cell, 0 if none
		last    string
	}{
		{"stops", []string{"print a", "fail no", "print b"}, false, 2, ""},
		{"allowed", []string{"fail no", "print b"}, true, 0, "stdout b\n"},
		{"tagged", []string{"raises-exception|fail no", "print b"}, false, 0, "stdout b\n"},
		{"skipped", []string{"skip-execution|fail no", "  ", "print b"}, false, 0, "stdout b\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			nb := book(t, test.sources...)
			err := headless.Run(t.Context(), nb, headless.Options{Start: scripts(""), AllowErrors: test.allow})
			var failed *headless.CellError
			if errors.As(err, &failed) != (test.fails > 0) || failed != nil && failed.Number != test.fails {
				t.Errorf("error %v, want cell %d", err, test.fails)
			}
			if got := told(nb.Cells[len(nb.Cells)-1]); got != test.last {
				t.Errorf("last cell shows %q, want %q", got, test.last)
			}
		})
	}
}

// interrupter ends a context when a cell prints.
type interrupter struct{ cancel func() }

func (interrupter) CellBegins(int, int, *headless.Cell)           {}
func (i interrupter) CellPrints(string, string)                   { i.cancel() }
func (interrupter) CellEnds(*headless.Cell, time.Duration, error) {}

func TestInterrupt(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	nb := book(t, "print before\nwait", "print after")
	nb.Cells[0].Source = "wait"
	err := headless.Run(ctx, nb, headless.Options{Start: scripts(""), Observer: interrupter{cancel}})
	if !errors.Is(err, headless.ErrInterrupted) {
		t.Fatalf("error %v", err)
	}
	if got := told(nb.Cells[0]); got != "stdout waiting\n|error KeyboardInterrupt " {
		t.Errorf("interrupted cell shows %q", got)
	}
	if nb.Cells[1].Count != 0 {
		t.Error("the next cell ran")
	}
}

// command runs a sub-command in a folder of files and returns what it said.
func command(f func(args []string, start headless.Starter, stdout, stderr *bytes.Buffer) int, start headless.Starter, args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	status = f(args, start, &out, &errs)
	return status, out.String(), errs.String()
}

func run(args []string, start headless.Starter, stdout, stderr *bytes.Buffer) int {
	return headless.RunCommand(args, stdout, stderr, start)
}

func verify(args []string, start headless.Starter, stdout, stderr *bytes.Buffer) int {
	return headless.VerifyCommand(args, stdout, stderr, start)
}

func write(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRunCommand(t *testing.T) {
	dir := t.TempDir()
	nb := write(t, dir, "a.ipynb", book(t, "parameters|lr = 1", "get lr", "print x").Encode())
	bad := write(t, dir, "bad.ipynb", book(t, "print x", "fail why", "print y").Encode())
	md := write(t, dir, "m.md", []byte("# A\n\n```starlark\nprint m\n```\n"))
	prose := write(t, dir, "prose.md", []byte("# A\n\n```python\nprint(1)\n```\n"))
	star := write(t, dir, "s.star", []byte("print hello\nwarn careful\nshow id one\nupdate id two\n"))
	before := read(t, nb)
	for _, test := range []struct {
		name, args     string
		status         int
		stdout, stderr string // parts
	}{
		{"help", "-h", 0, "Usage: mlpkernel run", ""},
		{"no file", "", 2, "", "expected one file"},
		{"unknown flag", nb + " --nonsense", 2, "", "mlpkernel run -h"},
		{"unknown file", dir + "/none.ipynb", 2, "", "none.ipynb"},
		{"wrong type", dir + "/a.py", 2, "", "expected a file that ends in .ipynb, .star or .md"},
		{"itself", nb + " -o " + nb, 2, "", "--in-place"},
		{"plain", nb, 0, "", "[2/3] get lr"},
		{"both by themselves", nb, 0, "", "wrote " + dir + "/a.executed.ipynb and " + dir + "/a.executed.html\n"},
		{"Markdown", md, 0, "", "wrote " + dir + "/m.executed.ipynb and " + dir + "/m.executed.html\n"},
		{"Markdown without cells", prose, 0, "", "warning: " + prose + " has no cells to run: in Markdown they are fences of starlark"},
		{"parameters", nb + " -p lr=0.5 -q -o " + dir + "/p.ipynb", 0, "", ""},
		{"mistyped parameter", nb + " -p rl=0.5 -q -o " + dir + "/q.ipynb", 0, "", "does not set rl; it sets lr"},
		{"page", nb + " --html " + dir + "/a.html", 0, "", "wrote " + dir + "/a.html"},
		{"prints", nb + " -v -q -o " + dir + "/v.ipynb", 0, "x\n", ""},
		{"failing", bad, 1, "", "cell 2 of 3 failed: TestError: why\nmlpkernel: hint: what was done until then is in"},
		{"script", star, 0, "hello\ntwo\n", "careful"},
		{"to stdout", star + " -o -", 0, `"output_type": "stream"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, stdout, stderr := command(run, scripts(""), strings.Fields(test.args)...)
			if status != test.status || !strings.Contains(stdout, test.stdout) || !strings.Contains(stderr, test.stderr) {
				t.Errorf("status %d, want %d\nstdout: %s\nstderr: %s", status, test.status, stdout, stderr)
			}
		})
	}
	if read(t, nb) != before {
		t.Error("the source changed")
	}
	if s := read(t, dir+"/p.ipynb"); !strings.Contains(s, `lr = 0.5`) || !strings.Contains(s, `"0.5"`+"\n") {
		t.Errorf("parameters did not arrive:\n%s", s)
	}
	if s := read(t, dir+"/a.executed.html"); !strings.Contains(s, "<pre>x\n</pre>") {
		t.Errorf("the page does not show what the cells print:\n%s", s)
	}
	if _, err := os.Stat(dir + "/s.executed.ipynb"); err == nil {
		t.Error("a script wrote a notebook")
	}
	if s := read(t, dir+"/bad.executed.ipynb"); !strings.Contains(s, `"ename": "TestError"`) {
		t.Errorf("the failure is not stored:\n%s", s)
	}
}

func TestVerifyCommand(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "a.ipynb", book(t, "print one", "took fit", "raises-exception|fail as expected", "nbval-ignore-output|took x").Encode())
	check := func(step string, status int, want string, start headless.Starter, args ...string) {
		t.Helper()
		got, stdout, stderr := command(verify, start, append(args, path)...)
		if got != status || !strings.Contains(stdout, want) {
			t.Errorf("%s: status %d, want %d\nstdout: %s\nstderr: %s", step, got, status, stdout, stderr)
		}
	}
	check("never run", 1, "never run", scripts("1.5 s"))
	check("update", 0, "updated", scripts("1.5 s"), "--update")
	check("same", 0, "3 of 4 cells same, 1 not compared", scripts("1.5 s"))
	before := read(t, path)
	check("volatile", 0, "3 of 4 cells same", scripts("12.25 s"))
	check("volatile, update", 0, "3 of 4 cells same", scripts("12.25 s"), "--update")
	if read(t, path) != before {
		t.Error("an update without a difference changed the file")
	}
	write(t, dir, "a.ipynb", []byte(strings.Replace(before, `"one\n"`, `"two\n"`, 1)))
	check("different", 1, "- two\n    + one", scripts("1 s"))
	write(t, dir, "a.ipynb", []byte(strings.Replace(before, "<b>fit", "<b>fat", 1)))
	check("html", 1, "text/html", scripts("1 s"))
	write(t, dir, "a.ipynb", []byte(strings.Replace(before, "print one", "fail one", 1)))
	check("failed", 1, "TestError: one", scripts("1 s"))
	if got, _, stderr := command(verify, scripts(""), dir+"/x.star"); got != 2 || !strings.Contains(stderr, "expected a notebook") {
		t.Errorf("a script: status %d, %s", got, stderr)
	}
}
