package kern

// Set is one family of kernels.
type Set struct {
	Name        string
	maps        *[numMaps]func(*Args)
	wide, slim  tiles // of 32, if it is there, and 16 columns
	thin        tiles // of 8 columns and 0 in the 8 behind
	long        tiles // of several strips, if it is there, and one row
	transpose16 func(*transposition)
	gather      func(*Gathering)
	maskBits    func(dst []uint64, r *Stream, block, threshold uint32)
}

// Do runs a kernel over rows.
func (s *Set) Do(m Map, a *Args) { s.maps[m](a) }

// Sets gives the sets that this machine has, the fastest first; the last one is
// portable.
func Sets() []*Set { return append(native(), portable()) }

func portable() *Set {
	s := &Set{Name: "portable", maps: &portableMaps, transpose16: portableTranspose, gather: portableGather, maskBits: portableMaskBits}
	s.slim, s.thin = tiles{Lanes, []tileFunc{nil}}, tiles{Lanes, []tileFunc{nil}}
	for r := 1; r <= 8; r++ {
		s.slim.rows = append(s.slim.rows, portableTile(r, Lanes))
		s.thin.rows = append(s.thin.rows, portableTile(r, thinColumns))
	}
	return s
}
