//go:build cuda && linux && cgo

package gpu

import "fmt"

// start runs the trainers' planned steps where the program's tier says.
func (p *program) start(t *tape, trainers []*trainer) error {
	tier, err := p.tier(t)
	if err != nil {
		return err
	}
	reps, err := p.reps(trainers)
	if err != nil {
		return err
	}
	return tiers[tier](p, t, reps)
}

// tiers are indexed by Tier.
var tiers = [...]func(p *program, t *tape, reps []rep) error{
	Block: func(p *program, t *tape, reps []rep) error { return p.l.block(t, p.job(), reps, p.floats()) },
	Grid:  func(p *program, t *tape, reps []rep) error { return p.l.grid(t, p.job(), reps, p.precision(t)) },
	Graph: func(p *program, t *tape, reps []rep) error { return p.l.graph(t, p.job(), reps, p.precision(t)) },
}

// A step of fewer multiplications than this is left to one block; from the second
// number on products take so long that launches cost nothing beside them.
const (
	blockWork = 1 << 19
	graphWork = 2 << 30
)

// tier chooses where to train.
func (p *program) tier(t *tape) (Tier, error) {
	fits := p.d.fits(t, p.floats())
	work := float64(p.plan.Size) * float64(t.rows) * 3
	switch {
	case p.settings.Tier == Block && !fits:
		return 0, fmt.Errorf("gpu: tier block needs %d bytes of shared memory, and %s has %d; use a smaller batch or tier auto", t.blockBytes(p.floats()), p.d.name, p.d.shared)
	case p.settings.Tier != Auto:
		return p.settings.Tier, nil
	case fits && work < blockWork:
		return Block, nil
	case work < graphWork:
		return Grid, nil
	}
	return Graph, nil
}

// precision is that of products: what fits into one block is always computed in
// float32, wherever it runs.
func (p *program) precision(t *tape) Precision {
	if tier, err := p.tier(t); err == nil && tier == Block {
		return Float32
	}
	return p.settings.Precision
}

// reps puts the trainers' tables into the GPU's memory.
func (p *program) reps(trainers []*trainer) ([]rep, error) {
	var order []int32
	var steps []stepInfo
	var masks []mask
	reps := make([]rep, len(trainers))
	starts := make([][3]int, len(trainers))
	for i, t := range trainers {
		starts[i] = [3]int{len(order), len(steps), len(masks)}
		order, steps, masks = append(order, t.order...), append(steps, t.steps...), append(masks, t.masks...)
	}
	l := &p.l
	for _, err := range []error{put(&l.order, order), put(&l.steps, steps), put(&l.masks, masks), l.losses.grow(4 * len(steps)), put(&l.results, make([][2]int32, len(trainers)))} {
		if err != nil {
			return nil, err
		}
	}
	for i, t := range trainers {
		r := p.data[t.data].rep(t.data)
		r.order = l.order.plus(starts[i][0])
		r.steps = l.steps.plus(starts[i][1] * stepBytes / 4)
		r.masks = l.masks.plus(starts[i][2] * maskBytes / 4)
		r.state, r.loss, r.result = t.memory.word(), l.losses.plus(starts[i][1]), l.results.plus(2*i)
		r.seed = [2]uint32{uint32(t.seed), uint32(t.seed >> 32)}
		r.nsteps = int32(len(t.steps))
		reps[i] = r
	}
	return reps, nil
}
