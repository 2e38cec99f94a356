package display

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"strconv"
	"strings"

	stdfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// fontStack names metric twins of the font that texts are measured with, then
// fonts for Hangul, then whatever the reader has.
const fontStack = `Helvetica,Arial,'Liberation Sans','Noto Sans KR','Noto Sans CJK KR','Apple SD Gothic Neo','Malgun Gothic',sans-serif`

// affine is the map x' = a x + c y + e, y' = b x + d y + f.
type affine struct{ a, b, c, d, e, f float64 }

func (m affine) apply(p vg.Point) (x, y float64) {
	px, py := float64(p.X), float64(p.Y)
	return m.a*px + m.c*py + m.e, m.b*px + m.d*py + m.f
}

// then returns the map that applies n first and m after it.
func (m affine) then(n affine) affine {
	return affine{
		m.a*n.a + m.c*n.b, m.b*n.a + m.d*n.b,
		m.a*n.c + m.c*n.d, m.b*n.c + m.d*n.d,
		m.a*n.e + m.c*n.f + m.e, m.b*n.e + m.d*n.f + m.f,
	}
}

// scale is the factor by which lengths grow.
func (m affine) scale() float64 { return math.Sqrt(math.Abs(m.a*m.d - m.b*m.c)) }

// svgState is what Push saves.
type svgState struct {
	m      affine
	width  float64
	dashes string
	paint  color.NRGBA
}

// svgCanvas is a vg.Canvas that writes small SVG: transforms are worked into the
// coordinates, those are rounded to hundredths of a pixel, neighbours of one
// style share a group, and nothing has an id or a class, so that figures on one
// page cannot disturb each other.
type svgCanvas struct {
	svgState
	w, h  float64
	stack []svgState
	body  bytes.Buffer
	group string
}

func newSVG(w, h float64) *svgCanvas {
	c := &svgCanvas{w: w, h: h}
	c.m = affine{1, 0, 0, -1, 0, h}
	c.width = 1
	c.paint = color.NRGBA{A: 255}
	return c
}

// Size implements vg.CanvasSizer.
func (c *svgCanvas) Size() (vg.Length, vg.Length) { return vg.Length(c.w), vg.Length(c.h) }

// SetLineWidth implements vg.Canvas.
func (c *svgCanvas) SetLineWidth(w vg.Length) { c.width = float64(w) }

// SetLineDash implements vg.Canvas.
func (c *svgCanvas) SetLineDash(pattern []vg.Length, _ vg.Length) {
	parts := make([]string, len(pattern))
	for i, p := range pattern {
		parts[i] = short(float64(p) * c.m.scale())
	}
	c.dashes = strings.Join(parts, " ")
}

// SetColor implements vg.Canvas.
func (c *svgCanvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.paint = color.NRGBAModel.Convert(col).(color.NRGBA)
}

// Rotate implements vg.Canvas.
func (c *svgCanvas) Rotate(r float64) {
	s, k := math.Sincos(r)
	c.m = c.m.then(affine{k, s, -s, k, 0, 0})
}

// Translate implements vg.Canvas.
func (c *svgCanvas) Translate(p vg.Point) {
	c.m = c.m.then(affine{1, 0, 0, 1, float64(p.X), float64(p.Y)})
}

// Scale implements vg.Canvas.
func (c *svgCanvas) Scale(x, y float64) { c.m = c.m.then(affine{x, 0, 0, y, 0, 0}) }

// Push implements vg.Canvas.
func (c *svgCanvas) Push() { c.stack = append(c.stack, c.svgState) }

