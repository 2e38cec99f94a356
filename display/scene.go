package display

import (
	"fmt"
	"image/color"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// scene is a figure before it is drawn: a white card with a title, a body, and
// notes at the foot. The card is opaque, so that it reads on dark pages too.
type scene struct {
	title         string
	subtitle      string
	notes         []string
	width, height float64
	// fixed says that the reader chose the height, so that nothing may add to it.
	fixed bool
	// rigid says that the contents keep their proportions, as drawings and maps do.
	rigid bool
	// paint draws the body into the rectangle of the pen.
	paint func(p pen)
}

// newScene fills in what the options leave open.
func newScene(o Options, title string, width, height float64) *scene {
	s := &scene{title: title, width: width, height: height}
	if o.Title != "" {
		s.title = o.Title
	}
	if o.Width > 0 {
		s.width = clamp(o.Width, 120, 4000)
	}
	if o.Height > 0 {
		s.height, s.fixed = clamp(o.Height, 80, 8000), true
	}
	return s
}

// settle adds to the height what notes and wrapped titles take.
func (s *scene) settle() {
	if s.fixed {
		return
	}
	limit := s.width - 2*cardPadding
	if s.title != "" {
		s.height += float64(len(wrapped(s.title, titleSize, true, limit))-1) * (titleSize + 5)
	}
	if s.subtitle != "" {
		s.height += float64(len(wrapped(s.subtitle, labelSize, false, limit))) * (labelSize + 4)
	}
	for _, n := range s.notes {
		s.height += float64(len(wrapped(n, noteSize, false, limit))) * (noteSize + 4)
	}
}

// draw draws the scene. A panic inside, from gonum/plot or from us, is an error.
func (s *scene) draw(c vg.CanvasSizer) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the figure %q cannot be drawn: %v", s.title, r)
		}
	}()
	p := pen{draw.New(c)}
	p.fillRect(white)
	s.drawIn(p.inset(cardPadding, cardPadding, cardPadding, cardPadding))
	return nil
}

// drawIn draws title, body and notes into the pen's rectangle.
func (s *scene) drawIn(p pen) {
	if s.title != "" {
		for _, line := range p.wrap(s.title, titleSize, true) {
			p.text(line, p.Min.X, p.Max.Y, font15(ink))
			p = p.inset(0, 0, 0, titleSize+5)
		}
	}
	if s.subtitle != "" {
		for _, line := range p.wrap(s.subtitle, labelSize, false) {
			p.text(line, p.Min.X, p.Max.Y, plain(labelSize, softInk))
			p = p.inset(0, 0, 0, labelSize+4)
		}
	}
	if s.title != "" || s.subtitle != "" {
		p = p.inset(0, 0, 0, 5)
	}
	for i := len(s.notes) - 1; i >= 0; i-- {
		lines := p.wrap(s.notes[i], noteSize, false)
		for j := len(lines) - 1; j >= 0; j-- {
			sty := plain(noteSize, softInk)
			sty.YAlign = draw.YBottom
			p.text(lines[j], p.Min.X, p.Min.Y+2, sty)
			p = p.inset(0, 0, noteSize+4, 0)
		}
	}
	s.paint(p)
}

// pen draws in a rectangle. Its y axis points up.
type pen struct{ draw.Canvas }

// inset returns a pen with less room on each side.
func (p pen) inset(left, right, bottom, top float64) pen {
	p.Min.X += vg.Length(left)
	p.Max.X -= vg.Length(right)
	p.Min.Y += vg.Length(bottom)
	p.Max.Y -= vg.Length(top)
	return p
}

func (p pen) width() float64  { return float64(p.Max.X - p.Min.X) }
func (p pen) height() float64 { return float64(p.Max.Y - p.Min.Y) }

// tiles cuts the rectangle into rows of equal panels, the first at the top left.
func (p pen) tiles(columns, rows int, gapX, gapY float64) []pen {
	w := (p.width() - gapX*float64(columns-1)) / float64(columns)
	h := (p.height() - gapY*float64(rows-1)) / float64(rows)
	out := make([]pen, 0, columns*rows)
	for r := range rows {
		for c := range columns {
			left := float64(c) * (w + gapX)
			top := float64(r) * (h + gapY)
			out = append(out, p.inset(left, p.width()-left-w, p.height()-top-h, top))
		}
	}
	return out
}

