package reference

import (
	"math"

	"mlpkernel/nn"
)

// batchNorm: y = γ·x̂ + β with x̂ = (x-μ)/√(σ²+ε) per unit, over the rows of the
// batch while training and by running statistics else.
func batchNorm(p *pass, s *nn.Step) func() {
	n := p.plan.Widths[s.Out]
	_, mean, _ := p.block(s.Mean)
	_, variance, _ := p.block(s.Var)
	own := p.batch
	if own {
		mean, variance = make([]float64, n), make([]float64, n)
		for u := range n {
			mean[u], variance[u] = moments(column(p.val[s.In], u, n))
		}
		if p.rows > 1 { // a single row says nothing about the spread
			p.running = append(p.running, p.moveRunning(s, mean, variance))
		}
	}
	hat := make([]float64, len(p.val[s.In]))
	inv := make([]float64, n)
	for u := range n {
		inv[u] = 1 / math.Sqrt(variance[u]+s.Eps)
	}
	for i, x := range p.val[s.In] {
		hat[i] = (x - mean[i%n]) * inv[i%n]
	}
	p.scaleShift(s, hat)
	return func() {
		dhat := p.unscale(s, hat)
		dx := p.grad[s.In]
		for u := range n {
			if own {
				pushNorm(column(dx, u, n), column(hat, u, n), column(dhat, u, n), inv[u])
				continue
			}
			for r := range p.rows {
				dx[r*n+u] += float64(dhat[r*n+u] * inv[u])
			}
		}
	}
}

// layerNorm: the same over the units of each row.
func layerNorm(p *pass, s *nn.Step) func() {
	n := p.plan.Widths[s.Out]
	x := p.val[s.In]
	hat, inv := make([]float64, len(x)), make([]float64, p.rows)
	for r := range p.rows {
		mean, variance := moments(row(x, r, n))
		inv[r] = 1 / math.Sqrt(variance+s.Eps)
		for i := r * n; i < (r+1)*n; i++ {
			hat[i] = (x[i] - mean) * inv[r]
		}
	}
	p.scaleShift(s, hat)
	return func() {
		dhat := p.unscale(s, hat)
		for r := range p.rows {
			pushNorm(row(p.grad[s.In], r, n), row(hat, r, n), row(dhat, r, n), inv[r])
		}
	}
}

// scaleShift is y = γ·x̂ + β.
func (p *pass) scaleShift(s *nn.Step, hat []float64) {
	_, gamma, _ := p.block(s.W)
	_, beta, _ := p.block(s.B)
	y, n := p.val[s.Out], p.plan.Widths[s.Out]
	for i, h := range hat {
		y[i] = float64(gamma[i%n]*h) + beta[i%n]
	}
}

// unscale is its backward: dγ = Σ dy·x̂, dβ = Σ dy, dx̂ = γ·dy.
func (p *pass) unscale(s *nn.Step, hat []float64) []float64 {
	_, gamma, dgamma := p.block(s.W)
	_, _, dbeta := p.block(s.B)
	n := p.plan.Widths[s.Out]
	dhat := make([]float64, len(hat))
	for i, dy := range p.grad[s.Out] {
		dgamma[i%n] += float64(dy * hat[i])
		dbeta[i%n] += dy
		dhat[i] = gamma[i%n] * dy
	}
	return dhat
}

// pushNorm is the backward of x̂ = (x-μ)/√(σ²+ε) over one vector:
// dx = (dx̂ - mean(dx̂) - x̂·mean(dx̂·x̂)) / √(σ²+ε).
func pushNorm(dx, hat, dhat strided, inv float64) {
	var sum, along float64
	for i := range hat.len {
		sum += *dhat.at(i)
		along += float64(*dhat.at(i) * *hat.at(i))
	}
	n := float64(hat.len)
	sum /= n
	along /= n
	for i := range hat.len {
		*dx.at(i) += float64((*dhat.at(i) - sum - float64(*hat.at(i)*along)) * inv)
	}
}

// moments gives mean and biased variance.
func moments(x strided) (mean, variance float64) {
	n := float64(x.len)
	for i := range x.len {
		mean += *x.at(i)
	}
	mean /= n
	for i := range x.len {
		d := *x.at(i) - mean
		variance += float64(d * d)
	}
	return mean, variance / n
}

// moveRunning gives what moves the running statistics by a batch's.
func (p *pass) moveRunning(s *nn.Step, mean, variance []float64) func() {
	_, m, _ := p.block(s.Mean)
	_, v, _ := p.block(s.Var)
	return func() {
		for u := range m {
			m[u] = float64(s.Momentum*m[u]) + float64((1-s.Momentum)*mean[u])
			v[u] = float64(s.Momentum*v[u]) + float64((1-s.Momentum)*variance[u])
		}
	}
}

// strided is a row or a column of a matrix.
type strided struct {
	v         []float64
	step, len int
}

func (s strided) at(i int) *float64 { return &s.v[i*s.step] }

func row(m []float64, r, n int) strided    { return strided{m[r*n:], 1, n} }
func column(m []float64, u, n int) strided { return strided{m[u:], n, len(m) / n} }
