package display

import (
	"image"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"

	"golang.org/x/image/draw"
)

// crisp is an image whose pixels stay visible squares when it grows.
type crisp struct{ *image.NRGBA }

// pixels fills the rectangle with an image of a few large, sharp pixels.
func (p pen) pixels(img *image.NRGBA) { p.DrawImage(p.Rectangle, crisp{img}) }

// enlarged returns an image of k times the width and height.
func enlarged(img image.Image, k int) *image.NRGBA {
	size := img.Bounds().Size()
	out := image.NewNRGBA(image.Rect(0, 0, size.X*k, size.Y*k))
	if c, ok := img.(crisp); ok {
		draw.NearestNeighbor.Scale(out, out.Bounds(), c.NRGBA, c.Bounds(), draw.Src, nil)
	} else {
		draw.ApproxBiLinear.Scale(out, out.Bounds(), img, img.Bounds(), draw.Src, nil)
	}
	return out
}

// mirrored turns an image upside down, in place.
func mirrored(img *image.NRGBA) *image.NRGBA {
	for top, end := 0, img.Rect.Dy()-1; top < end; top, end = top+1, end-1 {
		for i := range img.Stride {
			a, b := &img.Pix[top*img.Stride+i], &img.Pix[end*img.Stride+i]
			*a, *b = *b, *a
		}
	}
	return img
}

// rasterCanvas places images by itself, which is many times faster than vgimg's
// way and keeps sharp pixels sharp.
type rasterCanvas struct{ *vgimg.Canvas }

var _ vg.CanvasSizer = rasterCanvas{}

// DrawImage implements vg.Canvas. It takes no account of transformations.
func (c rasterCanvas) DrawImage(r vg.Rectangle, img image.Image) {
	dst, dots := c.Image(), c.DPI()/vg.Inch.Points()
	at := func(x vg.Length) int { return int(math.Round(float64(x) * dots)) }
	high := dst.Bounds().Dy()
	to := image.Rect(at(r.Min.X), high-at(r.Max.Y), at(r.Max.X), high-at(r.Min.Y))
	if s, ok := img.(crisp); ok {
		draw.NearestNeighbor.Scale(dst, to, s.NRGBA, s.Bounds(), draw.Over, nil)
		return
	}
	draw.ApproxBiLinear.Scale(dst, to, img, img.Bounds(), draw.Over, nil)
}
