package display

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// positions returns x, or from, from+1, … when x is nil.
func positions(x []float64, n int, from float64) []float64 {
	if x != nil {
		return x
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = from + float64(i)
	}
	return out
}

// sameLength is the error of two slices that should be equally long.
func sameLength(what string, a, b int) error {
	if a == b {
		return nil
	}
	return fmt.Errorf("%s: expected equally many values, got %d and %d", what, a, b)
}

// curve draws a line through points. Points that are not finite (or cannot be
// placed on a logarithmic axis) leave gaps; a lone point becomes a dot.
func curve(xs, ys []float64, sty draw.LineStyle) layer { return curveAmong(1, xs, ys, sty) }

// drawnPoints is how many points the lines of a frame have together at most.
const drawnPoints = 20_000

// curveAmong is curve for one of n lines in a frame: of very many, each has fewer
// points.
func curveAmong(n int, xs, ys []float64, sty draw.LineStyle) layer {
	return func(v view) {
		cell := math.Max(1, 4*v.width()*float64(n)/drawnPoints)
		for _, seg := range segments(v, xs, ys) {
			if len(seg) == 1 {
				if v.Contains(seg[0]) {
					v.disc(seg[0].X, seg[0].Y, 1.6*float64(sty.Width), sty.Color, draw.LineStyle{})
				}
				continue
			}
			for _, piece := range pieces(thinned(seg, cell)) {
				v.StrokeLines(sty, v.ClipLinesXY(piece)...)
			}
		}
	}
}

// segments places points and splits them at gaps.
func segments(v view, xs, ys []float64) [][]vg.Point {
	var out [][]vg.Point
	open := false
	for i := range ys {
		if !finite(xs[i]) || !finite(ys[i]) {
			open = false
			continue
		}
		p := vg.Point{X: v.x(xs[i]), Y: v.y(ys[i])}
		if !finite(float64(p.X)) || !finite(float64(p.Y)) {
			open = false
			continue
		}
		if !open {
			out = append(out, make([]vg.Point, 0, (len(ys)-i)/(1+len(out))))
			open = true
		}
		out[len(out)-1] = append(out[len(out)-1], p)
	}
	return out
}

// pieces cuts a long line, since the time to fill a path grows with the square of
// its length.
func pieces(pts []vg.Point) [][]vg.Point {
	const longest = 128
	var out [][]vg.Point
	for len(pts) > 4*longest {
		out = append(out, pts[:longest+1])
		pts = pts[longest:]
	}
	return append(out, pts)
}

// thinned keeps, of each cell of pixels along x, the first, lowest, highest and
// last point: the line looks the same however many points there are.
func thinned(pts []vg.Point, cell float64) []vg.Point {
	if float64(len(pts)) < 1500/cell {
		return pts
	}
	var out []vg.Point
	for i := 0; i < len(pts); {
		column := math.Floor(float64(pts[i].X) / cell)
		lo, hi, j := i, i, i
		for ; j < len(pts) && math.Floor(float64(pts[j].X)/cell) == column; j++ {
			if pts[j].Y < pts[lo].Y {
				lo = j
			}
			if pts[j].Y > pts[hi].Y {
				hi = j
			}
		}
		last := -1
		for _, k := range []int{i, min(lo, hi), max(lo, hi), j - 1} {
			if k > last {
				out = append(out, pts[k])
				last = k
			}
		}
		i = j
	}
	return out
}

// markers draws a shape at each point.
func markers(xs, ys []float64, r float64, shape int, c color.NRGBA) layer {
	return func(v view) {
		for _, seg := range segments(v, xs, ys) {
			for _, p := range seg {
				if v.Contains(p) {
					v.marker(p.X, p.Y, r, shape, c)
				}
			}
		}
	}
}

// band fills the area between two lines.
func band(xs, lower, upper []float64, c color.NRGBA) layer {
	return func(v view) {
		var pts []vg.Point
		for i := range xs {
			if finite(upper[i]) && finite(lower[i]) {
				pts = append(pts, vg.Point{X: v.x(xs[i]), Y: v.y(upper[i])})
			}
		}
		for i := len(xs) - 1; i >= 0; i-- {
			if finite(upper[i]) && finite(lower[i]) {
				pts = append(pts, vg.Point{X: v.x(xs[i]), Y: v.y(lower[i])})
			}
		}
		v.fill(c, v.ClipPolygonXY(pts))
	}
}

// lastFinite returns the last finite value of a series.
func lastFinite(ys []float64) (float64, bool) {
	for i := len(ys) - 1; i >= 0; i-- {
		if finite(ys[i]) {
			return ys[i], true
		}
	}
	return 0, false
}

// extreme returns the index of the smallest (or largest) finite value, or -1.
func extreme(ys []float64, largest bool) int {
	best := -1
	for i, y := range ys {
		if finite(y) && (best < 0 || (largest && y > ys[best]) || (!largest && y < ys[best])) {
			best = i
		}
	}
	return best
}

func notFinite(yss ...[]float64) (n int) {
	for _, ys := range yss {
		for _, y := range ys {
			if !finite(y) {
				n++
			}
		}
	}
	return n
}
