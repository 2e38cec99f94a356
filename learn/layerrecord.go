package learn

import (
	"math"

	"mlpkernel/nn"
)

// layerRecords describes the output of each layer with an activation.
func layerRecords(d *nn.Describer, p *nn.Plan, out [][]float32, rows int) []LayerRecord {
	layers := activeLayers(p)
	list := make([]LayerRecord, len(layers))
	for i, l := range layers {
		v := out[l.Last-1]
		low, high := flats(l)
		s := d.Describe(v, low, high, bins)
		list[i] = LayerRecord{
			Layer: l.Name, Mean: s.Mean, Std: s.Std,
			Dead:      part(len(deadUnits(v, rows, l.Out, s.Values)), l.Out),
			Saturated: part(s.Outside, len(v)),
			Values:    s.Values,
		}
	}
	return list
}

// activeLayers are the layers with an activation or weights and at least one
// step, whose output is a picture's business.
func activeLayers(p *nn.Plan) []nn.LayerInfo {
	var list []nn.LayerInfo
	for _, l := range p.Layers {
		if l.Last > l.First && (l.Kind == "dense" || l.Kind == "activation" || l.Kind == "output") {
			list = append(list, l)
		}
	}
	return list
}

// steep is between which outputs an activation has at least 5 % of its greatest
// slope, for those that flatten out: 4y(1-y) and 1-y² of sigmoid and tanh.
var steep = map[string][2]float64{
	"sigmoid": {(1 - math.Sqrt(0.95)) / 2, (1 + math.Sqrt(0.95)) / 2},
	"tanh":    {-math.Sqrt(0.95), math.Sqrt(0.95)},
	"relu":    {0, math.Inf(1)},
	"step":    {math.Inf(1), math.Inf(1)},
}

// flats says where a layer's activation is flat: where its output is at most low
// or greater than high. The output layer's is so nowhere: what it says may not have
// gone through its activation, which belongs to the loss.
func flats(l nn.LayerInfo) (low, high float32) {
	ends, ok := steep[l.Activation.Name]
	if !ok || l.Kind == "output" {
		ends = [2]float64{math.Inf(-1), math.Inf(1)}
	}
	return float32(ends[0]), float32(ends[1])
}

// deadUnits are the units whose output is the same for all rows, but for 1e-6
// of the greatest output of the layer. v is rows × units, h theirs.
func deadUnits(v []float32, rows, units int, h nn.Histogram) []int {
	if rows < 2 {
		return nil
	}
	var dead []int
	most := 1e-6 * float32(max(0, -h.Lo, h.Hi))
	for u := range units {
		if near(v[u:], units, most) {
			dead = append(dead, u)
		}
	}
	return dead
}

// near tells whether all numbers, each a step on, differ by at most so much.
func near(v []float32, step int, most float32) bool {
	lo, hi := v[0], v[0]
	for i := step; i < len(v); i += step {
		switch x := v[i]; {
		case x >= lo && x <= hi: // as most are
			continue
		case x < lo:
			lo = x
		case x > hi:
			hi = x
		default: // no number
			return false
		}
		if hi-lo > most {
			return false
		}
	}
	return hi-lo <= most // which is not so of infinities
}
