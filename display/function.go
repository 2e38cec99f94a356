package display

import "fmt"

// Series is one named line: y over x. A nil X means 0, 1, 2, …
type Series struct {
	Name string
	X, Y []float64
}

// FunctionData is what Function draws.
type FunctionData struct {
	Curves []Series
	// XLabel and YLabel name the axes; "" means "x" and "f(x)".
	XLabel, YLabel string
}

// Function draws functions of one number, such as an activation and its
// derivative, with both axes through the origin.
func Function(d FunctionData, o Options) (*Figure, error) {
	curves, err := checkSeries(d.Curves, 0)
	if err != nil {
		return nil, fmt.Errorf("function: %w", err)
	}
	x, y := orElse(d.XLabel, "x"), orElse(d.YLabel, "f(x)")
	title := "Function"
	if names := lineNames(curves); names != "" {
		title = names
	}
	s := newScene(o, title, notebookWidth, plotHeight)
	var all []float64
	for _, c := range curves {
		all = append(all, c.Y...)
	}
	r, cut := bulk(all)
	if cut > 0 {
		s.notes = []string{fmt.Sprintf("%s beyond %s … %s not drawn.", count(cut, "value is|values are"), number(r.lo), number(r.hi))}
	}
	s.notes = append(s.notes, gaps(notFinite(all))...)
	s.paint = func(p pen) {
		xs, _ := seriesRange(curves)
		f := &frame{x: axis{label: x, r: xs}, y: axis{label: y, r: r, margin: 0.06, noline: true}}
		f.add(origin)
		f.drawLines(curves, true)
		f.draw(p)
	}
	return build(s, courses(title+" over "+x+".", y, curves, number), seriesData(x, y, curves, false)), nil
}

// origin draws the lines x = 0 and y = 0 where they are in sight.
func origin(v view) {
	if x := v.x(0); v.ContainsX(x) {
		v.line(x, v.Min.Y, x, v.Max.Y, stroke(axisGrey, 1))
	}
	if y := v.y(0); v.ContainsY(y) {
		v.line(v.Min.X, y, v.Max.X, y, stroke(axisGrey, 1))
	}
}
