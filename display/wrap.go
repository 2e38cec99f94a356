package display

import (
	"math"
	"strings"
)

const pi = math.Pi

// mostLines is how many lines a wrapped text has at most.
const mostLines = 6

// wrap breaks a text into lines as wide as the pen, where it can between words.
func (p pen) wrap(s string, size float64, heavy bool) []string {
	return wrapped(s, size, heavy, p.width())
}

func wrapped(s string, size float64, heavy bool, limit float64) []string {
	sty := plain(size, ink)
	if heavy {
		sty = strong(size, ink)
	}
	fits := func(t string) bool { return float64(sty.Width(t)) <= limit }
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		if next := strings.TrimPrefix(line+" "+word, " "); fits(next) {
			line = next
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for line = word; !fits(line) && len(lines) < mostLines; {
			head := fitting(line, fits)
			lines, line = append(lines, head), line[len(head):]
		}
		if len(lines) >= mostLines {
			lines[mostLines-1] = shorten(lines[mostLines-1]+" …", size, limit)
			return lines[:mostLines]
		}
	}
	return append(lines, line)
}

// fitting is the longest beginning of a text that fits, of one letter at least.
func fitting(s string, fits func(string) bool) string {
	r := []rune(s)
	lo, hi := 1, min(len(r), longestLine) // the first lo letters are taken, more than hi do not fit
	for lo < hi {
		if mid := (lo + hi + 1) / 2; fits(string(r[:mid])) {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return string(r[:lo])
}

// longestLine is more letters than a line of a picture ever has.
const longestLine = 1000

// shorten cuts a text to a width, ending it with "…".
func shorten(s string, size, limit float64) string {
	fits := func(t string) bool { return textWidth(t, size) <= limit }
	if len(s) <= longestLine && fits(s) {
		return s
	}
	cut := strings.TrimRight(fitting(s, func(t string) bool { return fits(strings.TrimRight(t, " ") + "…") }), " ") + "…"
	if !fits(cut) {
		return "…"
	}
	return cut
}
