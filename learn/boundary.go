package learn

import (
	"context"
	"fmt"
	"slices"

	"mlpkernel/table"
)

// BoundaryOptions say what Boundary looks at; the zero value is 60 × 60 points
// without hidden units.
type BoundaryOptions struct {
	Steps int  // points along each axis, 2 to 400
	Units bool // the maps of hidden units too
}

// Boundary is a model over a grid of two columns, the others held at their
// typical values (Fixed).
type Boundary struct {
	XName, YName string
	X, Y         []float64 // rising, in the columns' own units
	// Z[k][iy][ix] is output k, as Outputs names them: the probability of each
	// class or label, or a number in its own units.
	Z       [][][]float64
	Outputs []string
	Classes []string // nil for numbers
	Units   []UnitMap
	Fixed   []string // "island: Biscoe"
	// Points are the rows given, where they have values: Class (-1 unknown) for
	// classes, Value for numbers.
	PointX, PointY []float64
	PointClass     []int
	PointValue     []float64
}

// UnitMap is a hidden unit over the grid.
type UnitMap struct {
	Layer string
	Unit  int
	Z     [][]float64 // [iy][ix]
}

// Boundary evaluates the model over the span of two number columns of t.
func (m *Model) Boundary(ctx context.Context, t *table.Table, x, y string, o BoundaryOptions) (*Boundary, error) {
	n := o.Steps
	if n == 0 {
		n = 60
	}
	if n < 2 || n > 400 {
		return nil, fmt.Errorf("a boundary needs from 2 to 400 steps, not %d", n)
	}
	if x == y {
		return nil, fmt.Errorf("a boundary is over two columns, and both are %q", x)
	}
	b := &Boundary{XName: x, YName: y, Outputs: m.outputNames(), Classes: m.Classes()}
	var err error
	if b.X, err = m.span(t, x, n); err != nil {
		return nil, err
	}
	if b.Y, err = m.span(t, y, n); err != nil {
		return nil, err
	}
	grid, err := m.grid(t, b)
	if err != nil {
		return nil, err
	}
	out, err := m.Outputs(ctx, grid)
	if err != nil {
		return nil, err
	}
	for k := range out.Cols {
		b.Z = append(b.Z, square(pickColumn(out.V, out.Cols, k), n))
	}
	if o.Units {
		if err := m.unitMaps(ctx, grid, b); err != nil {
			return nil, err
		}
	}
	return b, m.points(t, b)
}

// span is n points over the values of a number column and a little beyond.
func (m *Model) span(t *table.Table, name string, n int) ([]float64, error) {
	var used []string
	for _, in := range m.coder.prep.Inputs() {
		used = append(used, in.Name)
	}
	if !slices.Contains(used, name) {
		return nil, fmt.Errorf("the model does not learn from %q; it learns from %s", name, nameList(used))
	}
	c, err := t.Col(name)
	if err != nil {
		return nil, err
	}
	if c.Type() != table.Number {
		return nil, fmt.Errorf("column %q is %s; a boundary is over two columns of numbers", name, c.Type())
	}
	return spanOf(c, n)
}

func spanOf(c *table.Column, n int) ([]float64, error) {
	lo, err := c.Quantile(0)
	if err != nil {
		return nil, err
	}
	hi, err := c.Quantile(1)
	if err != nil {
		return nil, err
	}
	if lo != lo {
		return nil, fmt.Errorf("column %q has no values", c.Name())
	}
	margin := float64(0.08 * (hi - lo))
	if hi == lo {
		margin = 1
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = lo - margin + float64((hi-lo+float64(2*margin))*(float64(i)/float64(n-1)))
	}
	return out, nil
}

// grid is a table of all points, row by row from the least y.
func (m *Model) grid(t *table.Table, b *Boundary) (*table.Table, error) {
	n, k := len(b.X), len(b.Y)
	var cols []*table.Column
	for _, in := range m.coder.prep.Inputs() {
		v := make([]float64, 0, n*k)
		switch in.Name {
		case b.XName, b.YName:
			for iy := range k {
				for ix := range n {
					if in.Name == b.XName {
						v = append(v, b.X[ix])
					} else {
						v = append(v, b.Y[iy])
					}
				}
			}
			cols = append(cols, table.Numbers(in.Name, v))
		default:
			c, err := t.Col(in.Name)
			if err != nil {
				return nil, err
			}
			typical, err := typicalColumn(c, n*k)
			if err != nil {
				return nil, err
			}
			cols = append(cols, typical)
			b.Fixed = append(b.Fixed, in.Name+": "+typical.FormatShort(0))
		}
	}
	return table.New(cols...)
}

// typicalColumn repeats a column's median, or its most frequent value.
func typicalColumn(c *table.Column, n int) (*table.Column, error) {
	if c.Type() == table.Number {
		mid, err := c.Median()
		v := make([]float64, n)
		for i := range v {
			v[i] = mid
		}
		return table.Numbers(c.Name(), v), err
	}
	row := 0
	if t := c.Type(); t != table.Vector && t != table.Image {
		if top := c.Counts(); top.Len() > 0 {
			for row < c.Len()-1 && c.Value(row) != top.At(0).Value(0) {
				row++
			}
		}
	}
	return c.Take(slices.Repeat([]int{row}, n)), nil
}

func square(v []float64, n int) [][]float64 {
	var out [][]float64
	for i := 0; i+n <= len(v); i += n {
		out = append(out, v[i:i+n])
	}
	return out
}

// unitMaps evaluates the hidden units over the grid.
func (m *Model) unitMaps(ctx context.Context, grid *table.Table, b *Boundary) error {
	acts, err := m.Activations(ctx, grid)
	if err != nil {
		return err
	}
	for _, a := range acts[:len(acts)-1] {
		for u := range a.Values.Cols {
			b.Units = append(b.Units, UnitMap{Layer: a.Layer, Unit: u, Z: square(pickColumn(a.Values.V, a.Values.Cols, u), len(b.X))})
		}
	}
	return nil
}

// points adds the rows of t.
func (m *Model) points(t *table.Table, b *Boundary) error {
	cx, err := t.Col(b.XName)
	if err != nil {
		return err
	}
	cy, err := t.Col(b.YName)
	if err != nil {
		return err
	}
	target := m.coder.target
	c, err := t.Col(target.Names[0])
	if err != nil || len(target.Names) > 1 {
		c = nil
	}
	for i := range t.Len() {
		if cx.IsMissing(i) || cy.IsMissing(i) {
			continue
		}
		b.PointX, b.PointY = append(b.PointX, cx.Float(i)), append(b.PointY, cy.Float(i))
		switch {
		case c == nil:
		case b.Classes != nil:
			b.PointClass = append(b.PointClass, slices.Index(b.Classes, c.Format(i)))
		default:
			b.PointValue = append(b.PointValue, c.Float(i))
		}
	}
	return nil
}
