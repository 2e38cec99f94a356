package dsl

import (
	"errors"
	"sort"

	"go.starlark.net/starlark"
)

// namespace holds the globals of all cells; each is looked up when it is used.
type namespace struct {
	vars     starlark.StringDict // what cells have defined
	builtins starlark.StringDict
	value    starlark.Value // of the last expression of the running cell
}

var _ starlark.HasSetField = (*namespace)(nil)

func (n *namespace) String() string        { return "<session>" }
func (n *namespace) Type() string          { return "session" }
func (n *namespace) Freeze()               {}
func (n *namespace) Truth() starlark.Bool  { return true }
func (n *namespace) Hash() (uint32, error) { return 0, errors.New("unhashable: session") }

// lookup returns a variable or builtin, nil if there is none.
func (n *namespace) lookup(name string) starlark.Value {
	if v, ok := n.vars[name]; ok {
		return v
	}
	return n.builtins[name]
}

// Attr looks a global up.
func (n *namespace) Attr(name string) (starlark.Value, error) {
	if v := n.lookup(name); v != nil {
		return v, nil
	}
	return nil, Errorf("NameError", "the name %s is not defined%s", name, suggest(name, n.AttrNames(), nameAdvice))
}

// AttrNames lists all globals.
func (n *namespace) AttrNames() []string {
	names := make([]string, 0, len(n.vars)+len(n.builtins))
	for k := range n.vars {
		names = append(names, k)
	}
	for k := range n.builtins {
		if _, ok := n.vars[k]; !ok {
			names = append(names, k)
		}
	}
	sort.Strings(names)
	return names
}

// SetField assigns a global.
func (n *namespace) SetField(name string, v starlark.Value) error {
	if name == valueName {
		n.value = v
		return nil
	}
	n.vars[name] = v
	return nil
}
