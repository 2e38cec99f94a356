package learn

import (
	"context"
	"fmt"

	"mlpkernel/table"
)

// Averaging is how the average of thinned networks fares against the whole
// network (Srivastava et al. 2014, figure 11).
type Averaging struct {
	Metric string
	// Mean and Spread (standard deviation over draws of masks) are scores of the
	// average of the first n thinned networks, n from 1.
	Mean, Spread []float64
	Whole        float64 // the score of the whole network
}

// averagings is how many draws of masks there are.
const averagings = 5

// Averaging scores averages of up to so many thinned networks on rows with targets.
func (m *Model) Averaging(ctx context.Context, t *table.Table, networks int, seed uint64) (*Averaging, error) {
	e, err := m.Evaluate(ctx, t)
	if err != nil {
		return nil, err
	}
	a := &Averaging{Metric: defaultMetric(e.Kind)}
	for _, s := range e.Scores {
		if s.Name == a.Metric {
			a.Whole = s.Value
		}
	}
	var draws [][]float64
	for k := range averagings {
		s, err := m.MCDropout(ctx, t, networks, seed+uint64(k))
		if err != nil {
			return nil, err
		}
		if s.Metric == "" {
			return nil, fmt.Errorf("averages are scored, and some of these rows have no %s", nameList(m.settings.Target))
		}
		draws = append(draws, s.Scores)
	}
	for i := range networks {
		at := make([]float64, len(draws))
		for k, scores := range draws {
			at[k] = scores[i]
		}
		mean, spread := sampleSpread(at)
		a.Mean, a.Spread = append(a.Mean, mean), append(a.Spread, spread)
	}
	return a, nil
}
