//go:build cuda && linux && cgo

package gpu

import (
	"fmt"
	"time"

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
	asked    *nn.Data // rows that are not trained on, asked about last
	askedFor dataset
	before   buffer  // parameters before a recorded step
	pace     float64 // seconds of a step of the last launch

	since     []nn.Chunk // trained since the states were fetched
	fetched   time.Time
	fetchTime time.Duration
	used      Tier    // of the last training
	lacks     library // how much cuBLASLt was found not to have
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

// rows gives rows that are in the GPU's memory: those trained on, or those asked
// about last, which stay there for the next epoch's question.
func (p *program) rows(d *nn.Data) (*dataset, error) {
	if s := p.data[d]; s != nil {
		return s, nil
	}
	if p.asked != d {
		p.asked = nil
		if err := p.askedFor.load(d); err != nil {
			return nil, err
		}
		p.asked = d
	}
	return &p.askedFor, nil
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
		p.replicas, p.since = loaded, nil
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
	p.replicas, p.since, p.data = nil, nil, map[*nn.Data]*dataset{}
}

// State gives a copy of a replica's state; if the GPU fails, that last fetched.
func (p *program) State(i int) nn.State {
	_ = p.fetch()
	return p.replicas[i].state(p.plan.Size)
}

// Params gives a copy of a replica's parameters; if the GPU fails, those last fetched.
func (p *program) Params(i int) []float64 {
	_ = p.fetch()
	return widen(p.replicas[i].host[:p.plan.Size])
}

// fetch copies all states to the host, if they have changed since.
func (p *program) fetch() error {
	if len(p.since) == 0 {
		return nil
	}
	return p.d.run(func() error {
		began := time.Now()
		for _, r := range p.replicas {
			if err := get(r.host, r.memory, 0); err != nil {
				return err
			}
			r.kept = r.place
		}
		p.since, p.fetched = nil, time.Now()
		p.fetchTime = p.fetched.Sub(began)
		return nil
	})
}

// mostOfFetching is the share of the time that may go into fetching states at
// the ends of epochs.
const mostOfFetching = 0.02

// keep fetches the states where epochs have ended, unless that was done just
// now: then the chunks since are remembered, to be trained again if need be.
func (p *program) keep(c nn.Chunk, epochs int) error {
	p.since = append(p.since, c)
	if epochs == 0 || float64(p.fetchTime) > mostOfFetching*float64(time.Since(p.fetched)) {
		return nil
	}
	return p.fetch()
}

// saved gives the replicas as they were last fetched and the chunks since then.
func (p *program) saved() ([]nn.Replica, []nn.Chunk) {
	out := make([]nn.Replica, len(p.replicas))
	for i, r := range p.replicas {
		out[i] = nn.Replica{State: r.state(p.plan.Size), Data: r.data, Rows: r.rows}
	}
	return out, p.since
}

// Report tells where and how the training ran.
func (p *program) Report() (device string, notes []string) {
	q := precisionOf(p.opts.Precision, p.used)
	if p.opts.Precision != "" && q.String() != p.opts.Precision {
		notes = append(notes, fmt.Sprintf("precision=%q: this network fits into one block of the GPU, which computes in float32", p.opts.Precision))
	}
	by := ""
	if p.used == Graph && p.best() != noLibrary {
		by = " by cuBLASLt"
	}
	return fmt.Sprintf("gpu (%s, %s, products in %s%s)", p.d.name, tierTexts[p.used], q, by), notes
}

// Close frees the GPU's memory.
func (p *program) Close() error {
	return p.d.run(func() error {
		p.unload()
		p.askedFor.free()
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
