package learn

import (
	"errors"
	"fmt"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
)

// choose puts backends in the order in which they are tried for a device. The
// reference backend is always the last.
func choose(backends []nn.Backend, device string) ([]nn.Backend, error) {
	list := append([]nn.Backend(nil), backends...)
	hasReference := false
	names := []string{}
	for _, b := range list {
		hasReference = hasReference || b.Name() == "reference"
		names = append(names, b.Name())
	}
	if !hasReference {
		list, names = append(list, reference.New()), append(names, "reference")
	}
	switch device {
	case "", "auto":
		return list, nil
	case "cpu":
		// Both run on the processor; the fast one comes first.
		return pick(list, "cpu", "reference"), nil
	}
	if chosen := pick(list, device); len(chosen) > 0 {
		return chosen, nil
	}
	return nil, fmt.Errorf("device=%q is not there; there are %s (see devices())", device, nameList(names))
}

func pick(list []nn.Backend, names ...string) []nn.Backend {
	var out []nn.Backend
	for _, name := range names {
		for _, b := range list {
			if b.Name() == name {
				out = append(out, b)
			}
		}
	}
	return out
}

// compile gives a loaded program of the first backend that supports the plan.
func compile(list []nn.Backend, p *nn.Plan, o nn.Options, replicas []nn.Replica) (nn.Program, error) {
	prog, _, err := compileOn(list, p, o)
	if err != nil {
		return nil, err
	}
	if err := prog.Load(replicas); err != nil {
		prog.Close()
		return nil, err
	}
	return prog, nil
}

func compileOn(list []nn.Backend, p *nn.Plan, o nn.Options) (nn.Program, nn.Backend, error) {
	var first error
	for _, b := range list {
		prog, err := b.Compile(p, o)
		if err == nil {
			return prog, b, nil
		}
		if first == nil {
			first = err
		}
		if !errors.Is(err, nn.ErrUnsupported) {
			return nil, nil, err
		}
	}
	return nil, nil, first
}
