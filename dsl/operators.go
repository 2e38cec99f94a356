package dsl

import (
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
)

// Names of the functions that desugar calls; no cell can write them.
const (
	opEqual        = "§eq"
	opNotEqual     = "§ne"
	opLess         = "§lt"
	opLessEqual    = "§le"
	opGreater      = "§gt"
	opGreaterEqual = "§ge"
	opTimes        = "§mul"
	opPercent      = "§mod"
	opPower        = "§pow"
	opIndex        = "§index"
	opSlice        = "§slice"
	opIter         = "§iter"
	opTruth        = "§truth"
	opDecide       = "§decide"
	opJoin         = "§join"
	opFormat       = "§format"
	opMethod       = "§method"
)

// Elementwise is a value that compares element by element. left tells
// whether it stands at the left of the operator.
type Elementwise interface {
	starlark.Value
	Compare(op syntax.Token, other starlark.Value, left bool) (starlark.Value, error)
}

// operators are the functions that desugar calls.
var operators = func() starlark.StringDict {
	d := starlark.StringDict{}
	add := func(name string, f func(th *starlark.Thread, args starlark.Tuple) (starlark.Value, error)) {
		d[name] = starlark.NewBuiltin(name, func(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
			return f(th, args)
		})
	}
	for name, op := range map[string]syntax.Token{
		opEqual: syntax.EQL, opNotEqual: syntax.NEQ, opLess: syntax.LT,
		opLessEqual: syntax.LE, opGreater: syntax.GT, opGreaterEqual: syntax.GE,
	} {
		add(name, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return compare(op, a[0], a[1]) })
	}
	add(opTimes, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return times(a[0], a[1]) })
	add(opPercent, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		if s, ok := a[0].(starlark.String); ok {
			out, err := pyfmt.Percent(string(s), a[1])
			return starlark.String(out), err
		}
		return starlark.Binary(syntax.PERCENT, a[0], a[1])
	})
	add(opPower, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return power(a[0], a[1]) })
	add(opIndex, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return index(a[0], a[1]) })
	add(opSlice, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		return slice(a[0], a[1], a[2], a[3])
	})
	add(opIter, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return iterable(a[0]), nil })
	add(opTruth, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) { return truth(a[0]) })
	add(opDecide, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		_, err := truth(a[0])
		return a[0], err
	})
	add(opJoin, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		var b strings.Builder
		for _, s := range a {
			b.WriteString(string(s.(starlark.String)))
		}
		return starlark.String(b.String()), nil
	})
	add(opFormat, func(_ *starlark.Thread, a starlark.Tuple) (starlark.Value, error) {
		v := a[0]
		switch string(a[2].(starlark.String)) {
		case "r":
			v = starlark.String(pyfmt.Repr(v))
		case "s":
			v = starlark.String(pyfmt.Str(v))
		}
		out, err := pyfmt.Format(v, string(a[1].(starlark.String)))
		return starlark.String(out), err
	})
	d[opMethod] = starlark.NewBuiltin(opMethod, callMethod)
	return d
}()

// truth is whether a value is true. What has no one truth, such as a column,
// panics when Starlark asks it; here, where the place is known, that is an error.
func truth(v starlark.Value) (b starlark.Bool, err error) {
	defer func() {
		if e, ok := recover().(error); ok {
			err = e
		}
	}()
	return v.Truth(), nil
}

// compare compares as Python does: element by element where a side has
// elements, and with nan unequal to itself.
func compare(op syntax.Token, x, y starlark.Value) (starlark.Value, error) {
	if e, ok := x.(Elementwise); ok {
		return e.Compare(op, y, true)
	}
	if e, ok := y.(Elementwise); ok {
		return e.Compare(op, x, false)
	}
	if nan(x) || nan(y) {
		return starlark.Bool(op == syntax.NEQ), nil
	}
	b, err := starlark.Compare(op, x, y)
	return starlark.Bool(b), err
}

func nan(v starlark.Value) bool {
	f, ok := v.(starlark.Float)
	return ok && f != f
}

// maxElements is the limit of what one value may hold.
const maxElements = 1 << 27

func times(x, y starlark.Value) (starlark.Value, error) {
	if err := checkRepeat(x, y); err != nil {
		return nil, err
	}
	if err := checkRepeat(y, x); err != nil {
		return nil, err
	}
	return starlark.Binary(syntax.STAR, x, y)
}

// checkRepeat refuses [0] * 10**12.
func checkRepeat(x, n starlark.Value) error {
	i, ok := n.(starlark.Int)
	if !ok {
		return nil
	}
	size := 0
	switch x := x.(type) {
	case starlark.String:
		size = len(x)/8 + 1
	case starlark.Bytes:
		size = len(x) / 8
	case *starlark.List:
		size = x.Len()
	case starlark.Tuple:
		size = x.Len()
	}
	if size > 0 && float64(size)*float64(i.Float()) > maxElements {
		return Errorf("MemoryError", "%s repeated %s times is more than a cell may hold (%d elements); use an array or a loop", x.Type(), i, maxElements)
	}
	return nil
}

