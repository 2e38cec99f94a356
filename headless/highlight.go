package headless

import (
	"html"
	"regexp"
	"strings"
)

// tokens are the parts of Starlark that are coloured, by CSS class. The first
// that matches at a place wins; what none matches is plain.
var tokens = []struct {
	class   string
	pattern *regexp.Regexp
}{
	{"c", regexp.MustCompile(`^#[^\n]*`)},
	{"s", regexp.MustCompile(`^[rbfRBF]{0,2}(?:"""(?s:.*?)(?:"""|$)|'''(?s:.*?)(?:'''|$))`)},
	{"s", regexp.MustCompile(`^[rbfRBF]{0,2}(?:"(?:\\(?s:.)|[^"\\\n])*"?|'(?:\\(?s:.)|[^'\\\n])*'?)`)},
	{"n", regexp.MustCompile(`^(?:0[xob][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`)},
	{"k", regexp.MustCompile(`^(?:and|break|continue|def|elif|else|for|if|in|lambda|load|not|or|pass|return|while)\b`)},
	{"v", regexp.MustCompile(`^(?:True|False|None)\b`)},
	{"d", regexp.MustCompile(`^[\pL_][\pL\pN_]*(?:\()`)}, // a call: the bracket is cut off again
	{"a", regexp.MustCompile(`^[\pL_][\pL\pN_]*`)},
	{"o", regexp.MustCompile(`^(?:>>|[-+*/%=<>!&|~^]+)`)},
	{"", regexp.MustCompile(`^(?:\s+|(?s:.))`)},
}

// highlight returns code as HTML with its tokens in spans.
func highlight(code string) string {
	var out strings.Builder
	for code != "" {
		for _, t := range tokens {
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
