package dsl

import (
	starjson "go.starlark.net/lib/json"
	starmath "go.starlark.net/lib/math"
	"go.starlark.net/starlark"
)

// tables are the builtins, by domain: the table of contents of the vocabulary.
func tables() []table {
	return []table{
		{"Values and text", coreDefs},
		{"Output and input", outputDefs},
		{"The session", sessionDefs},
		{"Arrays", arrayDefs()},
	}
}

type table struct {
	title string
	defs  []Def
}

// group is a domain of the vocabulary, ready to be called.
type group struct {
	title     string
	functions []*Function
}

func groups() []group {
	var out []group
	for _, t := range tables() {
		g := group{title: t.title}
		for i := range t.defs {
			g.functions = append(g.functions, newFunction(&t.defs[i]))
		}
		out = append(out, g)
	}
	return out
}

// builtins returns all names that a session begins with. What Starlark has
// and means the same here is kept.
func builtins(gs []group) starlark.StringDict {
	out := starlark.StringDict{"math": starmath.Module, "json": starjson.Module}
	for _, name := range []string{"None", "True", "False", "bool", "dict", "dir", "fail", "getattr", "hasattr", "hash", "ord", "chr", "type", "bytes"} {
		out[name] = starlark.Universe[name]
	}
	for _, g := range gs {
		for _, f := range g.functions {
			out[f.name] = f
		}
	}
	return out
}
