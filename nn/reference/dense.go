package reference

import "mlpkernel/nn"

// dense: Y = f(WX + b). Backward: δ = dY·f'(z), dW = δXᵀ, db = δ, dX = Wᵀδ.
func dense(p *pass, s *nn.Step) func() {
	k, w, dw := p.block(s.W)
	in, out := k.Cols, k.Rows
	x, y := p.rounded(k, p.val[s.In]), p.val[s.Out]
	w = p.rounded(k, w)
	var b, db []float64
	if s.B >= 0 {
		_, b, db = p.block(s.B)
	}
	z := make([]float64, p.rows*out)
	for r := range p.rows {
		product(z[r*out:(r+1)*out], w, x[r*in:(r+1)*in])
		for u := range b {
			z[r*out+u] += b[u]
		}
	}
	def, param := s.Act.Def(), s.Act.Param
	for i, v := range z {
		y[i] = def.F(v, param)
	}
	p.pre[s.Out] = z
	return func() {
		delta := make([]float64, len(z))
		for i, dy := range p.grad[s.Out] {
			delta[i] = dy * def.D(z[i], y[i], param)
		}
		p.dpre[s.Out] = delta
		delta = p.rounded(k, delta)
		dx := p.grad[s.In]
		for r := range p.rows {
			for u := range out {
				d := delta[r*out+u]
				if db != nil {
					db[u] += d
				}
				if d != 0 {
					addScaled(dw[u*in:(u+1)*in], d, x[r*in:(r+1)*in])
					addScaled(dx[r*in:(r+1)*in], d, w[u*in:(u+1)*in])
				}
			}
		}
	}
}

// rounded gives factors of the products of a dense layer with weights k.
func (p *pass) rounded(k nn.Block, v []float64) []float64 {
	if p.rounding == nil {
		return v
	}
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = p.rounding.Round(x, k.Cols, k.Rows)
	}
	return out
}

// product is z = Wx, each sum in index order; four sums run side by side.
func product(z, w, x []float64) {
	n := len(x)
	u := 0
	for ; u+4 <= len(z); u += 4 {
		w0, w1, w2, w3 := w[u*n:][:n], w[(u+1)*n:][:n], w[(u+2)*n:][:n], w[(u+3)*n:][:n]
		var s0, s1, s2, s3 float64
		for i, v := range x {
			s0 += float64(w0[i] * v)
			s1 += float64(w1[i] * v)
			s2 += float64(w2[i] * v)
			s3 += float64(w3[i] * v)
		}
		z[u], z[u+1], z[u+2], z[u+3] = s0, s1, s2, s3
	}
	for ; u < len(z); u++ {
		z[u] = dot(w[u*n:(u+1)*n], x)
	}
}

func dot(a, b []float64) float64 {
	var s float64
	for i, v := range a {
		s += float64(v * b[i])
	}
	return s
}

// addScaled is y += a x.
func addScaled(y []float64, a float64, x []float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] += float64(a * v)
	}
}
