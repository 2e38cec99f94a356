package display

import (
	"fmt"
	"math"

	"gonum.org/v1/plot/vg/draw"
)

// UnitMap is the answer of one hidden unit over the grid of a BoundaryData.
type UnitMap struct {
	// Layer and Name say which unit it is.
	Layer, Name string
	// Z[iy][ix] is its activation.
	Z [][]float64
}

// maxUnitMaps is how many hidden units are drawn.
const maxUnitMaps = 24

// unitLayer are the units of one layer that are drawn, out of so many.
type unitLayer struct {
	name  string
	of    int
	shown []UnitMap
}

// unitLayers sorts the units by layer; each layer shows its first ones.
func (d BoundaryData) unitLayers() []unitLayer {
	var out []unitLayer
	for _, u := range d.Units {
		if n := len(out); n == 0 || out[n-1].name != u.Layer {
			out = append(out, unitLayer{name: u.Layer})
		}
		l := &out[len(out)-1]
		l.of++
		l.shown = append(l.shown, u)
	}
	out = out[:min(len(out), maxUnitMaps/4)]
	for i := range out {
		out[i].shown = out[i].shown[:min(out[i].of, maxUnitMaps/len(out))]
	}
	return out
}

func (l unitLayer) heading() string {
	if len(l.shown) < l.of {
		return fmt.Sprintf("%s (%d of %d units)", l.name, len(l.shown), l.of)
	}
	return l.name
}

// unitMaps draws small maps of hidden units below the names of their layers.
func (d BoundaryData) unitMaps(p pen) {
	const heading, gap = labelSize + 5.0, 6.0
	p.text(shorten("each hidden unit's own map, dark = high", noteSize, p.width()), p.Min.X, p.Max.Y, plain(noteSize, softInk))
	p = p.inset(0, 0, 0, noteSize+7)
	layers := d.unitLayers()
	size, columns := 0.0, 1
	for c := 1; c <= 8; c++ { // the number of columns that gives the largest maps
		rows := 0
		for _, l := range layers {
			rows += (len(l.shown) + c - 1) / c
		}
		high := (p.height()-heading*float64(len(layers)))/float64(rows) - gap
		if s := math.Min(high, p.width()/float64(c)-gap); s > size {
			size, columns = s, c
		}
	}
	for _, l := range layers {
		p.text(shorten(l.heading(), labelSize, p.width()), p.Min.X, p.Max.Y, strong(noteSize, ink))
		p = p.inset(0, 0, 0, heading)
		for i, u := range l.shown {
			left, top := float64(i%columns)*(size+gap), float64(i/columns)*(size+gap)
			d.unitMap(p.inset(left, p.width()-left-size, p.height()-top-size, top), u)
		}
		p = p.inset(0, 0, 0, float64((len(l.shown)+columns-1)/columns)*(size+gap))
	}
}

func (d BoundaryData) unitMap(p pen, u UnitMap) {
	r := emptySpan()
	for _, row := range u.Z {
		r = r.add(row...)
	}
	flat := !(r.hi > r.lo)
	v := view{pen: p}
	if flat {
		r.hi = math.Inf(1) // one shade
	}
	shade := shades(shadeSteps, sequential.at)
	heat([][][]float64{u.Z}, 64, func(z []float64) colour { return shade((z[0] - r.lo) / (r.hi - r.lo)) })(v)
	v.frame(v.Min.X, v.Min.Y, v.Max.X, v.Max.Y, stroke(paleGrey, thin))
	if flat {
		v.text("same everywhere", v.X(0.5), v.Y(0.5), aligned(plain(math.Min(noteSize, p.width()/8.5), softInk), draw.XCenter, draw.YCenter))
	}
}
