package dsl

import (
	"strings"

	"go.starlark.net/syntax"
)

// desugar rewrites a parsed cell so that what means more here than in
// Starlark applies a function of operators.go: comparisons chain and work
// element by element, + * ** % know arrays, formats and a limit of memory, text
// is indexed and looped over in code points, f-strings are put together.
func desugar(path string, p *prepared, stmts []syntax.Stmt) error {
	d := &desugarer{path: path, p: p}
	d.stmts(stmts)
	return d.err
}

type desugarer struct {
	path string
	p    *prepared
	err  error // the first
}

func (d *desugarer) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// apply applies one of the functions in operators.go.
func apply(at syntax.Position, fn string, args ...syntax.Expr) syntax.Expr {
	f := &syntax.Ident{NamePos: at, Name: fn}
	if functions[fn] != nil {
		return &syntax.CallExpr{Fn: f, Lparen: at, Args: args, Rparen: at}
	}
	var x syntax.Expr = f
	for _, a := range args {
		x = &syntax.BinaryExpr{X: x, OpPos: at, Op: syntax.GTGT, Y: a}
	}
	return x
}

func text(at syntax.Position, s string) *syntax.Literal {
	return &syntax.Literal{Token: syntax.STRING, TokenPos: at, Raw: `""`, Value: s}
}

func (d *desugarer) stmts(in []syntax.Stmt) {
	for i, s := range in {
		in[i] = d.stmt(s)
	}
}

func (d *desugarer) stmt(s syntax.Stmt) syntax.Stmt {
	switch s := s.(type) {
	case *syntax.ExprStmt:
		s.X = d.expr(s.X)
	case *syntax.AssignStmt:
		d.assign(s)
	case *syntax.IfStmt:
		s.Cond = d.condition(s.Cond)
		d.stmts(s.True)
		d.stmts(s.False)
	case *syntax.ForStmt:
		d.target(s.Vars)
		s.X = apply(s.For, opIter, d.expr(s.X))
		d.stmts(s.Body)
	case *syntax.WhileStmt:
		s.Cond = d.condition(s.Cond)
		d.stmts(s.Body)
	case *syntax.ReturnStmt:
		if s.Result != nil {
			s.Result = d.expr(s.Result)
		}
	case *syntax.DefStmt:
		d.params(s.Params)
		d.stmts(s.Body)
	}
	return s
}

// binaryOf are the operators that augmented assignments apply.
var binaryOf = map[syntax.Token]syntax.Token{syntax.STAR_EQ: syntax.STAR, syntax.PERCENT_EQ: syntax.PERCENT, syntax.SLASHSLASH_EQ: syntax.SLASHSLASH}

// assign writes x *= y out as x = x * y where * means more here.
func (d *desugarer) assign(s *syntax.AssignStmt) {
	op, more := binaryOf[s.Op]
	power := d.p.powers[placeOf(s.OpPos)]
	if id, ok := s.LHS.(*syntax.Ident); ok && more && (power || op != syntax.SLASHSLASH) {
		x := &syntax.Ident{NamePos: id.NamePos, Name: id.Name}
		s.Op, s.RHS = syntax.EQ, d.expr(&syntax.BinaryExpr{X: x, OpPos: s.OpPos, Op: op, Y: &syntax.ParenExpr{Lparen: s.OpPos, X: s.RHS, Rparen: s.OpPos}})
		return
	}
	if s.Op == syntax.PLUS_EQ && !isNumber(s.RHS) {
		d.addTo(s)
		return
	}
	if power {
		d.fail(errorf(d.path, placeOf(s.OpPos), "**= works on plain names only; write a[i] = a[i] ** 2"))
	}
	d.target(s.LHS)
	s.RHS = d.expr(s.RHS)
}

// target desugars what stands inside a target of an assignment.
func (d *desugarer) target(e syntax.Expr) {
	switch e := e.(type) {
	case *syntax.Ident:
		if constant(e.Name) {
			d.fail(errorf(d.path, placeOf(e.NamePos), "%s is a value and cannot be assigned to", e.Name))
		}
	case *syntax.ParenExpr:
		d.target(e.X)
	case *syntax.TupleExpr:
		for _, x := range e.List {
			d.target(x)
		}
	case *syntax.ListExpr:
		for _, x := range e.List {
			d.target(x)
		}
	case *syntax.IndexExpr:
		e.X, e.Y = d.expr(e.X), d.expr(e.Y)
	case *syntax.DotExpr:
		e.X = d.expr(e.X)
	}
}

// params desugars default values.
func (d *desugarer) params(ps []syntax.Expr) {
	for _, p := range ps {
		if b, ok := p.(*syntax.BinaryExpr); ok && b.Op == syntax.EQ {
			b.Y = d.expr(b.Y)
		}
	}
}

// condition asks for the truth of a value that has one.
func (d *desugarer) condition(e syntax.Expr) syntax.Expr {
	at := syntax.Start(e)
	x := d.expr(e)
	if u, ok := x.(*syntax.UnaryExpr); ok && u.Op == syntax.NOT {
		return x
	}
	return d.decided(at, opTruth, x)
}

