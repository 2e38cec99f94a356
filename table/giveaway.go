package table

import (
	"cmp"
	"math"
	"slices"
)

// secret is a target that a feature may give away, and its classes.
type secret struct {
	y     *Column
	class bool // category, boolean, or a number of 0 and 1
	all   classes
	// A few rows show that most columns are far from giving it away.
	few       []int
	fewOf     classes
	in, out   []int // of these, those of one class, and the others
	separable bool  // classes can be told by a threshold: 2 to mostClasses of them
}

// classes are the class of each row, -1 where missing, and their number.
type classes struct {
	of []int
	n  int
}

func newSecret(y *Column) *secret {
	s := &secret{y: y, class: y.typ == Category || y.typ == Boolean || zeroOne(y)}
	if !s.class {
		return s
	}
	s.all = classesOf(y)
	s.separable = s.all.n >= 2 && s.all.n <= mostClasses
	if y.n > 2*roughRows {
		s.few = everyFew(y.n, roughRows)
		s.fewOf = classesOf(y.Take(s.few))
		s.in, s.out = s.fewOf.sides(s.few)
	}
	return s
}

// sides divides rows, whose classes g has, by the first class of which there are
// neither too few rows nor too few others.
func (g classes) sides(rows []int) (in, out []int) {
	for class := range g.n {
		in, out = nil, nil
		for i, k := range g.of {
			switch {
			case k == class:
				in = append(in, rows[i])
			case k >= 0:
				out = append(out, rows[i])
			}
		}
		if min(len(in), len(out)) >= rareClass {
			return in, out
		}
	}
	return nil, nil
}

// roughRows is how many rows tell a column that is far from giving a target
// away: the standard error of an area of 0.99 is there a tenth of its distance
// from 0.9.
const roughRows = 1 << 7

const mostClasses = 20

// classesOf numbers the classes that have a row, in the order of their values: of
// a category, a boolean, or a number of 0 and 1.
func classesOf(y *Column) classes {
	value, values := func(i int) int { return int(y.codes[i]) }, len(y.levels)
	switch y.typ {
	case Boolean:
		value, values = func(i int) int { return int(y.flags[i]) }, 2
	case Number:
		value, values = func(i int) int { return int(y.num[i]) }, 2
	}
	c := classes{of: make([]int, y.n)}
	class := make([]int, values)
	for i := range c.of {
		c.of[i] = -1
		if !y.IsMissing(i) {
			c.of[i] = value(i)
			class[c.of[i]] = 1
		}
	}
	for v, there := range class {
		class[v] = c.n
		c.n += there
	}
	for i, v := range c.of {
		if v >= 0 {
			c.of[i] = class[v]
		}
	}
	return c
}

// some is Take, or the column itself for all rows.
func (c *Column) some(rows []int) *Column {
	if len(rows) == c.n {
		return c
	}
	return c.Take(rows)
}

// givenAwayBy tells whether c alone determines the target.
func (s *secret) givenAwayBy(c *Column) bool {
	if c.typ == Vector || c.typ == Image || c.n <= few {
		return false
	}
	switch {
	case s.class && (c.typ == Number || c.typ == Time):
		return s.separatedBy(c)
	case s.class && (c.typ == Category || c.typ == Boolean):
		return determines(c, s.y)
	case s.y.typ == Number && c.typ == Number:
		r := correlation(c.num, s.y.num)
		return r*r > giveawayR2
	}
	return false
}

// separatedBy: each class is told from the rest by a threshold on c.
func (s *secret) separatedBy(c *Column) bool {
	if !s.separable {
		return false
	}
	if s.few != nil && s.fewOf.n >= 2 {
		if s.mixedBy(c) || s.fewOf.roughAUC(c, s.few) < far {
			return false
		}
	}
	worst, rare := s.all.worstAUC(c)
	return !rare && worst > giveawayAUC
}

// far is an area that is far from that of a column that gives the target away.
const far = 0.9

