package reference

import (
	"context"
	"math"
	"runtime"
	"sync"

	"mlpkernel/nn"
	"mlpkernel/nn/philox"
)

// Train runs the chunk for all replicas, side by side unless the network has a function of
// the user's own.
func (r *Run) Train(ctx context.Context, c nn.Chunk) (nn.Stats, error) {
	stats := nn.Stats{Replicas: make([]nn.ReplicaStats, len(r.replicas))}
	threads := r.opts.Threads
	if r.plan.Own() != nil {
		threads = 1
	} else if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	slots := make(chan struct{}, threads)
	var wg sync.WaitGroup
	var faults nn.Faults
	for i, rep := range r.replicas {
		slots <- struct{}{}
		wg.Go(func() {
			defer func() { <-slots }()
			defer faults.Catch()
			stats.Replicas[i] = rep.train(ctx, c)
		})
	}
	wg.Wait()
	faults.Raise()
	return stats, ctx.Err()
}

// train runs the chunk for one replica.
func (t *replica) train(ctx context.Context, c nn.Chunk) (out nn.ReplicaStats) {
	perEpoch := t.run.opts.PerEpoch(len(t.rows))
	steps := c.Steps
	if steps <= 0 {
		steps = c.Epochs*perEpoch - t.state.Batch
	}
	clock := nn.Clock{Steps: c.Horizon, PerEpoch: perEpoch}
	if clock.Steps == 0 {
		clock.Steps = t.state.Step + steps
	}
	for left := steps; left > 0; left-- {
		if ctx.Err() != nil || out.Diverged {
			return out
		}
		clock.Step = t.state.Step
		out.Rate = t.run.opts.Optimizer.LR.At(clock)
		t.step(clock, c, left == 1, &out)
	}
	return out
}

// step makes one update, perhaps the chunk's final one, and enters it in the stats.
func (t *replica) step(clock nn.Clock, c nn.Chunk, final bool, out *nn.ReplicaStats) {
	batch := t.batch()
	last := t.state.Batch+1 == clock.PerEpoch
	u := &update{replica: t, clock: clock, batch: batch, record: c.Blocks && last && final, bins: c.Bins}
	loss := u.apply()
	rows := float64(batch.Rows)
	if c.StepLoss {
		out.StepLoss = append(out.StepLoss, loss/rows)
	}
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		out.Diverged = true
		return
	}
	if k := len(out.Epochs); k == 0 || out.Epochs[k-1].Epoch != t.state.Epoch {
		out.Epochs = append(out.Epochs, nn.EpochStats{Epoch: t.state.Epoch})
	}
	e := &out.Epochs[len(out.Epochs)-1]
	e.Loss += loss
	e.Weight += total(weights(batch, 0, batch.Rows), batch.Rows)
	e.Rows += batch.Rows
	e.Done, e.Blocks = last, u.blocks
	t.state.Step++
	t.state.Batch++
	if last {
		t.state.Epoch, t.state.Batch = t.state.Epoch+1, 0
	}
}

// batch gathers the rows of the next update.
func (t *replica) batch() *nn.Data {
	o := t.run.opts
	if t.made != t.state.Epoch {
		t.order, t.made = t.rows, t.state.Epoch
		if !o.InOrder {
			t.order = make([]int32, len(t.rows))
			for i, j := range philox.Permutation(t.state.Seed, t.state.Epoch, len(t.rows)) {
				t.order[i] = t.rows[j]
			}
		}
	}
	size := o.Batch(len(t.rows))
	first := t.state.Batch * size
	return gather(t.run.plan, t.data, t.order[first:min(first+size, len(t.order))])
}

// gather copies rows.
func gather(p *nn.Plan, d *nn.Data, rows []int32) *nn.Data {
	k, c, y := p.Input.Numeric, len(p.Input.Categories), p.Head.TargetWidth
	out := &nn.Data{Rows: len(rows)}
	for _, i := range rows {
		r := int(i)
		out.X = append(out.X, d.X[r*k:(r+1)*k]...)
		out.C = append(out.C, d.C[r*c:(r+1)*c]...)
		out.Y = append(out.Y, d.Y[r*y:(r+1)*y]...)
		if d.W != nil {
			out.W = append(out.W, d.W[r])
		}
	}
	return out
}
