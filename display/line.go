package display

// LineData is what Line draws.
type LineData struct {
	Lines          []Series
	XLabel, YLabel string
	// LogX and LogY choose logarithmic axes.
	LogX, LogY bool
	// Markers draws a point at each value; by itself for up to 12 values a line.
	Markers bool
}

// Line draws lines, each labelled at its end.
func Line(d LineData, o Options) (*Figure, error) { return nil, errUndrawn }
