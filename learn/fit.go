package learn

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Fit trains a network on a table. Where the context is cancelled, it gives
// the model trained so far, which says Interrupted. Where the loss becomes no
// finite number, it gives the last good model and a *DivergedError; with any
// other error there is no model.
func Fit(ctx context.Context, o Options) (*Model, error) {
	defer o.Shelf.tidy()
	j, err := prepare(o, nil)
	if err != nil {
		return nil, err
	}
	return fitOne(ctx, j)
}

// FitOn goes on from a model, which stays as it is, for Options.Epochs more
// epochs (default: as many as it was asked for so far). It inherits all that
// the options leave out: target, features, preparation, optimiser with its
// memory, steps counted, validation rows. Network, target, features and
// preparation cannot change.
func FitOn(ctx context.Context, m *Model, o Options) (*Model, error) {
	if err := o.fitsOn(m); err != nil {
		return nil, err
	}
	defer o.Shelf.tidy()
	j, err := prepare(o, m)
	if err != nil {
		return nil, err
	}
	return fitOne(ctx, j)
}

func fitOne(ctx context.Context, j *job) (*Model, error) {
	s, err := newSession([]*job{j})
	if err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	m := j.model(s.backend)
	if j.err != nil {
		return m, j.err
	}
	return m, nil
}

// fitsOn refuses what going on cannot change.
func (o Options) fitsOn(m *Model) error {
	s := m.settings
	anew := "; to change it, begin anew with fit(net, …)"
	switch {
	case len(o.Net.Layers()) > 0:
		return errors.New("going on keeps the model's network" + anew)
	case o.Target != nil && !slices.Equal(o.Target, s.Target):
		return fmt.Errorf("the model predicts %s, not %s%s", nameList(s.Target), nameList(o.Target), anew)
	case o.Features != nil && !slices.Equal(o.Features, s.Features):
		return fmt.Errorf("the model learns from %s%s", nameList(s.Features), anew)
	case o.otherPrep(m):
		return errors.New("the model keeps the preparation it has learnt" + anew)
	case o.ClassWeight.given() || o.NoClassWeight && s.ClassWeight.given():
		return errors.New("going on keeps the class weights" + anew)
	case o.Positive != "" && o.Positive != m.positive():
		return fmt.Errorf("the model's positive class is %s%s", m.positive(), anew)
	}
	return nil
}

func (m *Model) positive() string {
	if c := m.coder.target.Classes; len(c) > 0 {
		return c[len(c)-1]
	}
	return ""
}

// job is one training, made ready.
type job struct {
	opts     Options
	settings Settings
	net      nn.Network
	plan     *nn.Plan
	watched  *table.Table // validation table given
	notes    []string
	readied
	tracker
}

// prepare resolves options for rows; base is the model to go on from, or nil.
func prepare(o Options, base *Model) (*job, error) {
	j := &job{opts: o, net: o.Net}
	if o.Data == nil || o.Data.Len() == 0 {
		return nil, errors.New("fit needs rows to train on, and the data have none")
	}
	if base == nil {
		j.settings = o.resolve(nil)
	} else {
		j.settings = o.resolve(&base.settings)
		j.net, j.watched = base.net, base.validation
		if o.Backends == nil {
			j.opts.Backends = []nn.Backend{base.backend}
		}
	}
	if o.Validation.said() {
		j.watched = o.Validation.Table
	}
	var lost []string
	if base != nil && base.settings.ValidationTable && j.watched == nil && !o.Validation.said() {
		what := "the model's validation rows were a table, which a file does not keep; give validation= again"
		if j.settings.EarlyStopping > 0 {
			return nil, errors.New("early stopping: " + what)
		}
		j.settings.ValidationTable = false
		lost = []string{what}
	}
	if base != nil && o.Validation.None && j.settings.EarlyStopping > 0 {
		return nil, errors.New("early stopping: validation=0 leaves no rows to watch; write early_stopping=None too")
	}
	if len(j.net.Layers()) == 0 {
		return nil, errors.New("fit needs a network, such as dense(8, relu) >> output()")
	}
	if base == nil {
		if err := j.checkKept(); err != nil {
			return nil, err
		}
		j.settings.Features = j.chosenFeatures()
	}
	watches := j.watchesShare()
	var err error
	if j.readied, err = o.Shelf.get(j.rowsKey(base), func() (readied, error) { return j.ready(base) }); err != nil {
		return nil, err
	}
	warnings := j.warnings
	if base == nil {
		far := j.beyondReach()
		warnings = slices.Concat(warnings, far)
		j.notes = slices.Concat(j.divided, watches, j.learnt, messages(far), j.encoded)
	} else {
		j.notes = slices.Concat(base.notes, lost, j.divided, watches, j.encoded)
	}
	if j.plan == nil { // others have made them
		if err := j.lower(); err != nil {
			return nil, err
		}
	}
	if base == nil {
		j.notes = append(j.notes, j.givenNote()...)
	}
	j.schedule(base)
	if err := j.check(); err != nil {
		return nil, err
	}
	if o.Warn != nil && len(warnings) > 0 && base == nil {
		o.Warn(slices.Clone(warnings))
	}
	return j, nil
}

