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
	cols, surprises := make([]draft, len(f.s.Inputs)), make([]Surprise, len(f.s.Inputs))
	err := each(len(cols), func(i int) error {
		in := f.s.Inputs[i]
		c, err := t.Col(in.Name)
		if err != nil {
			return fmt.Errorf("the model was trained on column %q: %w", in.Name, err)
		}
		cols[i], surprises[i], err = in.adapt(c)
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, s := range surprises {
		if s.Unseen+s.Missing > 0 {
			e.Surprises = append(e.Surprises, s)
		}
	}
	if cols, err = follow(cols, f.s.Steps, nil); err != nil {
		return nil, err
	}
	return e, e.collect(cols)
}

// adapt gives a column the type and levels of training.
func (in Input) adapt(c *Column) (draft, Surprise, error) {
	s := Surprise{Column: in.Name}
	if in.Type == Vector || in.Type == Image {
		if c.typ != in.Type || !slices.Equal(c.shape, in.Shape) {
			return draft{}, s, fmt.Errorf("column %q is %s %v, but the model was trained on %s %v", c.name, c.typ, c.shape, in.Type, in.Shape)
		}
	}
	d, err := c.To(in.Type)
	if err != nil {
		return draft{}, s, fmt.Errorf("the model was trained on %q as %s: %w", in.Name, in.Type, err)
	}
	missing := in.Missing
	if in.of.Value() != d { // else it was checked in training
		if missing, err = checkFinite(d); err != nil {
			return draft{}, s, err
		}
	}
	if in.Missing == 0 {
		s.Missing = missing
	}
	if in.Type != Category {
		out := newDraft(d)
		out.whole = missing == 0
		return out, s, nil
	}
	known := in.known()
	out, err := d.withLevels(known)
	if err != nil {
		return draft{}, s, err
	}
	if s.Unseen = out.Missing() - missing; s.Unseen > 0 {
		u := d.Unique()
		for i := range u.n {
			if !slices.Contains(known, u.Format(i)) {
				s.Values = append(s.Values, u.Format(i))
			}
		}
	}
	return newDraft(out), s, nil
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

// collect writes columns to the matrix: a block of rows at a time to stay in
// the cache, over all cores.
func (e *Encoded[T]) collect(cols []draft) error {
	width, widest := 0, 1
	for _, d := range cols {
		switch d.typ {
		case Category:
			index := make([]int32, d.n)
			for i, k := range d.codes {
				index[i] = k + 1
			}
			e.Index = append(e.Index, index)
		case Number, Vector:
			width += d.Width()
			widest = max(widest, d.Width())
		default:
			return fmt.Errorf("preparation: column %q is %s after all steps", d.name, d.typ)
		}
	}
	if width != e.Width {
		return fmt.Errorf("preparation: %d numbers a row, expected %d", width, e.Width)
	}
	e.X = make([]T, e.Rows*e.Width)
	block := max(1, min(256, 4096/widest))
	return eachBuffered((e.Rows+block-1)/block, func(b int, buf []float64) ([]float64, error) {
		lo, hi := b*block, min((b+1)*block, e.Rows)
		buf = slices.Grow(buf[:0], block*widest)[:block*widest]
		at := lo * e.Width
		for _, d := range cols {
			if d.typ == Category {
				continue
			}
			w := d.Width()
			scatter(e.X[at:], e.Width, d.read(lo, hi, buf), w)
			at += w
		}
		return buf, nil
	})
}

// scatter writes v, rows of width w, into rows that are stride apart.
func scatter[T float32 | float64](dst []T, stride int, v []float64, w int) {
	if w == 1 {
		for i, x := range v {
			dst[i*stride] = T(x)
		}
		return
	}
	for r := 0; len(v) > 0; r, v = r+1, v[w:] {
		row := dst[r*stride:][:w]
		for k, x := range v[:w] {
			row[k] = T(x)
		}
	}
}
