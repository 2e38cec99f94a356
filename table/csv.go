package table

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// HeaderMode says whether the first line holds names.
type HeaderMode uint8

// The header modes.
const (
	HeaderAuto HeaderMode = iota // found from the contents
	HeaderYes
	HeaderNo
)

// CSVOptions overrides what ReadCSV finds by itself; the zero value finds all.
type CSVOptions struct {
	Sep       byte            // field separator; 0: one of , ; tab | or runs of spaces by the contents; ' ': runs of spaces
	Decimal   byte            // decimal mark '.' or ','; 0: by the contents
	Thousands byte            // what groups digits in threes; 0: by the contents of each column
	Quote     byte            // what encloses fields, '"' or '\''; 0: by the contents
	Comment   byte            // lines that begin with it are passed over; 0: '#', where they do not split as the others do
	Header    HeaderMode      // is the first line names
	NA        []string        // texts that mean missing besides DefaultNA
	Keep      []string        // texts of DefaultNA that are values here
	ColumnNA  map[string]NA   // the same by column
	Types     map[string]Type // of columns by name; then a value that does not fit is an error
	Columns   []string        // only these, in this order; nil: all
	Dates     DateOrder       // the order of day and month in times such as 01/02/2024
	Skip      int             // lines before the header to pass over
	Encoding  string          // utf-8, utf-16, cp949 (also euc-kr) or latin1 (windows-1252); "": by the contents
}

// NA is what means missing in one column, besides what does in all.
type NA struct{ Add, Keep []string }

// DefaultNA returns the texts that mean missing unless CSVOptions.NA says
// otherwise. "None" and "-" are not among them: they are levels of real columns.
func DefaultNA() []string {
	return []string{"", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "#N/A", "<NA>"}
}

// CSVReport says how a file was read.
type CSVReport struct {
	Sep, Decimal byte // Sep ' ' stands for runs of spaces
	Quote        byte
	Encoding     string
	Packed       string // gzip, bzip2, zstd or zip; "" for a plain file
	Header       bool
	Comments     int            // comment lines passed over
	Blank        int            // empty lines passed over
	Missing      map[string]int // how often each text was taken for missing
	Notes        []string       // what else is worth knowing, one sentence each
}

// Sentences writes the report.
func (r *CSVReport) Sentences() []string {
	header := "no header, columns are named column_1, column_2, ..."
	if r.Header {
		header = "first line is the header"
	}
	s := fmt.Sprintf("separator %s, decimal mark %q, %s, %s", sepName(r.Sep), r.Decimal, r.Encoding, header)
	if r.Quote == '\'' {
		s += ", quotes '"
	}
	if r.Packed != "" {
		s += ", " + r.Packed
	}
	out := []string{s}
	var na []string
	for _, k := range sortedKeys(r.Missing) {
		na = append(na, fmt.Sprintf("%q %d times", k, r.Missing[k]))
	}
	if len(na) > 0 {
		out = append(out, "taken for missing: "+strings.Join(na, ", "))
	}
	if r.Comments > 0 {
		out = append(out, plural(r.Comments, "comment line")+" passed over")
	}
	if r.Blank > 0 {
		out = append(out, plural(r.Blank, "empty line")+" passed over")
	}
	return append(out, r.Notes...)
}

func sepName(c byte) string {
	switch c {
	case '\t':
		return "tab"
	case ' ':
		return "spaces"
	}
	return fmt.Sprintf("%q", c)
}

// ReadCSV reads a text file of separated values, plain or packed (gzip, bzip2,
// zstd, or the only file of a zip). Separator, decimal mark, quotes, header,
// comments, encoding and types are found from the contents, types from all
// rows: a column is numbers, booleans or times only if every value is. Numbers
// may have a sign of currency or percent and groups of thousands, the same
// throughout the column. Numbers that would lose digits (leading zeros, more
// than 2^53) stay text. Spaces around values without quotes do not count.
// Lines with another number of fields than the header are refused, with their
// line numbers. Cancelling ctx ends it early.
func ReadCSV(ctx context.Context, path string, o CSVOptions) (*Table, *CSVReport, error) {
	f, err := os.Open(path)
	if err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, nil, fmt.Errorf("there is no file %q", path)
		}
		return nil, nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	if st.IsDir() {
		return nil, nil, fmt.Errorf("%q is a folder; name a file in it", path)
	}
	return readCSV(ctx, path, fileSource{f, st.Size()}, o)
}

// ParseCSV is ReadCSV on bytes; name stands in errors.
func ParseCSV(ctx context.Context, name string, data []byte, o CSVOptions) (*Table, *CSVReport, error) {
	return readCSV(ctx, name, bytesSource(data), o)
}

