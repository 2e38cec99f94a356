package cpu

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// Train runs the chunk for all replicas: side by side if there are many, else
// one after the other with several threads each.
func (p *program) Train(ctx context.Context, c nn.Chunk) (nn.Stats, error) {
	stats := nn.Stats{Replicas: make([]nn.ReplicaStats, len(p.replicas))}
	crew := p.crew(min(p.most(), len(p.replicas)))
	if len(crew) == 1 {
		crew[0].team = p.hire(crew[0].threads)
	} else {
		for _, t := range crew {
			t.team = newTeam(t.threads)
			defer t.team.stop()
		}
	}
	var next atomic.Int32
	var wg sync.WaitGroup
	var faults nn.Faults
	some := func(t *trainer) {
		defer faults.Catch()
		t.trainSome(ctx, c, &next, stats.Replicas)
	}
	for _, t := range crew[min(1, len(crew)):] {
		wg.Go(func() { some(t) })
	}
	if len(crew) > 0 {
		some(crew[0])
	}
	wg.Wait()
	faults.Raise()
	return stats, ctx.Err()
}

// crew gives so many trainers, with buffers for the largest batch.
func (p *program) crew(size int) []*trainer {
	rows := 0
	for _, r := range p.replicas {
		rows = max(rows, p.opts.Batch(len(r.rows)))
	}
	if size > 0 {
		s := shape{rows: rows, threads: p.teamSize(p.most()/size, rows, 3), learn: true, drop: p.has(nn.OpDropout)}
		if len(p.trainers) < size || p.trainers[0].shape != s {
			p.trainers = nil
			for range size {
				t := &trainer{net: p.newNet(s), g: kern.Alloc(p.lay.size)}
				t.doChange, t.doLearn = t.onChange, t.onLearn
				p.trainers = append(p.trainers, t)
			}
		}
	}
	return p.trainers[:size]
}

// smallPass is the number of multiplications below which threads cost more
// than they give: those of about 50 µs.
const smallPass = 2 << 20

// teamSize is how many of so many threads are worth their while for passes
// over so many rows with so many products a layer.
func (p *program) teamSize(threads, rows int, products float64) int {
	work := 0
	for _, b := range p.plan.Blocks {
		if b.Role == nn.Weights {
			work += b.Len()
		}
	}
	if p.opts.Threads == 0 && float64(work*rows)*products < smallPass {
		return 1
	}
	return max(1, min(threads, (rows+rowUnit-1)/rowUnit))
}

func (p *program) has(op nn.Op) bool {
	for _, s := range p.plan.Steps {
		if s.Op == op {
			return true
		}
	}
	return false
}

// trainer is a net at work on one replica after the other.
type trainer struct {
	*net
	g    []float32
	team *team
	pace pace // of the team
	// As those of net.
	doChange, doLearn func(thread, piece int)
	*replica
	stats   *nn.ReplicaStats
	rule    *rule
	step    step
	chunk   nn.Chunk
	size    int  // of a batch
	inOrder bool // rows are not shuffled
	whole   bool // each batch is the same rows
	// changes are the calls that apply the rule.
	changes []change
	// record asks for the blocks' norms at this step; see record.go.
	record recording
}

// trainSome trains replicas until there are no more.
func (t *trainer) trainSome(ctx context.Context, c nn.Chunk, next *atomic.Int32, stats []nn.ReplicaStats) {
	t.team.alone = t.pace.alone
	t.rule = ruleOf(t.opts.Optimizer)
	for {
		i := int(next.Add(1)) - 1
		if i >= len(t.replicas) {
			return
		}
		t.replica, t.stats = t.replicas[i], &stats[i]
		t.own()
		t.step = step{}
		_, lr := t.opts.Optimizer.LR.Number()
		_, decay := t.opts.Optimizer.WeightDecay.Number()
		t.step.fixed = lr && decay
		t.follow(t.replica, t.g)
		t.bindChanges()
		t.replica.trainings++
		t.last = nil
		t.train(ctx, c)
		if t.rule != nil { // which keeps up what depends on the parameters
			t.last, t.net.trainings = t.replica, t.replica.trainings
		}
	}
}

