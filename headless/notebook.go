package headless

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
)

// Notebook is a document of nbformat 4.
type Notebook struct {
	Metadata map[string]any
	Cells    []*Cell

	minor int
	extra map[string]any // fields unknown to this package
}

// The types of cells.
const (
	Code     = "code"
	Markdown = "markdown"
	Raw      = "raw"
)

// Cell is one cell of a notebook.
type Cell struct {
	ID       string
	Type     string // Code, Markdown or Raw
	Source   string
	Metadata map[string]any
	// Count is the execution count of a code cell, 0 if it was not executed.
	Count   int
	Outputs []*Output

	extra map[string]any // attachments, and fields unknown to this package
}

// The types of outputs.
const (
	Stream        = "stream"
	DisplayData   = "display_data"
	ExecuteResult = "execute_result"
	ErrorOutput   = "error"
)

// Output is one output of a code cell. Which fields count depends on Type.
type Output struct {
	Type string

	Name string // Stream: stdout or stderr
	Text string // Stream

	Data     map[string]any // DisplayData, ExecuteResult: MIME type to string or JSON value
	Metadata map[string]any // DisplayData, ExecuteResult
	Count    int            // ExecuteResult

	EName, EValue string   // ErrorOutput
	Traceback     []string // ErrorOutput

	extra  map[string]any
	screen *screen // Stream: what the text is made of while a cell runs
}

// Tagged tells whether a cell has a tag.
func (c *Cell) Tagged(tag string) bool {
	tags, _ := c.Metadata["tags"].([]any)
	return slices.Contains(tags, any(tag))
}

func (c *Cell) setTags(tags ...string) {
	list := make([]any, len(tags))
	for i, t := range tags {
		list[i] = t
	}
	c.Metadata["tags"] = list
}

// volatile returns the pieces of an output's text that vary by nature.
func (o *Output) volatile() []string {
	ours, _ := o.Metadata["mlpkernel"].(map[string]any)
	list, _ := ours["volatile"].([]any)
	var out []string
	for _, v := range list {
		if s, ok := v.(string); ok && s != "" {
			out = append(out, s)
		}
	}
	return out
}

// New returns an empty notebook for this kernel.
func New() *Notebook {
	return &Notebook{minor: 5, Metadata: map[string]any{
		"kernelspec": map[string]any{"display_name": "MLP (Starlark)", "language": "starlark", "name": "mlpkernel"},
	}}
}

func newCell(kind, source string) *Cell {
	return &Cell{Type: kind, Source: source, Metadata: map[string]any{}}
}

// Title returns the notebook's title: that of its metadata, else its first
// heading, else "".
func (nb *Notebook) Title() string {
	if t, ok := nb.Metadata["title"].(string); ok && t != "" {
		return t
	}
	for _, c := range nb.Cells {
		if m := heading().FindStringSubmatch(c.Source); c.Type == Markdown && m != nil {
			return m[1]
		}
	}
	return ""
}

var heading = pattern(`(?m)^# +(.+?)[ #]*$`)

var validID = pattern(`^[a-zA-Z0-9_-]{1,64}$`)

// identify gives each cell an id that no other has: its own where it can stay,
// else one made of its place and text.
func (nb *Notebook) identify() {
	seen := map[string]bool{}
	for _, c := range nb.Cells {
		if !validID().MatchString(c.ID) || seen[c.ID] {
			c.ID = ""
		}
		seen[c.ID] = true
	}
	for i, c := range nb.Cells {
		for try := 0; c.ID == ""; try++ {
			sum := sha256.Sum256(fmt.Appendf(nil, "%d\n%d\n%s\n%s", i, try, c.Type, c.Source))
			if id := hex.EncodeToString(sum[:4]); !seen[id] {
				seen[id] = true
				c.ID = id
			}
		}
	}
}
