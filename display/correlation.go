package display

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strings"
)

// CorrelationData is what Correlation draws.
type CorrelationData struct {
	Names []string
	// R is the square matrix of correlations in -1…1; NaN is not known.
	R [][]float64
}

// Correlation draws a matrix of correlations with its numbers.
func Correlation(d CorrelationData, o Options) (*Figure, error) {
	n := len(d.Names)
	if n == 0 {
		return nil, errors.New("correlation: expected at least one column, got none")
	}
	if err := checkSquare(d.R, n); err != nil {
		return nil, fmt.Errorf("correlation: %w", err)
	}
	m := matrix{rows: d.Names, columns: d.Names, value: d.R, colours: diverging, scale: span{-1, 1}}
	if n <= 16 {
		m.entry = func(r, c int) string { return correlationText(d.R[r][c]) }
	}
	s := newScene(o, "Correlation of the columns", notebookWidth, clamp(110+34*float64(n), 190, 680))
	s.rigid = true
	if unknown := notFinite(d.R...); unknown > 0 {
		s.notes = []string{count(unknown, "pair has|pairs have") + " no correlation: a column is constant or has no common values (grey)."}
	}
	s.paint = func(p pen) { m.drawScaled(p, "") }
	return build(s, d.text(), d.data()), nil
}

func checkSquare(m [][]float64, n int) error {
	if len(m) != n {
		return fmt.Errorf("expected a matrix of %d by %d, got %s", n, n, count(len(m), "row"))
	}
	for _, row := range m {
		if len(row) != n {
			return fmt.Errorf("expected a matrix of %d by %d, got a row of %d", n, n, len(row))
		}
	}
	return nil
}

func correlationText(r float64) string {
	if !finite(r) {
		return "–"
	}
	if math.Abs(r) < 0.005 {
		return "0"
	}
	return minus(strings.TrimSuffix(fmt.Sprintf("%.2f", r), ".00"))
}

func (d CorrelationData) text() string {
	type pair struct {
		a, b int
		r    float64
	}
	var pairs []pair
	for a := range d.Names {
		for b := range a {
			if finite(d.R[a][b]) {
				pairs = append(pairs, pair{b, a, d.R[a][b]})
			}
		}
	}
	sort.SliceStable(pairs, func(i, j int) bool { return math.Abs(pairs[i].r) > math.Abs(pairs[j].r) })
	lines := []string{"Correlation of " + count(len(d.Names), "column") + "."}
	if len(pairs) > 0 {
		lines = append(lines, "Strongest first:")
	}
	for i, p := range pairs {
		if i == 12 {
			break
		}
		lines = append(lines, fmt.Sprintf("%s, %s: %s", d.Names[p.a], d.Names[p.b], correlationText(p.r)))
	}
	return strings.Join(lines, "\n")
}

func (d CorrelationData) data() Data {
	out := Data{Columns: []Column{{Name: "column", Strings: d.Names}}}
	for c, name := range d.Names {
		column := Column{Name: name}
		for r := range d.Names {
			column.Numbers = append(column.Numbers, d.R[r][c])
		}
		out.Columns = append(out.Columns, column)
	}
	return out
}
