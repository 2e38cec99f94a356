package dsl

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/pyfmt"
)

var words = pattern(`[\pL_][\pL\pN_]*`)

// identity is a text that differs for functions that compute different things:
// the source, the values it closes over, its defaults, and the variables and
// functions of cells that it names, as they are now.
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
	source := s.sourceOf(fn)
	fmt.Fprintf(b, "%d %s", fn.Position().Col, strings.TrimSpace(source))
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
	for _, name := range words().FindAllString(source, -1) {
		if v := s.ns.variable(name); v != nil && !seen[starlark.String(name)] {
			seen[starlark.String(name)] = true
			value(name, v)
		}
	}
}

// longName is from what length on a lambda is no name for itself.
const longName = 40

// shortText is what summaries call a function: its name, or what a short lambda says.
func (s *Session) shortText(f starlark.Callable) string {
	fn, ok := f.(*starlark.Function)
	if !ok || fn.Name() != "lambda" {
		return f.Name()
	}
	line, _, _ := strings.Cut(s.sourceOf(fn), "\n")
	text := []rune(line)
	text = text[min(int(fn.Position().Col)-1, len(text)):]
	for n := min(len(text), longName); n > 0; n-- { // the longest that is a lambda
		p, err := prepare("", string(text[:n]))
		if err != nil {
			continue
		}
		e, err := options.ParseExpr("", p.text, 0)
		if _, ok := e.(*syntax.LambdaExpr); err == nil && ok {
			return strings.TrimSpace(string(text[:n]))
		}
	}
	return fn.Name()
}
