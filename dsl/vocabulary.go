package dsl

import (
	"maps"

	starjson "go.starlark.net/lib/json"
	starmath "go.starlark.net/lib/math"
	"go.starlark.net/starlark"
)

// tables are the builtins, by domain: the table of contents of the vocabulary.
func tables() []domain {
	return []domain{
		{"Values and text", coreDefs},
		{"Output and input", outputDefs},
		{"The session", sessionDefs},
		{"Arrays", arrayDefs()},
		{"Data", dataDefs},
		{"Files", readDefs},
		{"Preparation", prepDefs},
		{"Layers", layerDefs},
		{"Activations of one's own", activationDefs},
		{"Losses", lossDefs()},
		{"Optimisers", optimizerDefs()},
		{"Schedules", scheduleDefs()},
		{"Training", fitDefs},
		{"Experiments", experimentDefs},
	}
}

type domain struct {
	title string
	defs  []Def
}

// group is a domain of the vocabulary, ready to be called.
type group struct {
	title     string
	functions []*Function
	module    *plotModule // what the functions are attributes of, nil for none
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
	plot := newPlot()
	return append(out, group{"Pictures", plot.functions, plot})
}

// builtins returns all names that a session begins with. What Starlark has
// and means the same here is kept.
func builtins(gs []group) starlark.StringDict {
	out := starlark.StringDict{"math": starmath.Module, "json": starjson.Module}
	for _, name := range []string{"None", "True", "False", "bool", "dict", "dir", "fail", "getattr", "hasattr", "hash", "ord", "chr", "type", "bytes"} {
		out[name] = starlark.Universe[name]
	}
	for _, g := range gs {
		if g.module != nil {
			out["plot"] = g.module
			continue
		}
		for _, f := range g.functions {
			out[f.name] = f
		}
	}
	maps.Copy(out, initializerValues())
	maps.Copy(out, activationValues())
	return out
}
