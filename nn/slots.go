package nn

import "sync"

// Slots are the vectors of an optimiser's memory, each as long as the parameters
// (lbfgs: as it needs); the zero value has none yet. They never change. A backend
// gives them as it keeps them, and they become float64 when somebody asks: most
// trainings end without anybody going on.
type Slots struct {
	count int
	all   func() [][]float64
}

// NewSlots are slots that share the vectors; none for nil.
func NewSlots(v [][]float64) Slots {
	if v == nil {
		return Slots{}
	}
	return Slots{len(v), func() [][]float64 { return v }}
}

// LaterSlots are so many slots that are made when they are first asked for.
func LaterSlots(count int, all func() [][]float64) Slots {
	return Slots{count, sync.OnceValue(all)}
}

// Given reports whether there are slots, perhaps none of them.
func (s Slots) Given() bool { return s.all != nil }

// Len is the number of vectors.
func (s Slots) Len() int { return s.count }

// Vectors are the slots, to be read only; nil where none are given.
func (s Slots) Vectors() [][]float64 {
	if s.all == nil {
		return nil
	}
	return s.all()
}
