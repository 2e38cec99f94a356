package array_test

import (
	"strings"
	"testing"

	"mlpkernel/dsl/array"
)

// TestText holds what numpy 1.26 prints.
func TestText(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array([1.0, 2.5, 3.25])", "[1.   2.5  3.25]"},
		{"array([0.1, 0.30000000000000004, 3.141592653589793])", "[0.1        0.3        3.14159265]"},
		{"array([-1.5, 10])", "[-1.5 10. ]"},
		{"array([1e-5, 1.0])", "[1.e-05 1.e+00]"},
		{"array([1e-5, 1.5])", "[1.0e-05 1.5e+00]"},
		{"array([1e9, 1.0])", "[1.e+09 1.e+00]"},
		{"array([1e8, 2e8])", "[1.e+08 2.e+08]"},
		{"array([1e7, 2e7])", "[10000000. 20000000.]"},
		{"array([1000.5, 1.0])", "[1.0005e+03 1.0000e+00]"},
		{"array([1000.0, 1.0])", "[1000.    1.]"},
		{"array([1.5, nan, inf])", "[1.5 nan inf]"},
		{"array([1.0, nan, -inf])", "[  1.  nan -inf]"},
		{"array([nan])", "[nan]"},
		{"array([0.0, -0.0])", "[ 0. -0.]"},
		{"array([1e-300, 1e300])", "[1.e-300 1.e+300]"},
		{"array(2.5)", "2.5"},
		{"array(3)", "3"},
		{"array([[1, -20], [300, 4]])", "[[  1 -20]\n [300   4]]"},
		{"array([[True, False]])", "[[ True False]]"},
		{"array([[1.5, 2], [3, 4]])", "[[1.5 2. ]\n [3.  4. ]]"},
		{"array([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])", "[[[1 2]\n  [3 4]]\n\n [[5 6]\n  [7 8]]]"},
		{"array(range(30))", "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23\n 24 25 26 27 28 29]"},
		{"array(range(2000))", "[   0    1    2 ... 1997 1998 1999]"},
		{"array(range(2000)).reshape(1000, 2)", "[[   0    1]\n [   2    3]\n [   4    5]\n ...\n [1994 1995]\n [1996 1997]\n [1998 1999]]"},
		{"array(range(2500)).reshape(50, 50)", "[[   0    1    2 ...   47   48   49]\n [  50   51   52 ...   97   98   99]\n [ 100  101  102 ...  147  148  149]\n ...\n [2350 2351 2352 ... 2397 2398 2399]\n [2400 2401 2402 ... 2447 2448 2449]\n [2450 2451 2452 ... 2497 2498 2499]]"},
	} {
		v, err := eval("str(" + test.expr + ")")
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		if got := strings.Trim(v.String(), `"`); strings.ReplaceAll(got, `\n`, "\n") != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.expr, strings.ReplaceAll(got, `\n`, "\n"), test.want)
		}
	}
}

func TestRepr(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array(range(2000))", "array([   0,    1,    2, ..., 1997, 1998, 1999])"},
		{"array(range(25))", "array([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16,\n       17, 18, 19, 20, 21, 22, 23, 24])"},
		{"array([[[1], [2]]])", "array([[[1],\n        [2]]])"},
	} {
		v, err := eval(test.expr)
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
		} else if got := v.String(); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.expr, got, test.want)
		}
	}
}

func TestLaTeX(t *testing.T) {
	for _, test := range []struct{ expr, want string }{
		{"array([[1, 2], [3, 4]])", `\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}`},
		{"array([1.5, -2])", `\begin{bmatrix} 1.5 \\ -2 \end{bmatrix}`},
		{"array([1e-5, inf, nan])", `\begin{bmatrix} 1 \times 10^{-5} \\ \infty \\ \mathrm{nan} \end{bmatrix}`},
		{"array([3.14159265])", `\begin{bmatrix} 3.1416 \end{bmatrix}`},
		{"array(range(20))", `\begin{bmatrix} 0 \\ 1 \\ 2 \\ 3 \\ \vdots \\ 16 \\ 17 \\ 18 \\ 19 \end{bmatrix}`},
		{"array([range(9)])", `\begin{bmatrix} 0 & 1 & 2 & 3 & \cdots & 5 & 6 & 7 & 8 \end{bmatrix}`},
		{"array([[[1]]])", `\text{array of shape } (1, 1, 1)`},
		{"array([True])", `\begin{bmatrix} \mathrm{True} \end{bmatrix}`},
		{"array(2.5)", "2.5"},
	} {
		v, err := eval(test.expr)
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
		} else if got := v.(*array.Array).LaTeX(); got != test.want {
			t.Errorf("%s: got %s, want %s", test.expr, got, test.want)
		}
	}
}

func TestHTML(t *testing.T) {
	for _, test := range []struct {
		expr  string
		cells int
		want  string
	}{
		{"array([[1, -2], [3, 4]])", 4, "<p>shape (2, 2)</p>"},
		{"array([[1, -2], [3, 4]])", 4, `right">−2</td>`},
		{"array([0.123456])", 1, `right">0.1235</td>`},
		{"array(range(100))", 21, `right">…</td>`},
		{"array(range(10000)).reshape(100, 100)", 441, "shape (100, 100)"},
		{"array([[[1]]])", 0, "<pre>array([[[1]]])</pre>"},
		{"array([])", 0, "<pre>array([])</pre>"},
	} {
		v, err := eval(test.expr)
		if err != nil {
			t.Errorf("%s: %v", test.expr, err)
			continue
		}
		got := v.(*array.Array).HTML()
		if strings.Count(got, "<td") != test.cells || !strings.Contains(got, test.want) {
			t.Errorf("%s: got %s, want %d cells and %s", test.expr, got, test.cells, test.want)
		}
	}
}
