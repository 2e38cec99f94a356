package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// Group is a named set of values.
type Group struct {
	Name   string
	Values []float64
}

// HistData is what Hist draws.
type HistData struct {
	// Groups are one or several sets of values; several are overlaid.
	Groups []Group
	// Label names the values and their unit.
	Label string
	// Bins is the number of bins; 0 chooses.
	Bins int
	// Times says that the values are seconds since 1970 UTC.
	Times bool
	// Missing is how many values were missing, for the note.
	Missing int
}

// Hist draws the distribution of numbers.
func Hist(d HistData, o Options) (*Figure, error) {
	if len(d.Groups) == 0 {
		return nil, errors.New("hist: expected at least one group of values, got none")
	}
	if d.Bins < 0 || d.Bins > 10_000 {
		return nil, fmt.Errorf("hist: expected 0 to 10000 bins, got %d", d.Bins)
	}
	d.Label = orElse(d.Label, orElse(d.Groups[0].Name, "value"))
	hs := d.count()
	s := newScene(o, "Distribution of "+d.Label, notebookWidth, 320)
	bad := 0
	for _, h := range hs {
		bad += h.Outside
	}
	if d.Missing > 0 {
		s.notes = append(s.notes, count(d.Missing, "value is|values are")+" missing.")
	}
	s.notes = append(s.notes, gaps(bad)...)
	s.paint = func(p pen) { d.paint(p, hs) }
	return build(s, d.text(), d.data(hs)), nil
}

// count sorts all groups into the same bins. Whole numbers within a small range
// get a bin each.
func (d HistData) count() []Histogram {
	var all []float64
	for _, g := range d.Groups {
		all = append(all, g.Values...)
	}
	r, bins := emptySpan().add(all...), d.Bins
	if bins == 0 && !r.empty() && r.hi == r.lo { // one value: a column in the middle
		r, bins = r.wide(), 3
	}
	if bins == 0 && !r.empty() && r.hi-r.lo <= 40 && whole(all) {
		r = span{r.lo - 0.5, r.hi + 0.5}
		bins = int(r.hi - r.lo)
	}
	if bins == 0 && !r.empty() {
		bins = chooseBins(sorted(all), r)
	}
	out := make([]Histogram, len(d.Groups))
	for i, g := range d.Groups {
		out[i] = countIn(g.Values, r, bins)
		if len(out[i].Counts) != bins { // no finite value: as many empty bins as the others have
			edges := countIn([]float64{r.lo, r.hi}, r, bins).Edges
			out[i] = Histogram{Edges: edges, Counts: make([]float64, len(edges)-1), Outside: out[i].Outside}
		}
	}
	return out
}

// whole says whether all finite values are whole numbers.
func whole(xs []float64) bool {
	for _, x := range xs {
		if finite(x) && x != math.Trunc(x) {
			return false
		}
	}
	return true
}

func (d HistData) paint(p pen, hs []Histogram) {
	top := 0.0
	for _, h := range hs {
		top = math.Max(top, largest(h.Counts))
	}
	edges := hs[0].Edges
	f := &frame{
		x: axis{label: d.Label, r: span{edges[0], edges[len(edges)-1]}, times: d.Times, nogrid: true, margin: 0.02},
		y: axis{label: "rows", r: span{0, math.Max(top, 1) * 1.06}, noline: true, whole: true},
	}
	if len(hs) == 1 {
		f.y.r.hi *= 1.1 // room for the name of the median
		f.add(bars(edges, hs[0].Counts, tint(hue(0), 0.75)), d.median)
		f.draw(p)
		return
	}
	keys := make([]key, len(hs))
	for i, h := range hs {
		keys[i] = key{d.Groups[i].Name, hue(i), -1}
		f.add(bars(h.Edges, h.Counts, fade(hue(i), 0.25)))
	}
	for i, h := range hs {
		sty := stroke(hue(i), normal)
		sty.Dashes = dash(i)
		f.add(steps(h.Edges, h.Counts, sty))
	}
	f.draw(p.legend("", keys))
}

// median marks the middle of a lone group.
func (d HistData) median(v view) {
	_, m, _ := quartiles(d.Groups[0].Values)
	if !finite(m) {
		return
	}
	x := v.x(m)
	v.line(x, v.Min.Y, x, v.Max.Y, dashed(ink, 1, dashes[2]))
	sty, at := aligned(plain(noteSize, ink), draw.XLeft, draw.YTop), x+4
	if x > v.X(0.75) {
		sty, at = aligned(sty, draw.XRight, draw.YTop), x-4
	}
	v.text("median "+writer(d.Times)(m), at, v.Max.Y, sty)
}

func (d HistData) text() string {
	var b strings.Builder
	b.WriteString("Distribution of " + d.Label + ".")
	for _, g := range d.Groups {
		b.WriteString("\n")
		if g.Name != "" && len(d.Groups) > 1 {
			b.WriteString(g.Name + ": ")
		}
		b.WriteString(distribution(g.Values, d.Times))
	}
	if d.Missing > 0 {
		fmt.Fprintf(&b, "\n%s missing.", count(d.Missing, "value"))
	}
	return b.String()
}

// distribution says in words how values are spread; times have no deviation.
func distribution(xs []float64, times bool) string {
	s := summarise(xs)
	if s.n == 0 {
		return "no finite values."
	}
	q1, q2, q3 := quartiles(xs)
	write, mean := writer(times), number(s.mean)+" ± "+number(s.std)
	if times {
		mean = write(s.mean)
	}
	text := fmt.Sprintf("%s, mean %s, median %s, middle half %s … %s, range %s … %s", count(s.n, "value"), mean, write(q2), write(q1), write(q3), write(s.lo), write(s.hi))
	if s.outside > 0 {
		text += fmt.Sprintf("; %s not finite", count(s.outside, "value"))
	}
	return text + "."
}

func (d HistData) data(hs []Histogram) Data {
	n := len(hs[0].Counts)
	out := Data{Columns: []Column{{Name: "from", Numbers: hs[0].Edges[:n], Times: d.Times}, {Name: "to", Numbers: hs[0].Edges[1:], Times: d.Times}}}
	for i, h := range hs {
		name := "rows"
		if len(hs) > 1 {
			name = d.Groups[i].Name
		}
		out.Columns = append(out.Columns, Column{Name: name, Numbers: h.Counts})
	}
	return out
}
