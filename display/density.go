package display

import (
	"image"
	"math"
)

// density draws a cloud as an image of square cells: each has the mean colour of
// its points and is darker the more there are, on a logarithmic scale.
func (c *cloud) density(v view) {
	const cell = 3.0 // pixels
	w, h := max(1, int(v.width()/cell)), max(1, int(v.height()/cell))
	type bin struct{ n, r, g, b float64 }
	bins := make([]bin, w*h)
	most := 1.0
	for i, ok := range c.ok {
		if !ok {
			continue
		}
		x := int(float64(v.x(c.x[i])-v.Min.X) / v.width() * float64(w))
		y := int(float64(v.Max.Y-v.y(c.y[i])) / v.height() * float64(h))
		if x < 0 || y < 0 || x >= w || y >= h {
			continue
		}
		col, b := c.colour(i), &bins[y*w+x]
		b.n++
		b.r, b.g, b.b = b.r+float64(col.R), b.g+float64(col.G), b.b+float64(col.B)
		most = math.Max(most, b.n)
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for k, b := range bins {
		if b.n == 0 {
			continue
		}
		mean := colour{R: uint8(b.r / b.n), G: uint8(b.g / b.n), B: uint8(b.b / b.n), A: 255}
		share := math.Log(1+b.n) / math.Log(1+most)
		img.SetNRGBA(k%w, k/w, mix(tint(mean, 0.25+0.75*share), ink, 0.35*math.Max(0, share-0.6)/0.4))
	}
	v.pixels(quantised(img))
}
