package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// Agg is one column of a grouped table.
type Agg struct {
	Column string // not needed for "count"
	Fn     string // count, sum, mean, std, min, max, median, unique, missing, first
	As     string // name of the result; default column_fn, or count
}

// aggregates by name.
var aggregates = map[string]func(c *Column) (any, error){
	"count":   func(c *Column) (any, error) { return float64(c.n - c.Missing()), nil },
	"sum":     func(c *Column) (any, error) { return boxed(c.Sum()) },
	"mean":    func(c *Column) (any, error) { return boxed(c.Mean()) },
	"std":     func(c *Column) (any, error) { return boxed(c.Std()) },
	"median":  func(c *Column) (any, error) { return boxed(c.Median()) },
	"min":     (*Column).Min,
	"max":     (*Column).Max,
	"missing": func(c *Column) (any, error) { return float64(c.Missing()), nil },
	"unique":  func(c *Column) (any, error) { rows, _ := c.distinct(); return float64(len(rows)), nil },
	"first": func(c *Column) (any, error) {
		if c.n == 0 {
			return nil, nil
		}
		return c.Value(0), nil
	},
}

func boxed(x float64, err error) (any, error) { return x, err }

// GroupBy returns a row for each different combination of the keys, sorted by
// them, with aggregates of the other columns. Missing keys are a group of
// their own, the last; missing values are left out of aggregates.
func (t *Table) GroupBy(keys []string, aggs ...Agg) (*Table, error) {
	if len(keys) == 0 {
		return nil, errors.New("group needs the name of at least one column")
	}
	groups, firsts, err := t.groups(keys)
	if err != nil {
		return nil, err
	}
	k, err := t.Select(keys...)
	if err != nil {
		return nil, err
	}
	cols := k.Take(firsts).cols
	for _, a := range aggs {
		c, err := t.aggregate(groups, a)
		if err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	out, err := New(cols...)
	if err != nil {
		return nil, fmt.Errorf("%w; name one with as", err)
	}
	return out.Sort(false, keys...)
}

// groups returns the rows of each combination of the keys and its first row.
func (t *Table) groups(keys []string) (groups [][]int, firsts []int, err error) {
	u, err := t.Select(keys...)
	if err != nil {
		return nil, nil, err
	}
	index := map[string]int{}
	var buf []byte
	for i := range t.rows {
		buf = u.appendRow(buf[:0], i)
		g, ok := index[string(buf)]
		if !ok {
			g = len(groups)
			index[string(buf)] = g
			groups, firsts = append(groups, nil), append(firsts, i)
		}
		groups[g] = append(groups[g], i)
	}
	return groups, firsts, nil
}

func (t *Table) aggregate(groups [][]int, a Agg) (*Column, error) {
	f, ok := aggregates[a.Fn]
	if !ok {
		return nil, fmt.Errorf("no aggregate %q; there are %s", a.Fn, strings.Join(sortedKeys(aggregates), ", "))
	}
	if a.As == "" {
		a.As = strings.TrimPrefix(a.Column+"_"+a.Fn, "_")
	}
	values := make([]any, len(groups))
	if a.Column == "" && a.Fn == "count" {
		for g, rows := range groups {
			values[g] = float64(len(rows))
		}
		return FromValues(a.As, values)
	}
	c, err := t.Col(a.Column)
	if err != nil {
		return nil, err
	}
	for g, rows := range groups {
		if values[g], err = f(c.Take(rows)); err != nil {
			return nil, err
		}
	}
	return FromValues(a.As, values)
}

// joinHows are the kinds of joins.
var joinHows = []string{"inner", "left", "outer", "anti"}

// Join puts the columns of other beside the rows of t whose key columns are
// equal. how is "inner" (also ""), "left" (rows without a partner stay, with
// missing values), "outer" (those of other too, below) or "anti" (only rows
// without a partner). A column of other whose name t has gets "_2" appended.
// Missing keys match nothing.
func (t *Table) Join(other *Table, on []string, how string) (*Table, error) {
	if how == "" {
		how = "inner"
	}
	if len(on) == 0 || !slices.Contains(joinHows, how) {
		return nil, fmt.Errorf("join needs on=, the names of the key columns, and how, one of %s, got %q", list(joinHows), how)
	}
	rows, with, err := t.partners(other, on, how)
	if err != nil || how == "anti" {
		return t.Take(rows), err
	}
	var cols []*Column
	for _, c := range t.cols {
		d, err := c.takeOrMissing(rows)
		if err != nil {
			return nil, err
		}
		if slices.Contains(on, c.name) && slices.Contains(rows, -1) {
			if d, err = d.filledFrom(other.cols[other.index[c.name]], rows, with); err != nil {
				return nil, err
			}
		}
		cols = append(cols, d)
	}
	for _, c := range other.cols {
		if slices.Contains(on, c.name) {
			continue
		}
		name := c.name
		for slices.ContainsFunc(cols, func(d *Column) bool { return d.name == name }) {
			name += "_2"
		}
		d, err := c.takeOrMissing(with)
		if err != nil {
			return nil, err
		}
		cols = append(cols, d.Named(name))
	}
	return New(cols...)
}

// partners returns the rows of both sides that stand beside each other, -1
// for none.
func (t *Table) partners(other *Table, on []string, how string) (rows, with []int, err error) {
	left, errL := t.joinKeys(on)
	right, errR := other.joinKeys(on)
	if err := firstError(errL, errR); err != nil {
		return nil, nil, err
	}
	partners := map[string][]int{}
	for i, k := range right {
		if k != "" {
			partners[k] = append(partners[k], i)
		}
	}
	met := make([]bool, len(right))
	for i, k := range left {
		match := partners[k]
		switch {
		case len(match) == 0 && how != "inner":
			rows, with = append(rows, i), append(with, -1)
		case how != "anti":
			for _, j := range match {
				rows, with = append(rows, i), append(with, j)
				met[j] = true
			}
		}
	}
	for j := range right {
		if how == "outer" && !met[j] {
			rows, with = append(rows, -1), append(with, j)
		}
	}
	return rows, with, nil
}

// filledFrom takes values of another column where rows has none.
func (c *Column) filledFrom(other *Column, rows, with []int) (*Column, error) {
	values := make([]any, c.n)
	for i := range values {
		if rows[i] >= 0 {
			values[i] = c.Value(i)
		} else {
			values[i] = other.Value(with[i])
		}
	}
	d, err := FromValues(c.name, values)
	if err != nil {
		return nil, err
	}
	if c.typ == Category { // its levels first, in their order
		levels := slices.Clone(c.levels)
		u := d.ToText().Unique()
		for i := range u.n {
			if !slices.Contains(levels, u.Format(i)) {
				levels = append(levels, u.Format(i))
			}
		}
		return d.ToText().ToCategory(levels...)
	}
	return d.To(c.typ)
}

// joinKeys writes the key of each row as text; "" where a key is missing.
func (t *Table) joinKeys(on []string) ([]string, error) {
	u, err := t.Select(on...)
	if err != nil {
		return nil, err
	}
	keys := make([]string, t.rows)
	for i := range keys {
		var b strings.Builder
		for _, c := range u.cols {
			if c.IsMissing(i) {
				b.Reset()
				break
			}
			s := c.Format(i)
			fmt.Fprintf(&b, "%d:%s", len(s), s)
		}
		keys[i] = b.String()
	}
	return keys, nil
}

// takeOrMissing is Take where row -1 stands for a missing value.
func (c *Column) takeOrMissing(rows []int) (*Column, error) {
	if !slices.Contains(rows, -1) {
		return c.Take(rows), nil
	}
	if c.typ == Image || c.n == 0 && c.typ == Vector {
		return nil, fmt.Errorf("column %q: an image cannot be missing; use how=\"inner\"", c.name)
	}
	safe := make([]int, len(rows))
	src := c
	if c.n == 0 {
		src = &Column{name: c.name, typ: c.typ, n: 1, levels: c.levels, num: []float64{0}, codes: []int32{0}, flags: []int8{0},
			text: texts{ends: []int64{0}}, micros: []int64{0}}
	}
	for i, r := range rows {
		safe[i] = max(r, 0)
	}
	d := src.Take(safe)
	for i, r := range rows {
		if r < 0 {
			d.setMissing(i)
		}
	}
	return d, nil
}

// setMissing is for columns that are still being made.
func (c *Column) setMissing(i int) {
	switch c.typ {
	case Number:
		c.num[i] = math.NaN()
	case Category:
		c.codes[i] = -1
	case Boolean:
		c.flags[i] = -1
	case Text:
		if c.text.missing == nil {
			c.text.missing = make([]bool, c.n)
		}
		c.text.missing[i] = true
	case Time:
		c.micros[i] = noTime
	case Vector:
		c.vec[i*c.shape[0]] = float32(math.NaN())
	}
}

// Pivot returns a row for each value of rows and a column for each value of
// cols, filled with an aggregate of values ("" counts rows).
func (t *Table) Pivot(rows, cols, values, fn string) (*Table, error) {
	c, err := t.Col(cols)
	if err != nil {
		return nil, err
	}
	if fn == "" {
		fn = "mean"
	}
	if values == "" {
		fn = "count"
	}
	long, err := t.GroupBy([]string{rows, cols}, Agg{values, fn, "\x00value"})
	if err != nil {
		return nil, err
	}
	keys, err := long.GroupBy([]string{rows})
	if err != nil {
		return nil, err
	}
	out := keys.cols
	levels := c.Unique()
	for l := range levels.n {
		name := levels.Format(l)
		part, err := long.Filter(must(New(long.cols[1])).equals(name))
		if err != nil {
			return nil, err
		}
		part, err = part.Drop(cols)
		if err != nil {
			return nil, err
		}
		joined, err := keys.Join(part, []string{rows}, "left")
		if err != nil {
			return nil, err
		}
		out = append(out, joined.cols[1].Named(name))
	}
	return New(out...)
}

// equals tells for each row whether the first column reads as s.
func (t *Table) equals(s string) *Column {
	out := make([]int8, t.rows)
	for i := range out {
		out[i] = flag(!t.cols[0].IsMissing(i) && t.cols[0].Format(i) == s)
	}
	return booleans("", out)
}
