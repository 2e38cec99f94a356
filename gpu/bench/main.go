//go:build cuda && linux && cgo

// Bench prints one table: the time of a training step on the GPU and on the
// processor, beside PyTorch and JAX (peers.py), with what the hardware allows.
// run.sh builds and runs it; README.md of package gpu tells what the rows are.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"mlpkernel/gpu"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// work is a network, relu between its layers and classes at its end (yes or no
// where it has one output), trained by Adam.
type work struct {
	Name     string `json:"name"`
	Widths   []int  `json:"widths"`
	Batch    int    `json:"batch"`
	Replicas int    `json:"replicas"`
}

func works(dry bool) []work {
	list := []work{
		{"a", []int{2, 8, 1}, 4, 1},
		{"b", []int{54, 256, 256, 7}, 1024, 1},
		{"c", []int{784, 512, 512, 10}, 128, 1},
		{"d", []int{2048, 4096, 4096, 1000}, 4096, 1},
		{"replicas", []int{30, 64, 64, 2}, 32, 128},
	}
	if dry {
		for i := range list {
			w := &list[i]
			w.Batch, w.Replicas = min(w.Batch, 16), min(w.Replicas, 3)
			for k := range w.Widths {
				w.Widths[k] = min(w.Widths[k], 24)
			}
		}
	}
	return list
}

// line is a measurement: Seconds of a step of all replicas, or Why there is none.
type line struct {
	Engine  string  `json:"engine"`
	Work    string  `json:"work"`
	Seconds float64 `json:"seconds"`
	Why     string  `json:"why"`
	Note    string  `json:"note"`
}

