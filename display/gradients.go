package display

// GradientRun is the size of the gradients of one model over its training.
type GradientRun struct {
	Name string
	// Layers are the layers' names from input to output.
	Layers []string
	// Epochs are the recorded positions.
	Epochs []float64
	// Norm[l][e] is the size of the gradient of layer l at epoch e.
	Norm [][]float64
}

// GradientsData is what Gradients draws.
type GradientsData struct {
	Runs []GradientRun
	// What says how size is measured, for the axis; "" means "mean |gradient|".
	What string
}

// Gradients draws the size of the gradient by layer and epoch, on a logarithmic
// scale: on the left over the epochs, on the right by depth, so that vanishing
// and exploding gradients are seen at once.
func Gradients(d GradientsData, o Options) (*Figure, error) { return nil, errUndrawn }
