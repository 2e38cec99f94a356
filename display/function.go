package display

// Series is one named line: y over x. A nil X means 0, 1, 2, …
type Series struct {
	Name string
	X, Y []float64
}

// FunctionData is what Function draws.
type FunctionData struct {
	Curves []Series
	// XLabel and YLabel name the axes; "" means "x" and "f(x)".
	XLabel, YLabel string
}

// Function draws functions of one number, such as an activation and its
// derivative, with both axes through the origin.
func Function(d FunctionData, o Options) (*Figure, error) { return nil, errUndrawn }
