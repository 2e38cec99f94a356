package pyfmt

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// A base is how an int type writes: in which base and after which prefix.
type base struct {
	base   int
	prefix string // of the # flag
	group  int    // digits between separators
}

var bases = map[byte]base{
	'd': {10, "", 3}, 'n': {10, "", 3}, 'i': {10, "", 3}, 'u': {10, "", 3},
	'b': {2, "0b", 4}, 'o': {8, "0o", 4}, 'x': {16, "0x", 4}, 'X': {16, "0X", 4},
}

// int formats a whole number; kind is "int" or "bool", for errors.
func (s spec) int(v starlark.Int, kind string) (string, error) {
	typ := s.typ
	if typ == 0 {
		typ = 'd'
	}
	if strings.IndexByte("eEfFgG%", typ) >= 0 {
		f, err := toFloat(v)
		if err != nil {
			return "", err
		}
		return s.float(f, kind)
	}
	if s.noMinus {
		return "", fmt.Errorf("format spec %q: z is for float types such as f", s.text)
	}
	if s.prec >= 0 {
		return "", fmt.Errorf("format spec %q: a precision is for floats, got %s %s; write %q", s.text, kind, v, s.text+"f")
	}
	if typ == 'c' {
		return s.char(v)
	}
	b, ok := bases[typ]
	if !ok || typ == 'i' || typ == 'u' {
		return "", fmt.Errorf("format spec %q: unknown type %q for %s %s; the types are d, b, o, x, X, c, and e, f, g, %% for floats", s.text, typ, kind, v)
	}
	if s.group == ',' && b.base != 10 {
		return "", fmt.Errorf("format spec %q: ',' goes with decimal numbers; use '_' with type %q", s.text, typ)
	}
	if typ == 'n' && s.group != 0 {
		return "", fmt.Errorf("format spec %q: leave out %q with type 'n', or use 'd'", s.text, s.group)
	}
	neg, body := s.digits(v.BigInt(), b)
	return s.numeric(neg, body, b), nil
}

// A body is the text of a number that is not negative, in its parts.
type body struct {
	prefix string // 0x
	whole  string // digits before the point
	rest   string // point, decimals, exponent; inf and nan
}

// digits is v in a base, with the # prefix where asked.
func (s spec) digits(v *big.Int, b base) (neg bool, out body) {
	text := strings.TrimPrefix(v.Text(b.base), "-")
	out.whole = text
	if s.alt {
		out.prefix = b.prefix
	}
	if b.prefix == "0X" {
		out.whole = strings.ToUpper(text)
	}
	return v.Sign() < 0, out
}

// char formats a code point.
func (s spec) char(v starlark.Int) (string, error) {
	n, ok := v.Int64()
	switch {
	case !ok || n < 0 || n > utf8.MaxRune:
		return "", fmt.Errorf("format spec %q: type 'c' takes a code point from 0 to %d, got %s", s.text, utf8.MaxRune, v)
	case s.sign != 0 || s.alt || s.group != 0:
		return "", fmt.Errorf("format spec %q: sign, # and separators do not go with type 'c'", s.text)
	}
	return s.pad(string(rune(n))), nil
}

func toFloat(v starlark.Int) (float64, error) {
	f := float64(v.Float())
	if math.IsInf(f, 0) {
		return 0, fmt.Errorf("int too large to convert to float")
	}
	return f, nil
}

// float formats a float, or an int by a float type.
func (s spec) float(f float64, kind string) (string, error) {
	if s.typ != 0 && strings.IndexByte("eEfFgGn%", s.typ) < 0 {
		hint := "the types are e, f, g, n and %"
		if _, whole := bases[s.typ]; whole || s.typ == 'c' {
			hint = "it is for whole numbers; use 'f', 'e' or 'g', or int(x) first"
		}
		return "", fmt.Errorf("format spec %q: unknown type %q for %s %s: %s", s.text, s.typ, kind, Float(f), hint)
	}
	if s.typ == 'n' && s.group != 0 {
		return "", fmt.Errorf("format spec %q: leave out %q with type 'n', or use 'g'", s.text, s.group)
	}
	neg, b := s.floatBody(f)
	return s.numeric(neg, b, bases['d']), nil
}

