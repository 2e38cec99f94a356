package display

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

const (
	// mostColours is how many colours an image may have to get a palette at all.
	mostColours = 20_000
	// exactColours is how many of the commonest stay as they are; the others are
	// rounded to steps of 8.
	exactColours = 192
	// nearEnough is by how much a channel may change where a palette is full.
	nearEnough = 28
	// edgeShare is the share of pixels that edges may have; more are a picture with
	// smooth shades, which would show steps.
	edgeShare = 0.25
	// oddShare is the share of pixels that may change by more than is near enough:
	// those where lines cross.
	oddShare = 0.002
)

// tallied is a colour and how many pixels have it.
type tallied struct {
	rgb uint32
	n   int
}

// withPalette returns an opaque image with a palette of 256 colours, or nil where
// that would show. Drawings have few colours but for the edges of letters and
// lines, whose shades are rounded.
func withPalette(drawn image.Image) image.Image {
	img, ok := drawn.(*image.RGBA)
	if !ok {
		return nil
	}
	counts, of := tally(img)
	if counts == nil {
		return nil
	}
	becomes := make(map[uint32]uint32, len(counts))
	rounded, edges := make(map[uint32]int), 0
	for i, s := range byCount(slices.Clone(counts)) {
		becomes[s.rgb] = s.rgb
		if i >= exactColours {
			becomes[s.rgb] = round8(s.rgb>>16)<<16 | round8(s.rgb>>8)<<8 | round8(s.rgb)
			edges += s.n
		}
		rounded[becomes[s.rgb]] += s.n
	}
	if float64(edges) > edgeShare*float64(len(img.Pix)/4) {
		return nil
	}
	out := image.NewPaletted(img.Rect, nil)
	index, odd := make(map[uint32]uint8, len(rounded)), 0
	for i, s := range byCount(listed(rounded)) {
		if i < 256 {
			index[s.rgb] = uint8(i)
			out.Palette = append(out.Palette, color.RGBA{uint8(s.rgb >> 16), uint8(s.rgb >> 8), uint8(s.rgb), 255})
			continue
		}
		k, far := nearest(out.Palette, s.rgb)
		if far > nearEnough {
			if odd += s.n; float64(odd) > oddShare*float64(len(out.Pix)) {
				return nil
			}
		}
		index[s.rgb] = k
	}
	place := make([]uint8, len(counts))
	for i, s := range counts {
		place[i] = index[becomes[s.rgb]]
	}
	for i, k := range of {
		out.Pix[i] = place[k]
	}
	return out
}

func listed(counts map[uint32]int) []tallied {
	shades := make([]tallied, 0, len(counts))
	for rgb, n := range counts {
		shades = append(shades, tallied{rgb, n})
	}
	return shades
}

// byCount sorts colours, the commonest first.
func byCount(shades []tallied) []tallied {
	slices.SortFunc(shades, func(a, b tallied) int { return cmp.Or(b.n-a.n, cmp.Compare(a.rgb, b.rgb)) })
	return shades
}

// round8 rounds the lowest byte to a multiple of 8, or 255.
func round8(c uint32) uint32 { return min((c&255+4)&^7, 255) }

// tally counts the colours of an image and says of each pixel which one it has;
// nil if there are too many.
func tally(img *image.RGBA) (counts []tallied, of []uint16) {
	const slots = 1 << 16   // of a hash table with open addresses; more than twice mostColours
	var table [slots]uint16 // one more than the place in counts
	of = make([]uint16, len(img.Pix)/4)
	last, at := ^uint32(0), uint16(0)
	for i := range of {
		rgb := rgbAt(img.Pix[4*i:])
		if rgb != last {
			last = rgb
			h := rgb * 2654435769 >> 16 // Fibonacci hashing (Knuth, TAOCP 3, 6.4)
			for table[h] != 0 && counts[table[h]-1].rgb != rgb {
				h = (h + 1) % slots
			}
			if table[h] == 0 {
				if len(counts) == mostColours {
					return nil, nil
				}
				counts = append(counts, tallied{rgb: rgb})
				table[h] = uint16(len(counts))
			}
			at = table[h] - 1
		}
		counts[at].n++
		of[i] = at
	}
	return counts, of
}

func rgbAt(p []uint8) uint32 { return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2]) }

// nearest is the place of the colour whose furthest channel is nearest, and how
// far that is.
func nearest(p color.Palette, rgb uint32) (place uint8, far int) {
	far = 256
	for i, c := range p {
		q := c.(color.RGBA)
		d := max(apart(q.R, rgb>>16), apart(q.G, rgb>>8), apart(q.B, rgb))
		if d < far {
			place, far = uint8(i), d
		}
	}
	return place, far
}

func apart(a uint8, b uint32) int { return max(int(a)-int(uint8(b)), int(uint8(b))-int(a)) }
