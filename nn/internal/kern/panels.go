package kern

// Strip is the number of columns of a panel.
const Strip = 32

// Panels is the layout of the right factor of a product, Rows × Cols numbers:
// strips of 32 columns (the last one of 16 if that is enough), one behind the
// other, each row by row. Columns behind Cols are there and 0.
type Panels struct{ Rows, Cols int }

// Len is the number of floats.
func (p Panels) Len() int { return p.Rows * Ld(p.Cols) }

// Strips is the number of panels.
func (p Panels) Strips() int { return (p.Cols + Strip - 1) / Strip }

// Width is the number of columns of the panel that begins at column j.
func (p Panels) Width(j int) int { return min(Strip, Ld(p.Cols)-j) }

// Index is the place of a number.
func (p Panels) Index(row, col int) int {
	j := col &^ (Strip - 1)
	return j*p.Rows + row*p.Width(j) + col - j
}

// Transpose writes panels [first, last) of p, which hold the matrix src, as
// rows of the transposed matrix into dst, of layout {p.Cols, p.Rows}.
func (s *Set) Transpose(dst, src []float32, p Panels, first, last int) {
	q := Panels{p.Cols, p.Rows}
	var block [Lanes * Lanes]float32
	for j := first * Strip; j < min(last*Strip, p.Cols); j += Lanes {
		cols := min(Lanes, p.Cols-j)
		for i := 0; i < p.Rows; i += Lanes {
			rows := min(Lanes, p.Rows-i)
			from, sw := src[p.Index(i, j):], p.Width(j&^(Strip-1))
			to, dw := dst[q.Index(j, i):], q.Width(i&^(Strip-1))
			switch {
			case rows == Lanes && cols == Lanes:
				s.transpose16(&from[0], sw*4, &to[0], dw*4)
			case rows == Lanes:
				s.transpose16(&from[0], sw*4, &block[0], Lanes*4)
				for c := range cols {
					copy(to[c*dw:][:Lanes], block[c*Lanes:])
				}
			default:
				for c := range cols {
					for r := range rows {
						to[c*dw+r] = from[r*sw+c]
					}
				}
			}
		}
	}
}
