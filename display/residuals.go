package display

// ResidualsData is what Residuals draws.
type ResidualsData struct {
	// Actual and Predicted are the target's values and the model's.
	Actual, Predicted []float64
	// Target names the target and its unit.
	Target string
}

// Residuals draws predicted over actual values and the distribution of the
// residuals (actual minus predicted).
func Residuals(d ResidualsData, o Options) (*Figure, error) { return nil, errUndrawn }
