//go:build cuda && linux && cgo

package gpu

import (
	"mlpkernel/gpu/cudadl"
)

// graph runs a tape as a graph of launches, one for the instructions between two
// barriers, so that no phase waits for a launch and none for a barrier of our
// own. Replicas go one after the other.
func (l *launcher) graph(t *tape, j job, reps []rep, p Precision) error {
	if err := l.scratch.grow(4 * t.floats); err != nil {
		return err
	}
	if err := l.scratch.clear(t.floats); err != nil {
		return err
	}
	for _, r := range reps {
		if err := l.prepare(t, j, []rep{r}, 1); err != nil {
			return err
		}
		if err := l.repeat(t, p, int(r.nsteps)); err != nil {
			return err
		}
	}
	return nil
}

// repeat records the launches of one step and plays them.
func (l *launcher) repeat(t *tape, p Precision, steps int) error {
	if err := cudadl.BeginCapture(l.d.stream); err != nil {
		return l.wait(err)
	}
	launchErr := l.phases(t, p)
	g, err := cudadl.EndCapture(l.d.stream)
	if launchErr != nil {
		err = launchErr
	}
	if err != nil {
		return l.wait(err)
	}
	for range steps {
		if err = g.Launch(l.d.stream); err != nil {
			break
		}
	}
	err = l.wait(err)
	if e := g.Close(); err == nil {
		err = l.wait(e)
	}
	return err
}

// phases launches one step.
func (l *launcher) phases(t *tape, p Precision) error {
	from := 0
	for i, s := range t.code {
		if s.sync == 0 {
			continue
		}
		blocks := min(t.useful(), 4*l.d.blocks)
		err := cudadl.Launch(l.d.kernels[gridKernels[p]], blocks, gridThreads, t.sharedBytes(), l.d.stream, []uint64{l.job.word(), uint64(from), uint64(i + 1)})
		if err != nil {
			return err
		}
		from = i + 1
	}
	return cudadl.Launch(l.d.kernels["count_step"], 1, 1, 0, l.d.stream, []uint64{l.job.word()})
}
