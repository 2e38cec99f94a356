package display

import (
	"image"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// field is surfaces on an even grid, as an image of any size: the values at each
// pixel, between grid points by bilinear interpolation, are turned into a colour.
type field struct {
	zs    [][][]float64
	shade func([]float64) colour
	// pixels is its width and height where none other is asked for.
	pixels int
}

// heat draws surfaces as a field.
func heat(zs [][][]float64, pixels int, shade func([]float64) colour) layer {
	return func(v view) {
		v.DrawImage(vg.Rectangle{Min: v.Min, Max: v.Max}, field{zs, shade, pixels})
	}
}

var _ image.Image = field{}

func (f field) Bounds() image.Rectangle { return image.Rect(0, 0, f.pixels, f.pixels) }

func (f field) ColorModel() color.Model { return color.NRGBAModel }

func (f field) At(x, y int) (c color.Color) {
	f.paint(f.Bounds().Size(), image.Rect(x, y, x+1, y+1), func(_, _ int, shade colour) { c = shade })
	return c
}

// image is the field in its own size.
func (f field) image() *image.NRGBA {
	img := image.NewNRGBA(f.Bounds())
	f.paint(img.Rect.Size(), img.Rect, img.SetNRGBA)
	return img
}

// paint sets the pixels of a part of the field, which has so many altogether.
func (f field) paint(size image.Point, part image.Rectangle, set func(x, y int, c colour)) {
	across := newLattice(size.X, len(f.zs[0][0]))
	down := newLattice(size.Y, len(f.zs[0]))
	values, rows := make([]float64, len(f.zs)), make([][]float64, len(f.zs))
	for k := range rows {
		rows[k] = make([]float64, len(f.zs[k][0]))
	}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		i, t := down.at(size.Y - 1 - y)
		for k, z := range f.zs {
			for j := range rows[k] {
				rows[k][j] = z[i][j] + t*(z[i+1][j]-z[i][j])
			}
		}
		for x := part.Min.X; x < part.Max.X; x++ {
			j, t := across.at(x)
			for k, row := range rows {
				values[k] = row[j] + t*(row[j+1]-row[j])
			}
			set(x, y, f.shade(values))
		}
	}
}

// lattice places the middles of so many pixels between the points of a grid.
type lattice struct {
	step float64
	last int
}

func newLattice(pixels, points int) lattice {
	return lattice{float64(points-1) / float64(pixels), points - 2}
}

// at is the grid point before pixel i, and how far the pixel is to the next one.
func (l lattice) at(i int) (point int, share float64) {
	f := (float64(i) + 0.5) * l.step
	point = min(int(f), l.last)
	return point, f - float64(point)
}

// shades is a colour scale in so many steps, few enough for a palette and too many
// to be seen; what is not a number is grey.
func shades(steps int, at func(t float64) colour) func(t float64) colour {
	table := make([]colour, steps+1)
	for i := range table {
		table[i] = at(float64(i) / float64(steps))
	}
	return func(t float64) colour {
		if t != t {
			return paleGrey
		}
		return table[int(clamp(t, 0, 1)*float64(steps)+0.5)]
	}
}

// shadeSteps is how many steps a scale of colours has.
const shadeSteps = 96

// quantised rounds colours to steps of 4, which halves the PNG and is not seen.
func quantised(img *image.NRGBA) *image.NRGBA {
	for i := range img.Pix {
		if i%4 != 3 && img.Pix[i] < 252 {
			img.Pix[i] = (img.Pix[i] + 2) &^ 3
		}
	}
	return img
}

// contour draws the line where a surface has a level: marching squares over the
// cells of the grid, with short straight pieces joined where they meet.
func contour(xs, ys []float64, z [][]float64, level float64, sty draw.LineStyle) layer {
	return func(v view) {
		at := func(fx, fy float64) vg.Point {
			return vg.Point{X: v.x(along(xs, fx)), Y: v.y(along(ys, fy))}
		}
		var path vg.Path
		for i := range len(ys) - 1 {
			for j := range len(xs) - 1 {
				for _, s := range cell(z, i, j, level) {
					path.Move(at(s[0], s[1]))
					path.Line(at(s[2], s[3]))
				}
			}
		}
		if len(path) > 0 {
			v.SetLineStyle(sty)
			v.Stroke(path)
		}
	}
}

func along(xs []float64, f float64) float64 {
	i := min(int(f), len(xs)-2)
	return xs[i] + (f-float64(i))*(xs[i+1]-xs[i])
}

// cell returns the pieces of the line at a level through one cell, in grid
// coordinates (x0, y0, x1, y1).
func cell(z [][]float64, i, j int, level float64) [][4]float64 {
	// Corners in order: lower left, lower right, upper right, upper left.
	corner := [4]float64{z[i][j], z[i][j+1], z[i+1][j+1], z[i+1][j]}
	place := [5][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}}
	var cuts [][2]float64
	for k := range 4 {
		a, b := corner[k]-level, corner[(k+1)%4]-level
		if !finite(a) || !finite(b) {
			return nil
		}
		if (a < 0) == (b < 0) {
			continue
		}
		t := a / (a - b)
		cuts = append(cuts, [2]float64{
			float64(j) + place[k][0] + t*(place[k+1][0]-place[k][0]),
			float64(i) + place[k][1] + t*(place[k+1][1]-place[k][1]),
		})
	}
	var out [][4]float64
	for k := 0; k+1 < len(cuts); k += 2 {
		out = append(out, [4]float64{cuts[k][0], cuts[k][1], cuts[k+1][0], cuts[k+1][1]})
	}
	return out
}

// scaleBar draws a colour scale at the right edge and returns the pen beside it.
func (p pen) scaleBar(label string, r span, colours ramp) pen {
	ticks := linearTicks(r.lo, r.hi, 5)
	room := 0.0
	for _, t := range ticks {
		room = math.Max(room, textWidth(t.Label, tickSize))
	}
	const width = 13
	left, bar := p.split(p.width()-width-room-30, 22)
	if label != "" {
		sty := aligned(plain(labelSize, softInk), draw.XRight, draw.YTop)
		p.text(shorten(label, labelSize, p.width()/2), p.Max.X, p.Max.Y, sty)
	}
	bar = bar.inset(0, 0, 34, labelSize+12)
	steps := 64
	for i := range steps {
		y0 := bar.Y(float64(i) / float64(steps))
		y1 := bar.Y(math.Min(1, float64(i+1)/float64(steps)+0.004))
		bar.box(bar.Min.X, y0, bar.Min.X+width, y1, colours.at((float64(i)+0.5)/float64(steps)))
	}
	bar.frame(bar.Min.X, bar.Min.Y, bar.Min.X+width, bar.Max.Y, stroke(paleGrey, thin))
	for _, t := range ticks {
		y := bar.Y((t.Value - r.lo) / (r.hi - r.lo))
		bar.text(t.Label, bar.Min.X+width+5, y, aligned(plain(tickSize, softInk), draw.XLeft, draw.YCenter))
	}
	return left
}
