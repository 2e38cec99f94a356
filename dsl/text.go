package dsl

import (
	"unicode/utf8"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// maxText is how many characters a value may have as text.
const maxText = 1 << 24

// textOf is a value as text, as str gives it.
func textOf(v starlark.Value) (starlark.String, error) {
	switch v := v.(type) {
	case starlark.String:
		return v, nil
	case pyfmt.Strer:
		return starlark.String(v.Str()), nil
	}
	return sourceOf(v)
}

// sourceOf is a value as it is written in a cell, as repr gives it. A list
// that holds the same list many times can be short and its text without end.
func sourceOf(v starlark.Value) (starlark.String, error) {
	if _, ok := v.(starlark.String); ok {
		return starlark.String(pyfmt.Repr(v)), nil
	}
	s := pyfmt.ReprLimit(v, maxText)
	if len(s) >= maxText && utf8.RuneCountInString(s) >= maxText {
		return "", Errorf("MemoryError", "%s has more than %d characters as text; take a part of it", aKind(v), maxText)
	}
	return starlark.String(s), nil
}
