package dsl

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.starlark.net/syntax"
)

// place is a position in a cell: line and column in code points, from 1, as
// in syntax.Position.
type place struct{ line, col int32 }

func placeOf(p syntax.Position) place { return place{p.Line, p.Col} }

// prepared is a cell that Starlark's parser can read. Its tokens stand where
// they stood in the source.
type prepared struct {
	text       string
	powers     map[place]bool   // a // that was written **
	fstrings   map[place]bool   // a literal that was written with f
	pluses     map[place]bool   // the + that stands for such an f
	chained    map[place]string // the operator for a | that was written as a further comparison
	identities map[place]string // the operator for an == or != that was written is or is not
	silent     bool             // the cell ends with ;
}

// prepare makes a cell readable for Starlark's parser.
func prepare(path, src string) (*prepared, error) {
	s := &scanner{
		path: path, src: src, line: 1, col: 1,
		compared: []bool{false}, forIn: []bool{false},
		out: prepared{powers: map[place]bool{}, fstrings: map[place]bool{}, pluses: map[place]bool{}, chained: map[place]string{}, identities: map[place]string{}},
	}
	if err := s.scan(); err != nil {
		return nil, err
	}
	s.out.text = string(s.buf)
	s.out.silent = s.semicolon
	return &s.out, nil
}

// scanner copies a cell, token by token as far as it must know them.
type scanner struct {
	path      string
	src       string
	i         int // byte offset in src
	line, col int32
	depth     int    // of brackets
	compared  []bool // by depth: a comparison came, which another would make a chain
	forIn     []bool // by depth: the next in belongs to a for
	operand   bool   // the token before ends an operand
	semicolon bool   // the token before is ;
	comment   int    // where the comment of this line begins in buf, or -1
	buf       []byte
	out       prepared
}

func (s *scanner) scan() error {
	s.comment = -1
	for s.i < len(s.src) {
		if s.col == 1 && s.depth == 0 {
			if done, err := s.special(); err != nil {
				return err
			} else if done {
				continue
			}
		}
		s.token()
	}
	return nil
}

func (s *scanner) here() place { return place{s.line, s.col} }

// copy copies n bytes, as they are or replaced by others of the same length.
func (s *scanner) copy(n int, with string) {
	text := s.src[s.i : s.i+n]
	if with == "" {
		with = text
	}
	s.buf = append(s.buf, with...)
	for _, r := range text {
		if r == '\n' {
			s.line++
			s.col = 1
		} else {
			s.col++
		}
	}
	s.i += n
}

var (
	questionLine = pattern(`^[ \t]*(\?{1,2}[ \t]*([\pL_][\pL\pN_.]*)|([\pL_][\pL\pN_.]*)\?{1,2})[ \t]*(#.*)?$`)
	magicLine    = pattern(`^[ \t]*([%!])`)
)

// special serves a line that is not Starlark: x?, ?x, %magic, !command.
func (s *scanner) special() (done bool, err error) {
	line, _, _ := strings.Cut(s.src[s.i:], "\n")
	if m := magicLine().FindStringSubmatchIndex(line); m != nil {
		p := syntax.MakePosition(&s.path, s.line, int32(m[2]+1))
		return false, syntax.Error{Pos: p, Msg: magicAdvice[line[m[2]]]}
	}
	if !strings.Contains(line, "?") {
		return false, nil
	}
	m := questionLine().FindStringSubmatch(line)
	if m == nil {
		return false, nil
	}
	indent := line[:len(line)-len(strings.TrimLeft(line, " \t"))]
	s.buf = append(s.buf, indent+"help("+m[2]+m[3]+")"...)
	s.i += len(line)
	s.col += int32(utf8.RuneCountInString(line))
	s.operand = true
	return true, nil
}

