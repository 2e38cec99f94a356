package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// dense is Y = f(WX + b). Backward: δ = dY·f'(z), dW = δXᵀ, db = δ, dX = Wᵀδ.
//
// Bias and relu belong to the product; δ is written over dY. Where one product
// alone makes dY, the slope of relu (and of a dropout behind it) belongs to that
// product: its operation has this one as its gate.
type dense struct {
	n          *net
	s          *nn.Step
	w, b       *place
	fn         *function // nil for linear
	behind     *dropout  // the dropout that works in place behind it, if any
	gated      bool      // dY is δ already
	gate       *dense    // dX is to be this one's δ
	z          matrix    // where the slope is told from the argument
	into       target
	transposed []float32 // the panels of W the other way round, if they are wanted
	across     matrix    // x the other way round, for dW of deep batches
	list       []part
}

func newDense(b *builder, s *nn.Step) operation {
	d := &dense{n: b.net, s: s, w: b.place(s.W), b: b.place(s.B), fn: functionOf(s.Act)}
	b.denses[s.Out] = d
	if d.fn != nil && d.fn.fromX {
		d.z = newMatrix(b.shape.rows, d.w.Rows)
	}
	if d.w.turned {
		d.transposed = kern.Alloc(d.w.panels.Turned().Len())
	}
	if b.learn && d.w.Trainable && !d.w.turned && b.set.Turns(b.shape.rows, d.w.Rows) {
		d.across = newMatrix(d.w.Cols, b.shape.rows)
	}
	d.list = []part{{d.w, kern.Strip * d.w.panels.Rows, true}}
	if d.b != nil {
		d.list = append(d.list, part{d.b, d.b.len, true})
	}
	return d
}

func (d *dense) connect(b *builder) {
	d.into = b.toward(d.s.In)
	if !d.into.there() {
		return
	}
	if d.transposed == nil {
		d.transposed = kern.Alloc(d.w.panels.Turned().Len())
	}
	r := b.root[d.s.In]
	before := b.denses[r]
	if before == nil || b.readers[r] != 1 || !before.relu() {
		return
	}
	d.gate, before.gated = before, true
}

// right is the right factor of the product for Y, or of that for dX.
func (d *dense) right(dX bool) *float32 {
	if d.w.turned == dX {
		return &d.n.p[d.w.at]
	}
	return &d.transposed[0]
}

// relu reports whether f is relu, which the forward product does, or the
// dropout behind it.
func (d *dense) relu() bool { return d.fn != nil && d.fn.f == kern.Relu }

func (d *dense) forward(s *kern.Script, a, b int) {
	x, y, z := d.n.val[d.s.In], d.n.val[d.s.Out], d.n.val[d.s.Out]
	if d.z.there() {
		z = d.z
	}
	p := kern.Product{
		M: b - a, N: d.w.Rows, K: d.w.Cols,
		A: x.row(a), RsA: x.ld, CsA: 1,
		B: d.right(false), BRows: d.w.Cols,
		C: z.row(a), LdC: z.ld,
		Relu: d.relu() && d.behind == nil,
	}
	if d.b != nil {
		p.Bias = &d.n.p[d.b.at]
	}
	if d.across.there() {
		s.TransposeRows(&d.across.v[a], d.across.ld, x.row(a), x.ld, b-a, d.w.Cols)
	}
	s.Multiply(p, 0, strips(d.w.Rows))
	if d.fn != nil && !d.relu() {
		flat(s.Do(d.fn.f), a, b, y, z).S[0] = float32(d.s.Act.Param)
	}
}

func (d *dense) backward(s *kern.Script, a, b int) {
	dy, dx := d.n.grad[d.s.Out], d.into.matrix
	if !dy.there() {
		return
	}
	d.slope(s, dy, a, b)
	if !dx.there() {
		return
	}
	p := kern.Product{
		M: b - a, N: d.w.Cols, K: d.w.Rows,
		A: dy.row(a), RsA: dy.ld, CsA: 1,
		B: d.right(true), BRows: d.w.Rows,
		C: dx.row(a), LdC: dx.ld, Add: d.into.add,
	}
	if d.gate != nil {
		p.Gate, p.Scale = d.n.val[d.s.In].row(a), &d.n.one[0]
		if d.gate.behind != nil {
			p.Scale = &d.gate.behind.scale
		}
	}
	s.Multiply(p, 0, strips(d.w.Cols))
}

func strips(columns int) int { return kern.Panels{Cols: columns}.Strips() }

// slope turns dY into δ.
func (d *dense) slope(s *kern.Script, dy matrix, a, b int) {
	switch {
	case d.fn == nil || d.gated:
		return
	case d.fn.f == kern.Step:
		(&target{matrix: dy}).clear(s, a, b)
		return
	}
	v := d.n.val[d.s.Out]
	if d.fn.fromX {
		v = d.z
	}
	flat(s.Do(d.fn.slope), a, b, dy, dy, v).S[0] = float32(d.s.Act.Param)
}

// A unit of learning is a panel; the first has the bias too.

func (d *dense) units() int    { return d.w.panels.Strips() }
func (d *dense) parts() []part { return d.list }
func (d *dense) work() int     { return d.w.panels.Rows * d.n.shape.rows }

// gradient is dW = δXᵀ, or its transpose, and db = δ times a column of ones.
func (d *dense) gradient(s *kern.Script, a, b int) {
	x, dy := d.n.val[d.s.In], d.n.grad[d.s.Out]
	left, right := x, dy
	if d.w.turned {
		left, right = dy, x
	}
	p := kern.Product{
		M: d.w.panels.Rows, N: d.w.panels.Cols, K: d.n.rows,
		A: left.row(0), RsA: 1, CsA: left.ld,
		B: right.row(0), BLd: right.ld,
		C: &d.n.g[d.w.at], CRows: d.w.panels.Rows,
	}
	if d.across.there() {
		p.A, p.RsA, p.CsA = d.across.row(0), d.across.ld, 1
	}
	d.slopes(s, d.w, p, a, b)
	if d.b != nil && a == 0 {
		d.slopes(s, d.b, kern.Product{
			M: 1, N: d.w.Rows, K: d.n.rows,
			A: &d.n.one[0], B: dy.row(0), BLd: dy.ld,
			C: &d.n.g[d.b.at], LdC: d.b.len,
		}, 0, strips(d.w.Rows))
	}
}

// slopes writes the product that is the gradient of a block, with L2 of its
// penalty.
func (d *dense) slopes(s *kern.Script, of *place, p kern.Product, a, b int) {
	if of.L2 != 0 {
		l2 := float32(of.L2)
		p.Plus, p.Scale = &d.n.p[of.at], &l2
	}
	s.Multiply(p, a, b)
}

func (d *dense) refresh(s *kern.Script, a, b int) {
	if d.transposed != nil {
		s.Transpose(d.transposed, d.w.of(d.n.p), d.w.panels, a, b)
	}
}
