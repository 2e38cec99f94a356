package cpu

import (
	"sync/atomic"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// head gives the loss of each row and the gradient of the last buffer.
type head struct {
	n       *net
	z, dz   matrix
	losses  []float64 // of each row, times its weight
	weights []float32 // of each row, if the data have any
	total   float32   // what the gradient is divided by
	bad     atomic.Bool
	compute func(h *head, w *kern.Workspace, a, b int) // losses and dz of rows
	skip    bool                                       // there are no targets

	// For mse and binary_cross_entropy: targets and losses of each output.
	t, l matrix
	// For softmax, a number a row each.
	scale, top, sum []float32
	pad             []float32
	uneven          bool // an activation may have left other numbers than 0 in the padding of z
	def             nn.LossDef
}

// fastLosses have kernels of their own; the others go row by row through their
// definitions.
var fastLosses = map[string]func(h *head, w *kern.Workspace, a, b int){
	"mse":                  func(h *head, w *kern.Workspace, a, b int) { h.outputs(kern.MSE, w, a, b) },
	"binary_cross_entropy": func(h *head, w *kern.Workspace, a, b int) { h.outputs(kern.BCE, w, a, b) },
	"cross_entropy":        (*head).crossEntropy,
}

func newHead(n *net) *head {
	rows, spec := n.shape.rows, &n.plan.Head
	h := &head{
		n: n, z: n.val[n.plan.Logits], dz: n.grad[n.plan.Logits], losses: make([]float64, rows),
		weights: make([]float32, rows), def: spec.Loss.Def(),
	}
	h.compute = fastLosses[spec.Loss.Name]
	switch {
	case h.compute == nil:
		h.compute = (*head).byDefinition
	case spec.Loss.Name != "cross_entropy":
		h.t, h.l = newMatrix(rows, spec.Units), newMatrix(rows, spec.Units)
		if spec.Loss.Name == "binary_cross_entropy" { // the padding's gradient is to be 0, and σ(0) is 1/2
			for i := range h.t.v {
				h.t.v[i] = 0.5
			}
		}
		h.uneven = !n.plan.Steps[len(n.plan.Steps)-1].Act.Linear()
	}
	if spec.Act.RowWise() {
		h.scale, h.top, h.sum = kern.Alloc(rows), kern.Alloc(rows), kern.Alloc(rows)
		h.pad = padding(spec.Units)
	}
	return h
}

func (h *head) write(s *kern.Script, a, b int) {
	s.Func(func(w *kern.Workspace) { h.run(w, a, b) })
}

// run computes losses and gradients of rows a to b.
func (h *head) run(w *kern.Workspace, a, b int) {
	if h.skip {
		return
	}
	if w := h.n.input.data.W; w != nil {
		for r := a; r < b; r++ {
			h.weights[r] = w[h.n.input.row(r)]
		}
	}
	h.compute(h, w, a, b)
	for _, l := range h.losses[a:b] {
		if l-l != 0 {
			h.bad.Store(true)
		}
	}
}

// weight is row r's.
func (h *head) weight(r int) float32 {
	if h.n.input.data.W == nil {
		return 1
	}
	return h.weights[r]
}

// sumLoss is Σ weight·loss over the rows of the pass.
func (h *head) sumLoss() (sum float64) {
	for _, l := range h.losses[:h.n.rows] {
		sum += l
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

// targets gives row r's.
func (h *head) targets(r int) []float32 {
	w := h.n.plan.Head.TargetWidth
	i := h.n.input.row(r)
	return h.n.input.data.Y[i*w : (i+1)*w]
}

// single is for losses of a single output: its column is copied together.
func (h *head) single(m kern.Map, w *kern.Workspace, a, b int) {
	n := kern.Ld(b - a)
	v := w.Zeros(4 * n)
	l, d, z, t := v[:n], v[n:2*n], v[2*n:3*n], v[3*n:]
	for r := a; r < b; r++ {
		z[r-a], t[r-a] = h.z.v[r*h.z.ld], h.n.input.data.Y[h.n.input.row(r)]
	}
	w.Args.Flat(n)
	w.Args.A[0], w.Args.A[1], w.Args.A[2], w.Args.A[3] = &l[0], &d[0], &z[0], &t[0]
	w.Args.S[0] = 1 / h.total
	w.Do(m)
	for r := a; r < b; r++ {
		weight := h.weight(r)
		h.losses[r] = float64(weight) * float64(l[r-a])
		h.dz.v[r*h.dz.ld] = weight * d[r-a]
	}
}

// outputs is for losses that are means over the outputs.
func (h *head) outputs(m kern.Map, w *kern.Workspace, a, b int) {
	units := h.n.plan.Head.Units
	if units == 1 {
		h.single(m, w, a, b)
		return
	}
	for r := a; r < b; r++ {
		copy(h.t.rowOf(r), h.targets(r))
	}
	flat(&w.Args, a, b, h.l, h.dz, h.z, h.t).S[0] = 1 / (h.total * float32(units))
	w.Do(m)
	for r := a; r < b; r++ {
		var sum float64
		for _, l := range h.l.rowOf(r)[:units] {
			sum += float64(l)
		}
		weight := h.weight(r)
		h.losses[r] = float64(weight) * (sum / float64(units))
		if weight != 1 {
			scale(h.dz.rowOf(r)[:units], weight)
		}
		if h.uneven {
			clear(h.dz.rowOf(r)[units:])
		}
	}
}

// crossEntropy is log Σ e^z - z_c of each row; its gradient is p - [c].
func (h *head) crossEntropy(w *kern.Workspace, a, b int) {
	for r := a; r < b; r++ {
		h.scale[r] = h.weight(r) / h.total
	}
	call := over(&w.Args, a, b, h.dz, h.z)
	call.A[2], call.A[3], call.A[4], call.A[5] = &h.pad[0], &h.scale[a], &h.top[a], &h.sum[a]
	w.Do(kern.Softmax)
	logs := h.logarithms(w, a, b)
	if h.n.plan.Head.Loss.Param > 0 {
		h.smooth(logs, a, b)
		return
	}
	in, y := &h.n.input, h.n.input.data.Y
	for r := a; r < b; r++ {
		class := int(y[in.row(r)])
		hit := h.z.v[r*h.z.ld+class]
		h.dz.v[r*h.dz.ld+class] -= h.scale[r]
		h.losses[r] = float64(h.weight(r)) * (float64(h.top[r]) - float64(hit) + float64(logs[r-a]))
	}
}

// smooth is crossEntropy's second half with label smoothing s: the target is
// 1-s at the class, plus s/n everywhere.
func (h *head) smooth(logs []float32, a, b int) {
	units, s := h.n.plan.Head.Units, float32(h.n.plan.Head.Loss.Param)
	for r := a; r < b; r++ {
		class := int(h.targets(r)[0])
		z, dz := h.z.rowOf(r)[:units], h.dz.rowOf(r)[:units]
		var mean float64
		for i, v := range z {
			mean += float64(v)
			dz[i] -= float32(h.scale[r] * (s / float32(units)))
		}
		mean /= float64(units)
		dz[class] -= float32(h.scale[r] * (1 - s))
		hit := float64((1-float64(s))*float64(z[class])) + float64(float64(s)*mean)
		h.losses[r] = float64(h.weight(r)) * (float64(h.top[r]) - hit + float64(logs[r-a]))
	}
}

// logarithms gives those of the sums of rows a to b.
func (h *head) logarithms(w *kern.Workspace, a, b int) []float32 {
	v := w.Zeros(kern.Ld(b - a))
	copy(v, h.sum[a:b])
	w.Args.Flat(len(v))
	w.Args.A[0], w.Args.A[1] = &v[0], &v[0]
	w.Do(kern.Log)
	return v
}

// byDefinition goes by the loss's definition in package nn.
func (h *head) byDefinition(w *kern.Workspace, a, b int) {
	spec := &h.n.plan.Head
	z, t, slopes := make([]float64, spec.Units), make([]float64, spec.TargetWidth), make([]float64, spec.Units)
	for r := a; r < b; r++ {
		for i, v := range h.z.rowOf(r)[:spec.Units] {
			z[i] = float64(v)
		}
		for i, v := range h.targets(r) {
			t[i] = float64(v)
		}
		loss := h.def.Row(spec, z, t, slopes)
		weight := float64(h.weight(r))
		h.losses[r] = weight * loss
		dz := h.dz.rowOf(r)
		for i, g := range slopes {
			dz[i] = float32(g * weight / float64(h.total))
		}
	}
}

// predict turns the last buffer into predictions.
func (h *head) predict() {
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
}
