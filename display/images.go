package display

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ImagesData is what Images draws.
type ImagesData struct {
	// Images are pixels in rows, each Width*Height*Channels numbers.
	Images [][]float64
	// Width and Height are each image's size in pixels, Channels 1 (grey) or 3
	// (red, green, blue); 0 means 1.
	Width, Height, Channels int
	// Low and High are the values of black and white; both 0: the range found.
	Low, High float64
	// Diverging draws 0 white, negative numbers blue and positive ones orange,
	// for weights.
	Diverging bool
	// Labels stand under the images; Wrong marks labels in a warning colour. Both may be nil.
	Labels []string
	Wrong  []bool
	// Columns is the number of images in a row; 0 chooses.
	Columns int
}

const (
	maxImages   = 400
	imagesBytes = 200_000 // of all images of a figure as PNG
)

// Images draws small images in a grid. At most 400 are drawn, and fewer when
// they are large.
func Images(d ImagesData, o Options) (*Figure, error) {
	if d.Channels == 0 {
		d.Channels = 1
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("images: %w", err)
	}
	values := d.values()
	n := d.fitting(values)
	m := d.mosaic(n, orWidth(o)-2*cardPadding)
	s := newScene(o, count(len(d.Images), "image"), notebookWidth, clamp(2*cardPadding+30+m.height(), 80, 8000))
	s.rigid = true
	if n < len(d.Images) {
		s.notes = []string{fmt.Sprintf("The first %d of %s are drawn.", n, count(len(d.Images), "image"))}
	}
	s.notes = append(s.notes, gaps(notFinite(d.Images[:n]...))...)
	s.paint = func(p pen) { d.paint(p, values, n, m) }
	return build(s, d.text(values, n), d.data()), nil
}

func (d ImagesData) check() error {
	if len(d.Images) == 0 {
		return errors.New("expected at least one image, got none")
	}
	if d.Width < 1 || d.Height < 1 || d.Width > 4096 || d.Height > 4096 {
		return fmt.Errorf("expected a width and a height of 1 to 4096 pixels, got %d and %d", d.Width, d.Height)
	}
	if d.Channels != 1 && d.Channels != 3 {
		return fmt.Errorf("expected 1 channel (grey) or 3 (red, green, blue), got %d", d.Channels)
	}
	for i, img := range d.Images {
		if want := d.Width * d.Height * d.Channels; len(img) != want {
			return fmt.Errorf("image %d: expected %d × %d × %d = %d numbers, got %d", i+1, d.Width, d.Height, d.Channels, want, len(img))
		}
	}
	if d.Columns < 0 || d.Labels != nil && len(d.Labels) != len(d.Images) || d.Wrong != nil && len(d.Wrong) != len(d.Images) {
		return fmt.Errorf("expected one label per image (%d) and columns of 0 or more, got %d, %d and %d", len(d.Images), len(d.Labels), len(d.Wrong), d.Columns)
	}
	return nil
}

func (d ImagesData) columns(n int) int {
	if d.Columns > 0 {
		return min(d.Columns, 50)
	}
	return int(clamp(math.Ceil(math.Sqrt(1.6*float64(n))), 1, 20))
}

// values is the range of black and white.
func (d ImagesData) values() span {
	r := span{d.Low, d.High}
	if d.Low == 0 && d.High == 0 {
		r = emptySpan()
		for _, img := range d.Images {
			r = r.add(img...)
		}
	}
	r = r.wide()
	if d.Diverging {
		m := math.Max(math.Abs(r.lo), math.Abs(r.hi))
		return span{-m, m}
	}
	return r
}

// shader turns a pixel of an image into its colour.
func (d ImagesData) shader(r span) func(img []float64, pixel int) colour {
	level := func(x float64) float64 { return (x - r.lo) / (r.hi - r.lo) }
	grey := func(x float64) uint8 { return uint8(math.Round(255 * clamp(level(x), 0, 1))) }
	signed := shades(32, diverging.at)
	return func(img []float64, pixel int) colour {
		values := img[pixel*d.Channels : (pixel+1)*d.Channels]
		switch {
		case notFinite(values) > 0:
			return tint(warning, 0.5)
		case d.Channels == 3:
			return colour{R: grey(values[0]), G: grey(values[1]), B: grey(values[2]), A: 255}
		case d.Diverging:
			return signed(level(values[0]))
		}
		g := grey(values[0])
		return colour{R: g, G: g, B: g, A: 255}
	}
}

// row draws images side by side into one picture, with a white line between.
func (d ImagesData) row(images [][]float64, r span, gap int) *image.NRGBA {
	w, shade := d.Width+gap, d.shader(r)
	out := image.NewNRGBA(image.Rect(0, 0, len(images)*w-gap, d.Height))
	for i, img := range images {
		for pixel := range d.Width * d.Height {
			out.SetNRGBA(i*w+pixel%d.Width, pixel/d.Width, shade(img, pixel))
		}
	}
	return out
}

