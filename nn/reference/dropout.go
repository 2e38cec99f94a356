package reference

import (
	"mlpkernel/nn"
	"mlpkernel/nn/philox"
)

// dropout: y = m·x/(1-p) with a mask m of 0 and 1. Backward: dx = m·dy/(1-p).
func dropout(p *pass, s *nn.Step) func() {
	x, y := p.val[s.In], p.val[s.Out]
	if !p.mode.Dropout {
		copy(y, x)
		return func() { addScaled(p.grad[s.In], 1, p.grad[s.Out]) }
	}
	mask := p.mask(s)
	for i, m := range mask {
		y[i] = m * x[i]
	}
	return func() {
		dx := p.grad[s.In]
		for i, dy := range p.grad[s.Out] {
			dx[i] += float64(mask[i] * dy)
		}
	}
}

// mask gives 0 or 1/(1-rate) for each element, see nn.DropoutThreshold.
func (p *pass) mask(s *nn.Step) []float64 {
	n := p.plan.Widths[s.Out]
	threshold, scale := nn.DropoutThreshold(s.Rate.At(p.mode.Clock))
	stream := philox.New(p.mode.Seed, philox.Dropout, s.Key, p.mode.Step)
	m := make([]float64, p.rows*n)
	first := p.row0 * n
	var words [4]uint32
	for i := range m {
		e := first + i
		if i == 0 || e%4 == 0 {
			words = stream.Words(uint32(e / 4))
		}
		if uint64(words[e%4]) >= threshold {
			m[i] = scale
		}
	}
	return m
}
