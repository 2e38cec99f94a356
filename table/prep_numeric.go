package table

import (
	"context"
	"fmt"
	"math"
	"slices"

	"mlpkernel/table/internal/det"
)

// numeric are the steps that take each number of a column to another, by name.
var numeric = map[string]func(s step) func(x float64) float64{
	"scale": func(s step) func(float64) float64 {
		center, scale := s.Center, s.Scale
		return func(x float64) float64 { return (x - center) * scale }
	},
	"clip": func(s step) func(float64) float64 {
		limit := s.Number
		return func(x float64) float64 {
			r := x / limit
			return x / math.Sqrt(1+float64(r*r))
		}
	},
	"fill": func(s step) func(float64) float64 {
		by := s.Number
		return func(x float64) float64 {
			if x != x {
				return by
			}
			return x
		}
	},
	"log1p":  func(step) func(float64) float64 { return det.Log1p },
	"normal": func(s step) func(float64) float64 { return s.normal },
}

// numbers is the doer of the numeric steps.
func (s step) numbers(c *Column) ([]*Column, error) { return one(mapNumbers(c, s)) }

// mapNumbers applies numeric steps to a number or vector column, one after the
// other; a column that they leave as it is comes back itself.
func mapNumbers(c *Column, chain ...step) (*Column, error) {
	if c.typ != Number && c.typ != Vector {
		return fillOther(c, chain)
	}
	for len(chain) > 0 && chain[0].Do == "fill" && c.typ == Number && c.Missing() == 0 {
		chain = chain[1:]
	}
	if len(chain) == 0 {
		return c, nil
	}
	d := *c
	d.num, d.vec = slices.Clone(c.num), slices.Clone(c.vec)
	for _, s := range chain {
		f := numeric[s.Do](s)
		for i, x := range d.num {
			d.num[i] = f(x)
		}
		for i, x := range d.vec {
			d.vec[i] = float32(f(float64(x)))
		}
	}
	return &d, nil
}

// fillOther fills a column of another type; no other numeric step suits it.
func fillOther(c *Column, chain []step) (*Column, error) {
	var err error
	for _, s := range chain {
		switch {
		case s.Do == "fill" && c.typ == Boolean:
			c, err = c.Fill(s.Number == 1)
		case s.Do == "fill" && c.typ == Category:
			c, err = c.Fill(s.Text)
		default:
			err = fmt.Errorf("preparation: column %q is %s where numbers were", c.name, c.typ)
		}
		if err != nil {
			return nil, err
		}
	}
	return c, nil
}

// runAll applies steps to a list of columns: numeric steps in a row column by
// column, over all cores.
func runAll(cols []*Column, steps []step) ([]*Column, error) {
	for len(steps) > 0 {
		n := slices.IndexFunc(steps, func(s step) bool { return numeric[s.Do] == nil })
		if n < 0 {
			n = len(steps)
		}
		var err error
		if n > 1 {
			cols, err = runNumeric(cols, steps[:n])
		} else {
			n = 1
			cols, err = steps[0].run(cols)
		}
		if err != nil {
			return nil, err
		}
		steps = steps[n:]
	}
	return cols, nil
}

func runNumeric(cols []*Column, steps []step) ([]*Column, error) {
	at := make(map[string]int, len(cols))
	for i, c := range cols {
		at[c.name] = i
	}
	chains := make([][]step, len(cols))
	for _, s := range steps {
		i, ok := at[s.Column]
		if !ok {
			return nil, s.noColumn()
		}
		chains[i] = append(chains[i], s)
	}
	out := make([]*Column, len(cols))
	return out, each(len(cols), func(i int) (err error) {
		out[i], err = mapNumbers(cols[i], chains[i]...)
		return err
	})
}

// each calls f for 0..n-1, over all cores.
func each(n int, f func(i int) error) error {
	return parallel(context.Background(), n, func() func(int) error { return f })
}
