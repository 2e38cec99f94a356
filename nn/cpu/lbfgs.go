package cpu

import "mlpkernel/nn"

// lbfgs makes one iteration of L-BFGS by the driver that backends share. The
// parameters are rounded to float32 wherever the loss is looked at.
func (t *trainer) lbfgs() float64 {
	r, o := t.replica, t.opts.Optimizer
	params := make([]float64, t.plan.Size)
	t.lay.unpack(params, r.p)
	start := t.plan.Penalty(params)
	if t.record.on {
		t.record.keep(t)
	}
	loss, pairs := nn.LBFGS(o, t.step.lr, params, r.pairs, t.lossAt)
	t.lay.pack(r.p, params)
	r.pairs = pairs
	if t.has(nn.OpBatchNorm) {
		t.use(r.p, t.g)
		t.run(t.team)
		t.settle()
	}
	t.record.end(t)
	return (loss - start) * float64(t.net.rows)
}

// lossAt gives the mean loss with the penalty, and its gradient.
func (t *trainer) lossAt(at []float64) (float64, []float64) {
	t.lay.pack(t.replica.p, at)
	t.use(t.replica.p, t.g)
	grad := t.net.gradient(t.team)
	if t.record.on && t.record.blocks == nil {
		before := t.record.before
		t.record.before = nil
		t.record.gradient(t)
		t.record.before = before
	}
	return t.head.sumLoss()/float64(t.net.rows) + t.plan.Penalty(at), grad
}
