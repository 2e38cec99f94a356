package dsl

import (
	"fmt"
	"html"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/pyfmt"
)

// record is a value with named fields: the answer of a builtin that gives
// more than one thing.
type record struct {
	kind   string
	fields []field
}

type field struct {
	name  string
	value starlark.Value
}

func newRecord(kind string, fields ...field) *record { return &record{kind, fields} }

var _ starlark.HasAttrs = (*record)(nil)

func (r *record) Type() string          { return r.kind }
func (r *record) Truth() starlark.Bool  { return true }
func (r *record) Hash() (uint32, error) { return 0, fmt.Errorf("unhashable: %s", r.kind) }
func (r *record) Freeze() {
	for _, f := range r.fields {
		f.value.Freeze()
	}
}

func (r *record) String() string {
	parts := make([]string, len(r.fields))
	for i, f := range r.fields {
		parts[i] = f.name + "=" + pyfmt.Repr(f.value)
	}
	return r.kind + "(" + strings.Join(parts, ", ") + ")"
}

// Attr returns a field.
func (r *record) Attr(name string) (starlark.Value, error) {
	for _, f := range r.fields {
		if f.name == name {
			return f.value, nil
		}
	}
	return nil, Errorf("AttributeError", "%s has no .%s%s", r.kind, name, suggest(name, r.AttrNames(), nil))
}

// AttrNames lists the fields.
func (r *record) AttrNames() []string {
	names := make([]string, len(r.fields))
	for i, f := range r.fields {
		names[i] = f.name
	}
	return names
}

// Bundle shows the fields as a table.
func (r *record) Bundle() display.Bundle {
	width := 0
	for _, f := range r.fields {
		width = max(width, len(f.name))
	}
	var text, rows strings.Builder
	for _, f := range r.fields {
		v := reprShort(f.value, 400)
		fmt.Fprintf(&text, "%-*s  %s\n", width, f.name, v)
		fmt.Fprintf(&rows, `<tr><th style="text-align:left">%s</th><td style="text-align:left">%s</td></tr>`, f.name, html.EscapeString(v))
	}
	return display.Text(strings.TrimRight(text.String(), "\n")).With("text/html", "<table>"+rows.String()+"</table>")
}
