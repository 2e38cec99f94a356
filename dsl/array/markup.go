package array

import (
	"fmt"
	"math"
	"strings"
)

const (
	boardDecimals = 4  // of numbers in HTML and LaTeX
	htmlItems     = 10 // rows and columns kept at each end in HTML
	latexItems    = 4  // rows and columns kept at each end in LaTeX
)

// board lays the array out as a matrix of cell texts with at most edge items at
// each end of an axis; "" stands for what is left out. A 1-d array is one row.
func (a *Array) board(edge int) [][]string {
	m := a
	if len(a.shape) < 2 {
		m = construct(a.store.kind, []int{1, len(a.data)}, a.data)
	}
	rows, cols := ends(m.shape[0], edge), ends(m.shape[1], edge)
	var shown []float64
	for _, i := range rows {
		for _, j := range cols {
			if i >= 0 && j >= 0 {
				shown = append(shown, m.data[i*m.shape[1]+j])
			}
		}
	}
	l := newLayout(a.store.kind, shown, boardDecimals)
	out := make([][]string, len(rows))
	for r, i := range rows {
		out[r] = make([]string, len(cols))
		for c, j := range cols {
			if i >= 0 && j >= 0 {
				out[r][c] = strings.TrimSpace(l.text(m.data[i*m.shape[1]+j]))
			}
		}
	}
	return out
}

// ends is the indices of n that are shown, -1 standing for the rest.
func ends(n, edge int) []int {
	var out []int
	for i := 0; i < n; i++ {
		if n > 2*edge && i == edge {
			out = append(out, -1)
			i = n - edge
		}
		out = append(out, i)
	}
	return out
}

// HTML is a table of the elements, to four decimals, with the middle of large
// arrays left out, and the shape below. Arrays of more than two axes are text.
func (a *Array) HTML() string {
	if len(a.shape) > 2 || len(a.data) == 0 {
		return "<pre>" + a.String() + "</pre>"
	}
	var b strings.Builder
	b.WriteString("<table>\n")
	for _, row := range a.board(htmlItems) {
		b.WriteString("<tr>")
		for _, cell := range row {
			if cell == "" {
				cell = "…"
			}
			fmt.Fprintf(&b, `<td style="text-align:right">%s</td>`, strings.ReplaceAll(cell, "-", "−"))
		}
		b.WriteString("</tr>\n")
	}
	fmt.Fprintf(&b, "</table>\n<p>shape %s</p>", ShapeText(a.shape))
	return b.String()
}

// LaTeX is the matrix between brackets, without dollar signs, to four decimals;
// a 1-d array is a column vector, as in Y = f(WX + b). The middle of large
// arrays is dots. Arrays of more than two axes show their shape only.
func (a *Array) LaTeX() string {
	switch {
	case len(a.shape) == 0:
		return latexNumber(a.board(1)[0][0])
	case len(a.shape) > 2 || len(a.data) == 0:
		return fmt.Sprintf(`\text{array of shape } %s`, ShapeText(a.shape))
	}
	m := a
	if len(a.shape) == 1 {
		m = construct(a.store.kind, []int{len(a.data), 1}, a.data)
	}
	cells := m.board(latexItems)
	lines := make([]string, len(cells))
	for i, row := range cells {
		for j, cell := range row {
			row[j] = latexCell(cell, m.shape, i, j)
		}
		lines[i] = strings.Join(row, " & ")
	}
	return `\begin{bmatrix} ` + strings.Join(lines, ` \\ `) + ` \end{bmatrix}`
}

// latexCell is a number, or the dots that stand at a row or column left out.
func latexCell(cell string, shape []int, i, j int) string {
	downwards := shape[0] > 2*latexItems && i == latexItems
	across := shape[1] > 2*latexItems && j == latexItems
	switch {
	case downwards && across:
		return `\ddots`
	case downwards:
		return `\vdots`
	case across:
		return `\cdots`
	}
	return latexNumber(cell)
}

func latexNumber(text string) string {
	special := map[string]string{
		"nan": `\mathrm{nan}`, "inf": `\infty`, "-inf": `-\infty`,
		"True": `\mathrm{True}`, "False": `\mathrm{False}`,
	}
	if s, ok := special[text]; ok {
		return s
	}
	mantissa, exponent, found := strings.Cut(text, "e")
	mantissa = strings.TrimSuffix(mantissa, ".")
	if !found {
		return mantissa
	}
	var exp int
	if _, err := fmt.Sscanf(exponent, "%d", &exp); err != nil {
		exp = math.MaxInt
	}
	return fmt.Sprintf(`%s \times 10^{%d}`, mantissa, exp)
}
