package learn

import (
	"context"
	"slices"
	"time"

	"mlpkernel/nn"
)

// session trains jobs of one plan side by side, as replicas of one program.
type session struct {
	jobs     []*job // all
	active   []*job // those not finished: replica i is active[i]
	prog     nn.Program
	backend  nn.Backend
	clock    nn.Clock
	chunkOf  int // steps of a chunk
	epoch    int // of the active jobs, which go in step
	batch    int
	done     int // jobs finished, of planned
	begun    time.Time
	reported time.Time
	tell     func(Progress) // nil: nobody listens
}

func newSession(jobs []*job) (*session, error) {
	j := jobs[0]
	list, err := choose(j.opts.Backends, j.settings.Device, j.worthwhile(len(jobs)))
	if err != nil {
		return nil, err
	}
	s := &session{jobs: jobs, epoch: j.state.Epoch, batch: j.state.Batch, begun: time.Now(), tell: j.opts.Progress}
	var refused error
	if s.prog, s.backend, refused, err = compileOn(list, j.plan, j.nnOptions()); err != nil {
		return nil, err
	}
	note := instead(list[0], s.backend, refused, j.nnOptions())
	for _, j := range jobs {
		j.device = s.backend.Name()
		j.say(note)
		j.reckon(s.backend.Name())
	}
	perEpoch := j.nnOptions().PerEpoch(j.train.data.Rows)
	s.clock = nn.Clock{Steps: j.horizon() * perEpoch, PerEpoch: perEpoch}
	s.chunkOf = chunkSteps(s.backend.Name(), j.plan, j.nnOptions().Batch(j.train.data.Rows))
	return s, nil
}

// chunkSteps is how many steps make a chunk: enough that its cost is that of
// the steps, few enough that progress flows. It goes by a fixed count of work
// and not by the clock, so that sums over chunks are the same in every run.
func chunkSteps(backend string, p *nn.Plan, rows int) int {
	work, overhead := 12e9, 6e5 // some 20 ms on two cores of a fast processor
	switch backend {
	case "reference":
		work, overhead = 1e7, 1e4
	case "gpu": // which can be interrupted within a chunk
		work, overhead = 5e12, 5e8
	}
	return max(1, int(work/(overhead+6*float64(p.Size)*float64(rows))))
}

// run trains until every job has ended. Errors are those of backends; what
// befalls one job is in job.err.
func (s *session) run(ctx context.Context) error {
	defer s.prog.Close()
	for _, j := range s.jobs {
		if j.until <= j.state.Epoch {
			j.stopped = Done
			j.giveBest()
			continue
		}
		s.active = append(s.active, j)
	}
	if err := s.start(ctx); err != nil {
		return err
	}
	for len(s.active) > 0 {
		if err := s.step(ctx); err != nil {
			return err
		}
		s.report(false)
	}
	s.report(true)
	return nil
}

// start loads the jobs and records how they begin.
func (s *session) start(ctx context.Context) error {
	if err := s.load(); err != nil {
		return err
	}
	for i, j := range s.active {
		j.first = j.state
		j.kept = j.first
		if j.state.Step > 0 {
			continue
		}
		if err := j.take(context.WithoutCancel(ctx), s.prog, i); err != nil {
			return err
		}
	}
	return nil
}

// load puts the active jobs into the program.
func (s *session) load() error {
	if len(s.active) == 0 {
		return nil
	}
	replicas := make([]nn.Replica, len(s.active))
	for i, j := range s.active {
		replicas[i] = nn.Replica{State: j.state, Data: j.train.data}
	}
	return s.prog.Load(replicas)
}

// chunk is the next piece of training, and the epoch at whose end it ends; 0 if it
// ends within one.
func (s *session) chunk() (c nn.Chunk, ends int) {
	c = nn.Chunk{Horizon: s.clock.Steps}
	next := s.active[0].next(s.epoch)
	for _, j := range s.active[1:] {
		next = min(next, j.next(s.epoch))
	}
	if left := s.clock.PerEpoch - s.batch; s.chunkOf < left {
		c.Steps = s.chunkOf
		return c, 0
	}
	c.Epochs = min(max(1, s.chunkOf/s.clock.PerEpoch), next-s.epoch)
	ends = s.epoch + c.Epochs
	recorded := func(what ...string) bool {
		return slices.ContainsFunc(s.active, func(j *job) bool { return j.recordedAt(ends) && slices.ContainsFunc(what, j.records) })
	}
	c.Blocks = recorded("weights", "gradients", "activations")
	if recorded("weights", "gradients") {
		c.Bins = bins
	}
	return c, ends
}

