//go:build cuda && linux && cgo

package gpu

import (
	"context"
	"math"
	"time"

	"mlpkernel/nn"
)

// A launch ends after about this many seconds, so that training can be
// interrupted and a GPU that drives a display is not taken away.
const launchTime = 0.05

// Bounds of a launch: steps, at first and later, and rows of them together.
const (
	firstSteps = 16
	mostSteps  = 4096
	mostRows   = 1 << 22
)

// trainer is a replica in a chunk.
type trainer struct {
	*replica
	stats *nn.ReplicaStats
	clock nn.Clock
	left  int // steps

	// The launch under way:
	planned []planned
	order   []int32
	steps   []stepInfo
	masks   []mask
}

// planned is a step of a launch as the host needs it afterwards.
type planned struct {
	rows   int
	weight float64
	rate   float64
}

// Train runs the chunk for all replicas, many steps a launch. Cancelling ctx ends
// it after the launch under way. On an error of the GPU the states are those of
// before.
func (p *program) Train(ctx context.Context, c nn.Chunk) (nn.Stats, error) {
	stats := nn.Stats{Replicas: make([]nn.ReplicaStats, len(p.replicas))}
	trainers := make([]*trainer, len(p.replicas))
	for i, r := range p.replicas {
		trainers[i] = p.newTrainer(r, c, &stats.Replicas[i])
	}
	epoch := 0
	for _, r := range p.replicas {
		epoch += r.epoch
	}
	for ctx.Err() == nil {
		plain, recorded := p.split(trainers, c)
		if len(plain)+len(recorded) == 0 {
			break
		}
		if err := p.advance(plain, recorded, c); err != nil {
			return stats, err
		}
	}
	for _, r := range p.replicas {
		epoch -= r.epoch
	}
	err := p.keep(c, -epoch)
	if ctx.Err() != nil && err == nil {
		err = p.fetch() // the chunk cannot be trained again up to here
	}
	if err != nil {
		return stats, err
	}
	return stats, ctx.Err()
}

func (p *program) newTrainer(r *replica, c nn.Chunk, stats *nn.ReplicaStats) *trainer {
	perEpoch := p.opts.PerEpoch(r.count())
	t := &trainer{replica: r, stats: stats, left: c.Steps, clock: nn.Clock{Steps: c.Horizon, PerEpoch: perEpoch}}
	if t.left <= 0 {
		t.left = c.Epochs*perEpoch - r.batch
	}
	if perEpoch == 0 {
		t.left = 0 // there are no rows
	}
	if t.clock.Steps == 0 {
		t.clock.Steps = r.step + t.left
	}
	return t
}

// split tells those whose next step is recorded from the others that go on.
func (p *program) split(all []*trainer, c nn.Chunk) (plain, recorded []*trainer) {
	for _, t := range all {
		switch {
		case t.left <= 0 || t.stats.Diverged:
		case c.Blocks && t.ends():
			recorded = append(recorded, t)
		default:
			plain = append(plain, t)
		}
	}
	return plain, recorded
}

// ends tells whether the next step is the chunk's last one and ends an epoch.
func (t *trainer) ends() bool { return t.left == 1 && t.batch+1 == t.clock.PerEpoch }

// advance makes launches for both.
func (p *program) advance(plain, recorded []*trainer, c nn.Chunk) error {
	if len(plain) > 0 {
		if err := p.d.run(func() error { return p.launch(plain, c) }); err != nil {
			return err
		}
	}
	for _, t := range recorded {
		if err := p.d.run(func() error { return p.record(t, c) }); err != nil {
			return err
		}
	}
	return nil
}

// training is the pass of the replicas' training steps.
func (p *program) training(keep bool) pass {
	rows := 1
	for _, r := range p.replicas {
		rows = max(rows, p.opts.Batch(r.count()))
	}
	return p.trainingPass(rows, keep)
}

func (p *program) trainingPass(rows int, keep bool) pass {
	return pass{rows: rows, dropout: p.count(nn.OpDropout) > 0, batchNorm: true, loss: true, backward: true, update: true, keep: keep || p.opts.ClipNorm > 0}
}

