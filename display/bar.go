package display

// BarData is what Bar draws.
type BarData struct {
	// Labels name the places on the axis.
	Labels []string
	// Groups are one or several sets of bars, each with one value per label.
	Groups []Group
	// Spread[g][i] is a half width of error around a value; may be nil.
	Spread [][]float64
	// Label names what the labels are, Value what the bars measure.
	Label, Value string
	// Sort draws the longest bar first.
	Sort bool
}

// Bar draws values by label. Bars lie down when the labels are long or many.
func Bar(d BarData, o Options) (*Figure, error) { return nil, errUndrawn }
