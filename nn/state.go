package nn

// NewState is an untrained state: given values, else values drawn from seed.
// All are float32 numbers, so that every backend begins alike.
func (p *Plan) NewState(seed uint64) State {
	s := State{Seed: seed, Params: make([]float64, p.Size)}
	for _, b := range p.Blocks {
		values := b.Given
		if values == nil {
			values = b.Init.sample(shape{Units: b.Rows, Inputs: b.Cols}, seed, b.Key)
		}
		part := b.Of(s.Params)
		for i, v := range values {
			part[i] = float64(float32(v))
		}
	}
	return s
}

// Clone is a copy that shares nothing.
func (s State) Clone() State {
	s.Params = append([]float64(nil), s.Params...)
	slots := make([][]float64, len(s.Slots))
	for i, v := range s.Slots {
		slots[i] = append([]float64(nil), v...)
	}
	s.Slots = slots
	return s
}
