package dsl

import (
	"maps"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/nn"
)

// Reference returns the written reference as Markdown, made from the same
// texts as help: of the whole vocabulary, or of the names given.
func Reference(names ...string) (string, error) {
	s := New(Options{})
	var b strings.Builder
	if len(names) == 0 {
		b.WriteString("# Reference\n")
		for _, g := range s.groups {
			b.WriteString("\n## " + g.title + "\n")
			for _, f := range g.functions {
				b.WriteString("\n### " + f.name + "\n\n" + entry(f))
			}
		}
		for _, k := range kindsOfValues() {
			b.WriteString("\n## " + k.title + "\n")
			for _, name := range k.names {
				b.WriteString("\n### " + name + "\n\n" + entry(k.value(s, name)))
			}
		}
		return b.String(), nil
	}
	for _, n := range names {
		v := s.resolve(n)
		if kind, method, ok := strings.Cut(n, "."); ok && v == nil && methodsOf[kind] != nil && methodsOf[kind].funcs[method] != nil {
			v = methodsOf[kind].funcs[method]
		}
		if v == nil {
			return "", Errorf("NameError", "there is no %s%s", n, suggest(n, s.ns.AttrNames(), nameAdvice))
		}
		b.WriteString(entry(v))
	}
	return strings.TrimRight(b.String(), "\n"), nil
}

func entry(v starlark.Value) string {
	sig, doc := explanation(v, 1)
	return "    " + sig + "\n\n" + doc + "\n"
}

// methodsOf are the methods of types by name: mlpkernel doc table.head.
var methodsOf = map[string]*Methods{
	"table": tableMethods, "row": rowMethods, "column": columnMethods, "network": networkMethods, "model": modelMethods,
	"ensemble": ensembleMethods, "figure": figureMethods, "initializer": initializerMethods,
}

// kindOfValues is a chapter of the reference about values or methods.
type kindOfValues struct {
	title string
	names []string
	value func(s *Session, name string) starlark.Value
}

func kindsOfValues() []kindOfValues {
	global := func(s *Session, name string) starlark.Value { return s.ns.lookup(name) }
	activations, initializers := kindOfValues{"Activations", nil, global}, kindOfValues{"Initialisers", nil, global}
	for _, d := range nn.Activations() {
		activations.names = append(activations.names, d.Name)
	}
	for _, d := range nn.Initializers() {
		initializers.names = append(initializers.names, d.Name)
	}
	out := []kindOfValues{activations, initializers}
	for _, kind := range slices.Sorted(maps.Keys(methodsOf)) {
		methods := methodsOf[kind]
		out = append(out, kindOfValues{"Methods: " + kind, methods.names, func(_ *Session, name string) starlark.Value { return methods.funcs[name] }})
	}
	return out
}
