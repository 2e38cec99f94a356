package table

import (
	"fmt"
	"math"
	"slices"
)

// plan: how each preparation learns its steps from the training columns.

func (Auto) plan(w *work) error {
	var ids []*Column
	for _, c := range w.cols {
		if identifierLike(c) {
			ids = append(ids, c)
		}
	}
	if len(ids) > 0 {
		w.say("left out: %s (like an identifier: a different value in every row)", list(namesOf(ids)))
		if err := w.doAll(stepsFor("drop", ids)); err != nil {
			return err
		}
	}
	stay := slices.DeleteFunc(slices.Clone(w.cols), func(c *Column) bool { return !zeroOne(c) })
	if len(stay) > 0 {
		w.say("left as they are (only 0 and 1): %s", list(namesOf(stay)))
	}
	return Chain{Dates{}, Impute{Flag: true}, Robust{}, SmoothClip{}, OneHot{}}.plan(w)
}

func (c Chain) plan(w *work) error {
	for _, p := range c {
		if err := p.plan(w); err != nil {
			return err
		}
	}
	return nil
}

// numbersOf returns the present numbers of a number or vector column.
func numbersOf(c *Column) []float64 {
	if c.typ == Number {
		v, _ := c.values("")
		return v
	}
	v := make([]float64, 0, len(c.vec))
	for _, x := range c.vec {
		if x == x {
			v = append(v, float64(x))
		}
	}
	return v
}

// planScale learns (x - center) * scale for the columns.
func (w *work) planScale(what, say string, names []string, learn func(c *Column) (center, scale float64)) error {
	cols, err := w.pickScaled(what, names)
	if err != nil || len(cols) == 0 {
		return err
	}
	w.say("%s: %s", say, list(namesOf(cols)))
	steps := stepsFor("scale", cols)
	err = each(len(cols), func(i int) error {
		steps[i].Center, steps[i].Scale = learn(cols[i])
		return nil
	})
	if err != nil {
		return err
	}
	return w.doAll(steps)
}

func (p Standardize) plan(w *work) error {
	return w.planScale("standardize", "standardised (mean 0, standard deviation 1)", p.Columns, standardScale)
}

// standardScale is the mean and 1 / population standard deviation; scale 0
// for a constant, and both for no numbers.
func standardScale(c *Column) (center, scale float64) {
	v := numbersOf(c)
	if len(v) == 0 {
		return 0, 0
	}
	center = mean(v)
	if sd := math.Sqrt(squares(v) / float64(len(v))); sd > 0 {
		scale = 1 / sd
	}
	return center, scale
}

func (p Robust) plan(w *work) error {
	cols, err := w.pickScaled("robust", p.Columns)
	if err != nil {
		return err
	}
	if err := w.findQuartiles(cols); err != nil {
		return err
	}
	return w.planScale("robust", "robust scale (median 0, quartiles 1 apart)", p.Columns, w.robustScale)
}

// findQuartiles keeps the quartiles of columns, which more than one
// preparation asks for.
func (w *work) findQuartiles(cols []*Column) error {
	found := make([][]float64, len(cols))
	err := each(len(cols), func(i int) error {
		if found[i] = w.quartiles[cols[i]]; found[i] == nil {
			found[i] = quantilesOf(numbersOf(cols[i]), 0.25, 0.5, 0.75)
		}
		return nil
	})
	for i, c := range cols {
		w.quartiles[c] = found[i]
	}
	return err
}

// robustScale is the median and 1/(q75-q25), 2/(max-min) where the quartiles
// are equal, 0 for a constant (Holzmüller et al. 2024, section 3); both are 0
// for no numbers.
func (w *work) robustScale(c *Column) (center, scale float64) {
	q := w.quartiles[c]
	if d := q[2] - q[0]; d > 0 {
		return q[1], 1 / d
	}
	v := numbersOf(c)
	if len(v) == 0 {
		return 0, 0
	}
	if d := slices.Max(v) - slices.Min(v); d > 0 {
		return q[1], 2 / d
	}
	return q[1], 0
}

