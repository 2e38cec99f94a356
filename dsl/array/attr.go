package array

import (
	"fmt"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// A Member is an attribute or a method of arrays, for help and completion.
type Member struct {
	Name string
	// Signature is "(axis=None)" for a method and "" for an attribute.
	Signature string
	Doc       string
	attr      func(a *Array) starlark.Value
	call      func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
}

// members is every attribute and method, sorted by name.
var members = allMembers()

// Members lists the attributes and methods of arrays, sorted by name.
func Members() []Member { return slices.Clone(members) }

func allMembers() []Member {
	out := []Member{
		{Name: "T", Doc: "the transposed array", attr: func(a *Array) starlark.Value { return a.Transpose() }},
		{Name: "shape", Doc: "the size of each axis, a tuple", attr: func(a *Array) starlark.Value { return a.shapeTuple() }},
		{Name: "size", Doc: "the number of elements", attr: func(a *Array) starlark.Value { return starlark.MakeInt(len(a.data)) }},
		{Name: "ndim", Doc: "the number of axes", attr: func(a *Array) starlark.Value { return starlark.MakeInt(len(a.shape)) }},
		{Name: "dot", Signature: "(y)", Doc: "the product with a matrix or vector", call: callDot},
		{Name: "reshape", Signature: "(*shape)", Doc: "a copy of another shape; one size may be -1", call: callReshape},
		{Name: "flatten", Signature: "()", Doc: "a copy with one axis", call: callPlain("flatten", (*Array).Flatten)},
		{Name: "copy", Signature: "()", Doc: "a new array of the same elements", call: callPlain("copy", (*Array).Copy)},
		{Name: "transpose", Signature: "()", Doc: "the transposed array, as .T", call: callPlain("transpose", (*Array).Transpose)},
		{Name: "row", Signature: "(i)", Doc: "a copy of row i", call: callPart("row", (*Array).Row)},
		{Name: "col", Signature: "(j)", Doc: "a copy of column j", call: callPart("col", (*Array).Col)},
		{Name: "tolist", Signature: "()", Doc: "nested lists of the elements", call: callToList},
		{Name: "round", Signature: "(decimals=0)", Doc: "each element rounded, ties to even", call: callRound},
		{Name: "clip", Signature: "(low, high)", Doc: "each element kept between low and high", call: callClip},
		{Name: "cumsum", Signature: "(axis=None)", Doc: "the running sum", call: callAxis("cumsum", Cumsum)},
	}
	for _, r := range reductions {
		m := Member{Name: r.Name, Signature: "(axis=None)", Doc: r.Doc, call: callAxis(r.Name, r.Of)}
		if r.Name == "std" || r.Name == "var" {
			m.Signature, m.call = "(axis=None, ddof=0)", callSpread(r.Name)
			m.Doc = strings.Replace(r.Doc, "by n", "by n - ddof", 1)
		}
		out = append(out, m)
	}
	slices.SortFunc(out, func(x, y Member) int { return strings.Compare(x.Name, y.Name) })
	return out
}

// Attr is an attribute, or a method bound to the array.
func (a *Array) Attr(name string) (starlark.Value, error) {
	i, ok := slices.BinarySearchFunc(members, name, func(m Member, name string) int { return strings.Compare(m.Name, name) })
	if !ok {
		return nil, nil
	}
	m := members[i]
	if m.attr != nil {
		return m.attr(a), nil
	}
	call := func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return m.call(a, args, kwargs)
	}
	return starlark.NewBuiltin(name, call).BindReceiver(a), nil
}

// AttrNames lists the names of Members.
func (a *Array) AttrNames() []string {
	names := make([]string, len(members))
	for i, m := range members {
		names[i] = m.Name
	}
	return names
}

func (a *Array) shapeTuple() starlark.Tuple {
	t := make(starlark.Tuple, len(a.shape))
	for i, n := range a.shape {
		t[i] = starlark.MakeInt(n)
	}
	return t
}

// AxisOf reads an axis argument: None is All.
func AxisOf(v starlark.Value) (int, error) {
	if v == nil || v == starlark.None {
		return All, nil
	}
	axis, err := starlark.AsInt32(v)
	if err != nil {
		return 0, fmt.Errorf("axis: want a whole number or None, got %s %s", v.Type(), pyfmt.ReprLimit(v, 30))
	}
	return axis, nil
}

