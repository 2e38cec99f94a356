package learn

import (
	"errors"
	"fmt"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
)

// choose puts backends in the order in which they are tried for a device. The
// reference backend is always the last. "auto" leaves out the accelerators that
// worth (nil: none is) does not find worthwhile; one that was asked for by name
// has the processor behind it for what it cannot do.
func choose(backends []nn.Backend, device string, worth func(nn.Accelerator) bool) ([]nn.Backend, error) {
	list := slices.Clone(backends)
	if len(pick(list, "reference")) == 0 {
		list = append(list, reference.New())
	}
	if device == "" || device == "auto" {
		return slices.DeleteFunc(list, func(b nn.Backend) bool {
			a, ok := b.(nn.Accelerator)
			return ok && (worth == nil || !worth(a))
		}), nil
	}
	chosen := pick(list, device)
	if len(chosen) == 0 {
		names := []string{}
		for _, b := range list {
			names = append(names, b.Name())
		}
		return nil, fmt.Errorf("device=%q is not there; there are %s (see devices())", device, nameList(names))
	}
	if device != "reference" {
		for _, name := range []string{"cpu", "reference"} {
			if name != device {
				chosen = append(chosen, pick(list, name)...)
			}
		}
	}
	return chosen, nil
}

func pick(list []nn.Backend, name string) (out []nn.Backend) {
	for _, b := range list {
		if b.Name() == name {
			out = append(out, b)
		}
	}
	return out
}

// worthwhile tells whether to train the job, with others like it, on an accelerator.
func (j *job) worthwhile(replicas int) func(nn.Accelerator) bool {
	o, rows := j.nnOptions(), j.train.data.Rows
	w := nn.Work{Replicas: replicas, Rows: rows, Steps: (j.until - j.state.Epoch) * o.PerEpoch(rows)}
	return func(a nn.Accelerator) bool { return a.Worthwhile(j.plan, o, w) }
}

// instead says what is not as it was asked for: another backend than the first,
// which refused, or another precision. It is "" if all is.
func instead(first, used nn.Backend, refused error, o nn.Options) string {
	_, accelerated := used.(nn.Accelerator)
	switch {
	case first != used:
		return fmt.Sprintf("runs on the %s backend instead of %s: %v", used.Name(), first.Name(), refused)
	case o.Precision != "" && o.Precision != "float32" && !accelerated:
		return fmt.Sprintf("precision=%q is for products on a GPU; on the %s backend all is computed in float32 at least", o.Precision, used.Name())
	}
	return ""
}

// say adds a note, once.
func (j *job) say(text string) {
	if text != "" && !slices.Contains(j.notes, text) {
		j.notes = append(j.notes, text)
	}
}

// compile gives a loaded program of the first backend that supports the plan.
func compile(list []nn.Backend, p *nn.Plan, o nn.Options, replicas []nn.Replica) (nn.Program, error) {
	prog, _, _, err := compileOn(list, p, o)
	if err != nil {
		return nil, err
	}
	if err := prog.Load(replicas); err != nil {
		prog.Close()
		return nil, err
	}
	return prog, nil
}

// compileOn compiles on the first backend that supports the plan; refused is
// why the first of all did not.
func compileOn(list []nn.Backend, p *nn.Plan, o nn.Options) (prog nn.Program, on nn.Backend, refused, err error) {
	for _, b := range list {
		prog, err := b.Compile(p, o)
		if err == nil {
			return prog, b, refused, nil
		}
		if refused == nil {
			refused = err
		}
		if !errors.Is(err, nn.ErrUnsupported) {
			return nil, nil, refused, err
		}
	}
	return nil, nil, refused, refused
}
