package learn

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"mlpkernel/nn"
)

// tracker is a training under way.
type tracker struct {
	state   nn.State // to begin from; at the end the result
	end     nn.State // as in Model
	before  []stage
	ends    []int // where the training gone on from ended, and its result
	from    int   // epochs that the present stage went on from
	until   int   // epochs to be finished
	history History
	record  []Recording
	stopped string
	err     error // *DivergedError or that of OnEpoch

	recording, scoring budget
	comparing          budget // see comparedAt

	sample    *rows         // training rows that metrics are scored on
	answers   Answers       // the last that were
	probe     *nn.Data      // and those that activations are recorded on
	describer nn.Describer  // of what is recorded there
	pending   nn.EpochStats // of the epoch begun
	blocks    []nn.BlockStats
	bestLoss  float64
	best      int
	bestKept  nn.State // with early stopping
	first     nn.State // before training
	kept      nn.State // one to repeat the training from, see lastGood
	seconds   float64
	wall      time.Duration
	device    string
}

// DivergedError says that a training left the finite numbers.
type DivergedError struct {
	Epoch  int // from 1
	Advice string
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("the training diverged in epoch %d: the loss is no finite number any more; %s", e.Epoch, e.Advice)
}

func (j *job) advice() string {
	s := j.settings
	var tips []string
	if v, constant := s.Optimizer.LR.Number(); constant {
		tips = append(tips, fmt.Sprintf("try a smaller learning rate (lr=%s instead of %s)", short(v/10), short(v)))
	} else {
		tips = append(tips, "try a smaller learning rate")
	}
	if s.ClipNorm == 0 {
		tips = append(tips, "or clip_norm=1")
	}
	if s.Prep == "None" {
		tips = append(tips, `or prep="auto", since large inputs make large steps`)
	}
	text := ""
	for i, t := range tips {
		if i > 0 {
			text += ", "
		}
		text += t
	}
	return text
}

// watchesEach tells whether something is to be done after every epoch.
func (j *job) watchesEach() bool {
	return j.valid != nil || j.settings.MetricsGiven || j.opts.OnEpoch != nil
}

// next is the epoch up to which the job can train undisturbed.
func (j *job) next(epoch int) int {
	if j.watchesEach() {
		return min(epoch+1, j.until)
	}
	if j.records("none") {
		return j.until
	}
	next := min(j.recording.next(epoch), j.until)
	if len(j.settings.Metrics) > 0 {
		next = min(next, j.scoring.next(epoch))
	}
	return next
}

// recordedAt tells whether an epoch is recorded: the last one planned always is.
func (j *job) recordedAt(epoch int) bool {
	return epoch == j.until || j.recording.at(epoch) && !j.records("none")
}

// scoredAt tells whether metrics are scored at an epoch.
func (j *job) scoredAt(epoch int) bool {
	return j.settings.MetricsGiven || j.opts.OnEpoch != nil || epoch == j.until || j.scoring.at(epoch) && !j.records("none")
}

// comparedAt tells whether the metrics of the validation rows alone are scored at
// an epoch: their pass is made anyway, so that this is to be had more often.
func (j *job) comparedAt(epoch int) bool {
	return j.valid != nil && j.comparing.at(epoch) && !j.records("none")
}

func (j *job) records(what string) bool { return slices.Contains(j.settings.Record, what) }

// absorb takes in what a chunk did.
func (j *job) absorb(r nn.ReplicaStats, clock nn.Clock) {
	finished := 0
	for _, e := range r.Epochs {
		if e.Done {
			finished++
		}
	}
	seconds := j.seconds / float64(max(finished, 1))
	for _, e := range r.Epochs {
		j.pending.Loss += e.Loss
		j.pending.Weight += e.Weight
		j.pending.Rows += e.Rows
		j.state.Epoch = e.Epoch
		if !e.Done {
			continue
		}
		j.state.Epoch++
		j.blocks = e.Blocks
		clock.Step = j.state.Epoch*clock.PerEpoch - 1
		loss := j.pending.Loss / j.pending.Weight
		j.history.add(Epoch{Loss: loss, ValLoss: math.NaN(), Rate: j.settings.Optimizer.LR.At(clock), Seconds: seconds})
		j.pending = nn.EpochStats{}
		if j.valid == nil {
			j.note(loss, j.state.Epoch)
		}
	}
	if finished > 0 {
		j.seconds = 0
	}
}

