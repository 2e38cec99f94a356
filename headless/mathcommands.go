package headless

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// texCommands are the commands that read arguments of their own.
var texCommands map[string]func(p *tex, name string) atom

func init() { // the commands call the parser, which looks them up
	texCommands = map[string]func(p *tex, name string) atom{
		"frac": fraction, "dfrac": fraction, "tfrac": fraction, "cfrac": fraction,
		"binom": binomial, "sqrt": root,
		"text": plain, "mbox": plain, "textrm": plain, "textbf": plain, "textit": plain, "texttt": plain,
		"mathrm": upright, "operatorname": upright, "operatorname*": upright, "mathsf": upright, "mathtt": upright, "mathit": letters,
		"mathbf": letters, "boldsymbol": letters, "bm": letters, "mathbb": letters, "mathcal": letters, "mathscr": letters, "mathfrak": letters,
		"left": fenceLeft, "middle": fenceMiddle,
		"big": sized, "Big": sized, "bigg": sized, "Bigg": sized, "bigl": sized, "bigr": sized, "Bigl": sized, "Bigr": sized, "biggl": sized, "biggr": sized,
		"begin":    environment,
		"overline": over, "underline": under, "overbrace": over, "underbrace": under, "overrightarrow": over, "widehat": over, "widetilde": over,
		"overset": stacked, "underset": stacked, "stackrel": stacked,
		"displaystyle": style, "textstyle": style, "scriptstyle": style,
		"label": dropped, "tag": tagged, "not": negated,
	}
}

func fraction(p *tex, name string) atom {
	ml := "<mfrac>" + mrow(p.argument()) + mrow(p.argument()) + "</mfrac>"
	switch name {
	case "dfrac", "cfrac":
		ml = `<mstyle displaystyle="true">` + ml + "</mstyle>"
	case "tfrac":
		ml = `<mstyle displaystyle="false">` + ml + "</mstyle>"
	}
	return atom{ml: ml}
}

func binomial(p *tex, _ string) atom {
	return atom{ml: `<mrow><mo>(</mo><mfrac linethickness="0">` + mrow(p.argument()) + mrow(p.argument()) + `</mfrac><mo>)</mo></mrow>`}
}

func root(p *tex, _ string) atom {
	p.blanks()
	if p.peek() != "[" {
		return atom{ml: "<msqrt>" + p.argument() + "</msqrt>"}
	}
	p.next()
	var index strings.Builder
	for p.blanks(); p.err == nil && p.peek() != "]"; p.blanks() {
		index.WriteString(p.term())
	}
	p.next()
	return atom{ml: "<mroot>" + mrow(p.argument()) + mrow(index.String()) + "</mroot>"}
}

func plain(p *tex, name string) atom {
	style := map[string]string{"textbf": ` style="font-weight:bold"`, "textit": ` style="font-style:italic"`, "texttt": ` style="font-family:monospace"`}[name]
	text := strings.NewReplacer(" ", "\u00a0", `\_`, "_", `\%`, "%", `\&`, "&", `\$`, "$", `\ `, "\u00a0", "~", "\u00a0").Replace(p.braces())
	if strings.ContainsAny(text, `\$`) {
		p.fail("formulas inside a text are not known")
	}
	return atom{ml: "<mtext" + style + ">" + html.EscapeString(text) + "</mtext>"}
}

