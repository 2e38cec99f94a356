//go:build cuda && linux && cgo

package gpu

import (
	"context"
	"math"

	"mlpkernel/nn"
)

// blockRows is how many rows a pass without gradients takes at once: a multiple
// of 4, since masks are drawn by fours.
const blockRows = 4096

// blocksAtOnce are the blocks of rows of a launch, after which ctx is asked.
const blocksAtOnce = 64

// Predict gives rows × units predictions.
func (p *program) Predict(ctx context.Context, replica int, d *nn.Data, m nn.Mode) ([]float32, error) {
	out := make([]float32, rowsOf(d)*p.plan.Head.Units)
	_, err := p.forward(ctx, replica, d, m, pass{predict: true}, out)
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Evaluate gives the weighted mean loss over rows.
func (p *program) Evaluate(ctx context.Context, replica int, d *nn.Data) (float64, error) {
	sum, err := p.forward(ctx, replica, d, nn.Mode{}, pass{loss: true}, nil)
	if err != nil {
		return 0, err
	}
	weight := float64(d.Rows)
	if d.W != nil {
		weight = 0
		for _, w := range d.W {
			weight += float64(w)
		}
	}
	return sum / weight, nil
}

// Activations gives the output of each step, rows × width.
func (p *program) Activations(ctx context.Context, replica int, d *nn.Data, m nn.Mode) ([][]float32, error) {
	columns := 0
	for _, s := range p.plan.Steps {
		columns += p.plan.Widths[s.Out]
	}
	all := make([]float32, rowsOf(d)*columns)
	if _, err := p.forward(ctx, replica, d, m, pass{emit: true}, all); err != nil {
		return nil, err
	}
	out := make([][]float32, len(p.plan.Steps))
	for i, s := range p.plan.Steps {
		n := d.Rows * p.plan.Widths[s.Out]
		out[i], all = all[:n:n], all[n:]
	}
	return out, nil
}

func rowsOf(d *nn.Data) int {
	if d == nil {
		return 0
	}
	return d.Rows
}

// forward runs passes over all rows, fills out, and gives the sum of the losses
// if the pass has them.
func (p *program) forward(ctx context.Context, i int, d *nn.Data, m nn.Mode, s pass, out []float32) (sum float64, err error) {
	if err := p.plan.CheckData(d, s.loss); err != nil {
		return 0, err
	}
	s.rows, s.dropout = min(blockRows, d.Rows), m.Dropout && p.count(nn.OpDropout) > 0
	err = p.d.run(func() error {
		q, err := p.newQuery(i, d, m, s)
		if err != nil {
			return err
		}
		if err := p.l.out.grow(size(out)); err != nil {
			return err
		}
		for first := 0; first < d.Rows; first += blocksAtOnce * blockRows {
			if err := ctx.Err(); err != nil {
				return err
			}
			part, err := q.launch(first, min(first+blocksAtOnce*blockRows, d.Rows))
			if err != nil {
				return err
			}
			sum += part
		}
		return get(out, p.l.out, 0)
	})
	return sum, err
}

// query is a pass over rows that are not trained on.
type query struct {
	*program
	t    *tape
	data *nn.Data
	mode nn.Mode
	rep  rep
}

func (p *program) newQuery(i int, d *nn.Data, m nn.Mode, s pass) (*query, error) {
	t, err := p.tape(s)
	if err != nil {
		return nil, err
	}
	rows, err := p.rows(d)
	if err != nil {
		return nil, err
	}
	q := &query{program: p, t: t, data: d, mode: m, rep: rows.rep(d)}
	q.rep.state = p.replicas[i].memory.word()
	q.rep.seed = [2]uint32{uint32(m.Seed), uint32(m.Seed >> 32)}
	return q, nil
}

// launch passes rows first to last and gives the sum of their losses.
func (q *query) launch(first, last int) (sum float64, err error) {
	var steps []stepInfo
	var masks []mask
	for at := first; at < last; at += q.t.pass.rows {
		steps = append(steps, stepInfo{first: int32(at), rows: int32(min(q.t.pass.rows, last-at)), row0: int32(at), number: uint32(q.mode.Step)})
		masks = q.masks(masks, q.mode.Clock)
	}
	l := &q.l
	for _, err := range []error{put(&l.steps, steps), put(&l.masks, masks), l.losses.grow(4 * len(steps)), put(&l.results, make([][2]int32, 1))} {
		if err != nil {
			return 0, err
		}
	}
	q.rep.steps, q.rep.masks, q.rep.loss, q.rep.result, q.rep.out = l.steps.word(), l.masks.word(), l.losses.word(), l.results.word(), l.out.word()
	q.rep.nsteps = int32(len(steps))
	if err := l.grid(q.t, q.job(), []rep{q.rep}, q.recordPrecision()); err != nil || !q.t.loss {
		return 0, err
	}
	losses := make([]float32, len(steps))
	if err := get(losses, l.losses, 0); err != nil {
		return 0, err
	}
	var result [1][2]int32
	if err := get(result[:], l.results, 0); err != nil {
		return 0, err
	}
	if result[0][1] != 0 {
		losses = losses[:result[0][0]+1]
	}
	for _, v := range losses {
		sum += float64(v)
	}
	return sum, nil
}

// Gradient gives the mean loss over rows with the penalty, and its gradient.
// Where the loss is no finite number the gradient is NaN.
func (p *program) Gradient(ctx context.Context, replica int, d *nn.Data, m nn.Mode) (float64, []float64, error) {
	if err := p.plan.CheckData(d, true); err != nil {
		return 0, nil, err
	}
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	s := pass{rows: d.Rows, dropout: m.Dropout && p.count(nn.OpDropout) > 0, batchNorm: true, loss: true, backward: true, keep: true}
	var sum float64
	grad, params := make([]float32, p.plan.Size), make([]float32, p.plan.Size)
	err := p.d.run(func() error {
		q, err := p.newQuery(replica, d, m, s)
		if err != nil {
			return err
		}
		if sum, err = q.launch(0, d.Rows); err != nil {
			return err
		}
		if err := get(params, p.replicas[replica].memory, 0); err != nil {
			return err
		}
		return get(grad, p.l.scratch, q.t.gradient)
	})
	if err != nil {
		return 0, nil, err
	}
	out := widen(grad)
	if math.IsNaN(sum) || math.IsInf(sum, 0) {
		for i := range out {
			out[i] = math.NaN()
		}
	}
	return sum/float64(d.Rows) + p.plan.Penalty(widen(params)), out, nil
}
