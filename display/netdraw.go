package display

import (
	"math"
	"sort"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawing is one drawing of a network: large with labels, or a thumbnail.
type drawing struct {
	net    NetworkData
	mask   Mask
	labels bool
	// under are further lines below the columns, one per layer; may be nil.
	under []string
	// left and right are the room for the labels of the outer layers' units.
	left, right float64
}

var (
	edgePositive = hue(0)
	edgeNegative = hue(1)
)

// column is where the units of one layer stand.
type column struct {
	x     vg.Length
	units []int // the units drawn, -1 for the dots of those left out
	y     []vg.Length
}

// maxEdges is how many edges a drawing has, and mostBetween two layers; of more,
// those of the largest weights.
const (
	maxEdges    = 4000
	mostBetween = 900
)

func (d drawing) draw(p pen) {
	if d.labels {
		foot := 2.0 * (noteSize + 5)
		if d.under != nil {
			foot += noteSize + 5
		}
		d.left, d.right = d.side(0, p), d.side(len(d.net.Layers)-1, p)
		d.captions(p)
		p = p.inset(d.left, d.right, foot, d.arcRoom())
	}
	cols, r := d.place(p)
	for l := range cols[1:] {
		d.edges(p, cols[l], cols[l+1], l, r)
	}
	for l, c := range cols {
		d.units(p, c, l, r)
		if s := d.net.Layers[l].Skip; s > 0 {
			p.skip(c, cols[l+s], r)
		}
	}
}

// side is the room that the labels of an outer layer's units need.
func (d drawing) side(l int, p pen) float64 {
	w := 0.0
	for _, s := range d.net.Layers[l].Labels {
		w = math.Max(w, textWidth(s, tickSize)+22)
	}
	return clamp(w, 34, p.width()*0.3)
}

func (d drawing) arcRoom() float64 {
	for _, l := range d.net.Layers {
		if l.Skip > 0 {
			return 30
		}
	}
	return 4
}

// place puts the layers on columns and says how large a unit is.
func (d drawing) place(p pen) ([]column, float64) {
	pitch, gaps := 30.0, math.Max(float64(len(d.net.Layers)-1), 1)
	smallest := 13.0
	if !d.labels {
		pitch, smallest = 15, 9
	}
	tallest := 1
	for _, l := range d.net.Layers {
		tallest = max(tallest, l.Units)
	}
	pitch = clamp(p.height()/float64(tallest), smallest, pitch)
	fit := max(3, int(p.height()/pitch))
	step := p.width() / gaps
	r := math.Min(pitch*0.36, step*0.2)
	cols := make([]column, len(d.net.Layers))
	for i, l := range d.net.Layers {
		c := &cols[i]
		c.x = p.Min.X + vg.Length(float64(i)*step)
		if len(cols) == 1 {
			c.x = p.Center().X
		}
		c.units = shownUnits(l.Units, fit)
		top := float64(p.Center().Y) + pitch*float64(len(c.units)-1)/2
		for k := range c.units {
			c.y = append(c.y, vg.Length(top-pitch*float64(k)))
		}
	}
	return cols, r
}

// shownUnits are the units that fit: the first ones, -1 for the gap, the last ones.
// An unknown number is drawn as one unit, a gap, and one unit.
func shownUnits(n, fit int) []int {
	if n == 0 {
		return []int{0, -1, 1}
	}
	if n <= fit {
		out := make([]int, n)
		for i := range out {
			out[i] = i
		}
		return out
	}
	var out []int
	head := fit / 2
	for i := range head {
		out = append(out, i)
	}
	out = append(out, -1)
	for i := n - (fit - 1 - head); i < n; i++ {
		out = append(out, i)
	}
	return out
}

// kept says whether a unit stays in the thinned network.
func (d drawing) kept(layer, unit int) bool {
	if layer >= len(d.mask) || d.mask[layer] == nil || unit >= len(d.mask[layer]) {
		return true
	}
	return d.mask[layer][unit]
}

type edge struct {
	from, to vg.Point
	w        float64
}

// edges draws the edges between two columns, the weak ones first.
func (d drawing) edges(p pen, a, b column, l int, r float64) {
	w := d.net.between(l)
	biggest := largestWeight(w)
	var es []edge
	for j, to := range b.units {
		for i, from := range a.units {
			if from < 0 || to < 0 || from != to && d.net.Layers[l+1].Elementwise || !d.kept(l, from) || !d.kept(l+1, to) {
				continue
			}
			e := edge{from: vg.Point{X: a.x, Y: a.y[i]}, to: vg.Point{X: b.x, Y: b.y[j]}}
			if w != nil && biggest > 0 {
				e.w = w[to][from] / biggest
			}
			es = append(es, e)
		}
	}
	sort.SliceStable(es, func(i, j int) bool { return math.Abs(es[i].w) < math.Abs(es[j].w) })
	if most := min(mostBetween, maxEdges/max(1, len(d.net.Layers)-1)); len(es) > most {
		es = es[len(es)-most:]
	}
	for _, e := range es {
		p.line(e.from.X, e.from.Y, e.to.X, e.to.Y, edgeStyle(e.w, w != nil && biggest > 0, r))
	}
}

// edgeStyle rounds strength to ten steps, so that edges of one look share a group.
func edgeStyle(w float64, known bool, r float64) draw.LineStyle {
	if !known {
		return stroke(fade(axisGrey, 0.55), math.Min(0.8, r/8))
	}
	if !finite(w) {
		return draw.LineStyle{}
	}
	c := edgePositive
	if w < 0 {
		c = edgeNegative
	}
	strength := math.Round(math.Abs(w)*10) / 10
	return stroke(fade(c, 0.12+0.75*strength), math.Max(0.3, strength*math.Min(3.2, r*0.4)))
}

func (d drawing) units(p pen, c column, l int, r float64) {
	layer := d.net.Layers[l]
	lo, hi := 0.0, 0.0
	for _, v := range layer.Values {
		lo, hi = math.Min(lo, v), math.Max(hi, v)
	}
	for k, u := range c.units {
		if u < 0 {
			for _, dy := range []float64{-1, 0, 1} {
				p.disc(c.x, c.y[k]+vg.Length(dy*r*0.75), math.Max(0.9, r*0.14), softInk, draw.LineStyle{})
			}
			continue
		}
		if !d.kept(l, u) {
			p.dropped(c.x, c.y[k], r)
			continue
		}
		fill := white
		if layer.Values != nil {
			fill = shade(layer.Values[u], lo, hi)
		} else if d.mask != nil && d.masked(l) {
			fill = tint(hue(0), 0.25)
		}
		p.disc(c.x, c.y[k], r, fill, stroke(ink, math.Min(1.2, r/6)))
		d.unitLabel(p, c, k, l, r)
	}
}

// masked says whether the mask touches a layer.
func (d drawing) masked(l int) bool { return l < len(d.mask) && d.mask[l] != nil }

// shade is the colour of a unit's value: blue above 0, orange below.
func shade(v, lo, hi float64) colour {
	switch {
	case !finite(v):
		return paleGrey
	case v >= 0 && hi > 0:
		return tint(hue(0), 0.85*v/hi)
	case v < 0:
		return tint(hue(1), 0.85*v/lo)
	}
	return white
}

// dropped draws a unit that the mask removes.
func (p pen) dropped(x, y vg.Length, r float64) {
	p.disc(x, y, r, white, dashed(axisGrey, math.Min(1, r/5), []vg.Length{2, 2}))
	d := vg.Length(r * 0.45)
	sty := stroke(warning, math.Max(0.8, r/7))
	p.line(x-d, y-d, x+d, y+d, sty)
	p.line(x-d, y+d, x+d, y-d, sty)
}

// unitLabel names the units of the first layer on the left, of the last on the right.
func (d drawing) unitLabel(p pen, c column, k, l int, r float64) {
	labels := d.net.Layers[l].Labels
	if !d.labels || labels == nil {
		return
	}
	name := labels[c.units[k]]
	switch l {
	case 0:
		name = shorten(name, tickSize, d.left-14)
		p.text(name, c.x-vg.Length(r+6), c.y[k], aligned(plain(tickSize, ink), draw.XRight, draw.YCenter))
	case len(d.net.Layers) - 1:
		name = shorten(name, tickSize, d.right-14)
		p.text(name, c.x+vg.Length(r+6), c.y[k], aligned(plain(tickSize, ink), draw.XLeft, draw.YCenter))
	}
}

// skip draws the arc of a residual connection above two columns.
func (p pen) skip(a, b column, r float64) {
	y := p.Max.Y + 4
	var path vg.Path
	path.Move(vg.Point{X: a.x, Y: a.y[0] + vg.Length(r)})
	path.CubeTo(vg.Point{X: a.x, Y: y + 30}, vg.Point{X: b.x, Y: y + 30}, vg.Point{X: b.x, Y: b.y[0] + vg.Length(r+2)})
	p.SetLineStyle(stroke(hue(2), normal))
	p.Stroke(path)
	tip, at := vg.Length(4), vg.Point{X: b.x, Y: b.y[0] + vg.Length(r+1)}
	p.fill(hue(2), []vg.Point{at, {X: at.X - tip, Y: at.Y + 2*tip}, {X: at.X + tip, Y: at.Y + 2*tip}})
}

// captions writes name, note and further line under each column; where columns
// are too close, only under some, the first and the last among them.
func (d drawing) captions(p pen) {
	n := len(d.net.Layers)
	step := (p.width() - d.left - d.right) / math.Max(float64(n-1), 1)
	lines := make([][]string, n)
	widest := 0.0
	for i, l := range d.net.Layers {
		lines[i] = []string{l.Name, l.Note}
		if d.under != nil {
			lines[i] = append(lines[i], d.under[i])
		}
		for _, s := range lines[i] {
			widest = math.Max(widest, textWidth(s, noteSize)+10)
		}
	}
	every := int(clamp(math.Ceil(math.Min(widest, 110)/step), 1, float64(max(n-1, 1))))
	room := math.Max(step*float64(every)-8, 30)
	for i := range d.net.Layers {
		if i%every != 0 && i != n-1 || i != n-1 && i != 0 && n-1-i < every {
			continue
		}
		x := p.Min.X + vg.Length(d.left+float64(i)*step)
		if n == 1 {
			x = p.Center().X
		}
		y := p.Min.Y + vg.Length(float64(len(lines[i]))*(noteSize+5))
		for k, s := range lines[i] {
			sty := plain(noteSize, softInk)
			if k == 0 {
				sty = strong(noteSize, ink)
			}
			p.text(shorten(s, noteSize, room), p.inside(s, x, room), y-vg.Length(float64(k)*(noteSize+5)), aligned(sty, draw.XCenter, draw.YTop))
		}
	}
}

// inside moves the centre of a text so that it stays within the pen.
func (p pen) inside(s string, x vg.Length, room float64) vg.Length {
	half := vg.Length(math.Min(textWidth(s, noteSize)*1.06, room) / 2)
	return vg.Length(clamp(float64(x), float64(p.Min.X+half), math.Max(float64(p.Min.X+half), float64(p.Max.X-half))))
}
