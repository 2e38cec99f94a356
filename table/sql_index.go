package table

import (
	"cmp"
	"database/sql/driver"
	"slices"
	"strings"
)

// sqlIndex finds the rows of one value of a column.
type sqlIndex struct {
	rows []int32 // sorted by number, or group after group of equal texts
	num  []float64
	at   map[string]int32 // group of a folded text
	from []int32          // where a group begins in rows; one more at the end
}

// index returns the index of a column, which it makes at first.
func (t *sqlTable) index(column int) *sqlIndex {
	x, ok := t.indices[column]
	if !ok {
		if c := t.cols[column]; c.typ == Number {
			x = numberIndex(c.num)
		} else {
			x = textIndex(c)
		}
		t.indices[column] = x
	}
	return x
}

func numberIndex(num []float64) *sqlIndex {
	x := &sqlIndex{num: num}
	for i, v := range num {
		if v == v {
			x.rows = append(x.rows, int32(i))
		}
	}
	slices.SortStableFunc(x.rows, func(a, b int32) int { return cmp.Compare(num[a], num[b]) })
	return x
}

// textIndex groups rows by their text as SQLite sees it, folded so that rows
// that are equal by some collation are in one group.
func textIndex(c *Column) *sqlIndex {
	x := &sqlIndex{at: map[string]int32{}}
	group := make([]int32, c.n)
	levels := make([]int32, len(c.levels))
	for k, l := range c.levels {
		levels[k] = x.group(l)
	}
	for i := range group {
		switch {
		case c.IsMissing(i):
			group[i] = -1
		case c.typ == Category:
			group[i] = levels[c.codes[i]]
		case c.typ == Boolean:
			group[i] = x.group("01"[c.flags[i] : c.flags[i]+1])
		default:
			group[i] = x.group(c.Format(i))
		}
	}
	x.from = make([]int32, len(x.at)+1)
	for _, g := range group {
		if g >= 0 {
			x.from[g+1]++
		}
	}
	for g := range len(x.at) {
		x.from[g+1] += x.from[g]
	}
	x.rows = make([]int32, x.from[len(x.at)])
	next := slices.Clone(x.from)
	for i, g := range group {
		if g >= 0 {
			x.rows[next[g]] = int32(i)
			next[g]++
		}
	}
	return x
}

func (x *sqlIndex) group(text string) int32 {
	text = folded(text)
	g, ok := x.at[text]
	if !ok {
		g = int32(len(x.at))
		x.at[text] = g
	}
	return g
}

// folded makes texts equal that NOCASE or RTRIM takes for equal.
func folded(s string) string { return strings.ToLower(strings.TrimRight(s, " ")) }

// find returns rows among which are all that equal the value; not ok if it
// takes a scan.
func (x *sqlIndex) find(v driver.Value) (rows []int32, ok bool) {
	if x.num == nil {
		var text string
		switch v := v.(type) {
		case string:
			text = v
		case int64:
			if v != 0 && v != 1 {
				return nil, false
			}
			text = "01"[v : v+1]
		default:
			return nil, false
		}
		g, ok := x.at[folded(text)]
		if !ok {
			return nil, true
		}
		return x.rows[x.from[g]:x.from[g+1]], true
	}
	f, ok := toFloat(v)
	if !ok {
		return nil, false
	}
	lo, _ := slices.BinarySearchFunc(x.rows, f, func(r int32, f float64) int { return cmp.Compare(x.num[r], f) })
	hi := lo
	for hi < len(x.rows) && x.num[x.rows[hi]] == f {
		hi++
	}
	return x.rows[lo:hi], true
}
