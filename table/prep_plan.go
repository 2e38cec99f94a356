package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// plan: how each preparation learns its steps from the training columns.

func (Auto) plan(w *work) error {
	if ids := chosen(w.cols, func(d draft) bool { return identifierLike(d.done()) }); len(ids) > 0 {
		w.say("left out: %s (like an identifier: a different value in every row)", list(namesOf(ids)))
		if err := w.do(stepsFor("drop", ids)...); err != nil {
			return err
		}
	}
	if stay := chosen(w.cols, draft.zeroOne); len(stay) > 0 {
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

func (p Standardize) plan(w *work) error {
	cols, err := w.pickScaled("standardize", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	w.say("standardised (mean 0, standard deviation 1): %s", list(namesOf(cols)))
	steps := stepsFor("scale", cols)
	err = eachBuffered(len(cols), func(i int, buf []float64) ([]float64, error) {
		buf = cols[i].numbers(buf)
		steps[i].Center, steps[i].Scale = standardScale(buf)
		return buf, nil
	})
	if err != nil {
		return err
	}
	return w.do(steps...)
}

// standardScale is the mean and 1 / population standard deviation; scale 0
// for a constant, and both for no numbers.
func standardScale(v []float64) (center, scale float64) {
	if len(v) == 0 {
		return 0, 0
	}
	return finiteOr(mean(v), 0), per(math.Sqrt(squares(v) / float64(len(v))))
}

// per is 1/width, 0 where that is no finite number.
func per(width float64) float64 { return finiteOr(1/width, 0) }

func (p Robust) plan(w *work) error {
	cols, err := w.pickScaled("robust", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	if err := w.findQuartiles(cols); err != nil {
		return err
	}
	w.say("robust scale (median 0, quartiles 1 apart): %s", list(namesOf(cols)))
	steps := stepsFor("scale", cols)
	for i, d := range cols {
		steps[i].Center, steps[i].Scale = robustScale(w.quartiles[d.key()])
	}
	return w.do(steps...)
}

// quartiles are least, lower, middle, upper and greatest; NaN for no numbers.
type quartiles [5]float64

// quartiles of the numbers, and buf again, which may have grown.
func (d draft) quartiles(buf []float64) (q quartiles, room []float64) {
	v := d.num
	if d.Column.typ == Number && d.whole && len(d.chain) == 0 {
		buf = slices.Grow(buf[:0], d.n)
	} else {
		buf = d.numbers(buf)
		v = buf
	}
	copy(q[:], quantilesOf(v, buf, 0, 0.25, 0.5, 0.75, 1))
	return q, buf
}

// findQuartiles keeps the quartiles of columns, which more than one
// preparation asks for.
func (w *work) findQuartiles(cols []draft) error {
	cols = slices.DeleteFunc(slices.Clone(cols), func(d draft) bool { _, known := w.quartiles[d.key()]; return known })
	found := make([]quartiles, len(cols))
	err := eachBuffered(len(cols), func(i int, buf []float64) ([]float64, error) {
		found[i], buf = cols[i].quartiles(buf)
		return buf, nil
	})
	for i, d := range cols {
		w.quartiles[d.key()] = found[i]
	}
	return err
}

// robustScale is the median and 1/(q75-q25), 2/(max-min) where the quartiles
// are equal, 0 for a constant (Holzmüller et al. 2024, section 3); both are 0
// for no numbers.
func robustScale(q quartiles) (center, scale float64) {
	switch center = q[2]; {
	case center != center:
		return 0, 0
	case q[3] > q[1]:
		return center, per(q[3] - q[1])
	case q[4] > q[0]:
		return center, per((q[4] - q[0]) / 2)
	}
	return center, 0
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
	return w.do(steps...)
}

func (p QuantileNormal) plan(w *work) error {
	cols, err := w.pickScaled("quantile_normal", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	w.say("quantiles made normal: %s", list(namesOf(cols)))
	steps := stepsFor("normal", cols)
	err = eachBuffered(len(cols), func(i int, buf []float64) ([]float64, error) {
		v := cols[i].numbers(buf)
		slices.Sort(v)
		const most = 1000
		steps[i].Knots = make([]float64, min(most, len(v)))
		for k := range steps[i].Knots {
			steps[i].Knots[k] = quantileOf(v, float64(k)/math.Max(1, float64(len(steps[i].Knots)-1)))
		}
		return v, nil
	})
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(s step) bool { return len(s.Knots) == 0 })
	return w.do(steps...)
}

func (p Log1p) plan(w *work) error {
	cols, err := w.pickScaled("log1p", p.Columns)
	if err != nil || len(cols) == 0 {
		return err
	}
	var buf []float64
	for _, c := range cols {
		if buf = c.numbers(buf); len(buf) > 0 && slices.Min(buf) <= -1 {
			return fmt.Errorf("log1p(%q): the column has the value %s, and log(1 + x) needs x above -1; name other columns", c.name, FormatNumber(slices.Min(buf)))
		}
	}
	w.say("log(1 + x): %s", list(namesOf(cols)))
	for _, c := range cols {
		delete(w.filled, c.name) // a later row may have x ≤ -1
	}
	return w.do(stepsFor("log1p", cols)...)
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
		v := c.numbers(nil)
		slices.Sort(v)
		var edges []float64
		for b := 1; b < p.bins() && len(v) > 0; b++ {
			if e := quantileOf(v, float64(b)/float64(p.bins())); e > v[0] {
				edges = append(edges, e)
			}
		}
		edges = shortEdges(slices.Compact(edges), v)
		w.say("%s: %d bins", c.name, len(edges)+1)
		if err := w.do(step{Do: "bin", Column: c.name, Knots: edges}); err != nil {
			return err
		}
	}
	return nil
}

// shortEdges rounds edges between bins to the fewest digits with which they still
// divide the sorted values alike: 38.34 for 38.339999999999996.
func shortEdges(edges, values []float64) []float64 {
	out := slices.Clone(edges)
	for i, e := range edges {
		at, _ := slices.BinarySearch(values, e)
		if at == len(values) {
			continue
		}
		alike := func(x float64) bool {
			return values[at-1] < x && x <= values[at] && (i == 0 || out[i-1] < x) && (i == len(edges)-1 || x < edges[i+1])
		}
		middle := float64(values[at-1]/2) + float64(values[at]/2)
		for _, near := range []float64{e, middle} { // the edge itself may be a value of many digits
			if x, ok := shortest(near, alike); ok {
				out[i] = x
				break
			}
		}
	}
	return out
}

// shortest rounds a number to the fewest digits, less than all, with which it is
// as wanted.
func shortest(x float64, wanted func(float64) bool) (float64, bool) {
	for digits := 1; digits <= 15; digits++ {
		if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64); err == nil && wanted(y) {
			return y, true
		}
	}
	return 0, false
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
	return w.do(stepsFor("drop", cols)...)
}
