package kernel

import "slices"

// glob is a pattern for whole texts: * is any text, ? any character, [a-z]
// one of a set, [^a-z] or [!a-z] one not of it. A [ without ] is itself.
type glob []globPart

type globPart struct {
	star  bool
	match func(rune) bool
}

func parseGlob(pattern string) (g glob) {
	p := []rune(pattern)
	for i := 0; i < len(p); i++ {
		switch c := p[i]; c {
		case '*':
			if len(g) == 0 || !g[len(g)-1].star {
				g = append(g, globPart{star: true})
			}
		case '?':
			g = append(g, globPart{match: func(rune) bool { return true }})
		case '[':
			if set, n := parseSet(p[i+1:]); n > 0 {
				g = append(g, globPart{match: set})
				i += n
				continue
			}
			fallthrough
		default:
			g = append(g, globPart{match: func(r rune) bool { return r == c }})
		}
	}
	return g
}

// parseSet parses what follows a [ and returns how many characters that took,
// 0 if there is no ].
func parseSet(p []rune) (set func(rune) bool, n int) {
	not := len(p) > 0 && (p[0] == '^' || p[0] == '!')
	start := 0
	if not {
		start = 1
	}
	if start >= len(p) {
		return nil, 0
	}
	end := slices.Index(p[start+1:], ']') // a ] at the start is of the set
	if end < 0 {
		return nil, 0
	}
	end += start + 1
	body := p[start:end]
	return func(r rune) bool { return inSet(body, r) != not }, end + 1
}

func inSet(body []rune, r rune) bool {
	for i := 0; i < len(body); i++ {
		if i+2 < len(body) && body[i+1] == '-' {
			if body[i] <= r && r <= body[i+2] {
				return true
			}
			i += 2
		} else if body[i] == r {
			return true
		}
	}
	return false
}

// match takes time in proportion to the lengths of text and pattern: it goes
// back to the last star alone.
func (g glob) match(text string) bool {
	t := []rune(text)
	star, mark := -1, 0
	i, j := 0, 0
	for i < len(t) {
		switch {
		case j < len(g) && g[j].star:
			star, mark = j, i
			j++
		case j < len(g) && g[j].match(t[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	for j < len(g) && g[j].star {
		j++
	}
	return j == len(g)
}
