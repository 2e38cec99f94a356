package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// PairsData is what Pairs draws.
type PairsData struct {
	// Columns are equally long; NaN is a missing value.
	Columns []Group
	// Category colours the points: an index into Categories for each row,
	// negative for a missing one; may be nil.
	Category   []int
	Categories []string
	// ColorLabel names what colours the points.
	ColorLabel string
}

const (
	maxPairs   = 8    // columns
	pairPoints = 5000 // in all panels together, before densities are drawn
)

// Pairs draws every pair of columns as a scatter plot, with histograms on the
// diagonal.
func Pairs(d PairsData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("pairs: %w", err)
	}
	all := len(d.Columns)
	full := d
	d.Columns = d.Columns[:min(all, maxPairs)]
	k := float64(len(d.Columns))
	s := newScene(o, "Pairs of columns", notebookWidth, 92+clamp(notebookWidth/k, 75, 170)*k)
	s.rigid = true
	if all > maxPairs {
		s.notes = append(s.notes, fmt.Sprintf("The first %d of %d columns are drawn.", maxPairs, all))
	}
	bad := 0
	for _, c := range d.Columns {
		bad += notFinite(c.Values)
	}
	s.notes = append(s.notes, gaps(bad)...)
	s.paint = d.paint
	return build(s, full.text(), full.data()), nil
}

func (d PairsData) check() error {
	if len(d.Columns) == 0 {
		return errors.New("expected at least one column, got none")
	}
	n := len(d.Columns[0].Values)
	for _, c := range d.Columns {
		if err := sameLength("columns "+d.Columns[0].Name+" and "+c.Name, n, len(c.Values)); err != nil {
			return err
		}
	}
	if d.Category != nil {
		if err := sameLength("rows and categories", n, len(d.Category)); err != nil {
			return err
		}
	}
	return checkCategories(d.Category, d.Categories)
}

// cloud is the points of a pair of columns.
func (d PairsData) cloud(x, y int) *cloud {
	c := &cloud{x: d.Columns[x].Values, y: d.Columns[y].Values, category: d.Category, names: d.Categories, radius: 2}
	for i := range c.x {
		c.ok = append(c.ok, finite(c.x[i]) && finite(c.y[i]))
	}
	k := len(d.Columns)
	c.limit = pairPoints / max(k*(k-1)/2, 1)
	return c
}

func (d PairsData) paint(p pen) {
	if d.Category != nil {
		p = p.legend(d.ColorLabel, d.cloud(0, 0).keys())
	}
	k := len(d.Columns)
	const left, foot = 40, 20
	tiles := p.inset(left, 0, foot, 0).tiles(k, k, 6, 6)
	for r := range k {
		for c := range k {
			q := tiles[r*k+c]
			switch {
			case r == c:
				d.diagonal(q, c)
			case r > c:
				d.pair(q, c, r)
			default:
				d.correlation(q, c, r)
			}
			if c == 0 && r > 0 {
				d.ticksAt(q, r, false)
			}
			if r == k-1 {
				d.ticksAt(q, c, true)
			}
		}
	}
}

func (d PairsData) rangeOf(c int) span {
	r := emptySpan().add(d.Columns[c].Values...).wide()
	m := 0.05 * (r.hi - r.lo)
	return span{r.lo - m, r.hi + m}
}

func (d PairsData) pair(p pen, x, y int) {
	f := &frame{x: axis{r: d.rangeOf(x), bare: true}, y: axis{r: d.rangeOf(y), bare: true}, endRoom: 0.01}
	f.add(d.cloud(x, y).layer(), outlineOf)
	f.draw(p)
}

// outlineOf frames a panel.
func outlineOf(v view) { v.frame(v.Min.X, v.Min.Y, v.Max.X, v.Max.Y, stroke(paleGrey, thin)) }

// diagonal draws the distribution of a column, by category if there are any.
func (d PairsData) diagonal(p pen, c int) {
	r := d.rangeOf(c)
	sets := [][]float64{d.Columns[c].Values}
	if d.Category != nil {
		sets = make([][]float64, len(d.Categories))
		for i, v := range d.Columns[c].Values {
			if k := d.Category[i]; k >= 0 {
				sets[k] = append(sets[k], v)
			}
		}
	}
	bins := int(clamp(p.width()/6, 8, 30))
	top := 1.0
	hs := make([]Histogram, len(sets))
	for i, set := range sets {
		hs[i] = countIn(set, r, bins)
		top = math.Max(top, largest(hs[i].Counts))
	}
	f := &frame{x: axis{r: r, bare: true}, y: axis{r: span{0, top * 1.35}, bare: true}, endRoom: 0.01}
	for i, h := range hs {
		f.add(bars(h.Edges, h.Counts, fade(hue(i), 0.3)), steps(h.Edges, h.Counts, stroke(hue(i), 1)))
	}
	name := d.Columns[c].Name
	f.add(outlineOf, func(v view) {
		v.text(shorten(name, noteSize, v.width()-8), v.Min.X+4, v.Max.Y-3, strong(noteSize, ink))
	})
	f.draw(p)
}

// correlation writes the correlation of a pair.
func (d PairsData) correlation(p pen, x, y int) {
	r := pearson(d.Columns[x].Values, d.Columns[y].Values)
	sty := aligned(plain(clamp(9+8*math.Abs(r), 9, 17), ink), draw.XCenter, draw.YCenter)
	if !finite(r) {
		sty = aligned(plain(9, softInk), draw.XCenter, draw.YCenter)
	}
	p.text("r "+correlationText(r), p.X(0.5), p.Y(0.5), sty)
}

// ticksAt writes a few values along the outer edge of a panel.
func (d PairsData) ticksAt(p pen, c int, below bool) {
	r := d.rangeOf(c)
	for _, t := range linearTicks(r.lo, r.hi, 3) {
		at := (t.Value - r.lo) / (r.hi - r.lo)
		if below {
			p.text(t.Label, p.X(at), p.Min.Y-4, aligned(plain(9.5, softInk), draw.XCenter, draw.YTop))
		} else {
			p.text(t.Label, p.Min.X-4, p.Y(at), aligned(plain(9.5, softInk), draw.XRight, draw.YCenter))
		}
	}
}

func (d PairsData) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Pairs of %s, %s.", count(len(d.Columns), "column"), count(len(d.Columns[0].Values), "row"))
	for _, c := range d.Columns {
		s := summarise(c.Values)
		fmt.Fprintf(&b, "\n%s: %s ± %s, %s … %s.", c.Name, number(s.mean), number(s.std), number(s.lo), number(s.hi))
	}
	names := make([]string, len(d.Columns))
	r := make([][]float64, len(d.Columns))
	for i, a := range d.Columns {
		names[i] = a.Name
		for _, c := range d.Columns {
			r[i] = append(r[i], pearson(a.Values, c.Values))
		}
	}
	b.WriteString("\n" + CorrelationData{Names: names, R: r}.text())
	if d.Category != nil {
		b.WriteString("\n" + orElse(d.ColorLabel, "Colours") + ": " + d.cloud(0, 0).census() + ".")
	}
	return b.String()
}

func (d PairsData) data() Data {
	var out Data
	for _, c := range d.Columns {
		out.Columns = append(out.Columns, Column{Name: c.Name, Numbers: c.Values})
	}
	return out
}