// note keeps the least loss, the earliest of equals.
func (j *job) note(loss float64, epoch int) bool {
	if j.best > 0 && !(loss < j.bestLoss) {
		return false
	}
	j.best, j.bestLoss = epoch, loss
	return true
}

// keepsBest tells whether the best epoch's weights are kept, and there are any.
func (j *job) keepsBest() bool { return j.settings.EarlyStopping > 0 && j.bestKept.Params != nil }

// giveBest makes the best epoch's state the result, where it is kept. Going on
// begins where the training ended; but at the best epoch after patience has
// run out, or a divergence.
func (j *job) giveBest() {
	if !j.keepsBest() {
		return
	}
	if j.stopped != Early && j.stopped != Diverged && j.bestKept.Step != j.state.Step {
		j.end = j.state
	}
	j.state = j.bestKept
}

// restoreBest finds the best epoch of a history.
func (j *job) restoreBest() {
	for e := range j.history.All() {
		v := e.Loss
		if j.valid != nil {
			v = e.ValLoss
		}
		if v == v {
			j.note(v, e.Epoch)
		}
	}
}

// running is the mean loss of the epoch begun, or of the last one.
func (j *job) running() float64 {
	if j.pending.Weight > 0 {
		return j.pending.Loss / j.pending.Weight
	}
	if n := j.history.Len(); n > 0 {
		return j.history.At(n - 1).Loss
	}
	return math.NaN()
}

// endEpoch scores, records and decides whether to go on; i is the replica.
func (j *job) endEpoch(ctx context.Context, prog nn.Program, i int) error {
	if err := j.watch(ctx, prog, i); err != nil {
		return err
	}
	e := j.history.At(j.history.Len() - 1)
	if j.broken(prog, i, e) {
		j.diverge(e.Epoch)
		return nil
	}
	if j.recordedAt(e.Epoch) {
		if err := j.take(ctx, prog, i); err != nil {
			return err
		}
	}
	if j.settings.EarlyStopping > 0 && j.best == e.Epoch {
		j.bestKept = prog.State(i)
	}
	switch {
	case j.opts.OnEpoch != nil && j.called(e):
	case j.settings.EarlyStopping > 0 && e.Epoch-j.best >= j.settings.EarlyStopping && e.Epoch < j.until:
		j.stopped = Early
	case e.Epoch >= j.until:
		j.stopped = Done
	}
	return nil
}

