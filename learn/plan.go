package learn

import (
	"errors"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// schedule fixes how long and from where a job trains.
func (j *job) schedule(base *Model) {
	s := &j.settings
	if s.Optimizer.Name == "lbfgs" && j.opts.BatchSize == nil && s.BatchSize != 0 {
		s.BatchSize = 0
		j.notes = append(j.notes, "lbfgs() takes all rows at each step, so batch_size is that of all rows")
	}
	epochs := or(j.opts.Epochs, j.defaultEpochs(base))
	if base == nil {
		j.notes = append(j.notes, j.plan.Notes...)
		if s.Metrics == nil {
			s.Metrics = []string{defaultMetric(j.coder.target.Kind)}
		}
		j.state = j.plan.NewState(s.Seed)
	} else {
		j.resume(base)
	}
	j.until = j.state.Epoch + epochs
	s.Epochs = j.until
	j.history.grow(min(epochs, mostAtOnce))
	if base != nil {
		j.follow(base)
	}
}

// mostAtOnce bounds the memory that a history gets in advance.
const mostAtOnce = 1 << 17

// defaultEpochs is 50, or as many as make 1,000 steps; going on, as many as
// the model was trained for.
func (j *job) defaultEpochs(base *Model) int {
	if base != nil {
		return base.settings.Epochs
	}
	perEpoch := j.nnOptions().PerEpoch(j.train.data.Rows)
	return max(50, (1000+perEpoch-1)/perEpoch)
}

// resume takes over a model's state and history.
func (j *job) resume(base *Model) {
	j.state = base.state.Clone()
	if base.end.Params != nil {
		j.state = base.end.Clone()
	}
	if base.settings.EarlyStopping > 0 {
		j.bestKept = base.state
	}
	j.state.Seed = j.settings.Seed
	if base.settings.Optimizer.Name != j.settings.Optimizer.Name {
		j.state.Slots = nn.Slots{}
	}
	done := j.state.Epoch
	// Columns of a history mean one thing from top to bottom.
	same := slices.Equal(base.settings.Metrics, j.settings.Metrics)
	j.history = base.history.head(done, func(e *Epoch) {
		if !same {
			e.Metrics, e.ValMetrics = nil, nil
		}
	})
	for _, r := range base.record {
		if r.Epoch <= done {
			j.record = append(j.record, r)
		}
	}
	j.ends = []int{done, base.state.Epoch}
	j.restoreBest()
}

// check refuses options that do not suit the target.
func (j *job) check() error {
	s := j.settings
	if s.Epochs < 0 || or(j.opts.Epochs, 0) < 0 {
		return fmt.Errorf("epochs must be 0 or more, not %d", *j.opts.Epochs)
	}
	for i, name := range s.Metrics {
		d, err := findMetric(name)
		if err != nil {
			return err
		}
		if !slices.Contains(d.Kinds, j.coder.target.Kind) {
			return fmt.Errorf("metric %q is not for %s; there are %s", name, kindText(j.coder.target.Kind), nameList(metricNames(j.coder.target.Kind)))
		}
		if slices.Contains(s.Metrics[:i], name) {
			return fmt.Errorf("metrics name %q twice", name)
		}
	}
	for _, r := range s.Record {
		if !slices.Contains([]string{"weights", "gradients", "activations", "none"}, r) {
			return fmt.Errorf("record: %q is not known; there are weights, gradients, activations and none", r)
		}
	}
	if j.records("none") && len(s.Record) > 1 {
		return errors.New("record: none is said alone, or not at all")
	}
	if err := j.checkNorms(); err != nil {
		return err
	}
	return j.plan.CheckOptions(j.nnOptions())
}

// checkNorms refuses norms over a single value, which always say the same.
func (j *job) checkNorms() error {
	for _, s := range j.plan.Steps {
		switch {
		case s.Op == nn.OpBatchNorm && j.nnOptions().Batch(j.train.data.Rows) == 1:
			return fmt.Errorf("%s: batch_norm() compares the rows of a batch, and of 1 row it always says the same; take a greater batch_size, or layer_norm()", s.Layer)
		case s.Op == nn.OpLayerNorm && j.plan.Widths[s.In] == 1:
			return fmt.Errorf("%s: layer_norm() compares the units of a row, and of 1 unit it always says the same; take more units, or batch_norm()", s.Layer)
		}
	}
	return nil
}

func kindText(k table.TargetKind) string {
	return map[table.TargetKind]string{
		table.TargetBinary: "two classes", table.TargetClasses: "classes",
		table.TargetNumbers: "numbers", table.TargetLabels: "several yes-or-no targets",
	}[k]
}

// nnOptions are the options of the program.
func (j *job) nnOptions() nn.Options {
	s := j.settings
	return nn.Options{Optimizer: s.Optimizer, BatchSize: s.BatchSize, InOrder: !s.Shuffle, ClipNorm: s.ClipNorm, Threads: j.opts.Threads, Precision: s.Precision}
}

// numbersLoss tells whether a loss is for quantities alone, so that a number of
// only 0 and 1 is one.
func numbersLoss(l nn.Loss) bool {
	return l.Given() && slices.Equal(l.Def().Targets, []nn.TargetKind{nn.Numbers})
}
