package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ToCategory converts a number, boolean, text or time column to a category
// whose levels are the values as text, in order. With levels given, those are
// the levels and their order, and another value is an error.
func (c *Column) ToCategory(levels ...string) (*Column, error) {
	if c.typ == Vector || c.typ == Image {
		return nil, fmt.Errorf("column %q is %s and cannot be a category", c.name, c.typ)
	}
	if c.typ == Category && levels == nil {
		return c, nil
	}
	d := newDict()
	for _, l := range levels {
		d.code(l)
	}
	codes := make([]int32, c.n)
	for i := range codes {
		if codes[i] = -1; c.IsMissing(i) {
			continue
		}
		codes[i] = d.code(c.Format(i))
		if levels != nil && len(d.levels) > len(levels) {
			return nil, fmt.Errorf("column %q, row %d: %q is not one of the levels %s", c.name, i, c.Format(i), strings.Join(levels, ", "))
		}
	}
	sorted := d.levels
	if levels == nil {
		sorted = sortLevels(d.levels, codes)
	}
	return &Column{name: c.name, typ: Category, n: c.n, codes: codes, levels: sorted}, nil
}

// ToNumber converts a boolean to 0 and 1, a time to seconds since 1970, and
// text or levels that are numbers to those numbers; another text is an error.
func (c *Column) ToNumber() (*Column, error) {
	if c.typ == Number {
		return c, nil
	}
	out := make([]float64, c.n)
	for i := range out {
		switch {
		case c.IsMissing(i):
			out[i] = math.NaN()
		case c.typ == Boolean || c.typ == Time:
			out[i] = c.Float(i)
		case c.typ == Category || c.typ == Text:
			f, err := strconv.ParseFloat(strings.TrimSpace(c.Format(i)), 64)
			if err != nil {
				return nil, fmt.Errorf("column %q, row %d: %q is not a number", c.name, i, c.Format(i))
			}
			out[i] = f
		default:
			return nil, fmt.Errorf("column %q is %s and cannot be one number a row", c.name, c.typ)
		}
	}
	return Numbers(c.name, out), nil
}

// ToText converts any column of single values to text.
func (c *Column) ToText() *Column {
	b := newTextBuilder(c.n)
	for i := range c.n {
		b.add(c.Format(i), c.IsMissing(i))
	}
	return &Column{name: c.name, typ: Text, n: c.n, text: b.done()}
}

// ToTime converts text and levels such as 2024-12-31, and numbers as seconds
// since 1970.
func (c *Column) ToTime() (*Column, error) {
	if c.typ == Number {
		return Seconds(c.name, c.num), nil
	}
	micros := make([]int64, c.n)
	for i := range micros {
		switch {
		case c.IsMissing(i):
			micros[i] = noTime
		case c.typ == Time:
			micros[i] = c.micros[i]
		default:
			t, err := ParseTime(c.Format(i))
			if err != nil {
				return nil, fmt.Errorf("column %q, row %d: %q is %w", c.name, i, c.Format(i), err)
			}
			micros[i] = t.UnixMicro()
		}
	}
	return timesColumn(c.name, micros), nil
}

// To converts to a type by the methods above.
func (c *Column) To(t Type) (*Column, error) {
	switch {
	case t == c.typ:
		return c, nil
	case t == Number:
		return c.ToNumber()
	case t == Category:
		return c.ToCategory()
	case t == Text:
		return c.ToText(), nil
	case t == Time:
		return c.ToTime()
	case t == Boolean:
		return c.toBoolean()
	}
	return nil, fmt.Errorf("column %q is %s and cannot become %s", c.name, c.typ, t)
}

// truths are the words for true and false in a boolean column of text.
var truths = makeTruths()

func makeTruths() map[string]int8 {
	out := map[string]int8{"1": 1, "0": 0}
	for i, words := range [][]string{{"false", "no", "off", "f", "n"}, {"true", "yes", "on", "t", "y"}} {
		for _, w := range words {
			for _, spelt := range []string{w, strings.ToUpper(w), strings.ToUpper(w[:1]) + w[1:]} {
				out[spelt] = int8(i)
			}
		}
	}
	return out
}

