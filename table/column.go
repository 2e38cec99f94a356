package table

import (
	"fmt"
	"math"
	"time"
)

// Type is what a column holds.
type Type uint8

// The types of columns.
const (
	Number   Type = iota // float64, NaN is missing
	Category             // codes into ordered levels, -1 is missing
	Boolean              // 0 or 1, -1 is missing
	Text                 // strings
	Time                 // microseconds since 1970 UTC
	Vector               // a fixed number of float32 a row
	Image                // a fixed size of grey or colour pixels (0..255) a row
)

var typeNames = [...]string{"number", "category", "boolean", "text", "time", "vector", "image"}

func (t Type) String() string { return typeNames[t] }

// ParseType reads a type's name as String writes it.
func ParseType(s string) (Type, error) {
	for i, n := range typeNames {
		if n == s {
			return Type(i), nil
		}
	}
	return 0, fmt.Errorf("%q is not a type of column; there are number, category, boolean, text and time", s)
}

// noTime is the missing value of a time column.
const noTime = math.MinInt64

// Column is one immutable, typed, missing-aware vector with a name.
type Column struct {
	name string
	typ  Type
	n    int

	num    []float64 // Number
	codes  []int32   // Category
	levels []string  // Category
	flags  []int8    // Boolean
	text   texts     // Text
	micros []int64   // Time
	vec    []float32 // Vector, row after row
	pix    []byte    // Image, row after row
	shape  []int     // Vector: [width]; Image: [height, width] or [height, width, channels]
}

// texts is many strings in one buffer: string i is data[ends[i-1]:ends[i]].
type texts struct {
	data    string
	ends    []int64
	missing []bool // nil if none is
}

func (s texts) at(i int) string {
	var start int64
	if i > 0 {
		start = s.ends[i-1]
	}
	return s.data[start:s.ends[i]]
}

// Numbers makes a number column that shares v; NaN is missing.
func Numbers(name string, v []float64) *Column {
	return &Column{name: name, typ: Number, n: len(v), num: v}
}

// Coded makes a category column that shares its slices: codes[i] is an index
// of levels, or -1 for missing.
func Coded(name string, codes []int32, levels []string) (*Column, error) {
	for i, c := range codes {
		if c < -1 || int(c) >= len(levels) {
			return nil, fmt.Errorf("column %q, row %d: code %d, but there are %d levels", name, i, c, len(levels))
		}
	}
	return &Column{name: name, typ: Category, n: len(codes), codes: codes, levels: levels}, nil
}

// Categories makes a category column of sorted levels; missing may be nil.
func Categories(name string, v []string, missing []bool) *Column {
	d := newDict()
	codes := make([]int32, len(v))
	for i, s := range v {
		if missing != nil && missing[i] {
			codes[i] = -1
			continue
		}
		codes[i] = d.code(s)
	}
	levels := sortLevels(d.levels, codes)
	return &Column{name: name, typ: Category, n: len(v), codes: codes, levels: levels}
}

// Booleans makes a boolean column; missing may be nil.
func Booleans(name string, v []bool, missing []bool) *Column {
	flags := make([]int8, len(v))
	for i, b := range v {
		switch {
		case missing != nil && missing[i]:
			flags[i] = -1
		case b:
			flags[i] = 1
		}
	}
	return booleans(name, flags)
}

func booleans(name string, flags []int8) *Column {
	return &Column{name: name, typ: Boolean, n: len(flags), flags: flags}
}

// Texts makes a text column; missing may be nil.
func Texts(name string, v []string, missing []bool) *Column {
	b := newTextBuilder(len(v))
	for i, s := range v {
		b.add(s, missing != nil && missing[i])
	}
	return &Column{name: name, typ: Text, n: len(v), text: b.done()}
}