// ready makes rows ready.
func (j *job) ready(base *Model) (readied, error) {
	train, valid, err := j.divide(j.opts.Data)
	if err != nil {
		return readied{}, err
	}
	if base == nil {
		err = j.learn(train)
	} else {
		err = j.inherit(base, train)
	}
	if err != nil {
		return readied{}, err
	}
	if err := j.encode(train, valid); err != nil {
		return readied{}, err
	}
	return j.readied, nil
}

// watchesShare gives early stopping rows to watch where there are none, and says so.
func (j *job) watchesShare() (notes []string) {
	s := &j.settings
	if s.EarlyStopping > 0 && s.ValidationShare == 0 && j.watched == nil {
		s.ValidationShare = 0.1
		notes = []string{"early stopping watches 10 % of the rows, since no validation= was given"}
	}
	return notes
}

// divide takes validation rows away, and rows without a target.
func (j *job) divide(t *table.Table) (train, valid *table.Table, err error) {
	s := &j.settings
	if len(s.Target) == 0 {
		return nil, nil, errors.New("fit needs a target: the name of the column to predict")
	}
	complete, err := t.DropMissing(s.Target...)
	if err != nil {
		return nil, nil, fmt.Errorf("target: %w", err)
	}
	j.counts.Dropped = t.Len() - complete.Len()
	if j.counts.Dropped > 0 {
		j.divided = append(j.divided, droppedNote(j.counts.Dropped, t.Len(), s.Target))
	}
	if complete.Len() == 0 {
		return nil, nil, fmt.Errorf("none of the %d rows has a value in %s", t.Len(), nameList(s.Target))
	}
	if s.ValidationShare == 0 || j.watched != nil {
		return complete, j.watched, nil
	}
	if !(s.ValidationShare > 0 && s.ValidationShare < 1) {
		return nil, nil, fmt.Errorf("validation=%v: give a share between 0 and 1, or a table", s.ValidationShare)
	}
	by := ""
	if c, err := complete.Col(s.Target[0]); err == nil && len(s.Target) == 1 && classLike(c) {
		by = c.Name()
	}
	train, valid, _, err = table.Split(complete, table.SplitOptions{Validation: s.ValidationShare, Stratify: by, Seed: s.validationSeed()})
	if err != nil {
		return nil, nil, fmt.Errorf("validation=%v: %w", s.ValidationShare, err)
	}
	return train, valid, nil
}

// classLike tells whether rows can be divided by a target's values.
func classLike(c *table.Column) bool {
	return c.Type() == table.Category || c.Type() == table.Boolean || c.Type() == table.Number && c.Unique().Len() == 2
}

// learn learns target and preparation from the training rows.
func (j *job) learn(train *table.Table) error {
	s := &j.settings
	o := table.TargetOptions{Positive: s.Positive, Raw: squashed(j.net), Numbers: numbersLoss(s.Loss), ClassesOf: j.opts.classesOf}
	var err error
	if j.coder.target, err = table.FitTarget(train, s.Target, o); err != nil {
		return err
	}
	if err := j.checkFeatures(train); err != nil {
		return err
	}
	prep := j.opts.Prep
	if prep == nil && !j.opts.NoPrep {
		prep = table.Auto{}
	}
	if j.coder.prep, err = table.FitPrep(prep, train, s.Features); err != nil {
		return err
	}
	if k := j.coder.target.Kind; s.Positive != "" && k != table.TargetBinary && k != table.TargetClasses {
		return fmt.Errorf("positive=%q is for a target of classes; leave it out, as %s is %s", s.Positive, nameList(s.Target), kindText(k))
	}
	if err := j.weighs(train); err != nil {
		return err
	}
	if err := j.coder.learnClassWeight(s.ClassWeight, train); err != nil {
		return err
	}
	j.learnt = append([]string{j.coder.target.Report()}, j.coder.prep.Report()...)
	return j.warn(train)
}