func (c *Column) toBoolean() (*Column, error) {
	flags := make([]int8, c.n)
	for i := range flags {
		if flags[i] = -1; c.IsMissing(i) {
			continue
		}
		f, ok := truths[c.Format(i)]
		if !ok {
			return nil, fmt.Errorf("column %q, row %d: %q is neither true nor false", c.name, i, c.Format(i))
		}
		flags[i] = f
	}
	return booleans(c.name, flags), nil
}

// Fill returns the column with missing values replaced by v, a value of the
// column's type; a category gets v as a further last level if it is new.
func (c *Column) Fill(v any) (*Column, error) {
	d := *c
	switch c.typ {
	case Number:
		f, ok := toFloat(v)
		if !ok {
			return nil, c.cannotHold(v)
		}
		d.num = replace(c.num, func(x float64) bool { return x != x }, f)
		return &d, nil
	case Boolean:
		b, ok := v.(bool)
		if !ok {
			return nil, c.cannotHold(v)
		}
		d.flags = replace(c.flags, func(x int8) bool { return x < 0 }, flag(b))
		return &d, nil
	case Time:
		m, err := timeScalar(v)
		if err != nil {
			return nil, fmt.Errorf("column %q holds times: %w", c.name, err)
		}
		d.micros = replace(c.micros, func(x int64) bool { return x == noTime }, m)
		return &d, nil
	case Category, Text:
		s, ok := v.(string)
		if !ok {
			return nil, c.cannotHold(v)
		}
		return c.fillString(s), nil
	}
	return nil, c.cannotHold(v)
}

func (c *Column) cannotHold(v any) error {
	return fmt.Errorf("column %q is %s and cannot hold %#v", c.name, c.typ, v)
}

func (c *Column) fillString(s string) *Column {
	d := *c
	if c.typ == Text {
		b := newTextBuilder(c.n)
		for i := range c.n {
			if c.IsMissing(i) {
				b.add(s, false)
			} else {
				b.add(c.text.at(i), false)
			}
		}
		d.text = b.done()
		return &d
	}
	code := slices.Index(c.levels, s)
	if code < 0 && c.Missing() > 0 {
		code = len(c.levels)
		d.levels = append(slices.Clone(c.levels), s)
	}
	d.codes = replace(c.codes, func(x int32) bool { return x < 0 }, int32(code))
	return &d
}

func replace[T any](v []T, missing func(T) bool, by T) []T {
	if !slices.ContainsFunc(v, missing) {
		return v
	}
	out := slices.Clone(v)
	for i, x := range out {
		if missing(x) {
			out[i] = by
		}
	}
	return out
}

// IsIn tells for each row whether its value is one of vs; missing stays missing.
func (c *Column) IsIn(vs []any) (*Column, error) {
	out := booleans(c.name, make([]int8, c.n))
	for i := range out.flags {
		if c.IsMissing(i) {
			out.flags[i] = -1
		}
	}
	for _, v := range vs {
		eq, err := Binary("==", c, v)
		if err != nil {
			return nil, err
		}
		if out, err = Binary("|", out, eq); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// FormatNumber writes a number as Python's repr does, whole numbers without
// the ".0".
func FormatNumber(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 0):
		return map[bool]string{true: "inf", false: "-inf"}[f > 0]
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// Format writes row i as text; missing is the empty string.
func (c *Column) Format(i int) string {
	if c.IsMissing(i) {
		return ""
	}
	switch c.typ {
	case Number:
		return FormatNumber(c.num[i])
	case Category:
		return c.levels[c.codes[i]]
	case Boolean:
		return map[int8]string{0: "False", 1: "True"}[c.flags[i]]
	case Text:
		return c.text.at(i)
	case Time:
		return formatTime(c.micros[i])
	case Vector:
		parts := make([]string, c.shape[0])
		for k, x := range c.Value(i).([]float32) {
			parts[k] = strconv.FormatFloat(float64(x), 'g', -1, 32)
		}
		return "[" + strings.Join(parts, " ") + "]"
	}
	return fmt.Sprintf("image %d×%d", c.shape[0], c.shape[1])
}

// formatTime leaves the clock out at midnight and the fraction where it is 0.
func formatTime(micros int64) string {
	t := unixTime(micros)
	switch {
	case micros%(24*int64(time.Hour/time.Microsecond)) == 0:
		return t.Format("2006-01-02")
	case micros%1e6 == 0:
		return t.Format("2006-01-02 15:04:05")
	}
	return t.Format("2006-01-02 15:04:05.999999")
}
