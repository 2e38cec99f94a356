package cpu

import "mlpkernel/nn/internal/kern"

// pieceRows is how many rows a sum over rows adds up in one go. Long columns
// are summed in pieces, whose sums are then added, so that little is lost.
const pieceRows = 256

// eachPiece calls f for each piece of the rows with where its sums are to be
// added, and collects them in dst.
func eachPiece(w *kern.Workspace, dst []float32, rows int, f func(to []float32, first, rows int)) {
	clear(dst)
	for r := 0; r < rows; r += pieceRows {
		to := dst
		if r > 0 {
			to = w.Zeros(len(dst))
		}
		f(to, r, min(pieceRows, rows-r))
		if r > 0 {
			w.Args.Flat(len(dst))
			w.Args.A[0], w.Args.A[1], w.Args.A[2] = &dst[0], &dst[0], &to[0]
			w.Do(kern.Add)
		}
	}
}

// columnSums writes the sums of the first len(dst) columns of m into dst.
func columnSums(w *kern.Workspace, dst []float32, m matrix, rows int) {
	eachPiece(w, dst, rows, func(to []float32, first, rows int) {
		w.Args.Rows, w.Args.N, w.Args.Stride = rows, len(to), m.ld
		w.Args.A[0], w.Args.A[1] = &to[0], m.row(first)
		w.Do(kern.ColSum)
	})
}
