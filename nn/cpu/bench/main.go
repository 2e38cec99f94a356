// Command bench measures training and prediction of the CPU backend beside
// those of PyTorch, numpy (written out by hand, without allocation) and
// scikit-learn, where they are installed, and prints a table:
//
//	go run ./nn/cpu/bench [-threads 1] [-rounds 5] [-works W1,W4] [-python /usr/bin/python3]
//
// Each peer is a process of its own that stays alive; in each round everybody
// measures once, one after the other. With one thread the figures are CPU time,
// which neighbours on the machine disturb little, with more they are wall time.
// The table has medians, and medians of the rounds' ratios: how many times
// slower than this backend.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

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
	threads, rounds int
	python          string
	works, engines  string
}

func run(args []string) error {
	var s settings
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.IntVar(&s.threads, "threads", 1, "threads of everybody")
	flags.IntVar(&s.rounds, "rounds", 5, "rounds")
	flags.StringVar(&s.python, "python", "python3", "the Python that has the peers")
	flags.StringVar(&s.works, "works", "", "works to measure, separated by commas; all by default")
	flags.StringVar(&s.engines, "peers", "torch,torch-loop,numpy,sklearn", "peers")
	if err := flags.Parse(args); err != nil {
		return err
	}
	fmt.Printf("kernels %s, %d threads, %d rounds; µs a step or call; (x times ours)\n", cpu.New().Kernels(), s.threads, s.rounds)
	for _, w := range works.All() {
		if s.works != "" && !slices.Contains(strings.Split(s.works, ","), w.Name) {
			continue
		}
		if err := s.row(w); err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
	}
	return nil
}

// row measures one work and prints its row.
func (s settings) row(w works.Work) error {
	ours, err := w.Runner(s.threads)
	if err != nil {
		return err
	}
	if err := ours(max(2, w.Steps/10)); err != nil {
		return err
	}
	var peers []*peer
	for _, name := range strings.Split(s.engines, ",") {
		if p := s.start(name, w); p != nil {
			defer p.close()
			peers = append(peers, p)
		}
	}
	var mine []float64
	for range s.rounds {
		t, err := s.measure(w.Steps, ours)
		if err != nil {
			return err
		}
		mine = append(mine, t)
		for _, p := range peers {
			p.ask(t)
		}
	}
	fmt.Printf("%-16s ours %10.2f", w.Name, median(mine))
	for _, p := range peers {
		fmt.Printf(" | %s %s", p.name, p.summary())
	}
	fmt.Println()
	return nil
}

// measure gives µs of a step.
func (s settings) measure(steps int, f func(int) error) (float64, error) {
	clock := cpuTime
	if s.threads > 1 {
		clock = wallTime
	}
	start := clock()
	err := f(steps)
	return float64(clock()-start) / float64(steps) / 1e3, err
}

var begin = time.Now()

func wallTime() time.Duration { return time.Since(begin) }

func median(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)/2]
}
