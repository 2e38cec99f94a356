//go:build cuda && linux && cgo

package gpu

import (
	"fmt"
	"time"

	"mlpkernel/gpu/cudadl"
)

// Probe is a measured cost of the GPU, in seconds: what the cost model and the
// borders between the tiers should be held against.
type Probe struct {
	Name    string
	Seconds float64
}

// Probes measures a launch, a node of a graph and a barrier of all blocks.
func Probes() ([]Probe, error) {
	d, err := firstDevice()
	if err != nil {
		return nil, err
	}
	var out []Probe
	err = d.run(func() error {
		l := launcher{d: d}
		defer l.free()
		for _, p := range []struct {
			name string
			f    func(*launcher) (float64, error)
		}{{"launch, waited for", launchProbe}, {"node of a graph", nodeProbe}, {"barrier of all blocks", barrierProbe}} {
			s, err := p.f(&l)
			if err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			out = append(out, Probe{p.name, s})
		}
		return nil
	})
	return out, err
}

// idle prepares a job that has nothing to compute, for a number of steps.
func (l *launcher) idle(t *tape, steps int) (job, []rep, error) {
	if err := put(&l.steps, make([]stepInfo, steps)); err != nil {
		return job{}, nil, err
	}
	if err := put(&l.results, make([][2]int32, 1)); err != nil {
		return job{}, nil, err
	}
	reps := []rep{{steps: l.steps.word(), result: l.results.word(), nsteps: int32(steps)}}
	return job{}, reps, l.prepare(t, job{}, reps, 1)
}

// times gives the seconds of one of n runs of f, after a first that is not counted.
func times(n int, f func() error) (float64, error) {
	if err := f(); err != nil {
		return 0, err
	}
	began := time.Now()
	for range n {
		if err := f(); err != nil {
			return 0, err
		}
	}
	return time.Since(began).Seconds() / float64(n), nil
}

func (l *launcher) count() error {
	return cudadl.Launch(l.d.kernels["count_step"], 1, 1, 0, l.d.stream, []uint64{l.job.word()})
}

func launchProbe(l *launcher) (float64, error) {
	if _, _, err := l.idle(&tape{}, 1); err != nil {
		return 0, err
	}
	return times(200, func() error { return l.wait(l.count()) })
}

func nodeProbe(l *launcher) (float64, error) {
	const nodes = 500
	if _, _, err := l.idle(&tape{}, 1); err != nil {
		return 0, err
	}
	if err := cudadl.BeginCapture(l.d.stream); err != nil {
		return 0, err
	}
	var launchErr error
	for range nodes {
		launchErr = l.count()
	}
	g, err := cudadl.EndCapture(l.d.stream)
	if err != nil || launchErr != nil {
		return 0, l.wait(fmt.Errorf("capturing: %w, %w", err, launchErr))
	}
	defer g.Close()
	s, err := times(20, func() error { return l.wait(g.Launch(l.d.stream)) })
	return s / nodes, err
}

func barrierProbe(l *launcher) (float64, error) {
	const phases, steps = 100, 20
	t := &tape{gradient: none}
	for range phases {
		i := newIns(opAdd) // over no rows
		i.sync = 1
		t.code = append(t.code, i)
	}
	t.tiles = 1 << 20 // so that all blocks take part
	j, reps, err := l.idle(t, steps)
	if err != nil {
		return 0, err
	}
	s, err := times(5, func() error { return l.grid(t, j, reps, Float32) })
	return s / (phases * steps), err
}
