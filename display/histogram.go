package display

// Histogram is a counted distribution. Edges has one more entry than Counts and
// rises; Counts need not be whole numbers.
type Histogram struct {
	Edges, Counts []float64
	// Outside is how many values were left out because they are not finite.
	Outside int
}
