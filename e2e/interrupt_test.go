package e2e

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestCtrlC interrupts a run while its second cell loops: the run saves what
// was done and says so with its exit status.
func TestCtrlC(t *testing.T) {
	dir := built(t)
	if runtime.GOOS == "windows" {
		t.Skip("left out: one process cannot press another's Ctrl-C on Windows")
	}
	work := t.TempDir()
	source := "# %%\nprint('one')\n# %%\nprint('two')\nwhile True:\n    pass\n# %%\nprint('three')\n"
	if err := os.WriteFile(filepath.Join(work, "loop.star"), []byte(source), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(dir, "mlpkernel"), "run", "loop.star", "-o", "loop.ipynb")
	cmd.Dir = work
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && lines.Text() != "two" {
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	for lines.Scan() {
	}
	var exit *exec.ExitError
	if err := cmd.Wait(); !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Errorf("ended with %v, want exit status 130", err)
	}
	if !strings.Contains(stderr.String(), "what was done until then is in loop.ipynb") {
		t.Errorf("it says\n%s", &stderr)
	}
	saved, err := os.ReadFile(filepath.Join(work, "loop.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"one\n"`, `"two\n"`, `"ename": "KeyboardInterrupt"`} {
		if !bytes.Contains(saved, []byte(want)) {
			t.Errorf("the notebook lacks %s", want)
		}
	}
	if bytes.Contains(saved, []byte(`"three\n"`)) {
		t.Error("the cell behind the interrupted one ran")
	}
}
