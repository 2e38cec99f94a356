package display

// ScatterData is what Scatter draws.
type ScatterData struct {
	X, Y           []float64
	XLabel, YLabel string
	// Category colours the points: an index into Categories for each point,
	// negative for a missing one. nil with Value nil: one colour.
	Category   []int
	Categories []string
	// Value colours the points by a number.
	Value []float64
	// ColorLabel names what colours the points.
	ColorLabel string
	// LogX and LogY choose logarithmic axes; values that are not positive are left out.
	LogX, LogY bool
}

// Scatter draws points, coloured by a category or a number.
func Scatter(d ScatterData, o Options) (*Figure, error) { return nil, errUndrawn }
