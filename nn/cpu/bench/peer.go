package main

import (
	"bufio"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"

	"mlpkernel/nn/cpu/internal/works"
)

//go:embed peers.py
var script string

// peer is a process that measures another library when it is asked to.
type peer struct {
	name   string
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Scanner
	times  []float64
	ratios []float64
}

// start starts a peer, nil if it is not installed or does not do this work.
func (s settings) start(name string, w works.Work) *peer {
	spec, err := json.Marshal(w)
	if err != nil {
		return nil
	}
	clock := "cpu"
	if s.threads > 1 {
		clock = "wall"
	}
	p := &peer{name: name, cmd: exec.Command(s.python, "-c", script, name, string(spec), strconv.Itoa(s.threads), clock)}
	p.cmd.Env = environment(s.threads)
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil || p.cmd.Start() != nil {
		return nil
	}
	p.out = bufio.NewScanner(out)
	if !p.out.Scan() || p.out.Text() != "ready" {
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
		if !strings.HasPrefix(e, "OPENBLAS") && !strings.HasPrefix(e, "OMP") && !strings.HasPrefix(e, "MKL") {
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

// ask has the peer measure once; ours is our time of this round.
func (p *peer) ask(ours float64) {
	fmt.Fprintln(p.in, "go")
	if !p.out.Scan() {
		return
	}
	if t, err := strconv.ParseFloat(p.out.Text(), 64); err == nil {
		p.times, p.ratios = append(p.times, t), append(p.ratios, t/ours)
	}
}

func (p *peer) summary() string {
	if len(p.times) == 0 {
		return "-"
	}
	return fmt.Sprintf("%.1f (%.2f)", median(p.times), median(p.ratios))
}

func (p *peer) close() {
	p.in.Close()
	p.cmd.Process.Kill()
	p.cmd.Wait()
}
