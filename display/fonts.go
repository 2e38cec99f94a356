package display

import (
	"math"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/image/font/sfnt"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// latin serves most texts: Liberation Sans, which travels inside the binary and
// has the widths of Helvetica and Arial.
var latin = sync.OnceValue(func() *font.Cache { return font.NewCache(liberation.Collection()) })

// typesetter is a gonum text handler that sets each stretch of a text in a font
// that has its glyphs, and lets canvases that can align texts do so.
type typesetter struct{}

var _ text.Handler = typesetter{}

// anchored is a canvas that aligns texts by itself, in the reader's font.
type anchored interface {
	text(f font.Font, p vg.Point, s string, align, width float64)
}

// run is a stretch of text in one face.
type run struct {
	face font.Face
	text string
}

// Cache implements text.Handler.
func (typesetter) Cache() *font.Cache { return latin() }

// Extents implements text.Handler.
func (typesetter) Extents(f font.Font) font.Extents {
	face := latin().Lookup(f, f.Size)
	return face.Extents()
}

// Lines implements text.Handler.
func (typesetter) Lines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// Box implements text.Handler.
func (t typesetter) Box(s string, f font.Font) (width, height, depth vg.Length) {
	ext := t.Extents(f)
	return runsWidth(runs(s, f)), ext.Ascent, ext.Descent
}

// Draw implements text.Handler.
func (t typesetter) Draw(c vg.Canvas, s string, sty text.Style, pt vg.Point) {
	if strings.TrimSpace(s) == "" {
		return
	}
	c.SetColor(sty.Color)
	if sty.Rotation != 0 {
		c.Push()
		defer c.Pop()
		c.Rotate(sty.Rotation)
		sin, cos := math.Sincos(sty.Rotation)
		pt = vg.Point{
			X: pt.Y*vg.Length(sin) + pt.X*vg.Length(cos),
			Y: pt.Y*vg.Length(cos) - pt.X*vg.Length(sin),
		}
	}
	lines := t.Lines(s)
	pt.Y += sty.Height(s)*vg.Length(sty.YAlign) - t.Extents(sty.Font).Ascent
	for i, line := range lines {
		n := vg.Length(len(lines) - i)
		drawLine(c, line, sty, vg.Point{X: pt.X, Y: pt.Y + n*sty.Font.Size*lineHeight(len(lines))})
	}
}

// lineHeight spreads several lines a little.
func lineHeight(lines int) vg.Length {
	if lines > 1 {
		return 1.15
	}
	return 1
}

func drawLine(c vg.Canvas, line string, sty text.Style, pt vg.Point) {
	rs := runs(line, sty.Font)
	width := runsWidth(rs)
	if a, ok := unwrap(c).(anchored); ok {
		a.text(sty.Font, pt, line, float64(sty.XAlign), pinned(line, width))
		return
	}
	pt.X += vg.Length(sty.XAlign) * width
	for _, r := range rs {
		c.FillString(r.face, pt, r.text)
		pt.X += r.face.Width(r.text)
	}
}

// pinned is the width that a line must keep in a reader's font: that of longer
// Latin texts. Short ones may vary; Hangul is as wide as the reader's font makes it.
func pinned(line string, width vg.Length) float64 {
	if len(line) < 8 {
		return 0
	}
	for _, r := range line {
		if unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			return 0
		}
	}
	return float64(width)
}

// unwrap returns the canvas inside draw.Canvas values.
func unwrap(c vg.Canvas) vg.Canvas {
	for {
		switch d := c.(type) {
		case draw.Canvas:
			c = d.Canvas
		case *draw.Canvas:
			c = d.Canvas
		default:
			return c
		}
	}
}

func runsWidth(rs []run) (w vg.Length) {
	for _, r := range rs {
		w += r.face.Width(r.text)
	}
	return w
}

// runs splits a text by the faces that have its glyphs. Without a font for
// Hangul its syllables are spelt in Latin letters, so that no box stays empty;
// other unknown characters become "?".
func runs(s string, f font.Font) []run {
	base := latin().Lookup(f, f.Size)
	var buf sfnt.Buffer
	has := func(face font.Face, r rune) bool {
		i, err := face.Face.GlyphIndex(&buf, r)
		return err == nil && i != 0
	}
	var out []run
	add := func(face font.Face, s string) {
		if n := len(out); n > 0 && out[n-1].face == face {
			out[n-1].text += s
			return
		}
		out = append(out, run{face, s})
	}
	for _, r := range s {
		if has(base, r) {
			add(base, string(r))
			continue
		}
		if wide, ok := wideFace(f); ok && has(wide, r) {
			add(wide, string(r))
			continue
		}
		add(base, spellOut(r))
	}
	return out
}

// wideFace returns the installed face for Hangul and other CJK texts.
func wideFace(f font.Font) (font.Face, bool) {
	w := wideFonts()
	face := w.regular
	if f.Weight > 0 && w.bold != nil {
		face = w.bold
	}
	return font.Face{Font: f, Face: face}, face != nil
}

// spellOut returns a stand-in for a character that no font has.
func spellOut(r rune) string {
	if s, ok := romanise(r); ok {
		return s
	}
	return "?"
}
