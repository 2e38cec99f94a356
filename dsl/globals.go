package dsl

import (
	"maps"
	"slices"
	"strings"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// options are the dialect of a cell.
var options = &syntax.FileOptions{Set: true, While: true, TopLevelControl: true, GlobalReassign: true, Recursion: true}

// Names that no cell can write, since § is no letter.
const (
	sessionName = "§session" // the namespace
	slotPrefix  = "§$"       // before the name of a global: its slot
)

// compile turns a cell into a program whose globals live in a namespace:
// x becomes §$x.value, where §$x is the slot of x that all programs share. A
// function sees the current value of a global, and may use one that a later
// cell defines. The cell is parsed twice, since resolving marks one tree:
// what it finds to be global is rewritten in the other.
func compile(path, src string) (*starlark.Program, *prepared, error) {
	p, err := prepare(path, src)
	if err != nil {
		return nil, nil, err
	}
	resolved, err := resolvedCell(path, p)
	if err != nil {
		return nil, nil, err
	}
	file, err := parse(path, p)
	if err != nil {
		return nil, nil, err
	}
	g := &globals{found: map[place]bool{}}
	eachGlobal(resolved, func(id *syntax.Ident) { g.found[placeOf(id.NamePos)] = true })
	file.Stmts = g.stmts(file.Stmts, true)
	keepValue(file)
	takeInternals(file)
	prog, err := starlark.FileProgram(file, func(name string) bool { return name == sessionName })
	return prog, p, err
}

// resolvedCell is the tree of a cell whose names are marked as what they are.
func resolvedCell(path string, p *prepared) (*syntax.File, error) {
	f, err := parse(path, p)
	if err != nil {
		return nil, err
	}
	global := func(name string) bool { return !constant(name) && !internal(name) }
	return f, resolve.REPLChunk(f, global, internal, constant)
}

// eachGlobal visits the names of variables of cells in a part of a resolved tree.
func eachGlobal(n syntax.Node, visit func(*syntax.Ident)) {
	syntax.Walk(n, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok && !internal(id.Name) {
			if b, ok := id.Binding.(*resolve.Binding); ok && b.Scope == resolve.Global {
				visit(id)
			}
		}
		return true
	})
}

func parse(path string, p *prepared) (*syntax.File, error) {
	f, err := options.Parse(path, p.text, 0)
	if err != nil {
		return nil, err
	}
	return f, desugar(path, p, f.Stmts)
}

func constant(name string) bool { return name == "None" || name == "True" || name == "False" }

func internal(name string) bool { return strings.HasPrefix(name, "§") }

// keepValue makes the last expression of a cell its value.
func keepValue(f *syntax.File) {
	n := len(f.Stmts)
	if n == 0 {
		return
	}
	if e, ok := f.Stmts[n-1].(*syntax.ExprStmt); ok {
		at := syntax.Start(e.X)
		f.Stmts[n-1] = &syntax.AssignStmt{OpPos: at, Op: syntax.EQ, LHS: attribute(sessionName, "value", at), RHS: e.X}
	}
}

func attribute(x string, name string, at syntax.Position) syntax.Expr {
	return &syntax.DotExpr{
		X: &syntax.Ident{NamePos: at, Name: x}, Dot: at, NamePos: at,
		Name: &syntax.Ident{NamePos: at, Name: name},
	}
}

// variable is the value of a global.
func variable(name string, at syntax.Position) syntax.Expr {
	return attribute(slotPrefix+name, "value", at)
}

// takeInternals puts before a program the assignments that take what it uses
// from the session: slots and operators become globals of the program, which
// are faster than attributes.
func takeInternals(f *syntax.File) {
	names := map[string]bool{}
	syntax.Walk(f, func(n syntax.Node) bool {
		if id, ok := n.(*syntax.Ident); ok && internal(id.Name) && id.Name != sessionName {
			names[id.Name] = true
		}
		return true
	})
	at := syntax.MakePosition(&f.Path, 1, 1)
	var take []syntax.Stmt
	for _, name := range slices.Sorted(maps.Keys(names)) {
		take = append(take, &syntax.AssignStmt{OpPos: at, Op: syntax.EQ, LHS: &syntax.Ident{NamePos: at, Name: name}, RHS: attribute(sessionName, name, at)})
	}
	f.Stmts = append(take, f.Stmts...)
}

