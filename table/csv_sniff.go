package table

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sniff finds separator, decimal mark and header from the first lines, and
// where the data begin.
func (f *csvFile) sniff() error {
	const sample = 256 << 10
	head, err := window(f.src, nil, 0, sample)
	if err != nil {
		return err
	}
	complete := int64(len(head)) == f.src.Size()
	f.report.Comments, f.report.Blank = 0, 0
	start, err := f.skipLines(head)
	if err != nil {
		return err
	}
	f.sep = f.o.Sep
	if f.sep == 0 {
		f.sep = bestSep(head[start:], complete)
	}
	first, next := firstRecord(head[start:], f.sep)
	if next == 0 && !complete {
		return fmt.Errorf("line %d is longer than %d bytes; is this a text file of separated values?", f.line, sample)
	}
	if next == 0 && len(head) == start {
		return errors.New("there are no lines of values")
	}
	rows := sampleRows(head[start+next:], f.sep, complete)
	f.decimal = f.o.Decimal
	if f.decimal == 0 {
		f.decimal = bestDecimal(append(rows, first), f.sep)
	}
	if f.decimal == f.sep {
		return fmt.Errorf("%q cannot be both separator and decimal mark", f.sep)
	}
	hasHeader := f.o.Header == HeaderYes || f.o.Header == HeaderAuto && f.looksLikeHeader(first, rows)
	names := first
	if hasHeader {
		f.line += 1 + bytes.Count(bytes.TrimSuffix(head[start:start+next], []byte("\n")), []byte{'\n'})
		f.body = int64(start + next)
		if f.markedHeader {
			names[0] = strings.TrimPrefix(names[0], "#")
		}
		if len(rows) > 0 && !slices.ContainsFunc(rows, func(r []string) bool { return len(r) != len(first)+1 }) {
			f.note("the header has one name less than there are fields; the first column is taken for row names")
			names = append([]string{"row"}, names...)
		}
	} else {
		names = make([]string, len(first))
		for i := range names {
			names[i] = fmt.Sprintf("column_%d", i+1)
		}
		f.body = int64(start)
	}
	f.names = f.uniqueNames(names)
	f.report.Sep, f.report.Decimal, f.report.Header = f.sep, f.decimal, hasHeader
	return f.checkOptions()
}

func (f *csvFile) checkOptions() error {
	check := func(name string) error {
		if slices.Contains(f.names, name) {
			return nil
		}
		if near := Nearest(name, f.names); near != "" {
			return fmt.Errorf("no column %q; did you mean %q?", name, near)
		}
		return fmt.Errorf("no column %q; there are %s", name, list(f.names))
	}
	for i, n := range f.o.Columns {
		if err := check(n); err != nil {
			return err
		}
		if slices.Contains(f.o.Columns[:i], n) {
			return fmt.Errorf("column %q is asked for twice", n)
		}
	}
	for _, n := range sortedKeys(f.o.Types) {
		if err := check(n); err != nil {
			return err
		}
		if t := f.o.Types[n]; t == Vector || t == Image {
			return fmt.Errorf("column %q: a text file has no column of type %s", n, t)
		}
	}
	return nil
}

// skipLines passes over lines as asked, empty lines and comments before the
// header, and returns where the first line of values begins. A last comment
// that names columns ("#a,b,c" before data) is the header.
func (f *csvFile) skipLines(head []byte) (int, error) {
	f.line = 1
	at := 0
	line := func(from int) int {
		if k := bytes.IndexByte(head[from:], '\n'); k >= 0 {
			return from + k + 1
		}
		return len(head)
	}
	for range f.o.Skip {
		if at == len(head) {
			return 0, fmt.Errorf("skip=%d, but there are only %d lines", f.o.Skip, f.line-1)
		}
		at = line(at)
		f.line++
	}
	for at < len(head) {
		end := line(at)
		text := bytes.TrimRight(head[at:end], "\r\n")
		switch {
		case len(text) == 0:
			f.report.Blank++
		case text[0] == '#' && !namesColumns(text, head[end:]):
			f.report.Comments++
		default:
			f.markedHeader = text[0] == '#'
			return at, nil
		}
		at = end
		f.line++
	}
	return at, nil
}

// namesColumns tells whether a line beginning with # is a header: no other
// comment follows, and the next line has as many fields, one of them a number.
func namesColumns(line, rest []byte) bool {
	next, _, _ := bytes.Cut(rest, []byte("\n"))
	if len(next) == 0 || next[0] == '#' {
		return false
	}
	sep := bestSep(slices.Concat(line, []byte("\n"), next, []byte("\n")), true)
	a, _ := firstRecord(append(slices.Clone(line), '\n'), sep)
	b, _ := firstRecord(append(slices.Clone(next), '\n'), sep)
	isNumber := func(s string) bool { _, ok := parseNumber([]byte(s), '.'); return ok }
	return len(a) > 1 && len(a) == len(b) && slices.ContainsFunc(b, isNumber) && !slices.ContainsFunc(a, isNumber)
}

