package table

import (
	"fmt"
	"math"
	"slices"

	"mlpkernel/table/internal/det"
)

// step is one learnt operation on one column, which it replaces by columns.
type step struct {
	Do     string    `json:"do"`
	Column string    `json:"column"`
	To     string    `json:"to,omitempty"`
	Center float64   `json:"center,omitempty"`
	Scale  float64   `json:"scale,omitempty"`
	Number float64   `json:"number,omitempty"`
	Text   string    `json:"text,omitempty"`
	Knots  []float64 `json:"knots,omitempty"`
	Levels []string  `json:"levels,omitempty"`
	Signed bool      `json:"signed,omitempty"`
	Clock  bool      `json:"clock,omitempty"`
}

// doers by name: what a step that is not numeric makes of its column.
var doers = map[string]func(s step, c *Column) ([]*Column, error){
	"drop":    func(step, *Column) ([]*Column, error) { return nil, nil },
	"flag":    step.flag,
	"number":  func(_ step, c *Column) ([]*Column, error) { return one(c.ToNumber()) },
	"bin":     step.bin,
	"dates":   step.dates,
	"levels":  func(s step, c *Column) ([]*Column, error) { return one(c.withLevels(s.Levels)) },
	"ordinal": step.ordinal,
	"onehot":  step.oneHot,
}

func one(c *Column, err error) ([]*Column, error) {
	if err != nil {
		return nil, err
	}
	return []*Column{c}, nil
}

func (s step) noColumn() error {
	return fmt.Errorf("preparation: no column %q for step %q", s.Column, s.Do)
}

// normal looks x up among the training quantiles; among equal ones it takes
// the middle.
func (s step) normal(x float64) float64 {
	if x != x || len(s.Knots) < 2 {
		return x - x // missing stays missing, a constant is 0
	}
	lo, _ := slices.BinarySearch(s.Knots, x)
	hi := lo
	for hi < len(s.Knots) && s.Knots[hi] == x {
		hi++
	}
	rank := float64(lo+hi-1) / 2
	switch {
	case lo == hi && lo == 0:
		rank = 0
	case lo == hi && lo == len(s.Knots):
		rank = float64(lo - 1)
	case lo == hi:
		a, b := s.Knots[lo-1], s.Knots[lo]
		rank = float64(lo-1) + (x-a)/(b-a)
	}
	const edge = 1e-7 // ±5.2 standard deviations
	p := rank / float64(len(s.Knots)-1)
	return det.NormalQuantile(math.Min(math.Max(p, edge), 1-edge))
}

func (s step) flag(c *Column) ([]*Column, error) {
	out := make([]float64, c.n)
	for i := range out {
		if c.IsMissing(i) {
			out[i] = 1
		}
	}
	return []*Column{c, Numbers(s.To, out)}, nil
}

func (s step) bin(c *Column) ([]*Column, error) {
	levels := make([]string, len(s.Knots)+1)
	for i := range levels {
		switch {
		case i == 0 && len(s.Knots) == 0:
			levels[i] = "all"
		case i == 0:
			levels[i] = "below " + FormatNumber(s.Knots[0])
		case i == len(s.Knots):
			levels[i] = "from " + FormatNumber(s.Knots[i-1])
		default:
			levels[i] = FormatNumber(s.Knots[i-1]) + " to " + FormatNumber(s.Knots[i])
		}
	}
	codes := make([]int32, c.n)
	for i, x := range c.num {
		codes[i] = -1
		if x == x {
			at, found := slices.BinarySearch(s.Knots, x)
			codes[i] = int32(at)
			if found {
				codes[i]++
			}
		}
	}
	return one(Coded(c.name, codes, levels))
}

// dateParts of a time; the weekday counts from Monday, 0.
var dateParts = []struct {
	name string
	of   func(micros int64) float64
}{
	{"year", func(m int64) float64 { return float64(unixTime(m).Year()) }},
	{"month", func(m int64) float64 { return float64(unixTime(m).Month()) }},
	{"day", func(m int64) float64 { return float64(unixTime(m).Day()) }},
	{"weekday", func(m int64) float64 { return float64((unixTime(m).Weekday() + 6) % 7) }},
	{"hour", func(m int64) float64 { t := unixTime(m); return float64(t.Hour()) + float64(t.Minute())/60 }},
}

func (s step) dates(c *Column) ([]*Column, error) {
	parts := dateParts
	if !s.Clock {
		parts = parts[:4]
	}
	out := make([]*Column, len(parts))
	for k, p := range parts {
		v := make([]float64, c.n)
		for i, m := range c.micros {
			v[i] = math.NaN()
			if m != noTime {
				v[i] = p.of(m)
			}
		}
		out[k] = Numbers(c.name+" "+p.name, v)
	}
	return out, nil
}

// withLevels renumbers a category to the given levels; other values are missing.
func (c *Column) withLevels(levels []string) (*Column, error) {
	c, err := c.ToCategory()
	if err != nil {
		return nil, err
	}
	at := make(map[string]int32, len(levels))
	for i, l := range levels {
		at[l] = int32(i)
	}
	to := make([]int32, len(c.levels))
	for i, l := range c.levels {
		to[i] = -1
		if k, ok := at[l]; ok {
			to[i] = k
		}
	}
	codes := make([]int32, c.n)
	for i, k := range c.codes {
		codes[i] = -1
		if k >= 0 {
			codes[i] = to[k]
		}
	}
	return Coded(c.name, codes, levels)
}

func (s step) ordinal(c *Column) ([]*Column, error) {
	c, err := c.withLevels(s.Levels)
	if err != nil {
		return nil, err
	}
	out := make([]float64, c.n)
	for i, k := range c.codes {
		out[i] = math.NaN()
		if k >= 0 {
			out[i] = float64(k)
		}
	}
	return []*Column{Numbers(c.name, out)}, nil
}

func (s step) oneHot(c *Column) ([]*Column, error) {
	c, err := c.withLevels(s.Levels)
	if err != nil {
		return nil, err
	}
	if s.Signed {
		v := make([]float64, c.n)
		for i, k := range c.codes {
			v[i] = [...]float64{0, -1, 1}[k+1]
		}
		return []*Column{Numbers(c.name+"="+s.Levels[1], v)}, nil
	}
	out := make([]*Column, len(s.Levels))
	for l, level := range s.Levels {
		v := make([]float64, c.n)
		for i, k := range c.codes {
			if int(k) == l {
				v[i] = 1
			}
		}
		out[l] = Numbers(c.name+"="+level, v)
	}
	return out, nil
}
