package table

import (
	"fmt"
	"slices"
)

// Encoded is rows as a network takes them.
type Encoded[T float32 | float64] struct {
	Rows, Width int
	X           []T       // Rows × Width, row after row; Width is len(Fitted.Features())
	Index       [][]int32 // one per Fitted.Embeddings(): 0 is missing or unseen, i+1 is level i
	Surprises   []Surprise
}

// Surprise counts what a column has that training had not.
type Surprise struct {
	Column  string
	Unseen  int      // rows with a category not seen in training
	Values  []string // some of those categories
	Missing int      // rows without a value, where training had none missing
}

func (s Surprise) String() string {
	if s.Unseen > 0 {
		out := fmt.Sprintf("%s: %s with a category that training did not have (%s): counted as missing", s.Column, plural(s.Unseen, "row"), list(s.Values))
		if s.Missing > 0 {
			out += fmt.Sprintf(", as is %s without a value", plural(s.Missing, "row"))
		}
		return out
	}
	return fmt.Sprintf("%s: %s without a value, though none was missing in training: filled like missing ones", s.Column, plural(s.Missing, "row"))
}

// Apply prepares rows as float32. The table needs the columns of Inputs, of
// types that convert to those of training.
func (f *Fitted) Apply(t *Table) (*Encoded[float32], error) { return encode[float32](f, t) }

// Apply64 is Apply in float64.
func (f *Fitted) Apply64(t *Table) (*Encoded[float64], error) { return encode[float64](f, t) }

// Prepared is Apply64 as a table: a number column for each feature, and the
// categories for embeddings.
func (f *Fitted) Prepared(t *Table) (*Table, []Surprise, error) {
	e, err := f.Apply64(t)
	if err != nil {
		return nil, nil, err
	}
	var cols []*Column
	for j, name := range f.s.Features {
		num := make([]float64, e.Rows)
		for i := range num {
			num[i] = e.X[i*e.Width+j]
		}
		cols = append(cols, Numbers(name, num))
	}
	for k, m := range f.s.Embeds {
		codes := make([]int32, e.Rows)
		for i, x := range e.Index[k] {
			codes[i] = x - 1
		}
		c, err := Coded(m.Name, codes, m.Levels)
		if err != nil {
			return nil, nil, err
		}
		cols = append(cols, c)
	}
	out, err := New(cols...)
	return out, e.Surprises, err
}

func encode[T float32 | float64](f *Fitted, t *Table) (*Encoded[T], error) {
	e := &Encoded[T]{Rows: t.rows, Width: len(f.s.Features)}
	var cols []*Column
	for _, in := range f.s.Inputs {
		c, err := t.Col(in.Name)
		if err != nil {
			return nil, fmt.Errorf("the model was trained on column %q: %w", in.Name, err)
		}
		c, surprise, err := in.adapt(c)
		if err != nil {
			return nil, err
		}
		if surprise.Unseen+surprise.Missing > 0 {
			e.Surprises = append(e.Surprises, surprise)
		}
		cols = append(cols, c)
	}
	cols, err := runAll(cols, f.s.Steps)
	if err != nil {
		return nil, err
	}
	return e, e.collect(cols)
}

// adapt gives a column the type and levels of training.
func (in Input) adapt(c *Column) (*Column, Surprise, error) {
	s := Surprise{Column: in.Name}
	if in.Type == Vector || in.Type == Image {
		if c.typ != in.Type || !slices.Equal(c.shape, in.Shape) {
			return nil, s, fmt.Errorf("column %q is %s %v, but the model was trained on %s %v", c.name, c.typ, c.shape, in.Type, in.Shape)
		}
	}
	d, err := c.To(in.Type)
	if err != nil {
		return nil, s, fmt.Errorf("the model was trained on %q as %s: %w", in.Name, in.Type, err)
	}
	if err := checkFinite(d); err != nil {
		return nil, s, err
	}
	missing := d.Missing()
	if in.Missing == 0 {
		s.Missing = missing
	}
	if in.Type != Category {
		return d, s, nil
	}
	known := in.known()
	out, err := d.withLevels(known)
	if err != nil {
		return nil, s, err
	}
	if s.Unseen = out.Missing() - missing; s.Unseen > 0 {
		u := d.Unique()
		for i := range u.n {
			if !slices.Contains(known, u.Format(i)) {
				s.Values = append(s.Values, u.Format(i))
			}
		}
	}
	return out, s, nil
}

// known returns the levels that came in training.
func (in Input) known() []string {
	var levels []string
	for i, l := range in.Levels {
		if in.Seen == nil || in.Seen[i] {
			levels = append(levels, l)
		}
	}
	return levels
}

// collect writes columns to the matrix, a block of rows at a time to stay in
// the cache.
func (e *Encoded[T]) collect(cols []*Column) error {
	width := 0
	for _, c := range cols {
		switch c.typ {
		case Category:
			index := make([]int32, c.n)
			for i, k := range c.codes {
				index[i] = k + 1
			}
			e.Index = append(e.Index, index)
		case Number, Vector:
			width += c.Width()
		default:
			return fmt.Errorf("preparation: column %q is %s after all steps", c.name, c.typ)
		}
	}
	if width != e.Width {
		return fmt.Errorf("preparation: %d numbers a row, expected %d", width, e.Width)
	}
	e.X = make([]T, e.Rows*e.Width)
	const block = 256
	for lo := 0; lo < e.Rows; lo += block {
		hi, at := min(lo+block, e.Rows), 0
		for _, c := range cols {
			switch c.typ {
			case Number:
				for i := lo; i < hi; i++ {
					e.X[i*e.Width+at] = T(c.num[i])
				}
				at++
			case Vector:
				w := c.shape[0]
				for i := lo; i < hi; i++ {
					for k, x := range c.vec[i*w : (i+1)*w] {
						e.X[i*e.Width+at+k] = T(x)
					}
				}
				at += w
			}
		}
	}
	return nil
}
