package display

// ImportanceData is what Importance draws.
type ImportanceData struct {
	Features []string
	// Value is the importance of each feature; Spread its standard deviation, may be nil.
	Value, Spread []float64
	// Measure says what importance is, for the axis: "drop in accuracy when shuffled".
	Measure string
	// Limit is how many features are drawn at most; 0 means 20.
	Limit int
}

// Importance draws features by importance, the greatest first.
func Importance(d ImportanceData, o Options) (*Figure, error) { return nil, errUndrawn }
