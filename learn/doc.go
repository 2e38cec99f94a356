// Package learn turns tables and networks into trained models.
//
// A [Model] is a network, its parameters, the preparation learnt from its
// training rows, the names of its classes, and what was recorded on the way.
// It keeps no rows. Start at [Fit]:
//
//	m, err := learn.Fit(ctx, learn.Options{Net: net, Data: train, Target: []string{"species"}})
//	e, err := m.Evaluate(ctx, test)
//	p, err := m.Predict(ctx, rows)
//
// Where things are:
//
//	options.go     Options, Settings (Options with every default filled in)
//	fit.go         Fit, FitOn; shelf.go: Shelf, rows made ready for the next training
//	history.go     Epoch, Record: what a training leaves behind
//	model.go       Model and its parts: Network, Plan, Settings, Notes, History, Weights
//	scores.go      Evaluate; metrics.go: Metrics, the list of scores
//	predict.go     Predict, Probabilities, Outputs
//	summary.go     Summary, plain structs to be shown; latex.go; recipe.go; fingerprint.go
//	inspect.go     Gradients, Activations, Health, Coadaptation; trace.go: Trace; gradcheck.go: GradCheck
//	dropout.go     Masks, Thinned, MCDropout; averaging.go: Averaging
//	diagram.go     Diagram: columns of units for a drawing
//	boundary.go    Boundary: the model and its hidden units over two columns
//	curves.go      ROC, PrecisionRecall, Calibration, Residuals
//	importance.go  Importance, Dependence
//	experiment.go  Trial, FitAll; compare.go, sweep.go, crossvalidate.go, ensemble.go, findlr.go,
//	               learningcurve.go
//	submodel.go    SubModel: trained layers as part of another network
//	presets.go     Presets: strong defaults in one call
//	save.go        Save, Load (safetensors); onnx.go: Export
//
// Promises. The same options and rows give the same bits, whatever the number
// of threads; only seconds and device names vary. Nothing is decided in
// silence: Model.Notes says in sentences what was chosen. Going on for 10
// epochs after 10 is the same as 20, bit for bit. Inputs are never changed.
//
// The package knows no language and draws nothing. Backends come from the
// caller; without any it uses package nn/reference.
package learn
