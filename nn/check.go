package nn

import (
	"fmt"
	"math"
	"slices"
)

// CheckData checks rows against the plan; all backends call it before they use
// data. withTarget asks for Y.
func (p *Plan) CheckData(d *Data, withTarget bool) error {
	if d == nil || d.Rows < 1 {
		return fmt.Errorf("there are no rows")
	}
	lengths := []struct {
		what       string
		got, width int
		optional   bool
	}{
		{"X", len(d.X), p.Input.Numeric, false},
		{"C", len(d.C), len(p.Input.Categories), false},
		{"Y", len(d.Y), p.Head.TargetWidth, !withTarget},
		{"W", len(d.W), 1, true},
	}
	for _, l := range lengths {
		if l.got != d.Rows*l.width && !(l.optional && l.got == 0) {
			return fmt.Errorf("%s has %d numbers, want %d rows of %d", l.what, l.got, d.Rows, l.width)
		}
	}
	return p.checkCodes(d)
}

func (p *Plan) checkCodes(d *Data) error {
	k := len(p.Input.Categories)
	for i, c := range d.C {
		if cat := p.Input.Categories[i%k]; c < -1 || int(c) >= cat.Levels {
			return fmt.Errorf("row %d: category %s has code %d, want -1 to %d", i/k, cat.Name, c, cat.Levels-1)
		}
	}
	if p.Head.Target.Kind != Classes {
		return nil
	}
	for i, y := range d.Y {
		if !(y >= 0 && int(y) < p.Head.Target.Width) {
			return fmt.Errorf("row %d: class %v, want 0 to %d", i, y, p.Head.Target.Width-1)
		}
	}
	return nil
}

// CheckOptions checks a way of training against the plan.
func (p *Plan) CheckOptions(o Options) error {
	rule := o.Optimizer.Name == "perceptron"
	switch {
	case rule && p.Head.Loss.Name != "perceptron":
		return fmt.Errorf("perceptron() trains a step unit: write output(activation=step)")
	case o.BatchSize < 0:
		return fmt.Errorf("batch_size must be positive, not %d", o.BatchSize)
	case o.ClipNorm < 0 || math.IsNaN(o.ClipNorm):
		return fmt.Errorf("clip_norm must be positive, not %v", o.ClipNorm)
	case o.Optimizer.Name == "lbfgs":
		return p.checkLBFGS(o)
	}
	return nil
}

// checkLBFGS refuses what would move the weights, or the loss, behind the back of
// steps that are told from the slopes seen so far.
func (p *Plan) checkLBFGS(o Options) error {
	switch {
	case slices.ContainsFunc(p.Steps, Step.drops):
		return fmt.Errorf("lbfgs() needs the same loss at every step, and dropout changes it; use adam()")
	case slices.ContainsFunc(p.Blocks, func(b Block) bool { return b.MaxNorm != 0 }):
		return fmt.Errorf("lbfgs() goes by the slopes alone, and max_norm= moves weights besides; use adam(), or l2= to keep weights small")
	case o.ClipNorm != 0:
		return fmt.Errorf("lbfgs() finds out how far to step itself, so clip_norm= has nothing to clip; leave it out")
	}
	return nil
}

// drops tells whether a step is dropout at a rate that is not always 0.
func (s Step) drops() bool {
	rate, constant := s.Rate.Number()
	return s.Op == OpDropout && !(constant && rate == 0)
}

// CheckReplica checks a replica against the plan.
func (p *Plan) CheckReplica(r Replica) error {
	if len(r.State.Params) != p.Size {
		return fmt.Errorf("the state has %d parameters, the plan %d", len(r.State.Params), p.Size)
	}
	if err := p.CheckData(r.Data, true); err != nil {
		return err
	}
	for _, i := range r.Rows {
		if i < 0 || int(i) >= r.Data.Rows {
			return fmt.Errorf("row %d of %d is to be trained on", i, r.Data.Rows)
		}
	}
	return nil
}

// TrainRows is the number of rows the replica trains on.
func (r Replica) TrainRows() int {
	if r.Rows != nil {
		return len(r.Rows)
	}
	return r.Data.Rows
}

// Batch is the number of rows of a full batch over so many rows.
func (o Options) Batch(rows int) int {
	if o.BatchSize == 0 || o.BatchSize > rows || o.Optimizer.Name == "lbfgs" {
		return rows
	}
	return o.BatchSize
}

// PerEpoch is the number of updates of an epoch over so many rows.
func (o Options) PerEpoch(rows int) int {
	b := max(o.Batch(rows), 1)
	return (rows + b - 1) / b
}
