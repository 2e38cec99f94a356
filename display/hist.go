package display

// Group is a named set of values.
type Group struct {
	Name   string
	Values []float64
}

// HistData is what Hist draws.
type HistData struct {
	// Groups are one or several sets of values; several are overlaid.
	Groups []Group
	// Label names the values and their unit.
	Label string
	// Bins is the number of bins; 0 chooses.
	Bins int
	// Missing is how many values were missing, for the note.
	Missing int
}

// Hist draws the distribution of numbers.
func Hist(d HistData, o Options) (*Figure, error) { return nil, errUndrawn }