// split cuts the rectangle at a width from the left.
func (p pen) split(left, gap float64) (pen, pen) {
	return p.inset(0, p.width()-left, 0, 0), p.inset(left+gap, 0, 0, 0)
}

func (p pen) fillRect(c color.Color) { p.box(p.Min.X, p.Min.Y, p.Max.X, p.Max.Y, c) }

// box fills the rectangle between two corners.
func (p pen) box(x0, y0, x1, y1 vg.Length, c color.Color) {
	p.fill(c, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}})
}

// fill fills a polygon.
func (p pen) fill(c color.Color, pts []vg.Point) {
	if len(pts) == 0 {
		return
	}
	var path vg.Path
	path.Move(pts[0])
	for _, q := range pts[1:] {
		path.Line(q)
	}
	path.Close()
	p.SetColor(c)
	p.Fill(path)
}

// frame draws the outline of the rectangle between two corners.
func (p pen) frame(x0, y0, x1, y1 vg.Length, sty draw.LineStyle) {
	p.StrokeLines(sty, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y0}, {X: x1, Y: y1}, {X: x0, Y: y1}, {X: x0, Y: y0}})
}

func (p pen) line(x0, y0, x1, y1 vg.Length, sty draw.LineStyle) {
	p.StrokeLines(sty, []vg.Point{{X: x0, Y: y0}, {X: x1, Y: y1}})
}

// disc fills a circle and, when the edge has a width, strokes its outline.
func (p pen) disc(x, y vg.Length, r float64, fill color.Color, edge draw.LineStyle) {
	var path vg.Path
	path.Move(vg.Point{X: x + vg.Length(r), Y: y})
	path.Arc(vg.Point{X: x, Y: y}, vg.Length(r), 0, 2*pi)
	path.Close()
	p.outlined(path, fill, edge)
}

// outlined fills a path, unless fill is nil, and strokes it when the edge has a width.
func (p pen) outlined(path vg.Path, fill color.Color, edge draw.LineStyle) {
	if c, ok := unwrap(p.Canvas).(*svgCanvas); ok && fill != nil && edge.Width > 0 {
		c.outlined(path, fill, edge)
		return
	}
	if fill != nil {
		p.SetColor(fill)
		p.Fill(path)
	}
	if edge.Width > 0 {
		p.SetLineStyle(edge)
		p.Stroke(path)
	}
}

// text draws a text, by default with its left top at the point.
func (p pen) text(s string, x, y vg.Length, sty text.Style) {
	if sty.YAlign == draw.YCenter {
		y += sty.Font.Size / 10 // centre capitals and digits, not ascenders and descenders
	}
	p.FillText(sty, vg.Point{X: x, Y: y}, s)
}

// halo writes a line of text on a patch of paper, so that it reads over marks.
func (p pen) halo(s string, x, y vg.Length, sty text.Style) {
	w, h := vg.Length(textWidth(s, float64(sty.Font.Size))), sty.Font.Size*0.6
	left := x + vg.Length(sty.XAlign)*w
	p.box(left-1, y-h, left+w+1, y+h, fade(white, 0.85))
	p.text(s, x, y, sty)
}

// plain is a style of text with its left top at the point.
func plain(size float64, c color.Color) text.Style {
	return text.Style{
		Color:   c,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: vg.Length(size)},
		XAlign:  draw.XLeft,
		YAlign:  draw.YTop,
		Handler: typesetter{},
	}
}

// strong is plain in bold.
func strong(size float64, c color.Color) text.Style {
	s := plain(size, c)
	s.Font.Weight = stdfont.WeightBold
	return s
}

func font15(c color.Color) text.Style { return strong(titleSize, c) }

// aligned returns the style with another alignment.
func aligned(s text.Style, x draw.XAlignment, y draw.YAlignment) text.Style {
	s.XAlign, s.YAlign = x, y
	return s
}

func textWidth(s string, size float64) float64 { return float64(plain(size, ink).Width(s)) }
