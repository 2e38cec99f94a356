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
	names := 0.0
	for _, n := range m.rows {
		names = math.Max(names, textWidth(n, tickSize))
	}
	names = math.Min(names, p.width()/3) + 8
	heads := textWidth(m.left, labelSize)
	if m.left != "" || m.top != "" {
		p.text(m.left, p.Min.X, p.Max.Y, plain(labelSize, softInk))
	}
	p = p.inset(math.Max(names, math.Min(heads+10, names+30)), 0, 0, 0)
	if m.top != "" {
		p.text(m.top+" →", p.Min.X, p.Max.Y, plain(labelSize, softInk))
	}
	if m.left != "" || m.top != "" {
		p = p.inset(0, 0, 0, labelSize+6)
	}
	slanted := m.slanted(p.width())
	foot := float64(tickSize + 8)
	if slanted {
		longest := 0.0
		for _, n := range m.columns {
			longest = math.Max(longest, textWidth(n, tickSize))
		}
		foot = math.Min(longest, longName)*math.Sin(slant) + tickSize + 4
	}
	p = p.inset(0, 0, foot, 0)
	w, h := p.width()/float64(len(m.columns)), p.height()/float64(len(m.rows))
	w = math.Min(w, math.Max(2*h, 58))
	p = p.inset(0, p.width()-w*float64(len(m.columns)), 0, 0)
	m.cells(p, w, h)
	m.names(p, w, h, names, slanted)
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
		p.text(m.entry(r, c), p.X(0.5), p.Y(0.5), aligned(plain(size, contrast(m.shade(r, c))), draw.XCenter, draw.YCenter))
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
func (m matrix) names(p pen, w, h, room float64, slanted bool) {
	every := max(1, int(math.Ceil((tickSize+1)/h)))
	for r := 0; r < len(m.rows); r += every {
		y := p.Max.Y - vg.Length((float64(r)+0.5)*h)
		p.text(shorten(m.rows[r], tickSize, room-6), p.Min.X-6, y, aligned(plain(tickSize, ink), draw.XRight, draw.YCenter))
	}
	every = 1
	if slanted {
		every = max(1, int(math.Ceil((tickSize+2)/w)))
	}
	for c := 0; c < len(m.columns); c += every {
		x := p.Min.X + vg.Length((float64(c)+0.5)*w)
		if !slanted {
			p.text(m.columns[c], x, p.Min.Y-5, aligned(plain(tickSize, ink), draw.XCenter, draw.YTop))
			continue
		}
		sty := aligned(plain(tickSize, ink), draw.XRight, draw.YTop)
		sty.Rotation = slant
		p.text(shorten(m.columns[c], tickSize, longName), x+4, p.Min.Y-5, sty)
	}
}
