package table

import (
	"fmt"
	"hash/maphash"
	"math"
	"slices"
	"strings"
)

// finish makes the table: rows of empty lines go, words get their type.
func (f *csvFile) finish(sinks []*sink, order, gaps []int, upper int) (*Table, error) {
	keep := keepRows(gaps, upper)
	cols := make([]*Column, len(order))
	for i, j := range order {
		c, err := f.column(sinks[j], keep)
		if err != nil {
			return nil, err
		}
		cols[i] = c
		sinks[j] = nil
	}
	slices.Sort(f.report.Notes)
	t, err := New(cols...)
	if err != nil {
		return nil, err
	}
	if n := t.emptyRows(); n > 0 && len(cols) > 1 {
		f.note("%s without any value; t.drop_missing() drops rows with missing values", plural(n, "row"))
	}
	return t, nil
}

// emptyRows counts rows in which every value is missing.
func (t *Table) emptyRows() int {
	n := 0
	for i := range t.rows {
		n += int(flag(!slices.ContainsFunc(t.cols, func(c *Column) bool { return !c.IsMissing(i) })))
	}
	return n
}

// keepRows returns the rows without gaps, nil if there are none.
func keepRows(gaps []int, rows int) []int {
	if len(gaps) == 0 {
		return nil
	}
	keep := make([]int, 0, rows-len(gaps))
	g := 0
	for i := range rows {
		if g < len(gaps) && gaps[g] == i {
			g++
			continue
		}
		keep = append(keep, i)
	}
	return keep
}

func kept[T any](v []T, keep []int) []T {
	if keep == nil {
		return v
	}
	return gather(v, keep)
}

func (f *csvFile) column(s *sink, keep []int) (*Column, error) {
	switch s.kind {
	case sinkNumber:
		return Numbers(s.name, kept(s.num, keep)), nil
	case sinkBoolean:
		return booleans(s.name, kept(s.flags, keep)), nil
	case sinkTime:
		c := timesColumn(s.name, kept(s.micros, keep))
		f.noteDates(c, s.layout)
		return c, nil
	case sinkText:
		return f.textColumn(s, kept(s.strs, keep))
	}
	return f.wordColumn(s, kept(s.codes, keep))
}

// wordColumn makes a category, or what all its words read as: what the first
// values could not tell.
func (f *csvFile) wordColumn(s *sink, codes []int32) (*Column, error) {
	levels := s.dict.levels
	if s.forced {
		c, err := Coded(s.name, codes, sortLevels(levels, codes))
		if err != nil {
			return nil, err
		}
		return c.To(s.want)
	}
	if c, ok := f.retype(s, levels); ok {
		rows := make([]int, len(codes))
		for i, k := range codes {
			rows[i] = int(k)
		}
		return c.takeOrMissing(rows)
	}
	f.noteWords(s, levels, codes)
	present := 0
	for _, c := range codes {
		if c >= 0 {
			present++
		}
	}
	c, err := Coded(s.name, codes, sortLevels(levels, codes))
	if err == nil && looksLikeText(len(levels), present) {
		return c.ToText(), nil
	}
	return c, err
}

// textColumn makes text, or what all texts read as, or a category after all
// where values repeat enough.
func (f *csvFile) textColumn(s *sink, strs []string) (*Column, error) {
	if !s.forced {
		if c, ok := f.retype(s, strs); ok {
			return c, nil
		}
	}
	seed := maphash.MakeSeed()
	hashes := make([]uint64, 0, len(strs))
	missing := 0
	for _, v := range strs {
		if v == missingText {
			missing++
			continue
		}
		hashes = append(hashes, maphash.String(seed, v))
	}
	slices.Sort(hashes)
	distinct := len(slices.Compact(hashes))
	b := newTextBuilder(len(strs))
	for i, v := range strs {
		b.add(v, v == missingText)
		strs[i] = ""
	}
	c := &Column{name: s.name, typ: Text, n: len(strs), text: b.done()}
	if s.forced {
		return c.To(s.want)
	}
	if !looksLikeText(distinct, len(strs)-missing) {
		return c.ToCategory()
	}
	return c, nil
}

