package table

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// raggedLines collects lines that cannot be split as the header is.
type raggedLines struct {
	mu       sync.Mutex
	count    int
	first    []raggedLine // the earliest few, by line
	comments atomic.Int64 // lines that were comments instead
}

type raggedLine struct {
	line, fields int
	why          string
}

const fewRagged = 5

func (r *raggedLines) add(l raggedLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.count++
	r.first = append(r.first, l)
	slices.SortFunc(r.first, func(a, b raggedLine) int { return a.line - b.line })
	if len(r.first) > fewRagged {
		r.first = r.first[:fewRagged]
	}
}

func (f *csvFile) raggedError(rows int) error {
	var some []string
	for _, l := range f.ragged.first {
		what := plural(l.fields, "field")
		if l.why != "" {
			what = l.why
		}
		some = append(some, fmt.Sprintf("line %d (%s)", l.line, what))
	}
	if f.ragged.count > len(some) {
		some = append(some, "...")
	}
	sep := f.report.Sep
	return fmt.Errorf("%d of %s cannot be split as the first line is, which has %s with separator %s: %s; nothing was read: correct these lines, or say sep=, quote=, comment= or skip=",
		f.ragged.count, plural(rows, "line"), plural(len(f.names), "field"), sepName(sep), strings.Join(some, ", "))
}

// parse reads all blocks. Each column is read as what its first values look
// like; columns with a value that does not fit are read once more as text, and
// get their type from their different values.
func (f *csvFile) parse(ctx context.Context, blocks []csvBlock) (*Table, error) {
	upper := 0
	for _, b := range blocks {
		upper += b.lines
	}
	sinks, order, err := f.makeSinks(upper)
	if err != nil {
		return nil, err
	}
	gaps := make([][]int, len(blocks)) // rows of empty lines, by block
	if err := f.pass(ctx, blocks, sinks, gaps, true); err != nil {
		return nil, err
	}
	if f.ragged.count > 0 {
		return nil, f.raggedError(upper)
	}
	f.report.Comments += int(f.ragged.comments.Load())
	again := make([]*sink, len(sinks))
	some := false
	for i, s := range sinks {
		if s == nil || s.conflict.line == 0 {
			continue
		}
		if s.forced && s.kind != sinkWords {
			return nil, fmt.Errorf("line %d, column %q: %q is not a %s; correct it, add it to na=, or leave types= out for this column", s.conflict.line, s.name, s.conflict.value, s.want)
		}
		again[i], some = s.asText(upper), true
		sinks[i] = again[i]
	}
	if some {
		if err := f.pass(ctx, blocks, again, nil, false); err != nil {
			return nil, err
		}
	}
	empty := slices.Concat(gaps...)
	f.report.Blank += len(empty)
	if order, err = f.withoutUnnamed(sinks, order, upper-len(empty)); err != nil {
		return nil, err
	}
	for _, j := range order {
		for k, n := range sinks[j].missing {
			if n > 0 {
				f.report.Missing[f.na[k]] += n
			}
		}
	}
	return f.finish(sinks, order, empty, upper)
}

// withoutUnnamed leaves out the last column if it has no name and no value:
// what separators at the ends of lines make.
func (f *csvFile) withoutUnnamed(sinks []*sink, order []int, rows int) ([]int, error) {
	if f.unnamed < 0 || sinks[f.unnamed] == nil || rows == 0 || len(order) < 2 {
		return order, nil
	}
	empty := slices.Index(f.na, "")
	if empty < 0 || sinks[f.unnamed].missing[empty] != rows {
		return order, nil
	}
	f.report.Notes = slices.DeleteFunc(f.report.Notes, func(s string) bool { return strings.HasSuffix(s, fmt.Sprintf("is called %q", f.names[f.unnamed])) })
	f.note("every line ends with a separator; the empty column after it is left out")
	return slices.DeleteFunc(order, func(j int) bool { return j == f.unnamed }), nil
}

