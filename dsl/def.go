package dsl

import (
	"fmt"
	"strings"
	"sync"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Def is a builtin: its signature and documentation, and what it does.
type Def struct {
	// Sig is the signature as a user reads it, defaults included:
	// "split(data, *, test=0.2, stratify=None, seed=0)".
	Sig string
	// Doc is Markdown: a sentence, then more if there is more to say; code
	// blocks are cells that work.
	Doc string
	// Args documents parameters, one line each: "name: what it is".
	Args []string
	// Fn computes the result. It reads its arguments through the Call, whose
	// getters remember the first that does not fit; see Call.Err.
	Fn func(c *Call) (starlark.Value, error)
}

// param is a parameter of a signature.
type param struct {
	name     string
	fallback string // source of the default
	required bool
	keyword  bool // after *
	rest     int  // 1: *args, 2: **kwargs
}

// Function is a builtin bound to what it is a method of, if anything.
type Function struct {
	def    *Def
	name   string
	params func() []param
	recv   starlark.Value
}

var _ starlark.Callable = (*Function)(nil)

// newFunction makes the function of a Def. Its signature is parsed when it is
// first needed: a kernel starts with some hundred functions.
func newFunction(d *Def) *Function {
	name, _, _ := strings.Cut(d.Sig, "(")
	return &Function{def: d, name: name, params: sync.OnceValue(func() []param { return parseSignature(d) })}
}

// parseSignature returns the parameters of a signature. One that does not parse is a fault of ours.
func parseSignature(d *Def) []param {
	src := "def " + d.Sig + ": pass"
	f, err := options.Parse("signature", src, 0)
	if err != nil {
		panic(fmt.Sprintf("signature %s: %v", d.Sig, err))
	}
	var out []param
	keyword := false
	for _, p := range f.Stmts[0].(*syntax.DefStmt).Params {
		switch p := p.(type) {
		case *syntax.Ident:
			out = append(out, param{name: p.Name, required: true, keyword: keyword})
		case *syntax.BinaryExpr:
			start, end := p.Y.Span()
			out = append(out, param{name: p.X.(*syntax.Ident).Name, fallback: src[start.Col-1 : end.Col-1], keyword: keyword})
		case *syntax.UnaryExpr:
			keyword = true
			if p.X != nil {
				rest := 1
				if p.Op == syntax.STARSTAR {
					rest = 2
				}
				out = append(out, param{name: p.X.(*syntax.Ident).Name, rest: rest})
			}
		}
	}
	return out
}

// bind returns the function as a method of a value.
func (f *Function) bind(recv starlark.Value) *Function {
	g := *f
	g.recv = recv
	return &g
}

func (f *Function) Name() string          { return f.name }
func (f *Function) String() string        { return "<function " + f.name + ">" }
func (f *Function) Type() string          { return "function" }
func (f *Function) Freeze()               {}
func (f *Function) Truth() starlark.Bool  { return true }
func (f *Function) Hash() (uint32, error) { return starlark.String(f.name).Hash() }

// Signature returns the signature as a user reads it.
func (f *Function) Signature() string { return f.def.Sig }

// CallInternal sorts the arguments and calls the Go function.
func (f *Function) CallInternal(thread *starlark.Thread, args starlark.Tuple, kwargs []starlark.Tuple) (v starlark.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			v, err = nil, faultOf(p)
		}
	}()
	c := &Call{fn: f, Thread: thread, Recv: f.recv, given: make(map[string]starlark.Value, len(args)+len(kwargs))}
	if err := c.sort(args, kwargs); err != nil {
		return nil, err
	}
	v, err = f.def.Fn(c)
	if c.err != nil {
		return nil, c.err
	}
	if failed := c.failure(); failed != nil {
		return nil, failed
	}
	if err == nil && v == nil {
		v = starlark.None
	}
	return v, err
}

func (c *Call) sort(args starlark.Tuple, kwargs []starlark.Tuple) error {
	f := c.fn
	i := 0
	for _, p := range f.params() {
		if p.rest == 1 {
			c.Args = args[i:]
			i = len(args)
		}
		if i < len(args) && !p.keyword && p.rest == 0 {
			c.given[p.name] = args[i]
			i++
		}
	}
	if i < len(args) {
		return Errorf("TypeError", "%s takes %s, got %d: %s", f.name, count(i, "value without a name", "values without a name"), len(args), f.def.Sig)
	}
	for _, kw := range kwargs {
		if err := c.keyword(string(kw[0].(starlark.String)), kw); err != nil {
			return err
		}
	}
	for _, p := range f.params() {
		if p.required && c.given[p.name] == nil {
			return Errorf("TypeError", "%s: %s is missing: %s", f.name, p.name, f.def.Sig)
		}
	}
	return nil
}

func (c *Call) keyword(name string, kw starlark.Tuple) error {
	f := c.fn
	var names []string
	for _, p := range f.params() {
		switch {
		case p.rest == 2:
			c.Kwargs = append(c.Kwargs, kw)
			return nil
		case p.rest == 0 && p.name == name:
			if c.given[name] != nil {
				return Errorf("TypeError", "%s: %s is given twice", f.name, name)
			}
			c.given[name] = kw[1]
			return nil
		case p.rest == 0:
			names = append(names, p.name)
		}
	}
	hint := suggest(name, names, argumentAdvice)
	if hint == "" {
		hint = "; there are " + strings.Join(names, ", ")
		if len(names) == 0 {
			hint = "; it takes none by name"
		}
	}
	return Errorf("TypeError", "%s has no argument %s%s", f.name, name, hint)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// Methods are the attributes of a type that are functions.
type Methods struct {
	names []string
	funcs map[string]*Function
}

// newMethods makes the methods of a type from their Defs.
func newMethods(defs []Def) *Methods {
	m := &Methods{funcs: map[string]*Function{}}
	for i := range defs {
		f := newFunction(&defs[i])
		m.names = append(m.names, f.name)
		m.funcs[f.name] = f
	}
	return m
}

// bind returns a method of a value, nil if there is none of that name.
func (m *Methods) bind(recv starlark.Value, name string) starlark.Value {
	if f := m.funcs[name]; f != nil {
		return f.bind(recv)
	}
	return nil
}

// attr is the attribute of a value that has these methods besides.
func (m *Methods) attr(recv starlark.HasAttrs, name string) (starlark.Value, error) {
	if f := m.bind(recv, name); f != nil {
		return f, nil
	}
	return nil, noAttribute(recv, name, nil)
}