func (p SmoothClip) limit() float64 {
	if p.Limit == 0 {
		return 3
	}
	return p.Limit
}

func (p SmoothClip) plan(w *work) error {
	if !(p.limit() > 0) {
		return fmt.Errorf("smooth_clip(%v): the limit must be above 0", p.Limit)
	}
	cols, err := w.pickScaled("smooth_clip", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	w.say("smoothly clipped to ±%s: %s", FormatNumber(p.limit()), list(namesOf(cols)))
	steps := stepsFor("clip", cols)
	for i := range steps {
		steps[i].Number = p.limit()
	}
	return w.doAll(steps)
}

func (p QuantileNormal) plan(w *work) error {
	cols, err := w.pickScaled("quantile_normal", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	w.say("quantiles made normal: %s", list(namesOf(cols)))
	for _, c := range cols {
		v := numbersOf(c)
		slices.Sort(v)
		if len(v) == 0 {
			continue
		}
		const most = 1000
		n := min(most, len(v))
		knots := make([]float64, n)
		for i := range knots {
			knots[i] = quantileOf(v, float64(i)/math.Max(1, float64(n-1)))
		}
		if err := w.do(step{Do: "normal", Column: c.name, Knots: knots}); err != nil {
			return err
		}
	}
	return nil
}

func (p Log1p) plan(w *work) error {
	cols, err := w.pickScaled("log1p", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	for _, c := range cols {
		if v := numbersOf(c); len(v) > 0 && slices.Min(v) <= -1 {
			return fmt.Errorf("log1p(%q): the column has the value %s, and log(1 + x) needs x above -1; name other columns", c.name, FormatNumber(slices.Min(v)))
		}
	}
	w.say("log(1 + x): %s", list(namesOf(cols)))
	for _, c := range cols {
		delete(w.filled, c.name) // a later row may have x ≤ -1
	}
	return w.doAll(stepsFor("log1p", cols))
}

func (p Bin) bins() int {
	if p.Bins == 0 {
		return 5
	}
	return p.Bins
}

func (p Bin) plan(w *work) error {
	if p.bins() < 2 {
		return fmt.Errorf("bin(%d): at least 2 bins are needed", p.Bins)
	}
	cols, err := w.pickScaled("bin", p.Columns)
	if err != nil {
		return err
	}
	for _, c := range cols {
		if c.typ != Number {
			continue
		}
		v := numbersOf(c)
		slices.Sort(v)
		var edges []float64
		for b := 1; b < p.bins() && len(v) > 0; b++ {
			if e := quantileOf(v, float64(b)/float64(p.bins())); e > v[0] {
				edges = append(edges, e)
			}
		}
		edges = slices.Compact(edges)
		w.say("%s: %d bins", c.name, len(edges)+1)
		if err := w.do(step{Do: "bin", Column: c.name, Knots: edges}); err != nil {
			return err
		}
	}
	return nil
}

func (p Dates) plan(w *work) error {
	cols, err := w.pick("dates", p.Columns, Time)
	if err != nil || len(cols) == 0 {
		return err
	}
	for _, c := range cols {
		s := step{Do: "dates", Column: c.name}
		for _, m := range c.micros {
			if m != noTime && m%(24*3600*1e6) != 0 {
				s.Clock = true
			}
		}
		if err := w.do(s); err != nil {
			return err
		}
	}
	w.say("times made into year, month, day, weekday (and hour): %s", list(namesOf(cols)))
	return nil
}

func (p Drop) plan(w *work) error {
	if len(p.Columns) == 0 {
		return fmt.Errorf("drop() needs the names of columns")
	}
	cols, err := w.pick("drop", p.Columns, Number, Category, Boolean, Text, Time, Vector, Image)
	if err != nil {
		return err
	}
	w.say("left out: %s (as asked)", list(namesOf(cols)))
	return w.doAll(stepsFor("drop", cols))
}
