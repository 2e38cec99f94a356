package dsl

import (
	"errors"
	"maps"
	"slices"

	"go.starlark.net/starlark"
)

// namespace holds the globals of all cells, each in a slot. A program takes
// the slots and operators that it uses from here before it begins, see globals.go.
type namespace struct {
	slots     map[string]*slot
	builtins  starlark.StringDict
	operators starlark.StringDict
	value     starlark.Value // of the last expression of the running cell
}

func newNamespace(builtins, operators starlark.StringDict) *namespace {
	return &namespace{slots: map[string]*slot{}, builtins: builtins, operators: operators}
}

var _ starlark.HasSetField = (*namespace)(nil)

func (n *namespace) String() string        { return "<session>" }
func (n *namespace) Type() string          { return "session" }
func (n *namespace) Freeze()               {}
func (n *namespace) Truth() starlark.Bool  { return true }
func (n *namespace) Hash() (uint32, error) { return 0, errors.New("unhashable: session") }

// slot returns the place of a global, whether it has a value or not.
func (n *namespace) slot(name string) *slot {
	s := n.slots[name]
	if s == nil {
		s = &slot{ns: n, name: name, builtin: n.builtins[name]}
		n.slots[name] = s
	}
	return s
}

// lookup returns a variable or builtin, nil if there is none.
func (n *namespace) lookup(name string) starlark.Value {
	if v := n.variable(name); v != nil {
		return v
	}
	return n.builtins[name]
}

// variable returns what cells have defined by a name, nil if nothing.
func (n *namespace) variable(name string) starlark.Value {
	if s := n.slots[name]; s != nil {
		return s.value
	}
	return nil
}

func (n *namespace) set(name string, v starlark.Value) { n.slot(name).value = v }

// variables are what cells have defined.
func (n *namespace) variables() starlark.StringDict {
	out := starlark.StringDict{}
	for name, s := range n.slots {
		if s.value != nil {
			out[name] = s.value
		}
	}
	return out
}

// Attr gives a program the operator or slot that it knows by an internal name.
func (n *namespace) Attr(name string) (starlark.Value, error) {
	if op := n.operators[name]; op != nil {
		return op, nil
	}
	return n.slot(name[len(slotPrefix):]), nil
}

// AttrNames lists all globals that have a value.
func (n *namespace) AttrNames() []string {
	all := n.variables()
	maps.Copy(all, n.builtins)
	return slices.Sorted(maps.Keys(all))
}

// SetField keeps the value of a cell.
func (n *namespace) SetField(_ string, v starlark.Value) error {
	n.value = v
	return nil
}

// slot is the place of one global. All programs that use the name share it,
// so that each sees the current value.
type slot struct {
	ns      *namespace
	name    string
	value   starlark.Value // nil: no cell has defined it
	builtin starlark.Value // what the name means then, nil: nothing
}

var _ starlark.HasSetField = (*slot)(nil)

func (s *slot) String() string        { return s.name }
func (s *slot) Type() string          { return "slot" }
func (s *slot) Freeze()               {}
func (s *slot) Truth() starlark.Bool  { return true }
func (s *slot) Hash() (uint32, error) { return 0, errors.New("unhashable: slot") }
func (s *slot) AttrNames() []string   { return nil }

// Attr returns the value.
func (s *slot) Attr(string) (starlark.Value, error) {
	switch {
	case s.value != nil:
		return s.value, nil
	case s.builtin != nil:
		return s.builtin, nil
	}
	return nil, Errorf("NameError", "the name %s is not defined%s", s.name, suggest(s.name, s.ns.AttrNames(), nameAdvice))
}

// SetField changes the value.
func (s *slot) SetField(_ string, v starlark.Value) error {
	s.value = v
	return nil
}
