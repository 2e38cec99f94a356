package dsl

import (
	"strings"
	"unicode"

	"go.starlark.net/starlark"

	"mlpkernel/display"
)

// Inspect explains the name at the cursor, or the function of the call that
// the cursor is in.
func (s *Session) Inspect(source string, position, detail int) (b display.Bundle, found bool) {
	s.look(func() {
		for _, chain := range chainsAt(source, position) {
			if v := s.resolve(chain); v != nil {
				b, found = s.inspect(v, detail), true
				return
			}
		}
	})
	return b, found
}

func (s *Session) inspect(v starlark.Value, detail int) display.Bundle {
	f, ok := v.(*starlark.Function)
	if !ok || detail == 0 {
		return documentation(v, detail)
	}
	sig, doc := starlarkSignature(f), f.Doc()
	return display.Text(sig+"\n\n"+doc+"\n"+s.sourceOf(f)).With("text/html", docHTML(sig, doc)+htmlText(s.sourceOf(f)))
}

// sourceOf is the source of a function: from its def to the next line that
// is not indented more.
func (s *Session) sourceOf(f *starlark.Function) string {
	lines := s.sources[f.Position().Filename()]
	first := int(f.Position().Line) - 1
	if first < 0 || first >= len(lines) {
		return ""
	}
	indent := len(lines[first]) - len(strings.TrimLeft(lines[first], " \t"))
	last := first + 1
	for last < len(lines) {
		l := lines[last]
		if strings.TrimSpace(l) != "" && len(l)-len(strings.TrimLeft(l, " \t")) <= indent {
			break
		}
		last++
	}
	return strings.TrimRight(strings.Join(lines[first:last], "\n"), "\n")
}

// chainsAt are the chains to explain, the nearest first: the word around the
// cursor, then the functions of the calls around it.
func chainsAt(source string, position int) []string {
	runes := []rune(source)
	end := max(0, min(position, len(runes)))
	for end < len(runes) && (runes[end] == '_' || unicode.IsLetter(runes[end]) || unicode.IsDigit(runes[end])) {
		end++
	}
	var out []string
	if c := readCursor(source, end); !c.inText {
		if chain := chainEnd().FindString(c.before); chain != "" {
			out = append(out, chain)
		}
	}
	for _, call := range readCursor(source, position).calls {
		if call.bracket == '(' && call.fn != "" {
			out = append(out, call.fn)
		}
	}
	return out
}