// makeSinks makes a sink for each field that is wanted, and the order of the columns.
func (f *csvFile) makeSinks(rows int) (sinks []*sink, order []int, err error) {
	head, err := window(f.src, nil, f.body, f.body+256<<10)
	if err != nil {
		return nil, nil, err
	}
	sample := f.sampleRows(head, f.body+int64(len(head)) == f.src.Size())
	sinks = make([]*sink, len(f.names))
	for j, name := range f.names {
		if f.o.Columns != nil && !slices.Contains(f.o.Columns, name) {
			continue
		}
		var values []string
		for _, r := range sample {
			if j < len(r) {
				values = append(values, r[j])
			}
		}
		sinks[j] = f.newSink(name, values, rows)
		order = append(order, j)
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return slices.Index(f.o.Columns, f.names[a]) - slices.Index(f.o.Columns, f.names[b])
	})
	return sinks, order, nil
}

// pass reads all blocks into the sinks that are not nil.
func (f *csvFile) pass(ctx context.Context, blocks []csvBlock, sinks []*sink, gaps [][]int, check bool) error {
	var mu sync.Mutex
	return parallel(ctx, len(blocks), func() func(int) error {
		w := newCSVWorker(f, sinks, check)
		return func(i int) error {
			w.empty = nil
			clear(w.missing)
			clear(w.misfit)
			if err := w.block(blocks[i]); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if gaps != nil {
				gaps[i] = w.empty
			}
			for j, s := range sinks {
				if s != nil {
					s.count(w.missing[j*len(f.na) : (j+1)*len(f.na)])
				}
			}
			return nil
		}
	})
}

// csvWorker reads blocks in one goroutine.
type csvWorker struct {
	f       *csvFile
	sinks   []*sink
	check   bool // report ragged lines
	buf     []byte
	scan    fieldScanner
	words   []map[string]int32 // this goroutine's view of the sinks' dictionaries
	empty   []int              // rows of empty lines in this block
	missing []int              // in this block by sink and index of na
	misfit  []bool             // sinks that met a value that does not fit in this block
}

func newCSVWorker(f *csvFile, sinks []*sink, check bool) *csvWorker {
	n := len(sinks)
	return &csvWorker{f: f, sinks: sinks, check: check, words: make([]map[string]int32, n), missing: make([]int, n*len(f.na)), misfit: make([]bool, n)}
}

func (w *csvWorker) block(bl csvBlock) error {
	b, err := window(w.f.src, w.buf, bl.off, bl.end)
	if err != nil {
		return err
	}
	if _, inMemory := w.f.src.(bytesSource); !inMemory {
		w.buf = b
	}
	w.scan.init(b, w.f.sep, w.f.quote)
	row := bl.row
	for s := &w.scan; s.pos < len(b); row++ {
		if b[s.pos] == '\n' || b[s.pos] == '\r' && s.pos+1 < len(b) && b[s.pos+1] == '\n' {
			w.empty = append(w.empty, row)
			s.pos += 1 + int(flag(b[s.pos] == '\r'))
			continue
		}
		if b[s.pos] == w.f.comment && w.isComment(b[s.pos:]) {
			w.empty = append(w.empty, row)
			if w.check {
				w.f.ragged.comments.Add(1)
			}
			s.pos = lineEnd(b, s.pos)
			continue
		}
		at := s.pos
		n, why := w.record(row, bl, at)
		if (n != len(w.sinks) || why != "") && w.check {
			w.f.ragged.add(raggedLine{bl.line + countLines(b[:at]), n, why})
		}
	}
	if row != bl.row+bl.lines {
		return fmt.Errorf("the file changed while it was read")
	}
	return nil
}

// isComment tells whether a line that begins with the comment's character is
// one: always if the option says which it is, else if it cannot be split as
// the header is. A comment has no quoted line end.
func (w *csvWorker) isComment(b []byte) bool {
	line := b[:lineEnd(b, 0)]
	if w.f.o.Comment != 0 {
		return true
	}
	rec, next := w.f.firstRecord(line)
	return len(rec) != len(w.f.names) && next > 0
}

