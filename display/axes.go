package display

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// axis describes one axis of a frame.
type axis struct {
	// label says what the axis shows, with its unit.
	label string
	// r is the range; an empty one becomes 0…1, a single value is widened.
	r span
	// log makes the axis logarithmic; the range must be positive.
	log bool
	// ticks are given positions; nil chooses them.
	ticks []plot.Tick
	// times says that the values are seconds since 1970 UTC.
	times bool
	// whole allows ticks at whole numbers only.
	whole bool
	// bare draws neither line, ticks nor labels.
	bare bool
	// nogrid draws no grid lines at the ticks, noline no axis line.
	nogrid, noline bool
	// margin widens the range by a share of its size on both ends.
	margin float64
	// few asks for few ticks, in small panels.
	few bool
	// reversed runs the axis the other way.
	reversed bool
}

// tickMiddle centres digits on a tick of gonum's y axis, which would place their
// ascenders and descenders evenly and so digits too high.
const tickMiddle = draw.YCenter - 0.1

// frame is a panel with two axes: gonum/plot's axes in our dress.
type frame struct {
	heading string
	x, y    axis
	layers  []layer
	// ends are direct labels at the right edge.
	ends []endLabel
	// endRoom reserves a width for the labels at the right; 0: what they need.
	endRoom float64
	// square keeps one unit of the frame as wide as high.
	square bool
}

// view is what a layer draws in: the pen's rectangle is the data area, and x and
// y place values in it.
type view struct {
	pen
	x, y func(float64) vg.Length
}

// layer draws data into a view.
type layer func(v view)

// Plot implements plot.Plotter.
func (l layer) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	l(view{pen{c}, bounded(x), bounded(y)})
}

// bounded keeps places far outside the picture within what canvases can count to.
func bounded(place func(float64) vg.Length) func(float64) vg.Length {
	return func(v float64) vg.Length { return vg.Length(clamp(float64(place(v)), -1e6, 1e6)) }
}

var _ plot.Plotter = layer(nil)

func (f *frame) add(l ...layer) { f.layers = append(f.layers, l...) }

// settle makes a range drawable.
func (a *axis) settle() {
	if a.r.empty() {
		a.r = span{0, 1}
		if a.log {
			a.r = span{0.1, 1}
		}
	}
	if a.log {
		const lowest, highest = 1e-200, 1e200 // so that quotients and margins stay finite
		a.r = span{clamp(a.r.lo, lowest, highest), clamp(a.r.hi, lowest, highest)}
		f := math.Pow(10, a.margin*(math.Log10(a.r.hi)-math.Log10(a.r.lo)))
		if a.r.hi == a.r.lo {
			f = 2
		}
		a.r = span{a.r.lo / f, a.r.hi * f}
		return
	}
	if wide := a.r.wide(); wide.hi-wide.lo > 2*(a.r.hi-a.r.lo) { // one value: no margin on top
		a.r = wide
		return
	}
	a.r = a.r.wide()
	d := (a.r.hi - a.r.lo) * a.margin
	a.r = span{a.r.lo - d, a.r.hi + d}
}

// marks returns the ticks for an axis of a length in pixels.
func (a *axis) marks(length, per float64) []plot.Tick {
	if a.bare {
		return nil
	}
	if a.ticks != nil {
		return a.ticks
	}
	n := max(2, int(length/per))
	if a.few {
		n = min(n, 3)
	}
	if a.log {
		return logTicks(a.r.lo, a.r.hi, n)
	}
	if a.times {
		return fitFirst(timeTicks(a.r.lo, a.r.hi, n), a.r.lo, length/(a.r.hi-a.r.lo))
	}
	ticks := linearTicks(a.r.lo, a.r.hi, n)
	for m := n + 1; len(ticks) < 3 && m <= n+6 && !a.whole; m++ {
		ticks = linearTicks(a.r.lo, a.r.hi, m)
	}
	if !a.whole {
		return ticks
	}
	kept := ticks[:0]
	for _, t := range ticks {
		if t.Value == math.Round(t.Value) {
			kept = append(kept, plot.Tick{Value: t.Value, Label: tickLabel(t.Value, 1, math.Abs(t.Value))})
		}
	}
	return kept
}

// draw draws the frame into the pen's rectangle.
func (f *frame) draw(p pen) {
	if f.heading != "" {
		p.text(shorten(f.heading, labelSize+1, p.width()), p.Min.X, p.Max.Y, strong(labelSize, ink))
		p = p.inset(0, 0, 0, labelSize+5)
	}
	if f.y.label != "" {
		p.text(shorten(f.y.label, labelSize, p.width()), p.Min.X, p.Max.Y, plain(labelSize, softInk))
		p = p.inset(0, 0, 0, labelSize+7)
	}
	f.x.settle()
	f.y.settle()
	room := f.endRoom
	if room == 0 {
		room = endRoom(f.ends, p.width())
	}
	plt := f.dress(p.inset(0, room, 0, 0))
	area := p.inset(0, room, 0, 4)
	if f.square {
		area = squared(plt, area)
	}
	plt.Draw(area.Canvas)
	if len(f.ends) > 0 {
		data := plt.DataCanvas(area.Canvas)
		x, y := plt.Transforms(&data)
		drawEnds(view{pen{data}, x, y}, f.ends, float64(p.Max.X-data.Max.X))
	}
}

