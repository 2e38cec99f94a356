package dsl

import (
	"fmt"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/nn"
)

// initializer is an initialiser as a value: bare or configured a layer's
// argument, with .sample for the board.
type initializer struct {
	initializerValue
	def   nn.InitializerDef
	unset error // of a bare name that needs a number, as constant does
}

var (
	_ starlark.Callable = (*initializer)(nil)
	_ starlark.HasAttrs = (*initializer)(nil)
)

// initializerOf is an entry of nn's list, as its bare name gives it.
func initializerOf(d nn.InitializerDef) *initializer {
	i := &initializer{initializerValue{"initializer", nn.Initializer{Name: d.Name}}, d, nil}
	rule, err := nn.NewInitializer(d.Name, nil)
	if err != nil {
		i.unset = Errorf("TypeError", "%s needs its %s; write %s", d.Name, d.Params[0].Name, i.example())
		return i
	}
	i.rule = rule
	return i
}

func (i *initializer) Name() string { return i.rule.Name }

// String is how it is written: a bare name that needs a number has none yet.
func (i *initializer) String() string {
	if i.unset != nil {
		return i.def.Name
	}
	return i.initializerValue.String()
}

// Documentation shows the formula.
func (i *initializer) Documentation() (signature, doc string) {
	doc = i.def.Doc
	if i.def.Formula != "" {
		doc += "\n\n$" + i.def.Formula + "$"
	}
	return signatureOf(i.def.Def), doc + "\n\n`" + i.example() + ".sample([256, 64], seed=1)` gives an array."
}

// example is how one is written that can be used.
func (i *initializer) example() string {
	if len(i.def.Params) == 0 || !i.def.Params[0].Required {
		return i.def.Name
	}
	return i.def.Name + "(" + i.def.Params[0].Name + "=0.1)"
}

// CallInternal configures; with a shape it samples, as zeros([2, 3]) does.
func (i *initializer) CallInternal(_ *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	switch {
	case len(args) == 0:
		return i.configured(kwargs)
	case len(args) > 1 || len(kwargs) > 0:
	case i.unset != nil && isPlain(args[0]):
		return i.configured([]starlark.Tuple{{starlark.String(i.def.Params[0].Name), args[0]}})
	default:
		if _, err := array.ShapeOf(args[0]); err == nil {
			return i.sample(args[0], 0)
		}
	}
	if i.unset != nil {
		return nil, i.unset
	}
	name, configures := i.def.Name, ""
	if len(i.def.Params) > 0 {
		configures = ", names configure it: " + signatureOf(i.def.Def)
	}
	got := describe(args[0])
	if n := len(args) + len(kwargs); n > 1 {
		got = fmt.Sprintf("%d values", n)
	}
	return nil, Errorf("TypeError", "%s: a shape samples it: %s([2, 3])%s; got %s", name, name, configures, got)
}

// configured is the initialiser with its number.
func (i *initializer) configured(kwargs []starlark.Tuple) (starlark.Value, error) {
	if i.unset != nil && len(kwargs) == 0 {
		return nil, i.unset
	}
	given, err := numbersOf(i.def.Name, kwargs)
	if err != nil {
		return nil, err
	}
	rule, err := nn.NewInitializer(i.def.Name, given)
	if err != nil {
		return nil, Errorf("TypeError", "%v", err)
	}
	return &initializer{initializerValue{"initializer", rule}, i.def, nil}, nil
}

// Attr gives .sample.
func (i *initializer) Attr(name string) (starlark.Value, error) {
	return initializerMethods.attr(i, name)
}

func (i *initializer) AttrNames() []string { return initializerMethods.names }

var initializerMethods = newMethods([]Def{{
	Sig: "sample(shape, seed=0)",
	Doc: "An array of initial weights: units x inputs.",
	Fn: func(c *Call) (starlark.Value, error) {
		seed := c.Seed()
		if c.Err() != nil {
			return nil, nil
		}
		return c.Recv.(*initializer).sample(c.Was("shape"), seed)
	},
}})

// sample draws an array.
func (i *initializer) sample(shape starlark.Value, seed uint64) (starlark.Value, error) {
	if i.unset != nil {
		return nil, i.unset
	}
	s, err := array.ShapeOf(shape)
	if err != nil {
		return nil, err
	}
	elements := 1.0
	for _, n := range s {
		elements *= float64(n)
	}
	if elements > array.MaxElements {
		return nil, Errorf("MemoryError", "%s: shape %s is too large: an array has at most %d elements", i.rule.Name, array.ShapeText(s), array.MaxElements)
	}
	rows, cols := 1, 1
	if len(s) > 0 {
		rows = s[0]
	}
	for _, n := range s[min(1, len(s)):] {
		cols *= n
	}
	return array.New(s, i.rule.Sample(rows, cols, seed))
}

// initializerValues are the initialisers by name.
func initializerValues() starlark.StringDict {
	out := starlark.StringDict{}
	for _, d := range nn.Initializers() {
		out[d.Name] = initializerOf(d)
	}
	return out
}

// Initializer returns an argument that is an initialiser, or its name.
func (c *Call) Initializer(name string) nn.Initializer {
	i, _ := c.Value(name).(*initializer)
	var names []string
	for _, d := range nn.Initializers() {
		names = append(names, d.Name)
		if c.Value(name) == starlark.String(d.Name) {
			i = initializerOf(d)
		}
	}
	switch {
	case i == nil && c.Given(name):
		c.wrongEntry(name, "an initialiser", names)
	case i == nil:
	case i.unset != nil:
		c.Fail(name, "%v", i.unset)
	default:
		return i.rule
	}
	return nn.Initializer{}
}
