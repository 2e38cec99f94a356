package display

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// SweepAxis is one parameter of a sweep with the values tried.
type SweepAxis struct {
	Name   string
	Values []string
}

// SweepData is what Sweep draws.
type SweepData struct {
	// Axes are the parameters.
	Axes []SweepAxis
	// At[t][a] is the index of trial t's value on axis a.
	At [][]int
	// Score and Spread are each trial's mean and standard deviation; Spread may
	// be nil, a score that is not finite is a failed trial.
	Score, Spread []float64
	// Metric names the score.
	Metric string
	// LowerIsBetter says which end is good.
	LowerIsBetter bool
}

// Sweep draws the scores of a grid of trials: a line over one parameter, a
// shaded grid over two, small grids over three; further parameters are shown by
// the best trials in order.
func Sweep(d SweepData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("sweep: %w", err)
	}
	d.Metric = orElse(d.Metric, "score")
	var names []string
	for _, a := range d.Axes {
		names = append(names, a.Name)
	}
	height, paint := d.layout()
	s := newScene(o, d.Metric+" by "+enumerate(names), notebookWidth, height)
	s.rigid = len(d.Axes) == 2 || len(d.Axes) == 3
	if best := extreme(d.Score, !d.LowerIsBetter); best >= 0 {
		s.subtitle = "best: " + d.trial(best) + " with " + d.score(best)
	}
	if failed := notFinite(d.Score); failed > 0 {
		s.notes = []string{count(failed, "trial") + " failed."}
	}
	s.paint = paint
	return build(s, d.text(s.title, s.subtitle), d.data()), nil
}

func (d SweepData) check() error {
	if len(d.Axes) == 0 || len(d.At) == 0 {
		return fmt.Errorf("expected at least one parameter and one trial, got %d and %d", len(d.Axes), len(d.At))
	}
	if len(d.Score) != len(d.At) || d.Spread != nil && len(d.Spread) != len(d.At) {
		return fmt.Errorf("expected one score per trial (%d), got %d and %d spreads", len(d.At), len(d.Score), len(d.Spread))
	}
	for _, a := range d.Axes {
		if len(a.Values) == 0 {
			return errors.New("parameter " + a.Name + ": expected at least one value, got none")
		}
	}
	for t, at := range d.At {
		if len(at) != len(d.Axes) {
			return fmt.Errorf("trial %d: expected one value per parameter (%d), got %d", t+1, len(d.Axes), len(at))
		}
		for a, i := range at {
			if i < 0 || i >= len(d.Axes[a].Values) {
				return fmt.Errorf("trial %d: expected a value of %s below %d, got %d", t+1, d.Axes[a].Name, len(d.Axes[a].Values), i)
			}
		}
	}
	return nil
}

// layout chooses the drawing by the number of parameters.
func (d SweepData) layout() (height float64, paint func(pen)) {
	switch {
	case len(d.Axes) == 1:
		return plotHeight, d.line
	case len(d.Axes) == 2:
		return clamp(120+44*float64(len(d.Axes[0].Values)), 220, 640), func(p pen) { d.grid(-1).drawScaled(p, d.Metric) }
	case len(d.Axes) == 3 && len(d.Axes[2].Values) <= 9:
		columns := panelColumns(len(d.Axes[2].Values))
		rows := (len(d.Axes[2].Values) + columns - 1) / columns
		return 90 + float64(rows)*clamp(66+30*float64(len(d.Axes[0].Values)), 140, 300), func(p pen) { d.grids(p, columns, rows) }
	}
	return 96 + 21*float64(min(len(d.At), bestTrials)), d.list
}

func (d SweepData) scale() span { return emptySpan().add(d.Score...).wide() }

// colours are dark where the score is good.
func (d SweepData) colours() ramp {
	if !d.LowerIsBetter {
		return sequential
	}
	out := make(ramp, len(sequential))
	for i, c := range sequential {
		out[len(sequential)-1-i] = c
	}
	return out
}

// line draws one parameter.
func (d SweepData) line(p pen) {
	order := positionsOf(len(d.At))
	sort.SliceStable(order, func(a, b int) bool { return d.At[order[a]][0] < d.At[order[b]][0] })
	b := Band{}
	for _, t := range order {
		b.X, b.Mean = append(b.X, float64(d.At[t][0])), append(b.Mean, d.Score[t])
		b.Spread = append(b.Spread, d.spread(t))
	}
	lower, upper := b.edges()
	values := d.Axes[0].Values
	f := &frame{
		x: axis{label: d.Axes[0].Name, r: span{0, float64(len(values) - 1)}, ticks: named(values, p.width()/float64(len(values))), nogrid: true, margin: 0.06},
		y: axis{label: d.Metric, r: emptySpan().add(lower...).add(upper...), margin: 0.06, noline: true},
	}
	f.add(curve(b.X, b.Mean, stroke(hue(0), normal)), func(v view) {
		for i := range b.X {
			if finite(b.Mean[i]) && b.Spread[i] > 0 {
				v.line(v.x(b.X[i]), v.y(lower[i]), v.x(b.X[i]), v.y(upper[i]), stroke(hue(0), 1.2))
			}
		}
	}, markers(b.X, b.Mean, 4, 0, hue(0)))
	if best := extreme(d.Score, !d.LowerIsBetter); best >= 0 {
		f.add(func(v view) {
			v.disc(v.x(float64(d.At[best][0])), v.y(d.Score[best]), 5.5, white, stroke(hue(1), bold))
		})
	}
	f.draw(p)
}

