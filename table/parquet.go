package table

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// parquetKey is the metadata under which WriteParquet keeps types and levels.
const parquetKey = "mlpkernel.types"

// parquetType is what Parquet's own types do not say of a column.
type parquetType struct {
	Type   string   `json:"type"`
	Levels []string `json:"levels,omitempty"`
}

// ReadParquet reads the named columns of a Parquet file, all if none is
// named. Fields of nested records are called a.b; lists and maps are refused,
// as nothing is left out silently. Strings become categories or text as in
// ReadCSV, timestamps and dates times, decimals numbers; whole numbers above
// 2^53 are kept as text, which a note says.
func ReadParquet(ctx context.Context, path string, columns ...string) (*Table, []string, error) {
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
	t, notes, err := readParquet(ctx, f, st.Size(), columns)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return t, notes, nil
}

func readParquet(ctx context.Context, r io.ReaderAt, size int64, columns []string) (t *Table, notes []string, err error) {
	defer func() { // the decoder panics on some damaged files
		if p := recover(); p != nil {
			t, notes, err = nil, nil, fmt.Errorf("the file is damaged: %v", p)
		}
	}()
	if err := checkParquet(r, size); err != nil {
		return nil, nil, err
	}
	pf, err := parquet.OpenFile(r, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, nil, fmt.Errorf("not a Parquet file: %w", err)
	}
	leaves, err := parquetLeaves(pf, columns)
	if err != nil {
		return nil, nil, err
	}
	stated := map[string]parquetType{}
	if text, ok := pf.Lookup(parquetKey); ok {
		if err := json.Unmarshal([]byte(text), &stated); err != nil {
			return nil, nil, fmt.Errorf("metadata %s: %w", parquetKey, err)
		}
	}
	cols := make([]*Column, len(leaves))
	said := make([]string, len(leaves))
	err = parallel(ctx, len(leaves), func() func(int) error {
		return func(i int) (err error) {
			defer func() {
				if p := recover(); p != nil {
					err = fmt.Errorf("column %q is damaged: %v", leaves[i].name, p)
				}
			}()
			cols[i], said[i], err = leaves[i].read(ctx, pf, stated[leaves[i].name])
			return err
		}
	})
	if err != nil {
		return nil, nil, err
	}
	for i, c := range cols {
		if int64(c.n) != pf.NumRows() {
			return nil, nil, fmt.Errorf("column %q has %d values, but the file says there are %d rows; it is damaged", leaves[i].name, c.n, pf.NumRows())
		}
	}
	t, err = New(cols...)
	return t, slices.DeleteFunc(said, func(s string) bool { return s == "" }), err
}

// parquetLeaf is a column of single values in a file.
type parquetLeaf struct {
	name  string
	index int
	typ   parquet.Type
	def   int // definition level of a value that is there
}

func parquetLeaves(pf *parquet.File, columns []string) ([]parquetLeaf, error) {
	var all []parquetLeaf
	var names []string
	for _, path := range pf.Schema().Columns() {
		leaf, ok := pf.Schema().Lookup(path...)
		if !ok {
			return nil, fmt.Errorf("column %q is not in the schema", strings.Join(path, "."))
		}
		name := strings.Join(path, ".")
		if len(columns) > 0 && !slices.Contains(columns, name) && !slices.Contains(columns, path[0]) {
			names = append(names, name)
			continue
		}
		if leaf.MaxRepetitionLevel > 0 {
			return nil, fmt.Errorf("column %q holds lists, which a table does not; name the columns to read", name)
		}
		all = append(all, parquetLeaf{name, leaf.ColumnIndex, leaf.Node.Type(), leaf.MaxDefinitionLevel})
		names = append(names, name)
	}
	for _, c := range columns {
		if !slices.ContainsFunc(all, func(l parquetLeaf) bool { return l.name == c || strings.HasPrefix(l.name, c+".") }) {
			if near := Nearest(c, names); near != "" {
				return nil, fmt.Errorf("no column %q; did you mean %q?", c, near)
			}
			return nil, fmt.Errorf("no column %q; there are %s", c, list(names))
		}
	}
	slices.SortStableFunc(all, func(a, b parquetLeaf) int { return slices.Index(columns, a.name) - slices.Index(columns, b.name) })
	return all, nil
}

