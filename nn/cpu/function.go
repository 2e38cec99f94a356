package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// function is an activation of single units as kernels.
type function struct {
	name  string
	f     kern.Map
	slope kern.Map
	fromX bool // the slope is told from the argument, not from the result
}

// functions has all activations but linear and softmax. That of step has no
// slope: its gradient is 0.
var functions = []function{
	{"step", kern.Step, 0, false},
	{"sigmoid", kern.Sigmoid, kern.SigmoidSlope, false},
	{"tanh", kern.Tanh, kern.TanhSlope, false},
	{"relu", kern.Relu, kern.ReluSlope, false},
	{"leaky_relu", kern.LeakyRelu, kern.LeakySlope, false},
	{"elu", kern.Elu, kern.EluSlope, false},
	{"selu", kern.Selu, kern.SeluSlope, false},
	{"gelu", kern.Gelu, kern.GeluSlope, true},
	{"silu", kern.Silu, kern.SiluSlope, true},
	{"mish", kern.Mish, kern.MishSlope, true},
	{"softplus", kern.Softplus, kern.SoftplusSlope, true},
}

// functionOf gives an activation's kernels, nil for linear and softmax.
func functionOf(a nn.Activation) *function {
	for i := range functions {
		if functions[i].name == a.Name {
			return &functions[i]
		}
	}
	return nil
}

// mapCall is a kernel over rows with its arguments.
type mapCall struct {
	bound
	kern.Args
}

// over sets rows a to b of arrays of one width; what the call has besides stays.
func (m *mapCall) over(a, b int, arrays ...matrix) {
	m.Rows, m.N, m.Stride = b-a, arrays[0].ld, arrays[0].ld
	for i, x := range arrays {
		m.A[i] = x.row(a)
	}
}

// flat sets them as one long row, for kernels that care for single numbers.
func (m *mapCall) flat(a, b int, arrays ...matrix) {
	m.over(a, b, arrays...)
	m.Flat(m.Rows * m.N)
}

// elementwise is y = f(x) with dx = dy·f'(v): what an activation does where it
// is no part of a product.
type elementwise struct {
	n    *net
	fn   *function
	p    float32
	in   int
	out  int
	into target
	per  []elementwiseCalls
}

type elementwiseCalls struct{ forward, backward, sum mapCall }

// newActivation makes the operation of an activation step.
func newActivation(b *builder, s *nn.Step) operation {
	switch {
	case s.Act.RowWise():
		return newSoftmax(b, s)
	case s.Act.Linear():
		return newCopying(b, s)
	}
	return &elementwise{n: b.net, fn: functionOf(s.Act), p: float32(s.Act.Param), in: s.In, out: s.Out, per: make([]elementwiseCalls, b.threads)}
}

func (e *elementwise) connect(b *builder) { e.into = b.toward(e.in) }

func (e *elementwise) forward(c *core, a, b int) {
	call := &e.per[c.id].forward
	if call.stale(e.n, a, b) {
		call.flat(a, b, e.n.val[e.out], e.n.val[e.in])
		call.S[0] = e.p
	}
	c.set.Do(e.fn.f, &call.Args)
}

func (e *elementwise) backward(c *core, a, b int) {
	if !e.into.there() {
		return
	}
	calls := &e.per[c.id]
	call := &calls.backward
	if call.stale(e.n, a, b) {
		v := e.n.val[e.out]
		if e.fn.fromX {
			v = e.n.val[e.in]
		}
		call.flat(a, b, e.into.via(e.n), e.n.grad[e.out], v)
		call.S[0] = e.p
	}
	if e.fn.f == kern.Step {
		e.into.clear(a, b)
		return
	}
	c.set.Do(e.fn.slope, &call.Args)
	e.into.finish(c, e.n, &calls.sum, a, b)
}

// via is where to write a gradient for the target.
func (t *target) via(n *net) matrix {
	if t.add {
		return matrix{n.scratch.v, t.ld}
	}
	return t.matrix
}

// finish adds what lies in via, if it was not the target itself.
func (t *target) finish(c *core, n *net, call *mapCall, a, b int) {
	if !t.add {
		return
	}
	if call.stale(n, a, b) {
		call.flat(a, b, t.matrix, t.matrix, t.via(n))
	}
	c.set.Do(kern.Add, &call.Args)
}

// clear is for gradients that are 0.
func (t *target) clear(a, b int) {
	if !t.add {
		clear(t.v[a*t.ld : b*t.ld])
	}
}

// pass hands the gradient of rows a to b on as it is.
func (t *target) pass(c *core, n *net, call *mapCall, dy matrix, a, b int) {
	switch {
	case !t.there():
	case !t.add:
		copy(t.v[a*t.ld:b*t.ld], dy.v[a*dy.ld:b*dy.ld])
	default:
		if call.stale(n, a, b) {
			call.flat(a, b, t.matrix, t.matrix, dy)
		}
		c.set.Do(kern.Add, &call.Args)
	}
}

// copying is y = x, for a linear activation that stands alone.
type copying struct {
	n       *net
	in, out int
	into    target
	per     []mapCall
}

func newCopying(b *builder, s *nn.Step) operation {
	return &copying{n: b.net, in: s.In, out: s.Out, per: make([]mapCall, b.threads)}
}

func (o *copying) connect(b *builder) { o.into = b.toward(o.in) }

func (o *copying) forward(_ *core, a, b int) {
	x, y := o.n.val[o.in], o.n.val[o.out]
	copy(y.v[a*y.ld:b*y.ld], x.v[a*x.ld:b*x.ld])
}

func (o *copying) backward(c *core, a, b int) {
	o.into.pass(c, o.n, &o.per[c.id], o.n.grad[o.out], a, b)
}
