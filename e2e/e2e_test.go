package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// python is Debian's, which sees Debian's packages whatever PATH says.
const python = "/usr/bin/python3"

// binary builds the binary once and returns its folder.
var binary = sync.OnceValues(func() (dir string, err error) {
	if dir, err = os.MkdirTemp("", "mlpkernel-e2e"); err != nil {
		return "", err
	}
	cmd := exec.Command("go", "build", "-o", dir+string(filepath.Separator), "mlpkernel")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return dir, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, _ := binary(); dir != "" {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func built(t *testing.T) (dir string) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out with -short: builds the binary")
	}
	dir, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestCommands(t *testing.T) {
	dir := built(t)
	notebooks, err := filepath.Abs("../notebooks")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", dir+string(filepath.ListSeparator)+e.Getenv("PATH"))
			e.Setenv("NOTEBOOKS", notebooks)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("JUPYTER_DATA_DIR", filepath.Join(e.WorkDir, "jupyter"))
			return nil
		},
	})
}

// clients is a place where Jupyter's own programs find the kernel.
type clients struct {
	t      *testing.T
	dir    string // of files that a test writes
	binary string
	env    []string
}

// jupyter installs the kernel for real clients, or skips if a module that the
// test needs is not there.
func jupyter(t *testing.T, modules ...string) clients {
	t.Helper()
	bin := built(t)
	for _, m := range modules {
		if err := exec.Command(python, "-c", "import "+m).Run(); err != nil {
			t.Skipf("left out: %s has no module %s (Debian: apt-get install jupyter-client python3-jupyter-kernel-test jupyter-nbconvert)", python, m)
		}
	}
	dir, err := os.MkdirTemp("", "mlpkernel-e2e")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) }) // which fails if a kernel that outlives its client writes there
	prefix := filepath.Join(dir, "prefix")
	env := append(os.Environ(), "JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"), "PYDEVD_DISABLE_FILE_VALIDATION=1")
	for _, name := range []string{"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "XDG_CACHE_HOME"} {
		env = append(env, name+"="+filepath.Join(dir, strings.ToLower(name)))
	}
	env = append(env, "JUPYTER_RUNTIME_DIR="+filepath.Join(dir, "r")) // short: paths of sockets hold about 100 bytes
	c := clients{t, dir, filepath.Join(bin, "mlpkernel"), env}
	c.run(c.binary, "install", "--prefix", prefix)
	return c
}

// scriptTimeout is far more than any of the programs needs.
const scriptTimeout = 15 * time.Minute

// run runs a program and returns what it says. Its output goes to a file, so
// that a kernel it leaves behind cannot keep the test waiting.
func (c clients) run(name string, args ...string) string {
	c.t.Helper()
	log, err := os.CreateTemp(c.dir, "output")
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	ctx, cancel := context.WithTimeout(c.t.Context(), scriptTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env, cmd.Stdout, cmd.Stderr = c.env, log, log
	err = cmd.Run()
	out, readErr := os.ReadFile(log.Name())
	if err := errors.Join(err, readErr); err != nil {
		c.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestConformance(t *testing.T) {
	c := jupyter(t, "jupyter_client", "jupyter_kernel_test")
	t.Log(c.run(python, "testdata/conformance.py"))
}

func TestSession(t *testing.T) {
	c := jupyter(t, "jupyter_client")
	t.Log(c.run(python, "testdata/session.py"))
}

func TestLoad(t *testing.T) {
	c := jupyter(t, "jupyter_client")
	t.Log(c.run(python, "testdata/load.py"))
}

// TestNBConvert runs one notebook by nbconvert and by the binary: each must
// find the other's outputs right.
func TestNBConvert(t *testing.T) {
	c := jupyter(t, "nbconvert", "nbformat", "jupyter_client")
	source := filepath.Join(c.dir, "ours.ipynb")
	c.run(c.binary, "run", "-q", "testdata/notebook.md", "-o", source)
	c.run(python, "testdata/validate.py", source)
	theirs := filepath.Join(c.dir, "theirs.ipynb")
	c.nbconvert(source, theirs)
	t.Log(c.run(c.binary, "verify", source, theirs))
}

// nbconvert executes a notebook by Jupyter's own runner; a cell that fails
// without a tag that allows it fails the test.
func (c clients) nbconvert(source, out string) {
	c.t.Helper()
	patience := []string{"--ExecutePreprocessor.timeout=600", "--ExecutePreprocessor.startup_timeout=600",
		"--ExecutePreprocessor.iopub_timeout=600"} // outputs that come 4 s after the reply would be left out
	c.run(python, append([]string{"-m", "nbconvert", "--execute", "--to", "notebook", "--output", out, source}, patience...)...)
}

// TestNotebooks runs the notebooks of this repository by nbconvert, and checks
// that their files are as Jupyter would write them.
func TestNotebooks(t *testing.T) {
	c := jupyter(t, "nbconvert", "nbformat", "jupyter_client")
	var found []string
	for _, pattern := range []string{"../notebooks/*.ipynb", "../notebooks/*/*.ipynb"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, paths...)
	}
	for _, path := range found {
		if strings.HasSuffix(path, ".executed.ipynb") {
			continue
		}
		path, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(filepath.Base(filepath.Dir(path)), filepath.Base(path))
		t.Run(name, func(t *testing.T) {
			c.t = t
			c.run(python, "testdata/validate.py", path)
			c.nbconvert(path, filepath.Join(t.TempDir(), "executed.ipynb"))
		})
	}
	if len(found) == 0 {
		t.Skip("left out: the folder notebooks holds none")
	}
}

// TestConsole has a session at jupyter-console.
func TestConsole(t *testing.T) {
	c := jupyter(t, "jupyter_console", "pexpect")
	t.Log(c.run(python, "testdata/console.py"))
}