func main() {
	dry := flag.Bool("dry", false, "small sizes and few steps: only to see that it runs")
	python := flag.String("python", "python3", "the Python with PyTorch and JAX")
	peers := flag.String("peers", "gpu/bench/peers.py", "the script that times them")
	flag.Parse()
	if err := run(*dry, *python, *peers); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(dry bool, python, peers string) error {
	facts, err := gpu.Describe()
	if err != nil {
		return err
	}
	fmt.Println(strings.Join(facts, "\n"))
	probes, err := gpu.Probes()
	if err != nil {
		return err
	}
	for _, p := range probes {
		fmt.Printf("%s: %.2f µs\n", p.Name, p.Seconds*1e6)
	}
	n := 8192
	if dry {
		n = 32
	}
	rates, err := gpu.MeasureRates(n)
	if err != nil {
		fmt.Println("rates:", err)
	}
	fmt.Printf("products of %d×%d: float32 %.4g, tf32 %.4g, bf16 %.4g TFLOP/s; memory: %.4g GB/s\n", n, n, rates.Float32/1e12, rates.TF32/1e12, rates.BFloat16/1e12, rates.Memory/1e9)
	var lines []line
	for _, w := range works(dry) {
		for _, precision := range []string{"float32", "tf32", "bfloat16"} {
			lines = append(lines, ours(w, precision, dry))
		}
		for _, threads := range []int{1, 2, 16} {
			if threads <= runtime.NumCPU() && (w.Name != "d" || dry) {
				lines = append(lines, processor(w, threads, dry))
			}
		}
	}
	theirs, err := others(works(dry), python, peers, dry)
	if err != nil {
		fmt.Println("peers:", err)
	}
	table(append(lines, theirs...), works(dry), rates)
	return nil
}

// replicas are trainings of the work over the same rows.
func (w work) replicas() (*nn.Plan, []nn.Replica, error) {
	var layers []nn.Part
	for _, n := range w.Widths[1 : len(w.Widths)-1] {
		layers = append(layers, nn.Dense{Units: n, Activation: nn.Act("relu")})
	}
	target := nn.Target{Kind: nn.Classes, Width: w.Widths[len(w.Widths)-1]}
	if target.Width == 1 {
		target.Kind = nn.Binary
	}
	p, err := nn.Lower(nn.Chain(append(layers, nn.Output{})...), nn.Spec{Input: nn.Input{Numeric: w.Widths[0]}, Target: target})
	if err != nil {
		return nil, nil, err
	}
	data := parity.Rows(p, 8*w.Batch, 9)
	var out []nn.Replica
	for i := range w.Replicas {
		out = append(out, nn.Replica{State: p.NewState(uint64(i)), Data: data})
	}
	return p, out, nil
}

func ours(w work, precision string, dry bool) line {
	b, err := gpu.OpenWith(gpu.Settings{})
	if err != nil {
		return line{Engine: "mlpkernel gpu " + precision, Work: w.Name, Why: err.Error()}
	}
	l := measure(b, w, nn.Options{Precision: precision}, dry)
	l.Engine = "mlpkernel gpu " + precision
	return l
}

func processor(w work, threads int, dry bool) line {
	l := measure(cpu.New(), w, nn.Options{Threads: threads}, dry)
	l.Engine = fmt.Sprintf("mlpkernel cpu, %d threads", threads)
	return l
}

// measure gives the median of the times of a step over several chunks of about
// a fifth of a second.
func measure(b nn.Backend, w work, o nn.Options, dry bool) line {
	l := line{Work: w.Name}
	fail := func(err error) line { l.Why = err.Error(); return l }
	p, replicas, err := w.replicas()
	if err != nil {
		return fail(err)
	}
	o.BatchSize, o.Optimizer = w.Batch, nn.Adam(1e-3)
	prog, err := b.Compile(p, o)
	if err != nil {
		return fail(err)
	}
	defer prog.Close()
	if err := prog.Load(replicas); err != nil {
		return fail(err)
	}
	steps, repeats, target := 8, 7, 0.2
	if dry {
		repeats, target = 1, 0
	}
	var all []float64
	for len(all) < repeats {
		began := time.Now()
		if _, err := prog.Train(context.Background(), nn.Chunk{Steps: steps, Horizon: 1 << 40}); err != nil {
			return fail(err)
		}
		spent := time.Since(began).Seconds()
		if spent < target/2 {
			steps *= 2
			continue
		}
		all = append(all, spent/float64(steps))
	}
	slices.Sort(all)
	l.Seconds = all[len(all)/2]
	if r, ok := prog.(nn.Reporter); ok {
		l.Note, _ = r.Report()
	}
	return l
}

// others lets peers.py time PyTorch and JAX.
func others(works []work, python, script string, dry bool) ([]line, error) {
	in, err := json.Marshal(map[string]any{"works": works, "dry": dry})
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(python, script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	var lines []line
	for text := range strings.Lines(string(out)) {
		var l line
		if e := json.Unmarshal([]byte(text), &l); e != nil {
			return lines, fmt.Errorf("%s says %q", script, text)
		}
		lines = append(lines, l)
	}
	return lines, err
}

// table prints a row a measurement, each beside the bounds of its work by the
// rates measured in this run, and the share of the bf16 rate that it reaches.
func table(lines []line, works []work, rates gpu.Rates) {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "work\tengine\tµs a step\tbound by bf16, f32, memory (µs)\tof bf16\tnote")
	for _, w := range works {
		params, first := 0, w.Widths[0]*w.Widths[1]
		for i := range w.Widths[1:] {
			params += (w.Widths[i] + 1) * w.Widths[i+1]
		}
		n := float64(params) * float64(w.Replicas)
		flops := 2 * float64(3*params-first) * float64(w.Batch) * float64(w.Replicas)                                       // nobody wants the gradient of the input
		bounds := fmt.Sprintf("%.3g, %.3g, %.3g", flops/rates.BFloat16*1e6, flops/rates.Float32*1e6, 28*n/rates.Memory*1e6) // Adam reads 4 and writes 3 float32 a parameter
		for _, l := range lines {
			if l.Work != w.Name {
				continue
			}
			took, share := l.Why, ""
			if took == "" {
				took = fmt.Sprintf("%.4g", l.Seconds*1e6)
				if rates.BFloat16 > 0 {
					share = fmt.Sprintf("%.2g %%", 100*flops/rates.BFloat16/l.Seconds)
				}
			}
			fmt.Fprintf(out, "%s %v batch %d × %d\t%s\t%s\t%s\t%s\t%s\n", w.Name, w.Widths, w.Batch, w.Replicas, l.Engine, took, bounds, share, l.Note)
		}
	}
	out.Flush()
}
