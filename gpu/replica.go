//go:build cuda && linux && cgo

package gpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/philox"
)

// place is how far a training is.
type place struct{ step, epoch, batch int }

// replica is one training.
type replica struct {
	place
	seed uint64
	data *nn.Data
	rows []int32 // the rows trained on; nil: all

	memory buffer    // the state on the GPU
	host   []float32 // the state as it was last fetched: what remains if the GPU is lost
	kept   place     // when that was
	order  []int32   // rows in the order of epoch `made`
	made   int
}

func (p *program) newReplica(in nn.Replica) (*replica, error) {
	if err := p.plan.CheckReplica(in); err != nil {
		return nil, err
	}
	s := in.State
	slots, err := p.opts.Optimizer.CheckSlots(s.Slots, p.plan.Size)
	if err != nil {
		return nil, err
	}
	at := place{s.Step, s.Epoch, s.Batch}
	r := &replica{place: at, kept: at, seed: s.Seed, data: in.Data, rows: in.Rows, made: -1}
	r.host = make([]float32, p.floats())
	narrow(r.host, s.Params)
	for i, v := range slots {
		narrow(r.host[(i+1)*p.plan.Size:], v)
	}
	return r, nil
}

// state gives a copy of the state last fetched, for parameters of a size.
func (r *replica) state(size int) nn.State {
	s := nn.State{Seed: r.seed, Step: r.kept.step, Epoch: r.kept.epoch, Batch: r.kept.batch, Params: widen(r.host[:size])}
	slots := [][]float64{}
	for at := size; at < len(r.host) && size > 0; at += size {
		slots = append(slots, widen(r.host[at:at+size]))
	}
	s.Slots = nn.NewSlots(slots)
	return s
}

// count is the number of rows trained on.
func (r *replica) count() int {
	if r.rows != nil {
		return len(r.rows)
	}
	return r.data.Rows
}

// shuffled gives the rows in the order of the epoch.
func (r *replica) shuffled(inOrder bool) []int32 {
	if r.made == r.epoch {
		return r.order
	}
	r.made = r.epoch
	if inOrder {
		r.order = r.rows
		if r.order == nil {
			r.order = make([]int32, r.count())
			for i := range r.order {
				r.order[i] = int32(i)
			}
		}
		return r.order
	}
	r.order = philox.Permutation(r.seed, r.epoch, r.count())
	if r.rows != nil {
		for i, j := range r.order {
			r.order[i] = r.rows[j]
		}
	}
	return r.order
}

// next gives the rows of the next batch.
func (r *replica) next(o *nn.Options) []int32 {
	order := r.shuffled(o.InOrder)
	size := o.Batch(len(order))
	first := r.batch * size
	return order[first:min(first+size, len(order))]
}

// advance counts a step of so many an epoch.
func (r *replica) advance(perEpoch int) {
	r.step++
	if r.batch++; r.batch == perEpoch {
		r.epoch, r.batch = r.epoch+1, 0
	}
}

// weight is the sum of the rows' weights.
func (r *replica) weight(rows []int32) float64 {
	if r.data.W == nil {
		return float64(len(rows))
	}
	var sum float64
	for _, i := range rows {
		sum += float64(r.data.W[i])
	}
	return sum
}