func (s *scanner) token() {
	c := s.src[s.i]
	switch {
	case c == '\n':
		s.newline()
	case c == '#':
		s.comment = len(s.buf)
		n := strings.IndexByte(s.src[s.i:], '\n')
		if n < 0 {
			n = len(s.src) - s.i
		}
		s.copy(n, "")
	case c == ' ' || c == '\t' || c == '\r':
		s.copy(1, "")
	case c == '\\' && s.i+1 < len(s.src):
		s.copy(2, "")
	case c == '"' || c == '\'':
		s.literal(0)
	case c == '*' && strings.HasPrefix(s.src[s.i:], "**") && s.operand:
		s.out.powers[s.here()] = true
		s.copy(2, "//")
		s.after(false)
	case unicode.IsLetter(s.rune()) || c == '_':
		s.word()
	case c >= '0' && c <= '9' || c == '.' && s.i+1 < len(s.src) && isDigit(s.src[s.i+1]):
		s.number()
	case s.operatorToken():
	default:
		s.punctuation(c)
	}
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func (s *scanner) rune() rune {
	r, _ := utf8.DecodeRuneInString(s.src[s.i:])
	return r
}

// after notes what the token just copied was.
func (s *scanner) after(operand bool) { s.operand, s.semicolon = operand, false }

func (s *scanner) punctuation(c byte) {
	switch c {
	case '(', '[', '{':
		s.open()
	case ')', ']', '}':
		s.shut()
	case ',', ':', ';', '=':
		s.compared[s.depth] = false
	}
	_, n := utf8.DecodeRuneInString(s.src[s.i:])
	s.copy(n, "")
	s.after(c == ')' || c == ']' || c == '}')
	s.semicolon = c == ';' && s.depth == 0
}

func (s *scanner) number() {
	n := 0
	for n < len(s.src)-s.i {
		c := s.src[s.i+n]
		exponent := n > 0 && (c == '+' || c == '-') && strings.IndexByte("eE", s.src[s.i+n-1]) >= 0 && !strings.HasPrefix(s.src[s.i:], "0x")
		if !isDigit(c) && c != '.' && !isASCIILetter(c) && !exponent {
			break
		}
		n++
	}
	// 1_000_000 becomes 1000000 and two spaces.
	digits := strings.ReplaceAll(s.src[s.i:s.i+n], "_", "")
	s.copy(n, digits+strings.Repeat(" ", n-len(digits)))
	s.after(true)
}

func isASCIILetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

// keywords after which no operand ends.
var prefixWords = map[string]bool{
	"and": true, "or": true, "not": true, "in": true, "if": true, "else": true, "elif": true,
	"return": true, "lambda": true, "while": true, "for": true,
}

func (s *scanner) word() {
	n := strings.IndexFunc(s.src[s.i:], func(r rune) bool { return !isWordRune(r) })
	if n < 0 {
		n = len(s.src) - s.i
	}
	w := s.src[s.i : s.i+n]
	if end := s.i + n; end < len(s.src) && (s.src[end] == '"' || s.src[end] == '\'') && isStringPrefix(w) {
		s.literal(n)
		return
	}
	if s.wordComparison(w) {
		return
	}
	if boundaries[w] {
		s.compared[s.depth] = false
		s.forIn[s.depth] = w == "for"
	}
	s.copy(n, "")
	s.after(!prefixWords[w])
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

func isStringPrefix(w string) bool {
	switch strings.ToLower(w) {
	case "f", "r", "b", "rb", "fr", "rf":
		return true
	}
	return false
}

// literal copies a string with a prefix of n letters. An f becomes a +, which
// keeps the column, and desugar drops it.
func (s *scanner) literal(n int) {
	prefix := strings.ToLower(s.src[s.i : s.i+n])
	raw := strings.Contains(prefix, "r")
	if strings.Contains(prefix, "f") {
		s.out.pluses[s.here()] = true
		with := "+"
		if raw {
			with = "+r"
		}
		s.copy(n, with)
		p := s.here()
		if raw {
			p.col-- // the literal begins with its r
		}
		s.out.fstrings[p] = true
	} else {
		s.copy(n, "")
	}
	s.copy(literalLength(s.src[s.i:]), "")
	s.after(true)
}

// literalLength is the length of the literal that s begins with, quotes
// included; of one without an end, up to the end of its line or of s.
func literalLength(s string) int {
	quote := s[:1]
	if len(s) >= 3 && s[1] == s[0] && s[2] == s[0] {
		quote = s[:3]
	}
	for i := len(quote); i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], quote):
			return i + len(quote)
		case s[i] == '\n' && len(quote) == 1:
			return i
		}
	}
	return len(s)
}

// continuation matches what stands between a line and one that begins with >>.
var continuation = pattern(`^\n(?:[ \t\r]*(?:#[^\n]*)?\n)*[ \t]*>>(?:[^=]|$)`)

// newline ends a line, or joins it with the next if that continues a chain.
func (s *scanner) newline() {
	if s.depth > 0 || !s.operand || !continuation().MatchString(s.src[s.i:]) {
		if s.depth == 0 {
			s.compared[0] = false
		}
		s.copy(1, "")
		s.comment = -1
		return
	}
	if s.comment >= 0 {
		s.buf = s.buf[:s.comment]
		s.comment = -1
	}
	for {
		s.buf = append(s.buf, '\\')
		s.copy(1, "")
		line, rest, found := strings.Cut(s.src[s.i:], "\n")
		if trimmed := strings.TrimSpace(line); !found || trimmed != "" && trimmed[0] != '#' {
			break
		}
		// A blank line or a comment inside the chain.
		s.i = len(s.src) - len(rest) - 1
	}
	s.copy(strings.Index(s.src[s.i:], ">>")+2, "")
	s.after(false)
}

// errorf is a syntax error at a place of a cell.
func errorf(path string, at place, format string, args ...any) error {
	return syntax.Error{Pos: syntax.MakePosition(&path, at.line, at.col), Msg: fmt.Sprintf(format, args...)}
}
