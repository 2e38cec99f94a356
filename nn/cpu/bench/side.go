package main

import (
	"time"

	"mlpkernel/nn/cpu/internal/works"
)

// side is somebody who is measured.
type side struct {
	once  func() (float64, error) // µs of a step
	close func()
	times []float64
}

func (p *side) measure() error {
	t, err := p.once()
	p.times = append(p.times, t)
	return err
}

// least is how long a measurement takes at least, so that a few thousand steps
// of a small network are not lost in what surrounds them.
const least = 100 * time.Millisecond

// own is this backend.
func (s settings) own(w works.Work, threads int) (*side, error) {
	f, err := w.Runner(threads)
	if err != nil {
		return nil, err
	}
	// In chunks, as a notebook's fit has it: what a call returns grows with it.
	return s.timed(func(steps int) error {
		for ; steps > w.Steps; steps -= w.Steps {
			if err := f(w.Steps); err != nil {
				return err
			}
		}
		return f(steps)
	}, w.Steps), nil
}

// single is this backend with one thread.
func (s settings) single(w works.Work) *side {
	p, err := s.own(w, 1)
	if err != nil {
		return nil
	}
	return p
}

// timed makes a side of a function that makes so many steps; steps is about as
// many as least allows.
func (s settings) timed(f func(steps int) error, steps int) *side {
	clock, pieces := cpuTime, 1
	if s.threads > 1 {
		clock, pieces = wallTime, 3
	}
	steps = enough(f, steps)
	return &side{close: func() {}, once: func() (float64, error) {
		if err := f(max(1, steps/10)); err != nil { // what others put out of the caches
			return 0, err
		}
		shortest := time.Duration(1 << 62)
		for range pieces {
			start := clock()
			if err := f(max(1, steps/pieces)); err != nil {
				return 0, err
			}
			shortest = min(shortest, clock()-start)
		}
		return float64(shortest) / float64(max(1, steps/pieces)) / 1e3, nil
	}}
}

// enough multiplies steps until they take long enough.
func enough(f func(steps int) error, steps int) int {
	f(max(1, steps/10))
	for range 30 {
		start := wallTime()
		if f(steps) != nil || wallTime()-start >= least {
			break
		}
		steps *= 2
	}
	return steps
}

var begin = time.Now()

func wallTime() time.Duration { return time.Since(begin) }
