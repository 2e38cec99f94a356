package table

import (
	"fmt"
	"math"
	"slices"
)

// Concat puts tables one below the other. Columns go by their names, in the
// order in which they first appear; where a table has no such column, its rows
// have no value. The levels of a category column are those of all tables, and
// category with text gives text. Other types must agree, but a column without
// any value fits all.
func Concat(tables ...*Table) (*Table, error) {
	var names []string
	for _, t := range tables {
		for _, c := range t.cols {
			if !slices.Contains(names, c.name) {
				names = append(names, c.name)
			}
		}
	}
	cols := make([]*Column, len(names))
	for k, name := range names {
		s := stack{name: name}
		for i, t := range tables {
			if err := s.add(i, t); err != nil {
				return nil, err
			}
		}
		cols[k] = s.column()
	}
	return New(cols...)
}

// stack is a column that grows by those of one table after the other.
type stack struct {
	name   string
	of     *Column // the first with a value, or else the first: its type and shape hold
	first  int     // the number of its table
	filled bool    // of has a value
	text   bool    // category and text are mixed
	parts  []part
	rows   int
}

// part is what one table adds.
type part struct {
	col  *Column // nil: no values
	rows int
}

// add takes in the column of the i-th table.
func (s *stack) add(i int, t *Table) error {
	p := part{rows: t.rows}
	if k, ok := t.index[s.name]; ok {
		c := t.cols[k]
		filled := c.n > c.Missing()
		switch {
		case s.of == nil || filled && !s.filled:
			s.of, s.first, s.filled = c, i, filled
		case filled && !s.fits(c):
			return fmt.Errorf("column %q is %s in table %d and %s in table %d; convert one of them", s.name, s.of.kind(), s.first+1, c.kind(), i+1)
		}
		if filled {
			p.col = c
		}
	}
	s.parts = append(s.parts, p)
	s.rows += t.rows
	if s.of != nil && s.of.typ == Image && slices.ContainsFunc(s.parts, func(p part) bool { return p.col == nil && p.rows > 0 }) {
		return fmt.Errorf("column %q has images, which cannot be missing, and not every table has it", s.name)
	}
	return nil
}

// fits tells whether the values of c can stand below those that are there.
func (s *stack) fits(c *Column) bool {
	words := func(t Type) bool { return t == Category || t == Text }
	if words(c.typ) && words(s.of.typ) {
		s.text = s.text || c.typ != s.of.typ
		return true
	}
	return c.typ == s.of.typ && slices.Equal(c.shape, s.of.shape)
}

// kind is the type in words, with the shape if there is one.
func (c *Column) kind() string {
	if c.shape == nil {
		return c.typ.String()
	}
	return fmt.Sprintf("%s of %v", c.typ, c.shape)
}

func (s *stack) column() *Column {
	d := &Column{name: s.name, typ: s.of.typ, n: s.rows, shape: s.of.shape}
	switch {
	case s.text || d.typ == Text:
		d.typ, d.text = Text, s.texts()
	case d.typ == Category:
		d.codes, d.levels = s.categories()
	case d.typ == Number:
		d.num = stacked(s, func(c *Column) []float64 { return c.num }, math.NaN())
	case d.typ == Boolean:
		d.flags = stacked(s, func(c *Column) []int8 { return c.flags }, -1)
	case d.typ == Time:
		d.micros = stacked(s, func(c *Column) []int64 { return c.micros }, noTime)
	case d.typ == Vector:
		d.vec = stacked(s, func(c *Column) []float32 { return c.vec }, float32(math.NaN()))
	case d.typ == Image:
		d.pix = stacked(s, func(c *Column) []byte { return c.pix }, 0)
	}
	return d
}

// stacked puts the values of all parts one behind the other.
func stacked[T any](s *stack, values func(*Column) []T, missing T) []T {
	width := s.of.Width()
	out := make([]T, 0, s.rows*width)
	for _, p := range s.parts {
		if p.col != nil {
			out = append(out, values(p.col)...)
			continue
		}
		for range p.rows * width {
			out = append(out, missing)
		}
	}
	return out
}

func (s *stack) texts() texts {
	b := newTextBuilder(s.rows)
	for _, p := range s.parts {
		for i := range p.rows {
			var word string
			if p.col != nil {
				word, _ = p.col.Value(i).(string)
			}
			b.add(word, p.col == nil || p.col.IsMissing(i))
		}
	}
	return b.done()
}

// categories are the codes and levels of all parts. Levels that are sorted in
// each part are sorted in the whole; else they are in order of appearance.
func (s *stack) categories() (codes []int32, levels []string) {
	d := newDict()
	codes = make([]int32, 0, s.rows)
	sorted := true
	for _, p := range s.parts {
		if p.col == nil {
			codes = append(codes, slices.Repeat([]int32{-1}, p.rows)...)
			continue
		}
		sorted = sorted && slices.IsSortedFunc(p.col.levels, compareLevels)
		code := make([]int32, len(p.col.levels))
		for k, l := range p.col.levels {
			code[k] = d.code(l)
		}
		for _, k := range p.col.codes {
			if k >= 0 {
				k = code[k]
			}
			codes = append(codes, k)
		}
	}
	if !sorted {
		return codes, d.levels
	}
	return codes, sortLevels(d.levels, codes)
}
