package display

// SweepAxis is one parameter of a sweep with the values tried.
type SweepAxis struct {
	Name   string
	Values []string
}

// SweepData is what Sweep draws.
type SweepData struct {
	// Axes are the parameters.
	Axes []SweepAxis
	// At[t][a] is the index of trial t's value on axis a.
	At [][]int
	// Score and Spread are each trial's mean and standard deviation; Spread may
	// be nil, a score that is not finite is a failed trial.
	Score, Spread []float64
	// Metric names the score.
	Metric string
	// LowerIsBetter says which end is good.
	LowerIsBetter bool
}

// Sweep draws the scores of a grid of trials: a line over one parameter, a
// shaded grid over two, small grids over three; further parameters are shown by
// the best trials in order.
func Sweep(d SweepData, o Options) (*Figure, error) { return nil, errUndrawn }
