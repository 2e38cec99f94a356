package kern

import "unsafe"

// Lanes is the number of virtual lanes: rows are multiples of it.
const Lanes = 16

// Ld is the distance of rows of a width: the next multiple of Lanes.
func Ld(width int) int { return (width + Lanes - 1) &^ (Lanes - 1) }

// Distance is how far apart rows of a width had better lie. Where lines of 64
// bytes in a column would fall on few sets of a cache (it has 64 of them, or a
// multiple), it is a line more than Ld.
func Distance(width int) int {
	const lines = 8 * Lanes
	ld := Ld(width)
	if ld%lines == 0 {
		ld += Lanes
	}
	return ld
}

// Args are the arguments of a kernel over rows. Arrays that go along with rows
// advance by Stride elements a row, vectors stay, one-a-row arrays advance by
// one, and arrays of lanes by Lanes. Arrays may be the same, but must not overlap otherwise. A kernel
// reads and writes all N elements of a row, also those behind the width.
type Args struct {
	Rows   int
	N      int // elements of a row, a multiple of Lanes
	Stride int
	Bit    int     // number of the first element's bit
	Bits   *uint64 // one bit an element, 64 more readable behind the last
	A      [7]*float32
	S      [8]float32
	BitRow int // bits from row to row: the width for a dense mask, N if it is padded as rows are
}

// Flat sets one row of n elements.
func (a *Args) Flat(n int) { a.Rows, a.N, a.Stride = 1, n, n }

// row gives array i's row r.
func (a *Args) row(i, r int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(unsafe.Pointer(a.A[i]), r*a.Stride*4)), a.N)
}

// lanes gives array i's 16 numbers for row r.
func (a *Args) lanes(i, r int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(unsafe.Pointer(a.A[i]), r*Lanes*4)), Lanes)
}

// at gives number r of the one-a-row array i.
func (a *Args) at(i, r int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(a.A[i]), r*4))
}

// bit gives bit i.
func (a *Args) bit(i int) bool {
	i += a.Bit
	w := *(*uint64)(unsafe.Add(unsafe.Pointer(a.Bits), i/64*8))
	return w>>(i%64)&1 != 0
}

// Alloc gives n zeros, aligned to 64 bytes, with 64 bytes more behind them.
func Alloc(n int) []float32 {
	s := make([]float32, n+2*Lanes)
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(s))) & 63 / 4)
	return s[skip : skip+n : skip+n]
}
