package pyfmt

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// A formatter walks one str.format template.
type formatter struct {
	args   starlark.Tuple
	kwargs []starlark.Tuple
	auto   int  // fields numbered so far by {}
	manual bool // a {0} was seen
}

// FormatMethod is template.format(*args, **kwargs): fields {}, {0}, {name},
// {a.b}, {a[0]}, {a[key]}, with !r, !s or !a, and a spec after a colon, which
// may hold fields itself. {{ and }} are braces.
func FormatMethod(template string, args starlark.Tuple, kwargs []starlark.Tuple) (string, error) {
	f := &formatter{args: args, kwargs: kwargs}
	out, err := f.template(template, 2)
	if err != nil {
		return "", fmt.Errorf("%w in the template %s", err, cut(Quote(template), 60))
	}
	return out, nil
}

// template fills in a template that may nest depth levels of fields.
func (f *formatter) template(t string, depth int) (string, error) {
	var out strings.Builder
	for t != "" {
		i := strings.IndexAny(t, "{}")
		if i < 0 {
			out.WriteString(t)
			break
		}
		out.WriteString(t[:i])
		brace := t[i : i+1]
		t = t[i+1:]
		switch {
		case strings.HasPrefix(t, brace):
			out.WriteString(brace)
			t = t[1:]
		case brace == "}":
			return "", errors.New("a single } (write }} for a brace)")
		default:
			end := fieldEnd(t)
			if end < 0 {
				return "", errors.New("a } is missing after { (write {{ for a brace)")
			}
			piece, err := f.field(t[:end], depth)
			if err != nil {
				return "", err
			}
			out.WriteString(piece)
			t = t[end+1:]
		}
	}
	return out.String(), nil
}

// fieldEnd is the index of the } that ends the field at the start of t.
func fieldEnd(t string) int {
	depth, bracket := 0, false
	for i, c := range []byte(t) {
		switch {
		case bracket:
			bracket = c != ']'
		case c == '[' && depth == 0 && !strings.ContainsAny(t[:i], "!:"):
			bracket = true
		case c == '{':
			depth++
		case c == '}':
			if depth == 0 {
				return i
			}
			depth--
		}
	}
	return -1
}

// field formats name[!conversion][:spec].
func (f *formatter) field(text string, depth int) (string, error) {
	if depth == 0 {
		return "", errors.New("fields nested too deep")
	}
	name, conversion, spec, err := splitField(text)
	if err != nil {
		return "", err
	}
	v, err := f.value(name)
	if err != nil {
		return "", err
	}
	if spec, err = f.template(spec, depth-1); err != nil {
		return "", err
	}
	switch conversion {
	case "":
	case "r":
		v = starlark.String(Repr(v))
	case "s":
		v = starlark.String(Str(v))
	case "a":
		v = starlark.String(ascii(Repr(v)))
	default:
		return "", fmt.Errorf("unknown conversion !%s: it is !r, !s or !a", conversion)
	}
	return Format(v, spec)
}

// splitField cuts a field into its three parts.
func splitField(text string) (name, conversion, spec string, err error) {
	name = text
	bracket := false
	for i, c := range []byte(text) {
		switch {
		case bracket:
			bracket = c != ']'
			continue
		case c == '[':
			bracket = true
			continue
		case c == '{' || c == '}':
			return "", "", "", fmt.Errorf("unexpected %c in the field name %s", c, Quote(text))
		case c != '!' && c != ':':
			continue
		}
		name = text[:i]
		if c == ':' {
			return name, "", text[i+1:], nil
		}
		conversion, spec, found := strings.Cut(text[i+1:], ":")
		if conversion == "" || found && strings.ContainsAny(conversion, "{}") {
			return "", "", "", errors.New("after ! there must be r, s or a")
		}
		return name, conversion, spec, nil
	}
	return name, "", "", nil
}

// value looks up a field name with its attributes and indices.
func (f *formatter) value(name string) (starlark.Value, error) {
	end := strings.IndexAny(name, ".[")
	if end < 0 {
		end = len(name)
	}
	v, err := f.argument(name[:end])
	rest := name[end:]
	for err == nil && rest != "" {
		v, rest, err = step(v, rest)
	}
	return v, err
}

// argument is the argument of a name, a number, or the next one for "".
func (f *formatter) argument(name string) (starlark.Value, error) {
	n, isNumber := fieldNumber(name)
	switch {
	case name == "" && f.manual || isNumber && f.auto > 0:
		return nil, errors.New("{} and {0} cannot be mixed")
	case name == "":
		n, isNumber = f.auto, true
		f.auto++
	case isNumber:
		f.manual = true
	}
	if isNumber {
		if n >= len(f.args) {
			return nil, fmt.Errorf("field %d has no value: format() got %d", n, len(f.args))
		}
		return f.args[n], nil
	}
	for _, kv := range f.kwargs {
		if kv[0] == starlark.String(name) {
			return kv[1], nil
		}
	}
	return nil, fmt.Errorf("field {%s} has no value: write .format(%s=…), or an f-string", name, name)
}

// fieldNumber reads a name that is all digits.
func fieldNumber(name string) (int, bool) {
	if name == "" || strings.Trim(name, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(name)
	return n, err == nil
}

// step follows one .attribute or [index].
func step(v starlark.Value, rest string) (starlark.Value, string, error) {
	if attr, ok := strings.CutPrefix(rest, "."); ok {
		end := strings.IndexAny(attr, ".[")
		if end < 0 {
			end = len(attr)
		}
		next, err := attribute(v, attr[:end])
		return next, attr[end:], err
	}
	index, after, ok := strings.Cut(strings.TrimPrefix(rest, "["), "]")
	switch {
	case !strings.HasPrefix(rest, "["):
		return nil, "", fmt.Errorf("only . or [ may follow ] in a field, got %s", Quote(rest))
	case !ok:
		return nil, "", errors.New("a ] is missing in a field")
	case index == "":
		return nil, "", errors.New("an empty index [] in a field")
	}
	next, err := element(v, index)
	return next, after, err
}

func attribute(v starlark.Value, name string) (starlark.Value, error) {
	if name == "" {
		return nil, errors.New("an empty attribute in a field")
	}
	if h, ok := v.(starlark.HasAttrs); ok {
		if a, err := h.Attr(name); a != nil || err != nil {
			return a, err
		}
	}
	return nil, fmt.Errorf("%s has no attribute .%s", v.Type(), name)
}

// element is v[index]; an index of digits is a number, any other a string.
func element(v starlark.Value, index string) (starlark.Value, error) {
	n, isNumber := fieldNumber(index)
	switch v := v.(type) {
	case starlark.Mapping:
		var key starlark.Value = starlark.String(index)
		if isNumber {
			key = starlark.MakeInt(n)
		}
		e, found, err := v.Get(key)
		if err == nil && !found {
			err = fmt.Errorf("key %s is not in the %s", Repr(key), v.Type())
		}
		return e, err
	case starlark.String:
		if runes := []rune(string(v)); isNumber && n < len(runes) {
			return starlark.String(runes[n]), nil
		}
		return nil, fmt.Errorf("index [%s] does not suit a string of %d characters", index, utf8.RuneCountInString(string(v)))
	case starlark.Indexable:
		if isNumber && n < v.Len() {
			return v.Index(n), nil
		}
		return nil, fmt.Errorf("index [%s] does not suit a %s of %d elements", index, v.Type(), v.Len())
	}
	return nil, fmt.Errorf("%s cannot be indexed by [%s]", v.Type(), index)
}
