package learn

import (
	"context"
	"math"
	"slices"

	"mlpkernel/nn"
)

// Recording is what was recorded before training and at some epochs: the last
// one planned, every one up to 20 and ever fewer beyond, some 50 of 1,000 and 65
// of 10,000; fewer where recording takes long beside the steps of an epoch, see budget.
type Recording struct {
	Epoch  int // epochs finished; 0 is before training
	Blocks []BlockRecord
	Layers []LayerRecord // with "activations"
}

// BlockRecord is about one block of parameters, see nn.Block.
type BlockRecord struct {
	Name, Layer string
	// Norms over the block: of the parameters, of the gradient at the last step,
	// of the change that step made. The last two are 0 before training.
	Param, Grad, Update float64
	Values              nn.Histogram // of the parameters
	Grads               nn.Histogram // of the gradient; empty before training
}

// LayerRecord is about the activations of a layer on some training rows.
type LayerRecord struct {
	Layer     string
	Mean, Std float64
	Dead      float64 // share of units that are (nearly) constant over the rows
	Saturated float64 // share of values where the slope is less than 5 % of its greatest
	Values    nn.Histogram
}

// bins of recorded histograms.
const bins = 64

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
	for k, s := range j.stats(prog, i, weights) {
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
		if j.probe == nil {
			j.probe = j.train.spread(j.plan, probeRows(j.plan, j.train.data.Rows)).data
		}
		out, err := prog.Activations(ctx, i, j.probe, nn.Mode{})
		if err != nil {
			return err
		}
		r.Layers = layerRecords(j.plan, out, j.probe.Rows)
	}
	j.blocks = nil
	j.record = append(j.record, r)
	return nil
}

// stats are those of the blocks at the epoch's last step, or of the parameters
// alone where the step took none down, with histograms if asked for.
func (j *job) stats(prog nn.Program, i int, histograms bool) []nn.BlockStats {
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
		out[k].Param = norm(v)
		if histograms {
			out[k].Values = nn.NewHistogram(v, bins)
		}
	}
	return out
}

// probeRows is how many of the training rows activations are recorded on: 256,
// fewer for a wide network, but 64.
func probeRows(p *nn.Plan, rows int) int {
	return min(rows, 256, max(64, 1<<13/max(outputs(p), 1)))
}

// outputs is how many numbers of a row layerRecords describes.
func outputs(p *nn.Plan) int {
	n := 0
	for _, l := range activeLayers(p) {
		n += l.Out
	}
	return n
}

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
		v, units := out[l.Last-1], l.Out
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
func meanStd[T float32 | float64](v []T) (mean, std float64) {
	if len(v) == 0 {
		return math.NaN(), math.NaN()
	}
	for _, x := range v {
		mean += float64(x)
	}
	mean /= float64(len(v))
	var sq float64
	for _, x := range v {
		d := float64(x) - mean
		sq += float64(d * d)
	}
	return mean, math.Sqrt(sq / float64(len(v)))
}

// deadUnits are the units whose output is the same for all rows, but for 1e-6
// of the greatest output of the layer. v is rows × units.
func deadUnits[T float32 | float64](v []T, rows, units int) []int {
	if rows < 2 {
		return nil
	}
	lo, hi, top := slices.Clone(v[:units]), slices.Clone(v[:units]), T(0)
	for r := 1; r < rows; r++ {
		for u, x := range v[r*units : (r+1)*units] {
			lo[u], hi[u] = min(lo[u], x), max(hi[u], x)
		}
	}
	for u := range units {
		top = max(top, -lo[u], hi[u])
	}
	var dead []int
	for u := range units {
		if hi[u]-lo[u] <= 1e-6*top {
			dead = append(dead, u)
		}
	}
	return dead
}

// slope is between which outputs an activation has at least 5 % of its greatest
// slope, for those that flatten out: 4y(1-y) and 1-y² of sigmoid and tanh.
var slope = map[string][2]float64{
	"sigmoid": {(1 - math.Sqrt(0.95)) / 2, (1 + math.Sqrt(0.95)) / 2},
	"tanh":    {-math.Sqrt(0.95), math.Sqrt(0.95)},
	"relu":    {math.SmallestNonzeroFloat64, math.Inf(1)},
	"step":    {math.Inf(1), math.Inf(1)},
}

// saturated is the share of outputs where the activation is flat.
func saturated[T float32 | float64](a nn.Activation, v []T) float64 {
	ends, ok := slope[a.Name]
	if !ok || len(v) == 0 {
		return 0
	}
	low, high := 0, 0 // apart, so that they need no jump that nobody could foretell
	for _, y := range v {
		if float64(y) < ends[0] {
			low++
		}
		if float64(y) > ends[1] {
			high++
		}
	}
	return float64(low+high) / float64(len(v))
}
