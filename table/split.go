package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// SplitOptions says how Split divides rows.
type SplitOptions struct {
	Test       float64 // share of the rows, or from 1 on a number of rows
	Validation float64 // likewise, 0 for none
	Stratify   string  // column whose values have the same shares on every side
	Group      string  // column whose equal values stay on one side
	Order      string  // column by which rows are ordered: first train, then validation, last test
	Seed       uint64
}

// Parts are the row numbers of each side, in ascending order.
type Parts struct{ Train, Validation, Test []int }

// Split divides a table into training rows, validation rows (nil without
// Validation) and test rows. Without Order rows go by chance, the same for
// the same seed; they keep their order inside each side.
func Split(t *Table, o SplitOptions) (train, validation, test *Table, err error) {
	p, err := SplitRows(t, o)
	if err != nil {
		return nil, nil, nil, err
	}
	if o.Validation > 0 {
		validation = t.Take(p.Validation)
	}
	return t.Take(p.Train), validation, t.Take(p.Test), nil
}

// SplitRows is Split in row numbers.
func SplitRows(t *Table, o SplitOptions) (Parts, error) {
	nTest, nVal, err := o.sizes(t.rows)
	if err != nil {
		return Parts{}, err
	}
	units, err := splitUnits(t, o)
	if err != nil {
		return Parts{}, err
	}
	side := make([]int8, t.rows) // 0 train, 1 validation, 2 test
	total := 0
	for _, stratum := range units {
		total += stratum.rows
	}
	var doneTest, doneVal, seen int
	for _, stratum := range units {
		// Cumulative shares are rounded, so that the sides have the asked sizes in all.
		seen += stratum.rows
		wantTest := share(nTest, seen, total) - doneTest
		wantVal := share(nVal, seen, total) - doneVal
		gotTest, gotVal := stratum.assign(side, wantVal, wantTest)
		doneTest += gotTest
		doneVal += gotVal
	}
	var p Parts
	for i, s := range side {
		to := [...]*[]int{&p.Train, &p.Validation, &p.Test}[s]
		*to = append(*to, i)
	}
	if len(p.Train) == 0 || len(p.Test) == 0 && nTest > 0 || len(p.Validation) == 0 && nVal > 0 {
		return Parts{}, fmt.Errorf("%d rows in %d groups leave a side of the split empty (train %d, validation %d, test %d); ask for other shares",
			t.rows, stratumUnits(units), len(p.Train), len(p.Validation), len(p.Test))
	}
	return p, nil
}

func share(n, part, whole int) int {
	return int(math.Floor(float64(n)*float64(part)/float64(whole) + 0.5))
}

func (o SplitOptions) sizes(rows int) (test, val int, err error) {
	count := func(what string, x float64) (int, error) {
		switch {
		case x < 0 || math.IsNaN(x) || x >= 1 && x != math.Floor(x):
			return 0, fmt.Errorf("%s=%v: give a share between 0 and 1, or a number of rows", what, x)
		case x >= 1:
			return int(math.Min(x, 1<<40)), nil
		case x == 0:
			return 0, nil
		}
		return max(1, int(math.Floor(float64(x*float64(rows))+0.5))), nil
	}
	if test, err = count("test", o.Test); err != nil {
		return 0, 0, err
	}
	if val, err = count("validation", o.Validation); err != nil {
		return 0, 0, err
	}
	switch {
	case test+val == 0:
		return 0, 0, fmt.Errorf("split needs test= or validation=, a share of the rows such as 0.2")
	case test+val >= rows:
		return 0, 0, fmt.Errorf("test and validation take %d of %d rows; nothing is left to train on", test+val, rows)
	case o.Order != "" && (o.Stratify != "" || o.Group != ""):
		return 0, 0, fmt.Errorf("order=%q goes by the order of rows alone; leave out stratify and group", o.Order)
	case o.Stratify != "" && o.Group != "":
		return 0, 0, fmt.Errorf("stratify=%q and group=%q cannot both be kept exactly; choose one", o.Stratify, o.Group)
	}
	return test, val, nil
}

// stratum is rows to be divided by themselves: units that stay together, in
// the order in which they are given away (the last to the test side first).
type stratum struct {
	units [][]int
	rows  int
}

func stratumUnits(s []stratum) int {
	n := 0
	for _, x := range s {
		n += len(x.units)
	}
	return n
}

// assign marks units from the end as test (2) until there are about wantTest
// rows, then as validation (1); a unit much larger than what is still wanted
// stays with the training rows.
func (s stratum) assign(side []int8, wantVal, wantTest int) (test, val int) {
	give := func(to int8, want int) int {
		n := 0
		for at := len(s.units) - 1; at >= 0 && n < want; at-- {
			unit := s.units[at]
			if side[unit[0]] != 0 || 2*(want-n) < len(unit) {
				continue
			}
			for _, i := range unit {
				side[i] = to
			}
			n += len(unit)
		}
		return n
	}
	return give(2, wantTest), give(1, wantVal)
}

func singles(rows []int) [][]int {
	units := make([][]int, len(rows))
	for k := range rows {
		units[k] = rows[k : k+1 : k+1]
	}
	return units
}

