package kern

import "unsafe"

// Script is a list of calls with their arguments, written once and run often:
// tiny networks would spend their time on arguments.
type Script struct {
	set   *Set
	calls []scripted
	w     *Workspace
	args  arena[Args]
	tiles arena[tile]
	moves arena[transposition]

	gatherings arena[Gathering]
	scratch    []float32
}

// scripted is a kernel with its argument, or anything else.
type scripted struct {
	kernel   func(unsafe.Pointer)
	argument unsafe.Pointer
}

// Begin makes the script empty; it keeps its memory.
func (s *Script) Begin(set *Set) {
	s.set, s.calls = set, s.calls[:0]
	s.args.used, s.tiles.used, s.moves.used = 0, 0, 0
	s.gatherings.used = 0
}

// Run makes the calls, one after the other.
func (s *Script) Run(w *Workspace) {
	s.w = w
	for _, c := range s.calls {
		c.kernel(c.argument)
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

// Move has products read their left factor, where it is among the n numbers from
// old on, at the same place from now on instead.
func (s *Script) Move(now, old *float32, n int) {
	move := func(p **float32) {
		if at := uintptr(unsafe.Pointer(*p)) - uintptr(unsafe.Pointer(old)); at < uintptr(4*n) {
			*p = add(now, int(at/4))
		}
	}
	for _, t := range s.tiles.all[:s.tiles.used] {
		move(&t.a)
	}
	for _, t := range s.moves.all[:s.moves.used] {
		move(&t.src)
	}
}

// room gives scratch memory that the next who asks gets too.
func (s *Script) room(n int) []float32 {
	if len(s.scratch) < n {
		s.scratch = Alloc(n)
	}
	return s.scratch
}

// Func appends anything else.
func (s *Script) Func(f func(w *Workspace)) {
	s.calls = append(s.calls, scripted{kernel: func(unsafe.Pointer) { f(s.w) }})
}

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

// Workspace is what one goroutine has to itself.
type Workspace struct {
	Set   *Set
	Args  Args // for Do
	zeros []float32
}

// Do runs a kernel over rows with the arguments that are in Args.
func (w *Workspace) Do(m Map) { w.Set.Do(m, &w.Args) }

// Zeros gives scratch memory of zeros.
func (w *Workspace) Zeros(n int) []float32 {
	if len(w.zeros) < n {
		w.zeros = Alloc(n)
	}
	clear(w.zeros[:n])
	return w.zeros[:n]
}