func (d SweepData) spread(t int) float64 {
	if d.Spread == nil || !finite(d.Spread[t]) {
		return 0
	}
	return d.Spread[t]
}

// grid is the first two parameters, of the trials that have value k of the third;
// of all trials when k is negative.
func (d SweepData) grid(k int) matrix {
	rows, columns := d.Axes[0], d.Axes[1]
	value := make([][]float64, len(rows.Values))
	for i := range value {
		value[i] = make([]float64, len(columns.Values))
		for j := range value[i] {
			value[i][j] = math.NaN()
		}
	}
	best, br, bc := extreme(d.Score, !d.LowerIsBetter), -1, -1
	for t, at := range d.At {
		if k >= 0 && at[2] != k {
			continue
		}
		value[at[0]][at[1]] = d.Score[t]
		if t == best {
			br, bc = at[0], at[1]
		}
	}
	return matrix{
		rows: rows.Values, columns: columns.Values, left: rows.Name, top: columns.Name,
		value: value, colours: d.colours(), scale: d.scale(),
		entry: func(r, c int) string { return number(value[r][c]) },
		mark:  func(r, c int) bool { return r == br && c == bc },
	}
}

func (d SweepData) grids(p pen, columns, rows int) {
	p = p.scaleBar(d.Metric, d.scale(), d.colours())
	for k, q := range p.tiles(columns, rows, 16, 12)[:len(d.Axes[2].Values)] {
		q.text(shorten(d.Axes[2].Name+" = "+d.Axes[2].Values[k], labelSize, q.width()), q.Min.X, q.Max.Y, strong(labelSize, ink))
		d.grid(k).draw(q.inset(0, 0, 0, labelSize+5))
	}
}

// bestTrials is how many trials a list shows.
const bestTrials = 25

// order is the trials from the best to the worst; failed ones are last.
func (d SweepData) order() []int {
	order := positionsOf(len(d.At))
	sort.SliceStable(order, func(a, b int) bool {
		x, y := d.Score[order[a]], d.Score[order[b]]
		if !finite(x) || !finite(y) {
			return finite(x) && !finite(y)
		}
		if d.LowerIsBetter {
			return x < y
		}
		return x > y
	})
	return order
}

// list draws the best trials below each other.
func (d SweepData) list(p pen) {
	order := d.order()[:min(len(d.At), bestTrials)]
	names := make([]string, len(order))
	r := emptySpan()
	for i, t := range order {
		names[i] = d.trial(t)
		r = r.add(d.Score[t]-d.spread(t), d.Score[t]+d.spread(t))
	}
	f := &frame{
		x: axis{label: d.Metric, r: r, margin: 0.06},
		y: axis{r: span{-0.5, float64(len(order)) - 0.5}, ticks: named(names, p.width()*0.55), reversed: true, noline: true},
	}
	f.add(func(v view) {
		for i, t := range order {
			if !finite(d.Score[t]) {
				v.text("failed", v.Min.X+6, v.y(float64(i)), aligned(plain(noteSize, warning), draw.XLeft, draw.YCenter))
				continue
			}
			x, y := v.x(d.Score[t]), v.y(float64(i))
			v.line(v.x(d.Score[t]-d.spread(t)), y, v.x(d.Score[t]+d.spread(t)), y, stroke(hue(0), normal))
			v.disc(x, y, 4, hue(0), stroke(white, 0.6))
		}
	})
	f.draw(p)
}

// trial names a trial: "p = 0.2, lr = 0.01".
func (d SweepData) trial(t int) string {
	parts := make([]string, len(d.Axes))
	for a, axis := range d.Axes {
		parts[a] = axis.Name + " = " + axis.Values[d.At[t][a]]
	}
	return strings.Join(parts, ", ")
}

func (d SweepData) score(t int) string {
	if !finite(d.Score[t]) {
		return "no " + d.Metric
	}
	if s := d.spread(t); s > 0 {
		return d.Metric + " " + number(d.Score[t]) + " ± " + number(s)
	}
	return d.Metric + " " + number(d.Score[t])
}

func (d SweepData) text(title, best string) string {
	lines := []string{title + ", " + count(len(d.At), "trial") + "."}
	if best != "" {
		lines = append(lines, capital(best)+".")
	}
	for i, t := range d.order() {
		if i == 12 {
			lines = append(lines, fmt.Sprintf("… and %d more.", len(d.At)-i))
			break
		}
		lines = append(lines, d.trial(t)+": "+d.score(t))
	}
	return strings.Join(lines, "\n")
}

func (d SweepData) data() Data {
	var out Data
	for a, axis := range d.Axes {
		column := Column{Name: axis.Name}
		for _, at := range d.At {
			column.Strings = append(column.Strings, axis.Values[at[a]])
		}
		out.Columns = append(out.Columns, column)
	}
	out.Columns = append(out.Columns, Column{Name: d.Metric, Numbers: d.Score})
	if d.Spread != nil {
		out.Columns = append(out.Columns, Column{Name: "spread", Numbers: d.Spread})
	}
	return out
}
