// Package pyfmt writes Starlark values as Python writes them.
//
// Repr and Str are Python's repr() and str(); Format is format(v, spec), which
// f-strings use too; Percent is the % operator of strings and FormatMethod is
// "…".format(…). Float alone is how a number is printed. Widths and precisions
// count code points, so that Hangul lines up as it does in Python.
//
// Results equal CPython's for every value both languages have; the tests hold a
// table of its answers. Errors are worded anew: they say what to write instead.
package pyfmt

import (
	"math"
	"strconv"
	"strings"

	"go.starlark.net/starlark"
)

// A Strer is a value whose str() differs from its repr(): Str asks it, and
// Repr keeps to its String.
type Strer interface {
	Str() string
}

// Float is repr(f): the shortest digits that read back as f, with an exponent
// from 1e+16 up and below 1e-04, "1.0" for whole numbers, and inf, -inf, nan.
func Float(f float64) string {
	body := shortest(math.Abs(f))
	if math.Signbit(f) && f == f {
		return "-" + body
	}
	return body
}

// shortest is repr of a number that is not negative.
func shortest(f float64) string {
	switch {
	case f != f:
		return "nan"
	case math.IsInf(f, 0):
		return "inf"
	case f != 0 && (f < 1e-4 || f >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// Round is round(f, digits): to the nearest number with that many decimals,
// ties of the exact binary value to even. Negative digits round to tens,
// hundreds and so on.
func Round(f float64, digits int) float64 {
	switch {
	case f != f || math.IsInf(f, 0) || digits > 340:
		return f
	case digits < -310:
		return math.Copysign(0, f)
	case digits == 0:
		return math.RoundToEven(f)
	case digits > 0:
		r, _ := strconv.ParseFloat(strconv.FormatFloat(f, 'f', digits, 64), 64)
		return r
	}
	scale := math.Pow10(-digits)
	return math.RoundToEven(f/scale) * scale
}

// Repr is repr(v). A list or dict that contains itself shows as [...] or {...}
// there, and what lies more than 200 levels deep as "...".
func Repr(v starlark.Value) string { return ReprLimit(v, 0) }

// Str is str(v): strings as they are, a Strer by its own word, the rest as Repr.
func Str(v starlark.Value) string {
	switch v := v.(type) {
	case starlark.String:
		return string(v)
	case Strer:
		return v.Str()
	}
	return Repr(v)
}

// ReprLimit is Repr cut to at most n code points, the last three being "..."
// where something was cut. It stops writing once n is passed, so it is cheap
// for huge values. No limit if n <= 0.
func ReprLimit(v starlark.Value, n int) string {
	w := &writer{limit: n}
	w.value(v, 0)
	if n <= 0 {
		return w.out.String()
	}
	return cut(w.out.String(), n)
}
