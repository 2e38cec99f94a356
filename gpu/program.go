//go:build cuda && linux && cgo

package gpu

import (
	"fmt"

	"mlpkernel/nn"
)

// program is a compiled plan.
type program struct {
	d        *device
	settings Settings
	plan     *nn.Plan
	opts     nn.Options

	l        launcher
	tapes    map[pass]*tape
	data     map[*nn.Data]*dataset
	replicas []*replica
	before   buffer  // parameters before a recorded step
	pace     float64 // seconds of a step of the last launch
}

// dataset is the rows of a Data in the GPU's memory.
type dataset struct{ x, codes, y, weights buffer }

func (s *dataset) load(d *nn.Data) error {
	if err := put(&s.x, d.X); err != nil {
		return err
	}
	if err := put(&s.codes, d.C); err != nil {
		return err
	}
	if err := put(&s.y, d.Y); err != nil {
		return err
	}
	if d.W == nil {
		return nil
	}
	return put(&s.weights, d.W)
}

func (s *dataset) free() {
	for _, b := range []*buffer{&s.x, &s.codes, &s.y, &s.weights} {
		b.free()
	}
}

// rep gives a replica over the rows, whose other fields are still to be filled.
func (s *dataset) rep(d *nn.Data) rep {
	r := rep{x: s.x.word(), codes: s.codes.word(), y: s.y.word(), rows: int32(d.Rows)}
	if d.W != nil {
		r.weights = s.weights.word()
	}
	return r
}

// Load replaces all replicas.
func (p *program) Load(replicas []nn.Replica) error {
	loaded := make([]*replica, len(replicas))
	for i, in := range replicas {
		r, err := p.newReplica(in)
		if err != nil {
			return fmt.Errorf("replica %d: %w", i, err)
		}
		loaded[i] = r
	}
	return p.d.run(func() error {
		p.unload()
		p.replicas = loaded
		for _, r := range loaded {
			if p.data[r.data] == nil {
				s := &dataset{}
				p.data[r.data] = s
				if err := s.load(r.data); err != nil {
					return err
				}
			}
			if err := put(&r.memory, r.host); err != nil {
				return err
			}
		}
		return nil
	})
}

// unload frees what Load has taken.
func (p *program) unload() {
	for _, r := range p.replicas {
		r.memory.free()
	}
	for _, s := range p.data {
		s.free()
	}
	p.replicas, p.data = nil, map[*nn.Data]*dataset{}
}

// State gives a copy of a replica's state.
func (p *program) State(i int) nn.State { return p.replicas[i].state(p.plan.Size) }

// Params gives a copy of a replica's parameters.
func (p *program) Params(i int) []float64 { return widen(p.replicas[i].host[:p.plan.Size]) }

// Close frees the GPU's memory.
func (p *program) Close() error {
	return p.d.run(func() error {
		p.unload()
		p.l.free()
		p.before.free()
		return nil
	})
}

// floats is the length of a replica's state: parameters and the optimiser's vectors.
func (p *program) floats() int { return p.plan.Size * (1 + p.opts.Optimizer.Slots()) }

// tape gives the tape for a pass.
func (p *program) tape(s pass) (*tape, error) {
	t := p.tapes[s]
	if t == nil {
		var err error
		if t, err = newTape(p.plan, p.opts, s); err != nil {
			return nil, err
		}
		p.tapes[s] = t
	}
	return t, nil
}

// job fills in what is the same in all launches.
func (p *program) job() job {
	o := p.opts.Optimizer
	j := job{
		size: int32(p.plan.Size), slots: int32(o.Slots()), dropouts: int32(p.count(nn.OpDropout)),
		categories: int32(len(p.plan.Input.Categories)), targets: int32(p.plan.Head.TargetWidth), rule: ruleNumber(o),
		momentum: float32(o.Momentum), beta1: float32(o.Beta1), beta2: float32(o.Beta2), eps: float32(o.Eps), clipNorm: float32(p.opts.ClipNorm),
	}
	if o.Name == "rmsprop" {
		j.beta2 = float32(o.Rho)
	}
	return j
}

// count is the number of steps of a kind.
func (p *program) count(op nn.Op) (n int) {
	for _, s := range p.plan.Steps {
		if s.Op == op {
			n++
		}
	}
	return n
}

// masks appends the rules of all dropouts at a clock.
func (p *program) masks(to []mask, c nn.Clock) []mask {
	for _, s := range p.plan.Steps {
		if s.Op == nn.OpDropout {
			threshold, scale := nn.DropoutThreshold(s.Rate.At(c))
			to = append(to, mask{threshold: threshold, scale: float32(scale)})
		}
	}
	return to
}
