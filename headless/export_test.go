package headless

// What the tests in headless_test look at beside the exported names.
var (
	MathML    = mathML
	ANSI      = ansiHTML
	Highlight = highlight
	Diff      = diff

	DecodeScript   = decodeScript
	DecodeMarkdown = decodeMarkdown
)

// MarkdownHTML typesets a text with pictures of a folder.
func MarkdownHTML(source, dir string, attachments map[string]any) string {
	return newTypesetter(dir).html(source, attachments)
}
