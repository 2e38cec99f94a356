package table

import (
	"math"
	"sync"
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
	na     *naSet

	num    []float64
	flags  []int8
	micros []int64
	codes  []int32
	strs   []string

	mu       sync.Mutex
	missing  []int // by index of csvFile.na
	dict     *dict
	conflict struct { // the earliest value that does not fit
		line  int
		value string
	}
}

// newSink chooses what to read a column as from its first values.
func (f *csvFile) newSink(name string, values []string, rows int) *sink {
	s := &sink{name: name, na: newNASet(f.o.naOf(name), f.na), missing: make([]int, len(f.na))}
	kind := f.kindOf(values, s.na)
	if !s.na.anyValue(values) {
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
		s.layout = f.layoutOf(values, s.na)
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
	t := &sink{name: s.name, forced: s.forced, want: s.want, layout: s.layout, na: s.na, missing: make([]int, len(s.missing))}
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

func (s *sink) count(missing []int) {
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
