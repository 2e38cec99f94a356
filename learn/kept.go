package learn

import (
	"errors"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// A network may begin with layers of a model, which know their inputs as the
// model's preparation made them: table.Kept keeps it.

// otherPrep tells whether options name another preparation than a model's.
func (o Options) otherPrep(m *Model) bool {
	if k, ok := o.Prep.(table.Kept); ok {
		return k.Fitted != m.coder.prep
	}
	return o.Prep != nil && o.Prep.Source() != m.settings.Prep || o.NoPrep && m.settings.Prep != "None"
}

// checkKept refuses a preparation that is kept and takes the target, which
// nobody named as a feature.
func (j *job) checkKept() error {
	k, kept := j.opts.Prep.(table.Kept)
	if !kept || j.opts.Features != nil || !slices.ContainsFunc(k.Columns(), func(c string) bool { return slices.Contains(j.settings.Target, c) }) {
		return nil
	}
	return fmt.Errorf("prep: the preparation that is kept takes the target %s too, so the layers would see the answer; predict another column, or name the features", nameList(j.settings.Target))
}

// keepAdvice is how layers of a model get the inputs that they know.
const keepAdvice = "for layers of a model m, prep=m.prep keeps what they were trained with"

// givenAdvice adds it where a first layer is for another number of inputs.
func (j *job) givenAdvice(err error) error {
	var e *nn.LayerError
	if _, kept := j.opts.Prep.(table.Kept); !kept && errors.As(err, &e) && e.OtherInputs {
		e.Msg += "; " + keepAdvice
	}
	return err
}

// givenNote says of a first layer whose weights were given that they may come
// from where inputs were prepared otherwise.
func (j *job) givenNote() []string {
	i := slices.IndexFunc(j.plan.Blocks, func(b nn.Block) bool { return b.Role == nn.Weights })
	_, kept := j.opts.Prep.(table.Kept)
	if i < 0 || j.plan.Blocks[i].Given == nil || kept || !j.coder.prep.Measures() {
		return nil
	}
	return []string{fmt.Sprintf("%s begins with weights that were given, and the preparation of its inputs was learnt anew, from these rows; %s", j.plan.Blocks[i].Layer, keepAdvice)}
}
