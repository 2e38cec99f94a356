package table

import (
	"context"
	"fmt"
	"slices"
)

// draft is a column under preparation. Its numeric steps are put off until
// somebody asks for the numbers, which then pass through all of them while they
// are in the cache: to write every stage down takes longer than a short training.
type draft struct {
	*Column
	typ   Type    // after the steps: they make an image a vector
	chain []*step // numeric steps to be done; on an image the first is "pixels"
	whole bool    // the column is known to miss nothing
}

// draftKey is the same for drafts of the same numbers.
type draftKey struct {
	c     *Column
	steps int
}

func (d draft) key() draftKey { return draftKey{d.Column, len(d.chain)} }

func newDraft(c *Column) draft { return draft{Column: c, typ: c.typ} }

// then is the draft with one more numeric step.
func (d draft) then(s *step) (draft, error) {
	switch {
	case s.Do == "fill" && d.whole && len(d.chain) == 0:
		return d, nil
	case d.typ == Number, d.typ == Vector && s.Do != "pixels":
	case d.typ == Image && s.Do == "pixels":
		d.typ = Vector
	default:
		c, err := fillOther(d.Column, s)
		return newDraft(c), err
	}
	d.chain = append(slices.Clip(d.chain), s)
	return d, nil
}

// read gives rows from lo to before hi, row after row: those of the column
// itself, which nobody may change, or others in buf, which must have room for them.
func (d draft) read(lo, hi int, buf []float64) []float64 {
	w := 1
	if d.typ == Vector {
		w = d.Width()
	}
	buf = buf[:(hi-lo)*w]
	v := buf
	switch d.Column.typ {
	case Number:
		v = d.num[lo:hi]
	case Vector:
		for i, x := range d.vec[lo*w : hi*w] {
			buf[i] = float64(x)
		}
	case Image:
		for i, p := range d.pix[lo*w : hi*w] {
			buf[i] = float64(p)
		}
	}
	for _, s := range d.chain {
		numeric[s.Do](s, buf, v)
		v = buf
		if d.typ == Vector { // whose numbers are float32
			for i, x := range buf {
				buf[i] = float64(float32(x))
			}
		}
	}
	return v
}

// numbers appends the numbers that are not missing to buf.
func (d draft) numbers(buf []float64) []float64 {
	n := d.n
	if d.typ == Vector {
		n *= d.Width()
	}
	buf = slices.Grow(buf[:0], n)
	for _, x := range d.read(0, d.n, buf[:n]) {
		if x == x {
			buf = append(buf, x)
		}
	}
	return buf
}

// missing counts the rows without a value.
func (d draft) missing() int {
	if d.whole || slices.ContainsFunc(d.chain, func(s *step) bool { return s.Do == "fill" }) {
		return 0
	}
	return d.Column.Missing()
}

// done is the column after all steps.
func (d draft) done() *Column {
	if len(d.chain) == 0 {
		return d.Column
	}
	v := d.read(0, d.n, make([]float64, d.n*d.Width()))
	c := &Column{name: d.name, typ: d.typ, n: d.n}
	if d.typ == Number {
		c.num = v
		return c
	}
	c.shape, c.vec = []int{d.Width()}, make([]float32, len(v))
	for i, x := range v {
		c.vec[i] = float32(x)
	}
	return c
}

// draftsOf are the drafts of columns.
func draftsOf(cols []*Column) []draft {
	out := make([]draft, len(cols))
	for i, c := range cols {
		out[i] = newDraft(c)
	}
	return out
}

// follow does steps to columns, in place. note, which may be nil, hears of what
// a step has made of the columns before it.
func follow(cols []draft, steps []step, note func(s *step, before []draft, made []*Column)) ([]draft, error) {
	k := 0 // where the last step was: the next one is often near
	for i := range steps {
		s := &steps[i]
		found := false
		for range cols {
			if k >= len(cols) {
				k = 0
			}
			if found = cols[k].name == s.Column; found {
				break
			}
			k++
		}
		if !found {
			return nil, s.noColumn()
		}
		if numeric[s.Do] != nil {
			d, err := cols[k].then(s)
			if err != nil {
				return nil, err
			}
			cols[k] = d
			continue
		}
		do, ok := doers[s.Do]
		if !ok {
			return nil, s.noColumn()
		}
		made, err := do(*s, cols[k].done())
		if err != nil {
			return nil, err
		}
		if note != nil {
			note(s, cols, made)
		}
		cols = slices.Replace(cols, k, k+1, draftsOf(made)...)
	}
	return cols, nil
}

// chosen gives the drafts that ok is true of.
func chosen(cols []draft, ok func(draft) bool) []draft {
	yes := make([]bool, len(cols))
	each(len(cols), func(i int) error { yes[i] = ok(cols[i]); return nil })
	var out []draft
	for i, d := range cols {
		if yes[i] {
			out = append(out, d)
		}
	}
	return out
}

// each calls f for 0..n-1, over all cores.
func each(n int, f func(i int) error) error {
	return parallel(context.Background(), n, func() func(int) error { return f })
}

// eachBuffered is each with memory for numbers, which f gives back for its next call.
func eachBuffered(n int, f func(i int, buf []float64) ([]float64, error)) error {
	return parallel(context.Background(), n, func() func(int) error {
		var buf []float64
		return func(i int) (err error) {
			buf, err = f(i, buf)
			return err
		}
	})
}

// fillOther fills a column of another type; no other numeric step suits it.
func fillOther(c *Column, s *step) (*Column, error) {
	switch {
	case s.Do == "fill" && c.typ == Boolean:
		return c.Fill(s.Number == 1)
	case s.Do == "fill" && c.typ == Category:
		return c.Fill(s.Text)
	}
	return nil, fmt.Errorf("preparation: column %q is %s where numbers were", c.name, c.typ)
}
