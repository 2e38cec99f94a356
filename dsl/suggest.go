package dsl

import (
	"strings"

	"go.starlark.net/starlark"
)

// suggest ends an error about an unknown name: with the advice for it, or
// with the nearest of the names there are.
func suggest(name string, names []string, advice map[string]string) string {
	if a := advice[name]; a != "" {
		return "; " + a
	}
	if near := nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// fewNames is how many names an error may list.
const fewNames = 10

// noAttribute is the error for an attribute that a value has not.
func noAttribute(v starlark.HasAttrs, name string, advice map[string]string) error {
	names := v.AttrNames()
	hint := suggest(name, names, advice)
	if hint == "" && len(names) <= fewNames {
		hint = "; it has ." + strings.Join(names, ", .")
	}
	return Errorf("AttributeError", "%s has no .%s%s", aKind(v), name, hint)
}

// nearest returns the name that differs least from the given one, empty if
// all differ by more than about a third of its length.
func nearest(name string, names []string) string {
	best, bestDistance := "", (len([]rune(name))+2)/3
	if bestDistance < 2 && len([]rune(name)) > 3 {
		bestDistance = 2
	}
	if len([]rune(name)) < 3 {
		bestDistance = 0
	}
	for _, n := range names {
		if strings.HasPrefix(n, "_") || internal(n) {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(n), bestDistance)
		if d < bestDistance || d == bestDistance && best == "" {
			best, bestDistance = n, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between two words (Damerau's, restricted), or something over
// limit once it must be larger.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