// fitting is how many images can be drawn, judged by how well the first ones
// compress.
func (d ImagesData) fitting(r span) int {
	n := min(len(d.Images), maxImages)
	sample := min(n, max(1, 40_000/(d.Width*d.Height)))
	var b bytes.Buffer
	if err := png.Encode(&b, paletted(d.row(d.Images[:sample], r, 0))); err != nil {
		return sample
	}
	return max(1, min(n, imagesBytes*sample/max(b.Len(), 1)))
}

// mosaic is where images stand: in columns, each so wide and high, with a gap
// between that is whole pixels of the images, so that a row is one picture.
type mosaic struct {
	columns, rows    int
	gap              int
	cell, high, foot float64
}

func (d ImagesData) mosaic(n int, width float64) mosaic {
	m := mosaic{columns: d.columns(n), gap: max(1, d.Width/12)}
	m.rows = (n + m.columns - 1) / m.columns
	m.fit(d, math.Min(width, 110*float64(m.columns)))
	if d.Labels != nil {
		m.foot = labelSize + 5
	}
	return m
}

// fit gives the columns a width.
func (m *mosaic) fit(d ImagesData, width float64) {
	pixels := float64(m.columns*(d.Width+m.gap) - m.gap)
	m.cell = width / pixels * float64(d.Width)
	m.high = m.cell * float64(d.Height) / float64(d.Width)
}

// pitch is the distance from one image to the next.
func (m mosaic) pitch(d ImagesData) float64 {
	return m.cell * float64(d.Width+m.gap) / float64(d.Width)
}

func (m mosaic) height() float64 { return float64(m.rows) * (m.high + m.foot + 5) }

func (d ImagesData) paint(p pen, r span, n int, m mosaic) {
	m.fit(d, math.Min(p.width(), 110*float64(m.columns)))
	if h := m.height(); h > p.height() {
		share := math.Max(0.1, (p.height()-float64(m.rows)*(m.foot+5))/(float64(m.rows)*m.high))
		m.cell, m.high = m.cell*share, m.high*share
	}
	for row := range m.rows {
		from, to := row*m.columns, min((row+1)*m.columns, n)
		top := float64(row) * (m.high + m.foot + 5)
		line := p.inset(0, 0, p.height()-top-m.high, top)
		strip := line
		strip.Max.X = strip.Min.X + vg.Length(m.pitch(d)*float64(to-from-1)+m.cell)
		strip.pixels(d.row(d.Images[from:to], r, m.gap))
		for i := from; i < to; i++ {
			left := m.pitch(d) * float64(i-from)
			q := line.inset(left, line.width()-left-m.cell, 0, 0)
			q.frame(q.Min.X, q.Min.Y, q.Max.X, q.Max.Y, stroke(paleGrey, 0.5))
			d.label(q, i)
		}
	}
}

// label writes the label of an image below it.
func (d ImagesData) label(p pen, i int) {
	if d.Labels == nil {
		return
	}
	sty := aligned(plain(tickSize, ink), draw.XCenter, draw.YTop)
	if d.Wrong != nil && d.Wrong[i] {
		sty = aligned(strong(tickSize, warning), draw.XCenter, draw.YTop)
	}
	p.text(shorten(d.Labels[i], tickSize, p.width()+4), p.X(0.5), p.Min.Y-2, sty)
}

func (d ImagesData) text(r span, n int) string {
	lines := []string{fmt.Sprintf("%s of %d × %d pixels, values from %s to %s.", count(len(d.Images), "image"), d.Width, d.Height, number(r.lo), number(r.hi))}
	if n < len(d.Images) {
		lines = append(lines, fmt.Sprintf("The first %d are drawn.", n))
	}
	if d.Labels != nil {
		lines = append(lines, "Labels: "+strings.Join(d.Labels[:min(len(d.Labels), 40)], ", ")+map[bool]string{true: ", …", false: "."}[len(d.Labels) > 40])
	}
	wrong := 0
	for _, w := range d.Wrong {
		if w {
			wrong++
		}
	}
	if wrong > 0 {
		lines = append(lines, count(wrong, "label is|labels are")+" marked as wrong.")
	}
	return strings.Join(lines, "\n")
}

// data is a row for each image: its label and the range and mean of its values.
func (d ImagesData) data() Data {
	out := Data{Columns: []Column{{Name: "image"}, {Name: "mean"}, {Name: "min"}, {Name: "max"}}}
	for i, img := range d.Images {
		s := summarise(img)
		for k, x := range []float64{float64(i + 1), s.mean, s.lo, s.hi} {
			out.Columns[k].Numbers = append(out.Columns[k].Numbers, x)
		}
	}
	if d.Labels != nil {
		out.Columns = append(out.Columns, Column{Name: "label", Strings: d.Labels})
	}
	return out
}