// decided asks for the truth of x by an operator; a comparison does that itself.
func (d *desugarer) decided(at syntax.Position, fn string, x syntax.Expr) syntax.Expr {
	if b, ok := x.(*syntax.BinaryExpr); ok {
		if half, ok := b.X.(*syntax.BinaryExpr); ok {
			if f, ok := half.X.(*syntax.Ident); ok && comparisons[f.Name] != 0 {
				f.Name += decidedSuffix
				return x
			}
		}
	}
	return apply(at, fn, x)
}

func (d *desugarer) list(xs []syntax.Expr) {
	for i := range xs {
		xs[i] = d.expr(xs[i])
	}
}

func (d *desugarer) expr(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Literal:
		if d.p.fstrings[placeOf(e.TokenPos)] {
			return d.fstring(e)
		}
	case *syntax.UnaryExpr:
		if e.X == nil {
			return e
		}
		x := d.expr(e.X)
		if d.p.pluses[placeOf(e.OpPos)] {
			return x
		}
		if e.Op == syntax.NOT {
			x = d.decided(e.OpPos, opDecide, x)
		}
		e.X = x
	case *syntax.BinaryExpr:
		return d.binary(e)
	case *syntax.CallExpr:
		return d.call(e)
	case *syntax.IndexExpr:
		return apply(e.Lbrack, opIndex, d.expr(e.X), d.expr(e.Y))
	case *syntax.SliceExpr:
		return d.slice(e)
	case *syntax.Comprehension:
		d.comprehension(e)
	case *syntax.CondExpr:
		e.Cond, e.True, e.False = d.condition(e.Cond), d.expr(e.True), d.expr(e.False)
	case *syntax.LambdaExpr:
		d.params(e.Params)
		e.Body = d.expr(e.Body)
	case *syntax.DictEntry:
		e.Key, e.Value = d.expr(e.Key), d.expr(e.Value)
	case *syntax.DictExpr:
		d.list(e.List)
	case *syntax.DotExpr:
		e.X = d.expr(e.X)
	case *syntax.ListExpr:
		d.list(e.List)
	case *syntax.TupleExpr:
		d.list(e.List)
	case *syntax.ParenExpr:
		e.X = d.expr(e.X)
	}
	return e
}

func (d *desugarer) call(e *syntax.CallExpr) syntax.Expr {
	for i, a := range e.Args {
		switch a := a.(type) {
		case *syntax.BinaryExpr:
			if a.Op == syntax.EQ { // name=value
				a.Y = d.expr(a.Y)
				continue
			}
		case *syntax.UnaryExpr:
			if a.Op == syntax.STAR || a.Op == syntax.STARSTAR {
				a.X = d.expr(a.X)
				continue
			}
		}
		e.Args[i] = d.expr(a)
	}
	if dot, ok := e.Fn.(*syntax.DotExpr); ok && (textMethods[dot.Name.Name] != nil || listMethods[dot.Name.Name] != nil) {
		args := append([]syntax.Expr{d.expr(dot.X), text(dot.Name.NamePos, dot.Name.Name)}, e.Args...)
		return &syntax.CallExpr{Fn: &syntax.Ident{NamePos: dot.Name.NamePos, Name: opMethod}, Lparen: e.Lparen, Args: args, Rparen: e.Rparen}
	}
	e.Fn = d.expr(e.Fn)
	return e
}

func (d *desugarer) slice(e *syntax.SliceExpr) syntax.Expr {
	args := []syntax.Expr{d.expr(e.X)}
	for _, x := range []syntax.Expr{e.Lo, e.Hi, e.Step} {
		if x == nil {
			args = append(args, &syntax.Ident{NamePos: e.Lbrack, Name: "None"})
		} else {
			args = append(args, d.expr(x))
		}
	}
	return apply(e.Lbrack, opSlice, args...)
}

func (d *desugarer) comprehension(e *syntax.Comprehension) {
	for _, c := range e.Clauses {
		switch c := c.(type) {
		case *syntax.ForClause:
			d.target(c.Vars)
			c.X = apply(c.For, opIter, d.expr(c.X))
		case *syntax.IfClause:
			c.Cond = d.condition(c.Cond)
		}
	}
	e.Body = d.expr(e.Body)
}

// operatorOf names the functions that stand for operators.
var operatorOf = map[syntax.Token]string{
	syntax.EQL: opEqual, syntax.NEQ: opNotEqual, syntax.LT: opLess, syntax.LE: opLessEqual,
	syntax.GT: opGreater, syntax.GE: opGreaterEqual, syntax.PLUS: opPlus, syntax.STAR: opTimes, syntax.PERCENT: opPercent,
}

func (d *desugarer) binary(e *syntax.BinaryExpr) syntax.Expr {
	if d.hasPower(e) {
		return d.chain(e)
	}
	if links := d.links(e); links != nil {
		return d.compareChain(e, links)
	}
	x, y := d.expr(e.X), d.expr(e.Y)
	if fn, ok := d.p.identities[placeOf(e.OpPos)]; ok {
		return apply(e.OpPos, fn, x, y)
	}
	if e.Op == syntax.AND || e.Op == syntax.OR {
		x = d.decided(e.OpPos, opDecide, x)
	}
	return operation(e.OpPos, e.Op, x, y)
}

