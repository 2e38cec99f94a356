package learn

import (
	"context"
	"fmt"
	"math"

	"mlpkernel/table"
)

// CrossValidate divides the rows into folds, trains on all but one and scores
// on that one, for each; with by.Order, on those before it. Where by names no
// column, folds have the shares of the classes, if the target has any. A column
// to group by is no feature. Preparation is learnt anew in every fold, from its
// training rows; classes are those of all rows, since a fold may lack some.
func CrossValidate(ctx context.Context, o Options, folds int, by table.FoldOptions, progress func(Progress)) (*Experiment, error) {
	if o.Data == nil || len(o.Target) == 0 {
		return nil, fmt.Errorf("cross_validate needs rows and a target")
	}
	data, err := o.Data.DropMissing(o.Target...)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	if c, err := data.Col(o.Target[0]); err == nil && len(o.Target) == 1 && by.Group+by.Order+by.Stratify == "" && classLike(c) {
		by.Stratify = c.Name()
	}
	parts, err := table.Folds(data, folds, by)
	if err != nil {
		return nil, err
	}
	if by.Group != "" {
		o.Exclude = append(append([]string(nil), o.Exclude...), by.Group)
	}
	trials := make([]Options, len(parts))
	for i, f := range parts {
		trials[i] = o
		trials[i].Data, trials[i].classesOf = data.Take(f.Train), data
		trials[i].Shelf = nil // nobody else sees these rows
	}
	models, errs := FitAll(ctx, trials, progress)
	describe := func(i int) string { return fmt.Sprintf("fold %d", i+1) }
	ok, notes, err := finished(ctx, models, errs, func(int) string { return "the network" }, describe)
	if err != nil {
		return nil, err
	}
	runs, err := scored(ok, describe, func(i int) (r run, err error) {
		r = run{label: float64(i + 1), model: models[i]}
		r.score, err = r.model.Evaluate(context.WithoutCancel(ctx), data.Take(parts[i].Test))
		return r, err
	})
	if err != nil {
		return nil, err
	}
	x, err := gather([]string{o.Net.String()}, runs, "fold")
	if err != nil {
		return nil, err
	}
	x.Notes = notes
	return x, nil
}

// sampleSpread is the mean and the standard deviation of a sample (divided by
// n - 1), NaN of a single value.
func sampleSpread(v []float64) (mean, std float64) {
	mean, std = meanStd(v)
	n := float64(len(v))
	if n < 2 {
		return mean, math.NaN()
	}
	return mean, float64(std * math.Sqrt(n/(n-1)))
}
