package dsl

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// Elementwise is a value that compares element by element. left tells
// whether it stands at the left of the operator.
type Elementwise interface {
	starlark.Value
	Compare(op syntax.Token, other starlark.Value, left bool) (starlark.Value, error)
}

// comparison compares as Python does: element by element where a side has
// elements, with nan unequal to itself, and with True and False as 1 and 0.
func comparison(op syntax.Token) func(x, y starlark.Value) (starlark.Value, error) {
	return func(x, y starlark.Value) (starlark.Value, error) {
		switch a := x.(type) {
		case starlark.Int:
			if b, ok := y.(starlark.Int); ok {
				c, err := a.Cmp(b, 0)
				return starlark.Bool(holds(op, c)), err
			}
		case starlark.Float:
			if b, ok := y.(starlark.Float); ok && a == a && b == b {
				b, err := a.Cmp(b, 0)
				return starlark.Bool(holds(op, b)), err
			}
		case Elementwise:
			return a.Compare(op, y, true)
		}
		if e, ok := y.(Elementwise); ok {
			return e.Compare(op, x, false)
		}
		if nan(x) || nan(y) {
			return starlark.Bool(op == syntax.NEQ), nil
		}
		b, err := starlark.Compare(op, number(x, y), number(y, x))
		return starlark.Bool(b), err
	}
}

// holds tells whether x op y if x is less than, equal to or greater than y,
// as the sign of c says.
func holds(op syntax.Token, c int) bool {
	switch op {
	case syntax.EQL:
		return c == 0
	case syntax.NEQ:
		return c != 0
	case syntax.LT:
		return c < 0
	case syntax.LE:
		return c <= 0
	case syntax.GT:
		return c > 0
	}
	return c >= 0
}

func nan(v starlark.Value) bool {
	f, ok := v.(starlark.Float)
	return ok && f != f
}

// number makes a boolean beside a number the 1 or 0 that it is in Python.
func number(x, beside starlark.Value) starlark.Value {
	b, ok := x.(starlark.Bool)
	if !ok {
		return x
	}
	switch beside.(type) {
	case starlark.Int, starlark.Float:
		if b {
			return starlark.MakeInt(1)
		}
		return starlark.MakeInt(0)
	}
	return x
}

// same is Python's is, for None, booleans, numbers, text and things that can change.
func same(x, y starlark.Value) bool {
	if _, ok := x.(starlark.Tuple); ok {
		return false
	}
	defer func() { _ = recover() }() // values of ours that Go cannot compare are not the same
	return x == y
}

// compareChain is a < b < c: a < b and b < c, with b computed once, and & in
// place of and where there are elements. The arguments are a, then for each
// comparison the name of its operator and what is at its right: a value for
// the first, then functions that compute one.
func compareChain(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	x := args[0]
	var result starlark.Value
	for i := 1; i < len(args); i += 2 {
		y := args[i+1]
		if i > 1 {
			var err error
			if y, err = starlark.Call(th, y, nil, nil); err != nil {
				return nil, err
			}
		}
		r, err := binaries[string(args[i].(starlark.String))](x, y)
		if err != nil {
			return nil, err
		}
		switch e, ok := result.(Elementwise); {
		case ok:
			if result, err = starlark.Binary(syntax.AMP, e, r); err != nil {
				return nil, err
			}
		default:
			result = r
		}
		if _, ok := result.(Elementwise); !ok && !bool(result.Truth()) {
			return result, nil
		}
		x = y
	}
	return result, nil
}
