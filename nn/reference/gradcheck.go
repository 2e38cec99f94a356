package reference

import (
	"fmt"
	"math"

	"mlpkernel/nn"
)

// GradCheck is how well gradients agree with differences of the loss.
type GradCheck struct {
	Worst   float64 // greatest relative error
	Where   string  // its parameter: "dense_1.W[2,3]"
	Checked int
	Kinks   int // parameters left out, since the loss has a kink beside them
	Blocks  []BlockCheck
}

// BlockCheck is the same for one block.
type BlockCheck struct {
	Name           string
	Worst          float64
	Checked, Kinks int
}

// leastSlope is what rounding leaves of smaller gradients: the loss is good to
// some 1e-15 and steps are 1e-4.
const leastSlope = 1e-5

// CheckGradient compares the gradient of the loss, penalty included, with
// central differences of fourth order, one parameter after the other. The
// error is relative to the parameter's gradient, or to 1e-4 of the greatest
// one or 1e-5 where those are larger. A parameter where differences over one and two
// steps disagree as they do not where the loss is smooth lies beside a kink (of
// relu, say) and is left out. With a Mode with Dropout, the masks stay the same
// throughout.
func CheckGradient(plan *nn.Plan, params []float64, d *nn.Data, m nn.Mode) (GradCheck, error) {
	if err := plan.CheckData(d, true); err != nil {
		return GradCheck{}, err
	}
	if len(params) != plan.Size {
		return GradCheck{}, fmt.Errorf("%d parameters given, the plan has %d", len(params), plan.Size)
	}
	r := &Run{plan: plan}
	at := append([]float64(nil), params...)
	p, _ := r.gradient(at, d, m)
	middle := r.loss(at, d, m)
	top := 0.0
	for _, g := range p.dp {
		top = math.Max(top, math.Abs(g))
	}
	var out GradCheck
	for _, b := range plan.Blocks {
		if !b.Trainable {
			continue
		}
		c := BlockCheck{Name: b.Name}
		for i, g := range b.Of(p.dp) {
			slope, kink := r.difference(at, b.Offset+i, d, m, middle, top)
			if kink {
				c.Kinks++
				continue
			}
			c.Checked++
			rel := math.Abs(g-slope) / math.Max(math.Max(math.Abs(g), math.Abs(slope)), math.Max(1e-4*top, leastSlope))
			c.Worst = math.Max(c.Worst, rel)
			if rel > out.Worst || rel != rel {
				out.Worst, out.Where = rel, fmt.Sprintf("%s[%d,%d]", b.Name, i/b.Cols, i%b.Cols)
			}
		}
		out.Checked += c.Checked
		out.Kinks += c.Kinks
		out.Blocks = append(out.Blocks, c)
	}
	return out, nil
}

// difference is the slope of the loss, middle at the parameters, along
// parameter i. A kink at distance t within the steps, where the slope jumps by
// j, sets the two central differences j·t/4h apart, and the bends, of which the
// second is twice the first if the loss is smooth, by j·(1 - 3t/2h) from that: one
// of the two shows. Smooth losses make them differ by h²·f‴/2 and h³·f⁗.
func (r *Run) difference(at []float64, i int, d *nn.Data, m nn.Mode, middle, top float64) (slope float64, kink bool) {
	v := at[i]
	h := 1e-4 * math.Max(1, math.Abs(v))
	both := func(h float64) (slope, bend float64) {
		at[i] = v + h
		after := r.loss(at, d, m)
		at[i] = v - h
		before := r.loss(at, d, m)
		return (after - before) / (2 * h), (after - 2*middle + before) / h
	}
	one, bend := both(h)
	two, bend2 := both(2 * h)
	at[i] = v
	apart := math.Max(math.Abs(one-two), math.Abs(bend2-2*bend))
	return (4*one - two) / 3, apart > 1e-5*math.Max(top, 1e-3)
}

// loss is the mean loss with the penalty.
func (r *Run) loss(params []float64, d *nn.Data, m nn.Mode) float64 {
	p := r.pass(params, d, 0, d.Rows, false)
	p.mode, p.batch = m, true
	p.forward()
	return p.loss(widen(d.Y), weights(d, 0, d.Rows), 1)/float64(d.Rows) + r.plan.Penalty(params)
}
