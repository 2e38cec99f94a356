//go:build cuda && linux && cgo

package gpu

import (
	"fmt"

	"mlpkernel/nn"
)

type backend struct {
	d        *device
	settings Settings
}

var (
	_ nn.Backend = backend{}
	_ nn.Program = (*program)(nil)
)

func open(s Settings) (nn.Backend, error) {
	d, err := firstDevice()
	if err != nil {
		return nil, err
	}
	return backend{d, s}, nil
}

// Name is "gpu".
func (backend) Name() string { return "gpu" }

// Device is the GPU's name.
func (b backend) Device() string { return b.d.name }

// Compile prepares a program. What only the reference or the CPU can do gives
// an error that wraps nn.ErrUnsupported.
func (b backend) Compile(p *nn.Plan, o nn.Options) (nn.Program, error) {
	if err := p.CheckOptions(o); err != nil {
		return nil, err
	}
	if o.Optimizer.Name == "lbfgs" {
		return nil, fmt.Errorf("lbfgs() runs on the CPU: %w", nn.ErrUnsupported)
	}
	for _, s := range p.Steps {
		if s.Act.Own != nil {
			return nil, fmt.Errorf("%s: %s needs the reference backend: %w", s.Layer, s.Act, nn.ErrUnsupported)
		}
	}
	o = o.WithDefaults()
	return &program{d: b.d, settings: b.settings, plan: p, opts: o, l: launcher{d: b.d}, tapes: map[pass]*tape{}, data: map[*nn.Data]*dataset{}}, nil
}
