package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
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
	var out []Warning
	add := func(name string, cols []*Column, format string) {
		if len(cols) > 0 && !slices.Contains(silence, name) {
			names := namesOf(cols)
			out = append(out, Warning{name, names, fmt.Sprintf(format, list(names))})
		}
	}
	pickIf := func(f func(*Column) bool) []*Column {
		return slices.DeleteFunc(slices.Clone(u.cols), func(c *Column) bool { return c.name == target || !f(c) })
	}
	add(WarnIdentifier, pickIf(identifierLike), "%s: a different value in every row, like an identifier; a network can only learn it by heart")
	add(WarnConstant, pickIf(constant), "%s: the same value in every row, so nothing can be learnt from it")
	if target == "" {
		return out, nil
	}
	y, err := t.Col(target)
	if err != nil {
		return nil, err
	}
	if y.typ == Category || y.typ == Boolean {
		for _, c := range rareClasses(y) {
			if !slices.Contains(silence, WarnRareClass) {
				out = append(out, Warning{WarnRareClass, []string{target}, c})
			}
		}
	}
	some := everyFew(t.rows, 20_000)
	ySome := y.Take(some)
	add(WarnGiveaway, pickIf(func(c *Column) bool { return !identifierLike(c) && givesAway(c.Take(some), ySome) }),
		"%s: almost enough to tell "+strings.ReplaceAll(target, "%", "%%")+" by itself; is it known before the answer is, or was it made from the answer?")
	return out, nil
}

// everyFew returns at most most rows, evenly spread: enough to see whether a
// feature gives a target away.
func everyFew(n, most int) []int {
	step := (n + most - 1) / most
	var rows []int
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
	if c.n <= few || c.Missing() > 0 {
		return false
	}
	switch c.typ {
	case Category:
		rows, _ := c.distinct()
		return len(rows) == c.n
	case Number:
		return runningNumber(c.num)
	}
	return false
}

// runningNumber tells whether numbers are whole, all different, and without
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

// givesAway tells whether c alone determines y, a category, boolean or number.
func givesAway(c, y *Column) bool {
	if c.typ == Vector || c.typ == Image || c.n <= few {
		return false
	}
	isClass := y.typ == Category || y.typ == Boolean || zeroOne(y)
	switch {
	case isClass && (c.typ == Number || c.typ == Time):
		return separates(c, y)
	case isClass && (c.typ == Category || c.typ == Boolean):
		return determines(c, y)
	case y.typ == Number && c.typ == Number:
		r := correlation(c.num, y.num)
		return r*r > giveawayR2
	}
	return false
}

// separates: each class is told from the rest by a threshold on c.
func separates(c, y *Column) bool {
	// Most columns do not by far, and a few rows show that.
	const sample, far = 256, 0.9
	if c.n > 4*sample {
		some := everyFew(c.n, sample)
		if worst, _ := worstAUC(c.Take(some), y.Take(some)); worst < far {
			return false
		}
	}
	worst, rare := worstAUC(c, y)
	return !rare && worst > giveawayAUC
}

// worstAUC is the smallest area under the curve (turned up where it is below a
// half) by which c tells a class of y from the others, of classes with enough
// rows; rare says that some have not, or that there are not 2 to 20 classes.
func worstAUC(c, y *Column) (worst float64, rare bool) {
	rows := slices.DeleteFunc(span(0, c.n), func(i int) bool { return c.IsMissing(i) || y.IsMissing(i) })
	classRows, counts := y.distinct()
	if len(counts) < 2 || len(counts) > 20 {
		return 1, true
	}
	key, class := y.keys(), map[any]int{}
	for k, r := range classRows {
		class[key(r)] = k
	}
	sums, n := make([]float64, len(counts)), make([]int, len(counts))
	for k, rank := range ranks(c, rows) {
		g := class[key(rows[k])]
		sums[g], n[g] = sums[g]+rank, n[g]+1
	}
	worst = 1
	for g, m := range n {
		others := len(rows) - m
		if m < rareClass || others < rareClass {
			rare = true
			continue
		}
		auc := (sums[g] - float64(float64(m)*float64(m+1)/2)) / (float64(m) * float64(others))
		worst = min(worst, max(auc, 1-auc))
	}
	return worst, rare
}

// ranks returns the rank of each of the rows by c, from 1; equal values share
// their mean rank.
func ranks(c *Column, rows []int) []float64 {
	order := span(0, len(rows))
	slices.SortStableFunc(order, func(a, b int) int { return c.compareRows(rows[a], rows[b], false) })
	rank := make([]float64, len(rows))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && c.compareRows(rows[order[i]], rows[order[j]], false) == 0 {
			j++
		}
		for k := i; k < j; k++ {
			rank[order[k]] = float64(i+j+1) / 2
		}
		i = j
	}
	return rank
}

// determines: each of the few values of c comes with (almost) one class.
func determines(c, y *Column) bool {
	groups := c.groupRows()
	if len(groups) > c.n/rareClass {
		return false
	}
	key := y.keys()
	right, largest := 0, 0
	total := map[any]int{}
	for _, rows := range groups {
		counts, best := map[any]int{}, 0
		for _, i := range rows {
			counts[key(i)]++
			total[key(i)]++
			best = max(best, counts[key(i)])
			largest = max(largest, total[key(i)])
		}
		right += best
	}
	wrong, guess := c.n-right, c.n-largest
	return guess >= rareClass && float64(wrong) < (1-giveawayAUC)*float64(guess)
}

func correlation(x, y []float64) float64 {
	var a, b []float64
	for i := range x {
		if x[i]-x[i] == 0 && y[i]-y[i] == 0 {
			a, b = append(a, x[i]), append(b, y[i])
		}
	}
	ma, mb := mean(a), mean(b)
	var sab, saa, sbb float64
	for i := range a {
		da, db := a[i]-ma, b[i]-mb
		sab += float64(da * db)
		saa += float64(da * da)
		sbb += float64(db * db)
	}
	if saa == 0 || sbb == 0 {
		return 0
	}
	return sab / math.Sqrt(float64(saa*sbb))
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
