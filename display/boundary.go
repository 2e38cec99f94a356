package display

// UnitMap is the answer of one hidden unit over the grid of a BoundaryData.
type UnitMap struct {
	// Layer and Name say which unit it is.
	Layer, Name string
	// Z[iy][ix] is its activation.
	Z [][]float64
}

// BoundaryData is what Boundary draws: a function of two inputs on a grid, with
// data points on top.
type BoundaryData struct {
	// X and Y are the grid's coordinates, rising.
	X, Y []float64
	// XLabel and YLabel name the two inputs.
	XLabel, YLabel string
	// Z is the function, and what it is depends on Classes.
	// No classes: Z[0][iy][ix] is a number. Two classes: Z[0] is the probability
	// of the second class (Z[0], Z[1] those of both are accepted too). More
	// classes: Z[c] is the probability of class c.
	Z [][][]float64
	// Classes are the names of the classes; nil for a number.
	Classes []string
	// Target names what is predicted.
	Target string
	// PointX and PointY are data points; may be nil.
	PointX, PointY []float64
	// PointClass is the class index of each point, when there are classes; a
	// negative one is a point of unknown class.
	PointClass []int
	// PointValue is the target of each point, when it is a number.
	PointValue []float64
	// Units are small maps of hidden units, drawn below; may be nil.
	Units []UnitMap
}

// Boundary draws the function a model has learnt over two inputs as a heat map,
// the boundary between classes as a line, and the data points on top.
func Boundary(d BoundaryData, o Options) (*Figure, error) { return nil, errUndrawn }
