package dsl

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/table"
)

// What of a table is shown: all rows up to maxShownRows, else the first and
// the last shownEnd; the first maxShownColumns columns.
const (
	maxShownRows    = 20
	shownEnd        = 5
	maxShownColumns = 16
)

// Bundle shows the first and the last rows, types and missing counts.
func (v *tableValue) Bundle() display.Bundle {
	if v.view != nil {
		return v.view()
	}
	return tableBundle(v.t, v.notes)
}

func tableBundle(t *table.Table, notes []string) display.Bundle {
	rows, head := shownRows(t.Len())
	view := display.TableView{Head: head, Rows: t.Len(), TotalColumns: t.Width(), Notes: notes}
	for j := range min(t.Width(), maxShownColumns) {
		view.Columns = append(view.Columns, shownColumn(t.At(j), rows))
	}
	return view.Bundle()
}

// shownRows are the numbers of the rows shown, and how many are the first ones.
func shownRows(n int) (rows []int, head int) {
	if n <= maxShownRows {
		return steps(0, n, 1), n
	}
	return append(steps(0, shownEnd, 1), steps(n-shownEnd, n, 1)...), shownEnd
}

func shownColumn(c *table.Column, rows []int) display.TableColumn {
	out := display.TableColumn{Name: c.Name(), Type: typeText(c), Missing: c.Missing(), Right: c.Type() == table.Number}
	for _, i := range rows {
		out.Cells = append(out.Cells, c.FormatShort(i))
		out.Absent = append(out.Absent, c.IsMissing(i))
	}
	return out
}

// typeText is the type of a column with the size of its elements.
func typeText(c *table.Column) string {
	s := c.Type().String()
	if shape := c.Shape(); len(shape) > 0 {
		s += " " + strings.ReplaceAll(strings.Trim(fmt.Sprint(shape), "[]"), " ", "×")
	}
	return s
}

// infoNotes are what is to be said under a data set: what it is, its licence and source.
func infoNotes(t *table.Table) []string {
	i := t.Info()
	if i == nil {
		return nil
	}
	notes := []string{i.Name + ": " + i.Description}
	if i.Target != "" {
		notes[0] += "; usually predicted: " + i.Target
	}
	if i.Licence == "generated" {
		return append(notes, "generated; "+i.Source)
	}
	return append(notes, "licence: "+i.Licence+"; source: "+i.Source)
}

// datasetsBundle shows the list of data sets with its texts in full.
func datasetsBundle(t *table.Table) display.Bundle {
	view := display.TableView{Head: t.Len(), Rows: t.Len(), Notes: []string{"where rows are –, data are generated: n=, noise= and seed= say how"}}
	for j := range t.Width() {
		c := t.At(j)
		col := display.TableColumn{Name: c.Name(), Right: c.Type() == table.Number}
		for i := range t.Len() {
			col.Cells = append(col.Cells, c.Format(i))
			col.Absent = append(col.Absent, c.IsMissing(i))
		}
		view.Columns = append(view.Columns, col)
	}
	return view.Bundle()
}

// infoOf is what is known of a data set as a record, None for other tables.
func infoOf(i *table.Info) starlark.Value {
	if i == nil {
		return starlark.None
	}
	meaning := newRecord("columns")
	for _, c := range i.Columns {
		meaning.fields = append(meaning.fields, field{c.Name, starlark.String(c.Meaning)})
	}
	text := func(name, s string) field { return field{name, starlark.String(s)} }
	return newRecord("info", text("name", i.Name), text("description", i.Description), text("target", i.Target),
		text("licence", i.Licence), text("source", i.Source), field{"columns", meaning})
}

// describeStats are the headings of a description, as table.Describe names
// its columns, beside those of missing values and type.
var describeStats = []string{"mean", "std", "min", "25%", "50%", "75%", "max", "unique", "top"}

// Of a description all columns are shown up to mostDescribed, else the first
// fewDescribed: a page.
const mostDescribed, fewDescribed = 70, 50

// describeBundle shows a description with small histograms.
func describeBundle(t, d *table.Table) display.Bundle {
	view := display.DescribeView{Rows: t.Len(), TotalColumns: t.Width(), Stats: describeStats}
	var stats []*table.Column
	for _, name := range describeStats {
		c, err := d.Col(name)
		if err != nil {
			continue
		}
		stats = append(stats, c)
	}
	names := t.Columns()
	if len(names) > mostDescribed {
		names = names[:fewDescribed]
		view.Notes = []string{fmt.Sprintf("the first %d columns; t.select(…).describe() shows others", fewDescribed)}
	}
	for j, name := range names {
		c := t.At(j)
		col := display.DescribeColumn{Name: name, Type: typeText(c), Missing: c.Missing()}
		for _, s := range stats {
			col.Stats = append(col.Stats, s.FormatShort(j))
		}
		col.Shape, col.ShapeText = shapeOf(c)
		view.Columns = append(view.Columns, col)
	}
	return view.Bundle()
}

// Sizes of the small histograms.
const (
	shapeBins   = 12
	shapeLevels = 8
)

// shapeOf is a small histogram of numbers, or the counts of the commonest values.
func shapeOf(c *table.Column) ([]float64, string) {
	switch c.Type() {
	case table.Vector, table.Image:
		return nil, ""
	case table.Number:
		return histogramOf(c, table.Number)
	case table.Time:
		seconds, err := c.ToNumber()
		if err != nil {
			return nil, ""
		}
		return histogramOf(seconds, table.Time)
	}
	counts := c.Counts()
	n := min(counts.Len(), shapeLevels)
	return counts.At(1).Floats()[:n], count(counts.Len(), "level", "levels")
}

// histogramOf counts numbers in equal bins; the ends are written as the type has it.
func histogramOf(c *table.Column, as table.Type) ([]float64, string) {
	low, errLow := c.Min()
	high, errHigh := c.Max()
	lo, ok := low.(float64)
	hi, ok2 := high.(float64)
	if errLow != nil || errHigh != nil || !ok || !ok2 || hi-lo != hi-lo || hi-lo > 1e300 {
		return nil, ""
	}
	bins := make([]float64, shapeBins)
	for _, x := range c.Floats() {
		if x != x {
			continue
		}
		i := 0
		if hi > lo {
			i = min(int((x-lo)/(hi-lo)*shapeBins), shapeBins-1)
		}
		bins[i]++
	}
	ends, err := table.Numbers("", []float64{lo, hi}).To(as)
	if err != nil {
		return bins, ""
	}
	return bins, ends.FormatShort(0) + " … " + ends.FormatShort(1)
}
