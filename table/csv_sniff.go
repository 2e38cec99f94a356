package table

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sniff finds separator, quotes, decimal mark and header from the first
// lines, and where the data begin.
func (f *csvFile) sniff() error {
	head, err := f.sample()
	if err != nil {
		return err
	}
	complete := int64(len(head)) == f.src.Size()
	f.report.Comments, f.report.Blank = 0, 0
	start, err := f.skipLines(head)
	if err != nil {
		return err
	}
	if err := f.chooseSep(head[start:], complete); err != nil {
		return err
	}
	first, next := f.firstRecord(head[start:])
	switch {
	case next == 0 && len(head) == start:
		return errors.New("there are no lines of values")
	case next == 0 && complete:
		return fmt.Errorf("a quote that opens in line %d is never closed; close it or remove it", f.line)
	case next == 0:
		return fmt.Errorf("line %d is longer than %d MB; is this a text file of separated values?", f.line, largestSample>>20)
	}
	rows := f.sampleRows(head[start+next:], complete)
	f.decimal = f.o.Decimal
	if f.decimal == 0 {
		f.decimal = bestDecimal(append(rows, first), f.sep)
	}
	switch {
	case f.decimal != '.' && f.decimal != ',':
		return fmt.Errorf("decimal mark %q: there are \".\" and \",\"", f.decimal)
	case f.quote == f.sep:
		return fmt.Errorf("%q cannot be both separator and quote", f.sep)
	case f.decimal == f.sep:
		return fmt.Errorf("%q cannot be both separator and decimal mark", f.sep)
	case f.o.Thousands == f.decimal:
		return fmt.Errorf("%q cannot both group thousands and be the decimal mark; say decimal= too", f.decimal)
	}
	hasHeader := f.o.Header == HeaderYes || f.o.Header == HeaderAuto && f.looksLikeHeader(first, rows)
	names := first
	if hasHeader {
		f.line += 1 + bytes.Count(bytes.TrimSuffix(head[start:start+next], []byte("\n")), []byte{'\n'})
		f.body = int64(start + next)
		names = f.headerNames(first, rows)
	} else {
		names = make([]string, len(first))
		for i := range names {
			names[i] = fmt.Sprintf("column_%d", i+1)
		}
		f.body = int64(start)
	}
	f.unnamed = -1
	if last := len(names) - 1; last > 0 && (!hasHeader || strings.TrimSpace(names[last]) == "") {
		f.unnamed = last
	}
	f.names = f.uniqueNames(names)
	f.report.Sep, f.report.Decimal, f.report.Quote, f.report.Header = f.sep, f.decimal, f.quote, hasHeader
	if f.aligned {
		f.report.Sep = ' '
	}
	return f.checkOptions()
}

// The first lines are looked at in this many bytes, in more where lines are long.
const (
	smallestSample = 256 << 10
	largestSample  = 64 << 20
)

// sample returns the beginning of the file: a few lines at least.
func (f *csvFile) sample() ([]byte, error) {
	const fewLines = 8
	for n := int64(smallestSample); ; n *= 4 {
		head, err := window(f.src, nil, 0, n)
		if err != nil || int64(len(head)) < n || n >= largestSample || bytes.Count(head, []byte{'\n'}) > fewLines+f.o.Skip {
			return head, err
		}
	}
}

// chooseSep sets separator and quote.
func (f *csvFile) chooseSep(b []byte, complete bool) error {
	f.quote = f.o.Quote
	if f.quote == 0 {
		f.quote = bestQuote(b)
	}
	best, width := f.bestSep(b, complete)
	switch {
	case f.aligned:
		f.sep = '\t'
		return nil
	case f.o.Sep == ' ', f.o.Sep == 0 && width < 2 && looksAligned(b, complete):
		return errAligned
	case f.o.Sep != 0:
		f.sep = f.o.Sep
		if rows := f.sampleRows(b, complete); best != f.sep && width > 1 && modalWidth(rows) == 1 {
			f.note("with separator %s there is one column; %s would make %d", sepName(f.sep), sepName(best), width)
		}
		return nil
	}
	f.sep = best
	return nil
}

