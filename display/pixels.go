package display

import (
	"image"

	"golang.org/x/image/draw"
)

// crisp is an image whose pixels stay visible squares when it grows.
type crisp struct{ *image.NRGBA }

// pixels fills the rectangle with an image of a few large, sharp pixels.
func (p pen) pixels(img *image.NRGBA) { p.DrawImage(p.Rectangle, crisp{img}) }

// enlarged returns an image of k times the width and height.
func enlarged(img image.Image, k int) *image.NRGBA {
	size := img.Bounds().Size().Mul(k)
	out := image.NewNRGBA(image.Rectangle{Max: size})
	switch s := img.(type) {
	case crisp:
		draw.NearestNeighbor.Scale(out, out.Rect, s.NRGBA, s.Bounds(), draw.Src, nil)
	case field:
		s.paint(size, out.Rect, out.SetNRGBA)
	default:
		draw.ApproxBiLinear.Scale(out, out.Rect, img, img.Bounds(), draw.Src, nil)
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