// dress returns gonum's plot with our ticks, colours and fonts.
func (f *frame) dress(p pen) *plot.Plot {
	plt := plot.New()
	plt.TextHandler = typesetter{}
	plt.BackgroundColor = nil
	xt := f.x.marks(p.width(), 72)
	yt := f.y.marks(p.height(), 42)
	dressAxis(&plt.X, f.x, xt)
	dressAxis(&plt.Y, f.y, yt)
	plt.X.Tick.Label = aligned(plain(tickSize, softInk), draw.XCenter, draw.YTop)
	plt.Y.Tick.Label = aligned(plain(tickSize, softInk), draw.XRight, tickMiddle)
	plt.X.Label.Text = f.x.label
	plt.X.Label.TextStyle = aligned(plain(labelSize, softInk), draw.XCenter, draw.YBottom)
	plt.X.Label.Padding = 3
	if !f.x.bare {
		plt.X.Tick.LineStyle = stroke(axisGrey, thin)
		plt.X.Tick.Length = 4
	}
	plt.Y.Label.TextStyle = plain(tickSize, softInk)
	plt.Add(grid(f.x, xt, f.y, yt))
	for _, l := range f.layers {
		plt.Add(l)
	}
	return plt
}

func dressAxis(a *plot.Axis, d axis, ticks []plot.Tick) {
	a.Min, a.Max = d.r.lo, d.r.hi
	a.Padding = 0
	a.Scale = scaleOf(d)
	a.Tick.Marker = plot.ConstantTicks(ticks)
	a.Tick.LineStyle = draw.LineStyle{}
	a.Tick.Length = 0
	a.LineStyle = stroke(axisGrey, thin)
	if d.bare || d.noline {
		a.LineStyle.Width = 0
	}
}

func scaleOf(d axis) plot.Normalizer {
	var n plot.Normalizer = plot.LinearScale{}
	if d.log {
		n = logScale{}
	}
	if d.reversed {
		n = plot.InvertedScale{Normalizer: n}
	}
	return n
}

// logScale is plot.LogScale that puts what cannot be drawn below the axis
// instead of panicking.
type logScale struct{}

// Normalize implements plot.Normalizer.
func (logScale) Normalize(lo, hi, x float64) float64 {
	if x <= 0 {
		return -1
	}
	return (math.Log(x) - math.Log(lo)) / (math.Log(hi) - math.Log(lo))
}

// grid draws thin lines at the ticks.
func grid(x axis, xt []plot.Tick, y axis, yt []plot.Tick) layer {
	return func(v view) {
		sty := stroke(gridGrey, thin)
		for _, t := range xt {
			if at := v.x(t.Value); !x.nogrid && v.ContainsX(at) {
				v.line(at, v.Min.Y, at, v.Max.Y, sty)
			}
		}
		for _, t := range yt {
			if at := v.y(t.Value); !y.nogrid && v.ContainsY(at) {
				v.line(v.Min.X, at, v.Max.X, at, sty)
			}
		}
	}
}

// squared shrinks an area so that the data area of a plot becomes square.
func squared(plt *plot.Plot, p pen) pen {
	data := pen{plt.DataCanvas(p.Canvas)}
	if d := data.width() - data.height(); d > 0 {
		return p.inset(0, d, 0, 0)
	} else {
		return p.inset(0, 0, -d, 0)
	}
}

// named are ticks at 0, 1, 2, … with names.
func named(names []string, limit float64) []plot.Tick {
	ticks := make([]plot.Tick, len(names))
	for i, n := range tellApart(names, tickSize, limit) {
		ticks[i] = plot.Tick{Value: float64(i), Label: n}
		if ticks[i].Label == "" {
			ticks[i].Label = " "
		}
	}
	return ticks
}

// widest is the width of the widest name of some ticks.
func widest(ticks []plot.Tick) (w float64) {
	for _, t := range ticks {
		w = math.Max(w, textWidth(t.Label, tickSize))
	}
	return w
}

// ruleX draws a broken line across the data area at a value of x that it shows.
func ruleX(at float64, c color.NRGBA) layer {
	return func(v view) {
		x := v.x(at)
		if !v.ContainsX(x) {
			return
		}
		v.line(x, v.Min.Y, x, v.Max.Y, dashed(c, 1, []vg.Length{3, 3}))
	}
}
