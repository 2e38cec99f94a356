package table

import (
	"cmp"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// Table is columns of one length and different names, in order.
type Table struct {
	cols  []*Column
	index map[string]int
	rows  int
	info  *Info
}

// New makes a table of columns. Their lengths must agree and their names differ.
func New(cols ...*Column) (*Table, error) {
	t := &Table{cols: cols, index: make(map[string]int, len(cols))}
	for i, c := range cols {
		if i == 0 {
			t.rows = c.n
		}
		if c.n != t.rows {
			return nil, fmt.Errorf("column %q has %d rows, but %q has %d", c.name, c.n, cols[0].name, t.rows)
		}
		if _, twice := t.index[c.name]; twice {
			return nil, fmt.Errorf("two columns are called %q", c.name)
		}
		t.index[c.name] = i
	}
	return t, nil
}

// must is for columns that are known to fit together.
func must(t *Table, err error) *Table {
	if err != nil {
		panic("table: " + err.Error())
	}
	return t
}

// with returns a table of other columns that keeps what is known of t.
func (t *Table) with(cols []*Column) (*Table, error) {
	u, err := New(cols...)
	if err != nil {
		return nil, err
	}
	if len(cols) == 0 {
		u.rows = t.rows
	}
	u.info = t.info
	return u, nil
}

// Columns returns the names, in order.
func (t *Table) Columns() []string {
	names := make([]string, len(t.cols))
	for i, c := range t.cols {
		names[i] = c.name
	}
	return names
}

// Types returns the types of the columns, in order.
func (t *Table) Types() []Type {
	types := make([]Type, len(t.cols))
	for i, c := range t.cols {
		types[i] = c.typ
	}
	return types
}

// Len returns the number of rows.
func (t *Table) Len() int { return t.rows }

// Width returns the number of columns.
func (t *Table) Width() int { return len(t.cols) }

// At returns column i.
func (t *Table) At(i int) *Column { return t.cols[i] }

// Has tells whether there is a column of that name.
func (t *Table) Has(name string) bool { _, ok := t.index[name]; return ok }

// Info returns what is known of a bundled data set, nil for other tables.
func (t *Table) Info() *Info { return t.info }

// Col returns a column by name; the error suggests the nearest name.
func (t *Table) Col(name string) (*Column, error) {
	if i, ok := t.index[name]; ok {
		return t.cols[i], nil
	}
	return nil, t.noColumn(name)
}

func (t *Table) noColumn(name string) error {
	if near := Nearest(name, t.Columns()); near != "" {
		return fmt.Errorf("no column %q; did you mean %q?", name, near)
	}
	names := t.Columns()
	if len(names) > 12 {
		names = append(names[:12:12], "...")
	}
	return fmt.Errorf("no column %q; there are %s", name, strings.Join(names, ", "))
}

// Nearest returns the name that is most like the given one, or "" if none is
// like it.
func Nearest(name string, names []string) string {
	best, bestAt := "", 1+max(1, len(name)/3)
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n
		}
		if d := editDistance(strings.ToLower(name), strings.ToLower(n)); d < bestAt {
			best, bestAt = n, d
		}
	}
	return best
}

// editDistance counts letters inserted, left out, replaced, or exchanged
// with their neighbour.
func editDistance(a, b string) int {
	before, row := make([]int, len(b)+1), span(0, len(b)+1)
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			d := row[j]
			if a[i] != b[j] {
				d++
			}
			d = min(d, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
		}
		before, row = row, next
	}
	return row[len(b)]
}

// Select returns the named columns, in that order.
func (t *Table) Select(names ...string) (*Table, error) {
	cols := make([]*Column, len(names))
	for i, n := range names {
		c, err := t.Col(n)
		if err != nil {
			return nil, err
		}
		cols[i] = c
	}
	return t.with(cols)
}

// Take returns the given rows, in that order.
func (t *Table) Take(rows []int) *Table {
	u := *t
	u.cols = make([]*Column, len(t.cols))
	for i, c := range t.cols {
		u.cols[i] = c.Take(rows)
	}
	u.rows = len(rows)
	return &u
}

// Slice returns rows lo to hi (excluded), cut to the rows there are.
func (t *Table) Slice(lo, hi int) *Table {
	lo = min(max(lo, 0), t.rows)
	hi = min(max(hi, lo), t.rows)
	u := *t
	u.cols = make([]*Column, len(t.cols))
	for i, c := range t.cols {
		u.cols[i] = c.Slice(lo, hi)
	}
	u.rows = hi - lo
	return &u
}

// Head returns the first n rows.
func (t *Table) Head(n int) *Table { return t.Slice(0, n) }

// Tail returns the last n rows.
func (t *Table) Tail(n int) *Table { return t.Slice(t.rows-min(max(n, 0), t.rows), t.rows) }

// Row returns row i: the values by column, as Column.Value gives them.
func (t *Table) Row(i int) ([]any, error) {
	if i < 0 || i >= t.rows {
		return nil, fmt.Errorf("row %d of a table of %d rows; rows count from 0", i, t.rows)
	}
	row := make([]any, len(t.cols))
	for j, c := range t.cols {
		row[j] = c.Value(i)
	}
	return row, nil
}

