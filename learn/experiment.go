package learn

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Trial is a training not yet run, with a name.
type Trial struct {
	Name    string
	Options Options
}

// mostReplicas bounds the trainings of one program, for memory's sake.
const mostReplicas = 64

// FitAll trains all of the trials side by side; on a GPU those whose programs are
// equal run as replicas of one program. Models and errors are in the order of the
// trials; a training that diverged has both. If one cannot begin, none does, and
// only it has an error. OnEpoch is not called. The results are those of Fit, one
// by one.
func FitAll(ctx context.Context, trials []Options, progress func(Progress)) ([]*Model, []error) {
	_, models, errs := fitAll(ctx, trials, progress)
	return models, errs
}

// fitAll is FitAll, and gives the jobs too, nil for those that did not begin.
func fitAll(ctx context.Context, trials []Options, progress func(Progress)) ([]*job, []*Model, []error) {
	models, errs := make([]*Model, len(trials)), make([]error, len(trials))
	jobs := make([]*job, len(trials))
	shelf := new(Shelf)
	if len(trials) > 0 && trials[0].Shelf != nil {
		shelf = trials[0].Shelf
	}
	defer shelf.tidy()
	each(len(trials), runtime.GOMAXPROCS(0), func(i int) {
		o := trials[i]
		o.OnEpoch, o.Shelf = nil, shelf
		if errs[i] = ctx.Err(); errs[i] == nil {
			jobs[i], errs[i] = prepare(o, nil)
		}
	})
	for i, err := range errs {
		if err != nil && ctx.Err() == nil {
			alone := make([]error, len(trials))
			alone[i] = err
			return make([]*job, len(trials)), models, alone
		}
		if err != nil {
			jobs[i] = nil
		}
	}
	groups, workers := divided(jobs)
	b := &board{planned: len(trials), histories: make([]History, len(trials)), tell: progress}
	each(len(groups), workers, func(i int) { b.run(ctx, groups[i], jobs, models, errs, workers) })
	return jobs, models, errs
}

// each calls f for 0..n-1, in order, on so many threads. A panic on one of them
// becomes one of the caller.
func each(n, threads int, f func(i int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	var faults nn.Faults
	for range min(threads, n) {
		wg.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				func() {
					defer faults.Catch()
					f(i)
				}()
			}
		})
	}
	wg.Wait()
	faults.Raise()
}

// divided are the groups of jobs that are trained as one, and how many of them
// run side by side: on a GPU, which is busy enough with one program, and with a
// function of the user's own, replicas of one after the other; else one job a
// core, the first of each kind first, so that an interrupt leaves some of all.
func divided(jobs []*job) (groups [][]int, workers int) {
	kinds := grouped(jobs)
	for _, j := range jobs {
		if j == nil {
			continue
		}
		list, err := choose(j.opts.Backends, j.settings.Device, j.worthwhile(1))
		if err != nil || j.plan.Own() != nil {
			return kinds, 1
		}
		if _, ok := list[0].(nn.Accelerator); ok {
			return kinds, 1
		}
	}
	for k := range mostReplicas {
		for _, g := range kinds {
			if k < len(g) {
				groups = append(groups, g[k:k+1])
			}
		}
	}
	return groups, min(runtime.GOMAXPROCS(0), len(groups))
}

