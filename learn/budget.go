package learn

import (
	"slices"

	"mlpkernel/nn"
)

// budget says after which epochs something is done besides training: all up to
// an epoch and from there on ever fewer, evenly on a logarithmic scale, so that
// memory is bounded. For a small network to look at its weights may take as long
// as an epoch: then it is done less often, so that it costs at most a share of
// what the training does. That is reckoned from the network and its rows, and
// neither from clocks nor from the length of the training: the same program
// records the same everywhere, and going on records what one long training would.
type budget struct {
	each  int // the epochs at hand are multiples of it
	dense int // of the first so many all, from there on dense/4 an octave: a multiple of 4
}

// limit is the most of a training's time that something may take.
type limit struct {
	share float64 // of what the training takes
	slack float64 // seconds besides, which are not noticed beside what a fit takes anyway
}

var (
	usual = limit{1. / 50, 1.5e-4} // of recordings, and of metrics that nobody asked for
	asked = limit{1. / 50, 2e-3}   // of recordings other than the usual ones
)

// mostDense makes some 50 points of 1,000 epochs and 65 of 10,000.
const mostDense = 20

// newBudget is that of something that takes so many seconds beside an epoch
// that takes so many: the first that keeps within the limit.
func newBudget(seconds, epoch float64, l limit) budget {
	b := budget{each: 1, dense: mostDense}
	for b.each < 1<<30 && !b.holds(seconds, epoch, l) {
		if b.dense > 4 {
			b.dense -= 4
		} else {
			b.each *= 2
		}
	}
	return b
}

// holds tells whether what is done is within the limit, at whatever epoch the
// training ends: octave by octave there is no more of it, but twice the time.
func (b budget) holds(seconds, epoch float64, l limit) bool {
	points := b.dense
	for end := b.each * b.dense; end < 1<<40; end *= 2 {
		if float64(points)*seconds > l.slack+l.share*float64(end)*epoch {
			return false
		}
		points += b.dense / 4
	}
	return true
}

// at reports whether the epoch is one of them.
func (b budget) at(epoch int) bool {
	return epoch%b.each == 0 && epoch/b.each%b.stride(epoch/b.each) == 0
}

// next is the next of them after an epoch.
func (b budget) next(epoch int) int {
	n := epoch/b.each + 1
	stride := b.stride(n)
	return (n + stride - 1) / stride * stride * b.each
}

// stride is how far they are apart around the n-th multiple.
func (b budget) stride(n int) int {
	if n <= b.dense {
		return 1
	}
	stride := 4
	for end := 2 * b.dense; n > end; end *= 2 {
		stride *= 2
	}
	return stride
}

// pace is how long things take, in seconds: about that of one thread of a fast
// processor, or a GPU with it. What matters are the proportions.
type pace struct {
	step     float64 // of training, whatever it does
	multiply float64 // one multiplication
	update   float64 // of one parameter
	look     float64 // at anything
	block    float64 // of parameters, whatever its size
	value    float64 // one parameter and its gradient
	answer   float64 // one number of a prediction
	output   float64 // one number of an activation
}

var paces = map[string]pace{
	"":    {step: 3e-7, multiply: 1. / 70e9, update: 3e-10, look: 1e-6, block: 3e-7, value: 1e-9, answer: 5e-9, output: 8e-9},
	"gpu": {step: 2e-5, multiply: 1. / 10e12, update: 1e-11, look: 2e-4, block: 3e-7, value: 8e-9, answer: 5e-9, output: 8e-9},
}

// reckon lays down when the job records, and when it scores metrics that were
// not asked for, on the named backend.
func (j *job) reckon(backend string) {
	p, ok := paces[backend]
	if !ok {
		p = paces[""]
	}
	products, rows := 0.0, float64(j.train.data.Rows)
	for _, b := range j.plan.Blocks {
		if b.Role == nn.Weights {
			products += float64(b.Len())
		}
	}
	steps, size := float64(j.nnOptions().PerEpoch(j.train.data.Rows)), float64(j.plan.Size)
	epoch := steps*(p.step+size*p.update) + 3*rows*products*p.multiply
	pass := func(rows int, numbers float64) float64 { return float64(rows) * (products*p.multiply + numbers) }
	answers := float64(j.plan.Head.Units) * p.answer
	record := p.look
	if j.records("weights") || j.records("gradients") {
		record += float64(len(j.plan.Blocks))*p.block + size*p.value
	}
	if j.records("activations") {
		record += pass(probeRows(j.plan, j.train.data.Rows), float64(outputs(j.plan))*p.output)
	}
	score := p.look + pass(min(metricRows(j.train.data.Rows, j.plan.Size), j.train.data.Rows), answers)
	if j.valid != nil {
		loss := pass(j.valid.data.Rows, answers)
		epoch, score = epoch+loss, score+loss
	}
	of := usual
	if !slices.Equal(j.settings.Record, usualRecord) {
		of = asked
	}
	j.recording, j.scoring = newBudget(record, epoch, of), newBudget(score, epoch, usual)
	j.prune()
}

// prune leaves out of what the job goes on from what one long training would not
// have: the end of a training, and its result, are known whether or not it is
// their turn.
func (j *job) prune() {
	if j.until == j.state.Epoch {
		return
	}
	inTurn := func(epoch int, at func(int) bool) bool { return !slices.Contains(j.ends, epoch) || at(epoch) }
	j.record = slices.DeleteFunc(slices.Clone(j.record), func(r Recording) bool { return r.Epoch > 0 && !inTurn(r.Epoch, j.recordedAt) })
	j.history = j.history.head(j.history.Len(), func(epoch int) bool { return inTurn(epoch, j.scoredAt) })
}
