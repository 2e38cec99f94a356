//go:build cuda && linux && cgo

package gpu

import (
	"errors"
	"fmt"
)

// start runs the trainers' planned steps where the program's tier says.
func (p *program) start(t *tape, trainers []*trainer) error {
	p.used = p.tier(t)
	if p.used == Block && !p.d.fits(t, p.floats()) {
		return fmt.Errorf("gpu: tier block needs %d bytes of shared memory, and %s has %d; use a smaller batch or tier auto", t.blockBytes(p.floats()), p.d.name, p.d.shared)
	}
	reps, err := p.reps(trainers)
	if err != nil {
		return err
	}
	switch p.used {
	case Block:
		return p.l.block(t, p.job(), reps, p.floats())
	case Grid:
		return p.l.grid(t, p.job(), reps, p.precision(t))
	}
	rows := make([][]int, len(trainers))
	for i, r := range trainers {
		for _, s := range r.planned {
			rows[i] = append(rows[i], s.rows)
		}
	}
	return p.l.graph(t, p.job(), reps, rows, p.precision(t))
}

// trainingTape is that of training steps: where a graph of launches is to run,
// with products by cuBLASLt if it is there and has them.
func (p *program) trainingTape(keep bool) (*tape, error) {
	t, err := p.tape(p.training(keep))
	if err != nil || p.tier(t) != Graph || p.best() == noLibrary {
		return t, err
	}
	s, q := t.pass, p.precision(t)
	s.keep, s.library, s.half, s.tf32 = true, p.best(), q == BFloat16, q == TF32
	return p.tape(s)
}

// best is how much is left to cuBLASLt.
func (p *program) best() library {
	switch {
	case p.settings.Own || p.d.lt == nil || p.lacks == fused:
		return noLibrary
	case !p.d.lt.Epilogues():
		return plain - p.lacks
	}
	return fused - p.lacks
}

// startWith starts the trainers on the tape that cuBLASLt can run: as long as it
// has no algorithm for a product, less is left to it.
func (p *program) startWith(trainers []*trainer, keep bool) (*tape, error) {
	for {
		t, err := p.trainingTape(keep)
		if err != nil {
			return nil, err
		}
		err = p.start(t, trainers)
		var none *noProduct
		if !errors.As(err, &none) || p.lacks == fused {
			return t, err
		}
		p.lacks++
	}
}

// tierTexts say where training runs, for summaries.
var tierTexts = [...]string{Auto: "not used", Block: "one block a replica", Grid: "all blocks with barriers", Graph: "a graph of launches"}

// A step of fewer multiplications than this is left to one block; from the second
// number on products take so long that launches cost nothing beside them.
const (
	blockWork = 1 << 19
	graphWork = 2 << 30
)

// tier chooses where to train.
func (p *program) tier(t *tape) Tier {
	work := float64(p.plan.Size) * float64(t.rows) * 3
	switch {
	case p.settings.Tier != Auto:
		return p.settings.Tier
	case work < blockWork && p.d.fits(t, p.floats()):
		return Block
	case work < graphWork:
		return Grid
	}
	return Graph
}

// precision is that of products where the tape trains.
func (p *program) precision(t *tape) Precision { return precisionOf(p.opts.Precision, p.tier(t)) }

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

// precisionOf is the one that is used in a tier where another is asked for. A
// block always computes in float32, since its products are no tensor cores'
// work. Unless told otherwise, large products are made in TF32: their time is
// what a training costs, and in float32 they would take eight times as long.
func precisionOf(asked string, t Tier) Precision {
	switch {
	case t == Block:
		return Float32
	case asked == "" && t == Graph:
		return TF32
	}
	for p, name := range precisionNames {
		if name == asked {
			return Precision(p)
		}
	}
	return Float32
}
