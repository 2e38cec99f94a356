package display

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Histogram is a counted distribution. Edges has one more entry than Counts and
// rises; Counts need not be whole numbers.
type Histogram struct {
	Edges, Counts []float64
	// Outside is how many values were left out because they are not finite.
	Outside int
}

// Count sorts the finite values into equally wide bins; 0 bins chooses a number
// by the rule of Freedman and Diaconis, within 8…80.
func Count(values []float64, bins int) Histogram {
	s := summarise(values)
	return countIn(values, span{s.lo, s.hi}, bins)
}

// countIn is Count over a given range; values outside it are not counted.
func countIn(values []float64, r span, bins int) Histogram {
	h := Histogram{}
	for _, v := range values {
		if !finite(v) {
			h.Outside++
		}
	}
	if h.Outside == len(values) || r.empty() || !finite(r.lo) || !finite(r.hi) {
		return Histogram{Edges: []float64{0, 1}, Counts: []float64{0}, Outside: h.Outside}
	}
	if r.lo == r.hi && math.Abs(r.lo) < 1e12 {
		r = span{r.lo - 0.5, r.hi + 0.5}
	}
	r = r.wide()
	if bins <= 0 {
		bins = chooseBins(values, r)
	}
	h.Edges = make([]float64, bins+1)
	for i := range h.Edges {
		h.Edges[i] = r.lo + (r.hi-r.lo)*float64(i)/float64(bins)
	}
	h.Edges[bins] = r.hi
	h.Counts = make([]float64, bins)
	scale := float64(bins) / (r.hi - r.lo)
	for _, v := range values {
		if v >= r.lo && v <= r.hi { // false for what is not a number
			h.Counts[min(int((v-r.lo)*scale), bins-1)]++
		}
	}
	return h
}

// chooseBins is the rule of Freedman and Diaconis (1981): a bin is twice the
// interquartile range over the cube root of the number of values wide.
func chooseBins(values []float64, r span) int {
	q1, _, q3 := quartiles(values)
	width := 2 * (q3 - q1) / math.Cbrt(float64(len(values)))
	if !(width > 0) {
		return 20
	}
	return int(clamp(math.Ceil((r.hi-r.lo)/width), 8, 80))
}

func (h Histogram) check(what string) error {
	if len(h.Edges) != len(h.Counts)+1 || len(h.Counts) == 0 {
		return fmt.Errorf("%s: expected one more edge than counts, got %d and %d", what, len(h.Edges), len(h.Counts))
	}
	for i := range h.Counts {
		if !(h.Edges[i+1] > h.Edges[i]) || !finite(h.Counts[i]) || h.Counts[i] < 0 {
			return fmt.Errorf("%s: expected rising edges and counts of 0 or more, got edges %v, %v and count %v", what, h.Edges[i], h.Edges[i+1], h.Counts[i])
		}
	}
	return nil
}

func (h Histogram) total() (n float64) {
	for _, c := range h.Counts {
		n += c
	}
	return n
}

// density returns counts per unit of x, so that bins of unequal width compare.
func (h Histogram) density() []float64 {
	out := make([]float64, len(h.Counts))
	for i, c := range h.Counts {
		out[i] = c / (h.Edges[i+1] - h.Edges[i])
	}
	return out
}

// moments returns mean and standard deviation, taking each value for the middle
// of its bin.
func (h Histogram) moments() (mean, std float64) {
	n := h.total()
	if n == 0 {
		return math.NaN(), math.NaN()
	}
	mid := func(i int) float64 { return (h.Edges[i] + h.Edges[i+1]) / 2 }
	for i, c := range h.Counts {
		mean += float64(c*mid(i)) / n
	}
	for i, c := range h.Counts {
		d := mid(i) - mean
		std += c / n * d * d
	}
	return mean, math.Sqrt(std)
}

// largest returns the greatest of some numbers, 0 for none.
func largest(xs []float64) (m float64) {
	for _, x := range xs {
		if x > m { // false for what is not a number
			m = x
		}
	}
	return m
}

// bars draws filled columns from 0 to the heights, between the edges.
func bars(edges, heights []float64, fill colour) layer {
	return func(v view) {
		zero := v.y(0)
		for i, h := range heights {
			if !finite(h) || h == 0 {
				continue
			}
			x0, x1 := v.x(edges[i]), v.x(edges[i+1])
			if x1-x0 > 3 {
				x1 -= 0.75 // a white line between columns
			}
			v.box(x0, zero, x1, v.y(h), fill)
		}
	}
}

// steps draws the outline of columns.
func steps(edges, heights []float64, sty draw.LineStyle) layer {
	return func(v view) {
		pts := []vg.Point{{X: v.x(edges[0]), Y: v.y(0)}}
		for i, h := range heights {
			pts = append(pts, vg.Point{X: v.x(edges[i]), Y: v.y(h)}, vg.Point{X: v.x(edges[i+1]), Y: v.y(h)})
		}
		pts = append(pts, vg.Point{X: v.x(edges[len(heights)]), Y: v.y(0)})
		v.StrokeLines(sty, v.ClipLinesXY(pts)...)
	}
}
