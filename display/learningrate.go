package display

// LearningRateData is what LearningRate draws: the result of a range test.
type LearningRateData struct {
	// Rates are the learning rates tried, rising; Loss the loss at each.
	Rates, Loss []float64
	// Smooth is the smoothed loss; may be nil.
	Smooth []float64
	// Suggestion is the suggested rate; 0 for none.
	Suggestion float64
	// LossName names the y axis; "" means "loss".
	LossName string
}

// LearningRate draws the loss over the learning rate on a logarithmic x axis
// with the suggestion marked.
func LearningRate(d LearningRateData, o Options) (*Figure, error) { return nil, errUndrawn }