// grouped puts jobs whose programs are equal together, in order.
func grouped(jobs []*job) [][]int {
	var groups [][]int
	open := map[string]int{} // the group of a kind that has room
	for i, j := range jobs {
		if j == nil {
			continue
		}
		k := j.kind()
		g, ok := open[k]
		if !ok || len(groups[g]) == mostReplicas {
			g = len(groups)
			open[k] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

// kind is the same for jobs that can be replicas of one program. Functions of
// the user's own are one only where they are one value: what else they depend
// on cannot be known.
func (j *job) kind() string {
	var own []*nn.OwnActivation
	for _, s := range j.plan.Steps {
		if s.Act.Own != nil {
			own = append(own, s.Act.Own)
		}
	}
	o := j.nnOptions()
	return fmt.Sprintf("%s %v %s %d %t %v %d %d %d %s %s %v", j.plan.Fingerprint(), own, o.Optimizer, o.BatchSize, o.InOrder, o.ClipNorm,
		o.PerEpoch(j.train.data.Rows), j.until, j.horizon(), j.settings.Device, o.Precision, j.settings.Record)
}

// board gathers the progress of trainings side by side.
type board struct {
	sync.Mutex
	planned, trained int
	histories        []History // by trial
	tell             func(Progress)
}

// run trains one group.
func (b *board) run(ctx context.Context, group []int, jobs []*job, models []*Model, errs []error, workers int) {
	list := make([]*job, len(group))
	for k, i := range group {
		list[k] = jobs[i]
		if workers > 1 && list[k].opts.Threads == 0 {
			list[k].opts.Threads = max(1, runtime.GOMAXPROCS(0)/workers)
		}
	}
	fail := func(err error) {
		for _, i := range group {
			errs[i] = err
		}
	}
	s, err := newSession(list)
	if err != nil {
		fail(err)
		return
	}
	s.tell = b.listener(group)
	if err := s.run(ctx); err != nil {
		fail(err)
		return
	}
	b.Lock()
	defer b.Unlock()
	b.trained += len(group)
	for k, i := range group {
		models[i], errs[i] = list[k].model(s.backend), list[k].err
	}
}

// listener passes the progress of a group's session on, with what the board knows.
func (b *board) listener(group []int) func(Progress) {
	if b.tell == nil {
		return nil
	}
	return func(p Progress) {
		b.Lock()
		defer b.Unlock()
		for k, i := range group {
			b.histories[i] = p.Histories[k]
		}
		p.Planned, p.Trained, p.Histories = b.planned, b.trained+p.Trained, slices.Clone(b.histories)
		p.Done = p.Trained == p.Planned
		b.tell(p)
	}
}

// Experiment is the result of many trainings.
type Experiment struct {
	Metric        string // what Score is
	LowerIsBetter bool
	// Runs has a row for each training: trial (or the axes of a sweep), seed or
	// fold, epochs, stopped, and all metrics on rows that were held out.
	Runs *table.Table
	// Summary has a row for each trial: runs, and mean and std of each metric.
	Summary *table.Table
	// Trials, Score and Spread (standard deviation over the runs, NaN for one)
	// are by trial.
	Trials        []string
	Score, Spread []float64
	Against       []Contrast // by trial, with the best
	Axes          []Axis     // of a sweep
	At            [][]int    // of a sweep: trial, then axis: place in Values
	Models        []*Model
	Notes         []string
	names         []string // of the metrics
}

// Axis is a parameter that a sweep varies.
type Axis struct {
	Name   string
	Values []string
}

// run is one training of an experiment.
type run struct {
	trial int
	label float64 // seed or fold
	model *Model
	score *Evaluation
}

// scored are the runs of the trainings that count, over all cores.
func scored(ok []int, describe func(i int) string, score func(i int) (run, error)) ([]run, error) {
	runs, errs := make([]run, len(ok)), make([]error, len(ok))
	each(len(ok), runtime.GOMAXPROCS(0), func(k int) { runs[k], errs[k] = score(ok[k]) })
	for k, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("%s: %w", describe(ok[k]), err)
		}
	}
	return runs, nil
}

// gather makes the tables of an experiment. by is "seed" or "fold".
func gather(trials []string, runs []run, by string) (*Experiment, error) {
	x := &Experiment{Trials: trials}
	first := runs[0].score
	x.Metric = rankedBy(runs)
	d, err := findMetric(x.Metric)
	if err != nil {
		return nil, err
	}
	x.LowerIsBetter = d.LowerIsBetter
	for _, s := range first.Scores {
		x.names = append(x.names, s.Name)
	}
	for _, r := range runs {
		x.Models = append(x.Models, r.model)
	}
	if x.Runs, err = x.runTable(runs, by); err != nil {
		return nil, err
	}
	return x, x.summarise(runs)
}

// rankedBy is the first metric that was asked for, where all agree on it.
func rankedBy(runs []run) string {
	metric := ""
	for _, r := range runs {
		m := r.model.settings.Metrics
		if len(m) == 0 || metric != "" && m[0] != metric {
			return defaultMetric(r.score.Kind)
		}
		metric = m[0]
	}
	return metric
}

func (x *Experiment) runTable(runs []run, by string) (*table.Table, error) {
	trial, stopped := make([]string, len(runs)), make([]string, len(runs))
	label, epochs := make([]float64, len(runs)), make([]float64, len(runs))
	for i, r := range runs {
		trial[i], label[i] = x.Trials[r.trial], r.label
		stopped[i], epochs[i] = r.model.stopped, float64(r.model.state.Epoch)
	}
	cols := []*table.Column{table.Texts("trial", trial, nil), table.Numbers(by, label), table.Numbers("epochs", epochs), table.Texts("stopped", stopped, nil)}
	for k, name := range x.names {
		v := make([]float64, len(runs))
		for i, r := range runs {
			v[i] = r.score.Scores[k].Value
		}
		cols = append(cols, table.Numbers(name, v))
	}
	return table.New(cols...)
}

func (x *Experiment) summarise(runs []run) error {
	n := len(x.Trials)
	counts := make([]float64, n)
	cols := []*table.Column{table.Texts("trial", x.Trials, nil), table.Numbers("runs", counts)}
	for k, name := range x.names {
		mean, std := make([]float64, n), make([]float64, n)
		for t := range n {
			var v []float64
			for _, r := range runs {
				if r.trial == t {
					v = append(v, r.score.Scores[k].Value)
				}
			}
			counts[t] = float64(len(v))
			mean[t], std[t] = sampleSpread(v)
		}
		if name == x.Metric {
			x.Score, x.Spread = mean, std
		}
		cols = append(cols, table.Numbers(name, mean), table.Numbers(name+" std", std))
	}
	var err error
	x.Summary, err = table.New(cols...)
	return err
}

// Best is the trial with the best mean score, the first of equals.
func (x *Experiment) Best() int {
	best := 0
	for i, s := range x.Score {
		if s == s && (x.Score[best] != x.Score[best] || s != x.Score[best] && x.LowerIsBetter == (s < x.Score[best])) {
			best = i
		}
	}
	return best
}

var errInterrupted = errors.New("the experiment was interrupted before a training was done")

// finished are the trainings whose results count: those that ended, with
// notes on those that diverged. After an interrupt, where no training of a
// trial has ended, those that had begun count as far as they got.
func finished(ctx context.Context, models []*Model, errs []error, trialOf func(i int) string, describe func(i int) string) (ok []int, notes []string, err error) {
	ended, diverged := map[string]int{}, map[string][]error{}
	all, done := map[string]int{}, 0
	for i, m := range models {
		trial := trialOf(i)
		all[trial]++
		var d *DivergedError
		switch {
		case m == nil && errs[i] != nil && ctx.Err() == nil:
			return nil, nil, fmt.Errorf("%s: %w", describe(i), errs[i])
		case m == nil || m.stopped == Interrupted:
			continue
		case errors.As(errs[i], &d):
			diverged[trial] = append(diverged[trial], d)
		}
		ended[trial]++
		done++
	}
	for _, trial := range sortedKeys(diverged) {
		d := diverged[trial]
		notes = append(notes, fmt.Sprintf("%s: %d of %d trainings diverged and are scored by their last good weights; %v", trial, len(d), all[trial], d[0]))
	}
	partly := map[string]string{}
	for i, m := range models {
		trial := trialOf(i)
		switch {
		case m == nil:
		case m.stopped != Interrupted:
			ok = append(ok, i)
		case ended[trial] == 0 && m.state.Epoch > 0:
			ok = append(ok, i)
			partly[trial] = fmt.Sprintf("%s counts as after %d of %d epochs", trial, m.state.Epoch, m.settings.Epochs)
		}
	}
	if len(ok) == 0 {
		return nil, nil, errInterrupted
	}
	if done < len(models) {
		note := fmt.Sprintf("interrupted: %d of %d trainings are done", done, len(models))
		for _, trial := range sortedKeys(partly) {
			note += "; " + partly[trial]
		}
		notes = append(notes, note)
	}
	return ok, notes, nil
}
