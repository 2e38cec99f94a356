package reference

import "mlpkernel/nn"

// add: y = a + b. Backward: da = db = dy.
func add(p *pass, s *nn.Step) func() {
	a, b, y := p.val[s.In], p.val[s.In2], p.val[s.Out]
	for i := range y {
		y[i] = a[i] + b[i]
	}
	return func() {
		dy := p.grad[s.Out]
		addScaled(p.grad[s.In], 1, dy)
		addScaled(p.grad[s.In2], 1, dy)
	}
}
