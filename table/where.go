package table

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Where returns the rows for which a condition is true:
//
//	t.Where("body_mass_g > ? and (sex = 'male' or island in ('Dream', 'Biscoe')) and year is not missing", 4000.0)
//
// Names of columns stand as they are, or in double quotes or backticks if
// they are not plain words; text stands in single quotes; each ? takes the
// next argument (a scalar as in Binary, or []any after in). There are
// = == != <> < <= > >=, + - * / %, in, not in, is missing, is not missing
// (also null), and, or, not. A comparison with a missing value is neither
// true nor false, and such rows are left out.
func (t *Table) Where(condition string, args ...any) (*Table, error) {
	mask, err := t.Mask(condition, args...)
	if err != nil {
		return nil, err
	}
	return t.Filter(mask)
}

// Mask is the boolean column of a condition that Where filters by.
func (t *Table) Mask(condition string, args ...any) (*Column, error) {
	p := &whereParser{t: t, src: condition, args: args}
	mask, err := p.parse()
	if err != nil {
		return nil, fmt.Errorf("where(%q): %w", condition, err)
	}
	return mask, nil
}

// whereParser evaluates while it parses: values are *Column or scalars.
type whereParser struct {
	t    *Table
	src  string
	tok  string // the current token, "" at the end
	kind tokenKind
	args []any
	used int
}

type tokenKind uint8

const (
	tokEnd tokenKind = iota
	tokWord
	tokQuotedName
	tokText
	tokNumber
	tokSign
)

func (p *whereParser) parse() (*Column, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	v, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.kind != tokEnd {
		return nil, fmt.Errorf("did not expect %q; conditions are joined by and, or", p.tok)
	}
	if p.used < len(p.args) {
		return nil, fmt.Errorf("%d values given for %d question marks", len(p.args), p.used)
	}
	c, ok := v.(*Column)
	if !ok || c.typ != Boolean {
		return nil, fmt.Errorf("this is not a condition; compare something, as in a > 3")
	}
	return c, nil
}

