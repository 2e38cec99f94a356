package cpu

import "mlpkernel/nn/internal/kern"

// pieceRows is how many rows a sum over rows adds up in one go. Long columns
// are summed in pieces, whose sums are then added, so that little is lost.
const pieceRows = 256

// eachPiece calls f for each piece of the rows with where its sums are to be
// added, and collects them in dst.
func eachPiece(c *core, dst []float32, rows int, f func(to []float32, first, rows int)) {
	clear(dst)
	for r := 0; r < rows; r += pieceRows {
		to := dst
		if r > 0 {
			to = c.zeros(len(dst))
		}
		f(to, r, min(pieceRows, rows-r))
		if r > 0 {
			c.args.Flat(len(dst))
			c.args.A[0], c.args.A[1], c.args.A[2] = &dst[0], &dst[0], &to[0]
			c.set.Do(kern.Add, &c.args)
		}
	}
}

// zeros gives scratch memory of zeros.
func (c *core) zeros(n int) []float32 {
	if len(c.part) < n {
		c.part = kern.Alloc(n)
	}
	clear(c.part[:n])
	return c.part[:n]
}

// columnSums writes the sums of the first len(dst) columns of m into dst.
func columnSums(c *core, dst []float32, m matrix, rows int) {
	eachPiece(c, dst, rows, func(to []float32, first, rows int) {
		c.args.Rows, c.args.N, c.args.Stride = rows, len(to), m.ld
		c.args.A[0], c.args.A[1] = &to[0], m.row(first)
		c.set.Do(kern.ColSum, &c.args)
	})
}
