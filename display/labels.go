package display

import (
	"fmt"
	"image/color"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// endLabel names a line at its right end.
type endLabel struct {
	text string
	// part follows the text and is never cut: "training".
	part string
	// y is the value where the line ends.
	y    float64
	tint color.NRGBA
}

const (
	endGap   = 8  // between the data area and the labels
	endPitch = 14 // between the labels
)

// endRoom is the width that labels need, at most a third of what there is.
func endRoom(ends []endLabel, width float64) float64 {
	if len(ends) == 0 {
		return 0
	}
	w := 0.0
	for _, e := range ends {
		w = math.Max(w, textWidth(e.text, labelSize)+e.partWidth())
	}
	return math.Min(w+endGap+2, width/3)
}

// partWidth is what the part takes, with the blank before it.
func (e endLabel) partWidth() float64 {
	if e.part == "" {
		return 0
	}
	return textWidth(" "+e.part, labelSize)
}

// endTexts are the labels, shortened to a width so that one can tell them apart.
func endTexts(ends []endLabel, width float64) []string {
	names, parts := make([]string, len(ends)), 0.0
	for i, e := range ends {
		names[i] = e.text
		parts = math.Max(parts, e.partWidth())
	}
	out := tellApart(names, labelSize, width-parts)
	for i, e := range ends {
		out[i] = strings.TrimSpace(out[i] + " " + e.part)
	}
	return out
}

// drawEnds draws the labels beside the data area, pushed apart where they would
// overlap. Labels that do not fit at all are left out, the last ones first.
func drawEnds(v view, ends []endLabel, room float64) {
	fit := int(v.height()/endPitch) + 1
	if len(ends) > fit {
		ends = ends[:fit]
	}
	want := make([]float64, len(ends))
	for i, e := range ends {
		want[i] = clamp(float64(v.y(e.y)), float64(v.Min.Y), float64(v.Max.Y))
	}
	texts := endTexts(ends, room-endGap)
	at := spread(want, endPitch, float64(v.Min.Y), float64(v.Max.Y))
	for i, e := range ends {
		x := v.Max.X + endGap
		if math.Abs(at[i]-want[i]) > 4 {
			v.line(v.Max.X+1, vg.Length(want[i]), x-2, vg.Length(at[i]), stroke(fade(e.tint, 0.6), thin))
		}
		sty := aligned(plain(labelSize, e.tint), draw.XLeft, draw.YCenter)
		v.text(texts[i], x, vg.Length(at[i]), sty)
	}
}

// spread moves positions apart to at least a pitch, as little as possible,
// within lo…hi: neighbours that are too close form a block around their mean.
func spread(want []float64, pitch, lo, hi float64) []float64 {
	order := make([]int, len(want))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return want[order[a]] < want[order[b]] })
	type block struct{ first, n, sum float64 } // sum of want minus offset inside the block
	place := func(b block) float64 {
		return clamp(b.sum/b.n, lo, math.Max(lo, hi-(b.n-1)*pitch))
	}
	var blocks []block
	for _, i := range order {
		b := block{n: 1, sum: want[i]}
		b.first = place(b)
		for len(blocks) > 0 {
			prev := blocks[len(blocks)-1]
			if prev.first+prev.n*pitch <= b.first {
				break
			}
			b = block{n: prev.n + b.n, sum: prev.sum + b.sum - b.n*prev.n*pitch}
			b.first = place(b)
			blocks = blocks[:len(blocks)-1]
		}
		blocks = append(blocks, b)
	}
	out := make([]float64, len(want))
	k := 0
	for _, b := range blocks {
		for j := range int(b.n) {
			out[order[k]] = b.first + float64(j)*pitch
			k++
		}
	}
	return out
}

// key is one entry of a legend.
type key struct {
	text string
	tint color.NRGBA
	// shape is the index of a marker, square for a filled square, or what lineSample
	// gives.
	shape int
}

// square as a shape is a filled square.
const square = -1

