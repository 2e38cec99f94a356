package display

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// All lengths are in units of one CSS pixel, which gonum/plot takes for points.
const (
	notebookWidth = 640
	plotHeight    = 340
	cardPadding   = 12

	titleSize = 15
	labelSize = 12
	tickSize  = 11
	noteSize  = 11

	thin   = 0.75
	normal = 1.5
	bold   = 2.2
)

var (
	white    = color.NRGBA{255, 255, 255, 255}
	ink      = color.NRGBA{34, 34, 34, 255}
	softInk  = color.NRGBA{92, 92, 92, 255}
	axisGrey = color.NRGBA{140, 140, 140, 255}
	gridGrey = color.NRGBA{230, 230, 230, 255}
	paleGrey = color.NRGBA{205, 205, 205, 255}
	warning  = color.NRGBA{178, 34, 34, 255}
)

// hues are the colours of categories, after Okabe and Ito (2008): told apart by
// readers with any of the common forms of colour blindness. Their yellow is left
// out, since it is too pale for lines on white.
var hues = []color.NRGBA{
	{0, 114, 178, 255},  // blue
	{213, 94, 0, 255},   // vermilion
	{0, 145, 105, 255},  // green
	{190, 90, 150, 255}, // purple
	{214, 146, 0, 255},  // amber
	{62, 160, 215, 255}, // sky
	{90, 90, 90, 255},   // grey
	{120, 84, 40, 255},  // brown
	{100, 60, 160, 255}, // violet
	{130, 150, 20, 255}, // olive
}

// dashes tell lines apart without colour.
var dashes = [][]vg.Length{
	nil,
	{6, 3},
	{2, 2.5},
	{8, 3, 2, 3},
	{4, 2},
}

// hue returns the colour of category i; colours repeat after ten.
func hue(i int) color.NRGBA {
	if i < 0 {
		return axisGrey
	}
	return hues[i%len(hues)]
}

// dash returns the line pattern of category i.
func dash(i int) []vg.Length { return dashes[i%len(dashes)] }

func stroke(c color.Color, width float64) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Length(width)}
}

func dashed(c color.Color, width float64, pattern []vg.Length) draw.LineStyle {
	return draw.LineStyle{Color: c, Width: vg.Length(width), Dashes: pattern}
}

// fade returns c with an opacity in 0…1.
func fade(c color.NRGBA, opacity float64) color.NRGBA {
	c.A = uint8(math.Round(255 * clamp(opacity, 0, 1)))
	return c
}

// tint mixes c into white: 0 is white, 1 is c.
func tint(c color.NRGBA, share float64) color.NRGBA { return mix(white, c, share) }

// mix goes from a (0) to b (1).
func mix(a, b color.NRGBA, t float64) color.NRGBA {
	t = clamp(t, 0, 1)
	lerp := func(x, y uint8) uint8 {
		return uint8(float64(x) + t*(float64(y)-float64(x)) + 0.5)
	}
	return color.NRGBA{lerp(a.R, b.R), lerp(a.G, b.G), lerp(a.B, b.B), lerp(a.A, b.A)}
}

// ramp is a colour scale by equally spaced stops.
type ramp []color.NRGBA

// at returns the colour at t in 0…1; a t that is not a number is grey.
func (r ramp) at(t float64) color.NRGBA {
	if math.IsNaN(t) {
		return paleGrey
	}
	f := clamp(t, 0, 1) * float64(len(r)-1)
	i := min(int(f), len(r)-2)
	return mix(r[i], r[i+1], f-float64(i))
}

var (
	// sequential rises from white to dark blue with even steps of lightness.
	sequential = ramp{{250, 252, 255, 255}, {205, 223, 240, 255}, {133, 179, 218, 255}, {56, 122, 182, 255}, {8, 60, 120, 255}}
	// diverging has white in the middle, orange below and blue above, as the weights of networks.
	diverging = ramp{{188, 80, 0, 255}, {244, 170, 100, 255}, {250, 250, 250, 255}, {118, 170, 214, 255}, {18, 84, 155, 255}}
	// depth colours an order (layers, epochs) on lines: from amber to dark violet,
	// never as pale as the paper.
	depth = ramp{{222, 150, 20, 255}, {205, 85, 70, 255}, {140, 50, 130, 255}, {55, 30, 120, 255}}
)

// contrast returns the ink that reads on a background.
func contrast(bg color.NRGBA) color.NRGBA {
	luminance := 0.299*float64(bg.R) + 0.587*float64(bg.G) + 0.114*float64(bg.B)
	if luminance < 140 {
		return white
	}
	return ink
}

// colour is short for what all our colours are.
type colour = color.NRGBA

func clamp(x, lo, hi float64) float64 { return max(lo, min(hi, x)) }
