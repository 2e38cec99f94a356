package display

// CalibrationCurve is the reliability of one model's probabilities in bins.
type CalibrationCurve struct {
	Name string
	// Predicted is the mean predicted probability of each bin, Observed the share
	// of positive rows in it, Count its number of rows.
	Predicted, Observed, Count []float64
	// Error is the expected calibration error, NaN when not known.
	Error float64
}

// CalibrationData is what Calibration draws.
type CalibrationData struct {
	Curves []CalibrationCurve
	// Positive names the positive class; may be empty.
	Positive string
}

// Calibration draws how often events happen that were predicted with a given
// probability, with the numbers of rows per bin below.
func Calibration(d CalibrationData, o Options) (*Figure, error) { return nil, errUndrawn }
