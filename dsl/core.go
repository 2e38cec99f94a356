package dsl

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
)

// coreDefs are what Python users expect to be there, where Starlark lacks it
// or means something else.
var coreDefs = []Def{
	{Sig: "len(x)", Doc: "The number of elements; of text, of its characters.", Fn: lenOf},
	{Sig: "str(x)", Doc: "The value as text.", Fn: func(c *Call) (starlark.Value, error) {
		return textOf(c.Was("x"))
	}},
	{Sig: "repr(x)", Doc: "The value as it is written in a cell.", Fn: func(c *Call) (starlark.Value, error) {
		return sourceOf(c.Was("x"))
	}},
	{Sig: "format(x, spec=\"\")", Doc: "The value as text by a format: `format(3.14159, \".2f\")` is `3.14`.", Fn: func(c *Call) (starlark.Value, error) {
		s, err := pyfmt.Format(c.Was("x"), c.Text("spec", ""))
		return starlark.String(s), err
	}},
	{Sig: "int(x=0, base=10)", Doc: "A whole number, from a number (its fraction is dropped) or from text.", Fn: toInt},
	{Sig: "float(x=0.0)", Doc: "A floating-point number, from a number or from text such as `\"1e400\"`, `\"inf\"` or `\"nan\"`.", Fn: toFloat},
	{Sig: "round(x, digits=None)", Doc: "The nearest whole number, halves to even; with `digits`, rounded to so many decimals.", Fn: round},
	{Sig: "pow(x, y, mod=None)", Doc: "`x ** y`; with `mod`, its remainder.", Fn: pow},
	{Sig: "divmod(x, y)", Doc: "Quotient and remainder: `(x // y, x % y)`.", Fn: func(c *Call) (starlark.Value, error) {
		q, err := starlark.Binary(syntax.SLASHSLASH, c.Was("x"), c.Was("y"))
		if err != nil {
			return nil, err
		}
		r, err := starlark.Binary(syntax.PERCENT, c.Was("x"), c.Was("y"))
		return starlark.Tuple{q, r}, err
	}},
	{Sig: "range(start, stop=None, step=1)", Doc: "The whole numbers from `start` up to but not including `stop`; `range(n)` is 0 to n-1.", Fn: rangeOf},
	{Sig: "list(x=[])", Doc: "A list of the elements; of text, of its characters.", Fn: func(c *Call) (starlark.Value, error) {
		xs, err := c.elements("x")
		return starlark.NewList(xs), err
	}},
	{Sig: "tuple(x=[])", Doc: "A tuple of the elements.", Fn: func(c *Call) (starlark.Value, error) {
		xs, err := c.elements("x")
		return starlark.Tuple(xs), err
	}},
	{Sig: "set(x=[])", Doc: "The set of the elements, in the order in which they come first.", Fn: func(c *Call) (starlark.Value, error) {
		xs, err := c.elements("x")
		if err != nil {
			return nil, err
		}
		s := starlark.NewSet(len(xs))
		for _, x := range xs {
			if err := s.Insert(x); err != nil {
				return nil, err
			}
		}
		return s, nil
	}},
	{Sig: "sorted(x, key=None, reverse=False)", Doc: "The elements as a sorted list.", Fn: overElements("sorted")},
	{Sig: "reversed(x)", Doc: "The elements in reverse order.", Fn: overElements("reversed")},
	{Sig: "enumerate(x, start=0)", Doc: "Pairs of position and element.", Fn: overElements("enumerate")},
	{Sig: "any(x)", Doc: "Whether an element is true.", Fn: overElements("any")},
	{Sig: "all(x)", Doc: "Whether all elements are true.", Fn: overElements("all")},
	{Sig: "zip(*lists)", Doc: "Tuples of the elements that stand at the same place.", Fn: func(c *Call) (starlark.Value, error) {
		rows, err := zip(c)
		return rows, err
	}},
	{Sig: "map(function, *lists)", Doc: "A list of what the function gives for each element; of several lists, for the elements that stand at the same place.", Fn: mapElements},
	{Sig: "filter(function, x)", Doc: "A list of the elements for which the function gives a true value; with `None`, of those that are true.", Fn: filter},
	{Sig: "check(condition, message=\"the condition does not hold\")", Doc: "Ends the cell with an error unless the condition is true.", Fn: func(c *Call) (starlark.Value, error) {
		if !c.Was("condition").Truth() {
			return nil, Errorf("CheckError", "%s", c.Text("message", "the condition does not hold"))
		}
		return nil, nil
	}},
	{Sig: "catch(function)", Doc: "Calls a function without arguments and keeps an error from ending the cell: the result has `.ok`, `.value` and `.error`.\n\n```python\nr = catch(lambda: 1 // 0)\nprint(r.ok, r.error)\n```", Fn: catch},
}

