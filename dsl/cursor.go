package dsl

import (
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"
)

// cursor is what stands before a cursor: the word being written and the calls
// around it.
type cursor struct {
	before   string // the source up to the cursor
	word     string // the unfinished name, without what its dots follow
	object   string // the operand before the last dot
	inText   bool   // the cursor is inside a string literal that begins with…
	literal  string // …this text
	compared string // the chain that the text is compared with by == or !=
	comment  bool   // the cursor is inside a comment
	calls    []openCall
}

// openCall is a call or index whose bracket is open at the cursor.
type openCall struct {
	fn       string // the operand before the bracket
	bracket  byte
	args     string // the source after the bracket
	keyword  string // the keyword whose value is being written, if any
	position int    // how many arguments stand before the cursor's
}

var (
	chainEnd = pattern(`[\pL_][\pL\pN_]*(?:(?:\.[\pL_][\pL\pN_]*)|(?:\[(?:-?\d+|"[^"\n]*"|'[^'\n]*')\]))*$`)
	// comparedEnd matches a chain and the == before a text.
	comparedEnd = pattern(`([\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*|\[(?:"[^"\n]*"|'[^'\n]*')\])*)\s*[!=]=\s*$`)
	wordEnd     = pattern(`[\pL_][\pL\pN_]*$`)
	keywordEnd  = pattern(`(?:^|,)\s*([\pL_][\pL\pN_]*)\s*=\s*(?:\[[^\]]*)?["']?[^,"']*$`)
)

// readCursor looks at a source up to a position in code points.
func readCursor(source string, position int) cursor {
	runes := []rune(source)
	c := cursor{before: string(runes[:max(0, min(position, len(runes)))])}
	type open struct {
		at      int
		bracket byte
	}
	literal := 0 // where the text begins that the cursor is in
	var stack []open
	s := c.before
	begin := map[int]int{} // of the literals and pairs of brackets that end at a place
	for i := 0; i < len(s); i++ {
		switch b := s[i]; b {
		case '#':
			n := strings.IndexByte(s[i:], '\n')
			if n < 0 {
				return cursor{before: c.before, comment: true}
			}
			i += n - 1
		case '"', '\'':
			n := literalLength(s[i:])
			if i+n >= len(s) && (n < 2 || s[i+n-1] != b) {
				c.inText, c.literal, literal = true, strings.TrimLeft(s[i:], s[i:i+1]), i
			}
			begin[i+n] = i
			i += n - 1
		case '(', '[', '{':
			stack = append(stack, open{i, b})
		case ')', ']', '}':
			if len(stack) > 0 {
				begin[i+1] = stack[len(stack)-1].at
				stack = stack[:len(stack)-1]
			}
		}
	}
	for k := len(stack) - 1; k >= 0; k-- {
		o := stack[k]
		call := openCall{fn: operand(s[:o.at], begin), bracket: o.bracket, args: s[o.at+1:]}
		if m := keywordEnd().FindStringSubmatch(call.args); m != nil {
			call.keyword = m[1]
		}
		call.position = commas(call.args)
		c.calls = append(c.calls, call)
	}
	if c.inText {
		if inner, ok := fieldOf(s[:literal], c.literal); ok {
			in := readCursor(inner, utf8.RuneCountInString(inner))
			in.before = c.before
			return in
		}
		if m := comparedEnd().FindStringSubmatch(s[:literal]); m != nil {
			c.compared = m[1]
		}
	}
	if !c.inText {
		c.word = wordEnd().FindString(s)
		if rest := s[:len(s)-len(c.word)]; strings.HasSuffix(rest, ".") {
			c.object = operand(strings.TrimSuffix(rest, "."), begin)
		}
	}
	return c
}

// operand is what stands at the end of s: a name, a literal or something in
// brackets, with the attributes, calls and indices behind it.
func operand(s string, begin map[int]int) string {
	at := len(s)
	for {
		from, closed := begin[at]
		switch {
		case closed && strings.IndexByte("([{", s[from]) < 0: // a text ends what can be looked at
			return s[from:]
		case closed:
			at = from
			if _, more := begin[at]; !more && wordEnd().FindString(s[:at]) == "" {
				return s[at:]
			}
			continue
		}
		word := wordEnd().FindString(s[:at])
		at -= len(word)
		if word == "" || !strings.HasSuffix(s[:at], ".") {
			return s[at:]
		}
		at--
	}
}

// commas counts the commas between the arguments of a call that is being written.
func commas(args string) int {
	n, depth := 0, 0
	for i := 0; i < len(args); i++ {
		switch b := args[i]; {
		case b == '"' || b == '\'':
			i += literalLength(args[i:]) - 1
		case strings.IndexByte("([{", b) >= 0:
			depth++
		case strings.IndexByte(")]}", b) >= 0:
			depth--
		case b == ',' && depth == 0:
			n++
		}
	}
	return n
}

// fieldOf is the unfinished expression in a field of an f-string.
func fieldOf(before, literal string) (string, bool) {
	prefix := strings.ToLower(wordEnd().FindString(before))
	i := strings.LastIndexByte(literal, '{')
	if !strings.Contains(prefix, "f") || !isStringPrefix(prefix) || i < 0 || strings.Contains(literal[i:], "}") || strings.Count(literal[:i+1], "{")%2 == 0 && strings.HasSuffix(literal[:i+1], "{{") {
		return "", false
	}
	return literal[i+1:], true
}

func attributeOf(v starlark.Value, name string) starlark.Value {
	h, ok := v.(starlark.HasAttrs)
	if !ok {
		return nil
	}
	a, err := h.Attr(name)
	if err != nil {
		return nil
	}
	return a
}
