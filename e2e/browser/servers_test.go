package browser

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	//go:embed pages/common.js
	commonJS string
	//go:embed pages/classic.js
	classicJS string
	//go:embed pages/lab.js
	labJS string
)

// frontEnd is one of Jupyter's, run by a server of its own.
type frontEnd struct {
	name   string
	start  []string // the server's command, without options
	config string   // the class of the server's options
	root   string   // its option for the folder of notebooks
	info   string   // the beginning of its file about itself
	js     string   // gives the page its object nb
	page   string   // the address of a notebook, %s its path
}

var (
	classic = frontEnd{"notebook", []string{"jupyter-notebook"}, "NotebookApp", "notebook_dir", "nbserver", classicJS, "notebooks/%s"}
	lab     = frontEnd{"lab", []string{"/usr/bin/python3", "server.py"}, "ServerApp", "root_dir", "jpserver", labJS, "lab?reset"}
)

// place is a server with the kernel and copies of the notebooks.
type place struct {
	frontEnd
	url       string
	notebooks string // their folder
	server    *os.Process
}

// serve starts a front end's server in the folder dir, with a kernel built
// for it; the end of the test ends it.
func serve(t *testing.T, f frontEnd, dir string) place {
	work := t.TempDir()
	p := place{frontEnd: f, notebooks: filepath.Join(work, "notebooks")}
	binary := filepath.Join(work, "mlpkernel")
	must(t, exec.Command("go", "build", "-o", binary, "mlpkernel"))
	must(t, exec.Command(binary, "install", "--prefix", filepath.Join(work, "prefix")))
	if err := os.CopyFS(p.notebooks, os.DirFS("../../notebooks")); err != nil {
		t.Fatal(err)
	}
	p.write(t, "trial.ipynb")
	p.write(t, "second.ipynb")
	p.write(t, "again.ipynb", "n = 1", "n = n + 1\nn")

	args := append(f.start[1:], "--allow-root", "--no-browser", "--ip=127.0.0.1")
	for _, option := range []string{"token=", "password=", f.root + "=" + p.notebooks} {
		args = append(args, "--"+f.config+"."+option)
	}
	cmd := exec.Command(f.start[0], args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "JUPYTER_PATH="+filepath.Join(work, "prefix", "share", "jupyter"))
	for _, name := range []string{"JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "XDG_CACHE_HOME"} {
		cmd.Env = append(cmd.Env, name+"="+filepath.Join(work, strings.ToLower(name)))
	}
	log, err := os.Create(filepath.Join(work, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		defer time.AfterFunc(patience, func() { cmd.Process.Kill() }).Stop()
		cmd.Wait()
		if t.Failed() {
			said, _ := os.ReadFile(log.Name())
			t.Logf("the server said:\n%s", said)
		}
	})
	p.server = cmd.Process
	said := filepath.Join(work, "jupyter_runtime_dir", fmt.Sprintf("%s-%d.json", f.info, cmd.Process.Pid))
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if p.url = address(said); p.url == "" {
			continue
		}
		if answer, err := http.Get(p.url + "api"); err == nil {
			answer.Body.Close()
			return p
		}
	}
	t.Fatalf("%s does not answer", f.name)
	return p
}

// address reads where a server listens from the file it writes about itself,
// "" if it has not written it yet.
func address(file string) string {
	var info struct{ URL string }
	if text, err := os.ReadFile(file); err != nil || json.Unmarshal(text, &info) != nil {
		return ""
	}
	return info.URL
}

// write writes a notebook with code cells.
func (p place) write(t *testing.T, name string, cells ...string) {
	var list []string
	for i, source := range cells {
		list = append(list, fmt.Sprintf(`{"cell_type": "code", "id": "c%d", "metadata": {}, "execution_count": null, "outputs": [], "source": %q}`, i, source))
	}
	text := fmt.Sprintf(`{"cells": [%s], "metadata": {"kernelspec": {"name": "mlpkernel", "display_name": "MLP (Starlark)", "language": "starlark"}}, "nbformat": 4, "nbformat_minor": 5}`, strings.Join(list, ", "))
	if err := os.WriteFile(filepath.Join(p.notebooks, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func must(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
}

// needs skips the test if a program is not there.
func needs(t *testing.T, programs ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out with -short: starts a browser")
	}
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("left out: no %s (Debian: apt-get install jupyter-notebook chromium chromium-driver)", name)
		}
	}
}
