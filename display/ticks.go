package display

import (
	"math"
	"strconv"

	"gonum.org/v1/plot"
)

// niceStep returns the step 1, 2 or 5 times a power of ten that cuts a range
// into about n parts: the nearest one on a logarithmic scale.
func niceStep(size float64, n int) float64 {
	raw := size / float64(max(n, 1))
	if raw <= 0 || !finite(raw) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []struct{ upTo, step float64 }{{1.4, 1}, {3.2, 2}, {7.1, 5}} {
		if raw <= m.upTo*power {
			return m.step * power
		}
	}
	return 10 * power
}

// linearTicks are about n labelled positions in a range.
func linearTicks(lo, hi float64, n int) []plot.Tick {
	if !(hi > lo) {
		return []plot.Tick{{Value: lo, Label: number(lo)}}
	}
	step := niceStep(hi-lo, n)
	var ticks []plot.Tick
	largest := math.Max(math.Abs(lo), math.Abs(hi))
	for k := math.Ceil(lo/step - 1e-9); k*step <= hi+step*1e-9 && len(ticks) < 100; k++ {
		v := k * step
		ticks = append(ticks, plot.Tick{Value: v, Label: tickLabel(v, step, largest)})
	}
	return ticks
}

// tickLabel writes a tick with as many decimals as its step needs.
func tickLabel(v, step, largest float64) string {
	if math.Abs(v) < step*1e-6 {
		return "0"
	}
	if largest >= 1e6 || step < 1e-4 {
		return exponent(strconv.FormatFloat(v, 'e', 2, 64))
	}
	decimals := max(0, int(-math.Floor(math.Log10(step)+1e-9)))
	if decimals == 0 {
		return minus(grouped(int(math.Round(v))))
	}
	return minus(strconv.FormatFloat(v, 'f', decimals, 64))
}

// logTicks are labelled positions of a logarithmic range, at powers of ten or,
// over few decades, at 1, 2 and 5 times them.
func logTicks(lo, hi float64, n int) []plot.Tick {
	decades := math.Log10(hi) - math.Log10(lo)
	if decades < 0.7 {
		return linearTicks(lo, hi, n)
	}
	factors := []float64{1}
	if decades < 2.2 {
		factors = []float64{1, 2, 5}
	}
	every := max(1, int(math.Ceil(decades/float64(max(n, 2)))))
	var ticks []plot.Tick
	for e := int(math.Floor(math.Log10(lo))); float64(e) <= math.Log10(hi)+1e-9; e++ {
		for _, f := range factors {
			v := f * math.Pow(10, float64(e))
			if v < lo*(1-1e-9) || v > hi*(1+1e-9) {
				continue
			}
			t := plot.Tick{Value: v}
			if e%every == 0 {
				t.Label = logLabel(v, e)
			}
			ticks = append(ticks, t)
		}
	}
	return ticks
}

func logLabel(v float64, e int) string {
	if e < -3 || e > 5 {
		return exponent(strconv.FormatFloat(v, 'e', 0, 64))
	}
	return strconv.FormatFloat(v, 'f', max(0, -e), 64)
}
