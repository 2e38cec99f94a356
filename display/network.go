package display

// NetworkLayer is one column of units in the drawing of a network.
type NetworkLayer struct {
	// Name stands under the column: "input", "dense_1".
	Name string
	// Note is a second, smaller line: "64 relu", "dropout 0.5".
	Note string
	// Units is the number of units; 0 means not known yet.
	Units int
	// Labels name the units, where they have names (features, classes); may be nil.
	Labels []string
	// Values shade the units (activations of one row); may be nil.
	Values []float64
	// Skip, when positive, draws an arc to the layer that many columns on: a
	// residual connection.
	Skip int
}

// NetworkData is a network as a picture shows it.
type NetworkData struct {
	Layers []NetworkLayer
	// Weights[l][to][from] is the weight of the edge from unit `from` of layer l
	// to unit `to` of layer l+1. Weights, or an entry of it, may be nil: not known.
	Weights [][][]float64
	// Parameters is the number of parameters; 0 when not known.
	Parameters int
}

// Network draws the layers of a network as columns of units. Edges are coloured
// by the sign of their weight and as wide as its size; wide layers are elided.
func Network(d NetworkData, o Options) (*Figure, error) { return nil, errUndrawn }
