package display

// RateCurve is one curve of ROC or PrecisionRecall.
type RateCurve struct {
	Name string
	// X and Y are: for ROC the false positive rate and the true positive rate;
	// for PrecisionRecall recall and precision. Both are in 0…1.
	X, Y []float64
	// Area is the area under the curve (ROC AUC; average precision), NaN when
	// not known.
	Area float64
	// Base is the share of positive rows, for PrecisionRecall; NaN when not known.
	Base float64
}

// RateCurvesData is what ROC and PrecisionRecall draw.
type RateCurvesData struct {
	Curves []RateCurve
	// Positive names the positive class; may be empty.
	Positive string
}

// ROC draws the true positive rate over the false positive rate.
func ROC(d RateCurvesData, o Options) (*Figure, error) { return nil, errUndrawn }

// PrecisionRecall draws precision over recall.
func PrecisionRecall(d RateCurvesData, o Options) (*Figure, error) { return nil, errUndrawn }