// Pop implements vg.Canvas.
func (c *svgCanvas) Pop() {
	c.svgState = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

// Stroke implements vg.Canvas.
func (c *svgCanvas) Stroke(p vg.Path) {
	if c.width <= 0 || len(p) == 0 {
		return
	}
	c.shape(`fill="none" `+c.strokeStyle(), p)
}

func (c *svgCanvas) strokeStyle() string {
	style := `stroke="` + hex(c.paint) + `" stroke-width="` + short(c.width*c.m.scale()) + `"`
	if c.paint.A < 255 {
		style += ` stroke-opacity="` + short(float64(c.paint.A)/255) + `"`
	}
	if c.dashes != "" {
		style += ` stroke-dasharray="` + c.dashes + `"`
	}
	return style
}

// outlined fills and strokes a path in one element.
func (c *svgCanvas) outlined(p vg.Path, fill color.Color, edge draw.LineStyle) {
	c.SetColor(fill)
	style := c.fillStyle()
	c.SetColor(edge.Color)
	c.SetLineWidth(edge.Width)
	c.SetLineDash(edge.Dashes, edge.DashOffs)
	c.shape(style+" "+c.strokeStyle(), p)
}

// Fill implements vg.Canvas.
func (c *svgCanvas) Fill(p vg.Path) {
	if len(p) == 0 || c.paint.A == 0 {
		return
	}
	c.shape(c.fillStyle(), p)
}

func (c *svgCanvas) fillStyle() string {
	style := `fill="` + hex(c.paint) + `"`
	if c.paint.A < 255 {
		style += ` fill-opacity="` + short(float64(c.paint.A)/255) + `"`
	}
	return style
}

// open starts a group of a style, unless the last one has it.
func (c *svgCanvas) open(style string) {
	if c.group == style {
		return
	}
	c.close()
	c.body.WriteString("<g " + style + ">")
	c.group = style
}

func (c *svgCanvas) close() {
	if c.group != "" {
		c.body.WriteString("</g>\n")
	}
	c.group = ""
}

func (c *svgCanvas) shape(style string, p vg.Path) {
	c.open(style)
	if a, ok := circle(p); ok {
		x, y := c.m.apply(a.Pos)
		fmt.Fprintf(&c.body, `<circle cx="%s" cy="%s" r="%s"/>`, short(x), short(y), short(float64(a.Radius)*c.m.scale()))
		return
	}
	c.body.WriteString(`<path d="`)
	c.path(p)
	c.body.WriteString(`"/>`)
}

// circle says whether a path is one full circle.
func circle(p vg.Path) (vg.PathComp, bool) {
	for _, s := range p {
		if s.Type == vg.ArcComp && math.Abs(s.Angle) >= 2*math.Pi-1e-9 {
			return s, true
		}
	}
	return vg.PathComp{}, false
}

func (c *svgCanvas) path(p vg.Path) {
	round := func(x float64) float64 { return x }
	if len(p) > 100 { // a tenth of a pixel is enough in long paths
		round = func(x float64) float64 { return math.Round(x*10) / 10 }
	}
	at := func(p vg.Point) string {
		x, y := c.m.apply(p)
		return short(round(x)) + " " + short(round(y))
	}
	for i, s := range p {
		switch s.Type {
		case vg.MoveComp:
			c.body.WriteString("M" + at(s.Pos))
		case vg.LineComp:
			c.body.WriteString("L" + at(s.Pos))
		case vg.CurveComp:
			c.body.WriteString([]string{"Q", "C"}[len(s.Control)-1])
			for _, q := range s.Control {
				c.body.WriteString(at(q) + " ")
			}
			c.body.WriteString(at(s.Pos))
		case vg.ArcComp:
			c.arc(s, i == 0, at)
		case vg.CloseComp:
			c.body.WriteString("Z")
		}
	}
}

func (c *svgCanvas) arc(s vg.PathComp, first bool, at func(vg.Point) string) {
	on := func(a float64) vg.Point {
		sin, cos := math.Sincos(a)
		return vg.Point{X: s.Pos.X + s.Radius*vg.Length(cos), Y: s.Pos.Y + s.Radius*vg.Length(sin)}
	}
	op := "L"
	if first {
		op = "M"
	}
	large, sweep := 0, 0
	if math.Abs(s.Angle) > math.Pi {
		large = 1
	}
	if s.Angle < 0 { // the y axis points down in SVG
		sweep = 1
	}
	r := short(float64(s.Radius) * c.m.scale())
	fmt.Fprintf(&c.body, "%s%sA%s %s 0 %d %d %s", op, at(on(s.Start)), r, r, large, sweep, at(on(s.Start+s.Angle)))
}

// FillString implements vg.Canvas.
func (c *svgCanvas) FillString(f font.Face, p vg.Point, s string) {
	c.text(f.Font, p, s, 0, 0)
}

// text writes a line of text whose baseline starts (align 0), is centred (-0.5)
// or ends (-1) at p. A width that is not 0 is kept whatever font the reader has.
func (c *svgCanvas) text(f font.Font, p vg.Point, s string, align, width float64) {
	if f.Size <= 0 || s == "" {
		return
	}
	c.open(c.fillStyle())
	x, y := c.m.apply(p)
	fmt.Fprintf(&c.body, `<text x="%s" y="%s" font-size="%s"`, short(x), short(y), short(float64(f.Size)*c.m.scale()))
	if f.Weight >= stdfont.WeightSemiBold {
		c.body.WriteString(` font-weight="bold"`)
	}
	switch align {
	case -0.5:
		c.body.WriteString(` text-anchor="middle"`)
	case -1:
		c.body.WriteString(` text-anchor="end"`)
	}
	if angle := math.Atan2(c.m.b, c.m.a) * 180 / math.Pi; math.Abs(angle) > 1e-6 {
		fmt.Fprintf(&c.body, ` transform="rotate(%s %s %s)"`, short(angle), short(x), short(y))
	}
	if width > 0 {
		fmt.Fprintf(&c.body, ` textLength="%s" lengthAdjust="spacingAndGlyphs"`, short(width*c.m.scale()))
	}
	c.body.WriteByte('>')
	xml.EscapeText(&c.body, []byte(s))
	c.body.WriteString("</text>")
}

// DrawImage implements vg.Canvas.
func (c *svgCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	var data bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestCompression}
	if f, ok := img.(field); ok {
		img = f.image()
	}
	if err := enc.Encode(&data, paletted(img)); err != nil {
		panic(fmt.Errorf("encoding an image of a figure: %w", err)) // a bytes.Buffer cannot fail
	}
	c.close()
	x0, y1 := c.m.apply(r.Min)
	x1, y0 := c.m.apply(r.Max)
	fmt.Fprintf(&c.body, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:%s" href="data:image/png;base64,%s"/>`+"\n",
		short(x0), short(y0), short(x1-x0), short(y1-y0), rendering(img), base64.StdEncoding.EncodeToString(data.Bytes()))
}

