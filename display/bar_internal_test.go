package display

import "testing"

// TestBarsHaveRoomForTheirValues: the value of a lying bar begins and ends within
// the axis, however short the bar.
func TestBarsHaveRoomForTheirValues(t *testing.T) {
	const length = 500.0
	for _, values := range [][]float64{{0.321, -0.00233}, {-0.00233}, {5, 0.1}, {-1e-5, -1.23e-7, 0}, {0}} {
		d := BarData{Labels: make([]string, len(values)), Groups: []Group{{Values: values}}, Spread: [][]float64{make([]float64, len(values))}}
		r := d.roomyRange(length, true).wide()
		for _, u := range values {
			at, w := (u-r.lo)/(r.hi-r.lo)*length, figureGap+textWidth(d.written(u), figureSize)
			if u < 0 && at < w || u >= 0 && at+w > length {
				t.Errorf("the value of %v among %v has no room at %.0f", u, values, at)
			}
		}
	}
}
