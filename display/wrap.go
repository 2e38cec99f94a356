package display

import (
	"math"
	"strings"
)

const pi = math.Pi

// wrap breaks a text into lines as wide as the pen. Texts without spaces break
// between any two characters.
func (p pen) wrap(s string, size float64, heavy bool) []string {
	sty := plain(size, ink)
	if heavy {
		sty = strong(size, ink)
	}
	limit := p.width()
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		next := strings.TrimPrefix(line+" "+word, " ")
		if line != "" && float64(sty.Width(next)) > limit {
			lines = append(lines, line)
			next = word
		}
		line = next
	}
	return append(lines, line)
}

// shorten cuts a text to a width, ending it with "…".
func shorten(s string, size, limit float64) string {
	if textWidth(s, size) <= limit {
		return s
	}
	r := []rune(s)
	for len(r) > 1 {
		r = r[:len(r)-1]
		if cut := strings.TrimRight(string(r), " ") + "…"; textWidth(cut, size) <= limit {
			return cut
		}
	}
	return "…"
}
