package display

// DependenceData is what Dependence draws.
type DependenceData struct {
	Feature, Target string
	// X are the feature's values, or positions of Levels when the feature is a
	// category. Mean is the mean prediction at each.
	X, Mean []float64
	// Levels name a category's values; nil for a number.
	Levels []string
	// Rows are single rows' predictions, Rows[r][i] at X[i]; may be nil.
	Rows [][]float64
	// Rug are values of the feature that occur in the data; may be nil.
	Rug []float64
}

// Dependence draws how the prediction changes with one feature when all others
// stay: the mean over rows, and some rows thinly behind it.
func Dependence(d DependenceData, o Options) (*Figure, error) { return nil, errUndrawn }
