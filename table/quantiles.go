package table

import (
	"math"
	"slices"

	"mlpkernel/table/internal/lanes"
)

// quantilesOf gives quantiles (see Quantile) of numbers in any order, none of
// them NaN; shares ascend. It takes linear time, where sorting would take longer
// than a short training. It writes to room, which may be the numbers' own memory.
func quantilesOf(v, room []float64, shares ...float64) []float64 {
	out := make([]float64, len(shares))
	if len(v) == 0 {
		for k := range out {
			out[k] = math.NaN()
		}
		return out
	}
	// The two neighbours of each quantile, by their places in sorted order.
	at, ranks := make([]float64, len(shares)), make([]int, 0, 2*len(shares))
	for k, q := range shares {
		at[k] = float64(q * float64(len(v)-1))
		ranks = append(ranks, int(at[k]), min(int(at[k])+1, len(v)-1))
	}
	v = append(room[:0], narrow(v, room, ranks)...)
	slices.Sort(v)
	for k := range shares {
		lo, hi := v[ranks[2*k]], v[ranks[2*k+1]]
		if out[k] = lo; at[k] != math.Floor(at[k]) {
			out[k] += float64((at[k] - math.Floor(at[k])) * (hi - lo))
		}
	}
	return out
}

// enough numbers are few enough to be sorted.
const enough = 128

// narrow leaves out numbers that cannot be those of the ranks (places in sorted
// order), and moves the ranks to where theirs then are. What it keeps is in room,
// unless it keeps all. It counts the numbers in equal parts of their range and
// keeps the parts with a rank in it, again and again while that helps: what is
// uneven once is seldom so within one part.
func narrow(v, room []float64, ranks []int) []float64 {
	const most = 2048
	in := make([]int, len(ranks)) // the part of each rank
	for len(v) > enough {
		lo, hi, _ := lanes.Extent(v)
		parts := min(most, len(v)/8)
		scale := float64(parts) / (hi - lo)
		if !(scale > 0 && scale < math.Inf(1)) { // all are equal, or too far apart
			return v
		}
		// Rounding keeps the order, so a smaller number is in no later part. The
		// greatest may be rounded up to a part of its own.
		var end [most + 1]int32
		for _, x := range v {
			end[int((x-lo)*scale)]++
		}
		for p := range parts {
			end[p+1] += end[p]
		}
		var keep [most + 1]bool
		for i, r := range ranks {
			in[i], _ = slices.BinarySearch(end[:parts+1], int32(r+1))
			keep[in[i]] = true
		}
		var out [most + 1]int32 // how many are left out up to a part
		begin, left := int32(0), int32(0)
		for p, e := range end[:parts+1] {
			if !keep[p] {
				left += e - begin
			}
			out[p], begin = left, e
		}
		if int(left) < len(v)/4 {
			return v
		}
		for i, p := range in {
			ranks[i] -= int(out[p])
		}
		kept := room[:0]
		for _, x := range v {
			if keep[int((x-lo)*scale)] {
				kept = append(kept, x)
			}
		}
		v, room = kept, kept
	}
	return v
}
