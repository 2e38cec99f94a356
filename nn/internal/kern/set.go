package kern

import "unsafe"

// Set is one family of kernels.
type Set struct {
	Name       string
	walk       func(calls []call) // makes them, one after the other
	maps       *[numMaps]kernel
	tools      *[numTools]kernel
	wide, slim tiles // of 32, if it is there, and 16 columns
	thin       tiles // of 8 columns and 0 in the 8 behind
	long       tiles // of several strips, if it is there, and one row
	deep       int   // see Turns; 0: never
}

// Turns reports whether a product that has columns of so many rows as its left
// factor, for so many columns of C, had better read them as rows of the transpose.
// Each number of a column is in a cache line of its own, and before long on a page
// of its own; but to turn a number costs about what 40 columns gain.
func (s *Set) Turns(rows, columns int) bool { return s.deep > 0 && rows >= s.deep && columns > 40 }

// kernel is a function of a pointer, as the walk of its set wants it: for
// assembly the address of its code, which finds the pointer in a register, for
// portable kernels a func.
type kernel unsafe.Pointer

// call is a kernel with its argument.
type call struct {
	kernel   kernel
	argument unsafe.Pointer
}

// tool numbers the kernels that are neither over rows nor tiles.
type tool int

const (
	toolTranspose tool = iota // of a *transposition
	toolGather                // of a *Gathering
	toolPick                  // of a *Gathering of single numbers
	toolMask                  // of a *Masking
	numTools
)

// Sets gives the sets that this machine has, the fastest first; the last one is
// portable.
func Sets() []*Set { return append(native(), portable()) }

func portable() *Set {
	s := &Set{Name: "portable", walk: portableWalk, maps: new([numMaps]kernel)}
	for m, f := range portableMaps {
		s.maps[m] = portableKernel(f)
	}
	s.tools = &[numTools]kernel{portableKernel(portableTranspose), portableKernel(portableGather), portableKernel(portablePick), portableKernel(portableMask)}
	s.slim, s.thin = tiles{Lanes, []kernel{nil}}, tiles{Lanes, []kernel{nil}}
	for r := 1; r <= 8; r++ {
		s.slim.rows = append(s.slim.rows, portableTile(r, Lanes))
		s.thin.rows = append(s.thin.rows, portableTile(r, thinColumns))
	}
	return s
}

// portableKernel makes a kernel of a func. All pointers are passed alike.
func portableKernel[T any](f func(*T)) kernel { return *(*kernel)(unsafe.Pointer(&f)) }

func portableWalk(calls []call) {
	for i := range calls {
		c := &calls[i]
		(*(*func(unsafe.Pointer))(unsafe.Pointer(&c.kernel)))(c.argument)
	}
}
