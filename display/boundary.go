package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// BoundaryData is what Boundary draws: a function of two inputs on a grid, with
// data points on top.
type BoundaryData struct {
	// X and Y are the grid's coordinates, rising in even steps.
	X, Y []float64
	// XLabel and YLabel name the two inputs.
	XLabel, YLabel string
	// Z is the function, and what it is depends on Classes.
	// No classes: Z[0][iy][ix] is a number. Two classes: Z[0] is the probability
	// of the second class (Z[0], Z[1] those of both are accepted too). More
	// classes: Z[c] is the probability of class c.
	Z [][][]float64
	// Classes are the names of the classes; nil for a number.
	Classes []string
	// Target names what is predicted.
	Target string
	// PointX and PointY are data points; may be nil.
	PointX, PointY []float64
	// PointClass is the class index of each point, when there are classes; a
	// negative one is a point of unknown class.
	PointClass []int
	// PointValue is the target of each point, when it is a number.
	PointValue []float64
	// Units are maps of hidden units, layer by layer, drawn beside; may be nil.
	Units []UnitMap
}

// Boundary draws the function a model has learnt over two inputs as a heat map,
// the boundary between classes as a line, and the data points on top.
func Boundary(d BoundaryData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("boundary: %w", err)
	}
	if len(d.Classes) == 2 && len(d.Z) == 2 {
		d.Z = d.Z[1:]
	}
	title := "What the model says over " + d.axisName(d.XLabel, "x") + " and " + d.axisName(d.YLabel, "y")
	s := newScene(o, title, notebookWidth, 420)
	s.rigid = true
	points := len(d.PointX)
	if points > maxPoints {
		s.notes = []string{fmt.Sprintf("%s of %s points are drawn, evenly spaced in their order.", grouped(maxPoints), grouped(points))}
	}
	s.notes = append(s.notes, gaps(notFinite(d.PointX, d.PointY)+notFinite(d.Z[0]...))...)
	s.paint = d.paint
	return build(s, d.text(), d.data()), nil
}

func (d BoundaryData) axisName(label, otherwise string) string {
	if label == "" {
		return otherwise
	}
	return label
}

func (d BoundaryData) check() error {
	nx, ny := len(d.X), len(d.Y)
	if nx < 2 || ny < 2 {
		return fmt.Errorf("expected a grid of at least 2 by 2, got %d by %d", nx, ny)
	}
	if !rising(d.X) || !rising(d.Y) {
		return errors.New("expected grid positions that rise")
	}
	want := len(d.Classes)
	if len(d.Z) != max(want, 1) && !(want == 2 && len(d.Z) == 1) {
		return fmt.Errorf("expected one surface per class (%d) or one, got %d", want, len(d.Z))
	}
	if want == 1 {
		return errors.New("expected two classes or more, or none for a number, got one")
	}
	for i, z := range d.Z {
		if err := checkSurface(fmt.Sprintf("surface %d", i+1), z, nx, ny); err != nil {
			return err
		}
	}
	for _, u := range d.Units {
		if err := checkSurface("unit "+u.Name, u.Z, nx, ny); err != nil {
			return err
		}
	}
	n := len(d.PointX)
	if len(d.PointY) != n || (d.PointClass != nil && len(d.PointClass) != n) || (d.PointValue != nil && len(d.PointValue) != n) {
		return fmt.Errorf("expected as many point positions and targets, got %d, %d, %d and %d", n, len(d.PointY), len(d.PointClass), len(d.PointValue))
	}
	return nil
}

func checkSurface(what string, z [][]float64, nx, ny int) error {
	if len(z) != ny {
		return fmt.Errorf("%s: expected %d rows, got %d", what, ny, len(z))
	}
	for _, row := range z {
		if len(row) != nx {
			return fmt.Errorf("%s: expected rows of %d, got %d", what, nx, len(row))
		}
	}
	return nil
}

