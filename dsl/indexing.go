package dsl

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"mlpkernel/dsl/pyfmt"
)

// index is x[i]; text counts code points.
func index(x, i starlark.Value) (starlark.Value, error) {
	if s, ok := x.(starlark.String); ok {
		n, err := starlark.AsInt32(i)
		if err != nil {
			return nil, Errorf("TypeError", "text is indexed by whole numbers, got %s", describe(i))
		}
		if c := character(string(s), n); c != "" {
			return starlark.String(c), nil
		}
		return nil, Errorf("IndexError", "position %d is outside text of %s", n, count(utf8.RuneCountInString(string(s)), "character", "characters"))
	}
	if l, ok := x.(*starlark.List); ok {
		if n, ok := small(i); ok && n >= 0 && n < int64(l.Len()) {
			return l.Index(int(n)), nil
		}
	}
	return getIndex(x, i)
}

// character is the code point at a position, from the end if that is
// negative; empty outside.
func character(s string, i int) string {
	if i < 0 {
		for ; i < -1 && s != ""; i++ {
			_, n := utf8.DecodeLastRuneInString(s)
			s = s[:len(s)-n]
		}
		_, n := utf8.DecodeLastRuneInString(s)
		return s[len(s)-n:]
	}
	for ; i > 0 && s != ""; i-- {
		_, n := utf8.DecodeRuneInString(s)
		s = s[n:]
	}
	_, n := utf8.DecodeRuneInString(s)
	return s[:n]
}

// getIndex is x[i] for what is not text.
func getIndex(x, i starlark.Value) (starlark.Value, error) {
	switch x := x.(type) {
	case starlark.Mapping:
		v, found, err := x.Get(i)
		if err == nil && !found {
			return nil, missingKey(x, i)
		}
		return v, err
	case starlark.Indexable:
		n, err := starlark.AsInt32(i)
		if err != nil {
			return nil, Errorf("TypeError", "%s is indexed by whole numbers, got %s", aKind(x), describe(i))
		}
		k := n
		if k < 0 {
			k += x.Len()
		}
		if k < 0 || k >= x.Len() {
			return nil, Errorf("IndexError", "position %d is outside a %s of %s", n, x.Type(), count(x.Len(), "element", "elements"))
		}
		return x.Index(k), nil
	}
	hint := ""
	if _, ok := x.(*networkValue); ok {
		hint = "; its layers are .layers[0], .layers[1], …"
	} else if name, ok := starlark.AsString(i); ok && attributeOf(x, name) != nil {
		hint = "; write ." + name + ", or getattr(x, " + pyfmt.Repr(i) + ")"
	}
	return nil, Errorf("TypeError", "%s has no elements to take by []%s", aKind(x), hint)
}

func missingKey(x starlark.Mapping, key starlark.Value) error {
	var keys []string
	if m, ok := x.(starlark.IterableMapping); ok {
		for _, kv := range m.Items() {
			if s, ok := starlark.AsString(kv[0]); ok {
				keys = append(keys, s)
			}
		}
	} else if fields, ok := x.(starlark.HasAttrs); ok {
		keys = fields.AttrNames()
	}
	name, _ := starlark.AsString(key)
	hint := suggest(name, keys, nil)
	if hint == "" && len(keys) > 0 && len(keys) <= fewNames {
		hint = "; there are " + strings.Join(keys, ", ")
	}
	return Errorf("KeyError", "%s is not a key of this %s%s", pyfmt.Repr(key), x.Type(), hint)
}

// slice is x[lo:hi:step]; text counts code points.
func slice(x, lo, hi, step starlark.Value) (starlark.Value, error) {
	s, isText := x.(starlark.String)
	var seq starlark.Sliceable
	if isText {
		seq = characters([]rune(string(s)))
	} else if seq, isText = x.(starlark.Sliceable); !isText {
		return nil, Errorf("TypeError", "%s has no slices", aKind(x))
	}
	n := seq.Len()
	by := 1
	if step != starlark.None {
		var err error
		if by, err = starlark.AsInt32(step); err != nil || by == 0 {
			return nil, Errorf("ValueError", "the step of a slice is a whole number other than 0, got %s", describe(step))
		}
	}
	first, last := 0, n
	if by < 0 {
		first, last = n-1, -1
	}
	for _, b := range []struct {
		v  starlark.Value
		to *int
	}{{lo, &first}, {hi, &last}} {
		if b.v == starlark.None {
			continue
		}
		i, err := starlark.AsInt32(b.v)
		if _, ok := b.v.(starlark.Tuple); ok {
			return nil, Errorf("TypeError", matrixAdvice)
		}
		if err != nil {
			return nil, Errorf("TypeError", "the ends of a slice are whole numbers, got %s", describe(b.v))
		}
		if i < 0 {
			i += n
		}
		if by > 0 {
			*b.to = max(0, min(i, n))
		} else {
			*b.to = max(-1, min(i, n-1))
		}
	}
	if by > 0 && last < first || by < 0 && last > first {
		last = first
	}
	out, err := cut(seq, first, last, by)
	if c, ok := out.(characters); ok {
		return starlark.String(string(c)), nil
	}
	return out, err
}

// cut is a part of a sequence. Where there is no such part, as of the layers of
// a model, the sequence panics; here that is an error.
func cut(seq starlark.Sliceable, first, last, by int) (v starlark.Value, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = faultOf(p)
		}
	}()
	return seq.Slice(first, last, by), nil
}

// characters is text as a sequence of code points.
type characters []rune

func (c characters) String() string             { return string(c) }
func (c characters) Type() string               { return "string" }
func (c characters) Freeze()                    {}
func (c characters) Truth() starlark.Bool       { return len(c) > 0 }
func (c characters) Hash() (uint32, error)      { return starlark.String(string(c)).Hash() }
func (c characters) Len() int                   { return len(c) }
func (c characters) Index(i int) starlark.Value { return starlark.String(c[i]) }
func (c characters) Slice(start, end, step int) starlark.Value {
	var out characters
	for i := start; step > 0 && i < end || step < 0 && i > end; i += step {
		out = append(out, c[i])
	}
	return out
}

// iterable makes text a list of its characters; other values stay.
func iterable(v starlark.Value) starlark.Value {
	s, ok := v.(starlark.String)
	if !ok {
		return v
	}
	out := make(starlark.Tuple, 0, len(s))
	for _, r := range string(s) {
		out = append(out, starlark.String(r))
	}
	return out
}
