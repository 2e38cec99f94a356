//go:build cuda && linux && cgo

package gpu

import (
	"errors"
	"runtime"

	"mlpkernel/nn"
)

type backend struct {
	d        *device
	settings Settings
	spare    nn.Backend
}

var (
	_ nn.Accelerator = backend{}
	_ nn.Program     = (*program)(nil)
	_ nn.Reporter    = (*program)(nil)
)

func open(s Settings, spare nn.Backend) (nn.Accelerator, error) {
	d, err := firstDevice()
	if err != nil {
		return nil, err
	}
	return backend{d, s, spare}, nil
}

// Name is "gpu".
func (backend) Name() string { return "gpu" }

// Device describes the GPU, and says why it has failed.
func (b backend) Device() (string, error) { return b.d.String(), b.d.fault() }

// Worthwhile compares the cost model's times.
func (b backend) Worthwhile(p *nn.Plan, o nn.Options, w nn.Work) bool {
	rows, steps := o.Batch(w.Rows), float64(w.Steps)
	prog := &program{d: b.d, settings: b.settings, plan: p, opts: o.WithDefaults()}
	t, err := newTape(p, prog.opts, prog.trainingPass(rows, false))
	if err != nil {
		return false
	}
	here := setupSeconds + steps*gpuStep(prog.tier(t), p, rows, w.Replicas, b.d.blocks)
	return here < steps*processorTime(p, rows, w.Replicas, runtime.GOMAXPROCS(0))
}

// Compile prepares a program. What only the reference or the CPU can do gives
// an error that wraps nn.ErrUnsupported, and so does a GPU that is of no use.
func (b backend) Compile(p *nn.Plan, o nn.Options) (nn.Program, error) {
	if err := p.CheckOptions(o); err != nil {
		return nil, err
	}
	if o.Optimizer.Name == "lbfgs" {
		return nil, nn.Unsupported(errors.New("lbfgs() searches along lines, which is not made for GPUs"))
	}
	if err := p.CheckOwn(); err != nil {
		return nil, err
	}
	if err := b.d.run(func() error { return nil }); err != nil {
		return nil, nn.Unsupported(err)
	}
	o = o.WithDefaults()
	prog := &program{d: b.d, settings: b.settings, plan: p, opts: o, l: launcher{d: b.d}, tapes: map[pass]*tape{}, data: map[*nn.Data]*dataset{}}
	if b.spare == nil {
		return prog, nil
	}
	return &relay{Program: prog, gpu: prog, compile: func() (nn.Program, error) { return b.spare.Compile(p, o) }, spare: b.spare.Name()}, nil
}
