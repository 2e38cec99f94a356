package display

// Run is the recorded course of one training.
type Run struct {
	// Name is the model's name; it may be empty when there is one run.
	Name string
	// Epochs are the positions on the x axis; nil means 1, 2, 3, …
	Epochs []float64
	// Train and Validation are the values after each epoch. Either may be nil.
	// Values that are not finite are gaps.
	Train, Validation []float64
	// Best is the index of the best epoch, counted from 0. Negative, or with
	// Best and BestKnown unset, the best finite value of Validation (else Train) is taken.
	Best int
	// BestKnown says that Best is given.
	BestKnown bool
}

// LossData is what Loss draws.
type LossData struct {
	Runs []Run
	// Loss names the loss and its unit, for the y axis: "cross-entropy".
	Loss string
	// Planned is the number of epochs planned; the x axis reaches it while a
	// training runs. 0: the axis ends with the data.
	Planned int
	// Log is "auto" (or ""), "yes" or "no": a logarithmic y axis.
	Log string
}

// Loss draws training and validation loss by epoch, for one run or several,
// with the best epoch marked.
func Loss(d LossData, o Options) (*Figure, error) { return nil, errUndrawn }
