package display

import (
	"image"
	"image/color"
	"math"

	"git.sr.ht/~sbinet/gg"
	"golang.org/x/image/draw"
	stdfont "golang.org/x/image/font"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// rasterCanvas draws fills, texts and images into pixels by itself, which is many
// times faster than vgimg's way, and leaves lines to vgimg. Letters and sharp
// pixels stay sharp.
type rasterCanvas struct {
	*vgimg.Canvas
	ctx   *gg.Context
	img   *image.RGBA
	w, h  vg.Length
	inks  []color.Color // a stack; the last one is in use
	shape vector.Rasterizer
	faces map[font.Face]stdfont.Face
}

var _ vg.CanvasSizer = (*rasterCanvas)(nil)

func newRaster(w, h vg.Length, dpi int) *rasterCanvas {
	dots := func(x vg.Length) int { return int(x.Dots(float64(dpi)) + 0.5) }
	c := &rasterCanvas{
		img: image.NewRGBA(image.Rect(0, 0, dots(w), dots(h))), w: w, h: h,
		inks: []color.Color{color.Black}, faces: make(map[font.Face]stdfont.Face),
	}
	c.ctx = gg.NewContextForRGBA(c.img)
	c.ctx.SetLineCapButt()
	c.ctx.InvertY()
	c.Canvas = vgimg.NewWith(vgimg.UseImageWithContext(c.img, c.ctx), vgimg.UseDPI(dpi))
	return c
}

// Size implements vg.CanvasSizer.
func (c *rasterCanvas) Size() (w, h vg.Length) { return c.w, c.h }

// SetColor implements vg.Canvas.
func (c *rasterCanvas) SetColor(ink color.Color) {
	c.Canvas.SetColor(ink)
	c.inks[len(c.inks)-1] = ink
}

// Push implements vg.Canvas.
func (c *rasterCanvas) Push() {
	c.Canvas.Push()
	c.inks = append(c.inks, c.ink())
}

// Pop implements vg.Canvas.
func (c *rasterCanvas) Pop() {
	c.Canvas.Pop()
	c.inks = c.inks[:len(c.inks)-1]
}

func (c *rasterCanvas) ink() color.Color { return c.inks[len(c.inks)-1] }

// at is the place of a point in pixels, from the left top.
func (c *rasterCanvas) at(p vg.Point) (x, y float64) {
	return c.ctx.TransformPoint(p.X.Dots(c.DPI()), p.Y.Dots(c.DPI()))
}

// upright says that the canvas is not turned.
func (c *rasterCanvas) upright() bool {
	x0, y0 := c.ctx.TransformPoint(0, 0)
	x1, y1 := c.ctx.TransformPoint(1, 0)
	return x1-x0 == 1 && y1 == y0
}

// Fill implements vg.Canvas.
func (c *rasterCanvas) Fill(p vg.Path) {
	lines := c.flat(p)
	if x0, y0, x1, y1, ok := upright(lines); ok {
		c.fillRect(x0, y0, x1, y1)
		return
	}
	lo, hi := extent(lines)
	box := image.Rect(lo[0], lo[1], hi[0], hi[1]).Intersect(c.img.Rect)
	if box.Empty() {
		return
	}
	c.shape.Reset(box.Dx(), box.Dy())
	for _, line := range lines {
		for i, q := range line {
			x, y := float32(q[0]-float64(box.Min.X)), float32(q[1]-float64(box.Min.Y))
			if i == 0 {
				c.shape.MoveTo(x, y)
				continue
			}
			c.shape.LineTo(x, y)
		}
		c.shape.ClosePath()
	}
	c.shape.Draw(c.img, box, image.NewUniform(c.ink()), image.Point{})
}

// flat is a path as closed lines through places in pixels.
func (c *rasterCanvas) flat(p vg.Path) (lines [][][2]float64) {
	var line [][2]float64
	add := func(q vg.Point) {
		x, y := c.at(q)
		line = append(line, [2]float64{x, y})
	}
	var from vg.Point
	for _, s := range p {
		switch s.Type {
		case vg.MoveComp:
			if line != nil {
				lines, line = append(lines, line), nil
			}
			add(s.Pos)
		case vg.LineComp:
			add(s.Pos)
		case vg.ArcComp:
			n := int(math.Ceil(4 + 3*math.Abs(s.Angle)*math.Sqrt(s.Radius.Dots(c.DPI()))))
			for i := range n + 1 {
				sin, cos := math.Sincos(s.Start + s.Angle*float64(i)/float64(n))
				add(vg.Point{X: s.Pos.X + s.Radius*vg.Length(cos), Y: s.Pos.Y + s.Radius*vg.Length(sin)})
			}
		case vg.CurveComp:
			for i := 1; i <= curvePieces; i++ {
				add(onCurve(from, s.Control, s.Pos, vg.Length(i)/curvePieces))
			}
		}
		from = s.Pos
	}
	return append(lines, line)
}

// curvePieces is how many straight pieces stand for a curve.
const curvePieces = 12

// onCurve is a point of a Bézier curve with one or two control points, by de
// Casteljau's algorithm.
func onCurve(from vg.Point, control []vg.Point, to vg.Point, t vg.Length) vg.Point {
	pts := append(append([]vg.Point{from}, control...), to)
	for n := len(pts) - 1; n > 0; n-- {
		for i := range n {
			pts[i].X += t * (pts[i+1].X - pts[i].X)
			pts[i].Y += t * (pts[i+1].Y - pts[i].Y)
		}
	}
	return pts[0]
}

// extent is the box of pixels around lines.
func extent(lines [][][2]float64) (lo, hi [2]int) {
	lo, hi = [2]int{math.MaxInt32, math.MaxInt32}, [2]int{math.MinInt32, math.MinInt32}
	for _, line := range lines {
		for _, q := range line {
			for k := range 2 {
				lo[k], hi[k] = min(lo[k], int(math.Floor(q[k]))), max(hi[k], int(math.Ceil(q[k])))
			}
		}
	}
	return lo, hi
}

// upright says whether lines are one rectangle with upright sides, and which.
func upright(lines [][][2]float64) (x0, y0, x1, y1 float64, ok bool) {
	if len(lines) != 1 || len(lines[0]) != 4 {
		return 0, 0, 0, 0, false
	}
	a, b, c, d := lines[0][0], lines[0][1], lines[0][2], lines[0][3]
	ok = a[1] == b[1] && b[0] == c[0] && c[1] == d[1] && d[0] == a[0] ||
		a[0] == b[0] && b[1] == c[1] && c[0] == d[0] && d[1] == a[1]
	return min(a[0], c[0]), min(a[1], c[1]), max(a[0], c[0]), max(a[1], c[1]), ok
}

// fillRect fills a rectangle; pixels at its sides get as much ink as it covers.
func (c *rasterCanvas) fillRect(x0, y0, x1, y1 float64) {
	r := image.Rect(int(math.Floor(x0)), int(math.Floor(y0)), int(math.Ceil(x1)), int(math.Ceil(y1))).Intersect(c.img.Rect)
	ink := image.NewUniform(c.ink())
	inner := image.Rect(int(math.Ceil(x0)), int(math.Ceil(y0)), int(math.Floor(x1)), int(math.Floor(y1))).Intersect(r)
	cover := func(i int, lo, hi float64) float64 { return min(float64(i+1), hi) - max(float64(i), lo) }
	side := func(part image.Rectangle) {
		part = part.Intersect(r)
		for y := part.Min.Y; y < part.Max.Y; y++ {
			for x := part.Min.X; x < part.Max.X; x++ {
				share := uint8(math.Round(255 * clamp(cover(x, x0, x1)*cover(y, y0, y1), 0, 1)))
				draw.DrawMask(c.img, image.Rect(x, y, x+1, y+1), ink, image.Point{}, image.NewUniform(color.Alpha{share}), image.Point{}, draw.Over)
			}
		}
	}
	if inner.Empty() {
		side(r)
		return
	}
	draw.Draw(c.img, inner, ink, image.Point{}, draw.Over)
	side(image.Rect(r.Min.X, r.Min.Y, r.Max.X, inner.Min.Y))
	side(image.Rect(r.Min.X, inner.Max.Y, r.Max.X, r.Max.Y))
	side(image.Rect(r.Min.X, inner.Min.Y, inner.Min.X, inner.Max.Y))
	side(image.Rect(inner.Max.X, inner.Min.Y, r.Max.X, inner.Max.Y))
}

// FillString implements vg.Canvas.
func (c *rasterCanvas) FillString(f font.Face, p vg.Point, s string) {
	if !c.upright() {
		c.Fill(outline(f, p, s))
		return
	}
	face, ok := c.faces[f]
	if !ok {
		face = f.FontFace(c.DPI())
		c.faces[f] = face
	}
	x, y := c.at(p)
	d := stdfont.Drawer{Dst: c.img, Src: image.NewUniform(c.ink()), Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(math.Round(64 * x)), Y: fixed.Int26_6(math.Round(64 * y))}}
	d.DrawString(s)
}

// DrawImage implements vg.Canvas.
func (c *rasterCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	x0, y1 := c.at(r.Min)
	x1, y0 := c.at(r.Max)
	whole := func(x float64) int { return int(math.Round(x)) }
	to := image.Rect(whole(x0), whole(y0), whole(x1), whole(y1))
	switch s := img.(type) {
	case crisp:
		draw.NearestNeighbor.Scale(c.img, to, s.NRGBA, s.Bounds(), draw.Over, nil)
	case field:
		part := to.Intersect(c.img.Rect).Sub(to.Min)
		s.paint(to.Size(), part, func(x, y int, q colour) { c.img.SetRGBA(to.Min.X+x, to.Min.Y+y, color.RGBA(q)) })
	default:
		draw.ApproxBiLinear.Scale(c.img, to, img, img.Bounds(), draw.Over, nil)
	}
}