// globals rewrites the identifiers at the places found.
type globals struct{ found map[place]bool }

func (g *globals) stmts(in []syntax.Stmt, top bool) (out []syntax.Stmt) {
	for _, s := range in {
		out = append(out, s)
		switch s := s.(type) {
		case *syntax.ExprStmt:
			s.X = g.expr(s.X)
		case *syntax.AssignStmt:
			s.LHS, s.RHS = g.expr(s.LHS), g.expr(s.RHS)
		case *syntax.IfStmt:
			s.Cond = g.expr(s.Cond)
			s.True, s.False = g.stmts(s.True, top), g.stmts(s.False, top)
		case *syntax.ForStmt:
			s.Vars, s.X = g.expr(s.Vars), g.expr(s.X)
			s.Body = g.stmts(s.Body, top)
		case *syntax.WhileStmt:
			s.Cond = g.expr(s.Cond)
			s.Body = g.stmts(s.Body, top)
		case *syntax.ReturnStmt:
			s.Result = g.expr(s.Result)
		case *syntax.DefStmt:
			g.list(s.Params)
			s.Body = g.stmts(s.Body, false)
			if top {
				out = append(out, define(s.Name))
			}
		case *syntax.LoadStmt:
			for _, id := range s.To {
				out = append(out, define(id))
			}
		}
	}
	return out
}

// define copies a name that def or load has bound in the file to the namespace.
func define(id *syntax.Ident) syntax.Stmt {
	return &syntax.AssignStmt{
		OpPos: id.NamePos, Op: syntax.EQ, LHS: variable(id.Name, id.NamePos),
		RHS: &syntax.Ident{NamePos: id.NamePos, Name: id.Name},
	}
}

func (g *globals) list(xs []syntax.Expr) {
	for i := range xs {
		xs[i] = g.expr(xs[i])
	}
}

func (g *globals) expr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		if !internal(e.Name) && g.found[placeOf(e.NamePos)] {
			return variable(e.Name, e.NamePos)
		}
	case *syntax.BinaryExpr:
		e.X, e.Y = g.expr(e.X), g.expr(e.Y)
	case *syntax.CallExpr:
		e.Fn = g.expr(e.Fn)
		g.list(e.Args)
	case *syntax.Comprehension:
		e.Body = g.expr(e.Body)
		for _, c := range e.Clauses {
			switch c := c.(type) {
			case *syntax.ForClause:
				c.Vars, c.X = g.expr(c.Vars), g.expr(c.X)
			case *syntax.IfClause:
				c.Cond = g.expr(c.Cond)
			}
		}
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = g.expr(e.Cond), g.expr(e.True), g.expr(e.False)
	case *syntax.DictEntry:
		e.Key, e.Value = g.expr(e.Key), g.expr(e.Value)
	case *syntax.DictExpr:
		g.list(e.List)
	case *syntax.DotExpr:
		e.X = g.expr(e.X)
	case *syntax.IndexExpr:
		e.X, e.Y = g.expr(e.X), g.expr(e.Y)
	case *syntax.LambdaExpr:
		g.list(e.Params)
		e.Body = g.expr(e.Body)
	case *syntax.ListExpr:
		g.list(e.List)
	case *syntax.ParenExpr:
		e.X = g.expr(e.X)
	case *syntax.SliceExpr:
		e.X, e.Lo, e.Hi, e.Step = g.expr(e.X), g.expr(e.Lo), g.expr(e.Hi), g.expr(e.Step)
	case *syntax.TupleExpr:
		g.list(e.List)
	case *syntax.UnaryExpr:
		e.X = g.expr(e.X)
	}
	return e
}
