package learn

import (
	"context"
	"math"

	"mlpkernel/nn"
)

// Recording is what was recorded before training and at some epochs: the last
// one planned, every one up to 20 and ever fewer beyond, some 50 of 1,000 and 65
// of 10,000. Where recording takes long beside the steps of an epoch there are
// fewer, some 15 of the first 100 of a network of 5,000 weights; see budget.
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
	r := Recording{Epoch: j.state.Epoch, Blocks: make([]BlockRecord, len(j.plan.Blocks))}
	for k, s := range j.stats(prog, i, weights) {
		b, out := &j.plan.Blocks[k], &r.Blocks[k]
		out.Name, out.Layer, out.Param = b.Name, b.Layer, s.Param
		if weights {
			out.Values = s.Values
		}
		if grads {
			out.Grad, out.Update, out.Grads = s.Grad, s.Update, s.Hist
		}
	}
	if acts {
		if j.probe == nil {
			j.probe = j.train.spread(probeRows(j.plan, j.train.data.Rows)).data
		}
		out, err := prog.Activations(ctx, i, j.probe, nn.Mode{})
		if err != nil {
			return err
		}
		r.Layers = layerRecords(&j.describer, j.plan, out, j.probe.Rows)
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
		d := x - mean
		sq += float64(d * d)
	}
	return mean, math.Sqrt(sq / float64(len(v)))
}