func (d BoundaryData) paint(p pen) {
	if len(d.Classes) > 0 {
		keys := make([]key, len(d.Classes))
		for i, c := range d.Classes {
			keys[i] = key{c, hue(i), i}
		}
		p = p.legend(d.Target, keys)
	}
	if len(d.Units) > 0 {
		var right pen
		p, right = p.split(p.width()*0.6, 26)
		d.unitMaps(right)
	}
	xs, ys := span{d.X[0], d.X[len(d.X)-1]}, span{d.Y[0], d.Y[len(d.Y)-1]}
	f := &frame{x: axis{label: d.XLabel, r: xs, nogrid: true}, y: axis{label: d.YLabel, r: ys, nogrid: true}}
	if len(d.Classes) == 0 {
		p = d.numberLayers(f, p)
	} else {
		d.classLayers(f)
	}
	f.add(d.points())
	f.draw(p)
}

// classLayers shades by the likeliest class, paler where it is less sure, and
// draws lines where the likeliest class changes.
func (d BoundaryData) classLayers(f *frame) {
	k := len(d.Classes)
	f.add(heat(d.Z, 220, classShade(k)))
	if k == 2 {
		f.add(contour(d.X, d.Y, d.Z[0], 0.5, stroke(ink, normal)))
		return
	}
	for c := range k {
		f.add(contour(d.X, d.Y, lead(d.Z, c), 0, stroke(ink, 1)))
	}
}

// classShade turns probabilities into colours; of two classes it takes that of the
// second alone.
func classShade(k int) func(p []float64) colour {
	scales := make([]func(float64) colour, k)
	for c := range scales {
		least, most, steps := 0.12, 0.62, max(12, 2*shadeSteps/k)
		if k == 2 {
			least, most = 0.1, 0.55
		}
		scales[c] = shades(steps, func(sure float64) colour { return tint(hue(c), least+sure*(most-least)) })
	}
	if k == 2 {
		return func(p []float64) colour {
			switch {
			case !finite(p[0]):
				return paleGrey
			case p[0] < 0.5:
				return scales[0](1 - 2*p[0])
			}
			return scales[1](2*p[0] - 1)
		}
	}
	even := 1 / float64(k)
	return func(p []float64) colour {
		best, sum := 0, 0.0
		for c, x := range p {
			if sum += x; x > p[best] {
				best = c
			}
		}
		if !finite(sum) {
			return paleGrey
		}
		return scales[best]((p[best] - even) / (1 - even))
	}
}

// lead is by how much class c leads the best other class.
func lead(z [][][]float64, c int) [][]float64 {
	out := make([][]float64, len(z[0]))
	for i := range out {
		out[i] = make([]float64, len(z[0][i]))
		for j := range out[i] {
			other := math.Inf(-1)
			for k := range z {
				if k != c {
					other = math.Max(other, z[k][i][j])
				}
			}
			out[i][j] = z[c][i][j] - other
		}
	}
	return out
}

// numberLayers shades by the predicted number and returns the pen beside the
// scale.
func (d BoundaryData) numberLayers(f *frame, p pen) pen {
	r := d.answers().add(d.PointValue...).wide()
	shade := shades(shadeSteps, sequential.at)
	f.add(heat(d.Z, 220, func(v []float64) colour { return shade((v[0] - r.lo) / (r.hi - r.lo)) }))
	for _, t := range linearTicks(r.lo, r.hi, 6) {
		f.add(contour(d.X, d.Y, d.Z[0], t.Value, stroke(fade(ink, 0.35), thin)))
	}
	return p.scaleBar(d.Target, r, sequential)
}

// answers is the range of the first surface.
func (d BoundaryData) answers() span {
	r := emptySpan()
	for _, row := range d.Z[0] {
		r = r.add(row...)
	}
	return r
}

// maxPoints is how many data points a picture draws.
const maxPoints = 1000

