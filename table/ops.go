package table

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"mlpkernel/table/internal/det"
)

// arithmetic by operator; a missing operand gives a missing result.
var arithmetic = map[string]func(x, y float64) float64{
	"+":  func(x, y float64) float64 { return x + y },
	"-":  func(x, y float64) float64 { return x - y },
	"*":  func(x, y float64) float64 { return x * y },
	"/":  func(x, y float64) float64 { return x / y },
	"//": func(x, y float64) float64 { return math.Floor(x / y) },
	"%":  func(x, y float64) float64 { return x - float64(y*math.Floor(x/y)) },
	"**": det.Pow,
}

// comparisons by operator: which signs of a three-way comparison are true.
var comparisons = map[string][3]bool{ // less, equal, greater
	"==": {false, true, false}, "!=": {true, false, true},
	"<": {true, false, false}, "<=": {true, true, false},
	">": {false, false, true}, ">=": {false, true, true},
}

// logic by operator, on 0, 1 and -1 for missing, as SQL has it.
var logic = map[string]func(x, y int8) int8{
	"&": func(x, y int8) int8 {
		if x == 0 || y == 0 {
			return 0
		}
		return min(x, y)
	},
	"|": func(x, y int8) int8 {
		if x == 1 || y == 1 {
			return 1
		}
		return min(x, y)
	},
}

