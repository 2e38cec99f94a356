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

// ReferenceCell is a piece of the reference as a document: text, or an example of
// a picture to be run.
type ReferenceCell struct {
	Code   bool
	Source string
}

// Examples is what the examples of pictures take for granted.
const Examples = `t = dataset("penguins")
train, test = split(t, test=0.3, stratify="species", seed=1)
net = dense(8, relu) >> dropout(0.5) >> dense(6, relu) >> output()
everything = ["weights", "gradients", "activations"]
m = fit(net, train, "species", epochs=40, validation=0.2, optimizer=adam(lr=0.01), metrics=["accuracy"], seed=1, live=False, record=everything)
m1 = fit(6 * dense(8, sigmoid) >> output(), train, "species", epochs=10, seed=1, live=False)
m2 = fit(6 * dense(8, relu) >> output(), train, "species", epochs=10, seed=1, live=False)
regression = fit(dense(8, relu) >> output(), train, "body_mass_g", epochs=40, seed=1, live=False)
`

// ReferenceCells is the reference as a document whose pictures are drawn when it
// is run, each from its own example.
func ReferenceCells() []ReferenceCell {
	var out []ReferenceCell
	text := "# Reference\n"
	code := func(source string) {
		out = append(out, ReferenceCell{Source: text}, ReferenceCell{Code: true, Source: source})
		text = ""
	}
	for _, g := range New(Options{}).groups {
		text += "\n## " + g.title + "\n"
		if g.module != nil {
			text += "\nThe examples draw these models.\n"
			code(Examples)
		}
		for _, f := range g.functions {
			before, rest, found := strings.Cut(entry(f), "```python\n")
			example, after, _ := strings.Cut(rest, "```")
			text += "\n### " + f.name + "\n\n"
			if g.module == nil || !found {
				text += entry(f)
				continue
			}
			text += before
			for _, line := range strings.Split(strings.TrimSpace(example), "\n") {
				code(line)
			}
			text = after
		}
	}
	return append(out, ReferenceCell{Source: text})
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