// Powerful is a value with powers of its own; left tells whether it stands at
// the left of **.
type Powerful interface {
	Power(other starlark.Value, left bool) (starlark.Value, error)
}

// power is x ** y.
func power(x, y starlark.Value) (starlark.Value, error) {
	if p, ok := x.(Powerful); ok {
		return p.Power(y, true)
	}
	if p, ok := y.(Powerful); ok {
		return p.Power(x, false)
	}
	return array.Pow(x, y)
}

// index is x[i]; text counts code points.
func index(x, i starlark.Value) (starlark.Value, error) {
	if s, ok := x.(starlark.String); ok {
		runes := []rune(string(s))
		n, err := starlark.AsInt32(i)
		if err != nil {
			return nil, Errorf("TypeError", "text is indexed by whole numbers, got %s", describe(i))
		}
		k := n
		if k < 0 {
			k += len(runes)
		}
		if k < 0 || k >= len(runes) {
			return nil, Errorf("IndexError", "position %d is outside text of %d characters", n, len(runes))
		}
		return starlark.String(runes[k]), nil
	}
	return getIndex(x, i)
}

// getIndex is x[i] for what is not text.
func getIndex(x, i starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case starlark.Mapping:
		v, found, err := x.Get(i)
		if err == nil && !found {
			return nil, missingKey(x, i)
		}
		return v, err
	case starlark.Indexable:
		n, err := starlark.AsInt32(i)
		if err != nil {
			return nil, Errorf("TypeError", "a %s is indexed by whole numbers, got %s", x.Type(), describe(i))
		}
		k := n
		if k < 0 {
			k += x.Len()
		}
		if k < 0 || k >= x.Len() {
			return nil, Errorf("IndexError", "position %d is outside a %s of %s", n, x.Type(), count(x.Len(), "element", "elements"))
		}
		return x.Index(k), nil
	}
	return nil, Errorf("TypeError", "a %s has no elements to take by []", x.Type())
}

func missingKey(x starlark.Mapping, key starlark.Value) error {
	var keys []string
	if m, ok := x.(starlark.IterableMapping); ok {
		for _, kv := range m.Items() {
			if s, ok := starlark.AsString(kv[0]); ok {
				keys = append(keys, s)
			}
		}
	}
	name, _ := starlark.AsString(key)
	return Errorf("KeyError", "%s is not a key of this %s%s", pyfmt.Repr(key), x.Type(), suggest(name, keys, nil))
}

// slice is x[lo:hi:step]; text counts code points.
func slice(x, lo, hi, step starlark.Value) (starlark.Value, error) {
	s, isText := x.(starlark.String)
	var seq starlark.Sliceable
	if isText {
		seq = characters([]rune(string(s)))
	} else if seq, isText = x.(starlark.Sliceable); !isText {
		return nil, Errorf("TypeError", "a %s has no slices", x.Type())
	}
	n := seq.Len()
	by := 1
	if step != starlark.None {
		var err error
		if by, err = starlark.AsInt32(step); err != nil || by == 0 {
			return nil, Errorf("ValueError", "the step of a slice is a whole number other than 0, got %s", describe(step))
		}
	}
	first, last := 0, n
	if by < 0 {
		first, last = n-1, -1
	}
	for _, b := range []struct {
		v  starlark.Value
		to *int
	}{{lo, &first}, {hi, &last}} {
		if b.v == starlark.None {
			continue
		}
		i, err := starlark.AsInt32(b.v)
		if err != nil {
			return nil, Errorf("TypeError", "the ends of a slice are whole numbers, got %s", describe(b.v))
		}
		if i < 0 {
			i += n
		}
		if by > 0 {
			*b.to = max(0, min(i, n))
		} else {
			*b.to = max(-1, min(i, n-1))
		}
	}
	if by > 0 && last < first || by < 0 && last > first {
		last = first
	}
	out := seq.Slice(first, last, by)
	if c, ok := out.(characters); ok {
		return starlark.String(string(c)), nil
	}
	return out, nil
}

// characters is text as a sequence of code points.
type characters []rune

func (c characters) String() string             { return string(c) }
func (c characters) Type() string               { return "string" }
func (c characters) Freeze()                    {}
func (c characters) Truth() starlark.Bool       { return len(c) > 0 }
func (c characters) Hash() (uint32, error)      { return starlark.String(string(c)).Hash() }
func (c characters) Len() int                   { return len(c) }
func (c characters) Index(i int) starlark.Value { return starlark.String(c[i]) }
func (c characters) Slice(start, end, step int) starlark.Value {
	var out characters
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		out = append(out, c[i])
	}
	return out
}

// iterable makes text a list of its characters; other values stay.
func iterable(v starlark.Value) starlark.Value {
	s, ok := v.(starlark.String)
	if !ok {
		return v
	}
	out := make(starlark.Tuple, 0, len(s))
	for _, r := range string(s) {
		out = append(out, starlark.String(r))
	}
	return out
}
