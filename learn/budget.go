package learn

import (
	"math"
	"math/bits"
	"slices"

	"mlpkernel/nn"
)

// budget is the epochs after which something is done besides training, in order:
// all up to 20 and from there on five an octave, so that memory is bounded. For a
// small network to look at its weights may take as long as an epoch: then some are
// left out, so that it costs at most a share of what the training does. That is
// reckoned from the network and its rows, and neither from clocks nor from the
// length of the training: the same program records the same everywhere, and going
// on records what one long training would.
type budget []int

// What is done may take this share of what the training takes, and some seconds
// besides, which are not noticed beside what a fit takes anyway. Recordings have a
// budget of their own, as have metrics that nobody asked for, of training and of
// validation rows: together they take some 8 % of a training of 7 ms and 2 or 3 %
// of one of 60 ms, and those of tiny networks still make a picture.
const (
	share = 1. / 100
	usual = 1.8e-4 // for the usual recordings
	ample = 4e-4   // for others, and for metrics
)

// newBudget is that of something that takes so many seconds beside an epoch
// that takes so many: the epochs at whose end it is within its share and slack.
func newBudget(seconds, epoch, slack float64) budget {
	b := make(budget, 0, 64)
	stride, end := 1, 20
	for e := 1; e < 1<<30; e += stride {
		allowed := float64(share*float64(e)*epoch) + float64(slack*early(e))
		if float64(len(b)+1)*seconds <= allowed {
			b = append(b, e)
		}
		if e == end {
			stride, end = end/5, 2*end
		}
	}
	return b
}

// early is how much of the seconds besides may be spent by an epoch: a fifth by
// the first one and evenly more on a logarithmic scale, all by 2^16.
func early(epoch int) float64 {
	octave := bits.Len(uint(epoch)) - 1
	log2 := float64(octave-1) + float64(epoch)/float64(int(1)<<octave) // about
	return min((log2+4)/20, 1)
}

// at reports whether the epoch is one of them.
func (b budget) at(epoch int) bool {
	_, found := slices.BinarySearch(b, epoch)
	return found
}

// next is the next of them after an epoch.
func (b budget) next(epoch int) int {
	if k, _ := slices.BinarySearch(b, epoch+1); k < len(b) {
		return b[k]
	}
	return math.MaxInt
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
	pass     float64 // one number of a layer's output, in a pass over many rows
	output   float64 // one that is described
}

var paces = map[string]pace{
	"":    {step: 3e-7, multiply: 1. / 110e9, update: 2e-10, look: 1.5e-6, block: 7e-7, value: 1.3e-9, answer: 7e-9, pass: 3e-10, output: 1.7e-9},
	"gpu": {step: 2e-5, multiply: 1. / 10e12, update: 1e-11, look: 2e-4, block: 3e-7, value: 8e-9, answer: 5e-9, pass: 1e-11, output: 8e-9},
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
			products += float64((b.Rows + 15) / 16 * 16 * b.Cols) // units are done by sixteen
		}
	}
	steps, size := float64(j.nnOptions().PerEpoch(j.train.data.Rows)), float64(j.plan.Size)
	epoch := steps*(p.step+size*p.update) + 3*rows*products*p.multiply
	units, answers := float64(outputs(j.plan)), float64(j.plan.Head.Units)*p.answer
	pass := func(rows int, more float64) float64 {
		return float64(rows) * (products*p.multiply + units*p.pass + more)
	}
	record := p.look + float64(len(j.plan.Blocks))*p.block
	if j.records("weights") || j.records("gradients") {
		record += size * p.value
	}
	if j.records("activations") {
		record += pass(probeRows(j.plan, j.train.data.Rows), units*p.output)
	}
	score := p.look + pass(min(metricRows(j.train.data.Rows, j.plan.Size), j.train.data.Rows), answers)
	if j.valid != nil {
		read := p.look + float64(j.valid.data.Rows)*answers
		epoch += pass(j.valid.data.Rows, 0)
		score += read
		j.comparing = newBudget(read, epoch, ample)
	}
	slack := usual
	if !slices.Equal(j.settings.Record, usualRecord) {
		slack = ample
	}
	j.recording, j.scoring = newBudget(record, epoch, slack), newBudget(score, epoch, ample)
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
	j.history = j.history.head(j.history.Len(), func(e *Epoch) {
		if inTurn(e.Epoch, j.scoredAt) {
			return
		}
		e.Metrics = nil
		if !inTurn(e.Epoch, j.comparedAt) {
			e.ValMetrics = nil
		}
	})
}
