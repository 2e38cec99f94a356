package dsl

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/table"
)

// prepValue is a preparation of columns, not yet learnt.
type prepValue struct{ p table.Prep }

var (
	_ starlark.HasBinary  = (*prepValue)(nil)
	_ starlark.Comparable = (*prepValue)(nil)
	_ Documented          = (*prepValue)(nil)
)

func (p *prepValue) String() string        { return p.p.Source() }
func (p *prepValue) Type() string          { return "preparation" }
func (p *prepValue) Freeze()               {}
func (p *prepValue) Truth() starlark.Bool  { return true }
func (p *prepValue) Hash() (uint32, error) { return starlark.String(p.String()).Hash() }

// Documentation says where a preparation goes.
func (p *prepValue) Documentation() (signature, doc string) {
	return p.String(), "A preparation of columns, learnt from the training rows: `fit(net, t, \"y\", prep=…)`. Steps chain with `>>`."
}

// CompareSameType compares preparations by their source text.
func (p *prepValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	if op != syntax.EQL && op != syntax.NEQ {
		return false, Errorf("TypeError", "preparations have no order")
	}
	return (p.String() == y.String()) == (op == syntax.EQL), nil
}

// asPrep takes a preparation: a step or chain, what a model learnt, "auto", or a
// list of steps.
func asPrep(v starlark.Value) (table.Prep, bool) {
	switch v := v.(type) {
	case *prepValue:
		return v.p, true
	case *learntValue:
		return table.Kept{Fitted: v.p}, true
	case starlark.String:
		return table.Auto{}, v == "auto"
	case *starlark.List, starlark.Tuple:
		var chain table.Chain
		for x := range starlark.Elements(v.(starlark.Iterable)) {
			p, ok := asPrep(x)
			if !ok {
				return nil, false
			}
			chain = append(chain, p)
		}
		return chain, len(chain) > 0
	}
	return nil, false
}

// Binary chains steps by >>.
func (p *prepValue) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	if op != syntax.GTGT {
		return nil, nil
	}
	other, ok := asPrep(y)
	if _, isPart := asPart(y); !ok && isPart {
		return nil, Errorf("TypeError", "a preparation does not stand in a network; give it to the training: fit(net, t, \"y\", prep=%s)", p)
	}
	if !ok {
		if f, isFunction := y.(*Function); isFunction {
			return nil, Errorf("TypeError", "%s is a function; write %s()", f.name, f.name)
		}
		return nil, Errorf("TypeError", ">> chains preparations such as standardize() >> one_hot(), got %s", describe(y))
	}
	if side == starlark.Right {
		return &prepValue{chained(other, p.p)}, nil
	}
	return &prepValue{chained(p.p, other)}, nil
}

// chained is the steps of both in one chain.
func chained(a, b table.Prep) table.Chain {
	var out table.Chain
	for _, p := range []table.Prep{a, b} {
		if c, ok := p.(table.Chain); ok {
			out = append(out, c...)
			continue
		}
		out = append(out, p)
	}
	return out
}
