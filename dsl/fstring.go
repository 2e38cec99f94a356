package dsl

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/syntax"
)

// fstring takes the inside of an f"…" apart.
type fstring struct {
	d             *desugarer
	prefix, quote string
	text          string // what is left
	at            place  // of text
}

func (f *fstring) fail(format string, args ...any) {
	f.d.fail(errorf(f.d.path, f.at, format, args...))
}

func (f *fstring) advance(n int) string {
	s := f.text[:n]
	f.text = f.text[n:]
	for _, r := range s {
		if r == '\n' {
			f.at.line++
			f.at.col = 1
		} else {
			f.at.col++
		}
	}
	return s
}

// parts returns the expressions of the text's pieces; inside a format spec up
// to its closing brace.
func (f *fstring) parts(spec bool) []syntax.Expr {
	var out []syntax.Expr
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			out = append(out, f.literal(plain.String()))
			plain.Reset()
		}
	}
	for f.text != "" && f.d.err == nil {
		switch {
		case spec && f.text[0] == '}':
			flush()
			return out
		case strings.HasPrefix(f.text, "{{") || strings.HasPrefix(f.text, "}}"):
			plain.WriteString(f.advance(2)[:1])
		case f.text[0] == '}':
			f.fail("a single } in an f-string; write }} for a brace")
		case f.text[0] == '{':
			flush()
			out = append(out, f.field()...)
		case f.text[0] == '\\' && f.prefix == "" && len(f.text) > 1:
			_, n := utf8.DecodeRuneInString(f.text[1:])
			plain.WriteString(f.advance(1 + n))
		default:
			_, n := utf8.DecodeRuneInString(f.text)
			plain.WriteString(f.advance(n))
		}
	}
	flush()
	return out
}

// literal reads a piece of plain text with its escapes.
func (f *fstring) literal(s string) syntax.Expr {
	at := syntax.MakePosition(&f.d.path, f.at.line, f.at.col)
	e, err := options.ParseExpr(f.d.path, f.prefix+f.quote+s+f.quote, 0)
	l, ok := e.(*syntax.Literal)
	if err != nil || !ok {
		f.fail("this text of the f-string cannot be read: %q", s)
		return text(at, "")
	}
	l.TokenPos = at
	return l
}

// field reads {expression[=][!conversion][:spec]}.
func (f *fstring) field() []syntax.Expr {
	f.advance(1)
	start := f.at
	n, ok := expressionLength(f.text)
	if !ok {
		f.fail("this { of the f-string has no }")
		return nil
	}
	source := f.advance(n)
	x := f.expression(source, start)
	at := syntax.MakePosition(&f.d.path, start.line, start.col)
	var out []syntax.Expr
	conversion, debug := "", false
	if f.text[0] == '=' {
		gap := 1 + len(f.text[1:]) - len(strings.TrimLeft(f.text[1:], " "))
		source += f.advance(gap)
		debug = true
		out = append(out, text(at, source))
	}
	if f.text != "" && f.text[0] == '!' && len(f.text) > 1 {
		if conversion = f.advance(2)[1:]; conversion != "r" && conversion != "s" && conversion != "a" {
			f.fail("an f-string converts by !r or !s, got !%s", conversion)
			return nil
		}
	}
	var spec syntax.Expr = text(at, "")
	hasSpec := f.text != "" && f.text[0] == ':'
	if hasSpec {
		f.advance(1)
		spec = apply(at, opJoin, f.parts(true)...)
	}
	if debug && conversion == "" && !hasSpec {
		conversion = "r"
	}
	if f.text == "" || f.text[0] != '}' {
		f.fail("this { of the f-string has no }")
		return nil
	}
	f.advance(1)
	return append(out, apply(at, opFormat, x, spec, text(at, conversion)))
}

// expressionLength is the length of the expression that s begins with, up to
// its }, a conversion, a spec or an =.
func expressionLength(s string) (n int, ok bool) {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"' || c == '\'':
			i += literalLength(s[i:]) - 1
		case c == '(' || c == '[' || c == '{':
			depth++
		case depth > 0 && (c == ')' || c == ']' || c == '}'):
			depth--
		case depth > 0:
		case c == '}' || c == ':':
			return i, true
		case c == '!' && !strings.HasPrefix(s[i:], "!="):
			return i, true
		case c == '=' && !inComparison(s, i):
			rest := strings.TrimLeft(s[i+1:], " ")
			if rest != "" && strings.IndexByte("}!:", rest[0]) >= 0 {
				return i, true
			}
		}
	}
	return 0, false
}

