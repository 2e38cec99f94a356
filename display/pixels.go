package display

import (
	"image"
	"math"
)

// crisp is an image whose pixels stay visible squares when it grows.
type crisp struct{ image.Image }

// pixels fills the rectangle with an image of a few large, sharp pixels.
func (p pen) pixels(img *image.NRGBA) {
	if _, ok := unwrap(p.Canvas).(*svgCanvas); ok {
		p.DrawImage(p.Rectangle, crisp{img})
		return
	}
	size := img.Bounds().Size() // other canvases blur an image that they enlarge
	k := int(clamp(math.Ceil(2*math.Max(p.width()/float64(size.X), p.height()/float64(size.Y))), 1, 64))
	large := image.NewNRGBA(image.Rect(0, 0, size.X*k, size.Y*k))
	for y := range size.Y * k {
		for x := range size.X * k {
			large.SetNRGBA(x, y, img.NRGBAAt(x/k, y/k))
		}
	}
	p.DrawImage(p.Rectangle, large)
}
