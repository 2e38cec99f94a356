package display

import "fmt"

// MetricData is what Metric draws.
type MetricData struct {
	Runs []Run
	// Metric names the metric and its unit, for the y axis: "accuracy".
	Metric string
	// LowerIsBetter says that the best epoch has the smallest value.
	LowerIsBetter bool
	// Planned is the number of epochs planned, 0 when not known.
	Planned int
}

// Metric draws a metric by epoch on training and validation rows.
func Metric(d MetricData, o Options) (*Figure, error) {
	c := course{runs: d.Runs, planned: d.Planned, lower: d.LowerIsBetter, what: d.Metric}
	if c.what == "" {
		c.what = "metric"
	}
	c.title = capital(c.what) + " by epoch"
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("metric: %w", err)
	}
	return c.figure(o), nil
}
