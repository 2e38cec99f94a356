package dsl

import (
	"fmt"
	"html"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
)

// Documented is a value that explains itself: a signature or first line, and
// Markdown.
type Documented interface {
	Documentation() (signature, doc string)
}

// documentation explains a value. Detail 1 adds the source of functions that
// cells define, and longer values.
func documentation(v starlark.Value, detail int) display.Bundle {
	sig, doc := explanation(v, detail)
	text := sig
	if doc != "" {
		text += "\n\n" + doc
	}
	return display.Text(text).With("text/html", docHTML(sig, doc))
}

func explanation(v starlark.Value, detail int) (sig, doc string) {
	switch v := v.(type) {
	case *Function:
		doc = v.def.Doc
		if len(v.def.Args) > 0 {
			doc += "\n\n- " + strings.Join(v.def.Args, "\n- ")
		}
		return v.def.Sig, doc
	case Documented:
		return v.Documentation()
	case *starlark.Function:
		return starlarkSignature(v), v.Doc()
	case *starlark.Builtin:
		return v.Name() + "(…)", ""
	}
	limit := 300
	if detail > 0 {
		limit = 4000
	}
	return v.Type(), reprShort(v, limit)
}

// starlarkSignature is the signature of a function that a cell defines.
func starlarkSignature(f *starlark.Function) string {
	var ps []string
	n := f.NumParams()
	if f.HasVarargs() {
		n--
	}
	if f.HasKwargs() {
		n--
	}
	for i := range n {
		name, _ := f.Param(i)
		if d := f.ParamDefault(i); d != nil {
			name += "=" + reprShort(d, 30)
		}
		if i == n-f.NumKwonlyParams() && !f.HasVarargs() && f.NumKwonlyParams() > 0 {
			ps = append(ps, "*")
		}
		ps = append(ps, name)
	}
	for i := n; i < f.NumParams(); i++ {
		name, _ := f.Param(i)
		star := "*"
		if i == f.NumParams()-1 && f.HasKwargs() {
			star = "**"
		}
		ps = append(ps, star+name)
	}
	return f.Name() + "(" + strings.Join(ps, ", ") + ")"
}

// docHTML sets a signature and its Markdown, of which it knows code, lists
// and paragraphs.
func docHTML(sig, doc string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<pre><b>%s</b></pre>", html.EscapeString(sig))
	for i, part := range strings.Split(doc, "```") {
		if i%2 == 1 {
			_, code, _ := strings.Cut(part, "\n")
			fmt.Fprintf(&b, "<pre>%s</pre>", html.EscapeString(strings.TrimRight(code, "\n")))
			continue
		}
		for _, p := range strings.Split(strings.TrimSpace(part), "\n\n") {
			writeParagraph(&b, p)
		}
	}
	return b.String()
}

func writeParagraph(b *strings.Builder, p string) {
	if p == "" {
		return
	}
	if !strings.HasPrefix(p, "- ") {
		fmt.Fprintf(b, "<p>%s</p>", inlineCode(p))
		return
	}
	b.WriteString("<ul>")
	for _, item := range strings.Split(p[2:], "\n- ") {
		fmt.Fprintf(b, "<li>%s</li>", inlineCode(item))
	}
	b.WriteString("</ul>")
}

func inlineCode(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(s, "`") {
		if i%2 == 1 {
			b.WriteString("<code>" + html.EscapeString(part) + "</code>")
		} else {
			b.WriteString(html.EscapeString(part))
		}
	}
	return b.String()
}