// csvFile is a file while it is read.
type csvFile struct {
	name   string
	src    source
	o      CSVOptions
	na     []string // all texts that mean missing in some column
	report *CSVReport
	dialect
	decimal byte
	comment byte
	aligned bool     // the separator is runs of spaces
	names   []string // of all fields of a line
	unnamed int      // the last field if it has no name, else -1
	body    int64    // offset of the first data line
	line    int      // its line number, from 1
	// markedHeader: the header begins with #.
	markedHeader bool
	ragged       raggedLines
}

func readCSV(ctx context.Context, name string, src source, o CSVOptions) (*Table, *CSVReport, error) {
	f := &csvFile{name: name, o: o, report: &CSVReport{Missing: map[string]int{}}}
	f.comment = o.Comment
	if f.comment == 0 {
		f.comment = '#'
	}
	f.na = o.allNA()
	t, err := f.read(ctx, src)
	if err != nil {
		if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
			return nil, nil, err
		}
		return nil, nil, fmt.Errorf("%s: %w", name, err)
	}
	return t, f.report, nil
}

func (f *csvFile) read(ctx context.Context, src source) (*Table, error) {
	src, err := f.decode(src)
	if err != nil {
		return nil, err
	}
	notes := len(f.report.Notes)
	blocks, err := f.open(ctx, src)
	if errors.Is(err, errNotUTF8) && f.o.Encoding == "" {
		// A later part is not UTF-8: decode the whole by what it looks like.
		f.report.Notes = f.report.Notes[:notes]
		if src, err = f.decodeLegacy(src); err != nil {
			return nil, err
		}
		blocks, err = f.open(ctx, src)
	}
	if err != nil {
		return nil, err
	}
	return f.parse(ctx, blocks)
}

// open finds the dialect, then cuts the data lines to blocks.
func (f *csvFile) open(ctx context.Context, src source) ([]csvBlock, error) {
	f.src, f.aligned = src, false
	notes := len(f.report.Notes)
	err := f.sniff()
	if errors.Is(err, errAligned) {
		f.report.Notes = f.report.Notes[:notes]
		if f.src, err = tabbed(src); err != nil {
			return nil, err
		}
		f.aligned = true
		err = f.sniff()
	}
	if err != nil {
		return nil, err
	}
	return f.index(ctx)
}

// source is bytes that can be read anywhere.
type source interface {
	io.ReaderAt
	Size() int64
}

type fileSource struct {
	*os.File
	size int64
}

func (f fileSource) Size() int64 { return f.size }

type bytesSource []byte

func (b bytesSource) Size() int64 { return int64(len(b)) }

func (b bytesSource) ReadAt(p []byte, off int64) (int, error) {
	if off >= int64(len(b)) {
		return 0, io.EOF
	}
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// window returns bytes [off, end) of a source, in buf where it has to be read.
func window(s source, buf []byte, off, end int64) ([]byte, error) {
	end = min(end, s.Size())
	if off >= end {
		return nil, nil
	}
	if b, ok := s.(bytesSource); ok {
		return b[off:end:end], nil
	}
	buf = slices.Grow(buf[:0], int(end-off))[:end-off]
	n, err := s.ReadAt(buf, off)
	if n == len(buf) {
		return buf, nil
	}
	if err == io.EOF {
		err = errors.New("the file became shorter while it was read")
	}
	return nil, err
}

// allNA returns the texts that mean missing in some column.
func (o CSVOptions) allNA() []string {
	var all []string
	add := func(texts []string) {
		for _, s := range texts {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	add(o.naOf(""))
	for _, name := range sortedKeys(o.ColumnNA) {
		add(o.naOf(name))
	}
	return all
}

// naOf returns the texts that mean missing in one column.
func (o CSVOptions) naOf(column string) []string {
	of := o.ColumnNA[column]
	all := slices.Concat(DefaultNA(), o.NA, of.Add)
	return slices.DeleteFunc(all, func(s string) bool {
		return slices.Contains(of.Keep, s) || slices.Contains(o.Keep, s) && !slices.Contains(of.Add, s)
	})
}

// uniqueNames makes names non-empty and different, and notes what it did.
func (f *csvFile) uniqueNames(names []string) []string {
	used := map[string]bool{}
	for _, n := range names {
		used[n] = true
	}
	taken := map[string]bool{}
	out := make([]string, len(names))
	for i, n := range names {
		name := strings.TrimSpace(n)
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
			f.note("column %d has no name and is called %q", i+1, name)
		}
		if base := name; taken[name] {
			for k := 1; taken[name] || used[name]; k++ {
				name = fmt.Sprintf("%s_%d", base, k)
			}
			f.note("a further column %q is called %q", base, name)
		}
		taken[name] = true
		out[i] = name
	}
	return out
}

func (f *csvFile) note(format string, args ...any) {
	f.report.Notes = append(f.report.Notes, fmt.Sprintf(format, args...))
}