func splitUnits(t *Table, o SplitOptions) ([]stratum, error) {
	switch {
	case o.Order != "":
		c, err := t.Col(o.Order)
		if err != nil {
			return nil, err
		}
		if m := c.Missing(); m > 0 {
			return nil, fmt.Errorf("order=%q: %d rows have no value to order by; drop or fill them", o.Order, m)
		}
		rows := span(0, t.rows)
		slices.SortStableFunc(rows, func(a, b int) int { return c.compareRows(a, b, false) })
		return []stratum{{singles(rows), t.rows}}, nil
	case o.Group != "":
		c, err := t.Col(o.Group)
		if err != nil {
			return nil, err
		}
		return []stratum{{shuffledUnits(c.groupRows(), o.Seed, drawSplit), t.rows}}, nil
	case o.Stratify != "":
		c, err := t.Col(o.Stratify)
		if err != nil {
			return nil, err
		}
		return strata(c, o.Seed, drawSplit)
	}
	return []stratum{{singles(shuffled(t.rows, o.Seed, drawSplit)), t.rows}}, nil
}

// strata shuffles rows once and deals them out by value, rare values last so
// that rounding falls on the frequent ones.
func strata(c *Column, seed, purpose uint64) ([]stratum, error) {
	groups := c.groupRows()
	if len(groups) > 20 && 2*len(groups) > c.n {
		return nil, fmt.Errorf("stratify=%q: %d different values in %d rows; stratify by a column of few values, or bin it first", c.name, len(groups), c.n)
	}
	place := make([]int, c.n)
	for k, i := range shuffled(c.n, seed, purpose) {
		place[i] = k
	}
	out := make([]stratum, len(groups))
	for g, rows := range groups {
		slices.SortFunc(rows, func(a, b int) int { return cmp.Compare(place[a], place[b]) })
		out[g] = stratum{singles(rows), len(rows)}
	}
	return out, nil
}

// groupRows returns the rows of each different value, in the order of first
// appearance; missing is a value of its own.
func (c *Column) groupRows() [][]int {
	key := c.keys()
	index := map[any]int{}
	var groups [][]int
	for i := range c.n {
		var k any
		if !c.IsMissing(i) {
			k = key(i)
		}
		g, ok := index[k]
		if !ok {
			g = len(groups)
			index[k] = g
			groups = append(groups, nil)
		}
		groups[g] = append(groups[g], i)
	}
	return groups
}

func shuffledUnits(units [][]int, seed, purpose uint64) [][]int {
	return gather(units, shuffled(len(units), seed, purpose))
}

// FoldOptions says how Folds divides rows; the fields mean what they mean in
// SplitOptions, but with Order fold i trains on all rows before its test rows.
type FoldOptions struct {
	Stratify, Group, Order string
	Seed                   uint64
}

// Fold is one round of a cross-validation, in ascending row numbers.
type Fold struct{ Train, Test []int }

// Folds divides rows k ways for a cross-validation: every row is in one test
// side (with Order, the first of k+1 parts only trains).
func Folds(t *Table, k int, o FoldOptions) ([]Fold, error) {
	if k < 2 || k > t.rows || o.Order != "" && k >= t.rows {
		return nil, fmt.Errorf("%d folds of %d rows; there must be at least 2 folds and a row for each", k, t.rows)
	}
	so := SplitOptions{Test: 1, Stratify: o.Stratify, Group: o.Group, Order: o.Order, Seed: o.Seed}
	if _, _, err := so.sizes(t.rows); err != nil && t.rows > 1 {
		return nil, err
	}
	units, err := splitUnits(t, so)
	if err != nil {
		return nil, err
	}
	if o.Group != "" && len(units[0].units) < k {
		return nil, fmt.Errorf("%d folds, but column %q has %d groups", k, o.Group, len(units[0].units))
	}
	if o.Order != "" {
		return orderedFolds(units[0].units, k), nil
	}
	fold := make([]int, t.rows)
	sizes := make([]int, k)
	next := 0
	for _, s := range units {
		for _, unit := range s.units {
			to := next % k
			if o.Group != "" {
				to = slices.Index(sizes, slices.Min(sizes))
			}
			for _, i := range unit {
				fold[i] = to
			}
			sizes[to] += len(unit)
			next++
		}
	}
	folds := make([]Fold, k)
	for i, f := range fold {
		for j := range folds {
			if j == f {
				folds[j].Test = append(folds[j].Test, i)
			} else {
				folds[j].Train = append(folds[j].Train, i)
			}
		}
	}
	return folds, nil
}

// orderedFolds cuts ordered rows in k+1 parts; fold j tests part j+1 and
// trains on all before it.
func orderedFolds(units [][]int, k int) []Fold {
	n := len(units)
	rows := make([]int, n)
	for i, u := range units {
		rows[i] = u[0]
	}
	folds := make([]Fold, k)
	for j := range folds {
		lo, hi := n*(j+1)/(k+1), n*(j+2)/(k+1)
		folds[j] = Fold{Train: slices.Sorted(slices.Values(rows[:lo])), Test: slices.Sorted(slices.Values(rows[lo:hi]))}
	}
	return folds
}
