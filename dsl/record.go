package dsl

import (
	"fmt"
	"html"
	"strings"
	"unicode/utf8"

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

var (
	_ starlark.HasAttrs        = (*record)(nil)
	_ starlark.IterableMapping = (*record)(nil)
)

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
	return nil, noAttribute(r, name, nil)
}

// Get is r["name"], the same as r.name.
func (r *record) Get(k starlark.Value) (v starlark.Value, found bool, err error) {
	for _, f := range r.fields {
		if k == starlark.String(f.name) {
			return f.value, true, nil
		}
	}
	return nil, false, nil
}

// Items are the fields with their values.
func (r *record) Items() []starlark.Tuple {
	out := make([]starlark.Tuple, len(r.fields))
	for i, f := range r.fields {
		out[i] = starlark.Tuple{starlark.String(f.name), f.value}
	}
	return out
}

// Iterate goes over the names of the fields, as a dictionary does.
func (r *record) Iterate() starlark.Iterator { return textList(r.AttrNames()).Iterate() }

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
	lines := r.lines("")
	width := 0
	for _, l := range lines {
		width = max(width, utf8.RuneCountInString(l[0]))
	}
	var text, rows strings.Builder
	for _, l := range lines {
		pad := strings.Repeat(" ", width-utf8.RuneCountInString(l[0]))
		text.WriteString(strings.TrimRight(l[0]+pad+"  "+l[1], " ") + "\n")
		name := html.EscapeString(strings.ReplaceAll(l[0], " ", "\u00a0"))
		fmt.Fprintf(&rows, `<tr><th style="text-align:left">%s</th><td style="text-align:left">%s</td></tr>`, name, html.EscapeString(l[1]))
	}
	return display.Text(strings.TrimRight(text.String(), "\n")).With("text/html", "<table>"+rows.String()+"</table>")
}

// lines are names and values: those of a record in a field are indented below
// it, and long lists of texts are a line each.
func (r *record) lines(indent string) [][2]string {
	const long = 80
	var out [][2]string
	for _, f := range r.fields {
		name := indent + f.name
		if inner, ok := f.value.(*record); ok {
			out = append(append(out, [2]string{name}), inner.lines(indent+"  ")...)
			continue
		}
		texts, ok := textsOf(f.value)
		if v := reprShort(f.value, 400); !ok || len(v) <= long {
			out = append(out, [2]string{name, v})
			continue
		}
		for _, s := range texts {
			out = append(out, [2]string{name, s})
			name = ""
		}
	}
	return out
}
