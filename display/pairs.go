package display

// PairsData is what Pairs draws.
type PairsData struct {
	// Columns are equally long; NaN is a missing value.
	Columns []Group
	// Category colours the points: an index into Categories for each row,
	// negative for a missing one; may be nil.
	Category   []int
	Categories []string
	// ColorLabel names what colours the points.
	ColorLabel string
}

// Pairs draws every pair of columns as a scatter plot, with histograms on the
// diagonal.
func Pairs(d PairsData, o Options) (*Figure, error) { return nil, errUndrawn }
