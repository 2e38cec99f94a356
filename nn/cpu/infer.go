package cpu

import (
	"context"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// inferKey tells nets without gradients apart. Those with targets give losses.
type inferKey struct{ drop, keep, targets bool }

// blockRows is how many rows a thread takes at once where nothing is learnt.
const blockRows = 256

// inferThreads is how many threads are worth their while for passes without
// gradients: a product a layer, of which an eighth counts, since the threads have
// mostly gone to sleep since the last pass and must be woken.
func (p *program) inferThreads(rows int) int { return p.teamSize(p.most(), rows, 0.125) }

// net gives a net for passes over so many rows without gradients.
func (p *program) inferNet(k inferKey, rows int) *net {
	threads := p.inferThreads(rows)
	rows = min(rows, blockRows*threads)
	if n := p.infer[k]; n != nil && n.shape.rows >= rows && n.threads >= threads {
		return n
	}
	n := p.newNet(shape{rows: (rows + rowUnit - 1) &^ (rowUnit - 1), threads: threads, drop: k.drop, keep: k.keep})
	n.head.skip = !k.targets
	if p.infer == nil {
		p.infer = make(map[inferKey]*net)
	}
	p.infer[k] = n
	return n
}

// sweep runs forward passes over all rows of d, block by block.
func (p *program) sweep(ctx context.Context, i int, d *nn.Data, m nn.Mode, k inferKey, use func(n *net)) error {
	k.drop = m.Dropout && p.has(nn.OpDropout)
	n := p.inferNet(k, d.Rows)
	n.follow(p.replicas[i], nil)
	team := p.hire(min(n.threads, p.inferThreads(d.Rows)))
	for first := 0; first < d.Rows; first += n.shape.rows {
		if err := ctx.Err(); err != nil {
			return err
		}
		n.input, n.mode = input{data: d, first: first}, m
		n.feed(min(n.shape.rows, d.Rows-first))
		n.run(team)
		use(n)
	}
	return nil
}

// Predict gives the predictions, rows × units.
func (p *program) Predict(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([]float32, error) {
	if err := p.plan.CheckData(d, false); err != nil {
		return nil, err
	}
	out := make([]float32, 0, d.Rows*p.plan.Head.Units)
	err := p.sweep(ctx, i, d, m, inferKey{}, func(n *net) { out = n.head.predict(out) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Evaluate gives the weighted mean loss.
func (p *program) Evaluate(ctx context.Context, i int, d *nn.Data) (float64, error) {
	if err := p.plan.CheckData(d, true); err != nil {
		return 0, err
	}
	return p.loss(ctx, i, d, func(*net) {})
}

// Score gives what Predict and Evaluate do.
func (p *program) Score(ctx context.Context, i int, d *nn.Data) ([]float32, float64, error) {
	if err := p.plan.CheckData(d, true); err != nil {
		return nil, 0, err
	}
	out := make([]float32, 0, d.Rows*p.plan.Head.Units)
	loss, err := p.loss(ctx, i, d, func(n *net) { out = n.head.predict(out) })
	if err != nil {
		return nil, 0, err
	}
	return out, loss, nil
}

// loss is the weighted mean; more is done once that of a block is known.
func (p *program) loss(ctx context.Context, i int, d *nn.Data, more func(n *net)) (float64, error) {
	var sum, weight float64
	err := p.sweep(ctx, i, d, nn.Mode{}, inferKey{targets: true}, func(n *net) {
		sum += n.head.sumLoss()
		weight += n.head.sumWeight()
		more(n)
	})
	if err != nil {
		return 0, err
	}
	return sum / weight, nil
}

// appendTo appends rows without their padding.
func (m matrix) appendTo(out []float32, rows, width int) []float32 {
	for r := range rows {
		out = append(out, m.v[r*m.ld:][:width]...)
	}
	return out
}

// Activations gives each step's output.
func (p *program) Activations(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([][]float32, error) {
	if err := p.plan.CheckData(d, false); err != nil {
		return nil, err
	}
	if p.acts == nil {
		p.acts = make([][]float32, len(p.plan.Steps))
	}
	out := p.acts
	for j, s := range p.plan.Steps {
		out[j] = slices.Grow(out[j][:0], d.Rows*p.plan.Widths[s.Out])
	}
	err := p.sweep(ctx, i, d, m, inferKey{keep: true}, func(n *net) {
		for j, s := range p.plan.Steps {
			out[j] = n.val[s.Out].appendTo(out[j], n.rows, p.plan.Widths[s.Out])
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Gradient gives the loss with the penalty, and its gradient.
func (p *program) Gradient(ctx context.Context, i int, d *nn.Data, m nn.Mode) (float64, []float64, error) {
	if err := p.plan.CheckData(d, true); err != nil {
		return 0, nil, err
	}
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	n := p.newNet(shape{rows: d.Rows, threads: p.teamSize(p.most(), d.Rows, 3), learn: true, drop: m.Dropout && p.has(nn.OpDropout)})
	n.use(p.replicas[i].p, kern.Alloc(p.lay.size))
	n.input, n.mode = input{data: d}, m
	n.feed(d.Rows)
	grad := n.gradient(p.hire(n.threads))
	return n.head.sumLoss()/float64(d.Rows) + p.plan.Penalty(p.Params(i)), grad, nil
}

// gradient runs a pass forward and backward and gives the gradient as a plan's
// flat vector.
func (n *net) gradient(t *team) []float64 {
	n.run(t)
	t.run(len(n.shares), n.doGradient)
	grad := make([]float64, n.plan.Size)
	n.lay.unpack(grad, n.g)
	return grad
}
