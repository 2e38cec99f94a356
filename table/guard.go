package table

import (
	"fmt"
	"math"
	"slices"
)

// Warning is a likely mistake in the data, in one sentence. Its Name
// silences it.
type Warning struct {
	Name    string
	Columns []string
	Message string
}

// Names of the warnings.
const (
	WarnIdentifier = "identifier"     // a feature that only names rows
	WarnConstant   = "constant"       // a feature with one value
	WarnGiveaway   = "giveaway"       // one feature that gives the target away
	WarnRareClass  = "rare_class"     // a class of very few rows
	WarnDuplicates = "duplicate_rows" // identical rows on both sides of a split
	WarnTimeOrder  = "time_order"     // rows ordered by time were split at random
	WarnTestReuse  = "test_reuse"     // one table scored many models
	WarnReach      = "target_reach"   // a target with values that the output cannot give
)

// WarningNames lists the warnings and what each is about.
func WarningNames() [][2]string {
	return [][2]string{
		{WarnIdentifier, "a feature that has a different value in every row"},
		{WarnConstant, "a feature that has one value in every row"},
		{WarnGiveaway, "one feature that gives the target away"},
		{WarnRareClass, "a class of fewer than 5 rows"},
		{WarnDuplicates, "identical rows on both sides of a split"},
		{WarnTimeOrder, "rows ordered by time that were split at random"},
		{WarnTestReuse, "rows that have scored many models"},
		{WarnReach, "a target with values that the output's activation cannot give"},
	}
}

const (
	rareClass   = 5    // rows below which a class is rare
	giveawayAUC = 0.99 // area under the curve of one feature
	giveawayR2  = 0.999
	few         = 20 // rows below which all values may differ by chance
	coarse      = 5  // rows that come this often on average are alike by nature, as those of xor are
)

// CheckFeatures looks at the training rows of features and target; names in
// silence are left out.
func CheckFeatures(t *Table, features []string, target string, silence ...string) ([]Warning, error) {
	u, err := t.Select(features...)
	if err != nil {
		return nil, err
	}
	var y *Column
	var answer *secret
	var some []int
	if target != "" {
		if y, err = t.Col(target); err != nil {
			return nil, err
		}
		some = everyFew(t.rows, 20_000)
		answer = newSecret(y.some(some))
	}
	found := make([]string, len(u.cols)) // the name of a warning about each column
	each(len(u.cols), func(i int) error {
		switch c := u.cols[i]; {
		case c.name == target:
		case identifierLike(c):
			found[i] = WarnIdentifier
		case constant(c):
			found[i] = WarnConstant
		case answer != nil && answer.givenAwayBy(c.some(some)):
			found[i] = WarnGiveaway
		}
		return nil
	})
	var out []Warning
	say := func(name string, columns []string, format string, args ...any) {
		if len(columns) > 0 && !slices.Contains(silence, name) {
			out = append(out, Warning{name, columns, fmt.Sprintf(format, args...)})
		}
	}
	warn := func(name, format string, args ...any) {
		var columns []string
		for i, c := range u.cols {
			if found[i] == name {
				columns = append(columns, c.name)
			}
		}
		say(name, columns, format, append([]any{list(columns)}, args...)...)
	}
	warn(WarnIdentifier, "%s: a different value in every row, like an identifier; a network can only learn it by heart")
	warn(WarnConstant, "%s: the same value in every row, so nothing can be learnt from it")
	if y != nil && (y.typ == Category || y.typ == Boolean) {
		for _, c := range rareClasses(y) {
			say(WarnRareClass, []string{target}, "%s", c)
		}
	}
	warn(WarnGiveaway, "%s: almost enough to tell %s by itself; is it known before the answer is, or was it made from the answer?", target)
	return out, nil
}

// everyFew returns at most most rows, evenly spread: enough to see whether a
// feature gives a target away.
func everyFew(n, most int) []int {
	step := max(1, (n+most-1)/most)
	rows := make([]int, 0, n/step+1)
	for i := 0; i < n; i += step {
		rows = append(rows, i)
	}
	return rows
}

func constant(c *Column) bool {
	if c.typ == Vector || c.typ == Image || c.n < 2 {
		return false
	}
	for i := range c.n {
		if c.IsMissing(i) != c.IsMissing(0) || !c.IsMissing(i) && c.compareRows(i, 0, false) != 0 {
			return false
		}
	}
	return true
}

