package display

import (
	"fmt"
	"strconv"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// maxThumbnails is how many thinned networks are drawn.
const maxThumbnails = 12

// DropoutEnsemble draws several thinned networks side by side, what each of
// them says, and their average: dropout as an ensemble.
func DropoutEnsemble(d DropoutData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("dropout ensemble: %w", err)
	}
	if d.Says != nil && d.Average == nil {
		d.Average = average(d.Says)
	}
	n := min(len(d.Masks), maxThumbnails)
	columns := min(n, 3)
	if n > 6 || n == 4 {
		columns = 4
	}
	rows := (n + columns - 1) / columns
	height := 70 + 148*float64(rows)
	if d.Says != nil {
		height += d.stripHeight()
	}
	s := newScene(o, "Dropout as an ensemble of thinned networks", notebookWidth, height)
	s.rigid = true
	s.subtitle = d.Question
	if n < len(d.Masks) {
		s.notes = []string{fmt.Sprintf("The first %d of %s are drawn.", n, count(len(d.Masks), "thinned network"))}
	}
	s.paint = func(p pen) {
		if d.Says != nil {
			h := d.stripHeight()
			d.strip(p.inset(0, 0, 0, p.height()-h+12))
			p = p.inset(0, 0, h, 0)
		}
		for i, q := range p.tiles(columns, rows, 26, 14)[:n] {
			d.thumbnail(q, i)
		}
	}
	return build(s, d.ensembleText(), d.ensembleData()), nil
}

// average is the mean of equally long answers.
func average(says [][]float64) []float64 {
	out := make([]float64, len(says[0]))
	for i := range out {
		for _, s := range says {
			out[i] += s[i] / float64(len(says))
		}
	}
	return out
}

func (d DropoutData) stripHeight() float64 {
	return 78 + 28*float64(max(len(d.Classes), 1))
}

// thumbnail draws one thinned network with what it says.
func (d DropoutData) thumbnail(p pen, i int) {
	head := fmt.Sprintf("mask %d", i+1)
	p.text(head, p.Min.X, p.Max.Y, strong(noteSize, ink))
	if d.Says != nil {
		sty := aligned(plain(noteSize, ink), draw.XRight, draw.YTop)
		p.text(shorten(d.answer(d.Says[i]), noteSize, p.width()-textWidth(head, noteSize)-12), p.Max.X, p.Max.Y, sty)
	}
	box := p.inset(0, 0, 0, noteSize+6)
	box.frame(box.Min.X, box.Min.Y, box.Max.X, box.Max.Y, stroke(gridGrey, thin))
	drawing{net: d.Network, mask: d.Masks[i]}.draw(box.inset(16, 16, 9, 9))
}

// answer is what a network says, in short: "yes 0.72", or a number.
func (d DropoutData) answer(says []float64) string {
	if d.Classes == nil {
		return decimals(says[0])
	}
	best := extreme(says, true)
	if best < 0 {
		return "–"
	}
	return d.Classes[best] + ": " + decimals(says[best])
}

// decimals writes answers of one kind with equally many decimals: shares with three.
func decimals(x float64) string {
	if x >= 0 && x <= 1 {
		return strconv.FormatFloat(x, 'f', 3, 64)
	}
	return number(x)
}

// strip draws, for each class (or the one number), the answers of all thinned
// networks as dots, their average as a bar, the whole network's as a ring.
func (d DropoutData) strip(p pen) {
	keys := []key{{"each thinned network", tint(hue(0), 0.6), 0}, {"their average", hue(1), 3}}
	if d.Whole != nil {
		keys = append(keys, key{"whole network, no dropout", hue(2), 1})
	}
	p = p.legend("", keys)
	f := &frame{x: axis{label: "probability", r: span{0, 1}, margin: 0.012}, y: axis{reversed: true, noline: true, nogrid: true}}
	if d.Classes == nil {
		f.x.label, f.x.margin = orElse(d.Answer, "answer"), 0.08
		f.x.r = emptySpan()
		for _, s := range append([][]float64{d.Average, d.Whole}, d.Says...) {
			f.x.r = f.x.r.add(s...)
		}
	}
	n := max(len(d.Classes), 1)
	f.y.r = span{-0.5, float64(n) - 0.5}
	f.y.ticks = named(d.Classes, p.width()/4)
	for c := range n {
		f.add(d.stripRow(c))
	}
	f.draw(p)
}

// stripRow draws the single networks on the line, and above it the average and the
// whole network, so that none hides another.
func (d DropoutData) stripRow(c int) layer {
	return func(v view) {
		y := v.y(float64(c)) - 3
		v.line(v.Min.X, y, v.Max.X, y, stroke(paleGrey, thin))
		for _, s := range d.Says {
			if finite(s[c]) {
				v.disc(v.x(s[c]), y, 4, fade(hue(0), 0.45), draw.LineStyle{})
			}
		}
		if d.Whole != nil && finite(d.Whole[c]) {
			v.marker(v.x(d.Whole[c]), y+13, 3.6, 1, hue(2))
		}
		if finite(d.Average[c]) {
			v.marker(v.x(d.Average[c]), y+6, 4.6, 3, hue(1))
		}
	}
}

func (d DropoutData) ensembleText() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Dropout as an ensemble: %s of %s.", count(len(d.Masks), "thinned network"), d.Network.sizes())
	if d.Question != "" {
		b.WriteString(" " + capital(strings.TrimSuffix(d.Question, ".")) + ".")
	}
	for i, m := range d.Masks[:min(len(d.Masks), maxThumbnails)] {
		kept, of := m.count(d.Network)
		fmt.Fprintf(&b, "\nmask %d keeps %d of %d", i+1, kept, of)
		if d.Says != nil {
			b.WriteString(" and says " + d.answer(d.Says[i]))
		}
		b.WriteString(".")
	}
	if d.Says != nil {
		fmt.Fprintf(&b, "\nTheir average says %s", d.answer(d.Average))
		if d.Whole != nil {
			fmt.Fprintf(&b, ", the whole network %s", d.answer(d.Whole))
		}
		b.WriteString(".")
	}
	return b.String()
}

// ensembleData has a row for each mask, then the average and the whole network.
func (d DropoutData) ensembleData() Data {
	if d.Says == nil {
		return d.data()
	}
	names := d.Classes
	if names == nil {
		names = []string{orElse(d.Answer, "answer")}
	}
	var who []string
	cols := make([][]float64, len(names))
	row := func(name string, says []float64) {
		if says == nil {
			return
		}
		who = append(who, name)
		for i := range cols {
			cols[i] = append(cols[i], says[i])
		}
	}
	for i, s := range d.Says {
		row(fmt.Sprintf("mask %d", i+1), s)
	}
	row("average", d.Average)
	row("whole network", d.Whole)
	out := Data{Columns: []Column{{Name: "network", Strings: who}}}
	for i, n := range names {
		out.Columns = append(out.Columns, Column{Name: n, Numbers: cols[i]})
	}
	return out
}
