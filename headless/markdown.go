package headless

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"mime"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// typesetter turns Markdown into HTML. The headings of one page share it, so
// that no two have the same anchor.
type typesetter struct {
	markdown goldmark.Markdown
	ids      parser.IDs
	dir      string // where pictures of relative paths lie; empty: left alone
}

func newTypesetter(dir string) *typesetter {
	return &typesetter{
		dir: dir,
		ids: parser.NewContext().IDs(),
		markdown: goldmark.New(
			goldmark.WithExtensions(extension.GFM, extension.Footnote),
			goldmark.WithParserOptions(
				parser.WithAutoHeadingID(),
				parser.WithBlockParsers(util.Prioritized(mathBlocks{}, 90)),
				parser.WithInlineParsers(util.Prioritized(mathInlines{}, 90)),
			),
			goldmark.WithRendererOptions(
				html.WithUnsafe(), // a notebook's author may write HTML
				renderer.WithNodeRenderers(util.Prioritized(mathRenderer{}, 90)),
			),
		),
	}
}

// html returns the HTML of a Markdown text; attachments are the cell's.
func (t *typesetter) html(source string, attachments map[string]any) string {
	src := []byte(source)
	doc := t.markdown.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(t.ids))))
	// The walker returns no error.
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n := n.(type) {
		case *ast.Image:
			n.Destination = []byte(t.embedded(string(n.Destination), attachments))
		case *ast.FencedCodeBlock:
			if entering && codeInfo().Match(n.Language(src)) {
				n.Parent().ReplaceChild(n.Parent(), n, &mathNode{source: lines(n, src), code: true})
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	})
	var out bytes.Buffer
	if err := t.markdown.Renderer().Render(&out, src, doc); err != nil {
		return "<pre>" + escapeText(source) + "</pre>"
	}
	return out.String()
}

func lines(n ast.Node, src []byte) string {
	var out strings.Builder
	for i := range n.Lines().Len() {
		l := n.Lines().At(i)
		out.Write(l.Value(src))
	}
	return out.String()
}

// embedded returns a picture's address as a data URI if the page can hold it.
func (t *typesetter) embedded(address string, attachments map[string]any) string {
	if name, ok := strings.CutPrefix(address, "attachment:"); ok {
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		bundle, _ := attachments[name].(map[string]any)
		for kind, v := range bundle {
			if s, ok := v.(string); ok {
				return "data:" + kind + ";base64," + s
			}
		}
		return address
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.Path == "" || t.dir == "" || !filepath.IsLocal(filepath.FromSlash(u.Path)) {
		return address
	}
	kind := mime.TypeByExtension(filepath.Ext(u.Path))
	data, err := os.ReadFile(filepath.Join(t.dir, filepath.FromSlash(u.Path)))
	if err != nil || !strings.HasPrefix(kind, "image/") {
		return address
	}
	return "data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(data)
}

// mathNode is a formula, or code in our colours.
type mathNode struct {
	ast.BaseBlock
	source  string
	display bool
	code    bool
	open    bool   // a block whose end has not come
	end     string // what ends the block
}

var kindMath = ast.NewNodeKind("Math")

func (n *mathNode) Kind() ast.NodeKind { return kindMath }
func (n *mathNode) IsRaw() bool        { return true }
func (n *mathNode) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"source": n.source}, nil)
}

// inlineMath is a formula within a line.
type inlineMath struct {
	ast.BaseInline
	source  string
	display bool
}

var kindInlineMath = ast.NewNodeKind("InlineMath")

func (n *inlineMath) Kind() ast.NodeKind { return kindInlineMath }
func (n *inlineMath) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"source": n.source}, nil)
}

// mathBlocks reads formulas that begin a line with $$ or \begin{…}.
type mathBlocks struct{}

func (mathBlocks) Trigger() []byte { return []byte{'$', '\\'} }