func upright(p *tex, name string) atom {
	text := strings.NewReplacer(`\,`, "\u2009", `\ `, "\u00a0", `\_`, "_").Replace(p.raw())
	if strings.ContainsAny(text, `\{}^_$`) && !strings.Contains(text, "_") {
		p.fail(`\` + name + " takes letters")
	}
	return atom{`<mi mathvariant="normal">` + html.EscapeString(text) + "</mi>", name == "operatorname*"}
}

// raw reads a group as text, or one token.
func (p *tex) raw() string {
	p.blanks()
	if p.peek() == "{" {
		return p.braces()
	}
	return p.next()
}

func letters(p *tex, name string) atom {
	var out strings.Builder
	inner := &tex{tokens: texToken().FindAllString(p.raw(), -1), depth: p.depth + 1}
	for inner.blanks(); inner.more(); inner.blanks() {
		if t := inner.peek(); t[0] != '\\' && isAlnum(t) {
			inner.next()
			for _, r := range t {
				out.WriteString(lettered(name, r))
			}
			continue
		} else if s, ok := identifiers[strings.TrimPrefix(t, `\`)]; ok {
			inner.next()
			r, _ := utf8.DecodeRuneInString(s)
			out.WriteString(lettered(name, r))
			continue
		}
		out.WriteString(inner.term())
	}
	if inner.err != nil {
		p.fail(inner.err.Error())
	}
	return atom{ml: mrow(out.String())}
}

func isAlnum(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) < 0
}

func lettered(alphabet string, r rune) string {
	element := "mi"
	if unicode.IsDigit(r) {
		element = "mn"
	}
	return fmt.Sprintf("<%s>%c</%s>", element, inAlphabet(alphabet, r), element)
}

// fenceMark reads a delimiter; "." is none.
func (p *tex) fenceMark() string {
	p.blanks()
	t := p.next()
	if t == "." {
		return ""
	}
	if s, ok := delimiters[t]; ok {
		return s
	}
	p.fail("a delimiter is missing")
	return ""
}

func stretched(mark, form string) string {
	return fmt.Sprintf(`<mo stretchy="true" fence="true" form="%s">%s</mo>`, form, mark)
}

func fenceLeft(p *tex, _ string) atom {
	open := p.fenceMark()
	body := p.row()
	p.expect(`\right`)
	return atom{ml: mrow(stretched(open, "prefix") + body + stretched(p.fenceMark(), "postfix"))}
}

func fenceMiddle(p *tex, _ string) atom { return atom{ml: stretched(p.fenceMark(), "infix")} }

func sized(p *tex, _ string) atom {
	return atom{ml: `<mo stretchy="false">` + p.fenceMark() + "</mo>"}
}

// fencesOf are the environments that are tables, and what stands around them.
var fencesOf = map[string][2]string{
	"matrix": {}, "smallmatrix": {}, "array": {}, "aligned": {}, "align": {}, "align*": {}, "split": {}, "gathered": {}, "gather": {}, "gather*": {},
	"equation": {}, "equation*": {}, "pmatrix": {"(", ")"}, "bmatrix": {"[", "]"}, "Bmatrix": {"{", "}"}, "vmatrix": {"|", "|"}, "Vmatrix": {"‖", "‖"}, "cases": {"{", ""},
}

func environment(p *tex, _ string) atom {
	name := p.braces()
	marks, ok := fencesOf[name]
	if !ok {
		p.fail("environment " + name + " is unknown")
		return atom{}
	}
	if name == "array" {
		p.braces() // the columns' alignment
	}
	table := p.table(name)
	p.expect(`\end`)
	if end := p.braces(); end != name {
		p.fail(fmt.Sprintf("%s ends with %s", name, end))
	}
	if marks[0] != "" {
		table = stretched(marks[0], "prefix") + table
	}
	if marks[1] != "" {
		table += stretched(marks[1], "postfix")
	}
	return atom{ml: mrow(table)}
}

// classOf are the environments whose columns are not centred.
var classOf = map[string]string{"aligned": "aligned", "align": "aligned", "align*": "aligned", "split": "aligned", "cases": "cases"}

func (p *tex) table(name string) string {
	var out strings.Builder
	attributes := ""
	if class := classOf[name]; class != "" {
		attributes = fmt.Sprintf(" class=%q", class)
	}
	if class := classOf[name]; class == "aligned" || strings.HasPrefix(name, "gather") {
		attributes += ` displaystyle="true"`
	}
	out.WriteString("<mtable" + attributes + "><mtr><mtd>")
	for p.err == nil {
		out.WriteString(p.row())
		p.blanks()
		switch t := p.peek(); {
		case t == "&":
			p.next()
			out.WriteString("</mtd><mtd>")
		case t == `\\` || t == `\cr`:
			p.next()
			p.blanks()
			if p.peek() != `\end` {
				out.WriteString("</mtd></mtr><mtr><mtd>")
			}
		default:
			return out.String() + "</mtd></mtr></mtable>"
		}
	}
	return ""
}

// overMarks are drawn above or below what they stretch over.
var overMarks = map[string]string{
	"overline": "¯", "underline": "_", "overbrace": "⏞", "underbrace": "⏟", "overrightarrow": "→", "widehat": "^", "widetilde": "~",
}

func over(p *tex, name string) atom {
	return atom{fmt.Sprintf(`<mover>%s<mo stretchy="true">%s</mo></mover>`, mrow(p.argument()), overMarks[name]), name == "overbrace"}
}

func under(p *tex, name string) atom {
	return atom{fmt.Sprintf(`<munder>%s<mo stretchy="true">%s</mo></munder>`, mrow(p.argument()), overMarks[name]), name == "underbrace"}
}

func stacked(p *tex, name string) atom {
	mark, base := mrow(p.argument()), mrow(p.argument())
	element := "mover"
	if name == "underset" {
		element = "munder"
	}
	return atom{ml: "<" + element + ">" + base + mark + "</" + element + ">"}
}

func style(p *tex, name string) atom {
	return atom{ml: fmt.Sprintf(`<mstyle displaystyle="%t">%s</mstyle>`, name == "displaystyle", p.row())}
}

func dropped(p *tex, _ string) atom {
	p.braces()
	return atom{}
}

func tagged(p *tex, _ string) atom {
	return atom{ml: `<mspace width="2em"></mspace><mtext>(` + html.EscapeString(p.braces()) + ")</mtext>"}
}

// negated draws a stroke through the operator behind it.
func negated(p *tex, _ string) atom {
	return atom{ml: strings.Replace(p.argument(), "</mo>", "\u0338</mo>", 1)}
}
