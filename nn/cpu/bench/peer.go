package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"mlpkernel/nn/cpu/internal/works"
)

//go:embed peers/peers.py
var script string

//go:embed peers/fann.c
var fannSource string

// start starts a process that measures another library whenever it reads a
// line; nil if the library is not installed or does not do this work. The
// command gets the work as JSON, the number of threads and the clock's name.
func (s settings) start(w works.Work, env []string, command ...string) *side {
	spec, err := json.Marshal(w)
	if err != nil {
		return nil
	}
	clock := "cpu"
	if s.threads > 1 {
		clock = "wall"
	}
	cmd := exec.Command(command[0], append(command[1:], string(spec), strconv.Itoa(s.threads), clock)...)
	cmd.Env = append(environment(s.threads), env...)
	return converse(cmd)
}

// converse makes a side of a command that says "ready", and then answers each
// line with µs of a step; nil if it does not.
func converse(cmd *exec.Cmd) *side {
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil
	}
	pipe, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return nil
	}
	out := bufio.NewScanner(pipe)
	p := &side{
		close: func() { in.Close(); cmd.Process.Kill(); cmd.Wait() },
		once: func() (float64, error) {
			fmt.Fprintln(in, "go")
			if !out.Scan() {
				return 0, errors.New("a peer has gone")
			}
			return strconv.ParseFloat(out.Text(), 64)
		},
	}
	if !out.Scan() || out.Text() != "ready" {
		p.close()
		return nil
	}
	return p
}

// openmp is where Debian has the OpenBLAS that shares PyTorch's threads; with
// another one two pools of threads get in each other's way.
const openmp = "/usr/lib/x86_64-linux-gnu/openblas-openmp"

// environment drops what chooses kernels for OpenBLAS by hand, which may make
// it slow, and sets the number of threads.
func environment(threads int) []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "OPENBLAS") && !strings.HasPrefix(e, "OMP") && !strings.HasPrefix(e, "MKL") && !strings.HasPrefix(e, "ATEN") {
			env = append(env, e)
		}
	}
	n := strconv.Itoa(threads)
	env = append(env, "OMP_NUM_THREADS="+n, "OPENBLAS_NUM_THREADS="+n)
	if _, err := os.Stat(openmp); err == nil {
		env = append(env, "LD_LIBRARY_PATH="+openmp)
	}
	return env
}

// compile builds a program in C, "" if there is no compiler or no library.
func compile(source string, libraries ...string) (path string, remove func()) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return "", func() {}
	}
	path = filepath.Join(dir, "peer")
	cc := exec.Command("cc", append([]string{"-O2", "-o", path, "-x", "c", "-"}, libraries...)...)
	cc.Stdin = strings.NewReader(source)
	if cc.Run() != nil {
		path = ""
	}
	return path, func() { os.RemoveAll(dir) }
}

// fann starts FANN, which only does small networks in a time worth waiting for.
func (s settings) fann(path string, w works.Work) *side {
	if path == "" || w.Infer > 0 || w.Batch > 32 || w.Name == "W1adam" {
		return nil
	}
	args := []string{strconv.Itoa(w.Batch)}
	for _, n := range w.Sizes {
		args = append(args, strconv.Itoa(n))
	}
	return converse(exec.Command(path, args...))
}

// keepBusy starts processes that do nothing but take time.
func keepBusy(count int) (stop func(), err error) {
	var all []*exec.Cmd
	stop = func() {
		for _, c := range all {
			c.Process.Kill()
			c.Wait()
		}
	}
	for range count {
		c := exec.Command("sh", "-c", "while :; do :; done")
		if err := c.Start(); err != nil {
			stop()
			return nil, err
		}
		all = append(all, c)
	}
	return stop, nil
}
