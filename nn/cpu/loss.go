package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// head gives the loss of each row and the gradient of the last buffer.
type head struct {
	n     *net
	z, dz matrix
	skip  bool // there are no targets

	// A number a row: weight, and loss times weight.
	weights, losses []float32
	// Losses with a kernel of their own see 16 rows as lanes, unit by unit: the
	// targets, and the logits, over which the kernel writes their slopes.
	kernel  lossKernel
	t, side []float32
	units   []float32 // numbers them

	// For softmax, a number a row each.
	scale, top, sum []float32
	pad             []float32
}

// lossKernel is a kernel with its scalars, for a batch of so many rows.
type lossKernel struct {
	kern.Map
	scalars func(h *nn.Head, rows float32) [8]float32
}

// lossKernels are there for some losses; the others go row by row through their
// definitions.
var lossKernels = map[string]lossKernel{
	"mse":                  {kern.MSE, meanScalars},
	"binary_cross_entropy": {kern.BCE, meanScalars},
	"cross_entropy": {kern.CrossEntropy, func(h *nn.Head, rows float32) [8]float32 {
		on, off := 1-h.Loss.Param, h.Loss.Param/float64(h.Units) // label smoothing
		return [8]float32{1 / rows, float32(on), float32(off), float32(on + off)}
	}},
}

// meanScalars are for losses that are means over the outputs.
func meanScalars(h *nn.Head, rows float32) [8]float32 {
	units := float32(h.Units)
	return [8]float32{1 / (rows * units), 1 / units}
}

func newHead(n *net) *head {
	spec, rows := &n.plan.Head, (n.shape.rows+kern.Lanes-1)&^(kern.Lanes-1)
	h := &head{n: n, z: n.val[n.plan.Logits], dz: n.grad[n.plan.Logits], losses: kern.Alloc(rows), weights: kern.Alloc(rows)}
	h.kernel = lossKernels[spec.Loss.Name]
	if h.kernel.scalars != nil {
		h.t, h.side, h.units = kern.Alloc(rows*spec.TargetWidth), kern.Alloc(rows*spec.Units), kern.Alloc(kern.Lanes*spec.Units)
		for i := range h.units {
			h.units[i] = float32(i / kern.Lanes)
		}
	}
	if spec.Act.RowWise() {
		h.scale, h.top, h.sum = kern.Alloc(rows), kern.Alloc(rows), kern.Alloc(rows)
		h.pad = padding(spec.Units)
	}
	return h
}

// sumLoss is Σ weight·loss over the rows of the pass. It is no finite number if
// one of them is none.
func (h *head) sumLoss() (sum float64) {
	for _, l := range h.losses[:h.n.rows] {
		sum += float64(l)
	}
	return sum
}

// sumWeight is Σ weight.
func (h *head) sumWeight() (sum float64) {
	if h.n.input.data.W == nil {
		return float64(h.n.rows)
	}
	for _, w := range h.weights[:h.n.rows] {
		sum += float64(w)
	}
	return sum
}

// fetch has targets and weights of rows a to b fetched.
func (h *head) fetch(s *kern.Script, a, b int) {
	in := &h.n.input
	switch {
	case h.skip || h.kernel.scalars == nil:
		return
	case in.order == nil || h.n.plan.Head.TargetWidth > 1:
		s.Func(func(*kern.Workspace) { h.fill(a, b) })
		return
	}
	h.n.gatherRows(s, &h.t[a], 1, in.data.Y, 1, a, b)
	if in.data.W != nil {
		h.n.gatherRows(s, &h.weights[a], 1, in.data.W, 1, a, b)
		return
	}
	for r := a; r < b; r++ {
		h.weights[r] = 1
	}
}

// write writes the losses and gradients of rows a to b.
func (h *head) write(s *kern.Script, a, b int) {
	switch {
	case h.skip:
		return
	case h.kernel.scalars == nil:
		h.byDefinition(s, a, b)
		return
	}
	spec, units := &h.n.plan.Head, h.n.plan.Head.Units
	for r := a; r < b; r += kern.Lanes {
		s.TransposeRows(&h.side[r*units], kern.Lanes, h.z.row(r), h.z.ld, min(kern.Lanes, b-r), units)
	}
	call := s.Do(h.kernel.Map)
	call.Rows, call.N, call.Stride = (b-a+kern.Lanes-1)/kern.Lanes, units*kern.Lanes, units*kern.Lanes
	call.A = [7]*float32{&h.side[a*units], &h.side[a*units], &h.t[a*spec.TargetWidth], &h.weights[a], &h.losses[a]}
	if h.kernel.Map == kern.CrossEntropy {
		call.A = [7]*float32{&h.side[a*units], &h.side[a*units], &h.units[0], &h.t[a], &h.weights[a], &h.losses[a]}
	}
	call.S = h.kernel.scalars(spec, float32(h.n.rows))
	for r := a; r < b; r += kern.Lanes {
		s.TransposeRows(h.dz.row(r), h.dz.ld, &h.side[r*units], kern.Lanes, units, min(kern.Lanes, b-r))
	}
}

// fill fetches targets and weights of rows a to b.
func (h *head) fill(a, b int) {
	in, width := &h.n.input, h.n.plan.Head.TargetWidth
	for r := a; r < b; r++ {
		i := in.row(r)
		h.weights[r] = in.weight(i)
		to := h.t[r&^(kern.Lanes-1)*width+r&(kern.Lanes-1):]
		for j, t := range in.data.Y[i*width : (i+1)*width] {
			to[j*kern.Lanes] = t
		}
	}
}

// byDefinition goes by the loss's definition in package nn.
func (h *head) byDefinition(s *kern.Script, a, b int) {
	spec, def, in := &h.n.plan.Head, h.n.plan.Head.Loss.Def(), &h.n.input
	z, t, slopes := make([]float64, spec.Units), make([]float64, spec.TargetWidth), make([]float64, spec.Units)
	s.Func(func(*kern.Workspace) {
		for r := a; r < b; r++ {
			widen(z, h.z.rowOf(r))
			i := in.row(r)
			widen(t, in.data.Y[i*spec.TargetWidth:])
			loss := def.Row(spec, z, t, slopes)
			h.weights[r] = in.weight(i)
			w := float64(h.weights[r])
			h.losses[r] = float32(w * loss)
			dz := h.dz.rowOf(r)
			for i, g := range slopes {
				dz[i] = float32(g * w / float64(h.n.rows))
			}
		}
	})
}

func widen(to []float64, from []float32) {
	for i := range to {
		to[i] = float64(from[i])
	}
}

// predict turns the last buffer into predictions and appends them.
func (h *head) predict(out []float32) []float32 {
	w, act, rows := &h.n.cores[0], h.n.plan.Head.Act, h.n.rows
	switch {
	case act.RowWise():
		for i := range rows {
			h.scale[i] = 1
		}
		call := over(&w.Args, 0, rows, h.z, h.z)
		call.A[2], call.A[3], call.A[4], call.A[5] = &h.pad[0], &h.scale[0], &h.top[0], &h.sum[0]
		w.Do(kern.Softmax)
	case !act.Linear():
		flat(&w.Args, 0, rows, h.z, h.z)
		w.Do(functionOf(act).f)
	}
	return h.z.appendTo(out, rows, h.n.plan.Head.Units)
}