func (mathBlocks) Open(_ ast.Node, reader text.Reader, _ parser.Context) (ast.Node, parser.State) {
	raw, _ := reader.PeekLine()
	l := strings.TrimSpace(string(raw))
	n := &mathNode{display: true, open: true}
	var body string
	switch {
	case strings.HasPrefix(l, "$$"):
		n.end, body = "$$", l[2:]
		before, after, closed := strings.Cut(body, "$$")
		if closed && after != "" || !closed && strings.Contains(body, "$") {
			return nil, parser.NoChildren // a paragraph that begins with a formula
		}
		if closed {
			n.open, body = false, before
		}
	case strings.HasPrefix(l, `\begin{`):
		name, _, ok := strings.Cut(l[7:], "}")
		if _, known := fencesOf[name]; !ok || !known {
			return nil, parser.NoChildren
		}
		n.end, body = `\end{`+name+`}`, l
		n.open = !strings.HasSuffix(l, n.end)
	default:
		return nil, parser.NoChildren
	}
	n.source = body + "\n"
	reader.AdvanceToEOL()
	return n, parser.NoChildren
}

func (mathBlocks) Continue(node ast.Node, reader text.Reader, _ parser.Context) parser.State {
	n := node.(*mathNode)
	if !n.open {
		return parser.Close
	}
	raw, _ := reader.PeekLine()
	l := strings.TrimSpace(string(raw))
	if before, ok := strings.CutSuffix(l, n.end); ok {
		if n.end != "$$" {
			before = l
		}
		n.source += before
		n.open = false
	} else {
		n.source += string(raw)
	}
	reader.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (mathBlocks) Close(ast.Node, text.Reader, parser.Context) {}
func (mathBlocks) CanInterruptParagraph() bool                 { return true }
func (mathBlocks) CanAcceptIndentedLine() bool                 { return false }

// mathInlines reads $…$ and $$…$$ within a paragraph. As elsewhere, a single $
// opens before and closes behind something that is no blank, and does not close
// before a digit, so that prices stay prices.
type mathInlines struct{}

func (mathInlines) Trigger() []byte { return []byte{'$'} }

func (mathInlines) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	l, at := block.Position()
	rest := string(block.Value(text.NewSegment(at.Start, at.Stop)))
	for block.AdvanceLine(); ; block.AdvanceLine() {
		next, _ := block.PeekLine()
		if next == nil {
			break
		}
		rest += string(next)
	}
	block.SetPosition(l, at)
	mark := "$"
	if strings.HasPrefix(rest, "$$") {
		mark = "$$"
	}
	body, ok := formula(rest[len(mark):], mark)
	if !ok {
		return nil
	}
	for n := len(body) + 2*len(mark); n > 0; {
		piece, _ := block.PeekLine()
		step := min(n, len(piece))
		block.Advance(step)
		n -= step
	}
	return &inlineMath{source: body, display: mark == "$$"}
}

// formula returns what stands before the mark that closes a formula.
func formula(s, mark string) (body string, ok bool) {
	for at := 0; ; {
		i := strings.Index(s[at:], mark)
		if i < 0 {
			return "", false
		}
		at += i
		body, after := s[:at], s[at+len(mark):]
		switch {
		case strings.HasSuffix(body, `\`):
			at += len(mark)
		case strings.TrimSpace(body) == "":
			return "", false
		case mark == "$" && (strings.ContainsAny(body[:1], " \t\n") || strings.ContainsAny(body[len(body)-1:], " \t\n")):
			return "", false
		case mark == "$" && after != "" && after[0] >= '0' && after[0] <= '9':
			return "", false
		default:
			return body, true
		}
	}
}

// mathRenderer writes both kinds of formulas.
type mathRenderer struct{}

func (mathRenderer) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindMath, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n := node.(*mathNode)
		switch {
		case !entering:
		case n.code:
			fmt.Fprintf(w, "<pre><code>%s</code></pre>\n", highlight(n.source))
		default:
			fmt.Fprintln(w, mathHTML(n.source, n.display))
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(kindInlineMath, func(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
		n := node.(*inlineMath)
		if entering {
			fmt.Fprint(w, mathHTML(n.source, n.display))
		}
		return ast.WalkSkipChildren, nil
	})
}
