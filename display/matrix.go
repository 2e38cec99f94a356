package display

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// matrix is a shaded table of numbers with names at its left and below it.
type matrix struct {
	rows, columns []string
	// value[r][c] is placed on the scale of colours.
	value   [][]float64
	colours ramp
	scale   span
	// left and top name what rows and columns are.
	left, top string
	// entry is the text in a cell; nil writes none.
	entry func(r, c int) string
	// mark draws a frame around the cell; nil marks none.
	mark func(r, c int) bool
}

// draw draws the matrix into the pen, with cells at most twice as wide as high.
func (m matrix) draw(p pen) {
	q, l := m.layout(p)
	if m.left != "" || m.top != "" {
		p.text(m.left, p.Min.X, p.Max.Y, plain(labelSize, softInk))
	}
	if m.top != "" {
		p.text(m.top+" →", q.Min.X, p.Max.Y, plain(labelSize, softInk))
	}
	m.cells(q, l.w, l.h)
	m.names(q, l)
}

// drawScaled draws the matrix with the scale of its colours beside it.
func (m matrix) drawScaled(p pen, label string) {
	q, _ := m.layout(p.inset(0, scaleRoom, 0, 0))
	p = p.inset(0, math.Max(0, float64(p.Max.X-q.Max.X)-scaleRoom), 0, 0)
	m.draw(p.scaleBar(label, m.scale, m.colours))
}

// scaleRoom is about the width of a scale with its labels.
const scaleRoom = 85

// matrixLayout is the size of cells and the room for names at the left.
type matrixLayout struct {
	w, h, names float64
	slanted     bool
}

// layout gives the rectangle of the cells.
func (m matrix) layout(p pen) (pen, matrixLayout) {
	var l matrixLayout
	for _, n := range m.rows {
		l.names = math.Max(l.names, textWidth(n, tickSize))
	}
	l.names = math.Min(l.names, p.width()/3) + 8
	heads := textWidth(m.left, labelSize)
	p = p.inset(math.Max(l.names, math.Min(heads+10, l.names+30)), 0, 0, 0)
	if m.left != "" || m.top != "" {
		p = p.inset(0, 0, 0, labelSize+6)
	}
	l.slanted = m.slanted(p.width())
	foot := float64(tickSize + 8)
	if l.slanted {
		longest := 0.0
		for _, n := range m.columns {
			longest = math.Max(longest, textWidth(n, tickSize))
		}
		foot = math.Min(longest, longName)*math.Sin(slant) + tickSize + 10
	}
	p = p.inset(0, 0, foot, 0)
	l.w, l.h = p.width()/float64(len(m.columns)), p.height()/float64(len(m.rows))
	l.w = math.Min(l.w, math.Max(2*l.h, 58))
	return p.inset(0, p.width()-l.w*float64(len(m.columns)), 0, 0), l
}

const (
	slant    = 0.6 // radians that long names under columns are turned by
	longName = 115
)

// slanted says whether the names do not fit side by side.
func (m matrix) slanted(width float64) bool {
	for _, n := range m.columns {
		if textWidth(n, tickSize) > width/float64(len(m.columns))-4 {
			return true
		}
	}
	return false
}

func (m matrix) cells(p pen, w, h float64) {
	size := math.Min(labelSize, h*0.7)
	fits := m.entry != nil && size >= 6
	for r := range m.rows {
		for c := range m.columns {
			if fits && textWidth(m.entry(r, c), size) > w-3 {
				size = math.Max(6, size*(w-3)/textWidth(m.entry(r, c), size))
				fits = textWidth(m.entry(r, c), size) <= w
			}
		}
	}
	if len(m.rows)*len(m.columns) > manyCells {
		m.image(p)
	} else {
		for r := range m.rows {
			for c := range m.columns {
				q := p.inset(float64(c)*w, p.width()-float64(c+1)*w, p.height()-float64(r+1)*h, float64(r)*h)
				m.cell(q, r, c, size, fits)
			}
		}
	}
	p.frame(p.Min.X, p.Min.Y, p.Max.X, p.Max.Y, stroke(paleGrey, thin))
}

// manyCells is from where on the shades are drawn as one image.
const manyCells = 400

func (m matrix) shade(r, c int) colour {
	return m.colours.at((m.value[r][c] - m.scale.lo) / (m.scale.hi - m.scale.lo))
}

func (m matrix) cell(p pen, r, c int, size float64, written bool) {
	gap := math.Min(0.5, math.Min(p.width(), p.height())/10)
	p = p.inset(gap, gap, gap, gap)
	p.fillRect(m.shade(r, c))
	if m.mark != nil && m.mark(r, c) {
		p.frame(p.Min.X, p.Min.Y, p.Max.X, p.Max.Y, stroke(ink, 1.5))
	}
	if written {
		text, tone := m.entry(r, c), contrast(m.shade(r, c))
		if text == "0" && tone != white {
			tone = axisGrey // what is not there does not call out
		}
		p.text(text, p.X(0.5), p.Y(0.5), aligned(plain(size, tone), draw.XCenter, draw.YCenter))
	}
}

func (m matrix) image(p pen) {
	img := image.NewNRGBA(image.Rect(0, 0, len(m.columns), len(m.rows)))
	for r := range m.rows {
		for c := range m.columns {
			img.SetNRGBA(c, r, m.shade(r, c))
		}
	}
	p.pixels(img)
}

// names writes the names of rows and columns, leaving some out where cells are
// too small for all.
func (m matrix) names(p pen, l matrixLayout) {
	w, h, room := l.w, l.h, l.names
	every := max(1, int(math.Ceil((tickSize+1)/h)))
	for r := 0; r < len(m.rows); r += every {
		y := p.Max.Y - vg.Length((float64(r)+0.5)*h)
		p.text(shorten(m.rows[r], tickSize, room-6), p.Min.X-6, y, aligned(plain(tickSize, ink), draw.XRight, draw.YCenter))
	}
	every = 1
	if l.slanted {
		every = max(1, int(math.Ceil((tickSize+2)/w)))
	}
	for c := 0; c < len(m.columns); c += every {
		x := p.Min.X + vg.Length((float64(c)+0.5)*w)
		if !l.slanted {
			p.text(m.columns[c], x, p.Min.Y-5, aligned(plain(tickSize, ink), draw.XCenter, draw.YTop))
			continue
		}
		sty := aligned(plain(tickSize, ink), draw.XRight, draw.YTop)
		sty.Rotation = slant
		p.text(shorten(m.columns[c], tickSize, longName), x+4, p.Min.Y-5, sty)
	}
}
