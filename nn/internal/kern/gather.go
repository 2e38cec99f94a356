package kern

import "unsafe"

// Gathering is a kernel that copies rows together. The generator knows the order
// of the fields.
type Gathering struct {
	to    *float32
	ld    int // bytes from row to row
	from  *float32
	width int
	Order *int32 // numbers of the rows; may be changed between runs
	rows  int
}

// Gather appends a kernel that copies rows of a width, which lie one behind the
// other, to rows ld apart, and clears what lies behind them up to a multiple of
// Lanes; but single numbers it puts one behind the other if ld is 1. Order is to
// be set.
func (s *Script) Gather(to *float32, ld int, from *float32, width, rows int) *Gathering {
	g := s.gatherings.next()
	*g = Gathering{to: to, ld: ld * 4, from: from, width: width, rows: rows}
	tool := toolGather
	if width == 1 && ld == 1 {
		tool = toolPick
	}
	s.enter(s.set.tools[tool], unsafe.Pointer(g), rows*(width+Lanes)/Lanes)
	return g
}

// portablePick is the portable kernel for single numbers.
func portablePick(g *Gathering) {
	to := unsafe.Slice(g.to, g.rows)
	for r, i := range unsafe.Slice(g.Order, g.rows) {
		to[r] = *add(g.from, int(i))
	}
}

// portableGather is the portable kernel.
func portableGather(g *Gathering) {
	for r, i := range unsafe.Slice(g.Order, g.rows) {
		copy(unsafe.Slice(add(g.to, r*g.ld/4), g.width), unsafe.Slice(add(g.from, int(i)*g.width), g.width))
	}
}