// floatBody is f in the parts of the type and precision.
func (s spec) floatBody(f float64) (neg bool, out body) {
	neg = math.Signbit(f) && f == f
	f = math.Abs(f)
	percent := ""
	if s.typ == '%' {
		f, percent = f*100, "%"
	}
	text := s.unsigned(f)
	if s.typ == 'E' || s.typ == 'F' || s.typ == 'G' {
		text = strings.ToUpper(text)
	}
	n := 0
	for n < len(text) && '0' <= text[n] && text[n] <= '9' {
		n++
	}
	if neg && s.noMinus && strings.Trim(text, "0.") == "" {
		neg = false
	}
	return neg, body{whole: text[:n], rest: text[n:] + percent}
}

// unsigned is f >= 0 by type and precision, in lower case.
func (s spec) unsigned(f float64) string {
	if f != f || math.IsInf(f, 0) {
		return shortest(f)
	}
	prec := s.prec
	if prec < 0 {
		prec = 6
	}
	switch s.typ {
	case 'e', 'E', 'f', 'F', '%':
		text := strconv.FormatFloat(f, verb(s.typ), prec, 64)
		if s.alt && prec == 0 {
			text = withPoint(text)
		}
		return text
	case 0:
		if s.prec < 0 {
			return s.altShortest(f)
		}
		return general(f, prec, 1, s.alt)
	}
	return general(f, prec, 0, s.alt)
}

// altShortest is repr, with a point before the exponent under the # flag.
func (s spec) altShortest(f float64) string {
	if s.alt {
		return withPoint(shortest(f))
	}
	return shortest(f)
}

// verb is strconv's letter of a float type.
func verb(typ byte) byte {
	if typ == 'e' || typ == 'E' {
		return 'e'
	}
	return 'f'
}

// general is the g type: prec significant digits, with an exponent below 1e-4
// and from 10^(prec-less) up; without trailing zeros unless alt. less is 1 when
// no type was given, where a whole number keeps ".0".
func general(f float64, prec, less int, alt bool) string {
	prec = max(prec, 1)
	text := strconv.FormatFloat(f, 'e', prec-1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	exp, _ := strconv.Atoi(exponent)
	if exp < -4 || exp >= prec-less {
		return trimZeros(mantissa, alt) + "e" + exponent
	}
	text = trimZeros(strconv.FormatFloat(f, 'f', max(prec-1-exp, 0), 64), alt)
	if less == 1 && !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// trimZeros drops the zeros after the last decimal, or under alt keeps them all
// and the point.
func trimZeros(text string, alt bool) string {
	if alt {
		return withPoint(text)
	}
	if strings.Contains(text, ".") {
		return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// withPoint puts a point after the digits, before any exponent.
func withPoint(text string) string {
	if strings.Contains(text, ".") {
		return text
	}
	mantissa, exponent, ok := strings.Cut(text, "e")
	if ok {
		return mantissa + ".e" + exponent
	}
	return text + "."
}

// numeric puts sign, prefix, separators and padding around a number.
func (s spec) numeric(neg bool, b body, base base) string {
	sign := ""
	switch {
	case neg:
		sign = "-"
	case s.sign == '+' || s.sign == ' ':
		sign = string(s.sign)
	}
	switch s.align {
	case 0:
		s.align = '>'
	case zeroAlign:
		s.align = '='
	}
	head := sign + b.prefix
	room := s.width - len(head) - len(b.rest)
	if s.align != '=' || s.fill != '0' {
		room = 0
	}
	whole := grouped(b.whole, s.group, base.group, room)
	if s.align != '=' {
		return s.pad(head + whole + b.rest)
	}
	s.width -= len(head)
	s.align = '>'
	return head + s.pad(whole+b.rest)
}

// grouped puts sep between groups of size digits, and zeros before them until
// the text fills the room; a separator never comes first.
func grouped(digits string, sep byte, size, room int) string {
	if sep == 0 || digits == "" {
		return strings.Repeat("0", max(room-len(digits), 0)) + digits
	}
	n := len(digits)
	for n+(n-1)/size < room {
		n++
	}
	digits = strings.Repeat("0", n-len(digits)) + digits
	var b strings.Builder
	for i, c := range []byte(digits) {
		if i > 0 && (len(digits)-i)%size == 0 {
			b.WriteByte(sep)
		}
		b.WriteByte(c)
	}
	return b.String()
}