// inComparison tells whether the = at i is part of == != <= >=.
func inComparison(s string, i int) bool {
	return i+1 < len(s) && s[i+1] == '=' || i > 0 && strings.IndexByte("=!<>", s[i-1]) >= 0
}

// expression parses an expression as it stands at a place of the cell.
func (f *fstring) expression(source string, at place) syntax.Expr {
	if strings.TrimSpace(source) == "" {
		f.fail("an empty {} in an f-string; write the value inside")
		return nil
	}
	p, err := prepare(f.d.path, source)
	if err != nil {
		f.d.fail(err)
		return nil
	}
	// Padding brings every token to its place; the parenthesis makes it one expression.
	padded := strings.Repeat("\n", int(at.line)-1) + "(" + strings.Repeat(" ", max(0, int(at.col)-2)) + p.text + ")"
	e, err := options.ParseExpr(f.d.path, strings.TrimLeft(padded, "\n"), 0)
	if err != nil {
		f.d.fail(shift(err, at.line-1))
		return nil
	}
	inner := &desugarer{path: f.d.path, p: p.moved(at)}
	shiftLines(e, at.line-1)
	if paren, ok := e.(*syntax.ParenExpr); ok {
		e = paren.X
	}
	e = inner.expr(e)
	if inner.err != nil {
		f.d.fail(inner.err)
	}
	return e
}

// moved returns the marks of an expression as if it stood at a place.
func (p *prepared) moved(at place) *prepared {
	return &prepared{
		text: p.text, powers: move(p.powers, at), fstrings: move(p.fstrings, at), pluses: move(p.pluses, at),
		chained: move(p.chained, at), identities: move(p.identities, at),
	}
}

func move[T any](marks map[place]T, at place) map[place]T {
	out := make(map[place]T, len(marks))
	for q, v := range marks {
		if q.line == 1 {
			q.col += at.col - 1
		}
		q.line += at.line - 1
		out[q] = v
	}
	return out
}

func shift(err error, lines int32) error {
	if e, ok := err.(syntax.Error); ok {
		e.Pos.Line += lines
		return e
	}
	return err
}

// shiftLines moves the positions of an expression down.
func shiftLines(e syntax.Expr, lines int32) {
	syntax.Walk(e, func(n syntax.Node) bool {
		for _, p := range positions(n) {
			p.Line += lines
		}
		return true
	})
}

// positions are the fields of a node that say where it stands.
func positions(n syntax.Node) []*syntax.Position {
	switch n := n.(type) {
	case *syntax.Ident:
		return []*syntax.Position{&n.NamePos}
	case *syntax.Literal:
		return []*syntax.Position{&n.TokenPos}
	case *syntax.BinaryExpr:
		return []*syntax.Position{&n.OpPos}
	case *syntax.UnaryExpr:
		return []*syntax.Position{&n.OpPos}
	case *syntax.CallExpr:
		return []*syntax.Position{&n.Lparen, &n.Rparen}
	case *syntax.DotExpr:
		return []*syntax.Position{&n.Dot, &n.NamePos}
	case *syntax.IndexExpr:
		return []*syntax.Position{&n.Lbrack, &n.Rbrack}
	case *syntax.SliceExpr:
		return []*syntax.Position{&n.Lbrack, &n.Rbrack}
	case *syntax.ParenExpr:
		return []*syntax.Position{&n.Lparen, &n.Rparen}
	case *syntax.ListExpr:
		return []*syntax.Position{&n.Lbrack, &n.Rbrack}
	case *syntax.TupleExpr:
		return []*syntax.Position{&n.Lparen, &n.Rparen}
	case *syntax.DictExpr:
		return []*syntax.Position{&n.Lbrace, &n.Rbrace}
	case *syntax.DictEntry:
		return []*syntax.Position{&n.Colon}
	case *syntax.CondExpr:
		return []*syntax.Position{&n.If, &n.ElsePos}
	case *syntax.LambdaExpr:
		return []*syntax.Position{&n.Lambda}
	case *syntax.Comprehension:
		return []*syntax.Position{&n.Lbrack, &n.Rbrack}
	case *syntax.ForClause:
		return []*syntax.Position{&n.For, &n.In}
	case *syntax.IfClause:
		return []*syntax.Position{&n.If}
	}
	return nil
}
