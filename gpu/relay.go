//go:build cuda && linux && cgo

package gpu

import (
	"context"
	"errors"
	"fmt"

	"mlpkernel/nn"
)

// relay is a program that goes on on a spare backend when the GPU fails. The
// states last saved are loaded there, and the chunks since then trained again.
type relay struct {
	nn.Program          // the one in use
	gpu        *program // nil: the spare one is in use
	compile    func() (nn.Program, error)
	spare      string // its name
	why        error
}

var _ nn.Reporter = (*relay)(nil)

// turn goes over to the spare backend because of an error of the GPU.
func (r *relay) turn(ctx context.Context, why error, replicas []nn.Replica, since []nn.Chunk) error {
	p, err := r.compile()
	if err != nil {
		return errors.Join(why, err)
	}
	_ = r.gpu.Close() // the GPU may be of no use
	r.Program, r.gpu, r.why = p, nil, why
	if err := p.Load(replicas); err != nil {
		return err
	}
	for _, c := range since {
		c.Blocks, c.StepLoss = false, false
		if _, err := p.Train(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// with calls f, once more if the GPU fails.
func with[T any](ctx context.Context, r *relay, f func(nn.Program) (T, error)) (T, error) {
	v, err := f(r.Program)
	var failed *deviceError
	if ctx.Err() != nil || r.gpu == nil || !errors.As(err, &failed) {
		return v, err
	}
	replicas, since := r.gpu.saved()
	if err := r.turn(ctx, err, replicas, since); err != nil {
		return v, err
	}
	return f(r.Program)
}

// Load replaces all replicas.
func (r *relay) Load(replicas []nn.Replica) error {
	err := r.Program.Load(replicas)
	var failed *deviceError
	if r.gpu == nil || !errors.As(err, &failed) {
		return err
	}
	return r.turn(context.Background(), err, replicas, nil)
}

// Train trains.
func (r *relay) Train(ctx context.Context, c nn.Chunk) (nn.Stats, error) {
	return with(ctx, r, func(p nn.Program) (nn.Stats, error) { return p.Train(ctx, c) })
}

// Predict predicts.
func (r *relay) Predict(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([]float32, error) {
	return with(ctx, r, func(p nn.Program) ([]float32, error) { return p.Predict(ctx, i, d, m) })
}

// Evaluate gives the loss.
func (r *relay) Evaluate(ctx context.Context, i int, d *nn.Data) (float64, error) {
	return with(ctx, r, func(p nn.Program) (float64, error) { return p.Evaluate(ctx, i, d) })
}

// Activations gives the buffers.
func (r *relay) Activations(ctx context.Context, i int, d *nn.Data, m nn.Mode) ([][]float32, error) {
	return with(ctx, r, func(p nn.Program) ([][]float32, error) { return p.Activations(ctx, i, d, m) })
}

// Gradient gives loss and gradient.
func (r *relay) Gradient(ctx context.Context, i int, d *nn.Data, m nn.Mode) (loss float64, grad []float64, err error) {
	_, err = with(ctx, r, func(p nn.Program) (struct{}, error) {
		loss, grad, err = p.Gradient(ctx, i, d, m)
		return struct{}{}, err
	})
	return loss, grad, err
}

// State gives a copy of a replica's state.
func (r *relay) State(i int) nn.State {
	s, _ := with(context.Background(), r, func(p nn.Program) (nn.State, error) {
		if r.gpu != nil {
			if err := r.gpu.fetch(); err != nil {
				return r.gpu.State(i), err
			}
		}
		return p.State(i), nil
	})
	return s
}

// Params gives a copy of a replica's parameters.
func (r *relay) Params(i int) []float64 { return r.State(i).Params }

// Report tells of the GPU, or that it failed.
func (r *relay) Report() (device string, notes []string) {
	if r.gpu != nil {
		return r.gpu.Report()
	}
	return r.spare, []string{fmt.Sprintf("the GPU failed and the %s backend went on from what was saved last: %v", r.spare, r.why)}
}
