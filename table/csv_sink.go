package table

import (
	"hash/maphash"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// sinkKind is what a column is read as.
type sinkKind uint8

const (
	sinkNumber sinkKind = iota
	sinkBoolean
	sinkTime
	sinkWords // codes of a dictionary
	sinkText  // strings, where nearly all differ
)

// sink is a column while it is read, by several goroutines at different rows.
type sink struct {
	name   string
	kind   sinkKind
	forced bool // by types=
	want   Type // if forced
	layout string

	num    []float64
	flags  []int8
	micros []int64
	codes  []int32
	strs   []string

	mu       sync.Mutex
	missing  [maxNA]int // by index of na
	dict     *dict
	conflict struct { // the earliest value that does not fit
		line  int
		value string
	}
}

// newSink chooses what to read a column as from its first values.
func (f *csvFile) newSink(name string, values []string, rows int) *sink {
	s := &sink{name: name}
	kind := f.kindOf(values)
	if !f.anyValue(values) {
		kind = Number // all missing so far
	}
	if t, ok := f.o.Types[name]; ok {
		s.forced, s.want, kind = true, t, t
	}
	switch kind {
	case Number:
		s.kind, s.num = sinkNumber, make([]float64, rows)
	case Boolean:
		s.kind, s.flags = sinkBoolean, make([]int8, rows)
	case Time:
		s.kind, s.micros = sinkTime, make([]int64, rows)
		s.layout = f.layoutOf(values)
	default:
		s.words(rows)
	}
	return s
}

func (s *sink) words(rows int) {
	s.kind, s.codes, s.dict = sinkWords, make([]int32, rows), newDict()
}

// asText is the sink of the second reading.
func (s *sink) asText(rows int) *sink {
	t := &sink{name: s.name, forced: s.forced, want: s.want, layout: s.layout}
	t.conflict = s.conflict
	if s.kind == sinkWords {
		t.kind, t.strs = sinkText, make([]string, rows)
	} else {
		t.words(rows)
	}
	return t
}

func (s *sink) conflicts(line int, field []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conflict.line == 0 || line < s.conflict.line {
		s.conflict.line, s.conflict.value = line, string(field)
	}
}

func (s *sink) count(missing [maxNA]int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, n := range missing {
		s.missing[k] += n
	}
}

// manyWords is where a dictionary of mostly different words stops paying.
const manyWords = 100_000

// word gives the code of a word and the dictionary's copy of it; -1 where the
// dictionary became too large.
func (s *sink) word(word string) (string, int32) {
	s.mu.Lock()
	defer s.mu.Unlock()
	code := s.dict.code(word)
	if code >= manyWords && s.conflict.line == 0 {
		return "", -1
	}
	return s.dict.levels[code], code
}

func (s *sink) putText(row int, field []byte) { s.strs[row] = string(field) }

// missingText marks a missing row of a text sink; no field can hold it since it is not UTF-8.
const missingText = "\xff"

func (s *sink) setMissing(row int) {
	switch s.kind {
	case sinkNumber:
		s.num[row] = math.NaN()
	case sinkBoolean:
		s.flags[row] = -1
	case sinkTime:
		s.micros[row] = noTime
	case sinkWords:
		s.codes[row] = -1
	case sinkText:
		s.strs[row] = missingText
	}
}

// layoutOf finds the style that all values have, "" for ISO; a day before a
// month where both fit.
func (f *csvFile) layoutOf(values []string) string {
	for _, l := range timeLayouts {
		fits := true
		for _, v := range values {
			v = strings.TrimSpace(v)
			if slices.Contains(f.na, v) {
				continue
			}
			if _, err := time.Parse(l, v); err != nil {
				fits = false
				break
			}
		}
		if fits && !strings.HasPrefix(l, "2006-01-02") {
			return l
		}
	}
	return ""
}

func parseLayout(s []byte, layout string) (int64, bool) {
	t, err := time.Parse(layout, string(trimSpace(s)))
	if err != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}

// forcedNumber also reads leading zeros and long whole numbers.
func forcedNumber(s []byte, decimal byte) (float64, bool) {
	text := strings.TrimSpace(string(s))
	if decimal != '.' {
		text = strings.Replace(text, string(decimal), ".", 1)
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !strings.ContainsAny(text, "xX_")
}

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
	return New(cols...)
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
		if strings.Contains(s.layout, "02/01") && len(s.micros) > 0 {
			f.note("%s: read as day/month/year", s.name)
		}
		return timesColumn(s.name, kept(s.micros, keep)), nil
	case sinkText:
		return s.textColumn(kept(s.strs, keep))
	}
	levels := s.dict.levels
	codes := kept(s.codes, keep)
	if s.forced {
		return s.forcedWords(levels, codes)
	}
	if c := f.retype(s, levels, codes); c != nil {
		return c, nil
	}
	if s.conflict.line > 0 && s.conflict.value != "" {
		f.note("%s: kept as text because of %q in line %d%s", s.name, s.conflict.value, s.conflict.line, whyText(s.conflict.value))
	}
	present := 0
	for _, c := range codes {
		if c >= 0 {
			present++
		}
	}
	sorted := sortLevels(levels, codes)
	c, err := Coded(s.name, codes, sorted)
	if err == nil && looksLikeText(len(levels), present) {
		return c.ToText(), nil
	}
	return c, err
}

// whyText explains numbers that were not taken for numbers.
func whyText(v string) string {
	if _, ok := forcedNumber([]byte(v), '.'); ok {
		return " (as a number it would lose digits)"
	}
	return ""
}

func (s *sink) forcedWords(levels []string, codes []int32) (*Column, error) {
	c, err := Coded(s.name, codes, sortLevels(levels, codes))
	if err != nil {
		return nil, err
	}
	return c.To(s.want)
}

// retype gives words a better type if all of them have it: what the first
// values could not tell.
func (f *csvFile) retype(s *sink, levels []string, codes []int32) *Column {
	if len(levels) == 0 {
		num := make([]float64, len(codes))
		for i := range num {
			num[i] = math.NaN()
		}
		return Numbers(s.name, num)
	}
	kind := f.kindOf(levels)
	layout := ""
	if kind == Time {
		layout = f.layoutOf(levels)
	}
	t := &sink{name: s.name, layout: layout}
	n := len(codes)
	switch kind {
	case Number:
		t.kind, t.num = sinkNumber, make([]float64, n)
	case Boolean:
		t.kind, t.flags = sinkBoolean, make([]int8, n)
	case Time:
		t.kind, t.micros = sinkTime, make([]int64, n)
	default:
		return nil
	}
	w := &csvWorker{f: f, sinks: []*sink{t}, na: newNASet(f.na), missing: make([][maxNA]int, 1)}
	for i, c := range codes {
		if c < 0 {
			t.setMissing(i)
		} else if !w.put(0, i, []byte(levels[c])) {
			return nil // styles of times that do not go together
		}
	}
	c, _ := f.column(t, nil)
	return c
}

// textColumn makes text, or a category after all where values repeat enough.
func (s *sink) textColumn(strs []string) (*Column, error) {
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
