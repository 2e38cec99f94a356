package reference

import (
	"mlpkernel/nn"
)

// pass is one run of a plan over some rows, forward and backward. Values are
// written once (=), gradients are added to (+=).
type pass struct {
	plan   *nn.Plan
	params []float64
	rows   int
	codes  []int32     // rows × categories
	val    [][]float64 // buffer -> rows × width
	grad   [][]float64 // the same for gradients; nil in a pass without backward
	dp     []float64   // gradient of the parameters; nil in a pass without backward

	mode     nn.Mode
	rounding Rounding // of products; nil: none
	row0     int      // number of the first row, for dropout masks
	batch    bool     // batch norm uses this batch's statistics
	undo     []func()
	running  []func() // moves the running statistics; called once the step is taken
	pre      [][]float64
	dpre     [][]float64 // pre-activations of dense steps and their gradients, for traces
}

// op computes a step's output and returns what pushes the gradient back.
type op func(p *pass, s *nn.Step) func()

// ops is indexed by nn.Op.
var ops = [...]op{
	nn.OpDense:      dense,
	nn.OpActivation: activation,
	nn.OpDropout:    dropout,
	nn.OpBatchNorm:  batchNorm,
	nn.OpLayerNorm:  layerNorm,
	nn.OpEmbed:      embed,
	nn.OpAdd:        add,
}

// newPass sets up buffers. x and codes are the input rows.
func newPass(plan *nn.Plan, params []float64, x []float64, codes []int32, rows int, backward bool) *pass {
	p := &pass{plan: plan, params: params, rows: rows, codes: codes}
	p.val = make([][]float64, len(plan.Widths))
	p.pre = make([][]float64, len(plan.Widths))
	p.val[0] = x
	for i, w := range plan.Widths[1:] {
		p.val[i+1] = make([]float64, rows*w)
	}
	if !backward {
		return p
	}
	p.dp = make([]float64, plan.Size)
	p.grad = make([][]float64, len(plan.Widths))
	p.dpre = make([][]float64, len(plan.Widths))
	for i, w := range plan.Widths {
		p.grad[i] = make([]float64, rows*w)
	}
	return p
}

func (p *pass) forward() {
	for i := range p.plan.Steps {
		s := &p.plan.Steps[i]
		p.undo = append(p.undo, ops[s.Op](p, s))
	}
}

func (p *pass) backward() {
	for i := len(p.undo) - 1; i >= 0; i-- {
		p.undo[i]()
	}
	for _, b := range p.plan.Blocks {
		if !b.Trainable {
			clear(b.Of(p.dp))
		}
	}
}

// loss is Σ weight·loss over the rows; its gradient over n goes into the last
// buffer's.
func (p *pass) loss(y, w []float64, n float64) float64 {
	h := &p.plan.Head
	z := p.val[p.plan.Logits]
	dz := make([]float64, h.Units)
	row := h.Loss.Def().Row
	var sum float64
	for r := range p.rows {
		l := row(h, z[r*h.Units:(r+1)*h.Units], y[r*h.TargetWidth:(r+1)*h.TargetWidth], dz)
		weight := 1.0
		if w != nil {
			weight = w[r]
		}
		sum += float64(weight * l)
		if p.grad == nil {
			continue
		}
		out := p.grad[p.plan.Logits][r*h.Units:]
		for i, g := range dz {
			out[i] = g * weight / n
		}
	}
	return sum
}

// predictions turns the last buffer into predictions, in place.
func (p *pass) predictions() []float64 {
	h := p.plan.Head
	z := p.val[p.plan.Logits]
	if h.Act.RowWise() {
		for r := 0; r < len(z); r += h.Units {
			nn.Softmax(z[r:r+h.Units], z[r:r+h.Units])
		}
		return z
	}
	f, param := h.Act.Def().F, h.Act.Param
	for i, v := range z {
		z[i] = f(v, param)
	}
	return z
}

// block gives a block's values and gradients (nil without backward).
func (p *pass) block(i int) (b nn.Block, v, g []float64) {
	b = p.plan.Blocks[i]
	if p.dp != nil {
		g = b.Of(p.dp)
	}
	return b, b.Of(p.params), g
}

// penalty adds the gradient of the penalty.
func (p *pass) penalty() {
	for _, b := range p.plan.Blocks {
		if b.L1 == 0 && b.L2 == 0 || !b.Trainable {
			continue
		}
		g := b.Of(p.dp)
		for i, w := range b.Of(p.params) {
			g[i] += float64(b.L2 * w)
			switch {
			case w > 0:
				g[i] += b.L1
			case w < 0:
				g[i] -= b.L1
			}
		}
	}
}