// ShapeOf reads a shape argument: a whole number, or a tuple or list of them.
func ShapeOf(v starlark.Value) ([]int, error) {
	seq, ok := v.(starlark.Indexable)
	if _, text := v.(starlark.String); !ok || text {
		seq = starlark.Tuple{v}
	}
	shape := make([]int, seq.Len())
	for i := range shape {
		n, err := starlark.AsInt32(seq.Index(i))
		if err != nil {
			return nil, fmt.Errorf("shape: want whole numbers, got %s %s", v.Type(), pyfmt.ReprLimit(v, 30))
		}
		shape[i] = n
	}
	return shape, nil
}

type method = func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)

// callPlain is a method without arguments.
func callPlain(name string, f func(*Array) *Array) method {
	return func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if err := starlark.UnpackArgs(name, args, kwargs); err != nil {
			return nil, err
		}
		return f(a).Value(), nil
	}
}

func callAxis(name string, f func(a *Array, axis int) (*Array, error)) method {
	return func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var v starlark.Value
		if err := starlark.UnpackArgs(name, args, kwargs, "axis?", &v); err != nil {
			return nil, err
		}
		axis, err := AxisOf(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return unwrap(f(a, axis))
	}
}

func callSpread(name string) method {
	return func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var v starlark.Value
		ddof := 0
		if err := starlark.UnpackArgs(name, args, kwargs, "axis?", &v, "ddof?", &ddof); err != nil {
			return nil, err
		}
		axis, err := AxisOf(v)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		return unwrap(spread(a, name, axis, ddof))
	}
}

// unwrap passes a result on as a value.
func unwrap(a *Array, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return a.Value(), nil
}

func callPart(name string, f func(a *Array, i int) (*Array, error)) method {
	return func(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var i int
		if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &i); err != nil {
			return nil, err
		}
		return unwrap(f(a, i))
	}
}

func callDot(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var v starlark.Value
	if err := starlark.UnpackArgs("dot", args, kwargs, "y", &v); err != nil {
		return nil, err
	}
	y, err := FromValue(v)
	if err != nil {
		return nil, fmt.Errorf("dot: %w", err)
	}
	return unwrap(Dot(a, y))
}

func callReshape(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(kwargs) > 0 || len(args) == 0 {
		return nil, fmt.Errorf("reshape: want the sizes, as in reshape(2, 3) or reshape(-1, 1)")
	}
	var v starlark.Value = args
	if len(args) == 1 {
		v = args[0]
	}
	shape, err := ShapeOf(v)
	if err != nil {
		return nil, fmt.Errorf("reshape: %w", err)
	}
	return unwrap(a.Reshape(shape))
}

func callToList(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if err := starlark.UnpackArgs("tolist", args, kwargs); err != nil {
		return nil, err
	}
	return a.ToList(), nil
}

// ToList is the elements as nested Starlark lists.
func (a *Array) ToList() starlark.Value {
	if len(a.shape) == 0 {
		return a.Value()
	}
	elems := make([]starlark.Value, a.shape[0])
	for i := range elems {
		elems[i] = a.row(i).ToList()
	}
	return starlark.NewList(elems)
}

func callRound(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	decimals := 0
	if err := starlark.UnpackArgs("round", args, kwargs, "decimals?", &decimals); err != nil {
		return nil, err
	}
	return a.Round(decimals), nil
}

// Round rounds each element to a number of decimals, as Python's round does.
func (a *Array) Round(decimals int) *Array {
	z := a.Map(func(x float64) float64 { return pyfmt.Round(x, decimals) })
	z.store.kind = a.store.kind
	return z.settle()
}

func callClip(a *Array, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	var lowV, highV starlark.Value
	if err := starlark.UnpackArgs("clip", args, kwargs, "low", &lowV, "high", &highV); err != nil {
		return nil, err
	}
	low, err := FromValue(lowV)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	high, err := FromValue(highV)
	if err != nil {
		return nil, fmt.Errorf("clip: %w", err)
	}
	z, err := Maximum(a, low)
	if err != nil {
		return nil, err
	}
	return unwrap(Minimum(z, high))
}