// lineSample is the shape that shows a piece of line as category i has.
func lineSample(i int) int { return square - 1 - i }

// sample draws what the legend's text is about.
func (p pen) sample(x, y vg.Length, k key) {
	switch {
	case k.shape == square:
		p.box(x, y-5, x+10, y+5, k.tint)
	case k.shape < square:
		p.line(x-6, y, x+12, y, dashed(k.tint, bold, dash(square-1-k.shape)))
	default:
		p.marker(x+5, y, 4.2, k.shape, k.tint)
	}
}

// legendLines is how many lines a legend has at most.
const legendLines = 3

// legend draws entries in a line at the top of the pen, and returns what is left
// below. Up to three lines are used when one is too short.
func (p pen) legend(title string, keys []key) pen {
	if len(keys) == 0 {
		return p
	}
	x, y, line := p.Min.X, p.Max.Y-labelSize/2-1, 1
	if title != "" {
		p.text(title, x, y, aligned(plain(labelSize, softInk), draw.XLeft, draw.YCenter))
		x += vg.Length(textWidth(title, labelSize) + 12)
	}
	for i, k := range keys {
		w := vg.Length(textWidth(k.text, labelSize) + 30)
		more := fmt.Sprintf("and %d more", len(keys)-i)
		reserve := vg.Length(0)
		if line == legendLines && i < len(keys)-1 {
			reserve = vg.Length(textWidth(more, labelSize) + 10)
		}
		switch full := x+w-14+reserve > p.Max.X && x > p.Min.X; {
		case full && line < legendLines:
			line++
			x = p.Min.X
			y -= labelSize + 5
		case full:
			p.text(more, x, y, aligned(plain(labelSize, softInk), draw.XLeft, draw.YCenter))
			return p.inset(0, 0, 0, float64(p.Max.Y-y)+labelSize/2+5)
		}
		p.sample(x, y, k)
		p.text(shorten(k.text, labelSize, p.width()-20), x+15, y, aligned(plain(labelSize, ink), draw.XLeft, draw.YCenter))
		x += w
	}
	return p.inset(0, 0, 0, float64(p.Max.Y-y)+labelSize/2+5)
}

// list draws the entries of a legend below each other.
func (p pen) list(keys []key) {
	fit := int(p.height() / (labelSize + 6))
	for i, k := range keys {
		if i == fit-1 && i < len(keys)-1 {
			p.text(fmt.Sprintf("and %d more", len(keys)-i), p.Min.X, p.Max.Y, plain(labelSize, softInk))
			return
		}
		p.legend("", []key{k})
		p = p.inset(0, 0, 0, labelSize+6)
	}
}

// marker draws the shape of a category: circles, squares, triangles, diamonds
// and so on, so that colour is not the only difference.
func (p pen) marker(x, y vg.Length, r float64, shape int, c color.NRGBA) {
	edge := stroke(white, 0.6)
	if shape == 0 || shape%len(shapes) == 0 {
		p.disc(x, y, r, c, edge)
		return
	}
	var path vg.Path
	for i, q := range shapes[shape%len(shapes)] {
		at := vg.Point{X: x + vg.Length(q[0]*r), Y: y + vg.Length(q[1]*r)}
		if i == 0 {
			path.Move(at)
		} else {
			path.Line(at)
		}
	}
	path.Close()
	p.outlined(path, c, edge)
}

// shapes are polygons of about the area of the unit circle; the first is the circle.
var shapes = [][][2]float64{
	nil,
	{{-0.9, -0.9}, {0.9, -0.9}, {0.9, 0.9}, {-0.9, 0.9}},
	{{-1.15, -0.8}, {1.15, -0.8}, {0, 1.2}},
	{{0, -1.25}, {1.25, 0}, {0, 1.25}, {-1.25, 0}},
	{{-1.15, 0.8}, {1.15, 0.8}, {0, -1.2}},
	{{-1.2, -0.45}, {1.2, -0.45}, {1.2, 0.45}, {-1.2, 0.45}},
}
