package learn

import (
	"context"
	"math"

	"mlpkernel/nn"
)

// take records what the options ask for, at the end of an epoch or before the
// first one.
func (j *job) take(ctx context.Context, prog nn.Program, i int) error {
	weights, grads, acts := j.records("weights"), j.records("gradients"), j.records("activations")
	if !weights && !grads && !acts {
		return nil
	}
	if n := len(j.record); n > 0 && j.record[n-1].Epoch == j.state.Epoch {
		return nil
	}
	r := Recording{Epoch: j.state.Epoch}
	for k, s := range j.stats(prog, i) {
		b := j.plan.Blocks[k]
		out := BlockRecord{Name: b.Name, Layer: b.Layer, Param: s.Param}
		if weights {
			out.Values = s.Values
		}
		if grads {
			out.Grad, out.Update, out.Grads = s.Grad, s.Update, s.Hist
		}
		r.Blocks = append(r.Blocks, out)
	}
	if acts {
		d := j.train.spread(j.plan, probeRows).data
		out, err := prog.Activations(ctx, i, d, nn.Mode{})
		if err != nil {
			return err
		}
		r.Layers = layerRecords(j.plan, out, d.Rows)
	}
	j.blocks = nil
	j.record = append(j.record, r)
	return nil
}

// stats are those of the blocks at the epoch's last step, or of the parameters
// alone where the step took none down.
func (j *job) stats(prog nn.Program, i int) []nn.BlockStats {
	if j.blocks != nil {
		return j.blocks
	}
	params := j.state.Params
	if j.state.Epoch > 0 {
		params = prog.Params(i)
	}
	out := make([]nn.BlockStats, len(j.plan.Blocks))
	for k, b := range j.plan.Blocks {
		v := b.Of(params)
		out[k] = nn.BlockStats{Param: norm(v), Values: nn.NewHistogram(v, bins)}
	}
	return out
}

// probeRows is how many training rows activations are recorded on.
const probeRows = 256

func norm(v []float64) float64 {
	var sum float64
	for _, x := range v {
		sum += float64(x * x)
	}
	return math.Sqrt(sum)
}

// layerRecords describes the output of each layer with an activation.
func layerRecords(p *nn.Plan, out [][]float32, rows int) []LayerRecord {
	var list []LayerRecord
	for _, l := range activeLayers(p) {
		v := widen(out[l.Last-1])
		units := l.Out
		r := LayerRecord{Layer: l.Name, Values: nn.NewHistogram(v, bins)}
		r.Mean, r.Std = meanStd(v)
		r.Dead = float64(len(deadUnits(v, rows, units))) / float64(units)
		r.Saturated = saturated(l.Activation, v)
		list = append(list, r)
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

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// meanStd is the mean and the standard deviation (of the population).
func meanStd(v []float64) (mean, std float64) {
	if len(v) == 0 {
		return math.NaN(), math.NaN()
	}
	for _, x := range v {
		mean += x
	}
	mean /= float64(len(v))
	var sq float64
	for _, x := range v {
		sq += float64((x - mean) * (x - mean))
	}
	return mean, math.Sqrt(sq / float64(len(v)))
}

// deadUnits are the units whose output is the same for all rows, but for 1e-6
// of the greatest output of the layer. v is rows × units.
func deadUnits(v []float64, rows, units int) []int {
	top := 0.0
	for _, x := range v {
		top = max(top, math.Abs(x))
	}
	var dead []int
	for u := range units {
		lo, hi := math.Inf(1), math.Inf(-1)
		for r := range rows {
			x := v[r*units+u]
			lo, hi = min(lo, x), max(hi, x)
		}
		if rows > 1 && hi-lo <= 1e-6*top {
			dead = append(dead, u)
		}
	}
	return dead
}

// saturation says where an activation's output lies when its slope has fallen
// to 5 % of its greatest, for those that flatten out.
var saturation = map[string]func(y float64) bool{
	"sigmoid": func(y float64) bool { return 4*y*(1-y) < 0.05 },
	"tanh":    func(y float64) bool { return 1-float64(y*y) < 0.05 },
	"relu":    func(y float64) bool { return y == 0 },
	"step":    func(float64) bool { return true },
}

// saturated is the share of outputs where the activation is flat.
func saturated(a nn.Activation, v []float64) float64 {
	flat, ok := saturation[a.Name]
	if !ok || len(v) == 0 {
		return 0
	}
	n := 0
	for _, y := range v {
		if flat(y) {
			n++
		}
	}
	return float64(n) / float64(len(v))
}
