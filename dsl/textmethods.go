package dsl

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// textMethods are the methods of text that Starlark lacks, or in which it
// counts bytes.
var textMethods = map[string]func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error){
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
		var width int
		if err := starlark.UnpackArgs("zfill", args, kwargs, "width", &width); err != nil {
			return nil, err
		}
		sign := ""
		if s != "" && (s[0] == '-' || s[0] == '+') {
			sign, s = s[:1], s[1:]
		}
		return starlark.String(sign + strings.Repeat("0", padding(sign+s, width)) + s), nil
	},
}

func padding(s string, width int) int {
	return max(0, min(width, maxElements)-utf8.RuneCountInString(s))
}

func finder(name string, search func(s, sub string) int, must bool) func(string, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
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

func justify(name string, share func(n int) (left, right int)) func(string, starlark.Tuple, []starlark.Tuple) (starlark.Value, error) {
	return func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		width, fill := 0, " "
		if err := starlark.UnpackPositionalArgs(name, args, kwargs, 1, &width, &fill); err != nil {
			return nil, err
		}
		if utf8.RuneCountInString(fill) != 1 {
			return nil, Errorf("ValueError", "%s: the fill is one character, got %q", name, fill)
		}
		left, right := share(padding(s, width))
		return starlark.String(strings.Repeat(fill, left) + s + strings.Repeat(fill, right)), nil
	}
}

// callMethod calls a method that textMethods has for text: x.name(args…).
func callMethod(th *starlark.Thread, _ *starlark.Builtin, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	x, name, rest := args[0], string(args[1].(starlark.String)), args[2:]
	if s, ok := x.(starlark.String); ok {
		return textMethods[name](string(s), rest, kwargs)
	}
	h, ok := x.(starlark.HasAttrs)
	if !ok {
		return nil, Errorf("AttributeError", "a %s has no .%s", x.Type(), name)
	}
	m, err := h.Attr(name)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, Errorf("AttributeError", "a %s has no .%s%s", x.Type(), name, suggest(name, h.AttrNames(), nil))
	}
	return starlark.Call(th, m, rest, kwargs)
}
