//go:build cuda && linux && cgo

package gpu

import (
	"fmt"

	"mlpkernel/gpu/cublaslt"
	"mlpkernel/gpu/cudadl"
)

// workspaceBytes is what cuBLASLt may use beside its matrices, as NVIDIA
// recommends for Hopper.
const workspaceBytes = 32 << 20

// mostGraphs are kept: a tape needs two a replica, one for the last short batch.
const mostGraphs = 64

// graphKey is what a graph of launches has in it.
type graphKey struct {
	t                            *tape
	rows                         int
	p                            Precision
	state, scratch, job, workspc uint64
}

// noProduct says that cuBLASLt has no algorithm for a product.
type noProduct struct{ error }

func (e *noProduct) Unwrap() error { return e.error }

// graph runs a tape as a graph of launches a step, one for the instructions
// between two barriers, so that no phase waits for a launch and none for a
// barrier of our own. Replicas go one after the other; rows are those of each
// step of each. A noProduct comes before anything is done.
func (l *launcher) graph(t *tape, j job, reps []rep, rows [][]int, p Precision) error {
	if err := l.room(t, 1); err != nil {
		return err
	}
	if len(t.calls) > 0 {
		if err := l.workspace.grow(workspaceBytes); err != nil {
			return err
		}
	}
	for i, r := range reps {
		if err := l.prepare(t, j, []rep{r}, 1); err != nil {
			return err
		}
		for _, n := range rows[i] {
			if _, err := l.recorded(t, r, n, p); err != nil {
				return err
			}
		}
	}
	for i, r := range reps {
		if err := l.prepare(t, j, []rep{r}, 1); err != nil {
			return err
		}
		if err := l.play(t, r, rows[i], p); err != nil {
			return err
		}
	}
	return nil
}

// play launches the graph of each step.
func (l *launcher) play(t *tape, r rep, rows []int, p Precision) error {
	for _, n := range rows {
		g, err := l.recorded(t, r, n, p)
		if err == nil {
			err = g.Launch(l.d.stream)
		}
		if err != nil {
			return l.wait(err)
		}
	}
	return l.wait(nil)
}

// recorded gives the graph of a step over so many rows.
func (l *launcher) recorded(t *tape, r rep, rows int, p Precision) (*cudadl.Graph, error) {
	if len(t.calls) == 0 {
		rows = 0 // our own kernels read it from the step
	}
	key := graphKey{t, rows, p, r.state, l.scratch.word(), l.job.word(), l.workspace.word()}
	if g := l.graphs[key]; g != nil {
		return g, nil
	}
	if len(l.graphs) >= mostGraphs {
		if err := l.wait(nil); err != nil { // none is under way
			return nil, err
		}
		l.freeGraphs()
	}
	products, err := l.products(t, rows, r.state)
	defer closeAll(products)
	if err == nil {
		err = l.warm(products)
	}
	if err != nil {
		return nil, err
	}
	if err := cudadl.BeginCapture(l.d.stream); err != nil {
		return nil, fmt.Errorf("gpu: capturing a graph: %w", err)
	}
	launchErr := l.phases(t, p, products)
	g, err := cudadl.EndCapture(l.d.stream)
	if launchErr != nil {
		err = launchErr
	}
	if err != nil {
		return nil, fmt.Errorf("gpu: capturing a graph: %w", err)
	}
	if l.graphs == nil {
		l.graphs = map[graphKey]*cudadl.Graph{}
	}
	l.graphs[key] = g
	return g, nil
}

func (l *launcher) freeGraphs() {
	for _, g := range l.graphs {
		_ = g.Close() // an error would be one of an earlier launch
	}
	l.graphs = nil
}

// products lets cuBLASLt choose how to make the tape's products.
func (l *launcher) products(t *tape, rows int, state uint64) (out []*cublaslt.Product, err error) {
	for _, c := range t.calls {
		p, err := l.d.lt.Prepare(c.at(rows, state, l.scratch.word()), workspaceBytes)
		if err != nil {
			return out, &noProduct{err}
		}
		out = append(out, p)
	}
	return out, nil
}

// warm runs products once, which changes nothing but scratch memory that a step
// writes anew: code that cuBLASLt loads when it first runs is not to be loaded
// during a capture, and what it cannot run is known before anything is done.
func (l *launcher) warm(products []*cublaslt.Product) error {
	for i, p := range products {
		if err := p.Run(l.d.stream, l.workspace.word(), workspaceBytes); err != nil {
			return &noProduct{fmt.Errorf("product %d of cuBLASLt: %w", i, err)}
		}
	}
	return l.wait(nil)
}

func closeAll(products []*cublaslt.Product) {
	for _, p := range products {
		p.Close()
	}
}

// phases launches one step: our kernels for what lies between two barriers or
// two products of cuBLASLt.
func (l *launcher) phases(t *tape, p Precision, products []*cublaslt.Product) error {
	from := 0
	for i, s := range t.code {
		ours := s.op != int32(opLibrary)
		if ours && s.sync == 0 {
			continue
		}
		if to := i + flagOf(ours); to > from {
			if err := l.phase(t, p, from, to); err != nil {
				return err
			}
		}
		if !ours {
			if err := products[s.index].Run(l.d.stream, l.workspace.word(), workspaceBytes); err != nil {
				return fmt.Errorf("product %d of cuBLASLt: %w", s.index, err)
			}
		}
		from = i + 1
	}
	return cudadl.Launch(l.d.kernels["count_step"], 1, 1, 0, l.d.stream, []uint64{l.job.word()})
}

func flagOf(b bool) int {
	if b {
		return 1
	}
	return 0
}

// phase launches the instructions from `from` to before `to`.
func (l *launcher) phase(t *tape, p Precision, from, to int) error {
	kernel, blocks, shared := gridKernels[p], min(t.useful(), 4*l.d.blocks), t.sharedBytes()
	if len(t.calls) > 0 {
		kernel, blocks, shared = "phase", min(t.useful(), 8*l.d.blocks), shared-tileBytes
	}
	return cudadl.Launch(l.d.kernels[kernel], blocks, gridThreads, shared, l.d.stream, []uint64{l.job.word(), uint64(from), uint64(to)})
}
