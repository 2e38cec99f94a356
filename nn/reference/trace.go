package reference

import (
	"fmt"

	"mlpkernel/nn"
)

// Trace is one row's way through a network and back, as on a blackboard.
type Trace struct {
	Input      []float64
	Steps      []TraceStep
	Prediction []float64
	Target     []float64
	Loss       float64 // of this row, without penalty
}

// TraceStep is what one step did. In is dL/dx, Out is dL/dy.
type TraceStep struct {
	Layer string
	Op    nn.Op
	Act   nn.Activation
	X, Y  []float64 // input and output
	Z     []float64 // WX + b; nil for other ops than dense
	DX    []float64 // gradient by the input (of all that reads it)
	DY    []float64 // gradient by the output
	Delta []float64 // gradient by Z; nil for other ops than dense
	// W is units × inputs and B the biases, with their gradients; nil where
	// there are none.
	W, DW, B, DB []float64
}

// Trace runs the first row of d forward and backward. Batch norm takes its
// running statistics, since one row has none. Gradients are without penalty.
func (r *Run) Trace(i int, d *nn.Data, m nn.Mode) (Trace, error) {
	if err := r.plan.CheckData(d, true); err != nil {
		return Trace{}, fmt.Errorf("trace: %w", err)
	}
	one := gather(r.plan, d, []int32{0})
	one.W = nil
	p := r.pass(r.replicas[i].state.Params, one, 0, 1, true)
	p.mode = m
	p.forward()
	t := Trace{Input: p.val[0], Target: widen(one.Y), Loss: p.loss(widen(one.Y), nil, 1)}
	p.backward()
	for j := range r.plan.Steps {
		t.Steps = append(t.Steps, p.traceStep(&r.plan.Steps[j]))
	}
	logits := append([]float64(nil), p.val[r.plan.Logits]...)
	t.Prediction = append([]float64(nil), p.predictions()...)
	copy(p.val[r.plan.Logits], logits) // the last step's Y is before the head
	return t, nil
}

func (p *pass) traceStep(s *nn.Step) TraceStep {
	t := TraceStep{
		Layer: s.Layer, Op: s.Op, Act: s.Act,
		X: p.val[s.In], Y: p.val[s.Out], Z: p.pre[s.Out],
		DX: p.grad[s.In], DY: p.grad[s.Out], Delta: p.dpre[s.Out],
	}
	if s.W >= 0 {
		_, t.W, t.DW = p.block(s.W)
	}
	if s.B >= 0 {
		_, t.B, t.DB = p.block(s.B)
	}
	return t
}
