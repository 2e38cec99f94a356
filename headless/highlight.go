package headless

import (
	"html"
	"regexp"
	"strings"
	"sync"
)

// tokens are the parts of Starlark that are coloured, by CSS class. The first
// that matches at a place wins; what none matches is plain.
var tokens = []struct{ class, pattern string }{
	{"c", `^#[^\n]*`},
	{"s", `^[rbfRBF]{0,2}(?:"""(?s:.*?)(?:"""|$)|'''(?s:.*?)(?:'''|$))`},
	{"s", `^[rbfRBF]{0,2}(?:"(?:\\(?s:.)|[^"\\\n])*"?|'(?:\\(?s:.)|[^'\\\n])*'?)`},
	{"n", `^(?:0[xob][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`},
	{"k", `^(?:and|break|continue|def|elif|else|for|if|in|lambda|load|not|or|pass|return|while)\b`},
	{"v", `^(?:True|False|None)\b`},
	{"d", `^[\pL_][\pL\pN_]*(?:\()`}, // a call: the bracket is cut off again
	{"a", `^[\pL_][\pL\pN_]*`},
	{"o", `^(?:>>|[-+*/%=<>!&|~^]+)`},
	{"", `^(?:\s+|(?s:.))`},
}

// token is one of tokens, compiled.
type token struct {
	class   string
	pattern *regexp.Regexp
}

// compiledTokens is left until a page is written: classes such as \pL take a
// notable part of the time in which a kernel should start.
var compiledTokens = sync.OnceValue(func() (out []token) {
	for _, t := range tokens {
		out = append(out, token{t.class, regexp.MustCompile(t.pattern)})
	}
	return out
})

// highlight returns code as HTML with its tokens in spans.
func highlight(code string) string {
	var out strings.Builder
	for code != "" {
		for _, t := range compiledTokens() {
			text := t.pattern.FindString(code)
			if text == "" {
				continue
			}
			if t.class == "d" {
				text = strings.TrimSuffix(text, "(")
			}
			write := html.EscapeString(text)
			if t.class != "" && t.class != "a" {
				write = `<span class="` + t.class + `">` + write + `</span>`
			}
			out.WriteString(write)
			code = code[len(text):]
			break
		}
	}
	return out.String()
}
