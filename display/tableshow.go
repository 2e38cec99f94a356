package display

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// longestTable is how many rows a table shows, however many it is given.
const longestTable = 100

// Bundle returns the table as HTML and aligned text.
func (v TableView) Bundle() Bundle {
	s := &sheet{caption: v.Name}
	shown := 0
	for _, c := range v.Columns {
		s.columns = append(s.columns, sheetColumn{name: c.Name, under: c.under(), right: c.Right})
		shown = max(shown, len(c.Cells))
	}
	head, tail := v.parts(shown)
	for r := range head {
		s.rows = append(s.rows, v.row(r))
	}
	if head+tail < v.Rows && len(v.Columns) > 0 {
		s.rows = append(s.rows, sheetRow{gap: true})
	}
	for r := shown - tail; r < shown; r++ {
		s.rows = append(s.rows, v.row(r))
	}
	s.notes = append([]string{v.size()}, v.Notes...)
	return s.bundle()
}

func (c TableColumn) under() string {
	if c.Missing == 0 {
		return c.Type
	}
	return strings.TrimPrefix(c.Type+", "+grouped(c.Missing)+" missing", ", ")
}

// parts says how many of the first and of the last rows are shown.
func (v TableView) parts(shown int) (head, tail int) {
	head = min(max(v.Head, 0), shown)
	tail = shown - head
	if shown <= longestTable {
		return head, tail
	}
	tail = min(tail, longestTable/5)
	return min(head, longestTable-tail), tail
}

func (v TableView) row(r int) sheetRow {
	var row sheetRow
	for _, c := range v.Columns {
		var cell sheetCell
		if r < len(c.Cells) {
			cell.text = c.Cells[r]
		}
		if r < len(c.Absent) && c.Absent[r] {
			cell = sheetCell{text: "–", soft: true, tip: "missing"}
		}
		row.cells = append(row.cells, cell)
	}
	return row
}

func (v TableView) size() string {
	columns := max(v.TotalColumns, len(v.Columns))
	size := count(v.Rows, "row") + " × " + count(columns, "column")
	if columns > len(v.Columns) {
		size += fmt.Sprintf(" (%d shown)", len(v.Columns))
	}
	return size
}

// Bundle returns the summary as HTML and aligned text.
func (v DescribeView) Bundle() Bundle {
	s := &sheet{caption: v.Name}
	s.columns = []sheetColumn{{name: "column"}, {name: "type"}, {name: "missing", right: true}}
	for _, name := range v.Stats {
		s.columns = append(s.columns, sheetColumn{name: name, right: true})
	}
	shapes := false
	for _, c := range v.Columns {
		shapes = shapes || c.Shape != nil || c.ShapeText != ""
	}
	if shapes {
		s.columns = append(s.columns, sheetColumn{name: "shape"}, sheetColumn{})
	}
	for _, c := range v.Columns {
		s.rows = append(s.rows, v.row(c, shapes))
	}
	s.notes = append([]string{count(v.Rows, "row") + " × " + count(max(v.TotalColumns, len(v.Columns)), "column")}, v.Notes...)
	return s.bundle()
}

func (v DescribeView) row(c DescribeColumn, shapes bool) sheetRow {
	missing := sheetCell{text: grouped(c.Missing), soft: c.Missing == 0}
	if v.Rows > 0 && c.Missing > 0 {
		missing.tip = percent(float64(c.Missing) / float64(v.Rows))
	}
	cells := []sheetCell{{text: c.Name}, {text: c.Type, soft: true}, missing}
	for i := range v.Stats {
		cell := sheetCell{}
		if i < len(c.Stats) {
			cell.text = c.Stats[i]
		}
		cells = append(cells, cell)
	}
	if shapes {
		cells = append(cells, sheetCell{text: blocks(c.Shape), mono: true, tip: c.ShapeText}, sheetCell{text: c.ShapeText, soft: true})
	}
	return sheetRow{cells: cells}
}

// blocks draws counts as letters that are columns of eight heights.
func blocks(counts []float64) string {
	const most = 24
	if len(counts) > most {
		merged := make([]float64, most)
		for i, c := range counts {
			merged[i*most/len(counts)] += c
		}
		counts = merged
	}
	heights := []rune("▁▂▃▄▅▆▇█")
	top := largest(counts)
	out := make([]rune, len(counts))
	for i, c := range counts {
		switch {
		case !(c > 0) || top == 0:
			out[i] = '\u00a0'
		case math.IsInf(c, 1):
			out[i] = '█'
		default:
			out[i] = heights[min(int(c/top*8), 7)]
		}
	}
	return string(out)
}

