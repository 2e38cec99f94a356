package reference

import (
	"math"

	"mlpkernel/nn"
)

// update is one step of the optimiser on one batch.
type update struct {
	*replica
	clock  nn.Clock
	batch  *nn.Data
	record bool
	bins   int
	blocks []nn.BlockStats
}

// apply makes the update and gives Σ weight·loss over the batch before it. If
// that is no finite number, nothing has changed.
func (u *update) apply() float64 {
	if u.run.opts.Optimizer.Name == "lbfgs" {
		return u.lbfgs()
	}
	p, sum := u.run.gradient(u.state.Params, u.batch, u.mode())
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		return sum
	}
	before := u.begin(p.dp)
	clip(p.dp, u.run.opts.ClipNorm)
	u.rule(p.dp)
	u.limit()
	for _, move := range p.running {
		move()
	}
	u.end(before)
	return sum
}

func (u *update) mode() nn.Mode {
	return nn.Mode{Dropout: true, Seed: u.state.Seed, Step: u.state.Step, Clock: u.clock}
}

// rule applies the optimiser's rule to each block.
func (u *update) rule(grad []float64) {
	o := u.run.opts.Optimizer
	step := nn.Update{T: u.state.Step + 1, LR: o.LR.At(u.clock), Rows: float64(u.batch.Rows)}
	f := o.Def().Update
	for _, b := range u.run.plan.Blocks {
		if !b.Trainable {
			continue
		}
		step.P, step.G, step.Slots, step.Decay = b.Of(u.state.Params), b.Of(grad), nil, 0
		for _, s := range u.slots {
			step.Slots = append(step.Slots, b.Of(s))
		}
		if b.Decay {
			step.Decay = o.WeightDecay.At(u.clock)
		}
		f(o, step)
	}
}

// limit scales units whose incoming weights are longer than max_norm back to it.
func (u *update) limit() {
	for _, b := range u.run.plan.Blocks {
		if b.MaxNorm == 0 || !b.Trainable {
			continue
		}
		w := b.Of(u.state.Params)
		for i := 0; i < len(w); i += b.Cols {
			unit := w[i : i+b.Cols]
			if n := norm(unit); n > b.MaxNorm {
				for j := range unit {
					unit[j] *= b.MaxNorm / n
				}
			}
		}
	}
}

// lbfgs makes one iteration of L-BFGS.
func (u *update) lbfgs() float64 {
	rows := float64(u.batch.Rows)
	plan := u.run.plan
	start := plan.Penalty(u.state.Params)
	before := u.begin(nil)
	loss, slots := nn.LBFGS(u.run.opts.Optimizer, u.run.opts.Optimizer.LR.At(u.clock), u.state.Params, u.slots,
		func(at []float64) (float64, []float64) {
			p, sum := u.run.gradient(at, u.batch, u.mode())
			if u.record && u.blocks == nil {
				u.begin(p.dp)
			}
			return sum/rows + plan.Penalty(at), p.dp
		})
	u.slots = slots
	u.moveRunning()
	u.end(before)
	return (loss - start) * rows
}

// moveRunning moves batch norms' running statistics by a pass of its own.
func (u *update) moveRunning() {
	p := u.run.pass(u.state.Params, u.batch, 0, u.batch.Rows, false)
	p.batch = true
	p.forward()
	for _, move := range p.running {
		move()
	}
}

// begin records the gradient, if asked for, and gives the parameters before
// the update.
func (u *update) begin(grad []float64) []float64 {
	if !u.record {
		return nil
	}
	if grad != nil {
		u.blocks = make([]nn.BlockStats, len(u.run.plan.Blocks))
		for i, b := range u.run.plan.Blocks {
			g := b.Of(grad)
			u.blocks[i].Grad = norm(g)
			if u.bins > 0 {
				u.blocks[i].Hist = nn.NewHistogram(g, u.bins)
			}
		}
	}
	return append([]float64(nil), u.state.Params...)
}

// end records the parameters and the change.
func (u *update) end(before []float64) {
	for i := range u.blocks {
		b := u.run.plan.Blocks[i]
		now, was := b.Of(u.state.Params), b.Of(before)
		var sum float64
		for j, v := range now {
			sum += float64((v - was[j]) * (v - was[j]))
		}
		u.blocks[i].Param, u.blocks[i].Update = norm(now), math.Sqrt(sum)
		if u.bins > 0 {
			u.blocks[i].Values = nn.NewHistogram(now, u.bins)
		}
	}
}

// clip scales the gradient back to length c; 0 leaves it.
func clip(g []float64, c float64) {
	n := norm(g)
	if c == 0 || n <= c {
		return
	}
	for i := range g {
		g[i] *= c / n
	}
}

func norm(v []float64) float64 { return math.Sqrt(dot(v, v)) }
