package display

import (
	"fmt"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// ScatterData is what Scatter draws.
type ScatterData struct {
	X, Y           []float64
	XLabel, YLabel string
	// TimesX says that X are seconds since 1970 UTC.
	TimesX bool
	// Category colours the points: an index into Categories for each point,
	// negative for a missing one. nil with Value nil: one colour.
	Category   []int
	Categories []string
	// Value colours the points by a number.
	Value []float64
	// ColorLabel names what colours the points.
	ColorLabel string
	// LogX and LogY choose logarithmic axes; values that are not positive are left out.
	LogX, LogY bool
}

// Scatter draws points, coloured by a category or a number. Of more than 4000
// points it draws their density.
func Scatter(d ScatterData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("scatter: %w", err)
	}
	d.XLabel, d.YLabel = orElse(d.XLabel, "x"), orElse(d.YLabel, "y")
	s := newScene(o, d.YLabel+" over "+d.XLabel, notebookWidth, 380)
	c := d.cloud()
	if lost := len(d.X) - c.shown(); lost > 0 {
		s.notes = []string{count(lost, "point is|points are") + " left out: a value is missing" + map[bool]string{true: " or not above 0 on a logarithmic axis"}[d.LogX || d.LogY] + "."}
	}
	if c.shown() > manyPoints {
		s.notes = append(s.notes, grouped(c.shown())+" points: the denser, the darker.")
	}
	s.paint = func(p pen) {
		if d.Category != nil {
			p = p.legend(d.ColorLabel, c.keys())
		}
		f := &frame{
			x: axis{label: d.XLabel, log: d.LogX, r: c.rangeOf(d.X, d.LogX), times: d.TimesX, margin: 0.04},
			y: axis{label: d.YLabel, log: d.LogY, r: c.rangeOf(d.Y, d.LogY), margin: 0.04, noline: true},
		}
		if d.Value != nil {
			p = p.scaleBar(d.ColorLabel, c.scale, depth)
		}
		f.add(c.layer())
		f.draw(p)
	}
	return build(s, d.text(c), d.data()), nil
}

func (d ScatterData) check() error {
	n := len(d.X)
	if len(d.Y) != n || d.Category != nil && len(d.Category) != n || d.Value != nil && len(d.Value) != n {
		return fmt.Errorf("expected equally many x, y and colours, got %d, %d, %d and %d", n, len(d.Y), len(d.Category), len(d.Value))
	}
	return checkCategories(d.Category, d.Categories)
}

func checkCategories(category []int, names []string) error {
	for i, c := range category {
		if c >= len(names) {
			return fmt.Errorf("row %d: expected a category below %d, got %d", i+1, len(names), c)
		}
	}
	return nil
}

func (d ScatterData) cloud() *cloud {
	c := &cloud{x: d.X, y: d.Y, category: d.Category, names: d.Categories, value: d.Value}
	c.scale = emptySpan().add(d.Value...).wide()
	for i := range d.X {
		c.ok = append(c.ok, finite(d.X[i]) && finite(d.Y[i]) && (!d.LogX || d.X[i] > 0) && (!d.LogY || d.Y[i] > 0))
	}
	return c
}

func (d ScatterData) text(c *cloud) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s over %s: %s.", d.YLabel, d.XLabel, count(c.shown(), "point"))
	if c.shown() == 0 {
		return b.String()
	}
	xs, ys, writeX := c.rangeOf(d.X, false), c.rangeOf(d.Y, false), writer(d.TimesX)
	fmt.Fprintf(&b, "\n%s from %s to %s, %s from %s to %s", d.XLabel, writeX(xs.lo), writeX(xs.hi), d.YLabel, number(ys.lo), number(ys.hi))
	if r := pearson(d.X, d.Y); finite(r) {
		fmt.Fprintf(&b, "; correlation %s", number(r))
	}
	b.WriteString(".")
	if d.Category != nil {
		b.WriteString("\n" + orElse(d.ColorLabel, "Colours") + ": " + c.census() + ".")
	}
	if d.Value != nil {
		fmt.Fprintf(&b, "\nColours: %s from %s to %s.", orElse(d.ColorLabel, "value"), number(c.scale.lo), number(c.scale.hi))
	}
	if lost := len(d.X) - c.shown(); lost > 0 {
		fmt.Fprintf(&b, "\n%s left out.", count(lost, "point"))
	}
	return b.String()
}

