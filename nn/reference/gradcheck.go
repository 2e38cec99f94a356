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

// CheckGradient compares the gradient of the loss, penalty included, with
// central differences of fourth order, one parameter after the other. The
// error is relative to the parameter's gradient, or to 1e-4 of the greatest
// one where that is larger. A parameter where differences over one and two
// steps disagree lies beside a kink (of relu, say) and is left out. With a
// Mode with Dropout, the masks stay the same throughout.
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
			slope, kink := r.difference(at, b.Offset+i, d, m, top)
			if kink {
				c.Kinks++
				continue
			}
			c.Checked++
			rel := math.Abs(g-slope) / math.Max(math.Max(math.Abs(g), math.Abs(slope)), math.Max(1e-4*top, 1e-8))
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

// difference is the slope of the loss along parameter i.
func (r *Run) difference(at []float64, i int, d *nn.Data, m nn.Mode, top float64) (slope float64, kink bool) {
	v := at[i]
	h := 1e-4 * math.Max(1, math.Abs(v))
	loss := func(x float64) float64 {
		at[i] = x
		return r.loss(at, d, m)
	}
	one := (loss(v+h) - loss(v-h)) / (2 * h)
	two := (loss(v+2*h) - loss(v-2*h)) / (4 * h)
	at[i] = v
	// Smooth losses differ by h²·f‴/2, kinked ones by a share of the slopes.
	return (4*one - two) / 3, math.Abs(one-two) > 1e-5*math.Max(top, 1e-3)
}

// loss is the mean loss with the penalty.
func (r *Run) loss(params []float64, d *nn.Data, m nn.Mode) float64 {
	p := r.pass(params, d, 0, d.Rows, false)
	p.mode, p.batch = m, true
	p.forward()
	return p.loss(widen(d.Y), weights(d, 0, d.Rows), 1)/float64(d.Rows) + r.plan.Penalty(params)
}
