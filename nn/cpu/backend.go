package cpu

import (
	"fmt"
	"runtime"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// Backend is the CPU backend.
type Backend struct{ set *kern.Set }

// New gives the backend with the fastest kernels of this machine.
func New() Backend { return Backend{kern.Sets()[0]} }

var (
	_ nn.Backend = Backend{}
	_ nn.Program = (*program)(nil)
	_ nn.Scorer  = (*program)(nil)
)

// Name is "cpu".
func (Backend) Name() string { return "cpu" }

// Kernels names the instruction set in use: "avx512", "avx2", "neon",
// "portable".
func (b Backend) Kernels() string { return b.set.Name }

// Compile prepares a program. It refuses activations of the user's own with an
// error that wraps nn.ErrUnsupported.
func (b Backend) Compile(p *nn.Plan, o nn.Options) (nn.Program, error) {
	if err := p.CheckOptions(o); err != nil {
		return nil, err
	}
	if err := p.CheckOwn(); err != nil {
		return nil, err
	}
	return &program{set: b.set, plan: p, opts: o.WithDefaults(), lay: newLayout(p)}, nil
}

// program is a compiled plan.
type program struct {
	set      *kern.Set
	plan     *nn.Plan
	opts     nn.Options
	lay      *layout
	replicas []*replica
	infer    map[inferKey]*net // nets of passes without gradients, to use again
	acts     [][]float32       // the memory of Activations, to use again
	trainers []*trainer
	team     *team // of several threads, see hire
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
	p.replicas = loaded
	return nil
}

// State gives a copy of a replica's state.
func (p *program) State(i int) nn.State { return p.replicas[i].snapshot(p) }

// Params gives a copy of a replica's parameters.
func (p *program) Params(i int) []float64 {
	out := make([]float64, p.plan.Size)
	p.lay.unpack(out, p.replicas[i].p)
	return out
}

// Close lets go of the buffers and ends the threads.
func (p *program) Close() error {
	if p.team != nil {
		p.team.stop()
	}
	*p = program{set: p.set, plan: p.plan, opts: p.opts, lay: p.lay}
	return nil
}

// hire gives a team of so many threads for a call: that of a call before, if it
// has as many, since to start threads takes longer than some calls.
func (p *program) hire(threads int) *team {
	if threads == 1 {
		return newTeam(1)
	}
	if p.team == nil || p.team.size != threads {
		if p.team != nil {
			p.team.stop()
		}
		p.team = newTeam(threads)
	}
	p.team.alone = false
	return p.team
}

// most is the most threads that the program may use.
func (p *program) most() int {
	if p.opts.Threads > 0 {
		return p.opts.Threads
	}
	return runtime.GOMAXPROCS(0)
}
