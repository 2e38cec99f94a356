package dsl

import (
	"errors"
	"fmt"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/nn"
)

// activationValue is an activation: called with numbers it evaluates, called
// with names it configures, and it stands wherever a layer does.
type activationValue struct {
	act nn.Activation
	own starlark.Callable // the user's function of one's own activation
}

var (
	_ starlark.Callable  = (*activationValue)(nil)
	_ starlark.HasBinary = (*activationValue)(nil)
	_ starlark.HasAttrs  = (*activationValue)(nil)
	_ Documented         = (*activationValue)(nil)
)

func (a *activationValue) String() string        { return a.act.String() }
func (a *activationValue) Name() string          { return a.act.Name }
func (a *activationValue) Type() string          { return "activation" }
func (a *activationValue) Freeze()               {}
func (a *activationValue) Truth() starlark.Bool  { return true }
func (a *activationValue) Hash() (uint32, error) { return starlark.String(a.act.String()).Hash() }

// Documentation shows the formula and both ways to call.
func (a *activationValue) Documentation() (signature, doc string) {
	d := a.act.Def()
	return a.act.Name + "(x), " + signatureOf(d.Def), fmt.Sprintf("%s\n\n$%s$\n\n`%s(0.3)` evaluates, `%s.grad(0.3)` is the slope, `dense(64, %s)` uses it in a layer.", d.Doc, d.Formula, a.act.Name, a.act.Name, a.act.Name)
}

// Bundle shows the name and the formula.
func (a *activationValue) Bundle() display.Bundle {
	d := a.act.Def()
	b := display.Text(a.String() + ": " + d.Doc)
	if d.Formula != "" {
		b = b.With("text/latex", "$"+d.Formula+"$")
	}
	return b
}

// Binary chains by >>.
func (a *activationValue) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	return chain(op, a, y, side)
}

// CallInternal evaluates or configures.
func (a *activationValue) CallInternal(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	switch {
	case len(args) == 1 && len(kwargs) == 0:
		return a.apply(th, args[0], false)
	case len(args) == 0:
		given, err := numbersOf(a.act.Name, kwargs)
		if err != nil {
			return nil, err
		}
		act, err := nn.NewActivation(a.act.Name, given)
		if err != nil {
			return nil, Errorf("TypeError", "%v", err)
		}
		return &activationValue{act: act}, nil
	}
	return nil, Errorf("TypeError", "%s: one number or array evaluates it, names configure it: %s(0.3), %s", a.act.Name, a.act.Name, signatureOf(a.act.Def().Def))
}

// apply evaluates the function, or its derivative, at a number or at each
// element of an array.
func (a *activationValue) apply(th *starlark.Thread, x starlark.Value, grad bool) (starlark.Value, error) {
	v, err := array.FromValue(x)
	if err != nil {
		return nil, err
	}
	if a.act.RowWise() {
		if grad {
			return nil, Errorf("ValueError", "softmax mixes the elements of a row; its slope is a matrix, not a number an element")
		}
		return softmaxRows(v), nil
	}
	var failed error
	out := v.Map(a.numbers(th, grad, &failed))
	if failed != nil {
		return nil, failed
	}
	return out.Value(), nil
}

// numbers gives the function, or its derivative, for a thread that holds the
// session's lock. Of one's own function it calls, failed tells the first error.
func (a *activationValue) numbers(th *starlark.Thread, grad bool, failed *error) func(x float64) float64 {
	act := a.act
	if a.own != nil {
		act = nn.Activation{Name: nn.OwnName, Own: &nn.OwnActivation{Name: act.Own.Name, ID: act.Own.ID, F: func(x float64) float64 {
			if *failed != nil {
				return notANumber
			}
			var y float64
			y, *failed = numberOf(th, a.own, x)
			return y
		}}}
	}
	if grad {
		return act.Grad
	}
	return act.F
}

// softmaxRows applies softmax along the last axis.
func softmaxRows(a *array.Array) starlark.Value {
	out := a.Copy()
	if a.NDim() == 0 {
		return starlark.Float(1)
	}
	n := a.Shape()[a.NDim()-1]
	y := make([]float64, len(a.Data()))
	for i := 0; n > 0 && i < len(y); i += n {
		nn.Softmax(y[i:i+n], a.Data()[i:i+n])
	}
	if r, err := array.New(a.Shape(), y); err == nil {
		return r
	}
	return out
}

// Attr gives .grad and .name.
func (a *activationValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(a.act.Name), nil
	case "grad":
		return &slopeValue{a}, nil
	}
	return nil, noAttribute(a, name, nil)
}

func (a *activationValue) AttrNames() []string { return []string{"grad", "name"} }

// slopeValue is the derivative of an activation.
type slopeValue struct{ of *activationValue }

