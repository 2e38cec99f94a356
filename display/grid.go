package display

// Grid puts figures side by side in so many columns (0 means 2), each scaled to
// its column, and returns them as one figure.
func Grid(figures []*Figure, columns int, o Options) (*Figure, error) { return nil, errUndrawn }
