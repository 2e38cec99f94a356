package reference

import (
	"context"
	"fmt"
	"slices"

	"mlpkernel/nn"
)

// Backend is the reference backend.
type Backend struct{ rounding Rounding }

// New gives the backend.
func New() Backend { return Backend{} }

// Rounding rounds a factor of a product of a dense layer.
type Rounding interface {
	Round(v float64, inputs, units int) float64
}

// Rounded gives a backend that rounds the factors of the products of dense
// layers, forward and backward, and is else the reference: what a backend with
// such products should compute.
func Rounded(r Rounding) Backend { return Backend{r} }

var (
	_ nn.Backend = Backend{}
	_ nn.Program = (*Run)(nil)
)

// Name is "reference".
func (Backend) Name() string { return "reference" }

// Compile prepares a program; its dynamic type is *Run.
func (b Backend) Compile(p *nn.Plan, o nn.Options) (nn.Program, error) {
	if err := p.CheckOptions(o); err != nil {
		return nil, err
	}
	return &Run{plan: p, opts: o.WithDefaults(), rounding: b.rounding}, nil
}

// Run is a program of the reference backend.
type Run struct {
	plan     *nn.Plan
	opts     nn.Options
	rounding Rounding
	replicas []*replica
}

// replica is one training.
type replica struct {
	run   *Run
	state nn.State    // without slots
	slots [][]float64 // the optimiser's memory
	data  *nn.Data
	rows  []int32 // the rows trained on
	order []int32 // rows in the order of the epoch `shuffled`; nil: not yet made
	made  int     // epoch of order
}

// Load replaces all replicas.
func (r *Run) Load(replicas []nn.Replica) error {
	loaded := make([]*replica, len(replicas))
	for i, in := range replicas {
		if err := r.plan.CheckReplica(in); err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
		rows := in.Rows
		if rows == nil {
			rows = make([]int32, in.Data.Rows)
			for j := range rows {
				rows[j] = int32(j)
			}
		}
		t := &replica{run: r, state: in.State.Clone(), data: in.Data, rows: rows, made: -1}
		slots, err := r.opts.Optimizer.CheckSlots(in.State.Slots, r.plan.Size)
		if err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
		t.slots, t.state.Slots = copied(slots), nn.Slots{}
		loaded[i] = t
	}
	r.replicas = loaded
	return nil
}

// State gives a copy of a replica's state.
func (r *Run) State(i int) nn.State {
	s := r.replicas[i].state.Clone()
	s.Slots = nn.NewSlots(copied(r.replicas[i].slots))
	return s
}

func copied(v [][]float64) [][]float64 {
	if v == nil {
		return nil
	}
	out := make([][]float64, len(v))
	for i := range v {
		out[i] = slices.Clone(v[i])
	}
	return out
}

// Params gives a copy of a replica's parameters.
func (r *Run) Params(i int) []float64 { return append([]float64(nil), r.replicas[i].state.Params...) }

// Close does nothing.
func (r *Run) Close() error { return nil }

// blockRows is how many rows a pass without gradients takes at once.
const blockRows = 512

// sweep runs forward passes over all rows, block by block.
func (r *Run) sweep(ctx context.Context, i int, d *nn.Data, m nn.Mode, use func(p *pass, first int)) error {
	for first := 0; first < d.Rows; first += blockRows {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(blockRows, d.Rows-first)
		p := r.pass(r.replicas[i].state.Params, d, first, n, false)
		p.mode, p.row0 = m, first
		p.forward()
		use(p, first)
	}
	return nil
}

// pass sets up a pass over n rows of d from first on.
func (r *Run) pass(params []float64, d *nn.Data, first, n int, backward bool) *pass {
	k, c := r.plan.Input.Numeric, len(r.plan.Input.Categories)
	p := newPass(r.plan, params, widen(d.X[first*k:(first+n)*k]), d.C[first*c:(first+n)*c], n, backward)
	p.rounding = r.rounding
	return p
}

// Predict gives the predictions, rows × units.
func (r *Run) Predict(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([]float32, error) {
	if err := r.plan.CheckData(d, false); err != nil {
		return nil, err
	}
	out := make([]float32, 0, d.Rows*r.plan.Head.Units)
	err := r.sweep(ctx, i, d, m, func(p *pass, _ int) { out = append(out, narrow(p.predictions())...) })
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Evaluate gives the weighted mean loss.
func (r *Run) Evaluate(ctx context.Context, i int, d *nn.Data) (float64, error) {
	if err := r.plan.CheckData(d, true); err != nil {
		return 0, err
	}
	var sum, weight float64
	t := r.plan.Head.TargetWidth
	err := r.sweep(ctx, i, d, nn.Mode{}, func(p *pass, first int) {
		w := weights(d, first, p.rows)
		sum += p.loss(widen(d.Y[first*t:(first+p.rows)*t]), w, 1)
		weight += total(w, p.rows)
	})
	if err != nil {
		return 0, err
	}
	return sum / weight, nil
}

// Activations gives each step's output.
func (r *Run) Activations(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([][]float32, error) {
	if err := r.plan.CheckData(d, false); err != nil {
		return nil, err
	}
	out := make([][]float32, len(r.plan.Steps))
	err := r.sweep(ctx, i, d, m, func(p *pass, _ int) {
		for j, s := range r.plan.Steps {
			out[j] = append(out[j], narrow(p.val[s.Out])...)
		}
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Gradient gives the loss with the penalty, and its gradient.
func (r *Run) Gradient(ctx context.Context, i int, d *nn.Data, m nn.Mode) (float64, []float64, error) {
	if err := r.plan.CheckData(d, true); err != nil {
		return 0, nil, err
	}
	if err := ctx.Err(); err != nil {
		return 0, nil, err
	}
	params := r.replicas[i].state.Params
	p, sum := r.gradient(params, d, m)
	return sum/float64(d.Rows) + r.plan.Penalty(params), p.dp, nil
}

// gradient runs one pass forward and backward over all of d, penalty included
// in the gradient, and gives Σ weight·loss.
func (r *Run) gradient(params []float64, d *nn.Data, m nn.Mode) (*pass, float64) {
	p := r.pass(params, d, 0, d.Rows, true)
	p.mode, p.batch = m, true
	p.forward()
	sum := p.loss(widen(d.Y), weights(d, 0, d.Rows), float64(d.Rows))
	p.backward()
	p.penalty()
	return p, sum
}

func weights(d *nn.Data, first, n int) []float64 {
	if d.W == nil {
		return nil
	}
	return widen(d.W[first : first+n])
}

// total is the sum of weights, n if there are none.
func total(w []float64, n int) float64 {
	if w == nil {
		return float64(n)
	}
	var sum float64
	for _, v := range w {
		sum += v
	}
	return sum
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

func narrow(v []float64) []float32 {
	out := make([]float32, len(v))
	for i, x := range v {
		out[i] = float32(x)
	}
	return out
}
