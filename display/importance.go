package display

import (
	"errors"
	"fmt"
)

// ImportanceData is what Importance draws.
type ImportanceData struct {
	Features []string
	// Value is the importance of each feature; Spread its standard deviation, may be nil.
	Value, Spread []float64
	// Measure says what importance is, for the axis: "drop in accuracy when shuffled".
	Measure string
	// Limit is how many features are drawn at most; 0 means 20.
	Limit int
}

// Importance draws features by importance, the greatest first.
func Importance(d ImportanceData, o Options) (*Figure, error) {
	n := len(d.Features)
	if n == 0 {
		return nil, errors.New("importance: expected at least one feature, got none")
	}
	if len(d.Value) != n || d.Spread != nil && len(d.Spread) != n {
		return nil, fmt.Errorf("importance: expected one value per feature (%d), got %d and %d spreads", n, len(d.Value), len(d.Spread))
	}
	limit := d.Limit
	if limit <= 0 {
		limit = 20
	}
	b := BarData{Labels: d.Features, Groups: []Group{{Values: d.Value}}, Label: "feature", Value: orElse(d.Measure, "importance"), Sort: true}
	if d.Spread != nil {
		b.Spread = [][]float64{d.Spread}
	}
	all := b.sortedBars()
	shown := all.first(min(limit, n))
	shown.Sort = false
	s := newScene(o, "Importance of the features", notebookWidth, 90+22*float64(len(shown.Labels)))
	s.notes = gaps(notFinite(shown.Groups[0].Values))
	if n > limit {
		s.notes = append(s.notes, fmt.Sprintf("The %d most important of %d features are drawn.", limit, n))
	}
	shown.Label = ""
	s.paint = func(p pen) { shown.paint(p, true) }
	return build(s, all.text("Importance of the features ("+b.Value+")"), all.data()), nil
}
