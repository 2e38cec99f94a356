package array_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
)

// env is what the expressions of the tests may call.
func env() starlark.StringDict {
	e := starlark.StringDict{"nan": starlark.Float(math.NaN()), "inf": starlark.Float(math.Inf(1))}
	define := func(name string, f func(args starlark.Tuple) (starlark.Value, error)) {
		e[name] = starlark.NewBuiltin(name, func(_ *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, _ []starlark.Tuple) (starlark.Value, error) {
			return f(args)
		})
	}
	define("array", func(args starlark.Tuple) (starlark.Value, error) { return array.FromValue(args[0]) })
	define("pow", func(args starlark.Tuple) (starlark.Value, error) { return array.Pow(args[0], args[1]) })
	define("str", func(args starlark.Tuple) (starlark.Value, error) { return starlark.String(pyfmt.Str(args[0])), nil })
	define("compare", func(args starlark.Tuple) (starlark.Value, error) {
		op := map[string]syntax.Token{"==": syntax.EQL, "!=": syntax.NEQ, "<": syntax.LT, "<=": syntax.LE, ">": syntax.GT, ">=": syntax.GE}
		return args[0].(*array.Array).Compare(op[string(args[1].(starlark.String))], args[2], true)
	})
	define("dot", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Dot(mustArray(args[0]), mustArray(args[1])))
	})
	define("outer", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Outer(mustArray(args[0]), mustArray(args[1])))
	})
	define("where", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Where(mustArray(args[0]), mustArray(args[1]), mustArray(args[2])))
	})
	define("maximum", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Maximum(mustArray(args[0]), mustArray(args[1])))
	})
	define("concat", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Concat([]*array.Array{mustArray(args[0]), mustArray(args[1])}, int(mustArray(args[2]).Data()[0])))
	})
	define("linspace", func(args starlark.Tuple) (starlark.Value, error) {
		d := mustArray(args).Data()
		return unwrap(array.Linspace(d[0], d[1], int(d[2])))
	})
	define("arange", func(args starlark.Tuple) (starlark.Value, error) {
		a := mustArray(args)
		return unwrap(array.Arange(a.Data()[0], a.Data()[1], a.Data()[2], a.Kind() == array.Int))
	})
	define("eye", func(args starlark.Tuple) (starlark.Value, error) {
		return unwrap(array.Eye(int(mustArray(args).Data()[0])))
	})
	define("zeros", func(args starlark.Tuple) (starlark.Value, error) {
		shape, err := array.ShapeOf(args)
		if err != nil {
			return nil, err
		}
		return unwrap(array.Zeros(shape...))
	})
	for _, f := range array.Functions() {
		define(f.Name, func(args starlark.Tuple) (starlark.Value, error) { return f.Apply(args[0]) })
	}
	return e
}

func unwrap(a *array.Array, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return a.Value(), nil
}

func mustArray(v starlark.Value) *array.Array {
	a, err := array.FromValue(v)
	if err != nil {
		panic(err)
	}
	return a
}

func eval(expr string) (v starlark.Value, err error) {
	return starlark.EvalOptions(&syntax.FileOptions{}, &starlark.Thread{}, "case", expr, env())
}