// retype reads texts as what all of them are, if that is better than words.
func (f *csvFile) retype(s *sink, values []string) (*Column, bool) {
	t := &sink{name: s.name, na: s.na}
	var style numberStyle
	switch kind := f.kindOf(values, s.na); kind {
	case Number:
		t.kind, t.num = sinkNumber, make([]float64, len(values))
	case Boolean:
		t.kind, t.flags = sinkBoolean, make([]int8, len(values))
	case Time:
		t.kind, t.micros, t.layout = sinkTime, make([]int64, len(values)), f.layoutOf(values, s.na)
	default:
		var ok bool
		if style, ok = f.styleOf(values); !ok {
			return nil, false
		}
		return f.styled(s.name, values, style), true
	}
	w := newCSVWorker(f, []*sink{t}, false)
	for i, v := range values {
		if v == missingText {
			t.setMissing(i)
		} else if !w.put(0, i, []byte(v)) {
			return nil, false // styles of times that do not go together
		}
	}
	c, err := f.column(t, nil)
	return c, err == nil
}

// styled reads numbers of one style.
func (f *csvFile) styled(name string, values []string, style numberStyle) *Column {
	num := make([]float64, len(values))
	example := ""
	for i, v := range values {
		num[i] = math.NaN()
		if v == missingText {
			continue
		}
		num[i], _ = style.parse(v)
		if len(v) > len(example) {
			example = v
		}
	}
	if example != "" {
		x, _ := style.parse(example)
		f.note("%s: numbers such as %q are read as %s; types={%q: \"text\"} keeps them as they are", name, example, FormatNumber(x), name)
	}
	return Numbers(name, num)
}

// noteWords says why a column that looks like numbers or times is words.
func (f *csvFile) noteWords(s *sink, levels []string, codes []int32) {
	where := ""
	if s.conflict.line > 0 && s.conflict.value != "" {
		where = fmt.Sprintf("%s: kept as text because of %q in line %d%s", s.name, s.conflict.value, s.conflict.line, f.whyText(s.conflict.value))
	}
	count := make([]int, len(levels))
	for _, k := range codes {
		if k >= 0 {
			count[k]++
		}
	}
	numbers, others := 0, 0
	var odd []string
	for k, l := range levels {
		if _, ok := parseNumber([]byte(l), f.decimal); ok {
			numbers += count[k]
		} else {
			odd = append(odd, l)
			others += count[k]
		}
	}
	const fewOdd = 3
	switch {
	case numbers >= others && numbers > 0 && len(odd) <= fewOdd && !slices.ContainsFunc(odd, isLongNumber):
		if where == "" {
			where = fmt.Sprintf("%s: kept as text because of %q", s.name, odd[0])
		}
		f.note("%s; if %s missing, na=[%s] makes the column numbers", where, meansMissing(odd, others), quoteAll(odd))
	case where == "" && len(odd) > 0 && !slices.ContainsFunc(odd, func(l string) bool { return !isLongNumber(l) }):
		f.note("%s: kept as text: %q would lose digits as a number", s.name, odd[0])
	case where != "":
		f.note("%s", where)
	case f.decimal != ',' && decimalCommas(levels):
		f.note(`%s: kept as text; if the commas are decimal marks, decimal="," makes the column numbers`, s.name)
	}
}

func meansMissing(odd []string, rows int) string {
	if len(odd) == 1 {
		return "it (" + plural(rows, "row") + ") means"
	}
	return fmt.Sprintf("%s (%s) mean", quoteAll(odd), plural(rows, "row"))
}

func decimalCommas(levels []string) bool {
	return len(levels) > 0 && !slices.ContainsFunc(levels, func(l string) bool {
		_, ok := parseNumber([]byte(strings.TrimSpace(l)), ',')
		return !ok
	})
}

// isLongNumber tells whether a text would be a number, but lose digits as one.
func isLongNumber(s string) bool {
	_, plain := parseNumber([]byte(s), '.')
	_, ok := looseNumber(s, '.')
	return ok && !plain
}

// whyText explains texts that could have been something else.
func (f *csvFile) whyText(v string) string {
	if isLongNumber(v) {
		return " (as a number it would lose digits)"
	}
	if f.readsAs(Time, v) {
		return " (times of more than one style)"
	}
	return ""
}