// sampleRows splits the first lines of data to fields.
func sampleRows(b []byte, sep byte, complete bool) [][]string {
	const most = 1000
	var rows [][]string
	for len(b) > 0 && len(rows) < most {
		rec, next := firstRecord(b, sep)
		if next == 0 || next == len(b) && !complete && b[len(b)-1] != '\n' {
			break
		}
		b = b[next:]
		if len(rec) == 1 && rec[0] == "" {
			continue
		}
		rows = append(rows, rec)
	}
	return rows
}

// firstRecord splits the first record to fields and returns where the next
// begins; 0 if the record is cut inside quotes.
func firstRecord(b []byte, sep byte) ([]string, int) {
	var s fieldScanner
	s.init(b, sep)
	var rec []string
	for {
		field, last, ok := s.next()
		if !ok {
			return rec, 0
		}
		rec = append(rec, string(field))
		if last {
			return rec, s.pos
		}
	}
}

// seps are the separators that are tried, the first winning ties.
var seps = []byte{',', ';', '\t', '|'}

// bestSep takes the separator with which most lines have the same number of
// fields, at least two; of equals, more fields.
func bestSep(b []byte, complete bool) byte {
	best, bestScore := seps[0], 0.0
	for _, sep := range seps {
		rows := sampleRows(b, sep, complete)
		if len(rows) > 100 {
			rows = rows[:100]
		}
		width := modalWidth(rows)
		if width < 2 {
			continue
		}
		same := 0
		for _, r := range rows {
			if len(r) == width {
				same++
			}
		}
		share := float64(same) / float64(len(rows))
		if score := share + float64(float64(min(width, 1000))*1e-6); score > bestScore && share > 0.5 || bestScore == 0 {
			best, bestScore = sep, score
		}
	}
	return best
}

// modalWidth is the most frequent number of fields; of equals the larger.
func modalWidth(rows [][]string) int {
	count := map[int]int{}
	best := 0
	for _, r := range rows {
		count[len(r)]++
		n := count[len(r)]
		if n > count[best] || n == count[best] && len(r) > best {
			best = len(r)
		}
	}
	return best
}

// bestDecimal: a comma where fields read as numbers with a comma, and none
// reads as one with a point.
func bestDecimal(rows [][]string, sep byte) byte {
	if sep == ',' {
		return '.'
	}
	commas := 0
	for _, r := range rows {
		for _, s := range r {
			if strings.IndexByte(s, '.') >= 0 {
				if _, ok := parseNumber([]byte(s), '.'); ok {
					return '.'
				}
			}
			if strings.IndexByte(s, ',') >= 0 {
				if _, ok := parseNumber([]byte(s), ','); ok {
					commas++
				}
			}
		}
	}
	if commas > 0 {
		return ','
	}
	return '.'
}

// looksLikeHeader: in some column the first line is no number, boolean or
// time while all other lines are; without such a column, the first line is
// names if no field is a value of a kind and all differ.
func (f *csvFile) looksLikeHeader(first []string, rows [][]string) bool {
	against := false
	for j, name := range first {
		kind := f.kindOf([]string{name})
		var values []string
		for _, r := range rows {
			if j < len(r) {
				values = append(values, r[j])
			}
		}
		below := f.kindOf(values)
		if kind == Text && below != Text && len(rows) > 0 && f.anyValue(values) {
			return true
		}
		if kind != Text && f.anyValue([]string{name}) {
			against = true
		}
	}
	sorted := slices.Sorted(slices.Values(first))
	return !against && len(slices.Compact(sorted)) == len(first)
}

func (f *csvFile) anyValue(values []string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return !slices.Contains(f.na, strings.TrimSpace(s)) })
}

// kindOf returns Number, Boolean, Time or else Text: what all values that are
// not missing read as. Missing alone is a number.
func (f *csvFile) kindOf(values []string) Type {
	for _, k := range []Type{Number, Boolean, Time} {
		fits := true
		for _, s := range values {
			s = strings.TrimSpace(s)
			if !slices.Contains(f.na, s) && !f.readsAs(k, s) {
				fits = false
				break
			}
		}
		if fits {
			return k
		}
	}
	return Text
}

func (f *csvFile) readsAs(k Type, s string) bool {
	switch k {
	case Number:
		_, ok := parseNumber([]byte(s), f.decimal)
		return ok
	case Boolean:
		_, ok := parseBool([]byte(s))
		return ok
	}
	if _, ok := parseISO([]byte(s)); ok {
		return true
	}
	_, err := ParseTime(s)
	return err == nil
}
