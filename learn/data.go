package learn

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// coder turns rows of a table into what a network takes: the learnt
// preparation, the learnt target, and what the head wants of it.
type coder struct {
	prep   *table.Fitted
	target *table.Target
	head   nn.Head
	// classWeight is by class, nil if all count 1; sampleWeight is a column.
	classWeight  []float64
	sampleWeight string
}

// spec is what the network is lowered for.
func (c *coder) spec(s Settings) nn.Spec {
	in := nn.Input{Numeric: len(c.prep.Features())}
	for _, e := range c.prep.Embeddings() {
		in.Categories = append(in.Categories, nn.Category{Name: e.Name, Levels: len(e.Levels)})
	}
	return nn.Spec{
		Input: in, Target: nn.Target{Kind: targetKinds[c.target.Kind], Width: c.target.Width()},
		Loss: s.Loss, Penalty: nn.Penalty{L1: s.L1, L2: s.L2},
	}
}

// targetKinds is fixed.
var targetKinds = map[table.TargetKind]nn.TargetKind{
	table.TargetBinary: nn.Binary, table.TargetClasses: nn.Classes,
	table.TargetNumbers: nn.Numbers, table.TargetLabels: nn.Labels,
}

// inputs prepares rows without their target. Notes say what training had not.
func (c *coder) inputs(t *table.Table) (*nn.Data, []string, error) {
	if t == nil || t.Len() == 0 {
		return nil, nil, errors.New("there are no rows")
	}
	e, err := c.prep.Apply(t)
	if err != nil {
		return nil, nil, err
	}
	d := &nn.Data{Rows: e.Rows, X: e.X}
	if k := len(e.Index); k > 0 {
		// Index 0 is missing or unseen; a network's code for that is -1.
		d.C = make([]int32, e.Rows*k)
		for j, index := range e.Index {
			for i, v := range index {
				d.C[i*k+j] = v - 1
			}
		}
	}
	var notes []string
	for _, s := range e.Surprises {
		notes = append(notes, s.String())
	}
	return d, notes, nil
}

// rows is a table made ready, with its targets.
type rows struct {
	data  *nn.Data
	truth truth
	notes []string
}

// truth is the target of rows in the target's own terms.
type truth struct {
	class []int32   // for classes
	y     []float64 // rows × width: 0 and 1, or numbers in their own units
}

// complete prepares the rows that have a target.
func (c *coder) complete(t *table.Table) (*rows, error) {
	if t == nil || t.Len() == 0 {
		return nil, errors.New("there are no rows")
	}
	keep, err := c.target.Complete(t)
	if err != nil {
		return nil, err
	}
	if len(keep) == 0 {
		return nil, fmt.Errorf("none of the %d rows has a target (%s)", t.Len(), nameList(c.target.Names))
	}
	var notes []string
	if dropped := t.Len() - len(keep); dropped > 0 {
		notes = append(notes, droppedNote(dropped, t.Len(), c.target.Names))
		t = t.Take(keep)
	}
	d, more, err := c.inputs(t)
	if err != nil {
		return nil, err
	}
	r := &rows{data: d, notes: append(notes, more...)}
	e, err := c.target.Encode(t)
	if err != nil {
		return nil, err
	}
	c.targets(r, e)
	return r, c.weights(r, t)
}

func droppedNote(dropped, all int, names []string) string {
	return fmt.Sprintf("%d of %d rows have no value in %s and were left out", dropped, all, nameList(names))
}

// targets fills in Y and the truth, which takes e's numbers over.
func (c *coder) targets(r *rows, e *table.EncodedTarget) {
	d := r.data
	r.truth = truth{class: e.Class, y: e.Y}
	if c.head.Target.Kind == nn.Classes {
		d.Y = make([]float32, d.Rows)
		for i, k := range e.Class {
			d.Y[i] = float32(k)
		}
		return
	}
	d.Y = make([]float32, len(e.Y))
	for i, y := range e.Y {
		d.Y[i] = float32(y)
	}
	if c.target.Kind == table.TargetNumbers {
		c.target.Invert(r.truth.y)
	}
}

// weights folds weights of rows and of classes into one. Only their proportions
// count: their mean is made 1, as nn.Data wants it.
func (c *coder) weights(r *rows, t *table.Table) error {
	if c.classWeight == nil && c.sampleWeight == "" {
		return nil
	}
	w := make([]float64, r.data.Rows)
	for i := range w {
		w[i] = 1
		if c.classWeight != nil {
			w[i] = c.classWeight[r.truth.class[i]]
		}
	}
	if c.sampleWeight != "" && t.Has(c.sampleWeight) {
		col, err := t.Col(c.sampleWeight)
		if err != nil {
			return err
		}
		if col.Type() != table.Number && col.Type() != table.Boolean {
			return fmt.Errorf("sample_weight=%q is %s; weights are numbers", c.sampleWeight, col.Type())
		}
		for i := range w {
			v := col.Float(i)
			if !(v >= 0) {
				return fmt.Errorf("sample_weight=%q, row %d: %v is no weight; weights are numbers from 0 on", c.sampleWeight, i, v)
			}
			w[i] *= v
		}
	}
	var total float64
	for _, v := range w {
		total += v
	}
	mean := total / float64(len(w))
	switch {
	case total == 0:
		return errors.New("all weights of rows are 0")
	case math.IsInf(total, 0):
		return errors.New("the weights of rows add up to more than a number can hold; only their proportions count, so divide them by the greatest")
	case math.Abs(mean-1) < 1e-9: // but for rounding, as it is where classes are balanced
		mean = 1
	}
	r.data.W = make([]float32, len(w))
	for i, v := range w {
		r.data.W[i] = float32(v / mean)
	}
	return nil
}

// learnClassWeight resolves class weights by the training rows.
func (c *coder) learnClassWeight(w ClassWeight, t *table.Table) error {
	if !w.given() {
		return nil
	}
	if c.target.Kind != table.TargetBinary && c.target.Kind != table.TargetClasses {
		return fmt.Errorf("class_weight is for a target of classes, and %s is not", nameList(c.target.Names))
	}
	c.classWeight = make([]float64, len(c.target.Classes))
	for i := range c.classWeight {
		c.classWeight[i] = 1
	}
	if w.Balanced {
		e, err := c.target.Encode(t)
		if err != nil {
			return err
		}
		counts, present := make([]float64, len(c.classWeight)), 0
		for _, k := range e.Class {
			if counts[k]++; counts[k] == 1 {
				present++
			}
		}
		for i, n := range counts {
			if n > 0 {
				c.classWeight[i] = float64(e.Rows) / (float64(present) * n)
			}
		}
	}
	for _, class := range sortedKeys(w.By) {
		i := slices.Index(c.target.Classes, class)
		if i < 0 {
			return fmt.Errorf("class_weight names %q, which is not a class of %s; there are %s", class, c.target.Names[0], nameList(c.target.Classes))
		}
		if !(w.By[class] >= 0) {
			return fmt.Errorf("class_weight of %q is %v; weights are numbers from 0 on", class, w.By[class])
		}
		c.classWeight[i] = w.By[class]
	}
	return nil
}
