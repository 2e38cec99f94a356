package dsl

import (
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/pyfmt"
)

// Names of the functions that desugar applies; no cell can write them.
const (
	opEqual        = "§eq"
	opNotEqual     = "§ne"
	opLess         = "§lt"
	opLessEqual    = "§le"
	opGreater      = "§gt"
	opGreaterEqual = "§ge"
	opIs           = "§is"
	opIsNot        = "§isnot"
	opIn           = "§in"
	opNotIn        = "§notin"
	opPlus         = "§add"
	opAddend       = "§addend"
	opTimes        = "§mul"
	opPercent      = "§mod"
	opPower        = "§pow"
	opIndex        = "§index"
	opIter         = "§iter"
	opTruth        = "§truth"
	opDecide       = "§decide"

	opSlice  = "§slice"
	opJoin   = "§join"
	opFormat = "§format"
	opMethod = "§method"
	opChain  = "§chain"

	// decidedSuffix follows the name of a comparison whose truth is asked for.
	decidedSuffix = "?"
)

// unaries and binaries are the functions of one and two values.
var unaries = map[string]func(x starlark.Value) (starlark.Value, error){
	opIter:  func(x starlark.Value) (starlark.Value, error) { return iterable(x), nil },
	opTruth: func(x starlark.Value) (starlark.Value, error) { return truth(x) },
	opDecide: func(x starlark.Value) (starlark.Value, error) {
		_, err := truth(x)
		return x, err
	},
}

var binaries = map[string]func(x, y starlark.Value) (starlark.Value, error){
	opIs:      func(x, y starlark.Value) (starlark.Value, error) { return starlark.Bool(same(x, y)), nil },
	opIsNot:   func(x, y starlark.Value) (starlark.Value, error) { return starlark.Bool(!same(x, y)), nil },
	opIn:      func(x, y starlark.Value) (starlark.Value, error) { return starlark.Binary(syntax.IN, x, y) },
	opNotIn:   func(x, y starlark.Value) (starlark.Value, error) { return starlark.Binary(syntax.NOT_IN, x, y) },
	opPlus:    plus,
	opAddend:  addend,
	opTimes:   times,
	opPercent: percent,
	opPower:   power,
	opIndex:   index,
}

// comparisons are the binaries that compare.
var comparisons = map[string]syntax.Token{
	opEqual: syntax.EQL, opNotEqual: syntax.NEQ, opLess: syntax.LT, opLessEqual: syntax.LE, opGreater: syntax.GT, opGreaterEqual: syntax.GE,
}

func init() {
	for name, op := range comparisons {
		compare := comparison(op)
		binaries[name] = compare
		binaries[name+decidedSuffix] = func(x, y starlark.Value) (starlark.Value, error) {
			r, err := compare(x, y)
			if err != nil {
				return nil, err
			}
			return truth(r)
		}
	}
}

// functions are those of more values, which are called.
var functions = map[string]func(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error){
	opSlice: func(_ *starlark.Thread, _ *starlark.Builtin, a starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
		return slice(a[0], a[1], a[2], a[3])
	},
	opJoin:   joinTexts,
	opFormat: formatField,
	opMethod: callMethod,
	opChain:  compareChain,
}

// newOperators makes the operators of a session.
func newOperators() starlark.StringDict {
	d := starlark.StringDict{}
	for name, f := range unaries {
		d[name] = &unary{f: f}
	}
	for name, f := range binaries {
		d[name] = &binary{f: f}
	}
	for name, f := range functions {
		d[name] = starlark.NewBuiltin(name, f)
	}
	return d
}

// joinTexts puts the pieces of an f-string together.
func joinTexts(_ *starlark.Thread, _ *starlark.Builtin, pieces starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	var b strings.Builder
	for _, s := range pieces {
		b.WriteString(string(s.(starlark.String)))
	}
	return starlark.String(b.String()), nil
}

// formatField is a field of an f-string, from its value, format and conversion.
func formatField(_ *starlark.Thread, _ *starlark.Builtin, a starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
	v := a[0]
	switch string(a[2].(starlark.String)) {
	case "r":
		s, err := sourceOf(v)
		if err != nil {
			return nil, err
		}
		v = s
	case "s", "a":
		s, err := textOf(v)
		if err != nil {
			return nil, err
		}
		v = s
	default:
		if _, isContainer := v.(starlark.Iterable); isContainer && string(a[1].(starlark.String)) == "" {
			return textOf(v)
		}
	}
	out, err := pyfmt.Format(v, string(a[1].(starlark.String)))
	return starlark.String(out), err
}

func percent(x, y starlark.Value) (starlark.Value, error) {
	if s, ok := x.(starlark.String); ok {
		out, err := pyfmt.Percent(string(s), y)
		return starlark.String(out), err
	}
	if a, ok := small(x); ok {
		if b, ok := small(y); ok && b > 0 { // at once, since loops are full of it
			r := a % b
			if r < 0 {
				r += b
			}
			return starlark.MakeInt64(r), nil
		}
	}
	return starlark.Binary(syntax.PERCENT, x, y)
}

// small is a whole number that is not large.
func small(x starlark.Value) (int64, bool) {
	i, ok := x.(starlark.Int)
	if !ok {
		return 0, false
	}
	return i.Int64()
}

// truth is whether a value is true. What has no one truth, such as a column,
// panics when Starlark asks it; here, where the place is known, that is an error.
func truth(v starlark.Value) (b starlark.Bool, err error) {
	switch v := v.(type) {
	case starlark.Bool:
		return v, nil
	case Elementwise:
		defer func() {
			if e, ok := recover().(error); ok {
				err = e
			}
		}()
	}
	return v.Truth(), nil
}