func lenOf(c *Call) (starlark.Value, error) {
	x := c.Was("x")
	if s, ok := x.(starlark.String); ok {
		return starlark.MakeInt(utf8.RuneCountInString(string(s))), nil
	}
	n := starlark.Len(x)
	if n < 0 {
		return nil, Errorf("TypeError", "%s has no length", aKind(x))
	}
	return starlark.MakeInt(n), nil
}

func toInt(c *Call) (starlark.Value, error) {
	switch x := c.Was("x").(type) {
	case nil:
		return starlark.MakeInt(0), nil
	case starlark.Bool:
		if x {
			return starlark.MakeInt(1), nil
		}
		return starlark.MakeInt(0), nil
	case starlark.Float:
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, Errorf("ValueError", "int: %s is no whole number", pyfmt.Repr(x))
		}
		return starlark.NumberToInt(x)
	case starlark.Int:
		return x, nil
	case starlark.String:
		base := c.Int("base", 10)
		if base < 0 || base == 1 || base > 36 {
			c.wrong("base", "0 or a number from 2 to 36")
			return nil, nil
		}
		i, ok := new(big.Int).SetString(digitsOf(string(x), base), base)
		if !ok {
			return nil, Errorf("ValueError", "int: %s is no whole number", pyfmt.Repr(x))
		}
		return starlark.MakeBigInt(i), nil
	}
	return nil, Errorf("TypeError", "int: want a number or text, got %s", describe(c.Was("x")))
}

// digitsOf is the text of a whole number without what Go does not read.
func digitsOf(s string, base int) string {
	s = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(s), "_", ""))
	prefix := map[int]string{2: "0b", 8: "0o", 16: "0x"}[base]
	if prefix == "" {
		return s
	}
	sign := s[:len(s)-len(strings.TrimLeft(s, "+-"))]
	return sign + strings.TrimPrefix(s[len(sign):], prefix)
}

func toFloat(c *Call) (starlark.Value, error) {
	switch x := c.Was("x").(type) {
	case nil:
		return starlark.Float(0), nil
	case starlark.Bool:
		if x {
			return starlark.Float(1), nil
		}
		return starlark.Float(0), nil
	case starlark.String:
		f, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(string(x)), "_", ""), 64)
		if err != nil && !math.IsInf(f, 0) {
			return nil, Errorf("ValueError", "float: %s is no number", pyfmt.Repr(x))
		}
		return starlark.Float(f), nil
	default:
		f, ok := starlark.AsFloat(x)
		if !ok {
			return nil, Errorf("TypeError", "float: want a number or text, got %s", describe(x))
		}
		return starlark.Float(f), nil
	}
}

func round(c *Call) (starlark.Value, error) {
	x := c.Was("x")
	switch r := x.(type) {
	case *array.Array:
		return r.Round(c.Int("digits", 0)), nil
	case Elementwise:
		return roundElements(c, r)
	}
	if i, ok := x.(starlark.Int); ok && !c.Given("digits") {
		return i, nil
	}
	f, ok := starlark.AsFloat(x)
	if !ok {
		return nil, Errorf("TypeError", "round: want a number, got %s", describe(x))
	}
	if !c.Given("digits") {
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return nil, Errorf("ValueError", "round: %s has no nearest whole number", pyfmt.Float(f))
		}
		return starlark.NumberToInt(starlark.Float(math.RoundToEven(f)))
	}
	digits := c.Int("digits", 0)
	if _, ok := x.(starlark.Int); ok && digits >= 0 {
		return x, nil
	}
	return starlark.Float(pyfmt.Round(f, digits)), nil
}

// roundElements rounds what rounds itself: a column.
func roundElements(c *Call, x starlark.Value) (starlark.Value, error) {
	f, ok := attributeOf(x, "round").(starlark.Callable)
	if !ok {
		return nil, Errorf("TypeError", "round: want a number, got %s", describe(x))
	}
	return starlark.Call(c.Thread, f, starlark.Tuple{starlark.MakeInt(c.Int("digits", 0))}, nil)
}

