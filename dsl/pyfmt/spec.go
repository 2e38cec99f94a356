package pyfmt

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// maxWidth bounds widths and precisions, so that a slip cannot fill the memory.
const maxWidth = 1 << 20

// A spec is a format specification
//
//	[[fill]align][sign][z][#][0][width][,|_][.precision][type]
//
// of the format-spec mini-language. The % operator fills one in too.
type spec struct {
	text    string // as written, for errors
	fill    rune
	align   byte // '<', '>', '^', '=' or 0 for the type's own
	sign    byte // '+', ' ' or 0 for '-'
	noMinus bool // z: no minus before a zero
	alt     bool // #
	width   int
	group   byte // ',', '_' or 0
	prec    int  // -1: not given
	typ     byte // 0: not given
}

// Format is format(v, spec): what f"{v:spec}" writes.
func Format(v starlark.Value, text string) (string, error) {
	if text == "" {
		return Str(v), nil
	}
	s, err := parseSpec(text)
	if err != nil {
		return "", err
	}
	switch v := v.(type) {
	case starlark.String:
		return s.string(string(v))
	case starlark.Bool:
		return s.int(starlark.MakeInt(truth(v)), "bool")
	case starlark.Int:
		return s.int(v, "int")
	case starlark.Float:
		return s.float(float64(v), "float")
	}
	return "", fmt.Errorf("format spec %q does not suit a value of type %s: it is for numbers and strings; write {} or str(x) for the value as a whole", text, v.Type())
}

func truth(b starlark.Bool) int {
	if b {
		return 1
	}
	return 0
}

// parseSpec reads a specification; text is not empty.
func parseSpec(text string) (spec, error) {
	s := spec{text: text, fill: ' ', prec: -1}
	rest := text
	first, size := utf8.DecodeRuneInString(rest)
	filled := false
	switch {
	case len(rest) > size && isAlign(rest[size]):
		s.fill, s.align, rest, filled = first, rest[size], rest[size+1:], true
	case isAlign(rest[0]):
		s.align, rest = rest[0], rest[1:]
	}
	flags := []struct {
		chars string
		set   func(c byte)
	}{
		{"+- ", func(c byte) { s.sign = c }},
		{"z", func(byte) { s.noMinus = true }},
		{"#", func(byte) { s.alt = true }},
	}
	for _, f := range flags {
		if rest != "" && strings.IndexByte(f.chars, rest[0]) >= 0 {
			f.set(rest[0])
			rest = rest[1:]
		}
	}
	if !filled && strings.HasPrefix(rest, "0") {
		s.fill, rest = '0', rest[1:]
		if s.align == 0 {
			s.align = zeroAlign
		}
	}
	return s, s.parseSizes(rest)
}

// zeroAlign stands for the alignment that a 0 before the width asks for: '='
// for numbers, the usual one for strings.
const zeroAlign = '0'

func isAlign(c byte) bool { return strings.IndexByte("<>^=", c) >= 0 }

// parseSizes reads [width][,|_][.precision][type].
func (s *spec) parseSizes(rest string) error {
	var err error
	if s.width, rest, err = s.number(rest, 0); err != nil {
		return err
	}
	if rest != "" && (rest[0] == ',' || rest[0] == '_') {
		s.group, rest = rest[0], rest[1:]
	}
	if after, ok := strings.CutPrefix(rest, "."); ok {
		if s.prec, rest, err = s.number(after, -1); err != nil {
			return err
		}
		if s.prec < 0 {
			return fmt.Errorf("format spec %q: a number of digits is missing after the point, as in .3f", s.text)
		}
	}
	if len(rest) > 1 {
		return fmt.Errorf("format spec %q is not [[fill]align][sign][#][0][width][,][.precision][type]: cannot read %q", s.text, rest)
	}
	if rest != "" {
		s.typ = rest[0]
	}
	return nil
}

// number reads the digits at the start of rest, or gives missing.
func (s *spec) number(rest string, missing int) (int, string, error) {
	n, i := 0, 0
	for ; i < len(rest) && '0' <= rest[i] && rest[i] <= '9'; i++ {
		n = n*10 + int(rest[i]-'0')
		if n > maxWidth {
			return 0, "", fmt.Errorf("format spec %q: widths and precisions go up to %d", s.text, maxWidth)
		}
	}
	if i == 0 {
		return missing, rest, nil
	}
	return n, rest[i:], nil
}

// string formats a string.
func (s spec) string(v string) (string, error) {
	var wrong string
	switch {
	case s.typ != 0 && s.typ != 's':
		return "", fmt.Errorf("format spec %q: type %q is for numbers, got the string %s; use float(x) or int(x) first, or leave the type out", s.text, s.typ, cut(Quote(v), 30))
	case s.sign != 0:
		wrong = fmt.Sprintf("the sign %q", s.sign)
	case s.noMinus:
		wrong = "z"
	case s.alt:
		wrong = "#"
	case s.group != 0:
		wrong = fmt.Sprintf("%q between thousands", s.group)
	case s.align == '=':
		wrong = "the alignment ="
	}
	if wrong != "" {
		return "", fmt.Errorf("format spec %q: %s is for numbers, got the string %s", s.text, wrong, cut(Quote(v), 30))
	}
	if s.prec >= 0 {
		v = prefix(v, s.prec)
	}
	if s.align == 0 || s.align == zeroAlign {
		s.align = '<'
	}
	return s.pad(v), nil
}

// pad fills text up to the width, on the sides that the alignment says.
func (s spec) pad(text string) string {
	n := s.width - utf8.RuneCountInString(text)
	if n <= 0 {
		return text
	}
	left := n
	switch s.align {
	case '<':
		left = 0
	case '^':
		left = n / 2
	}
	fill := string(s.fill)
	return strings.Repeat(fill, left) + text + strings.Repeat(fill, n-left)
}