// launch makes steps of trainers, none of which is recorded.
func (p *program) launch(trainers []*trainer, c nn.Chunk) error {
	steps := p.stepsOf(p.training(false).rows, len(trainers))
	for _, r := range trainers {
		r.plan(p, steps, c.Blocks)
	}
	began := time.Now()
	if _, err := p.startWith(trainers, false); err != nil {
		return err
	}
	longest := 1
	for _, r := range trainers {
		longest = max(longest, len(r.planned))
	}
	p.pace = time.Since(began).Seconds() / float64(longest)
	return p.finish(trainers, c)
}

// stepsOf is how many steps a launch may take: by the time of those before. The
// first, with nothing to go by, takes few.
func (p *program) stepsOf(rows, replicas int) int {
	steps := float64(firstSteps)
	if p.pace > 0 {
		steps = min(mostSteps, launchTime/p.pace)
	}
	return int(max(1, min(steps, mostRows/float64(rows*replicas))))
}

// plan writes the next steps down, at most so many, up to one that is recorded.
// The replica counts them as made; finish puts that right if they were not.
func (t *trainer) plan(p *program, most int, blocks bool) {
	t.planned, t.order, t.steps, t.masks = t.planned[:0], t.order[:0], t.steps[:0], t.masks[:0]
	for n := range min(most, t.left) {
		if n > 0 && blocks && t.ends() {
			break
		}
		t.one(p)
	}
}

// one writes the next step down.
func (t *trainer) one(p *program) {
	o := &p.opts.Optimizer
	t.clock.Step = t.step
	rows := t.next(&p.opts)
	rate := o.LR.At(t.clock)
	s := stepInfo{first: int32(len(t.order)), rows: int32(len(rows)), number: uint32(t.step), lr: float32(rate), c1: 1, c2: 1}
	switch o.Name {
	case "perceptron": // w += lr·Σ, and not lr·mean
		s.lr = float32(rate * float64(len(rows)))
	case "adam", "adamw":
		s.decay = float32(rate * o.WeightDecay.At(t.clock))
		s.c1, s.c2 = correction(o.Beta1, t.step+1), correction(o.Beta2, t.step+1)
	}
	t.planned = append(t.planned, planned{len(rows), t.weight(rows), rate})
	t.order = append(t.order, rows...)
	t.steps = append(t.steps, s)
	t.masks = p.masks(t.masks, t.clock)
	t.advance(t.clock.PerEpoch)
	t.left--
}

// correction is 1/(1-β^t).
func correction(beta float64, t int) float32 {
	return float32(1 / (1 - math.Pow(beta, float64(t))))
}

// finish reads what a launch did and enters it in the stats.
func (p *program) finish(trainers []*trainer, c nn.Chunk) error {
	results := make([][2]int32, len(trainers))
	if err := get(results, p.l.results, 0); err != nil {
		return err
	}
	at := 0
	for i, t := range trainers {
		taken, bad := int(results[i][0]), results[i][1] != 0
		if !bad {
			taken = len(t.planned)
		}
		seen := taken
		if bad {
			seen++
		}
		losses := make([]float32, seen)
		if err := get(losses, p.l.losses, at); err != nil {
			return err
		}
		at += len(t.planned)
		t.enter(losses, taken, c)
		t.stats.Diverged = bad
	}
	return nil
}

// enter takes back the steps that were not taken, and counts the others.
func (t *trainer) enter(losses []float32, taken int, c nn.Chunk) {
	t.step -= len(t.planned)
	t.left += len(t.planned) - taken
	back := t.epoch*t.clock.PerEpoch + t.batch - len(t.planned)
	t.epoch, t.batch = back/t.clock.PerEpoch, back%t.clock.PerEpoch
	for i, loss := range losses {
		s := t.planned[i]
		t.stats.Rate = s.rate
		if c.StepLoss {
			t.stats.StepLoss = append(t.stats.StepLoss, float64(loss)/float64(s.rows))
		}
		if i < taken {
			t.took(float64(loss), s)
		}
	}
}

// took counts a step that was taken.
func (t *trainer) took(loss float64, s planned) {
	es := &t.stats.Epochs
	if k := len(*es); k == 0 || (*es)[k-1].Epoch != t.epoch {
		*es = append(*es, nn.EpochStats{Epoch: t.epoch})
	}
	e := &(*es)[len(*es)-1]
	e.Loss += loss
	e.Weight += s.weight
	e.Rows += s.rows
	e.Done = t.batch+1 == t.clock.PerEpoch
	t.advance(t.clock.PerEpoch)
}
