package display

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BarData is what Bar draws.
type BarData struct {
	// Labels name the places on the axis.
	Labels []string
	// Groups are one or several sets of bars, each with one value per label.
	Groups []Group
	// Spread[g][i] is a half width of error around a value; may be nil.
	Spread [][]float64
	// Label names what the labels are, Value what the bars measure.
	Label, Value string
	// Sort draws the longest bar first.
	Sort bool

	// write gives the text at the end of a bar; nil is number.
	write func(float64) string
}

// maxBars is how many labels a bar chart draws.
const maxBars = 60

// Bar draws values by label. Bars lie down when the labels are long or many.
func Bar(d BarData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("bar: %w", err)
	}
	d.Value = orElse(d.Value, "value")
	return d.figure(o, strings.TrimSuffix(d.Value+" by "+d.Label, " by ")), nil
}

func (d BarData) check() error {
	if len(d.Groups) == 0 {
		return errors.New("expected at least one group of values, got none")
	}
	for g, group := range d.Groups {
		if len(group.Values) != len(d.Labels) {
			return fmt.Errorf("group %q: expected one value per label (%d), got %d", group.Name, len(d.Labels), len(group.Values))
		}
		if d.Spread != nil && (len(d.Spread) != len(d.Groups) || d.Spread[g] != nil && len(d.Spread[g]) != len(d.Labels)) {
			return fmt.Errorf("expected one spread per value, got %d lists for %d groups", len(d.Spread), len(d.Groups))
		}
	}
	return nil
}

func (d BarData) figure(o Options, title string) *Figure {
	all := d.sortedBars()
	text, data := all.text(title), all.data()
	bad := 0
	for _, g := range d.Groups {
		bad += notFinite(g.Values)
	}
	notes := gaps(bad)
	if n := len(all.Labels); n > maxBars {
		all = all.first(maxBars)
		notes = append(notes, fmt.Sprintf("The first %d of %d are drawn.", maxBars, n))
	}
	lying := all.lying(orWidth(o))
	height := 320.0
	if lying {
		height = all.lyingHeight()
	}
	s := newScene(o, title, notebookWidth, height)
	s.notes = notes
	s.paint = func(p pen) { all.paint(p, lying) }
	return build(s, text, data)
}

func orWidth(o Options) float64 {
	if o.Width > 0 {
		return o.Width
	}
	return notebookWidth
}

// sortedBars returns the data in the order in which they are drawn.
func (d BarData) sortedBars() BarData {
	if !d.Sort {
		return d
	}
	order := positionsOf(len(d.Labels))
	first := d.Groups[0].Values
	sort.SliceStable(order, func(a, b int) bool {
		x, y := first[order[a]], first[order[b]]
		return finite(x) && (!finite(y) || x > y)
	})
	return d.take(order)
}

func positionsOf(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}

func (d BarData) first(n int) BarData { return d.take(positionsOf(n)) }

// take returns the bars at the given places.
func (d BarData) take(places []int) BarData {
	out := d
	out.Labels, out.Groups, out.Spread = nil, nil, nil
	pick := func(xs []float64) []float64 {
		var ys []float64
		for _, i := range places {
			ys = append(ys, xs[i])
		}
		return ys
	}
	for _, i := range places {
		out.Labels = append(out.Labels, d.Labels[i])
	}
	for g, group := range d.Groups {
		out.Groups = append(out.Groups, Group{group.Name, pick(group.Values)})
		if d.Spread != nil && d.Spread[g] != nil {
			out.Spread = append(out.Spread, pick(d.Spread[g]))
		} else if d.Spread != nil {
			out.Spread = append(out.Spread, nil)
		}
	}
	return out
}

// lying says whether standing bars would have no room for their labels.
func (d BarData) lying(width float64) bool {
	room := (width - 90) / float64(max(len(d.Labels), 1))
	for _, l := range d.Labels {
		if textWidth(l, tickSize) > room-4 {
			return true
		}
	}
	return false
}

// lyingHeight is the height of a picture of lying bars.
func (d BarData) lyingHeight() float64 {
	return 104 + float64(len(d.Labels))*math.Max(20, 12*float64(len(d.Groups))+4)
}

// valueRange is the range of bars and spreads with 0.
func (d BarData) valueRange() span {
	r := span{0, 0}
	for g, group := range d.Groups {
		r = r.add(group.Values...)
		for i, v := range group.Values {
			if s := d.spread(g, i); s > 0 {
				r = r.add(v-s, v+s)
			}
		}
	}
	return r
}

const (
	figureSize = noteSize - 1 // of the value at the end of a bar
	figureGap  = 4            // between the two
)

// roomyRange is the range of the values with room for the figures at the ends of
// the bars, on an axis of about a length in pixels.
func (d BarData) roomyRange(length float64, lying bool) span {
	r := d.valueRange()
	var before, behind float64
	if r.lo < 0 {
		before = 0.08 * length
	}
	if r.hi > 0 || r.lo == 0 {
		behind = 0.08 * length
	}
	for _, u := range d.Groups[0].Values {
		if !d.valued() || !finite(u) {
			continue
		}
		room := 2.0*figureGap + figureSize
		if lying {
			room = 2*figureGap + textWidth(d.written(u), figureSize)
		}
		if u < 0 {
			before = math.Max(before, room)
		} else {
			behind = math.Max(behind, room)
		}
	}
	unit := (r.hi - r.lo) / math.Max(length-before-behind, length/4)
	return span{r.lo - before*unit, r.hi + behind*unit}
}

