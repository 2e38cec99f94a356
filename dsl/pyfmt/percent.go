package pyfmt

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// A percenter walks one %-format.
type percenter struct {
	format string
	pos    int
	args   starlark.Tuple
	used   int
	dict   starlark.Mapping // nil unless the operand is a mapping
	named  bool             // a %(name) was seen
}

// Percent is format % args: args is a tuple of values, a dict for %(name)s, or
// one value. The conversions are d i u o x X e E f F g G c r s a and %%, with
// flags, width and precision, "*" taking one of these from the tuple.
func Percent(format string, args starlark.Value) (string, error) {
	p := &percenter{format: format, args: starlark.Tuple{args}}
	switch args := args.(type) {
	case starlark.Tuple:
		p.args = args
	case starlark.Mapping:
		p.dict = args
	}
	var out strings.Builder
	for {
		text, _, found := strings.Cut(p.format[p.pos:], "%")
		out.WriteString(text)
		if !found {
			break
		}
		p.pos += len(text) + 1
		piece, err := p.conversion()
		if err != nil {
			return "", fmt.Errorf("%s in the format %s", err, cut(Quote(format), 60))
		}
		out.WriteString(piece)
	}
	if p.dict == nil && p.used < len(p.args) {
		return "", fmt.Errorf("not all arguments converted: the format %s takes %d, got %d", cut(Quote(format), 60), p.used, len(p.args))
	}
	return out.String(), nil
}

// peek is the next byte, 0 at the end.
func (p *percenter) peek() byte {
	if p.pos < len(p.format) {
		return p.format[p.pos]
	}
	return 0
}

// conversion reads what follows a %, up to its letter.
func (p *percenter) conversion() (string, error) {
	start := p.pos
	value, err := p.name()
	if err != nil {
		return "", err
	}
	s := spec{fill: ' ', prec: -1, align: '>'}
	zero := p.flags(&s)
	if err := p.sizes(&s); err != nil {
		return "", err
	}
	for p.peek() != 0 && strings.IndexByte("hlL", p.peek()) >= 0 {
		p.pos++
	}
	letter, size := utf8.DecodeRuneInString(p.format[p.pos:])
	if size == 0 {
		return "", fmt.Errorf("a letter is missing after %%%s (write %%%% for a percent sign)", p.format[start:])
	}
	p.pos += size
	s.text = "%" + p.format[start:p.pos]
	if letter == '%' {
		return "%", nil
	}
	if letter > 0x7f || strings.IndexByte("diuoxXeEfFgGcrsa", byte(letter)) < 0 {
		return "", fmt.Errorf("unknown conversion %q (write %%%% for a percent sign)", s.text)
	}
	s.typ = byte(letter)
	if value == nil {
		if value, err = p.next(); err != nil {
			return "", err
		}
	}
	return s.percent(value, zero)
}

// name reads (name) and looks it up; nil without one.
func (p *percenter) name() (starlark.Value, error) {
	if p.peek() != '(' {
		return nil, nil
	}
	depth, end := 0, -1
	for i := p.pos; i < len(p.format) && end < 0; i++ {
		switch p.format[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				end = i
			}
		}
	}
	if end < 0 {
		return nil, errors.New("a ) is missing after %(")
	}
	name := p.format[p.pos+1 : end]
	p.pos = end + 1
	if p.dict == nil {
		return nil, fmt.Errorf("%%(%s) needs a dict on the right of %%", name)
	}
	v, found, err := p.dict.Get(starlark.String(name))
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fmt.Errorf("key %s is not in the dict", Quote(name))
	}
	p.named = true
	return v, nil
}

// flags reads - + space # 0 and says whether 0 is among them.
func (p *percenter) flags(s *spec) (zero bool) {
	for ; ; p.pos++ {
		switch p.peek() {
		case '-':
			s.align = '<'
		case '+':
			s.sign = '+'
		case ' ':
			if s.sign == 0 {
				s.sign = ' '
			}
		case '#':
			s.alt = true
		case '0':
			zero = true
		default:
			return zero
		}
	}
}

