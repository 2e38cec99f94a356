package dsl

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// A method of text or of lists that Starlark lacks, in which it counts bytes,
// or which takes memory without a limit.
type (
	textMethod func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
	listMethod func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error)
)

var listMethods = map[string]listMethod{
	"copy": func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if err := starlark.UnpackPositionalArgs("copy", args, kwargs, 0); err != nil {
			return nil, err
		}
		return l.Slice(0, l.Len(), 1), nil
	},
	"count": func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		var want starlark.Value
		if err := starlark.UnpackPositionalArgs("count", args, kwargs, 1, &want); err != nil {
			return nil, err
		}
		n := 0
		for x := range l.Elements() {
			same, err := starlark.Equal(x, want)
			if err != nil {
				return nil, err
			}
			if same {
				n++
			}
		}
		return starlark.MakeInt(n), nil
	},
	"extend": func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		if len(args) == 1 {
			if _, err := addend(l, args[0]); err != nil {
				return nil, err
			}
			args = starlark.Tuple{iterable(args[0])}
		}
		return ownMethod(l, "extend", args, kwargs)
	},
	"sort": func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return nil, Errorf("AttributeError", "lists have no .sort; write a = sorted(a)")
	},
	"reverse": func(l *starlark.List, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		return nil, Errorf("AttributeError", "lists have no .reverse; write a = a[::-1]")
	},
}

// ownMethod calls a method that Starlark has, which calls no function of a cell.
func ownMethod(x starlark.HasAttrs, name string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	m, err := x.Attr(name)
	if err != nil {
		return nil, err
	}
	return m.(*starlark.Builtin).CallInternal(nil, args, kwargs)
}

func joinList(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) == 1 {
		args = starlark.Tuple{iterable(args[0])}
		if xs, ok := args[0].(starlark.Indexable); ok {
			bytes := float64(len(s)) * float64(xs.Len())
			for i := range xs.Len() {
				bytes += size(xs.Index(i))
			}
			if bytes > largeBytes {
				if err := afford(bytes, "the joined text"); err != nil {
					return nil, err
				}
			}
		}
	}
	return ownMethod(starlark.String(s), "join", args, kwargs)
}

func replaceText(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	if len(args) >= 2 {
		old, _ := starlark.AsString(args[0])
		by, _ := starlark.AsString(args[1])
		if bytes := float64(strings.Count(s, old)) * float64(len(by)); bytes > largeBytes {
			if err := afford(bytes, "the text with replacements"); err != nil {
				return nil, err
			}
		}
	}
	return ownMethod(starlark.String(s), "replace", args, kwargs)
}

// converted makes a method without arguments of a function.
func converted(name string, f func(string) string) textMethod {
	return func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		err := starlark.UnpackPositionalArgs(name, args, kwargs, 0)
		return starlark.String(f(s)), err
	}
}

func judged(name string, f func(string) bool) textMethod {
	return func(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
		err := starlark.UnpackPositionalArgs(name, args, kwargs, 0)
		return starlark.Bool(f(s)), err
	}
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func every(s string, is func(rune) bool) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !is(r) }) < 0
}

func isIdentifier(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return every(s, isWordRune) && !unicode.IsDigit(r)
}

func expandTabs(s string, args starlark.Tuple, kwargs []starlark.Tuple) (starlark.Value, error) {
	width := 8
	if err := starlark.UnpackArgs("expandtabs", args, kwargs, "tabsize?", &width); err != nil {
		return nil, err
	}
	width = max(0, min(width, 1000))
	var b strings.Builder
	col := 0
	for _, r := range s {
		switch {
		case r == '\t' && width > 0:
			n := width - col%width
			b.WriteString(strings.Repeat(" ", n))
			col += n
			continue
		case r == '\t':
			continue
		case r == '\n' || r == '\r':
			col = -1
		}
		b.WriteRune(r)
		col++
	}
	return starlark.String(b.String()), nil
}
