package display_test

import (
	"bytes"
	"image"
	"image/png"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"mlpkernel/display"
)

// TestPDF renders pictures that were saved as PDF and compares them with their
// PNGs, region by region. It needs pdftoppm (Debian: poppler-utils).
func TestPDF(t *testing.T) {
	render, err := exec.LookPath("pdftoppm")
	if err != nil {
		t.Skip("pdftoppm is not installed, so PDFs are not looked at")
	}
	for _, s := range slices.Concat(samples, dataSamples, modelSamples) {
		if !slices.Contains([]string{"loss", "boundary", "images", "confusion_many", "missing", "health"}, s.name) {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			f, err := s.make()
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "figure.pdf")
			if err := f.Save(path); err != nil {
				t.Fatal(err)
			}
			out, err := exec.Command(render, "-r", "192", "-png", path).Output()
			if err != nil {
				t.Fatal(err)
			}
			comparePixels(t, f, out)
		})
	}
}

// comparePixels holds mean shades of an 8 by 8 grid of regions against those of the PNG.
func comparePixels(t *testing.T, f *display.Figure, page []byte) {
	t.Helper()
	drawn, ok := f.Bundle().Data["image/png"].([]byte)
	if !ok {
		t.Fatal("no PNG")
	}
	want, got := regions(t, drawn), regions(t, page)
	for i := range want {
		for c := range 3 {
			if d := got[i][c] - want[i][c]; d > 12 || d < -12 {
				t.Errorf("region %d, %d: channel %d is %.0f in the PDF and %.0f in the PNG", i%8, i/8, c, got[i][c], want[i][c])
			}
		}
	}
}

func regions(t *testing.T, data []byte) (out [64][3]float64) {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	size := img.Bounds().Size()
	for i := range out {
		r := image.Rect(i%8*size.X/8, i/8*size.Y/8, (i%8+1)*size.X/8, (i/8+1)*size.Y/8)
		n := float64(r.Dx() * r.Dy())
		for y := r.Min.Y; y < r.Max.Y; y++ {
			for x := r.Min.X; x < r.Max.X; x++ {
				red, green, blue, _ := img.At(x, y).RGBA()
				for c, v := range []uint32{red, green, blue} {
					out[i][c] += float64(v>>8) / n
				}
			}
		}
	}
	return out
}
