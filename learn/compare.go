package learn

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"mlpkernel/table"
)

// Compare trains each trial with so many seeds (Seed, Seed+1, …) and scores
// it on its validation rows; a trial that names none holds out a fifth. The
// result is the same whatever the number of threads.
func Compare(ctx context.Context, trials []Trial, seeds int, progress func(Progress)) (*Experiment, error) {
	if len(trials) == 0 {
		return nil, errors.New("there is nothing to compare; give at least one trial")
	}
	if seeds < 1 || seeds > 1000 {
		return nil, fmt.Errorf("seeds must be from 1 to 1000, not %d", seeds)
	}
	var options []Options
	var runs []run
	names := make([]string, len(trials))
	trials = slices.Clone(trials)
	notes := holdOut(trials)
	for t, trial := range trials {
		names[t] = trial.Name
		for k := range seeds {
			o := trial.Options
			seed := or(o.Seed, 0) + uint64(k)
			o.Seed = &seed
			options = append(options, o)
			runs = append(runs, run{trial: t, label: float64(seed)})
		}
	}
	jobs, models, errs := fitAll(ctx, options, progress)
	describe := func(i int) string { return fmt.Sprintf("%s, seed %v", names[runs[i].trial], runs[i].label) }
	ok, more, err := finished(ctx, models, errs, func(i int) string { return names[runs[i].trial] }, describe)
	if err != nil {
		return nil, err
	}
	done, err := scored(ok, describe, func(i int) (r run, err error) {
		r = runs[i]
		r.model = models[i]
		r.score, err = r.model.evaluateRows(context.WithoutCancel(ctx), jobs[i].valid)
		return r, err
	})
	if err != nil {
		return nil, err
	}
	x, err := gather(names, done, "seed")
	if err != nil {
		return nil, err
	}
	x.contrasts(done, !slices.ContainsFunc(trials, func(t Trial) bool { return t.Options.Validation.Table != nil }))
	x.Notes = append(notes, more...)
	return x, nil
}

// holdOut gives validation rows to trials that have none.
func holdOut(trials []Trial) []string {
	var notes []string
	for i := range trials {
		o := &trials[i].Options
		if !o.Validation.given() {
			o.Validation.Share = 0.2
			notes = []string{"scored on a fifth of the rows, held out by seed, since no validation= was given"}
		}
	}
	return notes
}

// Point is one trial of a sweep: places in the axes' values, and what to train.
type Point struct {
	At      []int
	Options Options
}

// Sweep trains all points of a grid, each with so many seeds, as Compare does.
func Sweep(ctx context.Context, axes []Axis, points []Point, seeds int, progress func(Progress)) (*Experiment, error) {
	trials := make([]Trial, len(points))
	for i, p := range points {
		name := ""
		for a, k := range p.At {
			name = joined(name, axes[a].Name+"="+axes[a].Values[k], ", ")
		}
		trials[i] = Trial{Name: name, Options: p.Options}
	}
	x, err := Compare(ctx, trials, seeds, progress)
	if err != nil {
		return nil, err
	}
	x.Axes = axes
	for _, p := range points {
		x.At = append(x.At, p.At)
	}
	x.Summary, err = x.axisColumns(x.Summary)
	return x, err
}

// axisColumns puts a column for each axis in the place of the trial's name.
func (x *Experiment) axisColumns(t *table.Table) (*table.Table, error) {
	var cols []*table.Column
	for a, axis := range x.Axes {
		v := make([]string, len(x.At))
		for i, at := range x.At {
			v[i] = axis.Values[at[a]]
		}
		c := table.Texts(axis.Name, v, nil)
		if n, err := c.ToNumber(); err == nil {
			c = n
		}
		cols = append(cols, c)
	}
	for i := 1; i < t.Width(); i++ {
		cols = append(cols, t.At(i))
	}
	return table.New(cols...)
}

// Grid lists all combinations of values of axes, the last axis running fastest.
func Grid(axes []Axis) [][]int {
	out := [][]int{nil}
	for _, a := range axes {
		var next [][]int
		for _, at := range out {
			for k := range a.Values {
				next = append(next, append(append([]int(nil), at...), k))
			}
		}
		out = next
	}
	return out
}
