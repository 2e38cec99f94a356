// Package parity holds a backend against the reference, over one list of
// trainings that all backends share. A backend's test is one call of [Check].
package parity

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
)

// Tolerance bounds |got - want| / (1 + |want|).
type Tolerance struct {
	Pass  float64 // one pass: predictions, losses, gradients
	Train float64 // parameters and losses after a few epochs
}

// Float32 is the tolerance for float32 backends.
var Float32 = Tolerance{Pass: 2e-5, Train: 2e-3}

// Check runs all cases on a backend. Cases that it does not support
// (nn.ErrUnsupported) are skipped.
func Check(t *testing.T, b nn.Backend, tol Tolerance) {
	t.Helper()
	CheckCases(t, b, tol, Cases())
}

// CheckCases runs some cases on a backend.
func CheckCases(t *testing.T, b nn.Backend, tol Tolerance, cases []Case) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) { c.check(t, b, tol) })
	}
}

func (c Case) check(t *testing.T, b nn.Backend, tol Tolerance) {
	t.Helper()
	got, err := b.Compile(c.Plan, c.Options)
	if errors.Is(err, nn.ErrUnsupported) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer got.Close()
	want, err := reference.New().Compile(c.Plan, c.Options)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []nn.Program{want, got} {
		if err := p.Load(c.replicas()); err != nil {
			t.Fatal(err)
		}
	}
	for i := range c.replicas() {
		c.comparePasses(t, fmt.Sprintf("replica %d untrained", i), got, want, i, tol.Pass)
	}
	c.compareTraining(t, got, want, tol.Train)
	c.checkGoingOn(t, b)
}

// comparePasses compares all that does not change a program.
func (c Case) comparePasses(t *testing.T, when string, got, want nn.Program, i int, tol float64) {
	t.Helper()
	ctx := context.Background()
	clock := nn.Clock{Step: 3, Steps: 10, PerEpoch: 5}
	for _, m := range []nn.Mode{{}, {Dropout: true, Seed: 77, Step: 3, Clock: clock}} {
		when := fmt.Sprintf("%s, dropout %t", when, m.Dropout)
		g, w := twice(got, want, func(p nn.Program) ([]float32, error) { return p.Predict(ctx, i, c.Data, m) })
		compare(t, when+": predictions", g, w, tol)
		ga, wa := twice(got, want, func(p nn.Program) (all []float32, err error) {
			steps, err := p.Activations(ctx, i, c.Data, m)
			for _, s := range steps {
				all = append(all, s...)
			}
			return all, err
		})
		compare(t, when+": activations", ga, wa, tol)
		var loss [2]float64
		k := 0
		gg, wg := twice(got, want, func(p nn.Program) ([]float64, error) {
			l, grad, err := p.Gradient(ctx, i, c.Data, m)
			loss[k], k = l, k+1
			return grad, err
		})
		compare(t, when+": gradient", gg, wg, tol)
		compare(t, when+": loss with penalty", loss[:1], loss[1:], tol)
	}
	ge, we := twice(got, want, func(p nn.Program) ([]float64, error) {
		l, err := p.Evaluate(ctx, i, c.Data)
		return []float64{l}, err
	})
	compare(t, when+": evaluation", ge, we, tol)
	said, l, err := nn.Score(ctx, got, i, c.Data)
	compare(t, when+": loss with predictions", result[float64]{[]float64{l}, err}, ge, 0)
	alone, err := got.Predict(ctx, i, c.Data, nn.Mode{})
	compare(t, when+": predictions with loss", result[float32]{said, nil}, result[float32]{alone, err}, 0)
}

