package nn

import "fmt"

// NewState is an untrained state: given values, else values drawn from seed.
// All are float32 numbers, so that every backend begins alike.
func (p *Plan) NewState(seed uint64) State {
	s := State{Seed: seed, Params: make([]float64, p.Size)}
	for _, b := range p.Blocks {
		part := b.Of(s.Params)
		if b.Given == nil {
			b.Init.sample(part, shape{Units: b.Rows, Inputs: b.Cols}, seed, b.Key)
		}
		for i, v := range b.Given {
			part[i] = float64(float32(v))
		}
	}
	return s
}

// Clone is a copy that shares nothing but the slots, which nobody changes.
func (s State) Clone() State {
	s.Params = append([]float64(nil), s.Params...)
	return s
}

// CheckSlots gives the optimiser's memory to go on from, to be read only: fresh
// zeros where none is given, else the slots, whose number and lengths must be the
// optimiser's. Who changes the optimiser takes the slots away.
func (o Optimizer) CheckSlots(given Slots, size int) ([][]float64, error) {
	slots := given.Vectors()
	if o.Name == "lbfgs" {
		return slots, nil
	}
	if !given.Given() {
		slots = make([][]float64, o.Slots())
		for i := range slots {
			slots[i] = make([]float64, size)
		}
	}
	if len(slots) != o.Slots() {
		return nil, fmt.Errorf("the state has %d vectors of another optimiser's memory, %s keeps %d", len(slots), o.Name, o.Slots())
	}
	for _, v := range slots {
		if len(v) != size {
			return nil, fmt.Errorf("the optimiser's memory is for %d parameters, the plan has %d", len(v), size)
		}
	}
	return slots, nil
}