// paletted returns the same image with a palette, if it has few enough colours:
// it is a third of the size.
func paletted(img image.Image) image.Image {
	if _, ok := img.(*image.Paletted); ok {
		return img
	}
	b := img.Bounds()
	at := func(x, y int) color.NRGBA { return color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA) }
	switch n := img.(type) {
	case *image.NRGBA:
		at = n.NRGBAAt
	case crisp:
		at = n.NRGBAAt
	}
	index := make(map[color.NRGBA]uint8)
	out := image.NewPaletted(b, nil)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := at(x, y)
			i, ok := index[c]
			if !ok {
				if len(index) == 256 {
					return img
				}
				i = uint8(len(index))
				index[c] = i
				out.Palette = append(out.Palette, c)
			}
			out.SetColorIndex(x, y, i)
		}
	}
	return out
}

// rendering says how an image grows.
func rendering(img image.Image) string {
	if _, ok := img.(crisp); ok {
		return "pixelated"
	}
	return "auto"
}

// document returns the whole SVG text. The label is read by screen readers.
func (c *svgCanvas) document(label string) string {
	c.close()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" aria-label="`,
		short(c.w), short(c.h), short(c.w), short(c.h))
	xml.EscapeText(&b, []byte(label))
	fmt.Fprintf(&b, `" font-family="%s" stroke-linejoin="round">`+"\n", fontStack)
	b.Write(c.body.Bytes())
	b.WriteString("</svg>\n")
	return b.String()
}

// short writes a number with at most two decimals. What is very far outside the
// picture stands at a place that every browser can count to.
func short(x float64) string {
	r := math.Round(clamp(x, -1e6, 1e6)*100) / 100
	if r == 0 {
		return "0" // not -0
	}
	return strconv.FormatFloat(r, 'f', -1, 64)
}

func hex(c color.NRGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
