package display

// CorrelationData is what Correlation draws.
type CorrelationData struct {
	Names []string
	// R is the square matrix of correlations in -1…1; NaN is not known.
	R [][]float64
}

// Correlation draws a matrix of correlations with its numbers.
func Correlation(d CorrelationData, o Options) (*Figure, error) { return nil, errUndrawn }