// parquetSink collects the values of a leaf.
type parquetSink struct {
	num    []float64
	flags  []int8
	micros []int64
	codes  []int32
	dict   *dict
	large  []string // decimal text of all whole numbers, once one is above 2^53
	seen   int64    // values in the pages so far
	add    func(v parquet.Value)
}

// read reads a whole column.
func (l parquetLeaf) read(ctx context.Context, pf *parquet.File, stated parquetType) (*Column, string, error) {
	s := &parquetSink{}
	if err := s.choose(l.typ, int(min(pf.NumRows(), 1<<20))); err != nil { // grows on, but a damaged count costs little
		return nil, "", fmt.Errorf("column %q: %w", l.name, err)
	}
	buf := make([]parquet.Value, 4096)
	for _, rg := range pf.RowGroups() {
		if err := s.readGroup(ctx, rg.ColumnChunks()[l.index], pf.NumRows(), buf); err != nil {
			return nil, "", fmt.Errorf("column %q: %w", l.name, err)
		}
	}
	return s.column(l.name, stated)
}

// readGroup reads a chunk of a column; rows is how many the whole file has.
func (s *parquetSink) readGroup(ctx context.Context, chunk parquet.ColumnChunk, rows int64, buf []parquet.Value) error {
	pages := chunk.Pages()
	defer pages.Close()
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		p, err := pages.ReadPage()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if s.seen += p.NumValues(); s.seen > rows {
			return fmt.Errorf("more values than the %d rows of the file; it is damaged", rows)
		}
		values := p.Values()
		for {
			n, err := values.ReadValues(buf)
			for _, v := range buf[:n] {
				s.add(v)
			}
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
		}
		parquet.Release(p)
	}
}

// choose sets how values are collected, by physical and logical type.
func (s *parquetSink) choose(typ parquet.Type, rows int) error {
	var logical format.LogicalTypeValue
	if lt := typ.LogicalType(); lt != nil {
		logical = lt.Value
	}
	switch lt := logical.(type) {
	case *format.TimestampType:
		perSecond := int64(1e9) / int64(lt.Unit.Value.Duration())
		s.times(rows, func(v parquet.Value) int64 { return toMicros(v.Int64(), perSecond) })
		return nil
	case *format.DateType:
		s.times(rows, func(v parquet.Value) int64 { return int64(v.Int32()) * 24 * 3600 * 1e6 })
		return nil
	case *format.DecimalType:
		scale, err := strconv.ParseFloat(fmt.Sprintf("1e%d", lt.Scale), 64)
		if err != nil || typ.Kind() != parquet.Int32 && typ.Kind() != parquet.Int64 {
			return fmt.Errorf("%s is not read; convert it to double", lt)
		}
		s.numbers(rows, func(v parquet.Value) float64 { return float64(v.Int64()) / scale })
		return nil
	}
	switch typ.Kind() {
	case parquet.Boolean:
		s.booleans(rows)
	case parquet.Int32:
		s.numbers(rows, func(v parquet.Value) float64 { return float64(v.Int32()) })
	case parquet.Int64:
		s.integers(rows)
	case parquet.Float:
		s.numbers(rows, func(v parquet.Value) float64 { return float64(v.Float()) })
	case parquet.Double:
		s.numbers(rows, func(v parquet.Value) float64 { return v.Double() })
	case parquet.Int96:
		s.times(rows, func(v parquet.Value) int64 { return int96Micros(v.Int96()) })
	case parquet.ByteArray, parquet.FixedLenByteArray:
		s.strings(rows)
	default:
		return fmt.Errorf("values of type %s are not read", typ)
	}
	return nil
}