// valued says whether bars have their values at their ends.
func (d BarData) valued() bool { return len(d.Groups) == 1 && len(d.Labels) <= 24 }

// written is a value as it stands at the end of its bar.
func (d BarData) written(u float64) string {
	if d.write != nil {
		return d.write(u)
	}
	return number(u)
}

func (d BarData) spread(g, i int) float64 {
	if d.Spread == nil || d.Spread[g] == nil || !finite(d.Spread[g][i]) {
		return 0
	}
	return d.Spread[g][i]
}

func (d BarData) paint(p pen, lying bool) {
	if len(d.Groups) > 1 {
		keys := make([]key, len(d.Groups))
		for i, g := range d.Groups {
			keys[i] = key{g.Name, hue(i), -1}
		}
		p = p.legend("", keys)
	}
	n := len(d.Labels)
	places := axis{label: d.Label, r: span{-0.5, math.Max(float64(n), 1) - 0.5}, nogrid: true, noline: true}
	values := axis{label: d.Value}
	f := &frame{x: places, y: values}
	if lying {
		f.x, f.y = values, places
		f.x.noline, f.y.reversed = true, true
		f.y.ticks = named(d.Labels, p.width()*0.4)
		f.x.r = d.roomyRange(p.width()-widest(f.y.ticks), true)
	} else {
		f.y.noline = true
		f.x.ticks = named(d.Labels, p.width()/math.Max(float64(n), 1))
		f.y.r = d.roomyRange(p.height()-3*labelSize, false)
	}
	f.add(func(v view) { d.bars(v, lying) })
	f.draw(p)
}

// bars draws the bars; whether they lie or stand, u runs along them and t across.
func (d BarData) bars(v view, lying bool) {
	at := func(t, u float64) vg.Point {
		if lying {
			return vg.Point{X: v.x(u), Y: v.y(t)}
		}
		return vg.Point{X: v.x(t), Y: v.y(u)}
	}
	k := float64(len(d.Groups))
	wide := 0.74 / k
	for g, group := range d.Groups {
		for i, u := range group.Values {
			if !finite(u) {
				continue
			}
			t := float64(i) - 0.37 + wide*float64(g)
			a, b := at(t+0.01, 0), at(t+wide-0.01, u)
			v.box(a.X, a.Y, b.X, b.Y, tint(hue(g), 0.8))
			mid := t + wide/2
			if s := d.spread(g, i); s > 0 {
				a, b := at(mid, u-s), at(mid, u+s)
				v.line(a.X, a.Y, b.X, b.Y, stroke(ink, 1.2))
			}
			if d.valued() {
				d.figureAt(v, at(mid, u+math.Copysign(d.spread(g, i), u)), u, lying)
			}
		}
	}
	a, b := at(-0.5, 0), at(float64(len(d.Labels))-0.5, 0)
	v.line(a.X, a.Y, b.X, b.Y, stroke(axisGrey, 1))
}

// figureAt writes a bar's value at its end.
func (d BarData) figureAt(v view, p vg.Point, u float64, lying bool) {
	sty := aligned(plain(figureSize, softInk), draw.XCenter, draw.YBottom)
	switch {
	case lying && u < 0:
		sty, p.X = aligned(sty, draw.XRight, draw.YCenter), p.X-figureGap
	case lying:
		sty, p.X = aligned(sty, draw.XLeft, draw.YCenter), p.X+figureGap
	case u < 0:
		sty, p.Y = aligned(sty, draw.XCenter, draw.YTop), p.Y-3
	default:
		p.Y += 2
	}
	v.text(d.written(u), p.X, p.Y, sty)
}

func (d BarData) text(title string) string {
	lines := []string{title + "."}
	for i, l := range d.Labels {
		if i == 30 {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(d.Labels)-i))
			break
		}
		var parts []string
		for g, group := range d.Groups {
			part := number(group.Values[i])
			if s := d.spread(g, i); s > 0 {
				part += " ± " + number(s)
			}
			if len(d.Groups) > 1 {
				part = group.Name + " " + part
			}
			parts = append(parts, part)
		}
		lines = append(lines, l+": "+strings.Join(parts, ", "))
	}
	return strings.Join(lines, "\n")
}

func (d BarData) data() Data {
	out := Data{Columns: []Column{{Name: orElse(d.Label, "label"), Strings: append([]string{}, d.Labels...)}}}
	for g, group := range d.Groups {
		name := group.Name
		if name == "" || len(d.Groups) == 1 {
			name = d.Value
		}
		out.Columns = append(out.Columns, Column{Name: name, Numbers: group.Values})
		if d.Spread != nil && d.Spread[g] != nil {
			out.Columns = append(out.Columns, Column{Name: name + " ±", Numbers: d.Spread[g]})
		}
	}
	return out
}
