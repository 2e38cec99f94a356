package dsl

import (
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
)

// arrayDefs are the arrays for the board.
func arrayDefs() []Def {
	defs := []Def{
		{
			Sig: "array(values)",
			Doc: "An array of numbers, from nested lists.\n\n```python\nW = array([[1, 2], [3, 4]])\nW.T, W.shape, dot(W, [1, 0]), (W > 1) * 1.0\n```",
			Fn: func(c *Call) (starlark.Value, error) {
				a, err := array.FromValue(c.Was("values"))
				if err != nil {
					return nil, err
				}
				return a.Copy(), nil
			},
		},
		{Sig: "linspace(start, stop, n=50)", Doc: "`n` numbers at equal distances from `start` to `stop`, both included.", Fn: func(c *Call) (starlark.Value, error) {
			start, stop, n := c.Float("start", 0), c.Float("stop", 1), c.IntFrom("n", 1, 50)
			if c.Err() != nil {
				return nil, nil
			}
			return array.Linspace(start, stop, n)
		}},
		{Sig: "arange(start, stop=None, step=1)", Doc: "The numbers from `start` up to but not including `stop`; `arange(n)` is 0 to n-1.", Fn: arange},
		{Sig: "eye(n)", Doc: "The identity matrix.", Fn: func(c *Call) (starlark.Value, error) {
			n := c.IntFrom("n", 0, 0)
			if c.Err() != nil {
				return nil, nil
			}
			return array.Eye(n)
		}},
		{Sig: "dot(x, y)", Doc: "The product of matrices and vectors.", Fn: pairOf(array.Dot)},
		{Sig: "outer(x, y)", Doc: "The matrix of all products of two vectors' elements.", Fn: pairOf(array.Outer)},
		{Sig: "maximum(x, y)", Doc: "The larger of two, element by element.", Fn: pairOf(array.Maximum)},
		{Sig: "minimum(x, y)", Doc: "The smaller of two, element by element.", Fn: pairOf(array.Minimum)},
		{Sig: "min(*values, key=None, axis=None, default=None)", Doc: "The smallest of several values, or of the elements of one; `default` is the answer for no elements.", Fn: extreme("min", array.Min)},
		{Sig: "max(*values, key=None, axis=None, default=None)", Doc: "The largest of several values, or of the elements of one; `default` is the answer for no elements.", Fn: extreme("max", array.Max)},
	}
	for _, f := range array.Functions() {
		if f.Name == "log1p" {
			continue // a preparation that evaluates too, see prepdefs.go
		}
		defs = append(defs, Def{Sig: f.Name + "(x)", Doc: f.Doc + ", of a number or of each element.", Fn: mathFunction(f)})
	}
	for _, r := range array.Reductions() {
		if r.Name != "min" && r.Name != "max" && r.Name != "any" && r.Name != "all" {
			defs = append(defs, Def{Sig: r.Name + "(x, axis=None)", Doc: r.Doc + ".", Fn: reduction(r)})
		}
	}
	return defs
}

func arange(c *Call) (starlark.Value, error) {
	start, stop := 0.0, c.Float("start", 0)
	if c.Given("stop") {
		start, stop = stop, c.Float("stop", 0)
	}
	step := c.Float("step", 1)
	whole := true
	for _, name := range []string{"start", "stop", "step"} {
		_, isFloat := c.Was(name).(starlark.Float)
		whole = whole && !isFloat
	}
	if c.Err() != nil {
		return nil, nil
	}
	return array.Arange(start, stop, step, whole)
}

func pairOf(f func(x, y *array.Array) (*array.Array, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		x, err := array.FromValue(c.Was("x"))
		if err != nil {
			return nil, err
		}
		y, err := array.FromValue(c.Was("y"))
		if err != nil {
			return nil, err
		}
		return value(f(x, y))
	}
}

// value unwraps an array without axes to a number.
func value(a *array.Array, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return a.Value(), nil
}

// Mathematical is a value that applies a function of numbers to itself: a column.
type Mathematical interface {
	Math(name string) (starlark.Value, error)
}

func mathFunction(f array.Function) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		if m, ok := c.Was("x").(Mathematical); ok {
			return m.Math(f.Name)
		}
		if i, ok := c.Was("x").(starlark.Int); ok && f.Name == "abs" {
			return starlark.MakeBigInt(i.BigInt().Abs(i.BigInt())), nil
		}
		a, err := array.FromValue(c.Was("x"))
		if err != nil {
			return nil, err
		}
		return f.Of(a).Value(), nil
	}
}

// axisOf is the argument axis, array.All if it was left out.
func axisOf(c *Call) (int, error) {
	if v := c.Value("axis"); v != nil {
		return array.AxisOf(v)
	}
	return array.All, nil
}

func reduction(r array.Reduction) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		axis, err := axisOf(c)
		if err != nil {
			return nil, err
		}
		x := c.Was("x")
		if m, ok := x.(starlark.HasAttrs); ok && axis == array.All {
			if _, isArray := x.(*array.Array); !isArray {
				if v, done, err := callAttr(c, m, r.Name); done {
					return v, err
				}
			}
		}
		if r.Name == "sum" && axis == array.All {
			if v, ok := sumExact(x); ok {
				return v, nil
			}
		}
		a, err := array.FromValue(iterable(x))
		if err != nil {
			return nil, err
		}
		return value(r.Of(a, axis))
	}
}

// callAttr calls a method without arguments, as sum(column) does column.sum().
func callAttr(c *Call, x starlark.HasAttrs, name string) (v starlark.Value, done bool, err error) {
	m, err := x.Attr(name)
	f, ok := m.(starlark.Callable)
	if err != nil || !ok {
		return nil, false, nil
	}
	v, err = starlark.Call(c.Thread, f, nil, nil)
	return v, true, err
}

// sumExact adds whole numbers without rounding.
func sumExact(x starlark.Value) (starlark.Value, bool) {
	it, ok := x.(starlark.Iterable)
	if _, isArray := x.(*array.Array); !ok || isArray {
		return nil, false
	}
	total := starlark.MakeInt(0)
	for e := range starlark.Elements(it) {
		i, ok := e.(starlark.Int)
		if !ok {
			return nil, false
		}
		total = total.Add(i)
	}
	return total, true
}

// extreme is min or max: of arrays by axis, of columns by their method, of
// all else by Starlark's comparison.
func extreme(name string, of func(a *array.Array, axis int) (*array.Array, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		args := slices.Clone(c.Args)
		if len(args) == 1 {
			if a, ok := args[0].(*array.Array); ok {
				axis, err := axisOf(c)
				if err != nil {
					return nil, err
				}
				return value(of(a, axis))
			}
			if m, ok := args[0].(starlark.HasAttrs); ok {
				if v, done, err := callAttr(c, m, name); done {
					return v, err
				}
			}
			args[0] = iterable(args[0])
		}
		if d := c.Value("default"); d != nil && len(args) == 1 && starlark.Len(args[0]) == 0 {
			return d, nil
		}
		var kwargs []starlark.Tuple
		if k := c.Value("key"); k != nil {
			kwargs = []starlark.Tuple{{starlark.String("key"), k}}
		}
		return starlark.Call(c.Thread, starlark.Universe[name], args, kwargs)
	}
}
