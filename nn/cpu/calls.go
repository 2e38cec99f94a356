package cpu

import "mlpkernel/nn/internal/kern"

// This file has what operations write their scripts with.

// over sets rows a to b of arrays of one width.
func over(call *kern.Args, a, b int, arrays ...matrix) *kern.Args {
	call.Rows, call.N, call.Stride = b-a, arrays[0].n, arrays[0].ld
	for i, x := range arrays {
		call.A[i] = x.row(a)
	}
	return call
}

// flat sets them as one long row, for kernels that care for single numbers.
func flat(call *kern.Args, a, b int, arrays ...matrix) *kern.Args {
	over(call, a, b, arrays...).Flat(call.Rows * call.Stride)
	return call
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
		return matrix{n.scratch.v, t.n, t.ld}
	}
	return t.matrix
}

// finish adds what lies in via, if it was not the target itself.
func (t *target) finish(s *kern.Script, n *net, a, b int) {
	if t.add {
		flat(s.Do(kern.Add), a, b, t.matrix, t.matrix, t.via(n))
	}
}

// clear is for gradients that are 0.
func (t *target) clear(s *kern.Script, a, b int) {
	if !t.add {
		s.Func(func(*kern.Workspace) { clear(t.v[a*t.ld : b*t.ld]) })
	}
}

// pass hands the gradient of rows a to b on as it is.
func (t *target) pass(s *kern.Script, dy matrix, a, b int) {
	switch {
	case !t.there():
	case t.add:
		flat(s.Do(kern.Add), a, b, t.matrix, t.matrix, dy)
	default:
		dy.copyTo(s, t.matrix, a, b)
	}
}

// copyTo copies rows a to b.
func (m matrix) copyTo(s *kern.Script, to matrix, a, b int) {
	s.Func(func(*kern.Workspace) { copy(to.v[a*to.ld:b*to.ld], m.v[a*m.ld:b*m.ld]) })
}
