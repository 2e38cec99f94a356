package dsl

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
)

// plus is x + y, if there is memory for it.
func plus(x, y starlark.Value) (starlark.Value, error) {
	y, err := addend(x, y)
	if err != nil {
		return nil, err
	}
	return starlark.Binary(syntax.PLUS, number(x, y), y)
}

// addend is y as it can be added to x: a boolean beside a number is 1 or 0,
// and there is memory for the two texts or lists together.
func addend(x, y starlark.Value) (starlark.Value, error) {
	switch y := y.(type) {
	case starlark.Int, starlark.Float:
	case starlark.Bool:
		if _, ok := x.(starlark.Bool); ok {
			return number(y, starlark.MakeInt(0)), nil
		}
		return number(y, x), nil
	default:
		if bytes := size(x) + size(y); bytes > largeBytes {
			return y, afford(bytes, x.Type()+" + "+y.Type())
		}
	}
	return y, nil
}

// size is how many bytes the copy of a value takes that has no limit of its own.
func size(x starlark.Value) float64 {
	switch x := x.(type) {
	case starlark.String:
		return float64(len(x))
	case starlark.Bytes:
		return float64(len(x))
	case *starlark.List:
		return float64(x.Len()) * bytesOfElement
	case starlark.Tuple:
		return float64(len(x)) * bytesOfElement
	}
	return 0
}

// bytesOfElement is what a place in a list takes.
const bytesOfElement = 16

// times is x * y, if there is memory for it.
func times(x, y starlark.Value) (starlark.Value, error) {
	switch a := x.(type) {
	case starlark.Int:
		if b, ok := y.(starlark.Int); ok {
			if err := checkDigits(a, b); err != nil {
				return nil, err
			}
			return a.Mul(b), nil
		}
		if err := checkRepeat(y, a); err != nil {
			return nil, err
		}
	case starlark.Float:
		if b, ok := y.(starlark.Float); ok {
			return a * b, nil
		}
	default:
		if n, ok := y.(starlark.Int); ok {
			if err := checkRepeat(x, n); err != nil {
				return nil, err
			}
		}
	}
	if b, ok := y.(starlark.Bool); ok {
		if _, ok := x.(starlark.Bool); ok {
			y = number(b, starlark.MakeInt(0))
		}
	}
	return starlark.Binary(syntax.STAR, number(x, y), number(y, x))
}

// checkRepeat refuses [0] * 10**12.
func checkRepeat(x starlark.Value, n starlark.Int) error {
	bytes := size(x) * float64(n.Float())
	switch what := x.Type() + " repeated " + n.String() + " times"; {
	case bytes <= largeBytes:
		return nil
	case bytes > maxElements*bytesOfElement:
		return Errorf("MemoryError", "%s is more than a cell may hold (%d elements); use an array or a loop", what, maxElements)
	default:
		return afford(bytes, what)
	}
}

// maxElements is the limit of what one value may hold.
const maxElements = 1 << 27

// maxBits is the limit of a whole number, about 20 million digits.
const maxBits = 1 << 26

// checkDigits refuses products that take minutes.
func checkDigits(x, y starlark.Int) error {
	if _, small := x.Int64(); small {
		return nil
	}
	if _, small := y.Int64(); small {
		return nil
	}
	if x.BigInt().BitLen()+y.BigInt().BitLen() > maxBits {
		return Errorf("ValueError", "the product has too many digits; with a float, as 2.0 * x, products are approximate")
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
	return array.Pow(number(x, starlark.MakeInt(0)), number(y, starlark.MakeInt(0)))
}