func pow(c *Call) (starlark.Value, error) {
	if !c.Given("mod") {
		return power(c.Was("x"), c.Was("y"))
	}
	var n [3]*big.Int
	for i, name := range []string{"x", "y", "mod"} {
		v, ok := c.Was(name).(starlark.Int)
		if !ok {
			c.wrong(name, "a whole number")
			return nil, c.Err()
		}
		n[i] = v.BigInt()
	}
	if n[2].Sign() == 0 || n[1].Sign() < 0 {
		return nil, Errorf("ValueError", "pow: with mod, y is at least 0 and mod is not 0")
	}
	return starlark.MakeBigInt(new(big.Int).Exp(n[0], n[1], n[2])), nil
}

func rangeOf(c *Call) (starlark.Value, error) {
	args := starlark.Tuple{}
	for _, name := range []string{"start", "stop", "step"} {
		v := c.Value(name)
		if v == nil {
			break
		}
		args = append(args, v)
	}
	return starlark.Call(c.Thread, starlark.Universe["range"], args, nil)
}

// elements returns the elements of an argument, if a cell may hold so many.
func (c *Call) elements(name string) ([]starlark.Value, error) {
	v := c.Was(name)
	if v == nil {
		return nil, nil
	}
	v = iterable(v)
	it, ok := v.(starlark.Iterable)
	if !ok {
		return nil, Errorf("TypeError", "%s: %s has no elements to go through", c.fn.name, aKind(v))
	}
	n := starlark.Len(v)
	if n > maxElements {
		return nil, Errorf("MemoryError", "%s: %d elements are more than a cell may hold (%d); loop over the range itself, or use arange", c.fn.name, n, maxElements)
	}
	out := make([]starlark.Value, 0, max(n, 0))
	for x := range starlark.Elements(it) {
		out = append(out, x)
	}
	return out, nil
}

// overElements is Starlark's builtin of that name, for text too.
func overElements(name string) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		xs, err := c.elements("x")
		if err != nil {
			return nil, err
		}
		args := starlark.Tuple{starlark.Tuple(xs)}
		var kwargs []starlark.Tuple
		for _, p := range c.fn.params()[1:] {
			if v := c.Value(p.name); v != nil {
				kwargs = append(kwargs, starlark.Tuple{starlark.String(p.name), v})
			}
		}
		if name == "enumerate" && len(kwargs) > 0 {
			args, kwargs = append(args, kwargs[0][1]), nil
		}
		return starlark.Call(c.Thread, starlark.Universe[name], args, kwargs)
	}
}

func mapElements(c *Call) (starlark.Value, error) {
	f := c.Callable("function")
	if f == nil || len(c.Args) == 0 {
		c.Fail("lists", "want a function and a list")
		return nil, nil
	}
	rows, err := zip(c)
	if err != nil {
		return nil, err
	}
	var out []starlark.Value
	for row := range starlark.Elements(rows) {
		y, err := starlark.Call(c.Thread, f, row.(starlark.Tuple), nil)
		if err != nil {
			return nil, err
		}
		out = append(out, y)
	}
	return starlark.NewList(out), nil
}

// zip is the list of tuples of the elements of *lists.
func zip(c *Call) (*starlark.List, error) {
	args := make(starlark.Tuple, len(c.Args))
	for i, a := range c.Args {
		args[i] = iterable(a)
	}
	v, err := starlark.Call(c.Thread, starlark.Universe["zip"], args, nil)
	if err != nil {
		return nil, err
	}
	return v.(*starlark.List), nil
}

func filter(c *Call) (starlark.Value, error) {
	f := c.Callable("function")
	xs, err := c.elements("x")
	if err != nil || c.Err() != nil {
		return nil, err
	}
	var out []starlark.Value
	for _, x := range xs {
		y := x
		if f != nil {
			if y, err = starlark.Call(c.Thread, f, starlark.Tuple{x}, nil); err != nil {
				return nil, err
			}
		}
		keep, err := truth(y)
		if err != nil {
			return nil, err
		}
		if keep {
			out = append(out, x)
		}
	}
	return starlark.NewList(out), nil
}

func catch(c *Call) (starlark.Value, error) {
	f := c.Callable("function")
	if c.Err() != nil {
		return nil, nil
	}
	v, err := starlark.Call(c.Thread, f, nil, nil)
	if err == nil {
		return newRecord("caught", field{"ok", starlark.True}, field{"value", v}, field{"error", starlark.None}), nil
	}
	if c.Context().Err() != nil {
		return nil, err
	}
	c.Thread.Uncancel() // after an endless recursion, or too much memory
	kind, message := classify(err)
	return newRecord("caught", field{"ok", starlark.False}, field{"value", starlark.None}, field{"error", starlark.String(kind + ": " + message)}), nil
}
