package headless

import (
	_ "embed"
	"fmt"
	"html"
	"html/template"
	"strings"
	"unicode"
)

//go:embed page.css
var pageStyle string

//go:embed page.tmpl
var pageText string

// page is what the template fills in.
type page struct {
	Title string
	Lang  string
	Style template.CSS
	Cells []pageCell
}

type pageCell struct {
	ID      string
	Kind    string
	Count   string
	Code    template.HTML // of a code cell, else empty
	Body    template.HTML // of a Markdown cell
	Outputs []pageOutput
}

type pageOutput struct {
	Class   string
	Body    template.HTML
	Columns int // of a table: paper does not scroll, so many columns are set small
}

// HTML returns the notebook as one page that needs nothing else: no scripts, no
// fonts, no network. dir is where the pictures of its Markdown cells lie; they
// are put into the page. The tags remove-cell, remove-input and remove-output
// leave things out, as they do in Jupyter Book.
func HTML(nb *Notebook, dir string) ([]byte, error) {
	t, err := template.New("page").Parse(pageText)
	if err != nil {
		panic(err) // the template is ours
	}
	p := page{Title: nb.Title(), Lang: nb.lang(), Style: template.CSS(pageStyle)}
	set := newTypesetter(dir)
	for _, c := range nb.Cells {
		if !c.Tagged("remove-cell") {
			p.Cells = append(p.Cells, set.cell(c))
		}
	}
	if p.Title == "" {
		p.Title = "Notebook"
	}
	var out strings.Builder
	if err := t.Execute(&out, p); err != nil {
		return nil, fmt.Errorf("write the page: %w", err)
	}
	return []byte(out.String()), nil
}

// lang is the language of the page's text, for hyphenation and speech.
func (nb *Notebook) lang() string {
	for _, c := range nb.Cells {
		hangul := 0
		for _, r := range c.Source {
			if unicode.Is(unicode.Hangul, r) {
				hangul++
			}
		}
		if c.Type == Markdown && hangul >= 20 {
			return "ko"
		}
	}
	return "en"
}

func (t *typesetter) cell(c *Cell) pageCell {
	p := pageCell{ID: c.ID, Kind: c.Type}
	switch c.Type {
	case Markdown:
		attachments, _ := c.extra["attachments"].(map[string]any)
		p.Body = template.HTML(t.html(c.Source, attachments))
	case Code:
		if source := strings.TrimRight(c.Source, "\n"); source != "" && !c.Tagged("remove-input") {
			p.Code = template.HTML(highlight(source))
		}
		if c.Count > 0 {
			p.Count = fmt.Sprint(c.Count)
		}
		if !c.Tagged("remove-output") {
			for _, o := range shown(c.Outputs) {
				p.Outputs = append(p.Outputs, t.output(o))
			}
		}
	}
	return p
}

// representations tells how each MIME type is shown, best first.
var representations = []struct {
	mime string
	show func(t *typesetter, content string) string
}{
	{"text/html", func(_ *typesetter, s string) string { return s }},
	{"text/markdown", func(t *typesetter, s string) string { return t.html(s, nil) }},
	{"image/svg+xml", func(_ *typesetter, s string) string { return inlineSVG(s) }},
	{"image/png", picture("image/png")},
	{"image/jpeg", picture("image/jpeg")},
	{"image/gif", picture("image/gif")},
	{"image/webp", picture("image/webp")},
	{"text/latex", func(_ *typesetter, s string) string { return latexHTML(s) }},
	{"text/plain", func(_ *typesetter, s string) string { return "<pre>" + ansiHTML(s) + "</pre>" }},
}

func (t *typesetter) output(o *Output) pageOutput {
	switch o.Type {
	case Stream:
		return pageOutput{Class: o.Name, Body: template.HTML("<pre>" + ansiHTML(o.Text) + "</pre>")}
	case ErrorOutput:
		text := strings.Join(o.Traceback, "\n")
		if text == "" {
			text = o.EName + ": " + o.EValue
		}
		return pageOutput{Class: "error", Body: template.HTML("<pre>" + ansiHTML(text) + "</pre>")}
	}
	for _, r := range representations {
		if s, ok := o.Data[r.mime].(string); ok {
			_, class, _ := strings.Cut(r.mime, "/")
			class, _, _ = strings.Cut(class, "+")
			return pageOutput{Class: "value " + class, Body: template.HTML(r.show(t, s)), Columns: columns(s)}
		}
	}
	for mime, v := range o.Data {
		if isJSON(mime) && len(o.Data) == 1 {
			return pageOutput{Class: "value", Body: template.HTML("<pre>" + escapeText(pretty(v)) + "</pre>")}
		}
	}
	return pageOutput{Class: "value", Body: template.HTML("<p>(an output that needs a notebook: " + escapeText(o.summary()) + ")</p>")}
}

var firstRow = pattern(`(?s)<table.*?</tr>`)

// columns returns the number of columns of the first table in a piece of HTML.
func columns(s string) int {
	row := firstRow().FindString(s)
	return strings.Count(row, "<th") + strings.Count(row, "<td") - strings.Count(row, "<thead")
}

func picture(mime string) func(*typesetter, string) string {
	return func(_ *typesetter, content string) string {
		return `<img alt="" src="data:` + mime + ";base64," + strings.Join(strings.Fields(content), "") + `">`
	}
}

var beforeSVG = pattern(`^(?s:\s*(?:<\?xml.*?\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?>|<!--.*?-->))+\s*`)

// inlineSVG takes off what may not stand inside a page.
func inlineSVG(s string) string { return beforeSVG().ReplaceAllString(s, "") }

// latexHTML shows text/latex: formulas between marks, and text around them.
func latexHTML(s string) string {
	s = strings.TrimSpace(s)
	for _, m := range []struct {
		open, close string
		display     bool
	}{{"$$", "$$", true}, {`\[`, `\]`, true}, {"$", "$", false}, {`\(`, `\)`, false}} {
		body, ok := strings.CutPrefix(s, m.open)
		if body, closed := strings.CutSuffix(body, m.close); ok && closed && !strings.Contains(body, "$") {
			return mathHTML(body, true)
		}
	}
	if strings.Contains(s, "$") {
		return newTypesetter("").html(s, nil)
	}
	return mathHTML(s, true)
}

func escapeText(s string) string { return html.EscapeString(s) }
