package display

// UnitMatrix is a matrix over pairs of units, such as the correlation of their
// activations.
type UnitMatrix struct {
	Name string
	// M is square; entries are in -1…1.
	M [][]float64
}

// CoadaptationData is what Coadaptation draws.
type CoadaptationData struct {
	Models []UnitMatrix
	// Layer names the layer whose units are compared.
	Layer string
}

// Coadaptation draws, for each model, how strongly the units of a layer lean on
// each other: the matrix of correlations, with the mean of its absolute
// off-diagonal entries.
func Coadaptation(d CoadaptationData, o Options) (*Figure, error) { return nil, errUndrawn }
