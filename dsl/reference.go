package dsl

import (
	"strings"

	"go.starlark.net/starlark"
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
		return b.String(), nil
	}
	for _, n := range names {
		v := s.resolve(n)
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
