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
// rows of the transposed matrix into dst, of layout {p.Cols, p.Rows}, whose
// columns behind p.Rows must be 0 and stay so.
func (s *Set) Transpose(dst, src []float32, p Panels, first, last int) {
	q := Panels{p.Cols, p.Rows}
	for j := first * Strip; j < min(last*Strip, p.Cols); j += Lanes {
		width := p.Width(j &^ (Strip - 1))
		for i := 0; i < p.Rows; i += Lanes {
			to := &dst[q.Index(j, i)]
			s.transpose16(&src[p.Index(i, j)], width*4, to, q.Width(i&^(Strip-1))*4, min(Lanes, p.Rows-i), min(Lanes, p.Cols-j))
		}
	}
}
