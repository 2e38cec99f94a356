package headless

import (
	"fmt"
	"strings"
)

// diff shows how two texts differ: the lines around the first differences, "-"
// for what was, "+" for what is; "" if they are equal.
func diff(was, is string) string {
	if was == is {
		return ""
	}
	a, b := strings.Split(was, "\n"), strings.Split(is, "\n")
	head := common(a, b, func(l []string, i int) string { return l[i] })
	tail := common(a[head:], b[head:], func(l []string, i int) string { return l[len(l)-1-i] })
	var out strings.Builder
	if head > 0 {
		fmt.Fprintf(&out, "    line %d\n      %s\n", head, excerpt(a[head-1]))
	}
	write(&out, a[head:len(a)-tail], b[head:len(b)-tail])
	return strings.TrimSuffix(out.String(), "\n")
}

// common counts equal lines in the order of at.
func common(a, b []string, at func([]string, int) string) (n int) {
	for n < min(len(a), len(b)) && at(a, n) == at(b, n) {
		n++
	}
	return n
}

// fewLines is how much of a difference is shown.
const fewLines = 6

// write writes a changed region: line by line where as many lines came as
// were, else the old block before the new.
func write(out *strings.Builder, was, is []string) {
	if len(was) == len(is) {
		shown := 0
		for i := range was {
			if was[i] == is[i] {
				continue
			}
			if shown++; shown > fewLines/2 {
				fmt.Fprintf(out, "      and further lines\n")
				return
			}
			a, b := around(was[i], is[i])
			fmt.Fprintf(out, "    - %s\n    + %s\n", a, b)
		}
		return
	}
	block(out, "-", was)
	block(out, "+", is)
}

func block(out *strings.Builder, sign string, lines []string) {
	for i, l := range lines {
		if i == fewLines {
			fmt.Fprintf(out, "    %s and %d lines more\n", sign, len(lines)-i)
			return
		}
		fmt.Fprintf(out, "    %s %s\n", sign, excerpt(l))
	}
}

// width is how much of a line is shown.
const width = 90

// around cuts two long lines to what is around their first difference.
func around(was, is string) (string, string) {
	a, b := []rune(was), []rune(is)
	at := 0
	for at < min(len(a), len(b)) && a[at] == b[at] {
		at++
	}
	from := 0
	if at > width/2 && max(len(a), len(b)) > width {
		from = at - width/2
	}
	return window(a, from), window(b, from)
}

func window(line []rune, from int) string {
	before, after := "", ""
	line = line[min(from, len(line)):]
	if from > 0 {
		before = "…"
	}
	if len(line) > width {
		line, after = line[:width], "…"
	}
	return before + string(line) + after
}

// excerpt shortens a line to what fits.
func excerpt(line string) string { return window([]rune(line), 0) }
