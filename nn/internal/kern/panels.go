package kern

import "unsafe"

// Strip is the number of columns of a panel.
const Strip = 32

// Panels is the layout of the right factor of a product, Rows × Cols numbers:
// strips of 32 columns (the last one of 16 if that is enough), one behind the
// other, each row by row. Columns behind Cols are there and 0.
type Panels struct{ Rows, Cols int }

// Len is the number of floats.
func (p Panels) Len() int { return p.Rows * Ld(p.Cols) }

// Turned is the layout of the transposed matrix.
func (p Panels) Turned() Panels { return Panels{p.Cols, p.Rows} }

// Strips is the number of panels.
func (p Panels) Strips() int { return (p.Cols + Strip - 1) / Strip }

// Width is the number of columns of the panel that begins at column j.
func (p Panels) Width(j int) int { return min(Strip, Ld(p.Cols)-j) }

// Index is the place of a number.
func (p Panels) Index(row, col int) int {
	j := col &^ (Strip - 1)
	return j*p.Rows + row*p.Width(j) + col - j
}

// Transpose appends kernels that write panels [first, last) of p, which hold the
// matrix src, as rows of the transposed matrix into dst, of layout {p.Cols,
// p.Rows}, whose columns behind p.Rows must be 0 and stay so.
func (s *Script) Transpose(dst, src []float32, p Panels, first, last int) {
	q := p.Turned()
	for j := first * Strip; j < min(last*Strip, p.Cols); j += Lanes {
		width := p.Width(j &^ (Strip - 1))
		for i := 0; i < p.Rows; i += Lanes {
			s.turn(&dst[q.Index(j, i)], q.Width(i&^(Strip-1)), &src[p.Index(i, j)], width, p.Rows-i, p.Cols-j)
		}
	}
}

// TransposeRows appends kernels that write the rows × cols numbers src, in rows
// ss apart, as columns of dst, whose rows are ds apart and get 0 behind, up to
// a multiple of Lanes.
func (s *Script) TransposeRows(dst *float32, ds int, src *float32, ss int, rows, cols int) {
	for i := 0; i < rows; i += Lanes {
		for j := 0; j < cols; j += Lanes {
			s.turn(add(dst, j*ds+i), ds, add(src, i*ss+j), ss, rows-i, cols-j)
		}
	}
}

// turn appends a transposition, of at most 16 × 16 numbers.
func (s *Script) turn(dst *float32, ds int, src *float32, ss int, rows, cols int) {
	t := s.moves.next()
	*t = transposition{src: src, ss: ss * 4, dst: dst, ds: ds * 4, rows: min(Lanes, rows), cols: min(Lanes, cols)}
	s.enter(s.set.tools[toolTranspose], unsafe.Pointer(t), Lanes)
}

// transposition writes the rows × cols numbers src, at most 16 × 16, in rows ss
// bytes apart, as columns of dst, whose rows are ds bytes apart and have 0 behind
// them, up to 16. The generator knows the order of the fields.
type transposition struct {
	src  *float32
	ss   int
	dst  *float32
	ds   int
	rows int
	cols int
}
