package learn

import (
	"context"
	"fmt"
	"math"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
	"mlpkernel/table"
)

// BlockGradient is the gradient of the mean loss over rows by one block.
type BlockGradient struct {
	Name, Layer string
	Rows, Cols  int
	V           []float64 // Rows × Cols
	Norm        float64
	Hist        nn.Histogram
}

// Gradients gives the loss over rows, penalty included, and its gradient, block
// by block in the order of the layers. The rows need targets.
func (m *Model) Gradients(ctx context.Context, t *table.Table) (float64, []BlockGradient, error) {
	r, err := m.coder.complete(t)
	if err != nil {
		return 0, nil, err
	}
	prog, err := m.program()
	if err != nil {
		return 0, nil, err
	}
	defer prog.Close()
	loss, g, err := prog.Gradient(ctx, 0, r.data, nn.Mode{})
	if err != nil {
		return 0, nil, err
	}
	var out []BlockGradient
	for _, b := range m.plan.Blocks {
		if b.Role == nn.RunningMean || b.Role == nn.RunningVar {
			continue
		}
		v := b.Of(g)
		out = append(out, BlockGradient{Name: b.Name, Layer: b.Layer, Rows: b.Rows, Cols: b.Cols, V: v, Norm: norm(v), Hist: nn.NewHistogram(v, bins)})
	}
	return loss, out, nil
}

// Activation is what a layer says on rows.
type Activation struct {
	Layer      string
	Activation nn.Activation
	Values     Matrix // rows × units; without names
	Dead       []int  // units that say the same on all rows
	Saturated  float64
}

// Activations gives the output of each layer that has weights or an
// activation. For the output layer it is what goes into a sigmoid or softmax
// that belongs to the loss.
func (m *Model) Activations(ctx context.Context, t *table.Table) ([]Activation, error) {
	d, _, err := m.coder.inputs(t)
	if err != nil {
		return nil, err
	}
	return m.activations(ctx, d)
}

func (m *Model) activations(ctx context.Context, d *nn.Data) ([]Activation, error) {
	prog, err := m.program()
	if err != nil {
		return nil, err
	}
	defer prog.Close()
	raw, err := prog.Activations(ctx, 0, d, nn.Mode{})
	if err != nil {
		return nil, err
	}
	var out []Activation
	var describer nn.Describer
	for _, l := range activeLayers(m.plan) {
		v := raw[l.Last-1]
		low, high := flats(l)
		s := describer.Describe(v, low, high, bins)
		out = append(out, Activation{
			Layer: l.Name, Activation: l.Activation, Values: Matrix{Rows: d.Rows, Cols: l.Out, V: widen(v)},
			Dead: deadUnits(v, d.Rows, l.Out, s.Values), Saturated: part(s.Outside, len(v)),
		})
	}
	return out, nil
}

// Trace is one row's way through the network and back. Its Target has the shape
// of its Prediction: of classes, 1 for the right one and 0 for the others.
type Trace struct {
	reference.Trace
	Features []string // names of Input
	Outputs  []string // names of Prediction
	HasTruth bool     // false: the row has no target, and there is no way back
}

// Trace runs the first row forward and, if it has a target, backward in
// float64: values, deltas and gradients, step by step.
func (m *Model) Trace(t *table.Table) (*Trace, error) {
	if t == nil || t.Len() == 0 {
		return nil, fmt.Errorf("trace needs a row")
	}
	t = t.Slice(0, 1)
	out := &Trace{Features: m.Features(), Outputs: m.outputNames()}
	var d *nn.Data
	if r, err := m.coder.complete(t); err == nil {
		d, out.HasTruth = r.data, true
	} else {
		if d, _, err = m.coder.inputs(t); err != nil {
			return nil, err
		}
		d.Y = make([]float32, m.plan.Head.TargetWidth)
	}
	run, err := m.referenceRun()
	if err != nil {
		return nil, err
	}
	if out.Trace, err = run.Trace(0, d, nn.Mode{}); err != nil {
		return nil, err
	}
	if len(out.Prediction) != len(out.Outputs) {
		out.Outputs = out.Outputs[len(out.Outputs)-len(out.Prediction):]
	}
	if m.plan.Head.Target.Kind == nn.Classes {
		right := int(out.Target[0])
		out.Target = make([]float64, len(out.Prediction))
		out.Target[right] = 1
	}
	if !out.HasTruth {
		out.Loss, out.Target = math.NaN(), nil
		for i := range out.Steps {
			s := &out.Steps[i]
			s.DX, s.DY, s.Delta, s.DW, s.DB = nil, nil, nil, nil, nil
		}
	}
	return out, nil
}

// checkable bounds a gradient check, whose cost goes with the square of the
// number of parameters.
const checkable = 20000

// GradCheck compares the gradient of the loss over some of the rows (up to 64,
// fewer for large networks) with differences of the loss, in float64.
func (m *Model) GradCheck(t *table.Table) (reference.GradCheck, error) {
	if m.plan.Size > checkable {
		return reference.GradCheck{}, fmt.Errorf("a gradient check of %s parameters would take very long; check a smaller network of the same kind (up to %s)", thousands(m.plan.Size), thousands(checkable))
	}
	r, err := m.coder.complete(t)
	if err != nil {
		return reference.GradCheck{}, err
	}
	affordable := int(2e9 / (8 * float64(m.plan.Size) * float64(m.plan.Size)))
	r = r.spread(min(max(affordable, 2), 64))
	return reference.CheckGradient(m.plan, m.state.Params, r.data, nn.Mode{})
}

// Coadaptation is how much the units of a layer say the same: Correlation is
// units × units over rows, 0 where a unit is constant. Mean is the mean of its
// absolute entries off the diagonal.
type Coadaptation struct {
	Layer       string
	Units       int
	Correlation []float64
	Mean        float64
}

// Coadaptation correlates the units of a layer; "" is the first hidden one.
func (m *Model) Coadaptation(ctx context.Context, t *table.Table, layer string) (*Coadaptation, error) {
	acts, err := m.Activations(ctx, t)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, a := range acts {
		if a.Layer == layer || layer == "" {
			return correlate(a), nil
		}
		names = append(names, a.Layer)
	}
	return nil, fmt.Errorf("no layer is called %q; there are %s", layer, nameList(names))
}

func correlate(a Activation) *Coadaptation {
	n := a.Values.Cols
	out := &Coadaptation{Layer: a.Layer, Units: n, Correlation: make([]float64, n*n)}
	units := make([][]float64, n)
	for u := range n {
		units[u] = standardised(pickColumn(a.Values.V, n, u))
	}
	for i := range n {
		for j := range n {
			var sum float64
			for r, x := range units[i] {
				sum += float64(x * units[j][r])
			}
			c := min(max(sum/float64(a.Values.Rows), -1), 1)
			out.Correlation[i*n+j] = c
			if i != j {
				out.Mean += math.Abs(c)
			}
		}
	}
	if n > 1 {
		out.Mean /= float64(n * (n - 1))
	}
	return out
}

// standardised has mean 0 and variance 1; a constant becomes zeros.
func standardised(v []float64) []float64 {
	mean, std := meanStd(v)
	out := make([]float64, len(v))
	for i, x := range v {
		if std > 0 {
			out[i] = (x - mean) / std
		}
	}
	return out
}
