package display

// MissingData is what Missing draws.
type MissingData struct {
	Names []string
	// Missing is the number of missing values of each column.
	Missing []int
	// Rows is the number of rows.
	Rows int
	// Pattern[r][c] says whether a value is missing, for all rows or evenly
	// spaced ones, in order; may be nil.
	Pattern [][]bool
}

// Missing draws where values are missing: the share by column and, when given,
// the pattern over the rows.
func Missing(d MissingData, o Options) (*Figure, error) { return nil, errUndrawn }
