package display

// BoxData is what Box draws.
type BoxData struct {
	Groups []Group
	// Label names the values, By what the groups are.
	Label, By string
}

// Box draws the median, quartiles and whiskers (1.5 interquartile ranges) of
// each group, with the values outside as points.
func Box(d BoxData, o Options) (*Figure, error) { return nil, errUndrawn }
