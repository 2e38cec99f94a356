package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"
)

// values returns the numbers of c that are not missing, in row order; what
// names the caller in the error for other types.
func (c *Column) values(what string) ([]float64, error) {
	if c.typ != Number && c.typ != Boolean {
		return nil, fmt.Errorf("%s needs numbers, but column %q is %s", what, c.name, c.typ)
	}
	out := make([]float64, 0, c.n)
	for i := range c.n {
		if x := c.Float(i); x == x {
			out = append(out, x)
		}
	}
	return out, nil
}

// Sum adds the values that are not missing, in row order.
func (c *Column) Sum() (float64, error) {
	v, err := c.values("sum")
	return sum(v), err
}

func sum(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

// Mean is the mean of the values that are not missing; NaN if there are none.
func (c *Column) Mean() (float64, error) {
	v, err := c.values("mean")
	return mean(v), err
}

func mean(v []float64) float64 { return sum(v) / float64(len(v)) }

// Std is the standard deviation of the sample (divided by n - 1); NaN with
// fewer than two values.
func (c *Column) Std() (float64, error) {
	v, err := c.values("std")
	if err != nil {
		return 0, err
	}
	if len(v) < 2 {
		return math.NaN(), nil
	}
	return math.Sqrt(squares(v) / float64(len(v)-1)), nil
}

// squares is the sum of squared distances from the mean.
func squares(v []float64) float64 {
	m, s := mean(v), 0.0
	for _, x := range v {
		d := x - m
		s += float64(d * d)
	}
	return s
}

// Median is the 0.5 quantile.
func (c *Column) Median() (float64, error) { return c.quantile("median", 0.5) }

// Quantile is the value below which the share q of the values lies, linearly
// interpolated between neighbours (type 7 of Hyndman and Fan 1996); NaN if
// all are missing.
func (c *Column) Quantile(q float64) (float64, error) { return c.quantile("quantile", q) }

func (c *Column) quantile(what string, q float64) (float64, error) {
	if !(q >= 0 && q <= 1) {
		return 0, fmt.Errorf("quantile %v: a quantile is a share between 0 and 1", q)
	}
	v, err := c.values(what)
	if err != nil {
		return 0, err
	}
	return quantilesOf(v, v, q)[0], nil
}

// quantileOf interpolates in sorted values.
func quantileOf(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := float64(q * float64(len(sorted)-1))
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	w := at - float64(i)
	if w == 0 {
		return sorted[i]
	}
	return sorted[i] + float64(w*(sorted[i+1]-sorted[i]))
}

// Min is the smallest value: float64, bool, string or time.Time; nil if all are missing.
func (c *Column) Min() (any, error) { return c.extreme("min", -1) }

// Max is the largest value: float64, bool, string or time.Time; nil if all are missing.
func (c *Column) Max() (any, error) { return c.extreme("max", 1) }

func (c *Column) extreme(what string, sign int) (any, error) {
	if c.typ == Vector || c.typ == Image {
		return nil, fmt.Errorf("%s needs values with an order, but column %q is %s", what, c.name, c.typ)
	}
	best := -1
	for i := range c.n {
		if !c.IsMissing(i) && (best < 0 || sign*c.compareRows(i, best, false) > 0) {
			best = i
		}
	}
	if best < 0 {
		return nil, nil
	}
	return c.Value(best), nil
}

// distinct returns the rows of the different values that are not missing, in
// the order of values, and how often each comes.
func (c *Column) distinct() (rows, counts []int) {
	switch c.typ {
	case Category:
		return c.distinctLevels()
	case Number:
		return c.distinctNumbers()
	}
	key := c.keys()
	group := map[any]int{}
	for i := range c.n {
		if c.IsMissing(i) {
			continue
		}
		k := key(i)
		g, ok := group[k]
		if !ok {
			g = len(rows)
			group[k] = g
			rows, counts = append(rows, i), append(counts, 0)
		}
		counts[g]++
	}
	order := span(0, len(rows))
	slices.SortStableFunc(order, func(a, b int) int { return c.compareRows(rows[a], rows[b], false) })
	return gather(rows, order), gather(counts, order)
}

func (c *Column) distinctLevels() (rows, counts []int) {
	first, n := make([]int, len(c.levels)), make([]int, len(c.levels))
	for i, k := range c.codes {
		if k < 0 {
			continue
		}
		if n[k] == 0 {
			first[k] = i
		}
		n[k]++
	}
	for k := range n {
		if n[k] > 0 {
			rows, counts = append(rows, first[k]), append(counts, n[k])
		}
	}
	return rows, counts
}

// distinctNumbers sorts, which is much faster than a map of all values.
func (c *Column) distinctNumbers() (rows, counts []int) {
	type place struct {
		x   float64
		row int
	}
	places := make([]place, 0, c.n)
	for i, x := range c.num {
		if x == x {
			places = append(places, place{x, i})
		}
	}
	slices.SortFunc(places, func(a, b place) int {
		if d := cmp.Compare(a.x, b.x); d != 0 {
			return d
		}
		return cmp.Compare(a.row, b.row)
	})
	for i, p := range places {
		if i == 0 || p.x != places[i-1].x {
			rows, counts = append(rows, p.row), append(counts, 0)
		}
		counts[len(counts)-1]++
	}
	return rows, counts
}

// keys returns comparable values of the rows, equal where the rows are equal.
func (c *Column) keys() func(i int) any {
	switch c.typ {
	case Number:
		return func(i int) any { return c.num[i] + 0 } // -0 + 0 is 0
	case Boolean:
		return func(i int) any { return c.flags[i] }
	case Category:
		return func(i int) any { return c.codes[i] }
	case Time:
		return func(i int) any { return c.micros[i] }
	case Text:
		return func(i int) any { return c.text.at(i) }
	}
	return func(i int) any { return c.Format(i) }
}

// Unique returns the different values, sorted, without missing.
func (c *Column) Unique() *Column {
	rows, _ := c.distinct()
	return c.Take(rows)
}

// Counts returns a table of the different values and how often each comes
// ("count"), the most frequent first, equal counts in the order of values;
// missing is not counted.
func (c *Column) Counts() *Table {
	rows, counts := c.distinct()
	n := make([]float64, len(counts))
	for i, k := range counts {
		n[i] = float64(k)
	}
	name := "count"
	if c.name == name {
		name = "count_1"
	}
	t := must(New(c.Take(rows), Numbers(name, n)))
	return must(t.Sort(true, name))
}

// unixTime is the time of microseconds since 1970.
func unixTime(micros int64) time.Time { return time.UnixMicro(micros).UTC() }
