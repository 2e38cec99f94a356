package display

import (
	"math"
	"time"

	"gonum.org/v1/plot"
)

// This file writes times, which pictures take as seconds since 1970 UTC.

// moment is the time at so many seconds since 1970 UTC.
func moment(seconds float64) time.Time {
	return time.UnixMicro(int64(math.Round(seconds * 1e6))).UTC()
}

// timeText writes a time, at midnight the date alone.
func timeText(seconds float64) string {
	if !finite(seconds) {
		return number(seconds)
	}
	t := moment(seconds)
	if t.Equal(t.Truncate(day * time.Second)) {
		return t.Format(time.DateOnly)
	}
	if t.Equal(t.Truncate(time.Minute)) {
		return t.Format("2006-01-02 15:04")
	}
	return t.Format(time.DateTime)
}

// writer is how the values of an axis are written.
func writer(times bool) func(float64) string {
	if times {
		return timeText
	}
	return number
}

const (
	minute = 60 // in seconds
	hour   = 60 * minute
	day    = 24 * hour
	month  = 30 * day // about
)

// timeStep is a distance of ticks, in seconds or in months of the calendar, and how
// they are written.
type timeStep struct {
	seconds float64
	months  int
	layout  string
}

// timeSteps are the round distances, the shortest first.
var timeSteps = makeTimeSteps()

func makeTimeSteps() []timeStep {
	var out []timeStep
	for _, s := range []float64{1, 5, 15} {
		out = append(out, timeStep{seconds: s, layout: time.TimeOnly})
	}
	for _, s := range []float64{minute, 5 * minute, 15 * minute, hour, 3 * hour, 6 * hour, 12 * hour} {
		out = append(out, timeStep{seconds: s, layout: "01-02 15:04"})
	}
	for _, d := range []float64{1, 2, 7, 14} {
		out = append(out, timeStep{seconds: d * day, layout: time.DateOnly})
	}
	for _, m := range []int{1, 3, 6} {
		out = append(out, timeStep{months: m, layout: "2006-01"})
	}
	for _, y := range []int{1, 2, 5, 10, 20, 50, 100, 1000} {
		out = append(out, timeStep{months: 12 * y, layout: "2006"})
	}
	return out
}

// size is the distance in seconds.
func (s timeStep) size() float64 { return s.seconds + float64(s.months)*month }

// at is the k-th round moment from lo on.
func (s timeStep) at(lo float64, k int) float64 {
	if s.months == 0 {
		return (math.Ceil(lo/s.seconds) + float64(k)) * s.seconds
	}
	t := moment(lo)
	months := 12*t.Year() + int(t.Month()) - 1
	months = int(math.Floor(float64(months)/float64(s.months)))*s.months + k*s.months
	return float64(time.Date(0, time.Month(months+1), 1, 0, 0, 0, 0, time.UTC).Unix())
}

// timeTicks are at most about n labelled round moments in a range.
func timeTicks(lo, hi float64, n int) []plot.Tick {
	step := timeSteps[len(timeSteps)-1]
	for _, s := range timeSteps {
		if (hi-lo)/s.size() <= float64(n) {
			step = s
			break
		}
	}
	var ticks []plot.Tick
	for k := 0; step.at(lo, k) <= hi && k < 100; k++ {
		if v := step.at(lo, k); v >= lo {
			ticks = append(ticks, plot.Tick{Value: v, Label: moment(v).Format(step.layout)})
		}
	}
	return ticks
}

// edgeRoom is how far a label may begin before its axis, in pixels.
const edgeRoom = 12

// fitFirst takes the label off the first tick where it would begin outside the
// picture; unit is the length of a second in pixels.
func fitFirst(ticks []plot.Tick, lo, unit float64) []plot.Tick {
	if len(ticks) > 1 && (ticks[0].Value-lo)*unit+edgeRoom < textWidth(ticks[0].Label, tickSize)/2 {
		ticks[0].Label = ""
	}
	return ticks
}