// TestExpressions holds the repr of expressions, as numpy 1.26 gives it where it
// has the same; the notes say where it differs.
func TestExpressions(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array([1, 2, 3])", "array([1, 2, 3])"},
		{"array([1, 2.5])", "array([1. , 2.5])"},
		{"array([True, False])", "array([ True, False])"},
		{"array([True, 2])", "array([1, 2])"},
		{"array([[1, 2], [3, 4]])", "array([[1, 2],\n       [3, 4]])"},
		{"array(range(3))", "array([0, 1, 2])"},
		{"array([(1, 2), array([3, 4])])", "array([[1, 2],\n       [3, 4]])"},
		{"array([[]])", "array([], shape=(1, 0))"}, // numpy adds its dtype
		{"array([])", "array([])"},
		{"array([1, 2]) + 1", "array([2, 3])"},
		{"1 - array([1, 2])", "array([ 0, -1])"},
		{"array([1, 2]) / 2", "array([0.5, 1. ])"},
		{"2 / array([1, 4])", "array([2. , 0.5])"},
		{"array([7, -7]) // 2", "array([ 3, -4])"},
		{"array([7, -7]) % 3", "array([1, 2])"},
		{"array([7.5, -7.5]) % -2", "array([-0.5, -1.5])"},
		{"array([1, -1, 0]) / 0", "array([ inf, -inf,  nan])"},
		{"array([1, 2]) + [10, 20]", "array([11, 22])"},
		{"[10, 20] + array([1, 2])", "array([11, 22])"},
		{"array([True, True]) + array([True, False])", "array([2, 1])"}, // numpy: logical or
		{"-array([1, 0])", "array([-1,  0])"},
		{"-array([True, False])", "array([-1,  0])"},
		{"array([[1, 2, 3], [4, 5, 6]]) * array([[1], [10]])", "array([[ 1,  2,  3],\n       [40, 50, 60]])"},
		{"compare(array([1, 2, 3]), '>', 1)", "array([False,  True,  True])"},
		{"compare(array([1, 2, 3]), '==', [1, 0, 3])", "array([ True, False,  True])"},
		{"compare(array([1, 2, 3]), '>', 1) * 1.0", "array([0., 1., 1.])"},
		{"~compare(array([1, 2, 3]), '>', 1)", "array([ True, False, False])"},
		{"compare(array([1, 2, 3]), '>', 1) & compare(array([1, 2, 3]), '<', 3)", "array([False,  True, False])"},
		{"compare(array([1, 2, 3]), '<', 2) | compare(array([1, 2, 3]), '>=', 3)", "array([ True, False,  True])"},
		{"array([True, False]) ^ True", "array([False,  True])"},
		{"array([[1, 2], [3, 4]])[1]", "array([3, 4])"},
		{"array([[1, 2], [3, 4]])[1][0]", "3"},
		{"array([[1, 2], [3, 4]])[1, -1]", "4"},
		{"array([1.5, 2])[-1]", "2.0"},
		{"array([1, 2, 3, 4])[1:3]", "array([2, 3])"},
		{"array([1, 2, 3, 4])[::-2]", "array([4, 2])"},
		{"array([[1, 2], [3, 4], [5, 6]])[1:]", "array([[3, 4],\n       [5, 6]])"},
		{"array([1, 2, 3])[[2, 0, -1]]", "array([3, 1, 3])"},
		{"array([1, 2, 3])[array([True, False, True])]", "array([1, 3])"},
		{"array([1, 2, 3])[[True, False, True]]", "array([1, 3])"},
		{"array([[1, 2], [3, 4]])[[False, True]]", "array([[3, 4]])"},
		{"array([[1, 2], [3, 4]])[compare(array([[1, 2], [3, 4]]), '>', 1)]", "array([2, 3, 4])"},
		{"array([1, 2])[[]]", "array([])"},
		{"array([[1, 2], [3, 4]]).T", "array([[1, 3],\n       [2, 4]])"},
		{"array([[1, 2], [3, 4]]).col(1)", "array([2, 4])"},
		{"array([[1, 2], [3, 4]]).row(-1)", "array([3, 4])"},
		{"array([[1, 2, 3]]).shape", "(1, 3)"},
		{"array([1, 2, 3]).shape", "(3,)"},
		{"(array([[1, 2, 3]]).size, array([[1]]).ndim, len(array([[1], [2]])))", "(3, 2, 2)"},
		{"array([[1, 2], [3, 4]]).sum()", "10"},
		{"array([[1, 2], [3, 4]]).sum(axis=0)", "array([4, 6])"},
		{"array([[1, 2], [3, 4]]).mean(axis=-1)", "array([1.5, 3.5])"},
		{"array([1, 2, 3, 4]).std()", "1.118033988749895"},
		{"array([1, 2, 3, 4]).var(ddof=1)", "1.6666666666666667"},
		{"array([3, 1, 3]).argmax()", "0"},
		{"array([[3, 1], [0, 5]]).argmin(axis=1)", "array([1, 0])"},
		{"array([3, nan, 1]).max()", "nan"},
		{"array([True, True, False]).sum()", "2"},
		{"(array([0, 2]).any(), array([0, 2]).all())", "(True, False)"},
		{"array([[1, 2], [3, 4]]).cumsum(axis=0)", "array([[1, 2],\n       [4, 6]])"},
		{"array([[1, 2], [3, 4]]).cumsum()", "array([ 1,  3,  6, 10])"},
		{"array([2, 3]).prod()", "6"},
		{"array(range(6)).reshape(2, 3)", "array([[0, 1, 2],\n       [3, 4, 5]])"},
		{"array(range(6)).reshape((-1, 2)).shape", "(3, 2)"},
		{"array([[1, 2], [3, 4]]).flatten().tolist()", "[1, 2, 3, 4]"},
		{"array([[1, 2.5]]).tolist()", "[[1.0, 2.5]]"},
		{"array([1.25, 2.675]).round(2)", "array([1.25, 2.67])"},
		{"array([-5, 0.5, 9]).clip(0, 1)", "array([0. , 0.5, 1. ])"},
		{"dot([1, 2], [3, 4])", "11"},
		{"dot([[1, 2], [3, 4]], [1, 1])", "array([3, 7])"},
		{"dot([1, 1], [[1, 2], [3, 4]])", "array([4, 6])"},
		{"array([[1, 2], [3, 4]]).dot([[0.5], [0.5]])", "array([[1.5],\n       [3.5]])"},
		{"outer([1, 2], [3, 4])", "array([[3, 4],\n       [6, 8]])"},
		{"concat([[1, 2]], [[3.5, 4]], 0)", "array([[1. , 2. ],\n       [3.5, 4. ]])"},
		{"concat([[1], [2]], [[3], [4]], 1)", "array([[1, 3],\n       [2, 4]])"},
		{"where([True, False], [1, 2], 0)", "array([1, 0])"},
		{"maximum(0, [-1, 2])", "array([0, 2])"},
		{"linspace(0, 1, 5)", "array([0.  , 0.25, 0.5 , 0.75, 1.  ])"},
		{"arange(0, 5, 2)", "array([0, 2, 4])"},
		{"arange(0, 1, 0.25)", "array([0.  , 0.25, 0.5 , 0.75])"},
		{"arange(3, 0, 1)", "array([])"},
		{"eye(2)", "array([[1., 0.],\n       [0., 1.]])"},
		{"exp([0, 1])", "array([1.        , 2.71828183])"},
		{"exp(0)", "1.0"},
		{"abs(array([-1, 2]))", "array([1, 2])"},
		{"abs(-3)", "3"},
		{"sqrt(array([4, 9]))", "array([2., 3.])"},
		{"isnan([1, nan])", "array([False,  True])"},
		{"(log10(1000), log2(8), log10(0.001))", "(3.0, 3.0, -3.0)"},
		{"pow(array([1, 2, 3]), 2)", "array([1, 4, 9])"},
		{"pow(2, array([1, -1]))", "array([2. , 0.5])"},
		{"pow(array([-8.0, 4]), 0.5)", "array([nan,  2.])"},
		{"2 in array([1, 2])", "True"},
		{"[x for x in array([[1, 2], [3, 4]])]", "[array([1, 2]), array([3, 4])]"},
		{"array([1, 2]) == array([1, 2])", "True"}, // as a whole; cells compare by elements
	} {
		v, err := eval(test.expr)
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		if got := pyfmt.Repr(v); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.expr, got, test.want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array([[1, 2], [3]])", "array: row 1 has 1 element, but row 0 has 2 elements; all rows must be of one length"},
		{"array([[1, 2], 3])", "array: row 1 is one number, but row 0 has 2 elements"},
		{"array([1, [2]])", "array: row 1 has 1 element, but row 0 is one number"},
		{"array([[[1], [2]], [[3], [4, 5]]])", "array: element [1][1] has 2 elements, but element [0][0] has 1 element"},
		{"array([1, 'a'])", `array: row 1 is a string, 'a', want a number; float(text) makes a number`},
		{"array('abc')", "array: want a number, or lists of numbers, got string 'abc'"},
		{"array([1, None])", `float("nan") stands for a missing number`},
		{"array([1, 2, 3]) + array([1, 2])", "+: shapes (3,) and (2,) do not fit: 3 and 2 differ; sizes fit if they are equal or one is 1"},
		{"array([[1, 2, 3], [4, 5, 6]]) + array([1, 2])", "as a column the second fits: .reshape(2, 1)"},
		{"dot([[1, 2, 3], [4, 5, 6]], [1, 2])", "dot: (2, 3) by (2,): the inner sizes 3 and 2 differ; the first transposed fits: dot(x.T, y)"},
		{"dot([[1, 2, 3]], [[1, 2, 3]])", "the inner sizes 3 and 1 differ; the second transposed fits: dot(x, y.T)"},
		{"array([1, 2]) & 1", "& combines arrays of True and False, got numbers; compare first and keep the parentheses"},
		{"~array([1.5])", "write ~(a > 0), or -a"},
		{"array([1, 2])[2]", "array index: index 2 is out of range: there are 2, from 0 to 1"},
		{"array([[1, 2]])[0, 5]", "array index: column 5 is out of range: there are 2, from 0 to 1"},
		{"array([1])[0, 0]", "2 indices for an array of shape (1,)"},
		{"array([1, 2])[1.5]", "array index: want a whole number"},
		{"array([1, 2])[[True]]", "a mask of shape (1,) does not suit an array of shape (2,)"},
		{"array([[1]]).sum(axis=2)", "sum: axis 2 is out of range for shape (1, 1)"},
		{"array([]).mean()", "mean: there are no elements"},
		{"array(range(6)).reshape(4, -1)", "reshape: shape (6,) has 6 elements and does not fit into (4, -1)"},
		{"zeros(100000, 100000)", "shape (100000, 100000) is too large: an array has at most 268435456 elements (2 GiB)"},
		{"arange(0, 1, 0)", "a step of 0 never ends"},
		{"exp('a')", "exp: want a number or an array, got string 'a'"},
		{"array([1]) + 'a'", "unknown binary op: array + string"},
		{"array([1]).nope", "array has no .nope"},
		{"pow(0, -1)", "0 ** -1 divides by zero"},
		{"pow(-8, 0.5)", "(-8) ** 0.5 is no real number"},
		{"pow(10.0, 400)", "10.0 ** 400 is too large for a float"},
		{"pow(10, 100000000)", "too many digits"},
		{"pow('a', 2)", "unknown binary op: string ** int"},
		{"{array([1]): 1}", "unhashable type: array"},
	} {
		v, err := eval(test.expr)
		if err == nil {
			t.Errorf("%s: got %s, want an error", test.expr, v)
		} else if !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, want …%s…", test.expr, err, test.want)
		}
	}
}

