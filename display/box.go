package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BoxData is what Box draws.
type BoxData struct {
	Groups []Group
	// Label names the values, By what the groups are.
	Label, By string
	// Times says that the values are seconds since 1970 UTC.
	Times bool
}

// Box draws the median, quartiles and whiskers (1.5 interquartile ranges) of
// each group, with the values outside as points.
func Box(d BoxData, o Options) (*Figure, error) {
	if len(d.Groups) == 0 {
		return nil, errors.New("box: expected at least one group of values, got none")
	}
	d.Label = orElse(d.Label, "value")
	boxes := make([]box, len(d.Groups))
	bad := 0
	for i, g := range d.Groups {
		boxes[i] = boxOf(g)
		bad += notFinite(g.Values)
	}
	s := newScene(o, strings.TrimSuffix(d.Label+" by "+d.By, " by "), notebookWidth, 84+math.Max(34*float64(min(len(boxes), maxBars)), 60))
	s.notes = gaps(bad)
	if n := len(boxes); n > maxBars {
		s.notes = append(s.notes, fmt.Sprintf("The first %d of %d groups are drawn.", maxBars, n))
	}
	shown := boxes[:min(len(boxes), maxBars)]
	s.paint = func(p pen) { d.paint(p, shown) }
	return build(s, d.text(boxes), d.data(boxes)), nil
}

// box is what is drawn of one group.
type box struct {
	name                     string
	n                        int
	low, q1, median, q3, top float64
	outside                  []float64
}

// boxOf finds quartiles and whiskers (Tukey 1977): a whisker ends at the last
// value within 1.5 interquartile ranges of the box.
func boxOf(g Group) box {
	xs := sorted(g.Values)
	b := box{name: g.Name, n: len(xs), q1: quantile(xs, 0.25), median: quantile(xs, 0.5), q3: quantile(xs, 0.75)}
	reach := 1.5 * (b.q3 - b.q1)
	b.low, b.top = b.q1, b.q3
	for _, x := range xs {
		if x < b.q1-reach || x > b.q3+reach {
			b.outside = append(b.outside, x)
			continue
		}
		b.low, b.top = math.Min(b.low, x), math.Max(b.top, x)
	}
	return b
}

func (d BoxData) paint(p pen, boxes []box) {
	r := emptySpan()
	names := make([]string, len(boxes))
	for i, b := range boxes {
		r = r.add(b.low, b.top).add(b.outside...)
		names[i] = b.name
	}
	f := &frame{
		x: axis{label: d.Label, r: r, times: d.Times, margin: 0.04},
		y: axis{label: d.By, r: span{-0.5, float64(len(boxes)) - 0.5}, ticks: named(names, p.width()*0.35), reversed: true, nogrid: true, noline: true},
	}
	f.add(func(v view) {
		for i, b := range boxes {
			b.draw(v, i)
		}
	})
	f.draw(p)
}

func (b box) draw(v view, i int) {
	if b.n == 0 {
		v.text("no values", v.Min.X+4, v.y(float64(i)), aligned(plain(noteSize, softInk), draw.XLeft, draw.YCenter))
		return
	}
	y := v.y(float64(i))
	half := vg.Length(math.Min(11, 0.32*math.Abs(float64(v.y(0)-v.y(1)))))
	v.line(v.x(b.low), y, v.x(b.q1), y, stroke(softInk, 1))
	v.line(v.x(b.q3), y, v.x(b.top), y, stroke(softInk, 1))
	for _, end := range []float64{b.low, b.top} {
		v.line(v.x(end), y-half/2, v.x(end), y+half/2, stroke(softInk, 1))
	}
	v.box(v.x(b.q1), y-half, v.x(b.q3), y+half, tint(hue(0), 0.45))
	v.frame(v.x(b.q1), y-half, v.x(b.q3), y+half, stroke(hue(0), 1))
	v.line(v.x(b.median), y-half, v.x(b.median), y+half, stroke(ink, bold))
	for _, k := range evenly(len(b.outside), 200) {
		v.disc(v.x(b.outside[k]), y, 2.4, fade(hue(0), 0.6), draw.LineStyle{})
	}
}

func (d BoxData) text(boxes []box) string {
	write, lines := writer(d.Times), []string{strings.TrimSuffix(d.Label+" by "+d.By, " by ") + ": median (middle half; whiskers), number."}
	for i, b := range boxes {
		if i == 30 {
			lines = append(lines, fmt.Sprintf("… and %d more groups.", len(boxes)-i))
			break
		}
		line := strings.TrimPrefix(b.name+": ", ": ")
		if b.n == 0 {
			lines = append(lines, line+"no values.")
			continue
		}
		line += fmt.Sprintf("%s (%s … %s; %s … %s), %s", write(b.median), write(b.q1), write(b.q3), write(b.low), write(b.top), count(b.n, "value"))
		if n := len(b.outside); n > 0 {
			line += fmt.Sprintf(", %d beyond the whiskers", n)
		}
		lines = append(lines, line+".")
	}
	return strings.Join(lines, "\n")
}

func (d BoxData) data(boxes []box) Data {
	names := make([]string, len(boxes))
	heads := []string{"n", "whisker_low", "q1", "median", "q3", "whisker_high", "outside"}
	cols := make([][]float64, len(heads))
	for i, b := range boxes {
		names[i] = b.name
		for k, x := range []float64{float64(b.n), b.low, b.q1, b.median, b.q3, b.top, float64(len(b.outside))} {
			cols[k] = append(cols[k], x)
		}
	}
	out := Data{Columns: []Column{{Name: orElse(d.By, "group"), Strings: names}}}
	for k, head := range heads {
		along := head != "n" && head != "outside"
		out.Columns = append(out.Columns, Column{Name: head, Numbers: cols[k], Times: d.Times && along})
	}
	return out
}