// Binary applies an operator row by row: + - * / // % ** on numbers,
// == != < <= > >= on values of one type, & | on booleans. At least one
// operand is a *Column; the other may be one of the same length, or a float64,
// int, int64, bool, string or time.Time that stands for every row. Where an
// operand is missing the result is missing, except that false & missing is
// false and true | missing is true. Division by zero gives infinity, and
// 0/0 is missing.
func Binary(op string, a, b any) (*Column, error) {
	name, n, err := binaryShape(op, a, b)
	if err != nil {
		return nil, err
	}
	if _, ok := comparisons[op]; ok {
		return compare(name, op, n, a, b)
	}
	if f, ok := logic[op]; ok {
		x, errX := boolOperand(op, a)
		y, errY := boolOperand(op, b)
		if err := firstError(errX, errY); err != nil {
			return nil, err
		}
		out := make([]int8, n)
		for i := range out {
			out[i] = f(x(i), y(i))
		}
		return booleans(name, out), nil
	}
	f, ok := arithmetic[op]
	if !ok {
		return nil, fmt.Errorf("columns have no operator %q", op)
	}
	x, errX := numberOperand(op, a)
	y, errY := numberOperand(op, b)
	if err := firstError(errX, errY); err != nil {
		return nil, err
	}
	out := make([]float64, n)
	for i := range out {
		out[i] = f(x(i), y(i))
	}
	return Numbers(name, out), nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// binaryShape gives the name and length of a result.
func binaryShape(op string, a, b any) (string, int, error) {
	x, okX := a.(*Column)
	y, okY := b.(*Column)
	switch {
	case okX && okY && x.n != y.n:
		return "", 0, fmt.Errorf("%q %s %q: %d rows and %d rows; both must come from one table", x.name, op, y.name, x.n, y.n)
	case okX:
		return x.name, x.n, nil
	case okY:
		return y.name, y.n, nil
	}
	return "", 0, fmt.Errorf("%T %s %T: one side must be a column", a, op, b)
}

func numberOperand(op string, a any) (func(int) float64, error) {
	if c, ok := a.(*Column); ok {
		switch c.typ {
		case Number:
			return func(i int) float64 { return c.num[i] }, nil
		case Boolean, Time:
			return c.Float, nil
		}
		return nil, fmt.Errorf("%s needs numbers, but column %q is %s; number(...) converts it", op, c.name, c.typ)
	}
	if f, ok := toFloat(a); ok {
		return func(int) float64 { return f }, nil
	}
	return nil, fmt.Errorf("%s needs numbers, got %v", op, a)
}

func boolOperand(op string, a any) (func(int) int8, error) {
	switch a := a.(type) {
	case *Column:
		if a.typ == Boolean {
			return func(i int) int8 { return a.flags[i] }, nil
		}
		return nil, fmt.Errorf("%s combines conditions, but column %q is %s; put parentheses around comparisons: (t[\"a\"] > 1) %s (...)", op, a.name, a.typ, op)
	case bool:
		f := flag(a)
		return func(int) int8 { return f }, nil
	}
	return nil, fmt.Errorf("%s combines conditions, got %v; put parentheses around comparisons", op, a)
}

func compare(name, op string, n int, a, b any) (*Column, error) {
	truth := comparisons[op]
	c, ok := a.(*Column)
	if !ok { // scalar op column: turn round
		c = b.(*Column)
		b = a
		truth[0], truth[2] = truth[2], truth[0]
	}
	three, err := comparer(c, b)
	if err != nil {
		return nil, err
	}
	out := make([]int8, n)
	for i := range out {
		d, known := three(i)
		out[i] = -1
		if known {
			out[i] = flag(truth[d+1])
		}
	}
	return booleans(name, out), nil
}

// threeWay compares row i: -1, 0 or 1, and whether both sides have a value.
type threeWay func(i int) (int, bool)

func comparer(c *Column, b any) (threeWay, error) {
	if d, ok := b.(*Column); ok {
		return columnComparer(c, d)
	}
	if b == nil {
		return nil, fmt.Errorf("column %q compared with None; count missing values with .missing(), choose them with where(\"%s is missing\")", c.name, c.name)
	}
	switch c.typ {
	case Number, Boolean:
		y, ok := toFloat(b)
		if !ok {
			break
		}
		return func(i int) (int, bool) { x := c.Float(i); return cmp.Compare(x, y), x == x && y == y }, nil
	case Category:
		s, ok := b.(string)
		if !ok {
			if f, isNumber := toFloat(b); isNumber {
				s, ok = FormatNumber(f), true
			}
		}
		if !ok {
			break
		}
		return categoryComparer(c, s), nil
	case Text:
		s, ok := b.(string)
		if !ok {
			break
		}
		return func(i int) (int, bool) { return cmp.Compare(c.text.at(i), s), !c.IsMissing(i) }, nil
	case Time:
		y, err := timeScalar(b)
		if err != nil {
			return nil, fmt.Errorf("column %q holds times: %w", c.name, err)
		}
		return func(i int) (int, bool) { return cmp.Compare(c.micros[i], y), c.micros[i] != noTime }, nil
	}
	return nil, fmt.Errorf("column %q is %s and cannot be compared with %#v", c.name, c.typ, b)
}

// categoryComparer compares by the order of the levels; a text that is no
// level stands at its place in the natural order.
func categoryComparer(c *Column, s string) threeWay {
	signs := make([]int, len(c.levels))
	at := -1
	for i, l := range c.levels {
		if l == s {
			at = i
		}
	}
	for i, l := range c.levels {
		if at >= 0 {
			signs[i] = cmp.Compare(i, at)
		} else if signs[i] = compareLevels(l, s); signs[i] == 0 {
			signs[i] = cmp.Compare(l, s) // 1.0 and 1 are different levels
		}
	}
	return func(i int) (int, bool) {
		if c.codes[i] < 0 {
			return 0, false
		}
		return signs[c.codes[i]], true
	}
}

func columnComparer(c, d *Column) (threeWay, error) {
	known := func(i int) bool { return !c.IsMissing(i) && !d.IsMissing(i) }
	isText := func(t Type) bool { return t == Category || t == Text }
	isNumber := func(t Type) bool { return t == Number || t == Boolean }
	switch {
	case isNumber(c.typ) && isNumber(d.typ):
		return func(i int) (int, bool) { return cmp.Compare(c.Float(i), d.Float(i)), known(i) }, nil
	case isText(c.typ) && isText(d.typ):
		return func(i int) (int, bool) {
			if !known(i) {
				return 0, false
			}
			return compareLevels(c.Format(i), d.Format(i)), true
		}, nil
	case c.typ == Time && d.typ == Time:
		return func(i int) (int, bool) { return cmp.Compare(c.micros[i], d.micros[i]), known(i) }, nil
	}
	return nil, fmt.Errorf("columns %q (%s) and %q (%s) cannot be compared", c.name, c.typ, d.name, d.typ)
}

func timeScalar(b any) (int64, error) {
	switch b := b.(type) {
	case time.Time:
		return b.UnixMicro(), nil
	case string:
		t, err := ParseTime(b)
		if err != nil {
			return 0, fmt.Errorf("%q is %w", b, err)
		}
		return t.UnixMicro(), nil
	}
	return 0, fmt.Errorf("%v is not a time; write it as \"2024-12-31\"", b)
}

// Negate returns -c of a number column.
func (c *Column) Negate() (*Column, error) { return Binary("-", 0.0, c) }

// Not returns the opposite of a boolean column; missing stays missing.
func (c *Column) Not() (*Column, error) {
	if c.typ != Boolean {
		return nil, fmt.Errorf("~ turns conditions round, but column %q is %s", c.name, c.typ)
	}
	out := make([]int8, c.n)
	for i, f := range c.flags {
		out[i] = f
		if f >= 0 {
			out[i] = 1 - f
		}
	}
	return booleans(c.name, out), nil
}

// functions of one number, by name.
var functions = map[string]func(float64) float64{
	"abs": math.Abs, "sqrt": math.Sqrt, "exp": det.Exp, "log": det.Log, "log1p": det.Log1p, "sin": det.Sin, "cos": det.Cos, "tanh": det.Tanh,
	"floor": math.Floor, "ceil": math.Ceil, "round": math.RoundToEven,
}

// Math applies a function to every number: abs, sqrt, exp, log, log1p, sin,
// cos, tanh, floor, ceil or round. Where it is not defined (log of -1) the result is missing.
func (c *Column) Math(function string) (*Column, error) {
	f, ok := functions[function]
	if !ok {
		return nil, fmt.Errorf("no function %q of columns; there are %v", function, sortedKeys(functions))
	}
	x, err := numberOperand(function, c)
	if err != nil {
		return nil, err
	}
	out := make([]float64, c.n)
	for i := range out {
		out[i] = f(x(i))
	}
	return Numbers(c.name, out), nil
}
