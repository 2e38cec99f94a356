package nn

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// A Def describes one entry of a list: what documentation, completion and the
// constructors of a language need to know.
type Def struct {
	Name    string
	Doc     string // one or two sentences
	Formula string // LaTeX, empty if there is none
	Params  []Param
}

// A Param is a named parameter of an entry, in the order of positional use.
type Param struct {
	Name     string
	Doc      string
	Default  float64
	Required bool      // has no default
	Kind     ParamKind // Number unless said
	Min, Max float64   // bounds, both inclusive; none if both are 0
}

// ParamKind says what values a parameter takes.
type ParamKind int

const (
	Number ParamKind = iota // a plain number
	Flag                    // False or True, as 0 or 1
	Rate                    // a number or a Schedule
)

func (p Param) check(entry string, v float64) error {
	if (p.Min != 0 || p.Max != 0) && !(v >= p.Min && v <= p.Max) {
		return fmt.Errorf("%s: %s must be from %s to %s, not %s", entry, p.Name, num(p.Min), num(p.Max), num(v))
	}
	if v != v {
		return fmt.Errorf("%s: %s must be a number, not NaN", entry, p.Name)
	}
	return nil
}

// Fill gives the parameters in the order of Params, defaults filled in. It
// refuses unknown names, missing required ones and values out of bounds.
func (d Def) Fill(args map[string]float64) ([]float64, error) {
	for name := range args {
		if !slices.ContainsFunc(d.Params, func(p Param) bool { return p.Name == name }) {
			return nil, fmt.Errorf("%s has no parameter %q%s", d.Name, name, d.takes())
		}
	}
	out := make([]float64, len(d.Params))
	for i, p := range d.Params {
		v, given := args[p.Name]
		switch {
		case given:
			if err := p.check(d.Name, v); err != nil {
				return nil, err
			}
		case p.Required:
			return nil, fmt.Errorf("%s needs %s: %s", d.Name, p.Name, p.Doc)
		default:
			v = p.Default
		}
		out[i] = v
	}
	return out, nil
}

func (d Def) takes() string {
	if len(d.Params) == 0 {
		return "; it takes none"
	}
	names := make([]string, len(d.Params))
	for i, p := range d.Params {
		names[i] = p.Name
	}
	return "; it takes " + strings.Join(names, ", ")
}

// call prints an entry with parameters as source text: its name, and in brackets
// what args gives, if anything.
func (d Def) call(values []float64) string {
	args := d.args(values)
	if args == "" {
		return d.Name
	}
	return d.Name + "(" + args + ")"
}

// args are parameters as source text: those that differ from their default by
// name, required ones first by position.
func (d Def) args(values []float64) string {
	var args []string
	for i, p := range d.Params {
		switch {
		case p.Required:
			args = append(args, num(values[i]))
		case values[i] != p.Default:
			args = append(args, p.Name+"="+p.print(values[i]))
		}
	}
	return strings.Join(args, ", ")
}

func (p Param) print(v float64) string {
	if p.Kind != Flag {
		return num(v)
	}
	if v != 0 {
		return "True"
	}
	return "False"
}

func num(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// find gives the index of the entry with a name in a list.
func find[T any](list []T, def func(T) Def, what, name string) (int, error) {
	names := make([]string, len(list))
	for i, e := range list {
		names[i] = def(e).Name
		if names[i] == name {
			return i, nil
		}
	}
	return -1, fmt.Errorf("no %s is called %q; there are %s", what, name, strings.Join(names, ", "))
}
