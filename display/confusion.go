package display

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

// ConfusionData is what Confusion draws.
type ConfusionData struct {
	Classes []string
	// Counts[t][p] is how many rows of class t were called class p.
	Counts [][]float64
	// Target names what is predicted; may be empty.
	Target string
}

// Confusion draws a confusion matrix: rows are true classes, columns the
// predicted ones, shaded by the share of the row.
func Confusion(d ConfusionData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("confusion: %w", err)
	}
	k := len(d.Classes)
	m := matrix{
		rows: d.Classes, columns: d.Classes,
		value: d.shares(), colours: sequential, scale: span{0, 1},
		left: "true", top: "predicted", entry: d.entry,
	}
	s := newScene(o, "Confusion matrix"+map[bool]string{true: " of " + d.Target}[d.Target != ""], notebookWidth, clamp(130+40*float64(k), 210, 700))
	s.rigid = true
	right, total := d.right()
	if total > 0 {
		s.subtitle = fmt.Sprintf("%s of %s right (%s); shade: share of the row", number(right), number(total), percent(right/total))
	}
	s.paint = m.draw
	return build(s, d.text(), d.data()), nil
}

func (d ConfusionData) check() error {
	k := len(d.Classes)
	if k == 0 {
		return errors.New("expected at least one class, got none")
	}
	if len(d.Counts) != k {
		return fmt.Errorf("expected %s of counts, got %d", count(k, "row"), len(d.Counts))
	}
	for _, row := range d.Counts {
		if len(row) != k {
			return fmt.Errorf("expected rows of %s, got %d", count(k, "count"), len(row))
		}
	}
	return nil
}

func (d ConfusionData) entry(t, p int) string {
	c := d.Counts[t][p]
	if c >= 10_000 && c == math.Trunc(c) && c < 1e9 {
		return grouped(int(c))
	}
	return number(c)
}

// shares are the counts as shares of their rows; a row without counts has none.
func (d ConfusionData) shares() [][]float64 {
	out := make([][]float64, len(d.Counts))
	for t, row := range d.Counts {
		total := 0.0
		for _, c := range row {
			total += c
		}
		for _, c := range row {
			if total > 0 {
				out[t] = append(out[t], c/total)
			} else {
				out[t] = append(out[t], 0)
			}
		}
	}
	return out
}

func (d ConfusionData) right() (right, total float64) {
	for t, row := range d.Counts {
		for p, c := range row {
			if !finite(c) {
				continue
			}
			total += c
			if t == p {
				right += c
			}
		}
	}
	return right, total
}

func (d ConfusionData) text() string {
	var b strings.Builder
	right, total := d.right()
	fmt.Fprintf(&b, "Confusion matrix of %s: %s of %s rows right", orElse(d.Target, count(len(d.Classes), "class|classes")), number(right), number(total))
	if total > 0 {
		fmt.Fprintf(&b, " (%s)", percent(right/total))
	}
	b.WriteString(".\n")
	if len(d.Classes) <= 12 {
		b.WriteString(d.sheet().plain())
	} else {
		b.WriteString(d.confusions())
	}
	return b.String()
}

func (d ConfusionData) sheet() *sheet {
	s := &sheet{columns: []sheetColumn{{name: `true \ predicted`}}}
	for t, name := range d.Classes {
		s.columns = append(s.columns, sheetColumn{name: name, right: true})
		row := sheetRow{cells: []sheetCell{{text: name}}}
		for p := range d.Classes {
			row.cells = append(row.cells, sheetCell{text: d.entry(t, p)})
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// confusions are the ten commonest errors in words.
func (d ConfusionData) confusions() string {
	var parts []string
	done := make(map[[2]int]bool)
	for len(parts) < 10 {
		best, most := [2]int{}, 0.0
		for t, row := range d.Counts {
			for p, c := range row {
				if t != p && c > most && !done[[2]int{t, p}] {
					best, most = [2]int{t, p}, c
				}
			}
		}
		if most == 0 {
			break
		}
		done[best] = true
		parts = append(parts, fmt.Sprintf("%s called %s %s", d.Classes[best[0]], d.Classes[best[1]], number(most)))
	}
	if len(parts) == 0 {
		return "No errors."
	}
	return "Commonest errors: " + strings.Join(parts, "; ") + "."
}

func (d ConfusionData) data() Data {
	out := Data{Columns: []Column{{Name: "true", Strings: d.Classes}}}
	for p, name := range d.Classes {
		column := Column{Name: name}
		for t := range d.Classes {
			column.Numbers = append(column.Numbers, d.Counts[t][p])
		}
		out.Columns = append(out.Columns, column)
	}
	return out
}
