package dsl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// textMethods are the methods of text that Starlark lacks, or in which it
// counts bytes.
var textMethods = map[string]textMethod{
	"find":   finder("find", strings.Index, false),
	"rfind":  finder("rfind", strings.LastIndex, false),
	"index":  finder("index", strings.Index, true),
	"rindex": finder("rindex", strings.LastIndex, true),
	"format": func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		out, err := pyfmt.FormatMethod(s, args, kwargs)
		return starlark.String(out), err
	},
	"ljust":  justify("ljust", func(n int) (left, right int) { return 0, n }),
	"rjust":  justify("rjust", func(n int) (left, right int) { return n, 0 }),
	"center": justify("center", func(n int) (left, right int) { return n / 2, n - n/2 }),
	"zfill": func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var width starlark.Value
		if err := starlark.UnpackArgs("zfill", args, kwargs, "width", &width); err != nil {
			return nil, err
		}
		n, err := padding("zfill", s, width)
		if err != nil {
			return nil, err
		}
		sign := ""
		if s != "" && (s[0] == '-' || s[0] == '+') {
			sign, s = s[:1], s[1:]
		}
		return starlark.String(sign + strings.Repeat("0", n) + s), nil
	},
	"swapcase":     converted("swapcase", swapCase),
	"casefold":     converted("casefold", func(s string) string { return strings.ReplaceAll(strings.ToLower(s), "ß", "ss") }),
	"expandtabs":   expandTabs,
	"isidentifier": judged("isidentifier", isIdentifier),
	"isnumeric":    judged("isnumeric", func(s string) bool { return every(s, unicode.IsNumber) }),
	"isdecimal":    judged("isdecimal", func(s string) bool { return every(s, unicode.IsDigit) }),
	"join":         joinList,
	"replace":      replaceText,
}

// maxWidth is the limit of a width, as in formats.
const maxWidth = 1 << 20

// padding is how many characters bring a text to a width.
func padding(name, s string, width starlark.Value) (int, error) {
	w, err := starlark.AsInt32(width)
	if err != nil || w > maxWidth {
		return 0, Errorf("ValueError", "%s: the width is a whole number up to %d, got %s", name, maxWidth, describe(width))
	}
	return max(0, w-utf8.RuneCountInString(s)), nil
}

func finder(name string, search func(s, sub string) int, must bool) textMethod {
	return func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var sub string
		var from, to starlark.Value = starlark.None, starlark.None
		if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &sub, &from, &to); err != nil {
			return nil, err
		}
		part, err := slice(starlark.String(s), from, to, starlark.None)
		if err != nil {
			return nil, err
		}
		text := string(part.(starlark.String))
		i := search(text, sub)
		if i < 0 {
			if must {
				return nil, Errorf("ValueError", "%s: %q is not in the text", name, sub)
			}
			return starlark.MakeInt(-1), nil
		}
		start := 0
		if from != starlark.None {
			n := utf8.RuneCountInString(s)
			if start, err = starlark.AsInt32(from); err != nil {
				return nil, err
			}
			if start < 0 {
				start = max(0, start+n)
			}
			start = min(start, n)
		}
		return starlark.MakeInt(start + utf8.RuneCountInString(text[:i])), nil
	}
}

func justify(name string, share func(n int) (left, right int)) textMethod {
	return func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var width starlark.Value
		fill := " "
		if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &width, &fill); err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(fill) != 1 {
			return nil, Errorf("ValueError", "%s: the fill is one character, got %q", name, fill)
		}
		n, err := padding(name, s, width)
		if err != nil {
			return nil, err
		}
		left, right := share(n)
		return starlark.String(strings.Repeat(fill, left) + s + strings.Repeat(fill, right)), nil
	}
}

// callMethod calls a method that textMethods has for text or listMethods for
// lists: x.name(args…).
func callMethod(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	x, name, rest := args[0], string(args[1].(starlark.String)), args[2:]
	switch x := x.(type) {
	case starlark.String:
		if f := textMethods[name]; f != nil {
			return f(string(x), rest, kwargs)
		}
	case *starlark.List:
		if f := listMethods[name]; f != nil {
			return f(x, rest, kwargs)
		}
	}
	h, ok := x.(starlark.HasAttrs)
	if !ok {
		return nil, Errorf("AttributeError", "%s has no .%s", aKind(x), name)
	}
	m, err := h.Attr(name)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, noAttribute(h, name, nil)
	}
	return starlark.Call(th, m, rest, kwargs)
}