// compareTraining trains both and compares what came of it.
func (c Case) compareTraining(t *testing.T, got, want nn.Program, tol float64) {
	t.Helper()
	chunk := nn.Chunk{Epochs: c.Epochs, StepLoss: true, Blocks: true, Bins: 8}
	gs, errG := got.Train(context.Background(), chunk)
	ws, errW := want.Train(context.Background(), chunk)
	if errG != nil || errW != nil {
		t.Fatal(errG, errW)
	}
	for i, w := range ws.Replicas {
		g := gs.Replicas[i]
		compare(t, "losses of steps", g.StepLoss, w.StepLoss, tol)
		compare(t, "rate", []float64{g.Rate}, []float64{w.Rate}, 1e-6)
		if len(g.Epochs) != len(w.Epochs) {
			t.Fatalf("%d epochs, want %d", len(g.Epochs), len(w.Epochs))
		}
		for j, e := range w.Epochs {
			h := g.Epochs[j]
			if h.Epoch != e.Epoch || h.Rows != e.Rows || h.Done != e.Done || len(h.Blocks) != len(e.Blocks) {
				t.Fatalf("epoch %+v, want %+v", h, e)
			}
			compare(t, "epoch loss", []float64{h.Loss / h.Weight}, []float64{e.Loss / e.Weight}, tol)
			for k, b := range e.Blocks {
				compare(t, "norms", []float64{h.Blocks[k].Param, h.Blocks[k].Grad, h.Blocks[k].Update}, []float64{b.Param, b.Grad, b.Update}, tol)
			}
		}
		compare(t, "parameters", got.Params(i), want.Params(i), tol)
		a, b := got.State(i), want.State(i)
		if a.Seed != b.Seed || a.Step != b.Step || a.Epoch != b.Epoch || a.Batch != b.Batch {
			t.Errorf("state %+v, want that of %+v", a, b)
		}
	}
}

// checkGoingOn asserts that chunks through State and Load give the bits of one
// chunk, and that the number of threads does not matter.
func (c Case) checkGoingOn(t *testing.T, b nn.Backend) {
	t.Helper()
	horizon := c.Epochs * c.Options.PerEpoch(c.Data.Rows)
	run := func(threads int, chunks ...nn.Chunk) nn.State {
		o := c.Options
		o.Threads = threads
		state := c.Plan.NewState(5)
		for _, k := range chunks {
			p, err := b.Compile(c.Plan, o)
			if err != nil {
				t.Fatal(err)
			}
			if err := p.Load([]nn.Replica{{State: state, Data: c.Data}}); err != nil {
				t.Fatal(err)
			}
			k.Horizon = horizon
			if _, err := p.Train(context.Background(), k); err != nil {
				t.Fatal(err)
			}
			state = p.State(0)
			p.Close()
		}
		return state
	}
	want := run(1, nn.Chunk{Steps: horizon})
	if got := run(1, nn.Chunk{Steps: 1}, nn.Chunk{Steps: horizon - 1}); Bits(got) != Bits(want) {
		t.Error("going on differs from training at once")
	}
	if got := run(3, nn.Chunk{Steps: horizon}); Bits(got) != Bits(want) {
		t.Error("three threads differ from one")
	}
}

// Bits are all numbers of a state: the same for states that are.
func Bits(s nn.State) string {
	return fmt.Sprintf("%d %d %d %d %x %x", s.Seed, s.Step, s.Epoch, s.Batch, s.Params, s.Slots.Vectors())
}

type number interface{ ~float32 | ~float64 }

// result is what a program gave, or why not.
type result[T number] struct {
	v   []T
	err error
}

func twice[T number](got, want nn.Program, f func(nn.Program) ([]T, error)) (g, w result[T]) {
	g.v, g.err = f(got)
	w.v, w.err = f(want)
	return g, w
}

// compare accepts slices and results.
func compare(t *testing.T, what string, got, want any, tol float64) {
	t.Helper()
	g, errG := numbers(got)
	w, errW := numbers(want)
	if errG != nil || errW != nil {
		t.Errorf("%s: errors %v, %v", what, errG, errW)
		return
	}
	if len(g) != len(w) {
		t.Errorf("%s: %d numbers, want %d", what, len(g), len(w))
		return
	}
	worst, at := 0.0, -1
	for i, v := range w {
		if d := math.Abs(g[i]-v) / (1 + math.Abs(v)); d > worst || d != d {
			worst, at = d, i
		}
	}
	if !(worst <= tol) {
		t.Errorf("%s: number %d is %v, want %v", what, at, g[at], w[at])
	}
}

func numbers(v any) ([]float64, error) {
	switch v := v.(type) {
	case result[float32]:
		return widen(v.v), v.err
	case result[float64]:
		return v.v, v.err
	}
	return v.([]float64), nil
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}