func rareClasses(y *Column) []string {
	var out []string
	rows, counts := y.distinct()
	for k, n := range counts {
		if n < rareClass {
			out = append(out, fmt.Sprintf("class %q of %s has only %s; what is learnt and measured for it is chance", y.Format(rows[k]), y.name, plural(n, "row")))
		}
	}
	return out
}

// identifierLike tells whether a column names its rows: no value comes twice,
// and it is a category, or whole running numbers.
func identifierLike(c *Column) bool {
	switch {
	case c.n <= few:
		return false
	case c.typ == Category && len(c.levels) >= c.n:
		rows, _ := c.distinct()
		return len(rows) == c.n
	case c.typ == Number:
		return runningNumber(c.num)
	}
	return false
}

// runningNumber tells whether numbers are there, whole, all different, and without
// large gaps: row numbers, perhaps shuffled or sampled.
func runningNumber(v []float64) bool {
	lo, hi := v[0], v[0]
	for _, x := range v {
		if x != math.Floor(x) || math.IsInf(x, 0) {
			return false
		}
		lo, hi = min(lo, x), max(hi, x)
	}
	if hi-lo >= 2*float64(len(v)) {
		return false
	}
	seen := make([]bool, int(hi-lo)+1)
	for _, x := range v {
		if seen[int(x-lo)] {
			return false
		}
		seen[int(x-lo)] = true
	}
	return true
}

// CheckSplit looks for rows of test that are also in train, by all the named
// columns, and for a random split of rows that are ordered by time. All
// columns count if none is named.
func CheckSplit(train, test *Table, columns []string, silence ...string) ([]Warning, error) {
	if len(columns) == 0 {
		columns = train.Columns()
	}
	a, err := train.Select(columns...)
	if err != nil {
		return nil, err
	}
	b, err := test.Select(columns...)
	if err != nil {
		return nil, err
	}
	var out []Warning
	if n, kinds := commonRows(a, b); n > 0 && kinds > a.rows/coarse && !slices.Contains(silence, WarnDuplicates) {
		out = append(out, Warning{WarnDuplicates, columns, fmt.Sprintf("%d of %d test rows are also training rows, value by value; the score will look better than it is", n, b.rows)})
	}
	if slices.Contains(silence, WarnTimeOrder) {
		return out, nil
	}
	for j, c := range a.cols {
		if c.typ == Time && interleaved(c, b.cols[j]) {
			out = append(out, Warning{WarnTimeOrder, []string{c.name}, fmt.Sprintf("the rows run in the order of %s, but were split at random: the model sees the future of what it is tested on; split with order=%q", c.name, c.name)})
		}
	}
	return out, nil
}

// commonRows counts the rows of b whose values are a row of a, and the
// different rows of a.
func commonRows(a, b *Table) (common, kinds int) {
	seen := make(map[string]bool, a.rows)
	var buf []byte
	for i := range a.rows {
		buf = a.appendRow(buf[:0], i)
		seen[string(buf)] = true
	}
	n := 0
	for i := range b.rows {
		buf = b.appendRow(buf[:0], i)
		if seen[string(buf)] {
			n++
		}
	}
	return n, len(seen)
}

// appendRow appends the values of a row as bytes that differ where rows differ.
func (t *Table) appendRow(buf []byte, i int) []byte {
	for _, c := range t.cols {
		switch c.typ {
		case Number:
			u := math.Float64bits(c.num[i] + 0)
			buf = append(buf, byte(u), byte(u>>8), byte(u>>16), byte(u>>24), byte(u>>32), byte(u>>40), byte(u>>48), byte(u>>56))
		case Image:
			w := c.Width()
			buf = append(buf, c.pix[i*w:(i+1)*w]...)
		default:
			s := c.Format(i)
			buf = append(buf, byte(flag(c.IsMissing(i))), byte(len(s)), byte(len(s)>>8), byte(len(s)>>16))
			buf = append(buf, s...)
		}
	}
	return buf
}

// interleaved: both sides are in ascending order of time, and their ranges
// mix: what a random split makes of rows ordered by time.
func interleaved(train, test *Column) bool {
	if train.n < few || test.n < 2 || !ascending(train) || !ascending(test) {
		return false
	}
	return test.micros[0] < train.micros[train.n-1]
}

func ascending(c *Column) bool {
	return !slices.Contains(c.micros, noTime) && slices.IsSorted(c.micros) && c.micros[0] < c.micros[c.n-1]
}
