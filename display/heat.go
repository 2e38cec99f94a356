package display

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// heat draws surfaces on a grid as an image: the values at each pixel, between
// grid points by bilinear interpolation, are turned into a colour. The grid is
// even; the image has so many pixels in both directions.
func heat(xs, ys []float64, zs [][][]float64, pixels int, shade func([]float64) colour) layer {
	return func(v view) {
		w, h := pixels, pixels
		img := image.NewNRGBA(image.Rect(0, 0, w, h))
		values := make([]float64, len(zs))
		for py := range h {
			fy := (float64(h-1-py) + 0.5) / float64(h) * float64(len(ys)-1)
			for px := range w {
				fx := (float64(px) + 0.5) / float64(w) * float64(len(xs)-1)
				for k, z := range zs {
					values[k] = bilinear(z, fx, fy)
				}
				img.SetNRGBA(px, py, shade(values))
			}
		}
		v.DrawImage(vg.Rectangle{Min: v.Min, Max: v.Max}, quantised(img))
	}
}

// quantised rounds colours to steps of 4, which halves the PNG and is not seen.
func quantised(img *image.NRGBA) *image.NRGBA {
	for i := range img.Pix {
		if i%4 != 3 && img.Pix[i] < 252 {
			img.Pix[i] = (img.Pix[i] + 2) &^ 3
		}
	}
	return img
}

func bilinear(z [][]float64, fx, fy float64) float64 {
	x, y := min(int(fx), len(z[0])-2), min(int(fy), len(z)-2)
	tx, ty := fx-float64(x), fy-float64(y)
	lower := z[y][x] + tx*(z[y][x+1]-z[y][x])
	upper := z[y+1][x] + tx*(z[y+1][x+1]-z[y+1][x])
	return lower + ty*(upper-lower)
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