func (d ScatterData) data() Data {
	out := Data{Columns: []Column{{Name: d.XLabel, Numbers: d.X, Times: d.TimesX}, {Name: d.YLabel, Numbers: d.Y}}}
	if d.Category != nil {
		names := make([]string, len(d.Category))
		for i, c := range d.Category {
			if c >= 0 {
				names[i] = d.Categories[c]
			}
		}
		out.Columns = append(out.Columns, Column{Name: orElse(d.ColorLabel, "category"), Strings: names})
	}
	if d.Value != nil {
		out.Columns = append(out.Columns, Column{Name: orElse(d.ColorLabel, "value"), Numbers: d.Value})
	}
	return out
}

// pearson is the correlation of the pairs that are finite on both sides, NaN
// when either side is constant.
func pearson(xs, ys []float64) float64 {
	var n, mx, my, sxx, syy, sxy float64
	for i := range xs {
		if !finite(xs[i]) || !finite(ys[i]) {
			continue
		}
		n++
		dx, dy := xs[i]-mx, ys[i]-my
		mx += dx / n
		my += dy / n
		sxx += float64(dx * (xs[i] - mx))
		syy += float64(dy * (ys[i] - my))
		sxy += float64(dx * (ys[i] - my))
	}
	if !(sxx > 0 && syy > 0) {
		return math.NaN()
	}
	return sxy / math.Sqrt(sxx*syy)
}

// cloud is points to be drawn, one colour each.
type cloud struct {
	x, y     []float64
	ok       []bool
	category []int
	names    []string
	value    []float64
	scale    span
	// radius of few points; 0 chooses.
	radius float64
	// limit is how many points are drawn as such; 0 is manyPoints.
	limit int
}

const (
	somePoints = 700  // up to here points have outlines
	manyPoints = 4000 // beyond, density is drawn
)

func (c *cloud) shown() (n int) {
	for _, ok := range c.ok {
		if ok {
			n++
		}
	}
	return n
}

func (c *cloud) rangeOf(xs []float64, log bool) span {
	r := emptySpan()
	for i, x := range xs {
		if c.ok[i] && (!log || x > 0) {
			r = r.add(x)
		}
	}
	return r
}

func (c *cloud) colour(i int) colour {
	switch {
	case c.value != nil:
		return depth.at((c.value[i] - c.scale.lo) / (c.scale.hi - c.scale.lo))
	case c.category != nil:
		return hue(c.category[i])
	}
	return hue(0)
}

func (c *cloud) shape(i int) int {
	if c.category == nil {
		return 0
	}
	return max(c.category[i], 0)
}

// keys are the legend: the categories that occur.
func (c *cloud) keys() []key {
	tally, missing := c.tally()
	var keys []key
	for i, n := range tally {
		if n > 0 {
			keys = append(keys, key{c.names[i], hue(i), i})
		}
	}
	if missing > 0 {
		keys = append(keys, key{"missing", hue(-1), 0})
	}
	return keys
}

func (c *cloud) tally() (of []int, missing int) {
	of = make([]int, len(c.names))
	for i, k := range c.category {
		switch {
		case !c.ok[i]:
		case k < 0:
			missing++
		default:
			of[k]++
		}
	}
	return of, missing
}

// census is "Adelie (152), Chinstrap (68) and Gentoo (124)".
func (c *cloud) census() string {
	tally, missing := c.tally()
	var parts []string
	for i, n := range tally {
		parts = append(parts, c.names[i]+" ("+grouped(n)+")")
	}
	if missing > 0 {
		parts = append(parts, "missing ("+grouped(missing)+")")
	}
	return enumerate(parts)
}

// layer draws the points: few with shapes and outlines, more as plain dots, very
// many as a density.
func (c *cloud) layer() layer {
	n := c.shown()
	limit := c.limit
	if limit == 0 {
		limit = manyPoints
	}
	if n > limit {
		return c.density
	}
	r := c.radius
	if r == 0 {
		r = clamp(5.2-math.Log10(float64(max(n, 10)))*0.7, 2, 4.2)
	}
	return func(v view) {
		for _, i := range c.order(n > somePoints/5) {
			x, y := v.x(c.x[i]), v.y(c.y[i])
			if n > somePoints {
				v.disc(x, y, r*0.85, fade(c.colour(i), 0.7), draw.LineStyle{})
				continue
			}
			v.marker(x, y, r, c.shape(i), c.colour(i))
		}
	}
}

// order is the points to draw in their order, or, to keep files small, in eight
// batches that each go through the colours.
func (c *cloud) order(batches bool) []int {
	var out []int
	for i, ok := range c.ok {
		if ok {
			out = append(out, i)
		}
	}
	if batches && c.category != nil {
		sort.SliceStable(out, func(a, b int) bool {
			i, j := out[a], out[b]
			if i%8 != j%8 {
				return i%8 < j%8
			}
			return c.category[i] < c.category[j]
		})
	}
	return out
}
