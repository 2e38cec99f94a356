package kern

import "unsafe"

// Do runs a kernel over rows.
func (s *Set) Do(m Map, a *Args) { s.walk([]call{{s.maps[m], unsafe.Pointer(a)}}) }