// Times makes a time column; the zero time is missing. Times are kept in UTC
// to the microsecond.
func Times(name string, v []time.Time) *Column {
	micros := make([]int64, len(v))
	for i, t := range v {
		micros[i] = noTime
		if !t.IsZero() {
			micros[i] = t.UnixMicro()
		}
	}
	return timesColumn(name, micros)
}

// Seconds makes a time column of seconds since 1970 UTC, as Float gives them; NaN is
// missing.
func Seconds(name string, v []float64) *Column {
	micros := make([]int64, len(v))
	for i, x := range v {
		micros[i] = noTime
		if !math.IsNaN(x) {
			micros[i] = int64(math.Round(x * 1e6))
		}
	}
	return timesColumn(name, micros)
}

func timesColumn(name string, micros []int64) *Column {
	return &Column{name: name, typ: Time, n: len(micros), micros: micros}
}

// Vectors makes a column of width numbers a row; data is rows × width and
// shared. A row that begins with NaN is missing.
func Vectors(name string, width int, data []float32) (*Column, error) {
	if width < 1 || len(data)%width != 0 {
		return nil, fmt.Errorf("column %q: %d numbers do not make rows of %d", name, len(data), width)
	}
	return &Column{name: name, typ: Vector, n: len(data) / width, vec: data, shape: []int{width}}, nil
}

// Images makes a column of pictures; pixels is rows × height × width ×
// channels (1 or 3) and shared. An image is never missing.
func Images(name string, height, width, channels int, pixels []byte) (*Column, error) {
	size := height * width * channels
	if size < 1 || len(pixels)%size != 0 {
		return nil, fmt.Errorf("column %q: %d pixels do not make pictures of %d×%d×%d", name, len(pixels), height, width, channels)
	}
	shape := []int{height, width}
	if channels != 1 {
		shape = append(shape, channels)
	}
	return &Column{name: name, typ: Image, n: len(pixels) / size, pix: pixels, shape: shape}, nil
}

// Name returns the column's name.
func (c *Column) Name() string { return c.name }

// Type returns what the column holds.
func (c *Column) Type() Type { return c.typ }

// Len returns the number of rows.
func (c *Column) Len() int { return c.n }

// Floats returns the values of a number column, NaN where missing; nil for
// other types. Read-only.
func (c *Column) Floats() []float64 { return c.num }

// Codes returns the level index of each row of a category column, -1 where
// missing; nil for other types. Read-only.
func (c *Column) Codes() []int32 { return c.codes }

// Levels returns the ordered levels of a category column. Read-only.
func (c *Column) Levels() []string { return c.levels }

// Flags returns 0, 1 or -1 (missing) for each row of a boolean column. Read-only.
func (c *Column) Flags() []int8 { return c.flags }

// Micros returns microseconds since 1970 UTC for each row of a time column,
// math.MinInt64 where missing. Read-only.
func (c *Column) Micros() []int64 { return c.micros }

// VectorData returns the numbers of a vector column, row after row. Read-only.
func (c *Column) VectorData() []float32 { return c.vec }

// Pixels returns the pixels of an image column, row after row. Read-only.
func (c *Column) Pixels() []byte { return c.pix }

// Shape returns the size of one row: empty for single values, [width] for a
// vector, [height, width] or [height, width, channels] for an image.
func (c *Column) Shape() []int { return c.shape }

// Width returns how many numbers one row is: the product of Shape.
func (c *Column) Width() int {
	w := 1
	for _, s := range c.shape {
		w *= s
	}
	return w
}

// Named returns the column under another name.
func (c *Column) Named(name string) *Column {
	d := *c
	d.name = name
	return &d
}

// IsMissing tells whether row i has no value.
func (c *Column) IsMissing(i int) bool {
	switch c.typ {
	case Number:
		return math.IsNaN(c.num[i])
	case Category:
		return c.codes[i] < 0
	case Boolean:
		return c.flags[i] < 0
	case Text:
		return c.text.missing != nil && c.text.missing[i]
	case Time:
		return c.micros[i] == noTime
	case Vector:
		return c.vec[i*c.shape[0]] != c.vec[i*c.shape[0]]
	}
	return false
}

