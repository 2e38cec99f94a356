package display

import (
	"html"
	"strings"

	"golang.org/x/text/width"
)

// sheet is a table before it is HTML or text: what all table views become.
type sheet struct {
	caption string
	columns []sheetColumn
	rows    []sheetRow
	notes   []string
	// headless leaves out the line of names.
	headless bool
}

type sheetColumn struct {
	name string
	// under stands below the name in a softer colour.
	under string
	right bool
	// grow keeps a column of sentences from being cut.
	grow bool
}

type sheetRow struct {
	cells []sheetCell
	// gap is a line of … instead of cells.
	gap bool
	// ruled draws a line above the row.
	ruled bool
}

type sheetCell struct {
	text string
	// soft marks what is not a value of its own: missing values, notes.
	soft bool
	// mono sets the cell in a font with equally wide letters, such as for bars of blocks.
	mono bool
	// tip is shown when the mouse rests on the cell.
	tip string
}

const (
	longestCell = 60  // columns of letters
	pageWidth   = 100 // of a text table
)

// bundle returns the sheet as HTML and text.
func (s *sheet) bundle() Bundle { return Text(s.plain()).With("text/html", s.html()) }

// html writes the sheet as a table whose styles are all in its elements and name
// no ink and no paper, so that it follows a light or dark page and survives
// sanitising.
func (s *sheet) html() string {
	var b strings.Builder
	b.WriteString(`<div style="overflow-x:auto">`)
	if s.caption != "" {
		b.WriteString(`<div style="font-weight:bold;margin:2px 0 4px 0">` + html.EscapeString(s.caption) + "</div>")
	}
	b.WriteString(`<table style="border-collapse:collapse;margin:0;color:inherit">` + "\n")
	if !s.headless {
		s.headHTML(&b)
	}
	b.WriteString("<tbody>\n")
	for _, r := range s.rows {
		s.rowHTML(&b, r)
	}
	b.WriteString("</tbody></table>")
	for _, n := range s.notes {
		b.WriteString(`<div style="opacity:.75;font-size:90%;margin-top:4px">` + html.EscapeString(n) + "</div>")
	}
	b.WriteString("</div>\n")
	return b.String()
}

func (s *sheet) headHTML(b *strings.Builder) {
	b.WriteString("<thead><tr>")
	for _, c := range s.columns {
		b.WriteString(`<th style="` + c.style() + `;vertical-align:bottom;border-bottom:1px solid">` + html.EscapeString(c.name))
		if c.under != "" {
			b.WriteString(`<div style="font-weight:normal;font-size:85%;opacity:.7">` + html.EscapeString(c.under) + "</div>")
		}
		b.WriteString("</th>")
	}
	b.WriteString("</tr></thead>\n")
}

func (c sheetColumn) style() string {
	align := "left"
	if c.right {
		align = "right"
	}
	style := "text-align:" + align + ";padding:2px 10px 2px 4px"
	if !c.grow {
		style += ";white-space:nowrap"
	}
	return style
}

func (s *sheet) rowHTML(b *strings.Builder, r sheetRow) {
	b.WriteString("<tr>")
	for i, c := range s.columns {
		cell := sheetCell{text: "…", soft: true}
		if !r.gap {
			cell = r.cells[i]
		}
		style := c.style()
		if r.ruled {
			style += ";border-top:1px solid"
		}
		if cell.soft {
			style += ";opacity:.6"
		}
		if cell.mono {
			style += ";font-family:monospace"
		}
		b.WriteString(`<td style="` + style + `"`)
		shown := cell.text
		if !c.grow {
			shown = cutText(shown, longestCell)
		}
		if cell.tip == "" && shown != cell.text {
			cell.tip = cutText(cell.text, 500)
		}
		if cell.tip != "" {
			b.WriteString(` title="` + html.EscapeString(cell.tip) + `"`)
		}
		b.WriteString(">" + html.EscapeString(oneLine(shown)) + "</td>")
	}
	b.WriteString("</tr>\n")
}

// plain writes the sheet as aligned text. Columns that do not fit on a page
// stand in further blocks below, which begin with the first column again.
func (s *sheet) plain() string {
	var out []string
	if s.caption != "" {
		out = append(out, s.caption)
	}
	widths := s.widths()
	for k, block := range s.blocks(widths) {
		if k > 0 {
			out = append(out, "")
		}
		out = append(out, s.block(block, widths)...)
	}
	return strings.Join(append(out, s.notes...), "\n")
}

func (s *sheet) widths() []int {
	out := make([]int, len(s.columns))
	for i, c := range s.columns {
		if !s.headless {
			out[i] = max(columnsOf(s.clip(c, c.name)), columnsOf(s.clip(c, c.under)))
		}
		for _, r := range s.rows {
			if !r.gap {
				out[i] = max(out[i], columnsOf(s.clip(c, r.cells[i].text)))
			}
		}
	}
	return out
}

func (s *sheet) clip(c sheetColumn, text string) string {
	text = oneLine(text)
	if c.grow {
		return text
	}
	return cutText(text, longestCell)
}

// blocks groups columns so that each group fits on a page.
func (s *sheet) blocks(widths []int) [][]int {
	var out [][]int
	var block []int
	used := 0
	for i, w := range widths {
		if len(block) > 1 && used+2+w > pageWidth {
			out = append(out, block)
			block, used = []int{0}, widths[0]
		}
		block = append(block, i)
		used += 2 + w
	}
	return append(out, block)
}

func (s *sheet) block(columns, widths []int) []string {
	var out []string
	line := func(text func(i int) string) {
		var b strings.Builder
		for k, i := range columns {
			if k > 0 {
				b.WriteString("  ")
			}
			t := s.clip(s.columns[i], text(i))
			pad := strings.Repeat(" ", max(0, widths[i]-columnsOf(t)))
			if s.columns[i].right {
				b.WriteString(pad + t)
			} else {
				b.WriteString(t + pad)
			}
		}
		out = append(out, strings.TrimRight(b.String(), " "))
	}
	if !s.headless {
		line(func(i int) string { return s.columns[i].name })
		if s.hasUnder() {
			line(func(i int) string { return s.columns[i].under })
		}
		line(func(i int) string { return strings.Repeat("─", widths[i]) })
	}
	for _, r := range s.rows {
		line(func(i int) string {
			if r.gap {
				return "…"
			}
			return r.cells[i].text
		})
	}
	return out
}

func (s *sheet) hasUnder() bool {
	for _, c := range s.columns {
		if c.under != "" {
			return true
		}
	}
	return false
}

// columnsOf is how many columns of a terminal a text takes: two for Hangul and
// other wide letters, none for marks that join the letter before.
func columnsOf(s string) (n int) {
	for _, r := range s {
		n += letterColumns(r)
	}
	return n
}

func letterColumns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if r >= 0x300 && r < 0x370 || r >= 0x1160 && r < 0x1200 || r == 0x200b || r == 0x200d || r >= 0xfe00 && r < 0xfe10 {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	if r >= 0x1f300 && r < 0x1fb00 {
		return 2
	}
	return 1
}

// cutText shortens a text to so many columns, ending it with "…".
func cutText(s string, columns int) string {
	if columnsOf(s) <= columns {
		return s
	}
	n := 1
	for i, r := range s {
		if n += letterColumns(r); n > columns {
			return strings.TrimRight(s[:i], " ") + "…"
		}
	}
	return s
}

// oneLine writes the breaks of a text as signs.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\t") {
		return s
	}
	return strings.NewReplacer("\r\n", "⏎", "\n", "⏎", "\r", "⏎", "\t", " ").Replace(s)
}
