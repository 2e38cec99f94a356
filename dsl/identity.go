package dsl

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/pyfmt"
)

// identity is a text that differs for functions that compute different things,
// and not for where they stand: the source, the values it closes over, its
// defaults, and the variables and functions of cells that it uses, as they are now.
func (s *Session) identity(f starlark.Callable) string {
	var b strings.Builder
	s.identify(&b, f, map[starlark.Value]bool{})
	return b.String()
}

func (s *Session) identify(b *strings.Builder, f starlark.Callable, seen map[starlark.Value]bool) {
	fn, ok := f.(*starlark.Function)
	if !ok || seen[fn] {
		b.WriteString(f.Name())
		return
	}
	seen[fn] = true
	w := s.written(fn)
	b.WriteString(w.text)
	value := func(name string, v starlark.Value) {
		fmt.Fprintf(b, "\n%s=", name)
		if f, ok := v.(starlark.Callable); ok {
			s.identify(b, f, seen)
		} else {
			b.WriteString(pyfmt.ReprLimit(v, 1000))
		}
	}
	for i := range fn.NumFreeVars() {
		bound, v := fn.FreeVar(i)
		value(bound.Name, v)
	}
	for i := range fn.NumParams() {
		if v := fn.ParamDefault(i); v != nil {
			name, _ := fn.Param(i)
			value(name, v)
		}
	}
	for _, name := range w.globals {
		if v := s.ns.variable(name); v != nil && !seen[starlark.String(name)] {
			seen[starlark.String(name)] = true
			value(name, v)
		}
	}
}

// written is a function as it stands in a cell: its def or lambda, without what
// is around it.
type written struct {
	text    string
	lambda  bool
	globals []string // names in its body that are variables of cells
}

// written finds a function in the source of its cell. Of one within an f-string,
// whose inside is text there, it gives the lines and where in them it begins.
func (s *Session) written(fn *starlark.Function) written {
	path, at := fn.Position().Filename(), placeOf(fn.Position())
	lines := s.sources[path]
	w := written{text: fmt.Sprintf("%d %s", at.col, s.sourceOf(fn))}
	p, err := prepare(path, strings.Join(lines, "\n"))
	if err != nil {
		return w
	}
	plain, err1 := options.Parse(path, p.text, 0)
	resolved, err2 := resolvedCell(path, p)
	if err1 != nil || err2 != nil {
		return w
	}
	if n := functionAt(plain, at); n != nil {
		start, end := n.Span()
		_, w.lambda = n.(*syntax.LambdaExpr)
		w.text = between(lines, placeOf(start), placeOf(end))
	}
	name := func(id *syntax.Ident) { w.globals = append(w.globals, id.Name) }
	switch f := functionAt(resolved, at).(type) {
	case *syntax.LambdaExpr:
		eachGlobal(f.Body, name)
	case *syntax.DefStmt:
		for _, st := range f.Body {
			eachGlobal(st, name)
		}
	}
	return w
}

// functionAt is the def or lambda that begins at a place, nil if none does.
func functionAt(f *syntax.File, at place) (found syntax.Node) {
	syntax.Walk(f, func(n syntax.Node) bool {
		switch f := n.(type) {
		case *syntax.LambdaExpr:
			if placeOf(f.Lambda) == at {
				found = n
			}
		case *syntax.DefStmt:
			if placeOf(f.Def) == at {
				found = n
			}
		}
		return found == nil
	})
	return found
}

// between is the text between two places, its lines indented as if the first
// stood at the margin.
func between(lines []string, start, end place) string {
	part := slices.Clone(lines[start.line-1 : end.line])
	margin := func(l string) int { return len(l) - len(strings.TrimLeft(l, " \t")) }
	indent, last := margin(part[0]), len(part)-1
	part[last] = string([]rune(part[last])[:end.col-1])
	part[0] = string([]rune(part[0])[start.col-1:])
	if text := strings.Join(part, "\n"); strings.Contains(text, `"""`) || strings.Contains(text, "'''") {
		indent = 0 // the blanks may be those of a string
	}
	for i, l := range part[1:] {
		part[i+1] = l[min(indent, margin(l)):]
	}
	return strings.Join(part, "\n")
}

// longName is from what length on a lambda is no name for itself.
const longName = 40

// shortText is what summaries call a function: its name, or what a short lambda says.
func (s *Session) shortText(f starlark.Callable) string {
	fn, ok := f.(*starlark.Function)
	if !ok || fn.Name() != "lambda" {
		return f.Name()
	}
	if w := s.written(fn); w.lambda && !strings.Contains(w.text, "\n") && len([]rune(w.text)) <= longName {
		return w.text
	}
	return fn.Name()
}