// step trains one chunk and deals with what it did.
func (s *session) step(ctx context.Context) error {
	c, ends := s.chunk()
	begun := time.Now()
	stats, err := s.prog.Train(ctx, c)
	spent := time.Since(begun).Seconds()
	if err != nil && ctx.Err() == nil {
		return err
	}
	for i, j := range s.active {
		j.seconds += spent
		j.absorb(stats.Replicas[i], s.clock)
		if stats.Replicas[i].Diverged {
			j.diverge(j.state.Epoch + 1)
		}
	}
	if ctx.Err() != nil {
		return s.interrupt()
	}
	if ends == 0 {
		s.batch += c.Steps
		return s.settle()
	}
	s.epoch, s.batch = ends, 0
	for i, j := range s.active {
		if j.stopped != "" || ends != j.next(ends-1) {
			continue
		}
		if err := j.endEpoch(ctx, s.prog, i); err != nil {
			if ctx.Err() != nil {
				return s.interrupt()
			}
			return err
		}
	}
	return s.settle()
}

// interrupt ends all that is not ended. What left the finite numbers in the
// chunk that was cut off gives its last good state, and is interrupted too.
func (s *session) interrupt() error {
	ended := s.active
	for _, j := range ended {
		if j.stopped == "" {
			j.stopped = Interrupted
		}
	}
	err := s.settle()
	for _, j := range ended {
		if j.stopped == Diverged {
			j.stopped, j.err = Interrupted, nil
		}
	}
	return err
}

// settle takes finished jobs out of the program.
func (s *session) settle() error {
	var left []*job
	for i, j := range s.active {
		if j.stopped == "" {
			left = append(left, j)
			continue
		}
		if err := s.finish(i, j); err != nil {
			return err
		}
	}
	if len(left) == len(s.active) {
		s.keep()
		return nil
	}
	for i, j := range s.active {
		if j.stopped == "" {
			j.state = s.prog.State(i)
		}
	}
	s.active = left
	return s.load()
}

// finish takes the result of a job out of the program.
func (s *session) finish(i int, j *job) error {
	s.done++
	j.wall = time.Since(s.begun)
	defer s.hear(j)
	if j.stopped != Diverged {
		j.state = s.prog.State(i)
	} else if !j.keepsBest() {
		return s.lastGood(j)
	}
	live := j.state.Step
	j.giveBest()
	return s.scoreResult(i, j, j.stopped != Diverged && j.state.Step == live)
}

// hear takes down what the program tells of how it ran.
func (s *session) hear(j *job) {
	r, ok := s.prog.(nn.Reporter)
	if !ok {
		return
	}
	var notes []string
	j.device, notes = r.Report()
	for _, n := range notes {
		j.say(n)
	}
}

// keep takes a copy of the states whenever there are four times the steps, so
// that a training that diverges need not be repeated from its beginning. The
// steps of a chunk are repeated in no time.
func (s *session) keep() {
	if s.batch != 0 {
		return
	}
	for i, j := range s.active {
		if step := s.epoch * s.clock.PerEpoch; step >= max(4*j.kept.Step, s.chunkOf, 128) {
			j.kept = s.prog.State(i)
		}
	}
}

// lastGood gives the job the latest of three states that is still sound: that
// at the end of the last epoch (by training again up to there), the one kept,
// the first. The state that the program has now gives no finite loss.
func (s *session) lastGood(j *job) error {
	prog, err := s.backend.Compile(j.plan, j.nnOptions())
	if err != nil {
		return err
	}
	defer prog.Close()
	limit, err := s.retrain(prog, j, j.first, 0)
	if err != nil {
		return err
	}
	j.state = j.first
	last := j.kept.Step
	if n := j.history.Len(); n > 0 {
		last = n * s.clock.PerEpoch
	}
	for _, steps := range []int{last - j.kept.Step, 0} {
		loss, err := s.retrain(prog, j, j.kept, steps)
		if err != nil {
			return err
		}
		if loss <= 10*limit {
			j.state = prog.State(0)
			return nil
		}
	}
	return nil
}

// retrain goes on from a state for some steps and gives the loss over the rows.
func (s *session) retrain(prog nn.Program, j *job, from nn.State, steps int) (float64, error) {
	ctx := context.Background()
	if err := prog.Load([]nn.Replica{{State: from, Data: j.train.data}}); err != nil {
		return 0, err
	}
	if steps > 0 {
		if _, err := prog.Train(ctx, nn.Chunk{Steps: steps, Horizon: s.clock.Steps}); err != nil {
			return 0, err
		}
	}
	return prog.Evaluate(ctx, 0, j.train.data)
}

// report delivers progress, at most 20 times a second.
func (s *session) report(last bool) {
	now := time.Now()
	j := s.jobs[0]
	if len(s.active) > 0 {
		j = s.active[0]
	}
	if s.tell == nil || !last && now.Sub(s.reported) < 50*time.Millisecond {
		return
	}
	s.reported = now
	histories := make([]History, len(s.jobs))
	for i, j := range s.jobs {
		histories[i] = j.history.view()
	}
	s.tell(Progress{
		Epoch: s.epoch, Epochs: j.until, Step: s.epoch*s.clock.PerEpoch + s.batch, Steps: s.clock.Steps,
		Loss: j.running(), History: j.history.view(), Elapsed: now.Sub(s.begun),
		Device: s.backend.Name(), Done: last, Planned: len(s.jobs), Trained: s.done, Histories: histories,
	})
}