func operation(at syntax.Position, op syntax.Token, x, y syntax.Expr) syntax.Expr {
	if fn, ok := operatorOf[op]; ok && !(op == syntax.PLUS && addsNumber(x, y)) {
		return apply(at, fn, x, y)
	}
	return &syntax.BinaryExpr{X: x, OpPos: at, Op: op, Y: y}
}

// addsNumber tells whether x + y adds a number that is written in the cell to a
// name: nothing grows much by that, so that Starlark's own + will do.
func addsNumber(x, y syntax.Expr) bool {
	return isNumber(y) && (isName(x) || isNumber(x)) || isNumber(x) && isName(y)
}

func isName(e syntax.Expr) bool {
	id, ok := e.(*syntax.Ident)
	return ok && !constant(id.Name)
}

func isNumber(e syntax.Expr) bool {
	l, ok := e.(*syntax.Literal)
	return ok && (l.Token == syntax.INT || l.Token == syntax.FLOAT)
}

// addTo desugars x += y. Starlark's += changes a list in place, so it stays,
// and y is looked at first where x can be computed twice.
func (d *desugarer) addTo(s *syntax.AssignStmt) {
	y := d.expr(s.RHS)
	if x := d.again(s.LHS); x != nil {
		y = apply(s.OpPos, opAddend, x, y)
	}
	d.target(s.LHS)
	s.RHS = y
}

// again is a copy of a name, or of an element of one, nil for other targets.
func (d *desugarer) again(e syntax.Expr) syntax.Expr {
	switch e := e.(type) {
	case *syntax.Ident:
		return &syntax.Ident{NamePos: e.NamePos, Name: e.Name}
	case *syntax.Literal:
		l := *e
		return &l
	case *syntax.IndexExpr:
		if x, y := d.again(e.X), d.again(e.Y); x != nil && y != nil {
			return apply(e.Lbrack, opIndex, x, y)
		}
	}
	return nil
}

// multiplicative tells the operators of the precedence at which ** was parsed.
func multiplicative(op syntax.Token) bool {
	return op == syntax.STAR || op == syntax.SLASH || op == syntax.SLASHSLASH || op == syntax.PERCENT
}

func (d *desugarer) hasPower(e syntax.Expr) bool {
	b, ok := e.(*syntax.BinaryExpr)
	return ok && multiplicative(b.Op) && (d.p.powers[placeOf(b.OpPos)] || d.hasPower(b.X))
}

// chain groups a * b ** c anew: the parser read ** as //, which groups with *
// and from the left, while ** binds tighter than * and than a sign at its
// left, and groups from the right.
func (d *desugarer) chain(e *syntax.BinaryExpr) syntax.Expr {
	var operands []syntax.Expr
	var ops []*syntax.BinaryExpr
	var flatten func(x syntax.Expr)
	flatten = func(x syntax.Expr) {
		if b, ok := x.(*syntax.BinaryExpr); ok && multiplicative(b.Op) {
			flatten(b.X)
			ops = append(ops, b)
			operands = append(operands, b.Y)
			return
		}
		operands = append(operands, x)
	}
	flatten(e)
	// power folds operand i and the ** that follow it; it returns the index of the next operator.
	var power func(i int) (syntax.Expr, int)
	power = func(i int) (syntax.Expr, int) {
		x := operands[i]
		if i == len(ops) || !d.p.powers[placeOf(ops[i].OpPos)] {
			return d.expr(x), i
		}
		y, next := power(i + 1)
		return d.power(ops[i].OpPos, x, y), next
	}
	x, i := power(0)
	for i < len(ops) {
		op := ops[i]
		var y syntax.Expr
		y, i = power(i + 1)
		x = operation(op.OpPos, op.Op, x, y)
	}
	return x
}

// power makes x ** y, under the signs of x.
func (d *desugarer) power(at syntax.Position, x, y syntax.Expr) syntax.Expr {
	if u, ok := x.(*syntax.UnaryExpr); ok && u.X != nil && !d.p.pluses[placeOf(u.OpPos)] {
		u.X = d.power(at, u.X, y)
		return u
	}
	return apply(at, opPower, d.expr(x), y)
}

// fstring makes the call that puts an f-string together.
func (d *desugarer) fstring(l *syntax.Literal) syntax.Expr {
	raw, quote := l.Raw, ""
	prefix := ""
	if raw[0] == 'r' {
		prefix, raw = "r", raw[1:]
	}
	quote = raw[:1]
	if strings.HasPrefix(raw, strings.Repeat(quote, 3)) && len(raw) >= 6 {
		quote = raw[:3]
	}
	f := &fstring{d: d, prefix: prefix, quote: quote, text: raw[len(quote) : len(raw)-len(quote)]}
	f.at = placeOf(l.TokenPos)
	f.at.col += int32(len(prefix) + len(quote))
	parts := f.parts(false)
	if d.err != nil {
		return l
	}
	return apply(l.TokenPos, opJoin, parts...)
}
