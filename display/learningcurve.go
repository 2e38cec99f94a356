package display

// Band is a line with a spread around it.
type Band struct {
	Name string
	// X are positions, Mean the line, Spread the half width (standard deviation)
	// around it; Spread may be nil.
	X, Mean, Spread []float64
}

// LearningCurveData is what LearningCurve draws.
type LearningCurveData struct {
	Bands []Band
	// Metric names the y axis, Size the x axis ("" means "training rows").
	Metric, Size string
	// Log draws the sizes on a logarithmic axis.
	Log bool
}

// LearningCurve draws a metric over the number of training rows (or over another
// quantity), as lines with bands of spread.
func LearningCurve(d LearningCurveData, o Options) (*Figure, error) { return nil, errUndrawn }
