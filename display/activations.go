package display

// LayerActivations is what one layer's units do on some rows.
type LayerActivations struct {
	Name string
	// Activation is the activation's name ("relu"), "" when there is none.
	Activation string
	// Values are the activations of all units on all rows (or a sample of them).
	Values []float64
	// Units is the number of units, Dead how many of them never answer.
	Units, Dead int
	// Saturated is the share of values in the flat parts of the activation;
	// NaN when the activation has none.
	Saturated float64
}

// ActivationsData is what Activations draws.
type ActivationsData struct {
	Layers []LayerActivations
}

// Activations draws the distribution of each layer's activations with its
// saturation and dead units.
func Activations(d ActivationsData, o Options) (*Figure, error) { return nil, errUndrawn }
