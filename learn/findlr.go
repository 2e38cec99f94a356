package learn

import (
	"context"
	"errors"
	"fmt"
	"math"

	"mlpkernel/nn"
	"mlpkernel/nn/mathx"
	"mlpkernel/nn/philox"
	"mlpkernel/table"
)

// RateTest is the loss over a learning rate that rises with every step (Smith
// 2017).
type RateTest struct {
	Rates, Loss []float64
	Smooth      []float64 // exponential mean of Loss, corrected for its start
	// Suggestion is where the smoothed loss falls most steeply; 0 if it never
	// falls.
	Suggestion float64
	LossName   string
}

// The range and length of the test, and how much worse than the best the
// smoothed loss may become before it ends.
const (
	rateLow   = 1e-6
	rateHigh  = 10.0
	rateSteps = 200
	rateBlow  = 4.0
	rateMean  = 0.95
	rateStart = 40 // steps until the smoothed loss is of so many batches that it no longer jumps
)

// FindLR trains for 200 steps from the initial weights while the rate rises
// from 1e-6 to 10. Nothing is kept of the training.
func FindLR(ctx context.Context, o Options) (*RateTest, error) {
	o.Epochs, o.EarlyStopping, o.OnEpoch = new(1), new(0), nil
	defer o.Shelf.tidy()
	j, err := prepare(o, nil)
	if err != nil {
		return nil, err
	}
	if name := j.settings.Optimizer.Name; name == "lbfgs" {
		return nil, errors.New("lbfgs() chooses its own steps, so there is no rate to find; use adam() or sgd()")
	}
	list, err := choose(o.Backends, j.settings.Device, nil)
	if err != nil {
		return nil, err
	}
	opts := j.nnOptions()
	subset := philox.New(j.settings.Seed, philox.User, 0, 0).Permutation(j.train.data.Rows)
	if most := rateSteps * opts.Batch(len(subset)); len(subset) > most {
		subset = subset[:most]
	}
	perEpoch := opts.PerEpoch(len(subset))
	growth := mathx.Pow(rateHigh/rateLow, float64(perEpoch)/rateSteps)
	opts.Optimizer.LR = nn.Schedule{{Name: "exponential", P: [4]float64{rateLow, growth}}}
	prog, err := compile(list, j.plan, opts, []nn.Replica{{State: j.state, Data: j.train.data, Rows: subset}})
	if err != nil {
		return nil, err
	}
	defer prog.Close()
	stats, err := prog.Train(ctx, nn.Chunk{Steps: rateSteps, StepLoss: true})
	if err != nil {
		return nil, err
	}
	out := &RateTest{LossName: j.plan.Head.Loss.String()}
	for i, loss := range stats.Replicas[0].StepLoss {
		rate := opts.Optimizer.LR.At(nn.Clock{Step: i, Steps: rateSteps, PerEpoch: perEpoch})
		if !out.add(rate, loss) {
			break
		}
	}
	if len(out.Loss) == 0 {
		return nil, fmt.Errorf("the loss is no finite number at the first step; check the data, or use prep=\"auto\"")
	}
	out.suggest()
	return out, nil
}

// add appends a step and tells whether to go on.
func (r *RateTest) add(rate, loss float64) bool {
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return false
	}
	n := len(r.Loss)
	var sum, weight, least float64
	least = math.Inf(1)
	for i, s := range r.Smooth {
		least = min(least, s)
		w := mathx.Pow(rateMean, float64(n-i))
		sum += float64(w * r.Loss[i])
		weight += w
	}
	smooth := (sum + loss) / (weight + 1)
	r.Rates, r.Loss, r.Smooth = append(r.Rates, rate), append(r.Loss, loss), append(r.Smooth, smooth)
	return !(smooth > rateBlow*least)
}

// suggest finds the steepest fall of the smoothed loss over the logarithm of
// the rate, on the way to its least value.
func (r *RateTest) suggest() {
	least := rateStart
	for i := rateStart; i < len(r.Smooth); i++ {
		if r.Smooth[i] < r.Smooth[least] {
			least = i
		}
	}
	const span = 5 // steps on each side that the slope is taken over
	steepest := 0.0
	for i := rateStart + span; i+span <= least; i++ {
		if slope := r.Smooth[i+span] - r.Smooth[i-span]; slope < steepest {
			steepest, r.Suggestion = slope, r.Rates[i]
		}
	}
}

// Table is the test as a table of rate, loss and smooth.
func (r *RateTest) Table() (*table.Table, error) {
	return table.New(table.Numbers("lr", r.Rates), table.Numbers("loss", r.Loss), table.Numbers("smooth", r.Smooth))
}
