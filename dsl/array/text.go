package array

import (
	"math"
	"strconv"
	"strings"
)

// What numpy prints by: its print options of the same names.
const (
	precision = 8    // decimals
	threshold = 1000 // elements above which the middle is left out
	edgeItems = 3    // what is left at each end then
	lineWidth = 75
)

// String is repr: array([1., 2.]), in lines and columns as numpy's.
func (a *Array) String() string {
	if len(a.data) == 0 && len(a.shape) > 1 {
		return "array([], shape=" + ShapeText(a.shape) + ")"
	}
	return "array(" + a.text(", ", len("array("), lineWidth-len(")")) + ")"
}

// Str is str: [1. 2.], as numpy prints it.
func (a *Array) Str() string { return a.text(" ", 0, lineWidth) }

func (a *Array) text(separator string, indent, width int) string {
	if len(a.shape) == 0 {
		return strings.TrimSpace(newLayout(a.store.kind, a.data, precision).text(a.data[0]))
	}
	if len(a.data) == 0 {
		return "[]"
	}
	p := &printer{separator: separator, width: width, summary: len(a.data) > threshold}
	p.layout = newLayout(a.store.kind, p.visible(a, nil), precision)
	return p.array(a, strings.Repeat(" ", indent+1), width)
}

// A printer writes an array as numpy does.
type printer struct {
	layout    *layout
	separator string
	width     int
	summary   bool
}

// rows says which indices of n are shown, -1 standing for the dots.
func (p *printer) rows(n int) []int {
	var rows []int
	for i := 0; i < n; i++ {
		if p.summary && n > 2*edgeItems && i == edgeItems {
			rows = append(rows, -1)
			i = n - edgeItems
		}
		rows = append(rows, i)
	}
	return rows
}

// visible appends the elements that are shown.
func (p *printer) visible(a *Array, to []float64) []float64 {
	if len(a.shape) == 0 {
		return append(to, a.data[0])
	}
	for _, i := range p.rows(a.shape[0]) {
		if i >= 0 {
			to = p.visible(a.row(i), to)
		}
	}
	return to
}

// array writes a between brackets; lines after the first begin with indent.
func (p *printer) array(a *Array, indent string, width int) string {
	if len(a.shape) == 1 {
		return p.line(a, indent, width)
	}
	newline := strings.TrimRight(p.separator, " ") + strings.Repeat("\n", len(a.shape)-1) + indent
	var parts []string
	for _, i := range p.rows(a.shape[0]) {
		if i < 0 {
			parts = append(parts, "...")
			continue
		}
		parts = append(parts, p.array(a.row(i), indent+" ", width-1))
	}
	return "[" + strings.Join(parts, newline) + "]"
}

// line writes the elements of the last axis, wrapped where they fill the width.
func (p *printer) line(a *Array, indent string, width int) string {
	width -= max(len(strings.TrimRight(p.separator, " ")), 1)
	var b strings.Builder
	line := indent
	for k, i := range p.rows(a.shape[0]) {
		word := "..."
		if i >= 0 {
			word = p.layout.text(a.data[i])
		}
		if k > 0 {
			line += p.separator
		}
		if len(line) > len(indent) && len(line)+len(word) > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line = indent
		}
		line += word
	}
	b.WriteString(line)
	return "[" + strings.TrimPrefix(b.String(), indent) + "]"
}

// A layout writes the numbers of an array in columns of one width.
type layout struct {
	kind        Kind
	exp         bool
	precision   int
	left, right int // characters before and after the point
}

func newLayout(kind Kind, data []float64, precision int) *layout {
	l := &layout{kind: kind, precision: precision}
	switch kind {
	case Bool:
		l.left = len("False")
	case Int:
		for _, x := range data {
			l.left = max(l.left, len(strconv.FormatInt(int64(x), 10)))
		}
	default:
		l.float(data)
	}
	return l
}

// float chooses between fixed and exponent notation and measures the columns.
func (l *layout) float(data []float64) {
	least, most := math.Inf(1), 0.0
	for _, x := range data {
		if m := math.Abs(x); m > 0 && !math.IsInf(m, 0) {
			least, most = min(least, m), max(most, m)
		}
	}
	l.exp = most > 0 && (most >= 1e8 || least < 1e-4 || most/least > 1000)
	decimals, special := 0, 0
	for _, x := range data {
		if x != x || math.IsInf(x, 0) {
			special = max(special, len(plainNumber(x)))
			continue
		}
		whole, rest, _ := strings.Cut(l.shortest(x), ".")
		mantissa, _, _ := strings.Cut(rest, "e")
		decimals = max(decimals, len(mantissa))
		l.left, l.right = max(l.left, len(whole)), max(l.right, len(rest))
	}
	if l.exp {
		l.precision = decimals
		for _, x := range data {
			if x-x == 0 {
				_, rest, _ := strings.Cut(l.text(x), ".")
				l.right = max(l.right, len(rest))
			}
		}
	}
	l.left = max(l.left, special-l.right-1)
}

// plainNumber is nan, inf or -inf.
func plainNumber(x float64) string {
	switch {
	case x != x:
		return "nan"
	case x > 0:
		return "inf"
	}
	return "-inf"
}

// shortest is x with at most the layout's decimals and no trailing zeros, but
// always a point.
func (l *layout) shortest(x float64) string {
	verb := byte('f')
	if l.exp {
		verb = 'e'
	}
	text := strconv.FormatFloat(x, verb, -1, 64)
	mantissa, exponent, _ := strings.Cut(text, "e")
	if _, decimals, _ := strings.Cut(mantissa, "."); len(decimals) > l.precision {
		text = strconv.FormatFloat(x, verb, l.precision, 64)
		mantissa, exponent, _ = strings.Cut(text, "e")
	}
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(mantissa, "0")
	} else {
		mantissa += "."
	}
	if l.exp {
		return mantissa + "e" + exponent
	}
	return mantissa
}

// text is x padded to the layout's width.
func (l *layout) text(x float64) string {
	switch {
	case l.kind == Bool:
		return padLeft(map[bool]string{true: "True", false: "False"}[x != 0], l.left)
	case l.kind == Int:
		return padLeft(strconv.FormatInt(int64(x), 10), l.left)
	case x != x || math.IsInf(x, 0):
		return padLeft(plainNumber(x), l.left+1+l.right)
	case l.exp:
		text := strconv.FormatFloat(x, 'e', l.precision, 64)
		if l.precision == 0 {
			text = strings.Replace(text, "e", ".e", 1)
		}
		whole, rest, _ := strings.Cut(text, ".")
		return padLeft(whole, l.left) + "." + rest + strings.Repeat(" ", max(l.right-len(rest), 0))
	}
	whole, rest, _ := strings.Cut(l.shortest(x), ".")
	return padLeft(whole, l.left) + "." + rest + strings.Repeat(" ", max(l.right-len(rest), 0))
}

func padLeft(s string, width int) string {
	return strings.Repeat(" ", max(width-len(s), 0)) + s
}
