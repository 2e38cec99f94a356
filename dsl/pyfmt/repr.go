package pyfmt

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// maxDepth is how deep containers are written.
const maxDepth = 200

// A writer writes one repr.
type writer struct {
	out   strings.Builder
	limit int              // code points wanted, 0 for all
	path  []starlark.Value // the lists and dicts being written
}

// full says that enough is written. A code point has at most 4 bytes.
func (w *writer) full() bool { return w.limit > 0 && w.out.Len() > 4*w.limit+4 }

func (w *writer) value(v starlark.Value, depth int) {
	switch v := v.(type) {
	case starlark.String:
		w.quoted(string(v))
	case starlark.Bytes:
		w.out.WriteString("b" + quoteBytes(string(v)))
	case starlark.Float:
		w.out.WriteString(Float(float64(v)))
	case *starlark.List:
		w.container(v, "[", "]", depth, v.Len(), func(i int) { w.value(v.Index(i), depth+1) })
	case starlark.Tuple:
		end := ")"
		if len(v) == 1 {
			end = ",)"
		}
		w.container(v, "(", end, depth, len(v), func(i int) { w.value(v[i], depth+1) })
	case *starlark.Dict:
		w.dict(v, depth)
	case *starlark.Set:
		w.set(v, depth)
	default:
		w.out.WriteString(other(v))
	}
}

// other is the repr of what Python has no form for, or the same one.
func other(v starlark.Value) string {
	s := v.String()
	if v.Type() == "range" && !strings.Contains(s, ",") {
		return strings.Replace(s, "(", "(0, ", 1)
	}
	return s
}

func (w *writer) quoted(s string) {
	if w.limit > 0 && len(s) > 4*w.limit+4 {
		s = s[:4*w.limit+4]
	}
	w.out.WriteString(Quote(s))
}

// container writes n elements between open and end.
func (w *writer) container(v starlark.Value, open, end string, depth, n int, element func(i int)) {
	w.out.WriteString(open)
	if depth >= maxDepth && n > 0 || w.within(v) {
		w.out.WriteString("..." + end)
		return
	}
	w.path = append(w.path, v)
	for i := 0; i < n && !w.full(); i++ {
		if i > 0 {
			w.out.WriteString(", ")
		}
		element(i)
	}
	w.path = w.path[:len(w.path)-1]
	w.out.WriteString(end)
}

// within says whether v is being written already. Only lists and dicts can
// contain themselves; tuples and sets are not comparable by ==.
func (w *writer) within(v starlark.Value) bool {
	switch v.(type) {
	case *starlark.List, *starlark.Dict:
		return slices.ContainsFunc(w.path, func(p starlark.Value) bool { return same(p, v) })
	}
	return false
}

// same says whether two values are one list or dict.
func same(p, v starlark.Value) bool {
	switch p := p.(type) {
	case *starlark.List:
		l, ok := v.(*starlark.List)
		return ok && l == p
	case *starlark.Dict:
		d, ok := v.(*starlark.Dict)
		return ok && d == p
	}
	return false
}

func (w *writer) dict(d *starlark.Dict, depth int) {
	keys := d.Keys()
	w.container(d, "{", "}", depth, len(keys), func(i int) {
		value, _, _ := d.Get(keys[i])
		w.value(keys[i], depth+1)
		w.out.WriteString(": ")
		w.value(value, depth+1)
	})
}

func (w *writer) set(s *starlark.Set, depth int) {
	if s.Len() == 0 {
		w.out.WriteString("set()")
		return
	}
	elems := slices.Collect(s.Elements())
	w.container(s, "{", "}", depth, len(elems), func(i int) { w.value(elems[i], depth+1) })
}

// escapes are the characters that have a short escape.
var escapes = map[rune]string{'\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`}

// Quote is repr of a string: single quotes unless it has some and no double
// ones, printable characters as they are. Bytes that are no UTF-8 show as \xNN.
func Quote(s string) string {
	quote := quoteFor(s)
	var b strings.Builder
	b.WriteRune(quote)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		short, isShort := escapes[r]
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case isShort:
			b.WriteString(short)
		case r == quote:
			b.WriteString(`\` + string(r))
		case unicode.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString(escape(r))
		}
		i += size
	}
	b.WriteRune(quote)
	return b.String()
}

// escape is r as \xNN, \uNNNN or \UNNNNNNNN.
func escape(r rune) string {
	switch {
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	case r < 0x10000:
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

func quoteFor(s string) rune {
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		return '"'
	}
	return '\''
}

// quoteBytes is repr of bytes without the b: what is not ASCII is escaped.
func quoteBytes(s string) string {
	quote := quoteFor(s)
	var b strings.Builder
	b.WriteRune(quote)
	for i := 0; i < len(s); i++ {
		r := rune(s[i])
		short, isShort := escapes[r]
		switch {
		case isShort:
			b.WriteString(short)
		case r == quote:
			b.WriteString(`\` + string(r))
		case r < ' ' || r > '~':
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteRune(quote)
	return b.String()
}

// ascii is Python's ascii(): the repr with everything beyond ASCII escaped.
func ascii(repr string) string {
	var b strings.Builder
	for _, r := range repr {
		if r < 0x80 {
			b.WriteRune(r)
		} else {
			b.WriteString(escape(r))
		}
	}
	return b.String()
}

// cut shortens s to n code points.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return prefix(s, max(n-3, 0)) + "..."[:min(3, n)]
}

// prefix is the first n code points of s.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
