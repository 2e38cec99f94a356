package headless

import (
	"encoding/json"
	"strings"
)

// A script is a notebook in which "# %%" begins a cell, as editors and jupytext
// have it: text behind it is the cell's title, [markdown] makes a cell of
// comments, tags=["a"] sets tags. A script without such lines is one cell.

var cellMark = pattern(`^# ?%%(.*)$`)

func decodeScript(text string) *Notebook {
	nb := New()
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = withoutHeader(text, "# ---\n", "\n# ---\n")
	kind, tags := Code, []string(nil)
	var lines []string
	end := func() {
		source := strings.Trim(strings.Join(lines, "\n"), "\n")
		if kind == Markdown {
			source = uncomment(source)
		}
		if strings.TrimSpace(source) != "" {
			nb.append(kind, source, tags)
		}
		lines = nil
	}
	for _, l := range strings.Split(text, "\n") {
		m := cellMark().FindStringSubmatch(l)
		if m == nil {
			lines = append(lines, l)
			continue
		}
		end()
		kind, tags = Code, tagsOf(m[1])
		if strings.Contains(m[1], "[markdown]") || strings.Contains(m[1], "[md]") {
			kind = Markdown
		}
	}
	end()
	nb.identify()
	return nb
}

func (nb *Notebook) append(kind, source string, tags []string) {
	c := newCell(kind, source)
	if len(tags) > 0 {
		c.setTags(tags...)
	}
	nb.Cells = append(nb.Cells, c)
}

// withoutHeader cuts off a header that begins and ends with the given lines.
func withoutHeader(text, begin, end string) string {
	if !strings.HasPrefix(text, begin) {
		return text
	}
	if _, after, ok := strings.Cut(text[len(begin)-1:], end); ok {
		return after
	}
	return text
}

// uncomment takes the comment signs off the lines of a Markdown cell, or the
// quotes off one that is a text.
func uncomment(source string) string {
	if s, ok := strings.CutPrefix(source, `"""`); ok {
		return strings.Trim(strings.TrimSuffix(s, `"""`), "\n")
	}
	lines := strings.Split(source, "\n")
	for i, l := range lines {
		if l, ok := strings.CutPrefix(l, "# "); ok {
			lines[i] = l
		} else {
			lines[i] = strings.TrimPrefix(l, "#")
		}
	}
	return strings.Join(lines, "\n")
}

var tagList = pattern(`tags=(\[[^\]]*\])`)

// tagsOf reads tags=["a", "b"] in the line that begins a cell.
func tagsOf(line string) (tags []string) {
	if m := tagList().FindStringSubmatch(line); m != nil {
		_ = json.Unmarshal([]byte(strings.ReplaceAll(m[1], "'", `"`)), &tags) // a broken list sets none
	}
	return tags
}

// In Markdown, fences of starlark (or star) are code cells, and the text between
// them is Markdown cells; MyST's {code-cell} fences count as well, with their
// ":tags:" line.

var (
	fence    = pattern("^(```+|~~~+) *(.*?) *$")
	codeInfo = pattern(`^(starlark|star)\b|^\{code-cell\}`)
)

func decodeMarkdown(text string) *Notebook {
	nb := New()
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = withoutHeader(text, "---\n", "\n---\n")
	var prose []string
	flush := func() {
		if s := strings.Trim(strings.Join(prose, "\n"), "\n"); strings.TrimSpace(s) != "" {
			nb.append(Markdown, s, nil)
		}
		prose = nil
	}
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		m := fence().FindStringSubmatch(lines[i])
		if m == nil {
			prose = append(prose, lines[i])
			continue
		}
		end := closing(lines, i+1, m[1])
		if codeInfo().MatchString(m[2]) {
			flush()
			source, tags := fenced(lines[i+1:end], m[2])
			nb.append(Code, source, tags)
		} else {
			prose = append(prose, lines[i:min(end+1, len(lines))]...)
		}
		i = end
	}
	flush()
	nb.identify()
	return nb
}

// closing returns the index of the line that closes a fence, or that of the end.
func closing(lines []string, from int, mark string) int {
	for i := from; i < len(lines); i++ {
		l := strings.TrimRight(lines[i], " ")
		if strings.HasPrefix(l, mark) && strings.Trim(l, mark[:1]) == "" {
			return i
		}
	}
	return len(lines)
}

// fenced returns the source and the tags of a fenced cell.
func fenced(lines []string, info string) (source string, tags []string) {
	tags = tagsOf(info)
	for strings.HasPrefix(info, "{") && len(lines) > 0 && strings.HasPrefix(lines[0], ":") {
		if list, ok := strings.CutPrefix(lines[0], ":tags:"); ok {
			for _, t := range strings.Split(strings.Trim(list, " []"), ",") {
				tags = append(tags, strings.Trim(t, ` "'`))
			}
		}
		lines = lines[1:]
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n"), tags
}
