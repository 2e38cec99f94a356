//go:build cuda && linux && cgo

package gpu

import (
	"math"

	"gorgonia.org/cu"

	"mlpkernel/nn"
)

// record makes one step of a trainer and takes down the blocks' norms: the
// gradient is kept, and the parameters from before.
func (p *program) record(t *trainer, c nn.Chunk) error {
	size := p.plan.Size
	if err := p.before.grow(4 * size); err != nil {
		return err
	}
	if err := cu.MemcpyDtoD(p.before.at, t.memory.at, int64(4*size)); err != nil {
		return err
	}
	t.plan(p, 1, false)
	kept, err := p.recordedStep(t)
	if err != nil {
		return err
	}
	if err := p.finish([]*trainer{t}, c); err != nil || t.stats.Diverged {
		return err
	}
	grad, was, now := make([]float32, size), make([]float32, size), make([]float32, size)
	if err := get(grad, p.l.scratch, kept.gradient); err != nil {
		return err
	}
	if err := get(was, p.before, 0); err != nil {
		return err
	}
	if err := get(now, t.memory, 0); err != nil {
		return err
	}
	t.stats.Epochs[len(t.stats.Epochs)-1].Blocks = p.blocks(widen(grad), widen(was), widen(now), c.Bins)
	return nil
}

// recordedStep makes a step whose gradient is kept, where other steps are made,
// except that one block has no memory for it.
func (p *program) recordedStep(t *trainer) (*tape, error) {
	kept, err := p.tape(p.training(true))
	if err != nil {
		return nil, err
	}
	plainly, err := p.tape(p.training(false))
	if err != nil {
		return nil, err
	}
	if p.tier(plainly) == Graph {
		return p.startWith([]*trainer{t}, true)
	}
	reps, err := p.reps([]*trainer{t})
	if err != nil {
		return nil, err
	}
	return kept, p.l.grid(kept, p.job(), reps, p.precision(plainly))
}

// recordPrecision is that of the steps which are not recorded.
func (p *program) recordPrecision() Precision {
	t, err := p.tape(p.training(false))
	if err != nil {
		return Float32
	}
	return p.precision(t)
}

// blocks are the norms of each block.
func (p *program) blocks(grad, was, now []float64, bins int) []nn.BlockStats {
	out := make([]nn.BlockStats, len(p.plan.Blocks))
	for i, b := range p.plan.Blocks {
		g, w, n := b.Of(grad), b.Of(was), b.Of(now)
		for j := range w {
			w[j] = n[j] - w[j]
		}
		out[i] = nn.BlockStats{Param: norm(n), Grad: norm(g), Update: norm(w)}
		if bins > 0 {
			out[i].Hist, out[i].Values = nn.NewHistogram(g, bins), nn.NewHistogram(n, bins)
		}
	}
	return out
}

func norm(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x * x)
	}
	return math.Sqrt(sum)
}