// weighs takes over the column of weights, which training rows must have.
func (j *job) weighs(train *table.Table) error {
	j.coder.sampleWeight = j.settings.SampleWeight
	if j.coder.sampleWeight == "" {
		return nil
	}
	_, err := train.Col(j.coder.sampleWeight)
	if err != nil {
		err = fmt.Errorf("sample_weight: %w", err)
	}
	return err
}

// warn adds the guards' sentences.
func (j *job) warn(train *table.Table) error {
	if len(j.settings.Target) > 1 || slices.Contains(j.settings.Features, j.settings.Target[0]) {
		return nil
	}
	var err error
	if j.warnings, err = table.CheckFeatures(train, j.settings.Features, j.settings.Target[0]); err != nil {
		return err
	}
	found := slices.Clone(j.warnings)
	if j.watched != nil {
		both, err := table.CheckSplit(train, j.watched, append(slices.Clone(j.settings.Features), j.settings.Target...))
		if err != nil {
			return fmt.Errorf("validation rows: %w", err)
		}
		found = append(found, both...)
	}
	j.learnt = append(j.learnt, messages(found)...)
	return nil
}

// chosenFeatures are the columns to learn from.
func (j *job) chosenFeatures() []string {
	if j.opts.Features != nil {
		return j.opts.Features
	}
	if k, ok := j.opts.Prep.(table.Kept); ok {
		return k.Columns()
	}
	s := j.settings
	return slices.DeleteFunc(j.opts.Data.Columns(), func(name string) bool {
		return slices.Contains(s.Target, name) || name == s.SampleWeight || slices.Contains(j.opts.Exclude, name)
	})
}

// checkFeatures refuses features that are not there.
func (j *job) checkFeatures(t *table.Table) error {
	_, err := t.Select(j.settings.Features...)
	switch {
	case err != nil:
		return fmt.Errorf("features: %w", err)
	case len(j.settings.Features) > 0:
		return nil
	case j.opts.Features != nil:
		return errors.New("features: name at least one")
	}
	return fmt.Errorf("the table has no column to learn %s from", nameList(j.settings.Target))
}

// inherit takes over what a model has learnt.
func (j *job) inherit(base *Model, train *table.Table) error {
	j.coder = base.coder
	return j.weighs(train)
}

// encode makes the rows ready; the head is known only after lowering.
func (j *job) encode(train, valid *table.Table) error {
	err := j.lower()
	if err != nil {
		return err
	}
	if j.train, err = j.coder.complete(train); err != nil {
		return err
	}
	if valid != nil {
		if j.valid, err = j.coder.complete(valid); err != nil {
			return fmt.Errorf("validation rows: %w", err)
		}
		j.counts.Validation = j.valid.data.Rows
		for _, n := range j.valid.notes {
			j.encoded = append(j.encoded, "validation rows: "+n)
		}
	}
	j.counts.Train = j.train.data.Rows
	j.data = dataPrint(j.train, j.valid)
	return nil
}

// lower resolves the network for the rows.
func (j *job) lower() error {
	plan, err := nn.Lower(j.net, j.coder.spec(j.settings))
	if err != nil {
		return j.givenAdvice(err)
	}
	j.plan, j.coder.head, j.settings.Loss = plan, plan.Head, plan.Head.Loss
	return nil
}

// model makes a model of a finished job.
func (j *job) model(backend nn.Backend) *Model {
	return &Model{
		net: j.net, plan: j.plan, state: j.state, coder: j.coder, settings: j.settings,
		history: j.history, record: j.record, notes: j.notes, stopped: j.stopped, best: j.best,
		print: j.fingerprint(), stage: j.program(), before: j.before, horizon: j.horizon(), end: j.end, rows: j.counts, volatile: Volatile{Wall: j.wall, Device: j.device},
		backend: backend, validation: j.watched,
	}
}