// mixedBy tells whether so many rows of one class are below others, and so many
// above, that roughAUC is below far. It takes few pairs to see that of most columns.
func (s *secret) mixedBy(c *Column) bool {
	var buf [roughRows]float64
	others := buf[:0]
	for _, r := range s.out {
		others = append(others, c.number(r))
	}
	below, above, most := 0, 0, (1-far)*float64(len(s.in)*len(s.out))
	for _, r := range s.in {
		x := c.number(r)
		for _, y := range others {
			below += int(flag(y < x)) // without a jump that nobody could foretell
			above += int(flag(y > x))
		}
		if float64(min(below, above)) > most {
			return true
		}
	}
	return false
}

// worstAUC is the smallest area under the curve (turned up where it is below a
// half) by which c, a number or time, tells a class from the others, of classes
// with enough rows; rare says that some have not.
func (g classes) worstAUC(c *Column) (worst float64, rare bool) {
	sums, n := make([]float64, g.n), make([]int, g.n)
	for _, p := range ranks(c, g.of) {
		sums[p.class], n[p.class] = sums[p.class]+p.rank, n[p.class]+1
	}
	return worstOf(sums, n)
}

// worstOf is worstAUC by the sum of ranks and the number of rows of each class.
func worstOf(sums []float64, n []int) (worst float64, rare bool) {
	rows := 0
	for _, m := range n {
		rows += m
	}
	worst = 1
	for k, m := range n {
		others := rows - m
		if m < rareClass || others < rareClass {
			rare = true
			continue
		}
		auc := (sums[k] - float64(float64(m)*float64(m+1)/2)) / (float64(m) * float64(others))
		worst = min(worst, max(auc, 1-auc))
	}
	return worst, rare
}

// roughAUC is worstAUC over a few rows of c, whose classes g has. Numbers that
// agree in all but their last bits count as equal: the row stands in those, so
// that plain numbers are sorted.
func (g classes) roughAUC(c *Column, rows []int) float64 {
	var buf [roughRows]uint64
	keys := buf[:0]
	for i, r := range rows {
		if g.of[i] >= 0 && !c.IsMissing(r) {
			keys = append(keys, ascendingBits(c.number(r))&^(roughRows-1)|uint64(i))
		}
	}
	slices.Sort(keys)
	var sums [mostClasses]float64
	var n [mostClasses]int
	for i := 0; i < len(keys); {
		j := i
		for j < len(keys) && keys[j]/roughRows == keys[i]/roughRows {
			j++
		}
		for _, k := range keys[i:j] {
			class := g.of[k%roughRows]
			sums[class], n[class] = sums[class]+float64(float64(i+j+1)/2), n[class]+1
		}
		i = j
	}
	worst, _ := worstOf(sums[:g.n], n[:g.n])
	return worst
}

// ascendingBits orders bits as numbers.
func ascendingBits(x float64) uint64 {
	u := math.Float64bits(x)
	if u>>63 == 1 {
		return ^u
	}
	return u | 1<<63
}

// number is row i of a number, or of a time in microseconds; NaN where missing,
// which is neither below nor above others.
func (c *Column) number(i int) float64 {
	if c.typ == Number {
		return c.num[i]
	}
	if m := c.micros[i]; m != noTime {
		return float64(m)
	}
	return math.NaN()
}

// ranked is a row by its place in the order of a column.
type ranked struct {
	x     float64
	class int
	rank  float64
}

// ranks returns the rows that have a value and a class in the order of the
// values, ranked from 1; equal values share their mean rank.
func ranks(c *Column, class []int) []ranked {
	list := make([]ranked, 0, c.n)
	for i, k := range class {
		if k < 0 || c.IsMissing(i) {
			continue
		}
		list = append(list, ranked{x: c.number(i), class: k})
	}
	slices.SortFunc(list, func(a, b ranked) int { return cmp.Compare(a.x, b.x) })
	for i := 0; i < len(list); {
		j := i
		for j < len(list) && list[j].x == list[i].x {
			j++
		}
		for k := i; k < j; k++ {
			list[k].rank = float64(i+j+1) / 2
		}
		i = j
	}
	return list
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