func countLines(b []byte) int { return bytes.Count(b, []byte{'\n'}) }

// record reads one record and returns its number of fields.
func (w *csvWorker) record(row int, bl csvBlock, at int) (fields int, why string) {
	for j := 0; ; j++ {
		field, last, ok := w.scan.next()
		if !ok || w.scan.junk {
			why = "text after a closing quote; a quote inside quotes is doubled"
		}
		if j < len(w.sinks) && w.sinks[j] != nil && !w.misfit[j] && !w.put(j, row, field) {
			w.misfit[j] = true
			w.sinks[j].conflicts(bl.line+countLines(w.scan.b[:at]), field)
		}
		if last {
			return j + 1, why
		}
	}
}

// put writes a field, and tells whether it fits the sink.
func (w *csvWorker) put(j, row int, field []byte) bool {
	s := w.sinks[j]
	if s.kind == sinkNumber { // numbers first: most fields are
		if x, ok := parseNumber(field, w.f.decimal); ok {
			s.num[row] = x
			return true
		}
	}
	if k := s.na.index(field); k >= 0 {
		w.missing[j*len(w.f.na)+k]++
		s.setMissing(row)
		return true
	}
	switch s.kind {
	case sinkNumber:
		if s.forced {
			x, ok := w.f.forcedNumber(field)
			s.num[row] = x
			return ok
		}
	case sinkBoolean:
		x, ok := parseBool(field)
		if !ok && s.forced {
			x, ok = truths[string(trimSpace(field))]
		}
		s.flags[row] = x
		return ok
	case sinkTime:
		x, ok := parseISO(field)
		if !ok && s.layout != "" {
			x, ok = parseLayout(field, s.layout)
		}
		s.micros[row] = x
		return ok
	case sinkWords:
		return w.putWord(j, row, field)
	case sinkText:
		s.putText(row, field)
		return true
	}
	return false
}

// putWord codes a field by this goroutine's map, and by the shared dictionary
// where the map does not know it.
func (w *csvWorker) putWord(j, row int, field []byte) bool {
	s := w.sinks[j]
	if w.words[j] == nil {
		w.words[j] = map[string]int32{}
	}
	code, ok := w.words[j][string(field)]
	if !ok {
		var word string
		if word, code = s.word(string(field)); code < 0 {
			return false
		}
		w.words[j][word] = code
	}
	s.codes[row] = code
	return true
}

// naSet finds texts that mean missing in a column.
type naSet struct {
	list  []string
	at    []int     // index of each in csvFile.na
	first [256]bool // first bytes
	empty int       // index of the empty text, or -1
	max   int
}

func newNASet(list, all []string) *naSet {
	n := &naSet{list: list, empty: -1}
	for _, s := range list {
		at := slices.Index(all, s)
		n.at = append(n.at, at)
		if n.max = max(n.max, len(s)); s == "" {
			n.empty = at
			continue
		}
		n.first[s[0]] = true
	}
	return n
}

// has tells whether a text means missing.
func (n *naSet) has(s string) bool {
	return s == missingText || slices.Contains(n.list, strings.TrimSpace(s))
}

// anyValue tells whether one of the values is not missing.
func (n *naSet) anyValue(values []string) bool {
	return slices.ContainsFunc(values, func(s string) bool { return !n.has(s) })
}

// index returns which of csvFile.na a field is, or -1.
func (n *naSet) index(field []byte) int {
	if len(field) > 0 && (field[0] == ' ' || field[len(field)-1] == ' ') {
		field = trimSpace(field)
	}
	if len(field) == 0 {
		return n.empty
	}
	if len(field) > n.max || !n.first[field[0]] {
		return -1
	}
	if k := slices.Index(n.list, string(field)); k >= 0 {
		return n.at[k]
	}
	return -1
}
