package display

import (
	"fmt"
	"math"
)

// LineData is what Line draws.
type LineData struct {
	Lines          []Series
	XLabel, YLabel string
	// LogX and LogY choose logarithmic axes.
	LogX, LogY bool
	// TimesX says that positions are seconds since 1970 UTC.
	TimesX bool
	// Markers draws a point at each value; by itself for up to 12 values a line.
	Markers bool
}

// Line draws lines, each labelled at its end.
func Line(d LineData, o Options) (*Figure, error) {
	f, err := lineFigure(lineChart{
		lines: d.Lines, x: orElse(d.XLabel, "x"), y: orElse(d.YLabel, "y"),
		logX: d.LogX, logY: d.LogY, timesX: d.TimesX, markers: d.Markers,
	}, o)
	if err != nil {
		return nil, fmt.Errorf("line: %w", err)
	}
	return f, nil
}

// lineChart is what Line and Schedule have in common.
type lineChart struct {
	lines      []Series
	x, y       string
	logX, logY bool
	timesX     bool
	markers    bool
	// fromZero begins the y axis at 0 when no value is negative.
	fromZero bool
}

func lineFigure(c lineChart, o Options) (*Figure, error) {
	lines, err := checkSeries(c.lines, 0)
	if err != nil {
		return nil, err
	}
	c.lines = lines
	s := newScene(o, c.y+" over "+c.x, notebookWidth, plotHeight)
	bad, hidden := 0, 0
	for _, l := range lines {
		bad += notFinite(l.Y)
		for i := range l.Y {
			if c.logY && l.Y[i] <= 0 || c.logX && l.X[i] <= 0 {
				hidden++
			}
		}
	}
	s.notes = gaps(bad)
	if hidden > 0 {
		s.notes = append(s.notes, count(hidden, "value is|values are")+" not above 0 and cannot stand on a logarithmic axis.")
	}
	s.paint = c.paint
	return build(s, courses(s.title+".", c.y, lines, writer(c.timesX)), seriesData(c.x, c.y, lines, c.timesX)), nil
}

func (c lineChart) paint(p pen) {
	xs, ys := seriesRange(c.lines)
	var x, y [][]float64
	for _, l := range c.lines {
		x, y = append(x, l.X), append(y, l.Y)
	}
	if c.logX {
		xs = aboveZero(x...)
	}
	if c.logY {
		ys = aboveZero(y...)
	}
	if c.fromZero && ys.lo >= 0 && !ys.empty() {
		ys.lo = 0
	}
	f := &frame{x: axis{label: c.x, r: xs, log: c.logX, times: c.timesX, nogrid: true}, y: axis{label: c.y, r: ys, log: c.logY, noline: true, margin: 0.05}}
	if c.fromZero && ys.lo == 0 {
		f.y.margin, f.y.r.hi = 0, math.Max(ys.hi, 0)*1.06
	}
	f.drawLines(c.lines, false)
	for i, l := range c.lines {
		if c.markers && len(l.X) <= 200 || len(l.X) <= 12 {
			f.add(markers(l.X, l.Y, 3.4, i, hue(i)))
			f.x.margin = 0.02
		}
	}
	f.draw(p)
}
