package headless

import (
	"errors"
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// mathHTML returns LaTeX as MathML, which browsers show without help; source
// that uses more than this package knows stays readable as code.
func mathHTML(source string, display bool) string {
	source = strings.TrimSpace(source)
	body, err := mathML(source)
	switch {
	case err != nil && display:
		return `<div class="tex"><code>` + html.EscapeString(source) + `</code></div>`
	case err != nil:
		return `<code class="tex">` + html.EscapeString(source) + `</code>`
	}
	attributes := ""
	if display {
		attributes = ` display="block"`
	}
	return fmt.Sprintf(`<math%s><semantics><mrow>%s</mrow><annotation encoding="application/x-tex">%s</annotation></semantics></math>`,
		attributes, body, html.EscapeString(source))
}

// mathML translates a formula.
func mathML(source string) (string, error) {
	p := &tex{tokens: texToken().FindAllString(source, -1)}
	out := p.row()
	if p.err == nil && p.more() {
		p.fail("unexpected " + p.peek())
	}
	return out, p.err
}

// texToken matches a command, a number, or one character; blanks belong to the
// command before them.
var texToken = pattern(`\\(?:[A-Za-z]+\*?[ \t\n]*|(?s:.))|\d+(?:\.\d+)?|[ \t\n]+|(?s:.)`)

// tex reads the tokens of a formula. The first error is kept; after it every
// method returns soon.
type tex struct {
	tokens []string
	at     int
	depth  int
	err    error
}

// maxDepth bounds the nesting of groups.
const maxDepth = 200

func (p *tex) fail(why string) {
	if p.err == nil {
		p.err = errors.New(why)
	}
	p.at = len(p.tokens)
}

func (p *tex) more() bool { return p.at < len(p.tokens) }

// peek returns the next token without the blanks behind a command.
func (p *tex) peek() string {
	if !p.more() {
		return ""
	}
	t := p.tokens[p.at]
	if len(t) > 1 && t[0] == '\\' && t[1] != ' ' {
		t = strings.TrimRight(t, " \t\n")
	}
	return t
}

func (p *tex) next() string {
	t := p.peek()
	p.at++
	return t
}

func (p *tex) blanks() {
	for p.more() && strings.TrimSpace(p.tokens[p.at]) == "" {
		p.at++
	}
}

func (p *tex) expect(token string) {
	p.blanks()
	if t := p.next(); t != token {
		p.fail(fmt.Sprintf("expected %s, got %q", token, t))
	}
}

// ends are the tokens that end a row.
var ends = map[string]bool{"}": true, "&": true, `\\`: true, `\end`: true, `\right`: true, `\cr`: true, "": true}

// row reads terms up to a token that ends it.
func (p *tex) row() string {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		p.fail("nested too deeply")
		return ""
	}
	var out strings.Builder
	for p.blanks(); !ends[p.peek()]; p.blanks() {
		if _, ok := functions[strings.TrimPrefix(p.peek(), `\`)]; ok && spaced(out.String()) {
			out.WriteString(space("0.17"))
		}
		out.WriteString(p.term())
	}
	return out.String()
}

// spaced tells whether a function's name needs room behind what stands there.
func spaced(before string) bool {
	return before != "" && !strings.HasSuffix(before, "</mo>") && !strings.HasSuffix(before, "</mspace>")
}

// atom is the smallest thing that scripts can be put on.
type atom struct {
	ml     string
	limits bool // scripts go below and above
}

// term reads an atom and its scripts.
func (p *tex) term() string {
	var base atom
	if t := p.peek(); t != "_" && t != "^" {
		base = p.atom()
	} else {
		base = atom{ml: "<mrow></mrow>"}
	}
	var sub, sup string
	for p.err == nil {
		p.blanks()
		switch p.peek() {
		case "_":
			p.next()
			sub += p.argument()
		case "^":
			p.next()
			sup += p.argument()
		case "'":
			p.next()
			sup += "<mo>′</mo>"
		case `\limits`, `\nolimits`:
			base.limits = p.next() == `\limits`
		default:
			return scripted(base, sub, sup)
		}
	}
	return ""
}

func scripted(base atom, sub, sup string) string {
	names := [3]string{"msub", "msup", "msubsup"}
	if base.limits {
		names = [3]string{"munder", "mover", "munderover"}
	}
	wrap := func(name string, parts ...string) string {
		for i, s := range parts {
			parts[i] = mrow(s)
		}
		return "<" + name + ">" + base.ml + strings.Join(parts, "") + "</" + name + ">"
	}
	switch {
	case sub != "" && sup != "":
		return wrap(names[2], sub, sup)
	case sub != "":
		return wrap(names[0], sub)
	case sup != "":
		return wrap(names[1], sup)
	}
	return base.ml
}

func mrow(ml string) string { return "<mrow>" + ml + "</mrow>" }

// argument reads what a command or a script applies to: a group or one atom.
func (p *tex) argument() string {
	p.blanks()
	if t := p.peek(); ends[t] {
		p.fail("an argument is missing")
		return ""
	}
	// In x^12 the argument is the first digit alone.
	if t := p.peek(); unicode.IsDigit(rune(t[0])) && len(t) > 1 {
		p.tokens[p.at] = t[1:]
		return "<mn>" + t[:1] + "</mn>"
	}
	return p.atom().ml
}

func (p *tex) atom() atom {
	p.blanks()
	t := p.next()
	switch {
	case t == "":
		p.fail("the formula ends too early")
		return atom{}
	case t == "{":
		row := p.row()
		p.expect("}")
		return atom{ml: mrow(row)}
	case t[0] == '\\':
		return p.command(t[1:])
	case unicode.IsDigit(rune(t[0])):
		return atom{ml: "<mn>" + t + "</mn>"}
	}
	if ml, ok := characters[t]; ok {
		return atom{ml: ml}
	}
	r, _ := utf8.DecodeRuneInString(t)
	if unicode.IsLetter(r) {
		return atom{ml: "<mi>" + t + "</mi>"}
	}
	return atom{ml: "<mo>" + html.EscapeString(t) + "</mo>"}
}

func (p *tex) command(name string) atom {
	if f, ok := texCommands[name]; ok {
		return f(p, name)
	}
	if s, ok := identifiers[name]; ok {
		return atom{ml: "<mi>" + s + "</mi>"}
	}
	if s, ok := operators[name]; ok {
		return atom{ml: "<mo>" + s + "</mo>"}
	}
	if s, ok := delimiters[`\`+name]; ok {
		return atom{ml: `<mo stretchy="false" lspace="0" rspace="0">` + s + "</mo>"}
	}
	if s, ok := spaces[name]; ok {
		return atom{ml: s}
	}
	if s, ok := largeOperators[name]; ok {
		return atom{"<mo>" + s + "</mo>", !strings.HasPrefix(name, "i")} // integrals keep theirs beside
	}
	if s, ok := accents[name]; ok {
		return atom{ml: "<mover accent=\"true\">" + mrow(p.argument()) + "<mo>" + s + "</mo></mover>"}
	}
	if limits, ok := functions[name]; ok {
		room := ""
		if p.blanks(); !tight[p.peek()] {
			room = space("0.17")
		}
		return atom{mrow("<mi>" + functionName(name) + "</mi>" + room), limits}
	}
	p.fail(`\` + name + " is unknown")
	return atom{}
}

// tight are the tokens that stand right behind a function's name.
var tight = map[string]bool{"(": true, "_": true, "^": true, "[": true, `\left`: true, `\{`: true, "}": true, "": true, ",": true, "'": true}

// braces reads the raw text of a group.
func (p *tex) braces() string {
	p.expect("{")
	var out strings.Builder
	for depth := 1; p.err == nil; {
		if !p.more() {
			p.fail("a brace is not closed")
			break
		}
		t := p.tokens[p.at]
		p.at++
		switch t {
		case "{":
			depth++
		case "}":
			depth--
		}
		if depth == 0 {
			break
		}
		out.WriteString(t)
	}
	return out.String()
}
