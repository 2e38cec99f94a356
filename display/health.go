package display

// LayerHealth are the vital signs of one layer. A NaN is a sign not known.
type LayerHealth struct {
	Name        string
	Units, Dead int
	// Saturated is the share of activations in flat parts, Ratio the size of an
	// update relative to the weights, Gradient the size of the gradient.
	Saturated, Ratio, Gradient float64
}

// HealthData is what Health draws.
type HealthData struct {
	Layers []LayerHealth
	// Findings are sentences that say what is wrong, or that nothing is.
	Findings []string
}

// Health draws the vital signs of a network layer by layer.
func Health(d HealthData, o Options) (*Figure, error) { return nil, errUndrawn }
