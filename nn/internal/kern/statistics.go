package kern

import (
	"math"
	"unsafe"
)

// statRow is how many numbers a kernel of statistics takes at a time: few
// enough to be added up in float32. The sums of rows are added in float64.
const statRow = 2048

// MostBins is the most bins that Count has.
const MostBins = 64

// Extent gives Σ x² of numbers, their least and their greatest. Where one is no
// finite number the sum is none either, and the others may be anything.
func (w *Workspace) Extent(v []float32) (sq float64, lo, hi float32) {
	lo, hi = float32(math.Inf(1)), float32(math.Inf(-1))
	row := &w.sums
	whole := len(v) &^ (Lanes - 1)
	for i := 0; i < whole; i += statRow {
		w.Args.Flat(min(statRow, whole-i))
		w.Args.A[0], w.Args.A[1], w.Args.A[2], w.Args.A[3] = &v[i], &row[0], &row[1], &row[2]
		w.Do(Extent)
		sq, lo, hi = sq+float64(row[0]), min(lo, row[1]), max(hi, row[2])
	}
	for _, x := range v[whole:] {
		sq, lo, hi = sq+float64(x)*float64(x), min(lo, x), max(hi, x)
	}
	if unsettled(sq) && (lo != 0 || hi != 0) {
		sq = 0
		for _, x := range v {
			sq += float64(float64(x) * float64(x))
		}
	}
	return sq, lo, hi
}

// unsettled says that a sum may be of squares too small or too large for
// float32, or of what is no finite number.
func unsettled(sq float64) bool { return !(sq >= 1e-30 && sq <= 1e30) }

// Moments gives Σ (x-about) and Σ (x-about)² of numbers, and how many of them
// are at most low or greater than high. Where one is no finite number the sums
// are none either.
func (w *Workspace) Moments(v []float32, about, low, high float32) (sum, sq float64, out int) {
	row := &w.sums
	whole := len(v) &^ (Lanes - 1)
	for i := 0; i < whole; i += statRow {
		w.Args.Flat(min(statRow, whole-i))
		w.Args.A[0], w.Args.A[1], w.Args.A[2], w.Args.A[3] = &v[i], &row[0], &row[1], &row[2]
		w.Args.S[0], w.Args.S[1], w.Args.S[2] = about, low, high
		w.Do(Moments)
		sum, sq, out = sum+float64(row[0]), sq+float64(row[1]), out+int(row[2])
	}
	for _, x := range v[whole:] {
		if x <= low || x > high {
			out++
		}
	}
	rest := whole
	if unsettled(sq) {
		sum, sq, rest = 0, 0, 0
	}
	for _, x := range v[rest:] {
		d := float64(x) - float64(about)
		sum, sq = sum+d, sq+float64(d*d)
	}
	return sum, sq, out
}

// DistSq gives Σ (x-y)².
func (w *Workspace) DistSq(x, y []float32) (sq float64) {
	row := &w.sums[0]
	whole := len(x) &^ (Lanes - 1)
	for i := 0; i < whole; i += statRow {
		w.Args.Flat(min(statRow, whole-i))
		w.Args.A[0], w.Args.A[1], w.Args.A[2] = &x[i], &y[i], row
		w.Do(DistSq)
		sq += float64(*row)
	}
	rest := whole
	if unsettled(sq) {
		sq, rest = 0, 0
	}
	for i := rest; i < len(x); i++ {
		d := float64(x[i]) - float64(y[i])
		sq += float64(d * d)
	}
	return sq
}

// Count adds to counts, at most MostBins of them, how many numbers lie in each
// of the equal parts from lo to hi, where hi-lo is finite.
func (w *Workspace) Count(counts []int, v []float32, lo, hi float32) {
	each := float32(len(counts)) / (hi - lo)
	if math.IsInf(float64(each), 0) {
		each = 0 // all are equal, or nearly so, and in the first
	}
	if w.bins == nil {
		w.bins = Alloc(statRow)
	}
	do := func(x []float32) []uint32 {
		w.Args.Flat(len(x))
		w.Args.A[0], w.Args.A[1] = &w.bins[0], &x[0]
		w.Args.S[0], w.Args.S[1], w.Args.S[2] = lo, each, float32(len(counts)-1)
		w.Do(Bins)
		return unsafe.Slice((*uint32)(unsafe.Pointer(&w.bins[0])), len(x))
	}
	var n [4][MostBins]uint32 // several, since many numbers in a row lie in the same bin
	whole := len(v) &^ (Lanes - 1)
	for i := 0; i < whole; i += statRow {
		b := do(v[i:min(i+statRow, whole)])
		for j := 0; j+8 <= len(b); j += 8 {
			q := (*[8]uint32)(b[j:])
			b0, b1, b2, b3, b4, b5, b6, b7 := q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7]
			n[0][b0%MostBins]++
			n[1][b1%MostBins]++
			n[2][b2%MostBins]++
			n[3][b3%MostBins]++
			n[0][b4%MostBins]++
			n[1][b5%MostBins]++
			n[2][b6%MostBins]++
			n[3][b7%MostBins]++
		}
	}
	if rest := v[whole:]; len(rest) > 0 {
		var x [Lanes]float32
		copy(x[:], rest)
		for _, b := range do(x[:])[:len(rest)] {
			n[0][b%MostBins]++
		}
	}
	for i := range counts {
		counts[i] += int(n[0][i] + n[1][i] + n[2][i] + n[3][i])
	}
}
