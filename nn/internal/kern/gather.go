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
// other, to rows ld apart. Order is to be set.
func (s *Script) Gather(to *float32, ld int, from *float32, width, rows int) *Gathering {
	g := s.gatherings.next()
	*g = Gathering{to: to, ld: ld * 4, from: from, width: width, rows: rows}
	enter(s, s.set.gather, g)
	return g
}

// portableGather is the portable kernel.
func portableGather(g *Gathering) {
	for r, i := range unsafe.Slice(g.Order, g.rows) {
		copy(unsafe.Slice(add(g.to, r*g.ld/4), g.width), unsafe.Slice(add(g.from, int(i)*g.width), g.width))
	}
}