func toMicros(x, perSecond int64) int64 {
	if perSecond <= 1e6 {
		return x * (1e6 / perSecond)
	}
	d := perSecond / 1e6
	q := x / d
	if x%d < 0 {
		q--
	}
	return q
}

// int96Micros reads the old timestamp: nanoseconds of a Julian day.
func int96Micros(v [3]uint32) int64 {
	nanos := int64(v[1])<<32 | int64(v[0])
	return (int64(v[2])-2440588)*24*3600*1e6 + nanos/1000
}

func (s *parquetSink) numbers(rows int, of func(parquet.Value) float64) {
	s.num = make([]float64, 0, rows)
	s.add = func(v parquet.Value) {
		x := math.NaN()
		if !v.IsNull() {
			x = of(v)
		}
		s.num = append(s.num, x)
	}
}

// integers are numbers until one of them would lose digits.
func (s *parquetSink) integers(rows int) {
	s.num = make([]float64, 0, rows)
	s.add = func(v parquet.Value) {
		x := v.Int64()
		if !v.IsNull() && s.large == nil && (x > 1<<53 || x < -1<<53) {
			s.large = make([]string, len(s.num), rows)
			for i, f := range s.num {
				if f == f {
					s.large[i] = strconv.FormatInt(int64(f), 10)
				}
			}
		}
		switch {
		case s.large != nil && v.IsNull():
			s.large = append(s.large, "")
		case s.large != nil:
			s.large = append(s.large, strconv.FormatInt(x, 10))
		case v.IsNull():
			s.num = append(s.num, math.NaN())
		default:
			s.num = append(s.num, float64(x))
		}
	}
}

func (s *parquetSink) booleans(rows int) {
	s.flags = make([]int8, 0, rows)
	s.add = func(v parquet.Value) {
		x := int8(-1)
		if !v.IsNull() {
			x = flag(v.Boolean())
		}
		s.flags = append(s.flags, x)
	}
}

func (s *parquetSink) times(rows int, of func(parquet.Value) int64) {
	s.micros = make([]int64, 0, rows)
	s.add = func(v parquet.Value) {
		x := int64(noTime)
		if !v.IsNull() {
			x = of(v)
		}
		s.micros = append(s.micros, x)
	}
}

func (s *parquetSink) strings(rows int) {
	s.codes, s.dict = make([]int32, 0, rows), newDict()
	s.add = func(v parquet.Value) {
		if v.IsNull() {
			s.codes = append(s.codes, -1)
			return
		}
		b := v.ByteArray()
		code, ok := s.dict.index[string(b)]
		if !ok {
			code = s.dict.code(string(b))
		}
		s.codes = append(s.codes, code)
	}
}

func (s *parquetSink) column(name string, stated parquetType) (*Column, string, error) {
	switch {
	case s.large != nil:
		c := Texts(name, s.large, missingWhereEmpty(s.large))
		return c, fmt.Sprintf("%s: kept as text, since numbers above 2^53 would lose digits", name), nil
	case s.num != nil:
		return Numbers(name, s.num), "", nil
	case s.flags != nil:
		return booleans(name, s.flags), "", nil
	case s.micros != nil:
		return timesColumn(name, s.micros), "", nil
	}
	if stated.Type == Category.String() {
		c, err := Coded(name, s.codes, s.dict.levels)
		if err == nil {
			c, err = c.withLevels(stated.Levels)
		}
		return c, "", err
	}
	present := 0
	for _, c := range s.codes {
		if c >= 0 {
			present++
		}
	}
	c, err := Coded(name, s.codes, sortLevels(s.dict.levels, s.codes))
	if err == nil && (stated.Type == Text.String() || looksLikeText(len(s.dict.levels), present)) {
		c = c.ToText()
	}
	return c, "", err
}

func missingWhereEmpty(v []string) []bool {
	out := make([]bool, len(v))
	for i, s := range v {
		out[i] = s == ""
	}
	return out
}
