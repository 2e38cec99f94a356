package kern

import "unsafe"

// Script is a list of calls with their arguments, written once and run often:
// tiny networks would spend their time on arguments.
type Script struct {
	set   *Set
	calls []call
	legs  []leg
	fixed mark
	work  int   // of the last leg
	open  *Args // of its last call, whose work is not counted yet

	args       arena[Args]
	tiles      arena[tile]
	moves      arena[transposition]
	gatherings arena[Gathering]
	maskings   arena[Masking]
	scratch    []float32
}

// leg is a part of a script: some of its calls, or anything else.
type leg struct {
	calls []call
	do    func(w *Workspace)
}

// mark is a place in a script: behind so many calls of the leg.
type mark struct{ leg, call int }

// Nothing interrupts a walk, and who stops all threads waits for it, so that a leg
// of several calls is of at most legWork, some 10 µs. Work is counted in vectors of
// 16 lanes that are multiplied and added; in a kernel over rows as mapWork each.
const (
	legWork = 1 << 16
	mapWork = 16
)

// Begin makes the script empty; it keeps its memory.
func (s *Script) Begin(set *Set) {
	s.set, s.calls, s.legs, s.open = set, s.calls[:0], s.legs[:0], nil
	s.fixed = mark{}
	s.args.used, s.tiles.used, s.moves.used, s.gatherings.used, s.maskings.used = 0, 0, 0, 0, 0
}

// Run makes the calls, one after the other.
func (s *Script) Run(w *Workspace) { s.runFrom(mark{}, w) }

// Fixed says of the calls so far that nothing behind them writes over what they
// write.
func (s *Script) Fixed() {
	s.fixed = mark{leg: len(s.legs)}
	if n := len(s.legs); n > 0 && s.legs[n-1].do == nil { // which may go on
		s.fixed = mark{leg: n - 1, call: len(s.legs[n-1].calls)}
	}
}

// RunAgain is Run where what the calls before Fixed read is as it was at the last
// run: it leaves them out.
func (s *Script) RunAgain(w *Workspace) { s.runFrom(s.fixed, w) }

func (s *Script) runFrom(m mark, w *Workspace) {
	skip := m.call
	for i := m.leg; i < len(s.legs); i++ {
		if l := &s.legs[i]; l.do != nil {
			l.do(w)
		} else {
			s.set.walk(l.calls[skip:])
		}
		skip = 0
	}
}

// Do appends a kernel over rows. The arguments are all 0; they are to be filled
// in, and may be changed between runs, until the script begins anew.
func (s *Script) Do(m Map) *Args {
	a := s.args.next()
	*a = Args{}
	s.enter(s.set.maps[m], unsafe.Pointer(a), 0)
	s.open = a
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
func (s *Script) Func(f func(w *Workspace)) { s.legs = append(s.legs, leg{do: f}) }

// enter appends a kernel with its argument, to the last leg if that does not
// become too long.
func (s *Script) enter(k kernel, argument unsafe.Pointer, work int) {
	if s.open != nil {
		s.work, s.open = s.work+s.open.Rows*s.open.N/Lanes*mapWork, nil
	}
	if n := len(s.legs); n == 0 || s.legs[n-1].do != nil || s.work+work > legWork {
		s.legs, s.work = append(s.legs, leg{}), 0
	}
	s.calls, s.work = append(s.calls, call{k, argument}), s.work+work
	l := &s.legs[len(s.legs)-1]
	l.calls = s.calls[len(s.calls)-len(l.calls)-1:]
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
	one   [1]call
	zeros []float32
	bins  []float32  // scratch memory of Count
	sums  [3]float32 // results of a kernel of statistics
}

// Do runs a kernel over rows with the arguments that are in Args.
func (w *Workspace) Do(m Map) {
	w.one[0] = call{w.Set.maps[m], unsafe.Pointer(&w.Args)}
	w.Set.walk(w.one[:])
}

// Zeros gives scratch memory of zeros.
func (w *Workspace) Zeros(n int) []float32 {
	if len(w.zeros) < n {
		w.zeros = Alloc(n)
	}
	clear(w.zeros[:n])
	return w.zeros[:n]
}
