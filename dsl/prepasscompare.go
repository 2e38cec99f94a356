package dsl

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/syntax"
)

// comparisonTokens are the comparisons that are no words, the longer first.
var comparisonTokens = []struct {
	text string
	op   syntax.Token
}{
	{"==", syntax.EQL}, {"!=", syntax.NEQ}, {"<=", syntax.LE}, {">=", syntax.GE}, {"<", syntax.LT}, {">", syntax.GT},
}

// otherTokens begin like a comparison or with more than one =.
var otherTokens = []string{"<<=", ">>=", "<<", ">>", "->"}

// operatorToken copies an operator of more than one character, or a comparison.
func (s *scanner) operatorToken() bool {
	rest := s.src[s.i:]
	for _, t := range otherTokens {
		if strings.HasPrefix(rest, t) {
			s.copy(len(t), "")
			s.after(false)
			return true
		}
	}
	for _, t := range comparisonTokens {
		if strings.HasPrefix(rest, t.text) {
			s.comparison(len(t.text), "", operatorOf[t.op])
			return true
		}
	}
	return false
}

// wordComparison copies one of the comparisons that are words.
func (s *scanner) wordComparison(w string) bool {
	n := len(w)
	second := func(word string) bool {
		m := s.nextWord(n, word)
		if m > 0 {
			n = m
		}
		return m > 0
	}
	switch {
	case !s.operand:
		return false
	case w == "in" && s.forIn[s.depth]:
		s.forIn[s.depth] = false
		return false
	case w == "in":
		s.comparison(n, "", opIn)
	case w == "not" && second("in"):
		s.comparison(n, "", opNotIn)
	case w == "is" && second("not"):
		s.identity(n, "!=", opIsNot)
	case w == "is":
		s.identity(n, "==", opIs)
	default:
		return false
	}
	return true
}

// nextWord is the length of what stands before and including a word that
// follows on the same line after n bytes, 0 if another word follows.
func (s *scanner) nextWord(n int, word string) int {
	rest := s.src[s.i+n:]
	trimmed := strings.TrimLeft(rest, " \t")
	after, found := strings.CutPrefix(trimmed, word)
	if r, _ := utf8.DecodeRuneInString(after); !found || len(trimmed) == len(rest) || isWordRune(r) {
		return 0
	}
	return n + len(rest) - len(after)
}

// identity copies is as ==, and is not as !=.
func (s *scanner) identity(n int, with, fn string) {
	if !s.compared[s.depth] {
		s.out.identities[s.here()] = fn
	}
	s.comparison(n, with, fn)
}

// comparison copies a comparison of n bytes; the second and further ones of a
// chain as |, see chain.go.
func (s *scanner) comparison(n int, with, fn string) {
	if s.compared[s.depth] {
		s.out.chained[s.here()] = fn
		with = "|"
	}
	if with != "" {
		with += strings.Repeat(" ", n-len(with))
	}
	s.copy(n, with)
	s.compared[s.depth] = true
	s.after(false)
}

// open and shut follow brackets: each has its own comparisons.
func (s *scanner) open() {
	s.depth++
	s.compared = append(s.compared, false)
	s.forIn = append(s.forIn, false)
}

func (s *scanner) shut() {
	if s.depth == 0 {
		return
	}
	s.depth--
	s.compared = s.compared[:s.depth+1]
	s.forIn = s.forIn[:s.depth+1]
}

// boundaries are the words between which comparisons make a chain.
var boundaries = map[string]bool{"and": true, "or": true, "not": true, "if": true, "else": true, "for": true, "lambda": true, "return": true}
