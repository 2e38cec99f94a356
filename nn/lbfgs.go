package nn

import "math"

// LBFGS makes one iteration of L-BFGS (Nocedal 1980): the direction by the
// two-loop recursion over remembered pairs, the length by a line search for the
// weak Wolfe conditions (Lewis and Overton 2013). It moves params in place and
// gives the loss before the move and the new memory.
//
// f gives loss and gradient at a point; the gradient must be fresh. slots are
// the pairs s_1, y_1, s_2, y_2, …, oldest first. Where no step goes down, params
// stay and the memory is emptied. Backends share this driver.
func LBFGS(o Optimizer, lr float64, params []float64, slots [][]float64, f func(p []float64) (float64, []float64)) (loss float64, memory [][]float64) {
	loss, g := f(params)
	if !finite(loss) {
		return loss, slots
	}
	d := lbfgsDirection(g, slots)
	slope := dot(d, g)
	if slope >= 0 { // no descent: forget
		slots = nil
		d = lbfgsDirection(g, nil)
		slope = dot(d, g)
	}
	if slope == 0 {
		return loss, slots
	}
	step := lr
	if len(slots) == 0 {
		step *= min(1, 1/math.Sqrt(-slope)) // the first step has length lr at most
	}
	next, gn, ok := wolfe(params, d, loss, slope, step, f)
	if !ok {
		return loss, nil
	}
	s, y := make([]float64, len(params)), make([]float64, len(params))
	for i := range params {
		s[i], y[i] = next[i]-params[i], gn[i]-g[i]
	}
	copy(params, next)
	if dot(s, y) > 1e-12*dot(y, y) {
		slots = append(slots[:len(slots):len(slots)], s, y)
	}
	if extra := len(slots) - 2*max(o.History, 1); extra > 0 {
		slots = slots[extra:]
	}
	return loss, slots
}

// lbfgsDirection is -Hg, where H is built from the pairs.
func lbfgsDirection(g []float64, slots [][]float64) []float64 {
	d := make([]float64, len(g))
	for i, v := range g {
		d[i] = -v
	}
	k := len(slots) / 2
	if k == 0 {
		return d
	}
	alpha := make([]float64, k)
	for j := k - 1; j >= 0; j-- {
		s, y := slots[2*j], slots[2*j+1]
		alpha[j] = dot(s, d) / dot(s, y)
		addScaled(d, -alpha[j], y)
	}
	s, y := slots[2*k-2], slots[2*k-1]
	gamma := dot(s, y) / dot(y, y)
	for i := range d {
		d[i] *= gamma
	}
	for j := range k {
		s, y := slots[2*j], slots[2*j+1]
		addScaled(d, alpha[j]-dot(y, d)/dot(s, y), s)
	}
	return d
}

// wolfe looks along d for a step that goes down by at least 1e-4 of what the
// slope promises and flattens the slope to 0.9 of it, by doubling and bisection.
func wolfe(p, d []float64, loss, slope, step float64, f func([]float64) (float64, []float64)) (next, grad []float64, ok bool) {
	lo, hi := 0.0, math.Inf(1)
	for range 40 {
		at := append([]float64(nil), p...)
		addScaled(at, step, d)
		l, g := f(at)
		switch {
		case !finite(l) || l > loss+float64(1e-4*float64(step*slope)):
			hi = step
		case dot(g, d) < 0.9*slope:
			lo = step
			next, grad, ok = at, g, true
		default:
			return at, g, true
		}
		if math.IsInf(hi, 1) {
			step = 2 * lo
		} else {
			step = (lo + hi) / 2
		}
	}
	return next, grad, ok // goes down, if perhaps not enough
}

func addScaled(y []float64, a float64, x []float64) {
	for i, v := range x {
		y[i] += float64(a * v)
	}
}