// Bundle returns the record as HTML and aligned text; volatile values are listed.
func (v RecordView) Bundle() Bundle {
	s := &sheet{caption: v.Name, notes: v.Notes}
	return withFields(s, v.Fields).bundleOf()
}

// Bundle returns the summary as HTML and aligned text.
func (v SummaryView) Bundle() Bundle {
	s := &sheet{caption: v.Name}
	s.columns = []sheetColumn{{name: "layer"}, {name: "kind"}, {name: "in", right: true}, {name: "out", right: true}, {name: "parameters", right: true}, {name: "details", grow: true}}
	total, known := 0, true
	for _, l := range v.Layers {
		total += max(l.Parameters, 0)
		known = known && l.Parameters >= 0
		s.rows = append(s.rows, sheetRow{cells: []sheetCell{{text: indent(l.Depth) + l.Name}, {text: l.Kind, soft: true}, sized(l.Inputs, 1), sized(l.Units, 1), sized(l.Parameters, 0), {text: l.Details}}})
	}
	if known && len(v.Layers) > 1 {
		s.rows = append(s.rows, sheetRow{ruled: true, cells: []sheetCell{{text: "total"}, {}, {}, {}, {text: grouped(total)}, {}}})
	}
	facts := withFields(&sheet{notes: v.Notes}, v.Fields)
	return facts.below(s)
}

// indent is blank space that HTML keeps.
func indent(depth int) string { return strings.Repeat("\u00a0\u00a0", depth) }

// sized is a size, or a question mark for one below the least that is known.
func sized(n, least int) sheetCell {
	if n < least {
		return sheetCell{text: "?", soft: true}
	}
	return sheetCell{text: grouped(n)}
}

// Bundle returns the report as HTML and aligned text.
func (v ReportView) Bundle() Bundle {
	s := &sheet{caption: v.Name}
	s.columns = []sheetColumn{{name: "class"}, {name: "precision", right: true}, {name: "recall", right: true}, {name: "F1", right: true}, {name: "rows", right: true}}
	for _, c := range v.Classes {
		s.rows = append(s.rows, sheetRow{cells: []sheetCell{{text: c.Name}, score(c.Precision), score(c.Recall), score(c.F1), {text: grouped(c.Rows)}}})
	}
	return withFields(&sheet{notes: v.Notes}, v.Fields).below(s)
}

func score(x float64) sheetCell {
	if !finite(x) {
		return sheetCell{text: "–", soft: true, tip: "not defined: no such rows"}
	}
	return sheetCell{text: fmt.Sprintf("%.3f", x)}
}

// fieldSheet is a sheet of names and values that knows which lines vary.
type fieldSheet struct {
	*sheet
	volatile []int
}

func withFields(s *sheet, fields []Field) fieldSheet {
	s.headless = true
	s.columns = []sheetColumn{{name: "name"}, {name: "value", grow: true}}
	out := fieldSheet{sheet: s}
	for i, f := range fields {
		value := f.Value
		if f.Note != "" {
			value += " (" + f.Note + ")"
		}
		s.rows = append(s.rows, sheetRow{cells: []sheetCell{{text: f.Name, soft: true}, {text: value}}})
		if f.Volatile {
			out.volatile = append(out.volatile, i)
		}
	}
	return out
}

// bundleOf returns the sheet with the lines that vary listed, each as it stands in
// the text and as it stands in the HTML.
func (s fieldSheet) bundleOf() Bundle {
	b := s.bundle()
	lines := s.block([]int{0, 1}, s.widths())
	for _, i := range s.volatile {
		value := s.rows[i].cells[1].text
		b.Volatile = append(b.Volatile, lines[i], ">"+html.EscapeString(oneLine(value))+"</td>")
	}
	return b
}

// below returns one bundle of a sheet and, below it, this one.
func (s fieldSheet) below(top *sheet) Bundle {
	if len(s.rows) == 0 {
		top.notes = append(top.notes, s.notes...)
		return top.bundle()
	}
	b := s.bundleOf()
	markup, _ := b.Data["text/html"].(string)
	volatile := b.Volatile
	b = Text(top.plain()+"\n\n"+b.Plain()).With("text/html", top.html()+markup)
	b.Volatile = volatile
	return b
}
