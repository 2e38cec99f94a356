package dsl

import (
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
)

// sessionDefs are about the session itself.
var sessionDefs = []Def{
	{Sig: "help(x=None)", Doc: "Shows what a name is and how to use it; `x?` and `?x` do the same. Without a name, where to begin.", Fn: help},
	{Sig: "variables()", Doc: "The variables that cells have defined, with type and size.", Fn: variables},
	{Sig: "reset(*names)", Doc: "Forgets the named variables; without names, all of them.", Fn: reset},
	{Sig: "exit(keep_kernel=False)", Doc: "Ends a console.", Fn: exit},
	{Sig: "quit(keep_kernel=False)", Doc: "Ends a console.", Fn: exit},
}

func help(c *Call) (starlark.Value, error) {
	v := c.Was("x")
	if s, ok := v.(starlark.String); ok {
		if named := c.Session().ns.lookup(string(s)); named != nil {
			v = named
		}
	}
	if v == nil {
		c.Host().Page(overview(c.Session().groups))
		return nil, nil
	}
	c.Host().Page(documentation(v, 1))
	return nil, nil
}

// overview lists the vocabulary.
func overview(gs []group) display.Bundle {
	var b strings.Builder
	b.WriteString("# Where to begin\n\n`dataset(\"penguins\")` reads a table, `dense(64, relu) >> output()` is a network, `fit` trains it, `plot.` draws it.\n" +
		"`help(fit)`, `fit?` or Shift-Tab inside `fit(` tell how to use a name; Tab completes.\n")
	for _, g := range gs {
		b.WriteString("\n## " + g.title + "\n\n")
		for _, f := range g.functions {
			b.WriteString("- `" + f.name + "`: " + summary(f.def.Doc) + "\n")
		}
	}
	return display.Text(b.String()).With("text/markdown", b.String())
}

// summary is the first sentence of a documentation.
func summary(doc string) string {
	doc, _, _ = strings.Cut(doc, "\n")
	if i := strings.Index(doc, ". "); i >= 0 {
		return doc[:i+1]
	}
	return doc
}

func variables(c *Call) (starlark.Value, error) {
	vars := c.Session().ns.variables()
	delete(vars, "_")
	r := newRecord("variables")
	for _, name := range vars.Keys() {
		r.fields = append(r.fields, field{name, starlark.String(sizeOf(vars[name]))})
	}
	return r, nil
}

// sizeOf says what a variable is and how large.
func sizeOf(v starlark.Value) string {
	if d, ok := v.(interface{ Size() string }); ok {
		return v.Type() + ", " + d.Size()
	}
	if n := starlark.Len(v); n >= 0 {
		return v.Type() + ", " + count(n, "element", "elements")
	}
	return v.Type() + " " + reprShort(v, 40)
}

func reset(c *Call) (starlark.Value, error) {
	ns := c.Session().ns
	if len(c.Args) == 0 {
		for _, s := range ns.slots {
			s.value = nil
		}
		return nil, nil
	}
	for _, a := range c.Args {
		name, ok := starlark.AsString(a)
		if !ok || ns.variable(name) == nil {
			return nil, Errorf("NameError", "reset: want names of variables as text, got %s; variables() lists them", describe(a))
		}
		ns.set(name, nil)
	}
	return nil, nil
}

func exit(c *Call) (starlark.Value, error) {
	keep := c.Bool("keep_kernel", false)
	if c.Err() == nil {
		c.Host().Exit(keep)
	}
	return nil, nil
}
