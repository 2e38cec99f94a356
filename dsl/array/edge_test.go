package array_test

import (
	"fmt"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
)

// TestEveryMember calls every method on arrays of every odd shape, without and
// with an argument: results or errors, never a panic.
func TestEveryMember(t *testing.T) {
	thread := &starlark.Thread{}
	argument := []starlark.Tuple{nil, {starlark.MakeInt(0)}, {starlark.MakeInt(-1)}, {starlark.MakeInt(7)}, {starlark.String("a")}, {starlark.MakeInt(0), starlark.MakeInt(1)}}
	for _, shape := range [][]int{{}, {0}, {1}, {3}, {0, 3}, {3, 0}, {2, 3}, {2, 1, 2}, {2, 0, 2}} {
		a, err := array.Full(shape, 1.5)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range a.AttrNames() {
			v, err := a.Attr(name)
			if err != nil {
				t.Errorf("%v.%s: %v", shape, name, err)
			}
			call, ok := v.(starlark.Callable)
			for _, args := range argument {
				if !ok {
					break
				}
				if out, err := starlark.Call(thread, call, args, nil); (out == nil) == (err == nil) {
					t.Errorf("%v.%s%v: result %v beside error %v", shape, name, args, out, err)
				}
			}
		}
		_ = a.String() + a.Str() + a.HTML() + a.LaTeX()
	}
}

func TestOddValues(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array(5)[0:1]", "array(5)"},
		{"[x for x in array(5)]", "[]"},
		{"len(array(5))", "0"},
		{"array(5) + 1", "6"},
		{"array(5)[0]", "error: an array without axes has no elements"},
		{"array([1])[()]", "array([1])"},
		{"array([10]) * 9007199254740993", "array([9.00719925e+16])"},
		{"array([[1, 2], [3, 4]]).reshape(-1).shape", "(4,)"},
		{"array([]).reshape(0, -1)", "array([], shape=(0, 1))"},
		{"array([1, 2]).reshape(-1, -1)", "error: sizes are 0 or more"},
		{"array([]).sum()", "0.0"},
		{"zeros(0, 3).sum(axis=0)", "array([0., 0., 0.])"},
		{"zeros(0, 3).max(axis=0)", "error: there are no elements"},
		{"zeros(2, 3).mean(axis=0)", "array([0., 0., 0.])"},
		{"zeros(1, 2, 3).T.shape", "(3, 2, 1)"},
		{"'%s' % array([1])", "'array([1])'"},
	} {
		v, err := eval(test.expr)
		got := ""
		switch {
		case err != nil:
			got = "error: " + err.Error()
		default:
			got = pyfmt.Repr(v)
		}
		if rest, isError := strings.CutPrefix(test.want, "error: "); isError && err != nil && strings.Contains(got, rest) {
			continue
		}
		if got != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, got, test.want)
		}
	}
}

func TestCyclicList(t *testing.T) {
	l := starlark.NewList(nil)
	if err := l.Append(l); err != nil {
		t.Fatal(err)
	}
	if _, err := array.FromValue(l); err == nil || !strings.Contains(err.Error(), "nest more than") {
		t.Errorf("got %v, want an error about nesting", err)
	}
}

// column stands for a value that can become an array.
type column struct{ starlark.NoneType }

func (column) ToArray() (*array.Array, error) { return array.FromInts([]int{1, 2}), nil }

func TestArrayer(t *testing.T) {
	a, err := array.FromValue(starlark.NewList([]starlark.Value{column{}, column{}}))
	if err != nil || a.String() != "array([[1, 2],\n       [1, 2]])" {
		t.Errorf("got %v, %v", a, err)
	}
	if v, err := a.Binary(syntax.PLUS, column{}, starlark.Left); v != nil || err != nil {
		t.Errorf("an operator with a column: got %v, %v; the column is to decide", v, err)
	}
}

func ExampleFromValue() {
	w, err := array.FromValue(starlark.NewList([]starlark.Value{
		starlark.Tuple{starlark.MakeInt(1), starlark.MakeInt(2)},
		starlark.Tuple{starlark.MakeInt(3), starlark.MakeInt(4)},
	}))
	if err != nil {
		panic(err)
	}
	y, err := array.Dot(w, array.FromFloats([]float64{1, 0.5}))
	if err != nil {
		panic(err)
	}
	fmt.Println(y, y.LaTeX())
	// Output: array([2., 5.]) \begin{bmatrix} 2 \\ 5 \end{bmatrix}
}