func TestAssignment(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{"a = array([1, 2, 3])\na[0] = 9", "array([9, 2, 3])"},
		{"a = array([1, 2, 3])\na[-1] = 0.5", "array([1. , 2. , 0.5])"},
		{"a = array([[1, 2], [3, 4]])\na[0][1] = 9", "array([[1, 9],\n       [3, 4]])"},
		{"a = array([[1, 2], [3, 4]])\na[0][1] = 0.5", "array([[1. , 0.5],\n       [3. , 4. ]])"},
		{"a = array([[1, 2], [3, 4]])\na[1, 0] = 9", "array([[1, 2],\n       [9, 4]])"},
		{"a = array([[1, 2], [3, 4]])\na[1] = [7, 8]", "array([[1, 2],\n       [7, 8]])"},
		{"a = array([[1, 2], [3, 4]])\na[1] = 0", "array([[1, 2],\n       [0, 0]])"},
		{"a = array([1, -2, -3])\na[compare(a, '<', 0)] = 0", "array([1, 0, 0])"},
		{"a = array([1, 2, 3])\na[[0, 2]] = [8, 9]", "array([8, 2, 9])"},
		{"a = array([1, 2, 3])\nb = a[0:2]\nb[0] = 9", "array([1, 2, 3])"},
		{"a = array([1, 2, 3])\na[[0, 1, 2]] = a[::-1]", "array([3, 2, 1])"},
		{"a = array([[1, 2], [3, 4]])\na[[0, 1]] = a[1]", "array([[3, 4],\n       [3, 4]])"},
		{"a = array([1, 2])\na += 1", "array([2, 3])"},
	} {
		globals, err := starlark.ExecFileOptions(&syntax.FileOptions{GlobalReassign: true}, &starlark.Thread{}, "case", test.code, env())
		if err != nil {
			t.Errorf("%s: %v", test.code, err)
			continue
		}
		if got := globals["a"].String(); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.code, got, test.want)
		}
	}
}

