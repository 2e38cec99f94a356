package dsl

import "go.starlark.net/syntax"

// Starlark refuses a < b < c. The pre-pass writes the second comparison of a
// chain as |, which binds just tighter: a < (b | c). Here that is taken apart
// again.

// comparisonLink is a comparison of a chain, from the second on: its operator and what
// is at its right.
type comparisonLink struct {
	fn string
	y  syntax.Expr
}

// comparisonChain is what is at the right of the first comparison, and the links.
type comparisonChain struct {
	first syntax.Expr
	links []comparisonLink
}

// links takes a chain of comparisons apart, nil if it is none.
func (d *desugarer) links(e *syntax.BinaryExpr) *comparisonChain {
	if operatorName(e.Op) == "" {
		return nil
	}
	var operands []syntax.Expr
	var ops []*syntax.BinaryExpr
	x := e.Y
	for {
		b, ok := x.(*syntax.BinaryExpr)
		if !ok || b.Op != syntax.PIPE {
			break
		}
		ops = append(ops, b)
		operands = append(operands, b.Y)
		x = b.X
	}
	c := &comparisonChain{first: x}
	to := &c.first
	for i := len(ops) - 1; i >= 0; i-- {
		if fn, ok := d.p.chained[placeOf(ops[i].OpPos)]; ok {
			c.links = append(c.links, comparisonLink{fn, operands[i]})
			to = &c.links[len(c.links)-1].y
		} else {
			*to = &syntax.BinaryExpr{X: *to, OpPos: ops[i].OpPos, Op: syntax.PIPE, Y: operands[i]}
		}
	}
	if len(c.links) == 0 {
		return nil
	}
	return c
}

// compareChain makes the call that compares; what is further right is
// computed only if it is reached.
func (d *desugarer) compareChain(e *syntax.BinaryExpr, c *comparisonChain) syntax.Expr {
	fn := operatorName(e.Op)
	if is, ok := d.p.identities[placeOf(e.OpPos)]; ok {
		fn = is
	}
	at := e.OpPos
	args := []syntax.Expr{d.expr(e.X), text(at, fn), d.expr(c.first)}
	for _, l := range c.links {
		args = append(args, text(at, l.fn), &syntax.LambdaExpr{Lambda: at, Body: d.expr(l.y)})
	}
	return apply(at, opChain, args...)
}

// operatorName is the operator that compares, empty if the token is no comparison.
func operatorName(op syntax.Token) string {
	switch op {
	case syntax.IN:
		return opIn
	case syntax.NOT_IN:
		return opNotIn
	case syntax.EQL, syntax.NEQ, syntax.LT, syntax.LE, syntax.GT, syntax.GE:
		return operatorOf[op]
	}
	return ""
}
