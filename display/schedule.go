package display

import "fmt"

// ScheduleData is what Schedule draws.
type ScheduleData struct {
	// Schedules are rates over steps.
	Schedules []Series
	// Rate names the rate; "" means "learning rate". Unit names the x axis; ""
	// means "step".
	Rate, Unit string
	// Log draws the rate on a logarithmic axis.
	Log bool
}

// Schedule draws how a rate changes over the steps of a training.
func Schedule(d ScheduleData, o Options) (*Figure, error) {
	c := lineChart{lines: d.Schedules, x: orElse(d.Unit, "step"), y: orElse(d.Rate, "learning rate"), logY: d.Log, fromZero: !d.Log}
	o.Title = orElse(o.Title, capital(c.y)+" by "+c.x)
	f, err := lineFigure(c, o)
	if err != nil {
		return nil, fmt.Errorf("schedule: %w", err)
	}
	return f, nil
}