var _ starlark.Callable = (*slopeValue)(nil)

func (s *slopeValue) String() string        { return s.of.String() + ".grad" }
func (s *slopeValue) Name() string          { return s.String() }
func (s *slopeValue) Type() string          { return "function" }
func (s *slopeValue) Freeze()               {}
func (s *slopeValue) Truth() starlark.Bool  { return true }
func (s *slopeValue) Hash() (uint32, error) { return starlark.String(s.String()).Hash() }
func (s *slopeValue) Documentation() (signature, doc string) {
	return s.String() + "(x)", "The slope of " + s.of.act.Name + " at a number or at each element of an array."
}

// CallInternal evaluates the slope.
func (s *slopeValue) CallInternal(th *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) != 1 || len(kwargs) != 0 {
		return nil, Errorf("TypeError", "%s takes one number or array", s.Name())
	}
	return s.of.apply(th, args[0], true)
}

// activationDefs are activations of one's own.
var activationDefs = []Def{{
	Sig:  "activation(function, name=None)",
	Doc:  "An activation of one's own, from a function of one number. Its slope is found by central differences; it trains on the reference backend, which is slow.\n\n```python\nbent = activation(lambda x: x if x > 0 else 0.1 * x)\nnet = dense(8, bent) >> output()\n```",
	Args: []string{"function: from a number to a number", "name: what summaries call it, instead of the function's name"},
	Fn: func(c *Call) (starlark.Value, error) {
		f := c.Callable("function")
		if c.Err() != nil {
			return nil, nil
		}
		s := c.Session()
		own := &nn.OwnActivation{Name: c.Text("name", s.shortText(f)), ID: s.identity(f), F: s.numberFunction(f)}
		return &activationValue{own: f, act: nn.Activation{Name: nn.OwnName, Own: own}}, nil
	},
}}

// numberFunction makes a function of a cell one of Go, for trainings, which
// run without the session's lock. Where it fails, or an interrupt ends it, it
// gives NaN from then on, which ends the training; failure has the reason.
func (s *Session) numberFunction(f starlark.Callable) func(x float64) float64 {
	return func(x float64) float64 {
		s.mu.Lock()
		defer s.mu.Unlock()
		r := s.current
		if r == nil {
			r = &running{session: s, ctx: background, host: quietHost{}}
		}
		if r.failed != nil {
			return notANumber
		}
		y, err := numberOf(s.thread(r, f.Name()), f, x)
		if err != nil {
			r.failed = err
			return notANumber
		}
		return y
	}
}

// numberOf calls a function that takes a number and has to give one.
func numberOf(th *starlark.Thread, f starlark.Callable, x float64) (float64, error) {
	y, err := starlark.Call(th, f, starlark.Tuple{starlark.Float(x)}, nil)
	if err != nil {
		return 0, err
	}
	r, ok := starlark.AsFloat(y)
	if !ok {
		return 0, Errorf("TypeError", "%s gives %s for %g; want a number", f.Name(), describe(y), x)
	}
	return r, nil
}

// failure gives, once, why a function failed that the call had others call
// for it. An interrupt is none: the builtin ends as it does by itself.
func (c *Call) failure() error {
	r := c.run()
	err := r.failed
	r.failed = nil
	if r.ctx.Err() != nil {
		return nil
	}
	var inner *starlark.EvalError
	if errors.As(err, &inner) {
		inner.CallStack = append(c.Thread.CallStack(), inner.CallStack...)
	}
	return err
}

// activationValues are the activations by name.
func activationValues() starlark.StringDict {
	out := starlark.StringDict{}
	for _, d := range nn.Activations() {
		out[d.Name] = &activationValue{act: nn.Act(d.Name)}
	}
	return out
}

func activationNames() (names []string) {
	for _, d := range nn.Activations() {
		names = append(names, d.Name)
	}
	return names
}

// configuresByName tells how an activation is configured, where a number came.
const configuresByName = "a call with a number evaluates it, names configure it: leaky_relu(slope=0.1)"

// Activation returns an argument that is an activation, or its name.
func (c *Call) Activation(name string) nn.Activation {
	switch v := c.Value(name).(type) {
	case nil:
		return nn.Activation{}
	case *activationValue:
		return v.act
	case starlark.String:
		if a, err := nn.NewActivation(string(v), nil); err == nil {
			return a
		}
	case starlark.Callable:
		c.wrong(name, "an activation; make one of a function by activation(f)")
		return nn.Activation{}
	}
	if isPlain(c.Value(name)) {
		c.wrong(name, "an activation; "+configuresByName)
		return nn.Activation{}
	}
	c.wrongEntry(name, "an activation", activationNames())
	return nn.Activation{}
}
