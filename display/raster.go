package display

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pngDPI makes two pixels of every CSS pixel, for sharp screens.
const pngDPI = 144

// largestSVG is how many bytes a drawing may have; a larger one, which browsers
// draw slowly and notebooks store forever, becomes an image.
const largestSVG = 300_000

func (s *scene) svg(label string) (string, error) {
	c := newSVG(s.width, s.height)
	if err := s.draw(c); err != nil {
		return "", err
	}
	if c.body.Len() <= largestSVG-1000 {
		return c.document(label), nil
	}
	for _, dpi := range []int{pngDPI, 108, 72, 36, 18} {
		img, err := s.raster(dpi)
		if err != nil {
			return "", err
		}
		if p := withPalette(img); p != nil {
			img = p
		}
		c = newSVG(s.width, s.height)
		c.DrawImage(vg.Rectangle{Max: vg.Point{X: vg.Length(s.width), Y: vg.Length(s.height)}}, img)
		if c.body.Len() <= largestSVG-1000 {
			break
		}
	}
	return c.document(label), nil
}

func (s *scene) raster(dpi int) (image.Image, error) {
	c := newRaster(vg.Length(s.width), vg.Length(s.height), dpi)
	err := s.draw(c)
	return c.img, err
}

func (s *scene) png() ([]byte, error) {
	img, err := s.raster(pngDPI)
	if err != nil {
		return nil, err
	}
	return encodePNG(img)
}

// encodePNG writes an image with a palette where that serves, which is a third of
// the size and of the time, and otherwise in full colour.
func encodePNG(img image.Image) ([]byte, error) {
	if p := withPalette(img); p != nil {
		img = p
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		return nil, fmt.Errorf("writing PNG: %w", err)
	}
	return b.Bytes(), nil
}

// pdf draws the figure on a page of its own size: a CSS pixel is 3/4 of a point.
func (s *scene) pdf() ([]byte, error) {
	const points = 0.75
	page := vgpdf.New(vg.Length(s.width)*points, vg.Length(s.height)*points)
	page.Scale(points, points)
	if err := s.draw(&pdfCanvas{Canvas: page, w: vg.Length(s.width), h: vg.Length(s.height)}); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if _, err := page.WriteTo(&b); err != nil {
		return nil, fmt.Errorf("writing PDF: %w", err)
	}
	return b.Bytes(), nil
}

// pdfCanvas draws texts beyond ASCII and bold ones as outlines, since vgpdf knows
// one code page and does not find bold fonts that it embeds.
type pdfCanvas struct {
	*vgpdf.Canvas
	w, h vg.Length
}

// Size implements vg.CanvasSizer in CSS pixels.
func (c *pdfCanvas) Size() (vg.Length, vg.Length) { return c.w, c.h }

// DrawImage implements vg.Canvas. vgpdf draws images upside down, and viewers
// enlarge them each in their own way, so that they are made large here.
func (c *pdfCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	size := img.Bounds().Size()
	k := math.Ceil(2 * math.Max(float64(r.Size().X)/float64(size.X), float64(r.Size().Y)/float64(size.Y)))
	c.Canvas.DrawImage(r, mirrored(enlarged(img, int(clamp(k, 1, 64)))))
}

// FillString implements vg.Canvas.
func (c *pdfCanvas) FillString(f font.Face, p vg.Point, s string) {
	if f.Font.Weight != 0 || strings.ContainsFunc(s, func(r rune) bool { return r >= 0x7f }) {
		c.Fill(outline(f, p, s))
		return
	}
	c.Canvas.FillString(f, p, s)
}

// outline returns the glyphs of a text as a path. Quadratic and cubic segments
// are handed on; y points up.
func outline(f font.Face, p vg.Point, s string) vg.Path {
	var buf sfnt.Buffer
	var path vg.Path
	ppem := fixed.I(int(f.Face.UnitsPerEm()))
	unit := f.Font.Size / vg.Length(f.Face.UnitsPerEm())
	at := func(q fixed.Point26_6) vg.Point {
		return vg.Point{X: p.X + vg.Length(q.X)/64*unit, Y: p.Y - vg.Length(q.Y)/64*unit}
	}
	for _, r := range s {
		i, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		segments, err := f.Face.LoadGlyph(&buf, i, ppem, nil)
		if err == nil {
			path = appendGlyph(path, segments, at)
		}
		p.X += f.Width(string(r))
	}
	return path
}

func appendGlyph(path vg.Path, segments sfnt.Segments, at func(fixed.Point26_6) vg.Point) vg.Path {
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			path.Move(at(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			path.Line(at(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			path.QuadTo(at(s.Args[0]), at(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			path.CubeTo(at(s.Args[0]), at(s.Args[1]), at(s.Args[2]))
		}
	}
	return path
}

var _ vg.CanvasSizer = (*pdfCanvas)(nil)
