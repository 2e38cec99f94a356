// Command bench measures training and prediction of the CPU backend beside
// PyTorch, numpy (written out by hand, without allocation), scikit-learn and
// FANN, where they are installed, and prints a table:
//
//	go run ./nn/cpu/bench [-threads 1] [-rounds 5] [-works W1,W4] [-python /usr/bin/python3] [-busy 0]
//
// On Debian the peers are python3-torch, python3-sklearn, libfann-dev with gcc,
// and libopenblas0-openmp, whose threads get on with PyTorch's.
//
// Each peer is a process of its own that stays alive; in each round everybody
// measures once, one after the other. With one thread the figures are CPU time,
// which neighbours on the machine disturb little, with more they are wall time,
// the shortest of three in each round. The table has medians, and in brackets
// medians of the rounds' ratios: how many times slower than this backend.
//
// The share of the limit says how near a step is to what the processor can do:
// its multiplications and additions at the rate that independent fused
// multiply-adds in registers run at in the same rounds, and the optimiser's
// reads and writes at 150 GB/s. With more threads than one, a column tells how
// much slower one thread is. -busy keeps cores busy beside.
//
// With -products it compares the products of a layer, one thread, with OpenBLAS
// and oneDNN (libdnnl-dev) instead; all that is between our products' factors
// and sums is there in the layout of training.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"

	"mlpkernel/nn/cpu"
	"mlpkernel/nn/cpu/internal/works"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// settings are the command's flags.
type settings struct {
	threads, rounds, busy int
	python, works         string
}

func run(args []string) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&s.threads, "threads", 1, "threads of everybody")
	flags.IntVar(&s.rounds, "rounds", 5, "rounds")
	flags.StringVar(&s.python, "python", "/usr/bin/python3", "the Python that has the peers")
	flags.StringVar(&s.works, "works", "", "works to measure, separated by commas; all by default")
	flags.IntVar(&s.busy, "busy", 0, "processes that keep a core busy beside")
	products := flags.Bool("products", false, "compare products of matrices instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if s.threads < 1 || s.rounds < 1 {
		return fmt.Errorf("-threads and -rounds must be at least 1")
	}
	stop, err := keepBusy(s.busy)
	if err != nil {
		return err
	}
	defer stop()
	if *products {
		return s.compareProducts()
	}
	fann, remove := compile(fannSource, "-lfann", "-lm")
	defer remove()
	fmt.Printf("kernels %s, threads %d, rounds %d, busy processes beside %d; µs a step or call (times ours)\n\n", cpu.New().Kernels(), s.threads, s.rounds, s.busy)
	columns := s.columns(fann)
	fmt.Print("| work | ours | of the limit |")
	for _, c := range columns {
		fmt.Printf(" %s |", c.name)
	}
	fmt.Print("\n| --- | ---: | ---: |", strings.Repeat(" ---: |", len(columns)), "\n")
	for _, w := range works.All() {
		if s.works != "" && !slices.Contains(strings.Split(s.works, ","), w.Name) {
			continue
		}
		if err := s.row(w, columns); err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
	}
	return nil
}

// column is a peer: the best of some sides.
type column struct {
	name  string
	sides []func(works.Work) *side // each gives nil where it is not installed or does not do the work
}

// columns lists the peers.
func (s settings) columns(fann string) []column {
	python := func(engine string, env ...string) func(works.Work) *side {
		return func(w works.Work) *side { return s.start(w, env, s.python, "-c", script, engine) }
	}
	const avx512 = "ATEN_CPU_CAPABILITY=avx512"
	cs := []column{
		{"PyTorch", []func(works.Work) *side{python("torch", avx512), python("torch"), python("torch-loop", avx512)}},
		{"numpy", []func(works.Work) *side{python("numpy")}},
		{"scikit-learn", []func(works.Work) *side{python("sklearn")}},
	}
	if s.threads > 1 {
		return append([]column{{"ours, 1 thread", []func(works.Work) *side{s.single}}}, cs...)
	}
	return append(cs, column{"FANN", []func(works.Work) *side{func(w works.Work) *side { return s.fann(fann, w) }}})
}

// row measures one work and prints its row.
func (s settings) row(w works.Work, columns []column) error {
	ours, err := s.own(w, s.threads)
	if err != nil {
		return err
	}
	sides, peers := []*side{ours}, make([][]*side, len(columns))
	peak := s.peak()
	if peak != nil {
		sides = append(sides, peak)
	}
	for i, c := range columns {
		for _, start := range c.sides {
			if p := start(w); p != nil {
				defer p.close()
				peers[i], sides = append(peers[i], p), append(sides, p)
			}
		}
	}
	for range s.rounds {
		for _, p := range sides {
			if err := p.measure(); err != nil {
				return err
			}
		}
	}
	share := "-"
	if peak != nil {
		share = fmt.Sprintf("%.0f %%", 100*median(limits(w, ours.times, peak.times)))
	}
	fmt.Printf("| %s | %s | %s |", w.Name, digits(median(ours.times)), share)
	for _, ps := range peers {
		fmt.Printf(" %s |", best(ps, ours.times))
	}
	fmt.Println()
	return nil
}

// best describes the fastest of some sides.
func best(sides []*side, ours []float64) string {
	if len(sides) == 0 {
		return "-"
	}
	p := slices.MinFunc(sides, func(a, b *side) int {
		if median(a.times) < median(b.times) {
			return -1
		}
		return 1
	})
	ratios := make([]float64, len(ours))
	for i, t := range p.times {
		ratios[i] = t / ours[i]
	}
	return fmt.Sprintf("%s (%s)", digits(median(p.times)), digits(median(ratios)))
}

// digits prints three of them.
func digits(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
