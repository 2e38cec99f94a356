package display

import (
	"html"
	"regexp"
	"strings"
)

// Markdown shows Markdown source.
func Markdown(source string) Bundle { return Text(source).With("text/markdown", source) }

// Latex shows a formula: with its $ or \[ signs, or bare, and then it is set as
// a displayed formula.
func Latex(source string) Bundle {
	formula := strings.TrimSpace(source)
	marked := false
	for _, sign := range []string{"$", `\[`, `\(`, `\begin`} {
		marked = marked || strings.HasPrefix(formula, sign)
	}
	if !marked {
		formula = "$$" + formula + "$$"
	}
	return Text(source).With("text/latex", formula)
}

// HTML shows HTML, with a text in its place where HTML is not shown ("": the HTML
// without its tags).
func HTML(source, plain string) Bundle {
	if plain == "" {
		plain = untagged(source)
	}
	return Text(plain).With("text/html", source)
}

// untagged returns the text of some HTML, roughly as a browser would break it.
func untagged(source string) string {
	s := regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)\s*>|<!--.*?-->`).ReplaceAllString(source, "")
	s = regexp.MustCompile(`\s+`).ReplaceAllString(s, " ")
	s = regexp.MustCompile(`(?i)</?(p|div|br|h[1-6]|li|ul|ol|tr|table|pre|hr)\b[^>]*>`).ReplaceAllString(s, "\n")
	s = regexp.MustCompile(`(?i)</t[dh]\s*>`).ReplaceAllString(s, "  ")
	s = html.UnescapeString(regexp.MustCompile(`<[^>]*>`).ReplaceAllString(s, ""))
	var lines []string
	for _, line := range strings.Split(s, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