// broken tells whether the epoch's last update went out of the finite numbers,
// which the losses of training would show only at the next step.
func (j *job) broken(prog nn.Program, i int, e Epoch) bool {
	if j.valid != nil && !finite(e.ValLoss) {
		return true
	}
	if e.Epoch < j.until {
		return false
	}
	if j.blocks == nil && !finite(norm(prog.Params(i))) {
		return true
	}
	return slices.ContainsFunc(j.blocks, func(s nn.BlockStats) bool { return !finite(s.Param) }) ||
		slices.ContainsFunc(e.Metrics, func(v float64) bool { return math.IsInf(v, 0) })
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// diverge ends the training in an epoch (from 1).
func (j *job) diverge(epoch int) {
	j.stopped, j.err = Diverged, &DivergedError{Epoch: epoch, Advice: j.advice()}
}

// called runs the callback and tells whether it ends the training.
func (j *job) called(e Epoch) bool {
	stop, err := j.opts.OnEpoch(e, j.settings.Metrics)
	if stop || err != nil {
		j.stopped, j.err = Callback, err
	}
	return j.stopped != ""
}

// watch scores validation rows and metrics at the end of the last epoch.
func (j *job) watch(ctx context.Context, prog nn.Program, i int) (err error) {
	epoch, loss := j.history.Len(), math.NaN()
	switch {
	case j.scoredAt(epoch) && len(j.settings.Metrics) > 0:
		loss, err = j.score(ctx, prog, i, epoch)
	case j.comparedAt(epoch) && len(j.settings.Metrics) > 0:
		loss, err = j.compare(ctx, prog, i, epoch, nil)
	case j.valid != nil:
		loss, err = prog.Evaluate(ctx, i, j.valid.data)
	}
	if err != nil || j.valid == nil {
		return err
	}
	j.history.watched(loss)
	j.note(loss, epoch)
	return nil
}

// score enters the metrics of an epoch, at whose end the replica stands, and
// gives the loss of the validation rows, if there are any.
func (j *job) score(ctx context.Context, prog nn.Program, i, epoch int) (loss float64, err error) {
	if j.sample == nil {
		j.sample = j.train.spread(metricRows(j.train.data.Rows, j.plan.Size))
	}
	p, err := prog.Predict(ctx, i, j.sample.data, nn.Mode{})
	if err != nil {
		return 0, err
	}
	return j.compare(ctx, prog, i, epoch, j.metrics(p, j.sample))
}

// compare enters the metrics of an epoch: those of the training rows, which may be
// nil, and of the validation rows, if there are any, whose loss it gives.
func (j *job) compare(ctx context.Context, prog nn.Program, i, epoch int, train []float64) (loss float64, err error) {
	var valid []float64
	if j.valid != nil {
		var p []float32
		if p, loss, err = nn.Score(ctx, prog, i, j.valid.data); err != nil {
			return 0, err
		}
		valid = j.metrics(p, j.valid)
	}
	j.history.score(epoch, train, valid)
	return loss, nil
}

// metrics are those of a program's predictions of rows.
func (j *job) metrics(p []float32, r *rows) []float64 {
	a := &j.answers
	a.read(&j.coder, p, r.truth)
	out := make([]float64, len(j.settings.Metrics))
	for k, name := range j.settings.Metrics {
		d, _ := findMetric(name) // there is one, see check
		out[k] = d.F(a)
	}
	return out
}

// scoreResult scores the epoch whose end is the result, where that was not
// planned to be the last one; live says that the program's replica i is there.
func (s *session) scoreResult(i int, j *job, live bool) error {
	epoch := j.state.Epoch
	if k, known := j.history.scoredAt(epoch); known && j.history.scored[k].metrics != nil || len(j.settings.Metrics) == 0 || epoch == 0 || epoch > j.history.Len() || j.state.Batch != 0 {
		return nil
	}
	prog := s.prog
	if !live {
		var err error
		if prog, err = s.backend.Compile(j.plan, j.nnOptions()); err != nil {
			return err
		}
		defer prog.Close()
		if err := prog.Load([]nn.Replica{{State: j.state, Data: j.train.data}}); err != nil {
			return err
		}
		i = 0
	}
	_, err := j.score(context.Background(), prog, i, epoch)
	return err
}

// metricRows is how many training rows metrics are scored on while training, so
// that it costs little: a fiftieth, but from 500 to 5,000; from fewer for a
// network of over 100,000 weights, down to 128.
func metricRows(rows, weights int) int {
	least := min(max(50_000_000/max(weights, 1), 128), 500)
	return min(max(rows/50, least), 5000)
}

// spread is n rows, evenly spaced; all if there are no more. Tables are often
// sorted, so the first n would not do.
func (r *rows) spread(n int) *rows {
	d, t := r.data, r.truth
	if n >= d.Rows {
		return r
	}
	return &rows{
		data:  &nn.Data{Rows: n, X: every(d.X, n, d.Rows), C: every(d.C, n, d.Rows), Y: every(d.Y, n, d.Rows), W: every(d.W, n, d.Rows)},
		truth: truth{class: every(t.class, n, d.Rows), y: every(t.y, n, d.Rows)},
	}
}

// every is n of some rows, evenly spaced; nil of none.
func every[T any](v []T, n, rows int) []T {
	if v == nil {
		return nil
	}
	width := len(v) / rows
	out := make([]T, 0, n*width)
	for i := range n {
		out = append(out, v[i*rows/n*width:][:width]...)
	}
	return out
}
