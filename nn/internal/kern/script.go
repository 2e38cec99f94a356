package kern

import "unsafe"

// Script is a list of calls with their arguments, written once and run often:
// tiny networks would spend their time on arguments.
type Script struct {
	set    *Set
	calls  []scripted
	args   arena[Args]
	tiles  arena[tile]
	moves  arena[transposition]
	layout []call // of a product
}

// scripted is a kernel with its argument, or anything else.
type scripted struct {
	kernel   func(unsafe.Pointer)
	argument unsafe.Pointer
	work     func(w *Workspace)
}

// Begin makes the script empty; it keeps its memory.
func (s *Script) Begin(set *Set) {
	s.set, s.calls = set, s.calls[:0]
	s.args.used, s.tiles.used, s.moves.used = 0, 0, 0
}

// Run makes the calls, one after the other.
func (s *Script) Run(w *Workspace) {
	for i := range s.calls {
		if c := &s.calls[i]; c.kernel != nil {
			c.kernel(c.argument)
		} else {
			c.work(w)
		}
	}
}

// Do appends a kernel over rows. The arguments are all 0; they are to be filled
// in, and may be changed between runs, until the script begins anew.
func (s *Script) Do(m Map) *Args {
	a := s.args.next()
	*a = Args{}
	enter(s, s.set.maps[m], a)
	return a
}

// Multiply appends Set.Multiply.
func (s *Script) Multiply(p Product, first, last int) {
	if p.large() {
		q := p // p itself would always be moved to the heap
		s.Func(func(w *Workspace) { w.Set.Multiply(&q, w, first, last) })
		return
	}
	s.layout = s.set.small(s.layout[:0], &p, first, last)
	for i := range s.layout {
		t := s.tiles.next()
		*t = s.layout[i].t
		enter(s, s.layout[i].f, t)
	}
}

// Func appends anything else.
func (s *Script) Func(f func(w *Workspace)) { s.calls = append(s.calls, scripted{work: f}) }

// enter appends a kernel. That its argument is a pointer to T is all that it
// wants of the argument's type.
func enter[T any, F ~func(*T)](s *Script, kernel F, argument *T) {
	s.calls = append(s.calls, scripted{kernel: *(*func(unsafe.Pointer))(unsafe.Pointer(&kernel)), argument: unsafe.Pointer(argument)})
}

// arena has values that stay where they are, to be used again.
type arena[T any] struct {
	all  []*T
	used int
}

func (a *arena[T]) next() *T {
	if a.used == len(a.all) {
		a.all = append(a.all, new(T))
	}
	a.used++
	return a.all[a.used-1]
}
