package display

// LayerWeights are the weights and biases of one layer.
type LayerWeights struct {
	// Name is the layer's name and, in words, what it is: "dense_1 (64, relu)".
	Name string
	// Weights and Biases are their values. Biases may be nil.
	Weights, Biases []float64
}

// WeightsData is what Weights draws.
type WeightsData struct {
	Layers []LayerWeights
}

// Weights draws a histogram of the weights and biases of each layer.
func Weights(d WeightsData, o Options) (*Figure, error) { return nil, errUndrawn }

// LayerHistory is the distribution of one layer's weights (or gradients, or
// activations) at several epochs.
type LayerHistory struct {
	Name   string
	Epochs []float64
	// At has one histogram per epoch.
	At []Histogram
}

// WeightsOverTimeData is what WeightsOverTime draws.
type WeightsOverTimeData struct {
	Layers []LayerHistory
	// What names the values, for the x axis; "" means "weight".
	What string
}

// WeightsOverTime draws, for each layer, ridgelines: one histogram per epoch,
// the first at the back (top), the last at the front (bottom).
func WeightsOverTime(d WeightsOverTimeData, o Options) (*Figure, error) { return nil, errUndrawn }
