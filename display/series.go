package display

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// checkSeries fills in missing positions and says what is wrong with the lengths.
func checkSeries(list []Series, first float64) ([]Series, error) {
	if len(list) == 0 {
		return nil, errors.New("expected at least one line, got none")
	}
	out := make([]Series, len(list))
	for i, s := range list {
		s.X = positions(s.X, len(s.Y), first)
		if err := sameLength(fmt.Sprintf("line %d (%s), X and Y", i+1, s.Name), len(s.X), len(s.Y)); err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

// seriesRange is the range of the positions and of the values.
func seriesRange(list []Series) (x, y span) {
	x, y = emptySpan(), emptySpan()
	for _, s := range list {
		x, y = x.add(s.X...), y.add(s.Y...)
	}
	return x, y
}

// aboveZero is the range of the values above 0, for a logarithmic axis.
func aboveZero(yss ...[]float64) span {
	r := emptySpan()
	for _, ys := range yss {
		r = r.addPositive(ys...)
	}
	return r
}

// lineNames is "sigmoid, relu and tanh".
func lineNames(list []Series) string {
	var names []string
	for _, s := range list {
		if s.Name != "" {
			names = append(names, s.Name)
		}
	}
	return enumerate(names)
}

// enumerate joins texts by commas and "and"; of very many it names the first.
func enumerate(names []string) string {
	if len(names) > 12 {
		return strings.Join(names[:11], ", ") + fmt.Sprintf(" and %d more", len(names)-11)
	}
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// course says in words where a line goes; writeX writes positions.
func (s Series) course(y string, writeX func(float64) string) string {
	var b strings.Builder
	if s.Name != "" {
		b.WriteString(s.Name + ": ")
	}
	first, last := firstFinite(s.Y), -1
	for i := range s.Y {
		if finite(s.Y[i]) {
			last = i
		}
	}
	if first < 0 {
		return b.String() + "no finite values."
	}
	fmt.Fprintf(&b, "%s, %s %s at %s", count(len(s.Y), "point"), y, number(s.Y[first]), writeX(s.X[first]))
	if last > first {
		fmt.Fprintf(&b, " → %s at %s", number(s.Y[last]), writeX(s.X[last]))
		lo, hi := extreme(s.Y, false), extreme(s.Y, true)
		if s.Y[lo] < min(s.Y[first], s.Y[last]) {
			fmt.Fprintf(&b, ", lowest %s at %s", number(s.Y[lo]), writeX(s.X[lo]))
		}
		if s.Y[hi] > max(s.Y[first], s.Y[last]) {
			fmt.Fprintf(&b, ", highest %s at %s", number(s.Y[hi]), writeX(s.X[hi]))
		}
	}
	if n := notFinite(s.Y); n > 0 {
		fmt.Fprintf(&b, "; %s not finite", count(n, "value"))
	}
	return b.String() + "."
}

func firstFinite(ys []float64) int {
	for i, y := range ys {
		if finite(y) {
			return i
		}
	}
	return -1
}

// courses is the text of several lines, at most twenty of them.
func courses(head, y string, list []Series, writeX func(float64) string) string {
	lines := []string{head}
	for i, s := range list {
		if i == 20 {
			lines = append(lines, fmt.Sprintf("… and %s more.", count(len(list)-i, "line")))
			break
		}
		lines = append(lines, s.course(y, writeX))
	}
	return strings.Join(lines, "\n")
}

// seriesData is the numbers of lines: a column each when they share positions,
// otherwise one row a point. timesX says that positions are times.
func seriesData(x, y string, list []Series, timesX bool) Data {
	if sharePositions(list) {
		d := Data{Columns: []Column{{Name: x, Numbers: list[0].X, Times: timesX}}}
		for i, s := range list {
			name := s.Name
			if name == "" {
				name = y
			}
			if name == x {
				name = fmt.Sprintf("%s %d", name, i+1)
			}
			d.Columns = append(d.Columns, Column{Name: name, Numbers: s.Y})
		}
		return d
	}
	var name []string
	var xs, ys []float64
	for _, s := range list {
		for range s.X {
			name = append(name, s.Name)
		}
		xs, ys = append(xs, s.X...), append(ys, s.Y...)
	}
	return Data{Columns: []Column{{Name: "line", Strings: name}, {Name: x, Numbers: xs, Times: timesX}, {Name: y, Numbers: ys}}}
}

func sharePositions(list []Series) bool {
	for _, s := range list[1:] {
		if len(s.X) != len(list[0].X) {
			return false
		}
		for i := range s.X {
			if s.X[i] != list[0].X[i] {
				return false
			}
		}
	}
	return true
}

// drawLines adds the lines, each named at its end; a lone line needs no name.
func (f *frame) drawLines(list []Series, dashedToo bool) {
	for i, s := range list {
		sty := stroke(hue(i), bold-0.2)
		if dashedToo {
			sty.Dashes = dash(i)
		}
		f.add(curveAmong(len(list), s.X, s.Y, sty))
		if y, ok := lastFinite(s.Y); ok && s.Name != "" && (len(list) > 1 || f.y.label != s.Name) {
			f.ends = append(f.ends, endLabel{text: s.Name, y: y, tint: hue(i)})
		}
	}
}

// orElse is a text, or another when it is empty.
func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// bulk is the range of the values without far outliers: what lies further from
// the middle 90 % than that is wide is cut.
func bulk(ys []float64) (r span, cut int) {
	s := sorted(ys)
	if len(s) == 0 {
		return emptySpan(), 0
	}
	lo, hi := quantile(s, 0.05), quantile(s, 0.95)
	r = span{s[0], s[len(s)-1]}
	if room := hi - lo; room > 0 {
		r = span{math.Max(r.lo, lo-room), math.Min(r.hi, hi+room)}
	}
	for _, y := range s {
		if y < r.lo || y > r.hi {
			cut++
		}
	}
	return r, cut
}
