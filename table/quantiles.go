package table

// quantilesOf gives quantiles (see Quantile) of numbers in any order, none of
// them NaN, which it moves about; shares ascend. It takes linear time, where
// sorting would take longer than a short training.
func quantilesOf(v []float64, shares ...float64) []float64 {
	out := make([]float64, len(shares))
	done := 0 // the smallest numbers are in place up to here
	for k, q := range shares {
		if len(v) == 0 {
			out[k] = quantileOf(v, q)
			continue
		}
		i := int(float64(q * float64(len(v)-1)))
		place(v[done:], i-done)
		done = i
		two := [2]float64{v[i], v[i]}
		if i+1 < len(v) {
			two[1] = v[i+1]
			for _, x := range v[i+1:] {
				two[1] = min(two[1], x)
			}
		}
		w := float64(q*float64(len(v)-1)) - float64(i)
		if out[k] = two[0]; w != 0 {
			out[k] += float64(w * (two[1] - two[0]))
		}
	}
	return out
}

// place moves the number that sorting would put at k there, with none greater
// before it and none smaller behind it (Hoare's selection).
func place(v []float64, k int) {
	for lo, hi := 0, len(v)-1; lo < hi; {
		pivot := middle(v[lo], v[lo+(hi-lo)/2], v[hi])
		i, j := lo, hi
		for i <= j {
			for v[i] < pivot {
				i++
			}
			for v[j] > pivot {
				j--
			}
			if i <= j {
				v[i], v[j] = v[j], v[i]
				i, j = i+1, j-1
			}
		}
		switch {
		case k <= j:
			hi = j
		case k >= i:
			lo = i
		default:
			return
		}
	}
}

// middle is the median of three.
func middle(a, b, c float64) float64 { return max(min(a, b), min(max(a, b), c)) }
