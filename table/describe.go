package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Describe returns one row a column: column, type, count (values that are
// not missing), missing, unique, mean, std, min, 25%, 50%, 75%, max (numbers
// only, else missing), and the most frequent value with its count.
func (t *Table) Describe() *Table {
	n := len(t.cols)
	kinds, tops, topMissing := make([]string, n), make([]string, n), make([]bool, n)
	stats := make([][]float64, 11)
	for k := range stats {
		stats[k] = make([]float64, n)
	}
	for j, c := range t.cols {
		kinds[j] = c.typ.String()
		row, top := c.describe()
		for k, x := range row {
			stats[k][j] = x
		}
		tops[j], topMissing[j] = top, top == ""
	}
	cols := []*Column{Texts("column", t.Columns(), nil), Texts("type", kinds, nil)}
	for k, name := range []string{"count", "missing", "unique", "mean", "std", "min", "25%", "50%", "75%", "max", "top_count"} {
		cols = append(cols, Numbers(name, stats[k]))
		if name == "max" {
			cols = append(cols, Texts("top", tops, topMissing))
		}
	}
	return must(New(cols...))
}

// describe returns the numbers of a row of Describe and the most frequent value.
func (c *Column) describe() (row [11]float64, top string) {
	for k := range row {
		row[k] = math.NaN()
	}
	missing := c.Missing()
	row[0], row[1] = float64(c.n-missing), float64(missing)
	if c.typ == Vector || c.typ == Image {
		return row, ""
	}
	if c.typ != Number {
		counts := c.Counts()
		if row[2] = float64(counts.rows); counts.rows > 0 {
			top = counts.cols[0].Format(0)
			row[10] = counts.cols[1].num[0]
		}
		return row, top
	}
	row[3], _ = c.Mean()
	row[4], _ = c.Std()
	v, _ := c.values("")
	slices.Sort(v)
	for k, q := range []float64{0, .25, .5, .75, 1} {
		row[5+k] = quantileOf(v, q)
	}
	row[2] = float64(len(slices.Compact(v)))
	return row, ""
}

// FormatShort writes row i for a table that is read: numbers to at most six
// significant digits, whole ones in full, long text cut.
func (c *Column) FormatShort(i int) string {
	if c.IsMissing(i) {
		return ""
	}
	if c.typ == Number {
		return shortNumber(c.num[i])
	}
	s := strings.ReplaceAll(c.Format(i), "\n", "⏎")
	const most = 40
	if utf8.RuneCountInString(s) > most {
		return string([]rune(s)[:most-1]) + "…"
	}
	return s
}

func shortNumber(x float64) string {
	if x == math.Floor(x) && math.Abs(x) < 1e15 {
		return FormatNumber(x)
	}
	f, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	return FormatNumber(f)
}

// Size writes rows and columns: "344 rows × 8 columns".
func (t *Table) Size() string {
	return fmt.Sprintf("%s × %s", plural(t.rows, "row"), plural(len(t.cols), "column"))
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// String writes the first rows in aligned columns, with types and missing counts.
func (t *Table) String() string {
	const most, mostColumns = 10, 12
	rows, width := min(t.rows, most), min(len(t.cols), mostColumns)
	lines := make([]strings.Builder, rows+2)
	for _, c := range t.cols[:width] {
		cells := []string{c.name, c.typ.String()}
		if m := c.Missing(); m > 0 {
			cells[1] += fmt.Sprintf(", %d missing", m)
		}
		for i := range rows {
			cells = append(cells, c.FormatShort(i))
		}
		appendColumn(lines, cells, c.typ == Number)
	}
	var b strings.Builder
	for i := range lines {
		b.WriteString(strings.TrimRight(lines[i].String(), " "))
		b.WriteByte('\n')
	}
	if rows < t.rows {
		b.WriteString("...\n")
	}
	b.WriteString(t.Size())
	if width < len(t.cols) {
		fmt.Fprintf(&b, " (the first %d shown)", width)
	}
	return b.String()
}

func appendColumn(lines []strings.Builder, cells []string, right bool) {
	w := 0
	for _, s := range cells {
		w = max(w, utf8.RuneCountInString(s))
	}
	for i, s := range cells {
		pad := strings.Repeat(" ", w-utf8.RuneCountInString(s))
		if right {
			s = pad + s
		} else {
			s += pad
		}
		if lines[i].Len() > 0 {
			lines[i].WriteString("  ")
		}
		lines[i].WriteString(s)
	}
}