// next reads the next token.
func (p *whereParser) next() error {
	p.src = strings.TrimLeftFunc(p.src, unicode.IsSpace)
	if p.src == "" {
		p.kind, p.tok = tokEnd, ""
		return nil
	}
	r, n := utf8.DecodeRuneInString(p.src)
	switch {
	case r == '\'' || r == '"' || r == '`':
		return p.quoted(byte(r))
	case isDigit(p.src[0]) || r == '.' && len(p.src) > 1 && isDigit(p.src[1]):
		p.take(tokNumber, numberLength(p.src))
	case unicode.IsLetter(r) || r == '_':
		n := strings.IndexFunc(p.src, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.' })
		if n < 0 {
			n = len(p.src)
		}
		p.take(tokWord, n)
	default:
		for _, two := range []string{"==", "!=", "<>", "<=", ">="} {
			if strings.HasPrefix(p.src, two) {
				n = 2
			}
		}
		p.take(tokSign, n)
	}
	return nil
}

func (p *whereParser) take(k tokenKind, n int) { p.kind, p.tok, p.src = k, p.src[:n], p.src[n:] }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// numberLength is the length of the number that s begins with.
func numberLength(s string) int {
	i := 0
	for i < len(s) && (isDigit(s[i]) || s[i] == '.' || s[i] == 'e' || s[i] == 'E' ||
		(s[i] == '-' || s[i] == '+') && (s[i-1] == 'e' || s[i-1] == 'E')) {
		i++
	}
	return i
}

func (p *whereParser) quoted(q byte) error {
	var b strings.Builder
	for i := 1; i < len(p.src); i++ {
		if p.src[i] != q {
			b.WriteByte(p.src[i])
			continue
		}
		if i+1 < len(p.src) && p.src[i+1] == q { // doubled: the quote itself
			b.WriteByte(q)
			i++
			continue
		}
		p.kind, p.tok, p.src = tokQuotedName, b.String(), p.src[i+1:]
		if q == '\'' {
			p.kind = tokText
		}
		return nil
	}
	return fmt.Errorf("the quote %c is not closed", q)
}

// word tells whether the current token is one of the words, in any case.
func (p *whereParser) word(words ...string) bool {
	for _, w := range words {
		if p.kind == tokWord && strings.EqualFold(p.tok, w) {
			return true
		}
	}
	return false
}

func (p *whereParser) sign(signs ...string) bool {
	for _, s := range signs {
		if p.kind == tokSign && p.tok == s {
			return true
		}
	}
	return false
}

// level parses operands joined by operators of one precedence, left to right.
func (p *whereParser) level(operand func() (any, error), operator func() string) (any, error) {
	a, err := operand()
	for err == nil {
		op := operator()
		if op == "" {
			return a, nil
		}
		if err = p.next(); err != nil {
			break
		}
		var b any
		if b, err = operand(); err == nil {
			a, err = binaryAny(op, a, b)
		}
	}
	return nil, err
}

func (p *whereParser) or() (any, error) {
	return p.level(p.and, func() string { return choose(p.word("or"), "|") })
}

func (p *whereParser) and() (any, error) {
	return p.level(p.not, func() string { return choose(p.word("and"), "&") })
}

func choose(yes bool, s string) string {
	if yes {
		return s
	}
	return ""
}

func (p *whereParser) not() (any, error) {
	if !p.word("not") {
		return p.comparison()
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	v, err := p.not()
	if err != nil {
		return nil, err
	}
	return negate(v)
}

func negate(v any) (any, error) {
	c, ok := v.(*Column)
	if !ok {
		return nil, fmt.Errorf("not needs a condition, got %v", v)
	}
	return c.Not()
}

// signAliases maps spellings to operators of Binary.
var signAliases = map[string]string{"=": "==", "==": "==", "!=": "!=", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

func (p *whereParser) comparison() (any, error) {
	a, err := p.sum()
	if err != nil {
		return nil, err
	}
	switch {
	case p.kind == tokSign && signAliases[p.tok] != "":
		op := signAliases[p.tok]
		if err := p.next(); err != nil {
			return nil, err
		}
		b, err := p.sum()
		if err != nil {
			return nil, err
		}
		return binaryAny(op, a, b)
	case p.word("is"):
		return p.isMissing(a)
	case p.word("in"):
		return p.in(a)
	case p.word("not"):
		if err := p.next(); err != nil {
			return nil, err
		}
		if !p.word("in") {
			return nil, fmt.Errorf("expected in after not, got %q", p.tok)
		}
		v, err := p.in(a)
		if err != nil {
			return nil, err
		}
		return negate(v)
	}
	return a, nil
}

func (p *whereParser) isMissing(a any) (any, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	not := p.word("not")
	if not {
		if err := p.next(); err != nil {
			return nil, err
		}
	}
	c, ok := a.(*Column)
	if !ok || !p.word("missing", "null") {
		return nil, fmt.Errorf("write: column is missing, or column is not missing")
	}
	out := make([]int8, c.n)
	for i := range out {
		out[i] = flag(c.IsMissing(i) != not)
	}
	return booleans(c.name, out), p.next()
}

func (p *whereParser) in(a any) (any, error) {
	c, ok := a.(*Column)
	if !ok {
		return nil, fmt.Errorf("in needs a column before it")
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	if p.sign("?") {
		v, err := p.argument()
		if err != nil {
			return nil, err
		}
		list, ok := v.([]any)
		if !ok {
			return nil, fmt.Errorf("in ? needs a list, got %v", v)
		}
		return c.IsIn(list)
	}
	if !p.sign("(", "[") {
		return nil, fmt.Errorf("expected ( after in")
	}
	var values []any
	for {
		if err := p.next(); err != nil {
			return nil, err
		}
		v, err := p.sum()
		if err != nil {
			return nil, err
		}
		values = append(values, v)
		if !p.sign(",") {
			break
		}
	}
	if !p.sign(")", "]") {
		return nil, fmt.Errorf("the list after in is not closed")
	}
	if err := p.next(); err != nil {
		return nil, err
	}
	return c.IsIn(values)
}

func (p *whereParser) sum() (any, error) {
	return p.level(p.product, func() string { return choose(p.sign("+", "-"), p.tok) })
}

func (p *whereParser) product() (any, error) {
	return p.level(p.operand, func() string { return choose(p.sign("*", "/", "%"), p.tok) })
}

func (p *whereParser) argument() (any, error) {
	if p.used >= len(p.args) {
		return nil, fmt.Errorf("more question marks than values (%d)", len(p.args))
	}
	p.used++
	return p.args[p.used-1], p.next()
}

// operand parses a name, a literal, ?, a sign or parentheses.
func (p *whereParser) operand() (any, error) {
	tok := p.tok
	switch {
	case p.kind == tokEnd:
		return nil, fmt.Errorf("the condition ends too early")
	case p.kind == tokText:
		return tok, p.next()
	case p.kind == tokNumber:
		f, err := strconv.ParseFloat(tok, 64)
		if err != nil {
			return nil, fmt.Errorf("%q is not a number", tok)
		}
		return f, p.next()
	case p.sign("?"):
		return p.argument()
	case p.sign("-"):
		if err := p.next(); err != nil {
			return nil, err
		}
		v, err := p.operand()
		if err != nil {
			return nil, err
		}
		return binaryAny("-", 0.0, v)
	case p.sign("("):
		return p.parenthesis()
	case p.word("true", "false") && !p.t.Has(tok):
		return strings.EqualFold(tok, "true"), p.next()
	case p.kind == tokWord || p.kind == tokQuotedName:
		c, err := p.t.Col(tok)
		if err != nil {
			return nil, fmt.Errorf("%w (text goes in single quotes)", err)
		}
		return c, p.next()
	}
	return nil, fmt.Errorf("did not expect %q", tok)
}

func (p *whereParser) parenthesis() (any, error) {
	if err := p.next(); err != nil {
		return nil, err
	}
	v, err := p.or()
	if err != nil {
		return nil, err
	}
	if !p.sign(")") {
		return nil, fmt.Errorf("a parenthesis is not closed")
	}
	return v, p.next()
}

// binaryAny is Binary that also computes with two numbers.
func binaryAny(op string, a, b any) (any, error) {
	x, okX := toFloat(a)
	y, okY := toFloat(b)
	if f, ok := arithmetic[op]; ok && okX && okY {
		return f(x, y), nil
	}
	return Binary(op, a, b)
}