// sizes reads [width][.precision].
func (p *percenter) sizes(s *spec) error {
	var err error
	if s.width, err = p.size(s, 0); err != nil {
		return err
	}
	if s.width < 0 {
		s.align, s.width = '<', -s.width
	}
	if p.peek() == '.' {
		p.pos++
		s.prec, err = p.size(s, 0)
		s.prec = max(s.prec, 0)
	}
	return err
}

// size reads a number or *, or gives missing.
func (p *percenter) size(s *spec, missing int) (int, error) {
	if p.peek() != '*' {
		s.text = p.format
		n, rest, err := s.number(p.format[p.pos:], missing)
		p.pos = len(p.format) - len(rest)
		return n, err
	}
	p.pos++
	v, err := p.next()
	if err != nil {
		return 0, err
	}
	n, err := starlark.AsInt32(v)
	if err != nil || n > maxWidth || n < -maxWidth {
		return 0, fmt.Errorf("* wants a whole number up to %d, got %s", maxWidth, ReprLimit(v, 30))
	}
	return n, nil
}

// next is the next value of the tuple.
func (p *percenter) next() (starlark.Value, error) {
	if p.named {
		return nil, errors.New("names and positions mixed")
	}
	if p.used >= len(p.args) {
		return nil, fmt.Errorf("not enough arguments: got %d", len(p.args))
	}
	p.used++
	return p.args[p.used-1], nil
}

// percent formats v by a conversion of the % operator.
func (s spec) percent(v starlark.Value, zero bool) (string, error) {
	if zero && s.align == '>' && strings.IndexByte("srac", s.typ) < 0 {
		s.fill, s.align = '0', '='
	}
	switch s.typ {
	case 's', 'r', 'a':
		return s.percentText(v), nil
	case 'c':
		return s.percentChar(v)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		return s.percentFloat(v)
	}
	return s.percentInt(v)
}

func (s spec) percentText(v starlark.Value) string {
	var text string
	switch s.typ {
	case 's':
		text = Str(v)
	case 'r':
		text = Repr(v)
	default:
		text = ascii(Repr(v))
	}
	if s.prec >= 0 {
		text = prefix(text, s.prec)
	}
	return s.pad(text)
}

func (s spec) percentChar(v starlark.Value) (string, error) {
	switch v := v.(type) {
	case starlark.String:
		if utf8.RuneCountInString(string(v)) == 1 {
			return s.pad(string(v)), nil
		}
	case starlark.Int:
		if n, ok := v.Int64(); ok && 0 <= n && n <= utf8.MaxRune {
			return s.pad(string(rune(n))), nil
		}
	}
	return "", fmt.Errorf("%s wants one character or a code point, got %s", s.text, ReprLimit(v, 30))
}

func (s spec) percentFloat(v starlark.Value) (string, error) {
	var f float64
	switch v := v.(type) {
	case starlark.Float:
		f = float64(v)
	case starlark.Bool:
		f = float64(truth(v))
	case starlark.Int:
		var err error
		if f, err = toFloat(v); err != nil {
			return "", err
		}
	default:
		return "", fmt.Errorf("%s wants a number, got %s %s", s.text, v.Type(), ReprLimit(v, 30))
	}
	neg, b := s.floatBody(f)
	return s.numeric(neg, b, bases['d']), nil
}

func (s spec) percentInt(v starlark.Value) (string, error) {
	base := bases[s.typ]
	var n starlark.Int
	switch v := v.(type) {
	case starlark.Bool:
		n = starlark.MakeInt(truth(v))
	case starlark.Int:
		n = v
	case starlark.Float:
		var err error
		if base.base != 10 {
			return "", fmt.Errorf("%s wants a whole number, got float %s; write int(x)", s.text, Repr(v))
		}
		if n, err = starlark.NumberToInt(v); err != nil {
			return "", fmt.Errorf("%s cannot write %s as a whole number", s.text, Repr(v))
		}
	default:
		return "", fmt.Errorf("%s wants a number, got %s %s", s.text, v.Type(), ReprLimit(v, 30))
	}
	neg, b := s.digits(n.BigInt(), base)
	b.whole = strings.Repeat("0", max(s.prec-len(b.whole), 0)) + b.whole
	return s.numeric(neg, b, base), nil
}
