package learn

import (
	"context"
	"fmt"

	"mlpkernel/table"
)

// Ensemble is models of one kind whose answers are averaged.
type Ensemble struct {
	Models []*Model
	Notes  []string
}

// FitEnsemble trains so many members that differ by their seed (Seed, Seed+1,
// …), and so in initial weights, order of rows, dropout masks and validation
// rows drawn by share.
func FitEnsemble(ctx context.Context, o Options, members int, progress func(Progress)) (*Ensemble, error) {
	if members < 2 || members > 1000 {
		return nil, fmt.Errorf("an ensemble has from 2 to 1000 members, not %d", members)
	}
	trials := make([]Options, members)
	for i := range trials {
		seed := or(o.Seed, 0) + uint64(i)
		trials[i] = o
		trials[i].Seed = &seed
	}
	models, errs := FitAll(ctx, trials, progress)
	ok, notes, err := finished(ctx, models, errs, func(i int) string { return fmt.Sprintf("member %d", i+1) })
	if err != nil {
		return nil, err
	}
	e := &Ensemble{Notes: notes}
	for _, i := range ok {
		e.Models = append(e.Models, models[i])
	}
	return e, nil
}

// Spread predicts rows with every member: mean and spread of their answers.
func (e *Ensemble) Spread(ctx context.Context, t *table.Table) (*Spread, error) {
	s := e.Models[0].newSpreading(t)
	for _, m := range e.Models {
		a, _, err := m.ask(ctx, t)
		if err != nil {
			return nil, err
		}
		s.add(a)
	}
	return s.finish()
}

// Predict gives the target columns by the mean of the members' answers.
func (e *Ensemble) Predict(ctx context.Context, t *table.Table) (*table.Table, error) {
	a, err := e.mean(ctx, t)
	if err != nil {
		return nil, err
	}
	cols, err := e.Models[0].targetColumns(a)
	if err != nil {
		return nil, err
	}
	return table.New(cols...)
}

// mean is the mean of the members' answers.
func (e *Ensemble) mean(ctx context.Context, t *table.Table) (*Answers, error) {
	var all []*Answers
	for _, m := range e.Models {
		a, _, err := m.ask(ctx, t)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return averageAnswers(all), nil
}

// Evaluate scores the mean of the members' answers; Loss is the mean of the
// members' losses.
func (e *Ensemble) Evaluate(ctx context.Context, t *table.Table) (*Evaluation, error) {
	m := e.Models[0]
	keep, err := m.coder.target.Complete(t)
	if err != nil {
		return nil, err
	}
	t = t.Take(keep)
	var all []*Answers
	var loss float64
	for _, m := range e.Models {
		a, _, l, err := m.answers(ctx, t)
		if err != nil {
			return nil, err
		}
		all = append(all, a)
		loss += l / float64(len(e.Models))
	}
	return m.evaluation(averageAnswers(all), loss, nil), nil
}
