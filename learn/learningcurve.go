package learn

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"mlpkernel/table"
)

// LearningCurve is how scores depend on the number of training rows.
type LearningCurve struct {
	Metric        string
	LowerIsBetter bool
	Sizes         []float64 // training rows, rising
	// By size, over the seeds: scores on the training rows themselves and on rows
	// held out. Spreads are standard deviations, NaN for one seed.
	Train, TrainSpread, Held, HeldSpread []float64
	// Runs has a row for each training: rows, seed, the score on both kinds of rows.
	Runs  *table.Table
	Notes []string
}

// curveSizes are how many sizes are tried unless told.
const curveSizes = 6

// TrainAtSizes trains on parts of the rows of growing size, with so many seeds
// each, and scores on a fifth that no training sees, the same for all sizes of a
// seed. Without sizes they grow by equal factors from a twentieth to all rows.
func TrainAtSizes(ctx context.Context, o Options, sizes []int, seeds int, progress func(Progress)) (*LearningCurve, error) {
	if o.Data == nil || len(o.Target) == 0 {
		return nil, errors.New("learning_curve needs rows and a target")
	}
	if seeds < 1 || seeds > 1000 {
		return nil, fmt.Errorf("seeds must be from 1 to 1000, not %d", seeds)
	}
	data, err := o.Data.DropMissing(o.Target...)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	split := table.SplitOptions{Test: 0.2}
	if c, err := data.Col(o.Target[0]); err == nil && len(o.Target) == 1 && classLike(c) {
		split.Stratify = c.Name()
	}
	var trials []Options
	var held []*table.Table
	for k := range seeds {
		split.Seed = or(o.Seed, 0) + uint64(k)
		train, _, test, err := table.Split(data, split)
		if err != nil {
			return nil, err
		}
		if sizes, err = curveRows(sizes, train.Len()); err != nil {
			return nil, err
		}
		for _, n := range sizes {
			t, err := portion(train, n, split)
			if err != nil {
				return nil, err
			}
			one := o
			one.Data, one.Seed = t, &[]uint64{split.Seed}[0]
			one.Shelf = nil // nobody else sees these rows
			trials, held = append(trials, one), append(held, test)
		}
	}
	models, errs := FitAll(ctx, trials, progress)
	return gatherCurve(ctx, trials, held, models, errs, sizes)
}

// curveRows checks sizes, or chooses them.
func curveRows(sizes []int, rows int) ([]int, error) {
	if sizes == nil {
		from := math.Max(10, float64(rows)/20)
		for i := range curveSizes {
			sizes = append(sizes, min(rows, int(math.Round(from*math.Pow(float64(rows)/from, float64(i)/(curveSizes-1))))))
		}
		return slices.Compact(sizes), nil
	}
	sizes = slices.Compact(slices.Sorted(slices.Values(sizes)))
	if sizes[0] < 2 || sizes[len(sizes)-1] > rows {
		return nil, fmt.Errorf("sizes: want numbers of rows from 2 to %d, the training rows, got %d to %d", rows, sizes[0], sizes[len(sizes)-1])
	}
	return sizes, nil
}

// portion draws n rows.
func portion(t *table.Table, n int, split table.SplitOptions) (*table.Table, error) {
	if n == t.Len() {
		return t, nil
	}
	split.Test = float64(t.Len() - n)
	part, _, _, err := table.Split(t, split)
	return part, err
}

func gatherCurve(ctx context.Context, trials []Options, held []*table.Table, models []*Model, errs []error, sizes []int) (*LearningCurve, error) {
	at := func(i int) int { return trials[i].Data.Len() }
	name := func(i int) string { return fmt.Sprintf("%d rows", at(i)) }
	ok, notes, err := finished(ctx, models, errs, name, name)
	if err != nil {
		return nil, err
	}
	c := &LearningCurve{Notes: notes}
	var rows, seed []float64
	scores := [2][]float64{} // on the training rows, on those held out
	for _, i := range ok {
		rows, seed = append(rows, float64(at(i))), append(seed, float64(*trials[i].Seed))
		for k, t := range []*table.Table{trials[i].Data, held[i]} {
			e, err := models[i].Evaluate(context.WithoutCancel(ctx), t)
			if err != nil {
				return nil, fmt.Errorf("%d rows: %w", at(i), err)
			}
			c.Metric = defaultMetric(e.Kind)
			for _, s := range e.Scores {
				if s.Name == c.Metric {
					scores[k] = append(scores[k], s.Value)
				}
			}
		}
	}
	d, err := findMetric(c.Metric)
	if err != nil {
		return nil, err
	}
	c.LowerIsBetter = d.LowerIsBetter
	for _, n := range sizes {
		var part [2][]float64
		for i, r := range rows {
			if r == float64(n) {
				part[0], part[1] = append(part[0], scores[0][i]), append(part[1], scores[1][i])
			}
		}
		if part[0] == nil {
			continue // interrupted before
		}
		c.Sizes = append(c.Sizes, float64(n))
		mean, std := sampleSpread(part[0])
		c.Train, c.TrainSpread = append(c.Train, mean), append(c.TrainSpread, std)
		mean, std = sampleSpread(part[1])
		c.Held, c.HeldSpread = append(c.Held, mean), append(c.HeldSpread, std)
	}
	c.Runs, err = table.New(table.Numbers("rows", rows), table.Numbers("seed", seed), table.Numbers("training "+c.Metric, scores[0]), table.Numbers("held-out "+c.Metric, scores[1]))
	return c, err
}
