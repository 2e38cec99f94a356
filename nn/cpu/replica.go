package cpu

import (
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
	"mlpkernel/nn/philox"
)

// replica is one training: a state in the layout, and its rows.
type replica struct {
	seed               uint64
	step, epoch, batch int
	p                  []float32
	slots              [][]float32
	lent               bool            // a state has the slots: they must not change
	pairs              [][]float64     // the memory of lbfgs
	trainings          int             // counts calls that may have changed it
	epochs             []nn.EpochStats // the memory of stats, to use again

	data  *nn.Data
	rows  []int32 // the rows trained on
	order []int32 // rows in the order of epoch `made`
	made  int
}

func (p *program) newReplica(in nn.Replica) (*replica, error) {
	if err := p.plan.CheckReplica(in); err != nil {
		return nil, err
	}
	s := in.State
	r := &replica{seed: s.Seed, step: s.Step, epoch: s.Epoch, batch: s.Batch, p: kern.Alloc(p.lay.size), data: in.Data, rows: in.Rows, made: -1}
	p.lay.pack(r.p, s.Params)
	if err := p.takeSlots(r, s.Slots); err != nil {
		return nil, err
	}
	if r.rows == nil {
		r.rows = make([]int32, in.Data.Rows)
		for i := range r.rows {
			r.rows[i] = int32(i)
		}
	}
	return r, nil
}

// takeSlots gives the replica the optimiser's memory, zeros where there is none.
func (p *program) takeSlots(r *replica, given nn.Slots) error {
	if !given.Given() {
		for range p.opts.Optimizer.Slots() {
			r.slots = append(r.slots, kern.Alloc(p.lay.size))
		}
		return nil
	}
	slots, err := p.opts.Optimizer.CheckSlots(given, p.plan.Size)
	if err != nil {
		return err
	}
	if p.opts.Optimizer.Name == "lbfgs" {
		r.pairs = slots
		return nil
	}
	for _, v := range slots {
		k := kern.Alloc(p.lay.size)
		p.lay.pack(k, v)
		for i := range p.lay.blocks {
			if b := &p.lay.blocks[i]; !b.Trainable {
				clear(b.of(k)) // else what moved it before it was frozen would go on
			}
		}
		r.slots = append(r.slots, k)
	}
	return nil
}

// snapshot gives a copy of the state. It lends the slots to the state.
func (r *replica) snapshot(p *program) nn.State {
	s := nn.State{Seed: r.seed, Step: r.step, Epoch: r.epoch, Batch: r.batch, Params: make([]float64, p.plan.Size)}
	p.lay.unpack(s.Params, r.p)
	s.Slots = nn.NewSlots(slices.Clone(r.pairs)) // whose vectors are made anew at each step
	if r.slots != nil {
		r.lent = true
		lay, size, slots := p.lay, p.plan.Size, r.slots
		s.Slots = nn.LaterSlots(len(slots), func() [][]float64 {
			out := make([][]float64, len(slots))
			for i, v := range slots {
				out[i] = make([]float64, size)
				lay.unpack(out[i], v)
			}
			return out
		})
	}
	return s
}

// own makes the slots the replica's alone again, so that it can change them.
func (r *replica) own() {
	if !r.lent {
		return
	}
	slots := make([][]float32, len(r.slots))
	for i, v := range r.slots {
		slots[i] = kern.Alloc(len(v))
		copy(slots[i], v)
	}
	r.slots, r.lent = slots, false
}

// next gives the rows of the next batch, of at most size.
func (r *replica) next(size int, inOrder bool) []int32 {
	if r.made != r.epoch {
		r.shuffle(inOrder)
		r.made = r.epoch
	}
	first := r.batch * size
	return r.order[first:min(first+size, len(r.order))]
}

// shuffle puts the rows in the order of the epoch.
func (r *replica) shuffle(inOrder bool) {
	if inOrder {
		r.order = r.rows
		return
	}
	if r.order == nil {
		r.order = make([]int32, len(r.rows))
	}
	copy(r.order, r.rows)
	philox.New(r.seed, philox.Shuffle, 0, r.epoch).Shuffle(r.order)
}