// Filter returns the rows where mask is true; missing counts as false.
func (t *Table) Filter(mask *Column) (*Table, error) {
	if mask.typ != Boolean {
		return nil, fmt.Errorf("rows are chosen by a boolean column such as t[\"a\"] > 0; %q is %s", mask.name, mask.typ)
	}
	if mask.n != t.rows {
		return nil, fmt.Errorf("the condition has %d rows, the table %d; make the condition from this table's columns", mask.n, t.rows)
	}
	return t.Take(mask.trueRows()), nil
}

func (c *Column) trueRows() []int {
	n := 0
	for _, f := range c.flags {
		if f == 1 {
			n++
		}
	}
	rows := make([]int, 0, n)
	for i, f := range c.flags {
		if f == 1 {
			rows = append(rows, i)
		}
	}
	return rows
}

// Drop returns the table without the named columns.
func (t *Table) Drop(names ...string) (*Table, error) {
	for _, n := range names {
		if !t.Has(n) {
			return nil, t.noColumn(n)
		}
	}
	var cols []*Column
	for _, c := range t.cols {
		if !slices.Contains(names, c.name) {
			cols = append(cols, c)
		}
	}
	return t.with(cols)
}

// Rename returns the table with columns called differently: old name to new.
func (t *Table) Rename(names map[string]string) (*Table, error) {
	found := 0
	cols := slices.Clone(t.cols)
	for i, c := range cols {
		if to, ok := names[c.name]; ok {
			cols[i] = c.Named(to)
			found++
		}
	}
	if found < len(names) {
		for _, old := range sortedKeys(names) {
			if !t.Has(old) {
				return nil, t.noColumn(old)
			}
		}
	}
	return t.with(cols)
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// DropMissing returns the rows that have a value in all the named columns,
// or in every column if none is named.
func (t *Table) DropMissing(names ...string) (*Table, error) {
	if len(names) == 0 {
		names = t.Columns()
	}
	u, err := t.Select(names...)
	if err != nil {
		return nil, err
	}
	if rows := u.present(); len(rows) < t.rows {
		return t.Take(rows), nil
	}
	return t, nil
}

// present returns the rows that have a value in every column.
func (t *Table) present() []int {
	gaps := func(c *Column) bool { return c.Missing() > 0 }
	if !slices.ContainsFunc(t.cols, gaps) {
		return span(0, t.rows)
	}
	var rows []int
	for i := range t.rows {
		if !slices.ContainsFunc(t.cols, func(c *Column) bool { return c.IsMissing(i) }) {
			rows = append(rows, i)
		}
	}
	return rows
}

// Assign returns the table with columns replaced or, where the name is new,
// appended.
func (t *Table) Assign(cols ...*Column) (*Table, error) {
	out := slices.Clone(t.cols)
	for _, c := range cols {
		if len(t.cols) > 0 && c.n != t.rows {
			return nil, fmt.Errorf("column %q has %d rows, the table %d", c.name, c.n, t.rows)
		}
		at := slices.IndexFunc(out, func(o *Column) bool { return o.name == c.name })
		if at < 0 {
			out = append(out, c)
		} else {
			out[at] = c
		}
	}
	return t.with(out)
}

// Sort returns the rows ordered by the named columns, the first counting
// most. The sort is stable, categories go by their levels, and missing values
// come last in both directions.
func (t *Table) Sort(descending bool, names ...string) (*Table, error) {
	if len(names) == 0 {
		return nil, errors.New("sort needs the name of a column")
	}
	u, err := t.Select(names...)
	if err != nil {
		return nil, err
	}
	rows := span(0, t.rows)
	slices.SortStableFunc(rows, func(a, b int) int {
		for _, c := range u.cols {
			if d := c.compareRows(a, b, descending); d != 0 {
				return d
			}
		}
		return 0
	})
	return t.Take(rows), nil
}

func (c *Column) compareRows(a, b int, descending bool) int {
	ma, mb := c.IsMissing(a), c.IsMissing(b)
	switch {
	case ma && mb:
		return 0
	case ma:
		return 1
	case mb:
		return -1
	}
	d := 0
	switch c.typ {
	case Number:
		d = cmp.Compare(c.num[a], c.num[b])
	case Category:
		d = cmp.Compare(c.codes[a], c.codes[b])
	case Boolean:
		d = cmp.Compare(c.flags[a], c.flags[b])
	case Text:
		d = strings.Compare(c.text.at(a), c.text.at(b))
	case Time:
		d = cmp.Compare(c.micros[a], c.micros[b])
	}
	if descending {
		return -d
	}
	return d
}

// Sample returns n different rows drawn at random, in the order drawn; the
// same seed draws the same rows.
func (t *Table) Sample(n int, seed uint64) (*Table, error) {
	if n < 0 || n > t.rows {
		return nil, fmt.Errorf("%d rows of a table of %d; sample draws each row at most once", n, t.rows)
	}
	return t.Take(shuffled(t.rows, seed, drawSample)[:n]), nil
}

// Purposes of random draws: a seed used for two purposes gives unrelated draws.
const (
	drawSample = iota + 1
	drawSplit
	drawFolds
	drawData
	drawGuard
)

func newRand(seed, purpose uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, purpose)) }

// shuffled returns 0..n-1 in random order.
func shuffled(n int, seed, purpose uint64) []int {
	rows := span(0, n)
	newRand(seed, purpose).Shuffle(n, func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	return rows
}
