package cpu

import "mlpkernel/nn/internal/kern"

// This file has calls of kernels that are set up once and made often: small nets
// would spend their time on arguments.

// bound says what a call's pointers are for.
type bound struct {
	a, b    int
	version uint32
}

// stale reports whether a call must be set up anew.
func (k *bound) stale(n *net, a, b int) bool {
	now := bound{a, b, n.size().version}
	if *k == now {
		return false
	}
	*k = now
	return true
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

// productCall is a product with its layout.
type productCall struct {
	bound
	kern.Product
	task kern.Task
}

// set lays out strips first to last of the product.
func (q *productCall) set(c *core, p kern.Product, first, last int) {
	q.Product = p
	c.set.Prepare(&q.task, &q.Product, first, last)
}

// target is a gradient that an operation passes on: nowhere (v is nil), over
// what is there, or added to it.
type target struct {
	matrix
	add bool
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
