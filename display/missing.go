package display

import (
	"errors"
	"fmt"
	"image"
	"math"
	"sort"
	"strings"
)

// MissingData is what Missing draws.
type MissingData struct {
	Names []string
	// Missing is the number of missing values of each column.
	Missing []int
	// Rows is the number of rows.
	Rows int
	// Pattern[r][c] says whether a value is missing, for all rows or evenly
	// spaced ones, in order; may be nil.
	Pattern [][]bool
}

// Missing draws where values are missing: the share by column and, when given,
// the pattern over the rows.
func Missing(d MissingData, o Options) (*Figure, error) {
	n := len(d.Names)
	if n == 0 {
		return nil, errors.New("missing: expected at least one column, got none")
	}
	if len(d.Missing) != n {
		return nil, fmt.Errorf("missing: expected one number of missing values per column (%d), got %d", n, len(d.Missing))
	}
	for _, row := range d.Pattern {
		if len(row) != n {
			return nil, fmt.Errorf("missing: expected a pattern of %s, got a row of %d", count(n, "column"), len(row))
		}
	}
	places := d.places()
	s := newScene(o, "Missing values", notebookWidth, 92+math.Max(19*float64(len(places)), 40))
	total := 0
	for _, m := range d.Missing {
		total += m
	}
	s.subtitle = fmt.Sprintf("%s missing in %s × %s", count(total, "value"), count(d.Rows, "row"), count(n, "column"))
	if len(places) < n {
		s.notes = []string{fmt.Sprintf("The %d columns with most missing values of %d are drawn.", len(places), n)}
	}
	s.paint = func(p pen) { d.paint(p, places) }
	return build(s, d.text(s.subtitle), d.data()), nil
}

// places are the columns to draw, in their order; of very many those with most
// missing values.
func (d MissingData) places() []int {
	places := positionsOf(len(d.Names))
	if len(places) > maxBars {
		sort.SliceStable(places, func(a, b int) bool { return d.Missing[places[a]] > d.Missing[places[b]] })
		places = places[:maxBars]
		sort.Ints(places)
	}
	return places
}

func (d MissingData) share(c int) float64 {
	if d.Rows <= 0 {
		return 0
	}
	return float64(d.Missing[c]) / float64(d.Rows)
}

func (d MissingData) paint(p pen, places []int) {
	names := make([]string, len(places))
	shares := make([]float64, len(places))
	for i, c := range places {
		names[i], shares[i] = d.Names[c], d.share(c)*100
	}
	left, right := p, p
	if len(d.Pattern) > 0 {
		left, right = p.split(p.width()*0.5, 20)
	}
	b := BarData{Labels: names, Groups: []Group{{Values: shares}}, Value: "% of the rows missing", write: func(u float64) string { return percent(u / 100) }}
	f := &frame{
		x: axis{label: b.Value, r: span{0, math.Max(5, largest(shares)*1.25)}, noline: true, few: true},
		y: axis{r: span{-0.5, float64(len(places)) - 0.5}, ticks: named(names, left.width()*0.5), reversed: true, nogrid: true, noline: true},
	}
	f.add(func(v view) { b.bars(v, true) })
	f.draw(left)
	if len(d.Pattern) == 0 {
		return
	}
	g := &frame{x: axis{label: "rows, from the first to the last", r: span{1, math.Max(float64(d.Rows), 2)}, nogrid: true, few: true, whole: true}, y: f.y}
	g.y.bare = true
	g.add(func(v view) { v.pixels(d.pattern(places)) })
	g.draw(right)
}

// pattern is an image with a line for each column and a pixel for one row or a
// few, dark where any of them is missing.
func (d MissingData) pattern(places []int) *image.NRGBA {
	const lines = 5 // the first and the last of them are white
	w := min(len(d.Pattern), 300)
	img := image.NewNRGBA(image.Rect(0, 0, w, lines*len(places)))
	line := func(x, i int, c colour) {
		for k := 1; k < lines-1; k++ {
			img.SetNRGBA(x, lines*i+k, c)
		}
	}
	for i := range places {
		for x := range w {
			line(x, i, tint(paleGrey, 0.4))
		}
	}
	for r, row := range d.Pattern {
		for i, c := range places {
			if row[c] {
				line(r*w/len(d.Pattern), i, hue(1))
			}
		}
	}
	return img
}

func (d MissingData) text(head string) string {
	lines := []string{"Missing values: " + head + "."}
	none := 0
	for c, name := range d.Names {
		if d.Missing[c] == 0 {
			none++
		} else if len(lines) < 40 {
			lines = append(lines, fmt.Sprintf("%s: %s (%s)", name, grouped(d.Missing[c]), percent(d.share(c))))
		}
	}
	if none > 0 {
		lines = append(lines, count(none, "column has|columns have")+" none.")
	}
	return strings.Join(lines, "\n")
}

func (d MissingData) data() Data {
	out := Data{Columns: []Column{{Name: "column", Strings: d.Names}, {Name: "missing"}, {Name: "share"}}}
	for c := range d.Names {
		out.Columns[1].Numbers = append(out.Columns[1].Numbers, float64(d.Missing[c]))
		out.Columns[2].Numbers = append(out.Columns[2].Numbers, d.share(c))
	}
	return out
}