// train runs the chunk for the replica.
func (t *trainer) train(ctx context.Context, c nn.Chunk) {
	perEpoch := t.opts.PerEpoch(len(t.replica.rows))
	if perEpoch == 0 {
		return // there are no rows
	}
	steps := c.Steps
	if steps <= 0 {
		steps = c.Epochs*perEpoch - t.batch
	}
	t.chunk, t.input, t.net.rows = c, input{data: t.data}, 0 // nothing is fed yet
	t.size = t.opts.Batch(len(t.replica.rows))
	// Where a batch is all rows their order only matters to dropout.
	t.inOrder = t.opts.InOrder || perEpoch == 1 && !t.drop
	t.whole = perEpoch == 1 && t.inOrder
	t.mode = nn.Mode{Dropout: true, Seed: t.seed, Clock: nn.Clock{Steps: c.Horizon, PerEpoch: perEpoch}}
	if t.mode.Clock.Steps == 0 {
		t.mode.Clock.Steps = t.replica.step + steps
	}
	t.stats.Epochs = t.replica.epochs[:0]
	if need := min(steps/perEpoch+2, mostAtOnce); cap(t.stats.Epochs) < need {
		t.stats.Epochs = make([]nn.EpochStats, 0, need)
	}
	if c.StepLoss {
		t.stats.StepLoss = make([]float64, 0, min(steps, mostAtOnce))
	}
	for done := ctx.Done(); steps > 0 && !closed(done) && t.one(steps == 1); steps-- {
	}
	t.stats.Rate = t.step.lr
	t.replica.epochs = t.stats.Epochs
}

// mostAtOnce bounds the memory that stats get in advance.
const mostAtOnce = 1 << 15

func closed(done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	default:
		return false
	}
}

// one makes one update, perhaps the chunk's final one, and enters it in the stats.
// It reports whether to go on.
func (t *trainer) one(final bool) bool {
	t.mode.Step, t.mode.Clock.Step = t.replica.step, t.replica.step
	t.input.order = t.next(t.size, t.inOrder)
	rows, last := len(t.input.order), t.batch+1 == t.mode.Clock.PerEpoch
	t.scale(rows)
	t.record.begin(&t.chunk, last && final)
	t.again = t.whole && rows == t.net.rows
	if rows != t.net.rows {
		t.feed(rows)
	}
	if !t.again {
		t.reorder()
	}
	var loss float64
	if t.rule == nil {
		loss = t.lbfgs()
	} else {
		loss = t.update()
	}
	if t.chunk.StepLoss {
		t.stats.StepLoss = append(t.stats.StepLoss, loss/float64(rows))
	}
	if !finite(loss) {
		t.stats.Diverged = true
		return false
	}
	t.enter(loss, last)
	return true
}

// enter counts a step that was taken.
func (t *trainer) enter(loss float64, last bool) {
	es := &t.stats.Epochs
	if t.batch == 0 || len(*es) == 0 {
		*es = append(*es, nn.EpochStats{})
		(*es)[len(*es)-1].Epoch = t.epoch
	}
	e := &(*es)[len(*es)-1]
	e.Loss += loss
	e.Weight += t.head.sumWeight()
	e.Rows += t.net.rows
	t.replica.step++
	t.batch++
	if last {
		e.Done, e.Blocks = true, t.record.blocks
		t.epoch, t.batch = t.epoch+1, 0
	}
}

// update makes a step of the optimiser and gives Σ weight·loss over the batch
// before it. If that is no finite number, nothing has changed.
func (t *trainer) update() float64 {
	if t.threads > 1 {
		defer t.keepPace(time.Now())
	}
	t.run(t.team)
	loss := t.head.sumLoss()
	if loss-loss != 0 {
		return loss
	}
	if t.record.on || t.opts.ClipNorm != 0 {
		t.team.run(len(t.shares), t.doGradient)
		t.record.gradient(t)
		t.clip()
		t.team.run(len(t.shares), t.doChange)
	} else if len(t.shares) == 1 {
		t.onLearn(0, 0)
	} else {
		t.team.run(len(t.shares), t.doLearn)
	}
	t.settle()
	if t.record.on {
		t.record.end(t)
	}
	return loss
}

// clip shortens the gradient to ClipNorm.
func (t *trainer) clip() {
	w := &t.cores[0]
	if n := norm(w, t.g); t.opts.ClipNorm > 0 && n > t.opts.ClipNorm {
		w.Args.Flat(len(t.g))
		w.Args.A[0], w.Args.A[1], w.Args.S[0] = &t.g[0], &t.g[0], float32(t.opts.ClipNorm/n)
		w.Do(kern.Scale)
	}
}

// keepPace enters the time of a step that began at start.
func (t *trainer) keepPace(start time.Time) {
	t.pace.step(time.Since(start))
	t.team.alone = t.pace.alone
}

// onLearn is gradient and change in one go.
func (t *trainer) onLearn(thread, piece int) {
	h, w := &t.shares[piece], &t.cores[thread]
	if !h.passed {
		h.slopes[t.which].Run(w)
	}
	h.change.Run(w)
}

func (t *trainer) onChange(thread, piece int) {
	t.shares[piece].change.Run(&t.cores[thread])
}

// settle moves what a step moves besides.
func (t *trainer) settle() {
	for _, o := range t.settlers {
		o.settle()
	}
}
