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
	ok, notes, err := finished(ctx, models, errs, func(int) string { return "the ensemble" }, func(i int) string { return fmt.Sprintf("member %d", i+1) })
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
func (e *Ensemble) Predict(ctx context.Context, t *table.Table) (*Prediction, error) {
	a, notes, err := e.mean(ctx, t)
	if err != nil {
		return nil, err
	}
	return e.Models[0].prediction(a, notes)
}

// Probabilities gives the mean of the members' probabilities, as Model.Probabilities does.
func (e *Ensemble) Probabilities(ctx context.Context, t *table.Table) (*Prediction, error) {
	m := e.Models[0]
	if err := m.hasProbabilities(); err != nil {
		return nil, err
	}
	a, notes, err := e.mean(ctx, t)
	if err != nil {
		return nil, err
	}
	return m.probabilities(a, notes)
}

// mean is the mean of the members' answers.
func (e *Ensemble) mean(ctx context.Context, t *table.Table) (a *Answers, notes []string, err error) {
	var all []*Answers
	for _, m := range e.Models {
		a, n, err := m.ask(ctx, t)
		if err != nil {
			return nil, nil, err
		}
		all, notes = append(all, a), n
	}
	return averageAnswers(all), notes, nil
}

// Evaluate scores the mean of the members' answers; Loss is the mean of the
// members' losses, and a note says how good the members are alone.
func (e *Ensemble) Evaluate(ctx context.Context, t *table.Table) (*Evaluation, error) {
	m := e.Models[0]
	keep, err := m.coder.target.Complete(t)
	if err != nil {
		return nil, err
	}
	t = t.Take(keep)
	var all []*Answers
	var loss float64
	var alone []float64
	d, err := findMetric(defaultMetric(m.coder.target.Kind))
	if err != nil {
		return nil, err
	}
	for _, m := range e.Models {
		a, _, l, err := m.answers(ctx, t)
		if err != nil {
			return nil, err
		}
		all, alone = append(all, a), append(alone, d.F(a))
		loss += l / float64(len(e.Models))
	}
	mean, std := sampleSpread(alone)
	note := fmt.Sprintf("each of the %d members alone: %s %s ± %s", len(e.Models), d.Name, short(mean), short(std))
	return m.evaluation(averageAnswers(all), loss, []string{note}), nil
}

// MeanScore is a score's mean and standard deviation over the members.
type MeanScore struct {
	Name      string
	Mean, Std float64
}

// Final are the members' losses and metrics at the end of their training.
func (e *Ensemble) Final() []MeanScore {
	values := map[string][]float64{}
	var names []string
	for _, m := range e.Models {
		if m.history.Len() == 0 {
			continue
		}
		for _, f := range m.finalScores() {
			if values[f.Name] == nil {
				names = append(names, f.Name)
			}
			values[f.Name] = append(values[f.Name], f.Value)
		}
	}
	var out []MeanScore
	for _, name := range names {
		mean, std := sampleSpread(values[name])
		out = append(out, MeanScore{name, mean, std})
	}
	return out
}