func TestFrozen(t *testing.T) {
	a := mustArray(starlark.Tuple{starlark.MakeInt(1), starlark.MakeInt(2)})
	a.Freeze()
	if err := a.SetIndex(0, starlark.MakeInt(5)); err == nil || !strings.Contains(err.Error(), "frozen") {
		t.Errorf("got %v, want an error about a frozen array", err)
	}
	if err := a.Copy().SetIndex(0, starlark.MakeInt(5)); err != nil {
		t.Errorf("copy: %v", err)
	}
}

func TestTruth(t *testing.T) {
	defer func() {
		err, ok := recover().(error)
		var truth *array.TruthError
		if !ok || !errors.As(err, &truth) || !strings.Contains(err.Error(), "use any() or all()") {
			t.Errorf("got %v, want a TruthError", err)
		}
	}()
	if array.FromFloats([]float64{0}).Truth() || !array.FromBools([]bool{true}).Truth() {
		t.Error("one element: wrong truth")
	}
	array.FromInts([]int{1, 2}).Truth()
}

// TestRowsShare holds that a row is the row itself and a frozen array's too.
func TestRowsShare(t *testing.T) {
	a, err := array.New([]int{2, 2}, []float64{1, 2, 3, 4})
	if err != nil {
		t.Fatal(err)
	}
	row := a.Index(1).(*array.Array)
	if err := row.SetIndex(0, starlark.MakeInt(9)); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(a.Data()); got != "[1 2 9 4]" {
		t.Errorf("got %s", got)
	}
	a.Freeze()
	if row.SetIndex(0, starlark.MakeInt(9)) == nil {
		t.Error("row of a frozen array was set")
	}
}

func BenchmarkAdd(b *testing.B) {
	x := array.FromFloats(make([]float64, 1<<16))
	for b.Loop() {
		if _, err := x.Binary(syntax.PLUS, x, starlark.Left); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDot(b *testing.B) {
	x, err := array.Ones(256, 256)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := array.Dot(x, x); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkIndex(b *testing.B) {
	x, err := array.Ones(256, 256)
	if err != nil {
		b.Fatal(err)
	}
	key := starlark.Tuple{starlark.MakeInt(3), starlark.MakeInt(4)}
	for b.Loop() {
		if _, _, err := x.Get(key); err != nil {
			b.Fatal(err)
		}
	}
}