// points draws the data points in the colours of their targets.
func (d BoundaryData) points() layer {
	r := 4.2
	if len(d.PointX) > 400 {
		r = 3
	}
	scale := d.answers().add(d.PointValue...).wide()
	one := func(v view, x, y vg.Length, i int) {
		switch {
		case d.PointClass != nil:
			v.marker(x, y, r, max(d.PointClass[i], 0), hue(d.PointClass[i]))
		case d.PointValue != nil:
			v.disc(x, y, r+0.8, white, draw.LineStyle{})
			v.disc(x, y, r, sequential.at((d.PointValue[i]-scale.lo)/(scale.hi-scale.lo)), stroke(ink, thin))
		default:
			v.disc(x, y, r, softInk, stroke(white, 0.6))
		}
	}
	return func(v view) {
		for _, i := range evenly(len(d.PointX), maxPoints) {
			if !finite(d.PointX[i]) || !finite(d.PointY[i]) {
				continue
			}
			if x, y := v.x(d.PointX[i]), v.y(d.PointY[i]); v.ContainsX(x) && v.ContainsY(y) {
				one(v, x, y, i)
			}
		}
	}
}

func (d BoundaryData) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "What the model says over %s (%s … %s) and %s (%s … %s)", d.axisName(d.XLabel, "x"), number(d.X[0]), number(d.X[len(d.X)-1]), d.axisName(d.YLabel, "y"), number(d.Y[0]), number(d.Y[len(d.Y)-1]))
	fmt.Fprintf(&b, ", on a grid of %d × %d.", len(d.X), len(d.Y))
	if len(d.Classes) == 0 {
		if r := d.answers(); !r.empty() {
			fmt.Fprintf(&b, "\n%s goes from %s to %s.", capital(d.axisName(d.Target, "the answer")), number(r.lo), number(r.hi))
		}
	} else {
		b.WriteString("\nThe likeliest class is ")
		for i, share := range d.areas() {
			b.WriteString(map[bool]string{true: ", "}[i > 0] + d.Classes[i] + " on " + percent(share))
			b.WriteString(map[bool]string{true: " of the area"}[i == 0])
		}
		b.WriteString(".")
	}
	if n := len(d.PointX); n > 0 {
		fmt.Fprintf(&b, "\n%s on top.", count(n, "data point"))
	}
	if n := len(d.Units); n > 0 {
		fmt.Fprintf(&b, "\nMaps of %s beside it.", count(n, "hidden unit"))
	}
	return b.String()
}

// areas is the share of the grid where each class is the likeliest.
func (d BoundaryData) areas() []float64 {
	out := make([]float64, len(d.Classes))
	n := float64(len(d.X) * len(d.Y))
	p := make([]float64, len(d.Z))
	for i := range d.Y {
		for j := range d.X {
			for k := range d.Z {
				p[k] = d.Z[k][i][j]
			}
			best := extreme(p, true)
			if len(d.Classes) == 2 {
				best = 0
				if p[0] >= 0.5 {
					best = 1
				}
			}
			if best >= 0 {
				out[best] += 1 / n
			}
		}
	}
	return out
}

func (d BoundaryData) data() Data {
	n := len(d.X) * len(d.Y)
	x, y := make([]float64, 0, n), make([]float64, 0, n)
	z := make([][]float64, len(d.Z))
	for i := range d.Y {
		for j := range d.X {
			x, y = append(x, d.X[j]), append(y, d.Y[i])
			for k := range z {
				z[k] = append(z[k], d.Z[k][i][j])
			}
		}
	}
	out := Data{Columns: []Column{{Name: d.axisName(d.XLabel, "x"), Numbers: x}, {Name: d.axisName(d.YLabel, "y"), Numbers: y}}}
	for k := range z {
		name := d.axisName(d.Target, "answer")
		if len(d.Classes) > 0 {
			name = d.Classes[k+len(d.Classes)-len(d.Z)]
		}
		out.Columns = append(out.Columns, Column{Name: name, Numbers: z[k]})
	}
	return out
}
