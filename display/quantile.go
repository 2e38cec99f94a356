package display

import (
	"math"
	"sort"
)

// sorted returns the finite values in order.
func sorted(xs []float64) []float64 {
	out := make([]float64, 0, len(xs))
	for _, x := range xs {
		if finite(x) {
			out = append(out, x)
		}
	}
	sort.Float64s(out)
	return out
}

// quantile returns the q-quantile of sorted values by linear interpolation
// (Hyndman and Fan's type 7), NaN for none.
func quantile(xs []float64, q float64) float64 {
	if len(xs) == 0 {
		return math.NaN()
	}
	at := q * float64(len(xs)-1)
	i := min(int(at), len(xs)-1)
	j := min(i+1, len(xs)-1)
	return xs[i] + (at-float64(i))*(xs[j]-xs[i])
}

func quartiles(xs []float64) (q1, median, q3 float64) {
	s := sorted(xs)
	return quantile(s, 0.25), quantile(s, 0.5), quantile(s, 0.75)
}
