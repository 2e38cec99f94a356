package reference

import "mlpkernel/nn"

// activation: y = f(x) for each unit. Backward: dx = dy·f'(x).
func activation(p *pass, s *nn.Step) func() {
	if s.Act.RowWise() {
		return softmax(p, s)
	}
	x, y := p.val[s.In], p.val[s.Out]
	def, param := s.Act.Def(), s.Act.Param
	for i, v := range x {
		y[i] = def.F(v, param)
	}
	return func() {
		dx := p.grad[s.In]
		for i, dy := range p.grad[s.Out] {
			dx[i] += dy * def.D(x[i], y[i], param)
		}
	}
}

// softmax of each row. Backward: dx = y·(dy - Σ y·dy).
func softmax(p *pass, s *nn.Step) func() {
	x, y := p.val[s.In], p.val[s.Out]
	n := p.plan.Widths[s.Out]
	for r := 0; r < len(x); r += n {
		nn.Softmax(y[r:r+n], x[r:r+n])
	}
	return func() {
		dx, dy := p.grad[s.In], p.grad[s.Out]
		for r := 0; r < len(x); r += n {
			mean := dot(y[r:r+n], dy[r:r+n])
			for i := r; i < r+n; i++ {
				dx[i] += float64(y[i] * (dy[i] - mean))
			}
		}
	}
}
