package learn

import (
	"math"

	"mlpkernel/nn"
)

// layerRecords describes the output of each layer with an activation.
func layerRecords(p *nn.Plan, out [][]float32, rows int) []LayerRecord {
	layers := activeLayers(p)
	list := make([]LayerRecord, len(layers))
	for i, l := range layers {
		v, counts := out[l.Last-1], make([]int, bins)
		mean, r := meanRange(v)
		nn.Count(r, counts, v)
		square, flat := spread(v, mean, flats(l))
		list[i] = LayerRecord{
			Layer: l.Name, Mean: mean, Std: math.Sqrt(square / float64(len(v))),
			Dead:      part(len(deadUnits(v, rows, l.Out, r)), l.Out),
			Saturated: part(flat, len(v)),
			Values:    r.Histogram(counts),
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

// meanRange is the mean of numbers and their range.
func meanRange(v []float32) (mean float64, r nn.Range) {
	lo, hi, sum := float32(math.Inf(1)), float32(math.Inf(-1)), 0.0
	for _, x := range v {
		sum += float64(x)
		if x < lo {
			lo = x
		}
		if x > hi {
			hi = x
		}
	}
	if !finite(sum) { // nor is one of them
		return sum, nn.RangeOf(v)
	}
	return sum / float64(len(v)), nn.Range{Lo: float64(lo), Hi: float64(hi)}
}

// spread is Σ (x-mean)², and how many numbers lie before or behind two ends.
func spread[T float32 | float64](v []T, mean float64, ends [2]float64) (square float64, beyond int) {
	low, high := 0, 0 // apart, so that they need no jump that nobody could foretell
	for _, t := range v {
		x := float64(t)
		d := x - mean
		square += float64(d * d)
		if x < ends[0] {
			low++
		}
		if x > ends[1] {
			high++
		}
	}
	return square, low + high
}

// steep is between which outputs an activation has at least 5 % of its greatest
// slope, for those that flatten out: 4y(1-y) and 1-y² of sigmoid and tanh.
var steep = map[string][2]float64{
	"sigmoid": {(1 - math.Sqrt(0.95)) / 2, (1 + math.Sqrt(0.95)) / 2},
	"tanh":    {-math.Sqrt(0.95), math.Sqrt(0.95)},
	"relu":    {math.SmallestNonzeroFloat64, math.Inf(1)},
	"step":    {math.Inf(1), math.Inf(1)},
}

// flats are the ends behind which the outputs of a layer lie where its activation
// is flat. The output layer has none: what it says may not have gone through its
// activation, which belongs to the loss.
func flats(l nn.LayerInfo) [2]float64 {
	if ends, ok := steep[l.Activation.Name]; ok && l.Kind != "output" {
		return ends
	}
	return [2]float64{math.Inf(-1), math.Inf(1)}
}

// deadUnits are the units whose output is the same for all rows, but for 1e-6
// of the greatest output of the layer. v is rows × units, of a range.
func deadUnits[T float32 | float64](v []T, rows, units int, r nn.Range) []int {
	if rows < 2 {
		return nil
	}
	var dead []int
	for u, top := 0, T(max(0, -r.Lo, r.Hi)); u < units; u++ {
		if near(v[u:], units, 1e-6*top) {
			dead = append(dead, u)
		}
	}
	return dead
}

// near tells whether all numbers, each a step on, differ by at most so much.
func near[T float32 | float64](v []T, step int, most T) bool {
	lo, hi := v[0], v[0]
	for i := step; i < len(v); i += step {
		lo, hi = min(lo, v[i]), max(hi, v[i])
		if hi-lo > most {
			return false
		}
	}
	return hi-lo <= most // which is not so of what is no number
}
