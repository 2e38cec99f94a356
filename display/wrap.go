package display

import (
	"math"
	"slices"
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

// tellApart shortens texts to a width so that those that differ still do: where
// their beginnings alone would be seen, what the beginnings share is left out.
func tellApart(texts []string, size, limit float64) []string {
	out, from := make([]string, len(texts)), make([]int, len(texts))
	fits := func(s string) bool { return len(s) <= longestLine && textWidth(s, size) <= limit }
	for i, t := range texts {
		out[i] = shorten(t, size, limit)
	}
	for changed := true; changed; {
		changed = false
		for _, alike := range places(out) {
			n := difference(texts, alike)
			if n < 0 || n <= from[alike[0]] {
				continue
			}
			n = cutBefore(texts, alike, from[alike[0]], n, fits)
			for _, i := range alike {
				from[i] = max(from[i], n)
				out[i] = shorten("…"+texts[i][from[i]:], size, limit)
			}
			changed = true
		}
	}
	return out
}

// places are the places of each text that occurs.
func places(texts []string) map[string][]int {
	out := map[string][]int{}
	for i, t := range texts {
		out[t] = append(out[t], i)
	}
	return out
}

// difference is where the texts at some places begin to differ; -1 if they do not.
func difference(texts []string, at []int) int {
	first, n := texts[at[0]], -1
	for _, i := range at[1:] {
		if texts[i] == first {
			continue
		}
		k := sharedBytes(first, texts[i])
		if n < 0 || k < n {
			n = k
		}
	}
	return n
}

// sharedBytes is how long the beginning is, in whole letters, that two texts share.
func sharedBytes(a, b string) int {
	for i, r := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			return i
		}
	}
	return len(a)
}

// cutBefore is where to cut texts at some places that are the same up to n: before
// the last word that they share or, as long as they all fit then, words earlier.
func cutBefore(texts []string, at []int, from, n int, fits func(string) bool) int {
	shared, cut := texts[at[0]][:n], n
	if w := wordStart(shared); w > from {
		cut = w
	}
	for {
		w := wordStart(shared[:cut-1])
		long := func(i int) bool { return !fits("…" + texts[i][w:]) }
		if w <= from || slices.ContainsFunc(at, long) {
			return cut
		}
		cut = w
	}
}

// wordStart is where the last word of a text begins.
func wordStart(s string) int { return strings.LastIndexAny(s, " _-./=,:") + 1 }