// headerNames are the names for the fields of a line, from the header: it may
// be marked by a #, lack the name of a first column of row names, or lack a
// last separator that all lines have.
func (f *csvFile) headerNames(first []string, rows [][]string) []string {
	names := slices.Clone(first)
	if f.markedHeader {
		names[0] = strings.TrimPrefix(names[0], string(f.comment))
	}
	if len(rows) == 0 || slices.ContainsFunc(rows, func(r []string) bool { return len(r) != len(first)+1 }) {
		return names
	}
	if !slices.ContainsFunc(rows, func(r []string) bool { return r[len(first)] != "" }) {
		return append(names, "")
	}
	f.note("the header has one name less than there are fields; the first column is taken for row names")
	return append([]string{"row"}, names...)
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
	for _, n := range sortedKeys(f.o.ColumnNA) {
		if err := check(n); err != nil {
			return err
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
// that names columns ("#a,b,c" before data) is the header. A first line
// "sep=;", which Excel writes, names the separator.
func (f *csvFile) skipLines(head []byte) (int, error) {
	f.line = 1
	at := 0
	for range f.o.Skip {
		if at == len(head) {
			return 0, fmt.Errorf("skip=%d, but there are only %s", f.o.Skip, plural(f.line-1, "line"))
		}
		at = lineEnd(head, at)
		f.line++
	}
	if text := firstLine(head[at:]); len(text) == 5 && bytes.EqualFold(text[:4], []byte("sep=")) {
		if f.o.Sep == 0 {
			f.o.Sep = text[4]
		}
		f.note("line %d says which separator there is: %s", f.line, sepName(text[4]))
		at = lineEnd(head, at)
		f.line++
	}
	for at < len(head) {
		end := lineEnd(head, at)
		text := firstLine(head[at:])
		switch {
		case len(text) == 0:
			f.report.Blank++
		case text[0] == f.comment && !f.namesColumns(text, head[end:]):
			f.report.Comments++
		default:
			f.markedHeader = text[0] == f.comment
			return at, nil
		}
		at = end
		f.line++
	}
	return at, nil
}

// lineEnd is where the line after the one at from begins.
func lineEnd(b []byte, from int) int {
	if k := bytes.IndexByte(b[from:], '\n'); k >= 0 {
		return from + k + 1
	}
	return len(b)
}

func firstLine(b []byte) []byte { return bytes.TrimRight(b[:lineEnd(b, 0)], "\r\n") }

// namesColumns tells whether a comment line is a header: no other comment
// follows, and the next line has as many fields, one of them a number.
func (f *csvFile) namesColumns(line, rest []byte) bool {
	next := firstLine(rest)
	if f.o.Comment != 0 || len(next) == 0 || next[0] == f.comment {
		return false
	}
	g := dialect{f.o.Sep, '"'}
	two := slices.Concat(line, []byte("\n"), next, []byte("\n"))
	if g.sep == 0 {
		g.sep, _ = g.bestSep(two, true)
	}
	rows := g.sampleRows(two, true)
	isNumber := func(s string) bool { _, ok := parseNumber([]byte(s), '.'); return ok }
	return len(rows) == 2 && len(rows[0]) > 1 && len(rows[0]) == len(rows[1]) && slices.ContainsFunc(rows[1], isNumber) && !slices.ContainsFunc(rows[0], isNumber)
}

// dialect is how lines are split to fields.
type dialect struct{ sep, quote byte }

// sampleRows splits the first lines of data to fields.
func (d dialect) sampleRows(b []byte, complete bool) [][]string {
	const most = 1000
	var rows [][]string
	for len(b) > 0 && len(rows) < most {
		rec, next := d.firstRecord(b)
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
func (d dialect) firstRecord(b []byte) ([]string, int) {
	if len(b) == 0 {
		return nil, 0
	}
	var s fieldScanner
	s.init(b, d.sep, d.quote)
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
// fields, at least two; of equals, more fields. It also returns that number.
func (d dialect) bestSep(b []byte, complete bool) (best byte, bestWidth int) {
	best, bestWidth = seps[0], 1
	bestScore := 0.0
	for _, sep := range seps {
		rows := dialect{sep, d.quote}.sampleRows(b, complete)
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
			best, bestWidth, bestScore = sep, width, score
		}
	}
	return best, bestWidth
}

// bestQuote is the apostrophe where fields begin and end with it, and none
// begins with the usual quote.
func bestQuote(b []byte) byte {
	edge := func(i int) bool { return i == len(b) || b[i] == '\n' || b[i] == '\r' || slices.Contains(seps, b[i]) }
	enclosed := 0
	for i := 0; i < len(b); i++ {
		switch {
		case i > 0 && !edge(i-1):
			continue
		case b[i] == '"':
			return '"'
		case b[i] != '\'':
			continue
		}
		end := i + 1
		for end < len(b) && (b[end] != '\'' || end+1 < len(b) && b[end+1] == '\'') {
			end += 1 + int(flag(b[end] == '\''))
		}
		if end >= len(b) {
			break // the sample ends here
		}
		if !edge(end + 1) {
			return '"'
		}
		enclosed++
		i = end
	}
	if enclosed > 0 {
		return '\''
	}
	return '"'
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
// reads as one with a point. Of both in one number the last is the mark.
func bestDecimal(rows [][]string, sep byte) byte {
	if sep == ',' {
		return '.'
	}
	commas := 0
	for _, r := range rows {
		for _, s := range r {
			s, _ = splitUnit(s)
			point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
			if point >= 0 && comma >= 0 {
				s = ungrouped(s, min(point, comma), max(point, comma))
				point, comma = strings.IndexByte(s, '.'), strings.IndexByte(s, ',')
			}
			if _, ok := parseNumber([]byte(s), '.'); ok && point >= 0 {
				return '.'
			}
			if _, ok := parseNumber([]byte(s), ','); ok && comma >= 0 {
				commas++
			}
		}
	}
	if commas > 0 {
		return ','
	}
	return '.'
}

// ungrouped takes the marks of thousands out of a number that has two kinds of
// marks, the last of each at these places.
func ungrouped(s string, group, decimal int) string {
	if out, ok := ungroup(s, s[group:group+1], s[decimal]); ok {
		return out
	}
	return s
}