// Missing counts the rows without a value.
func (c *Column) Missing() int {
	n := 0
	if c.typ == Number {
		for _, x := range c.num {
			if x != x {
				n++
			}
		}
		return n
	}
	for i := range c.n {
		if c.IsMissing(i) {
			n++
		}
	}
	return n
}

// Float returns row i as a number: a number itself, 0 or 1 for a boolean,
// seconds since 1970 for a time; NaN where missing and for other types.
func (c *Column) Float(i int) float64 {
	if c.IsMissing(i) {
		return math.NaN()
	}
	switch c.typ {
	case Number:
		return c.num[i]
	case Boolean:
		return float64(c.flags[i])
	case Time:
		return float64(c.micros[i]) / 1e6
	}
	return math.NaN()
}

// Value returns row i as a Go value: float64, string (category and text),
// bool, time.Time, []float32, []byte (pixels), or nil where missing.
func (c *Column) Value(i int) any {
	if c.IsMissing(i) {
		return nil
	}
	switch c.typ {
	case Number:
		return c.num[i]
	case Category:
		return c.levels[c.codes[i]]
	case Boolean:
		return c.flags[i] == 1
	case Text:
		return c.text.at(i)
	case Time:
		return time.UnixMicro(c.micros[i]).UTC()
	case Vector:
		w := c.shape[0]
		return c.vec[i*w : (i+1)*w : (i+1)*w]
	}
	w := c.Width()
	return c.pix[i*w : (i+1)*w : (i+1)*w]
}

// Take returns the given rows, in that order; a row may come more than once.
func (c *Column) Take(rows []int) *Column {
	d := &Column{name: c.name, typ: c.typ, n: len(rows), levels: c.levels, shape: c.shape}
	switch c.typ {
	case Number:
		d.num = gather(c.num, rows)
	case Category:
		d.codes = gather(c.codes, rows)
	case Boolean:
		d.flags = gather(c.flags, rows)
	case Text:
		b := newTextBuilder(len(rows))
		for _, i := range rows {
			b.add(c.text.at(i), c.IsMissing(i))
		}
		d.text = b.done()
	case Time:
		d.micros = gather(c.micros, rows)
	case Vector:
		d.vec = gatherRows(c.vec, rows, c.shape[0])
	case Image:
		d.pix = gatherRows(c.pix, rows, c.Width())
	}
	return d
}

func gather[T any](v []T, rows []int) []T {
	out := make([]T, len(rows))
	for k, i := range rows {
		out[k] = v[i]
	}
	return out
}

func gatherRows[T any](v []T, rows []int, width int) []T {
	out := make([]T, len(rows)*width)
	for k, i := range rows {
		copy(out[k*width:(k+1)*width], v[i*width:(i+1)*width])
	}
	return out
}

// Slice returns rows lo to hi (excluded), sharing memory.
func (c *Column) Slice(lo, hi int) *Column {
	d := &Column{name: c.name, typ: c.typ, n: hi - lo, levels: c.levels, shape: c.shape}
	switch c.typ {
	case Number:
		d.num = c.num[lo:hi:hi]
	case Category:
		d.codes = c.codes[lo:hi:hi]
	case Boolean:
		d.flags = c.flags[lo:hi:hi]
	case Text:
		return c.Take(span(lo, hi))
	case Time:
		d.micros = c.micros[lo:hi:hi]
	case Vector:
		w := c.shape[0]
		d.vec = c.vec[lo*w : hi*w : hi*w]
	case Image:
		w := c.Width()
		d.pix = c.pix[lo*w : hi*w : hi*w]
	}
	return d
}

// span returns lo, lo+1, ..., hi-1.
func span(lo, hi int) []int {
	rows := make([]int, hi-lo)
	for i := range rows {
		rows[i] = lo + i
	}
	return rows
}
