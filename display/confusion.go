package display

// ConfusionData is what Confusion draws.
type ConfusionData struct {
	Classes []string
	// Counts[t][p] is how many rows of class t were called class p.
	Counts [][]float64
	// Target names what is predicted; may be empty.
	Target string
}

// Confusion draws a confusion matrix: rows are true classes, columns the
// predicted ones, shaded by the share of the row.
func Confusion(d ConfusionData, o Options) (*Figure, error) { return nil, errUndrawn }
