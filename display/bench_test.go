package display_test

import (
	"slices"
	"testing"

	"mlpkernel/display"
)

// BenchmarkFrame draws a live frame.
func BenchmarkFrame(b *testing.B) {
	for b.Loop() {
		f, err := display.Loss(display.LossData{Runs: []display.Run{losses(1, 0.2)}}, display.Options{})
		if err != nil {
			b.Fatal(err)
		}
		f.LiveBundle()
	}
}

// BenchmarkPictures draws each sample picture as SVG and PNG, and says how large
// they are.
func BenchmarkPictures(b *testing.B) {
	for _, s := range slices.Concat(samples, dataSamples, modelSamples) {
		b.Run(s.name, func(b *testing.B) {
			for b.Loop() {
				f, err := s.make()
				if err != nil {
					b.Fatal(err)
				}
				bundle := f.Bundle()
				png, _ := bundle.Data["image/png"].([]byte)
				svg, _ := bundle.Data["image/svg+xml"].(string)
				b.ReportMetric(float64(len(png))/1e3, "PNG-kB")
				b.ReportMetric(float64(len(svg))/1e3, "SVG-kB")
			}
		})
	}
}
