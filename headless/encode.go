package headless

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Encode returns the notebook as Jupyter writes it.
func (nb *Notebook) Encode() []byte {
	nb.identify()
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.document()
	}
	doc := withExtra(nb.extra, map[string]any{
		"cells":          cells,
		"metadata":       without(nb.Metadata, "orig_nbformat", "orig_nbformat_minor", "signature"),
		"nbformat":       4,
		"nbformat_minor": max(nb.minor, 5),
	})
	w := pythonJSON{}
	w.value(doc, 0)
	w.WriteByte('\n')
	return []byte(w.String())
}

func (c *Cell) document() map[string]any {
	d := withExtra(c.extra, map[string]any{
		"cell_type": c.Type,
		"id":        c.ID,
		"metadata":  without(c.Metadata, "trusted"),
		"source":    splitLines(c.Source),
	})
	if files, ok := d["attachments"].(map[string]any); ok {
		split := map[string]any{}
		for name, bundle := range files {
			split[name] = splitBundle(bundle)
		}
		d["attachments"] = split
	}
	if c.Type == Code {
		outputs := make([]any, len(c.Outputs))
		for i, o := range c.Outputs {
			outputs[i] = o.document()
		}
		d["outputs"], d["execution_count"] = outputs, count(c.Count)
	}
	return d
}

// outputFields tells for each output type which fields it has.
var outputFields = map[string]func(o *Output) map[string]any{
	Stream: func(o *Output) map[string]any {
		return map[string]any{"name": o.Name, "text": splitLines(o.Text)}
	},
	DisplayData: func(o *Output) map[string]any {
		return map[string]any{"data": splitBundle(o.Data), "metadata": object(o.Metadata)}
	},
	ExecuteResult: func(o *Output) map[string]any {
		return map[string]any{"data": splitBundle(o.Data), "metadata": object(o.Metadata), "execution_count": count(o.Count)}
	},
	ErrorOutput: func(o *Output) map[string]any {
		lines := make([]any, len(o.Traceback))
		for i, l := range o.Traceback {
			lines[i] = l
		}
		return map[string]any{"ename": o.EName, "evalue": o.EValue, "traceback": lines}
	},
}

func (o *Output) document() map[string]any {
	d := map[string]any{}
	if fields, ok := outputFields[o.Type]; ok {
		d = fields(o)
	}
	d["output_type"] = o.Type
	return withExtra(o.extra, d)
}

// withExtra returns fields with those of extra that it lacks.
func withExtra(extra, fields map[string]any) map[string]any {
	out := maps.Clone(extra)
	if out == nil {
		return fields
	}
	maps.Copy(out, fields)
	return out
}

func without(m map[string]any, names ...string) map[string]any {
	out := object(maps.Clone(m))
	for _, n := range names {
		delete(out, n)
	}
	return out
}

func object(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

func count(n int) any {
	if n == 0 {
		return nil
	}
	return n
}

// splitBundle splits the texts of a MIME bundle into lines.
func splitBundle(bundle any) any {
	m, ok := bundle.(map[string]any)
	if !ok {
		return bundle
	}
	out := map[string]any{}
	for mime, v := range m {
		if s, ok := v.(string); ok && isText(mime) {
			v = splitLines(s)
		}
		out[mime] = v
	}
	return out
}

// isText tells whether nbformat splits texts of a MIME type into lines.
func isText(mime string) bool {
	return strings.HasPrefix(mime, "text/") || mime == "application/javascript" || mime == "image/svg+xml"
}

// isJSON tells whether the content of a MIME type is a JSON value.
func isJSON(mime string) bool {
	return mime == "application/json" || strings.HasPrefix(mime, "application/") && strings.HasSuffix(mime, "+json")
}

// splitLines splits as Python's str.splitlines(True) does.
func splitLines(s string) []any {
	lines := []any{}
	start := 0
	for i, r := range s {
		if i < start || !strings.ContainsRune("\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029", r) {
			continue
		}
		end := i + len(string(r))
		if strings.HasPrefix(s[i:], "\r\n") {
			end = i + 2
		}
		lines = append(lines, s[start:end])
		start = end
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

// pythonJSON writes JSON as Python's json.dumps does with indent=1,
// sort_keys=True and ensure_ascii=False.
type pythonJSON struct{ strings.Builder }

func (w *pythonJSON) value(v any, depth int) {
	switch v := v.(type) {
	case nil:
		w.WriteString("null")
	case bool:
		w.WriteString(strconv.FormatBool(v))
	case string:
		w.text(v)
	case int:
		w.WriteString(strconv.Itoa(v))
	case float64:
		w.WriteString(pythonFloat(v))
	case json.Number:
		w.number(v)
	case []any:
		w.block('[', ']', len(v), depth, func(i int) { w.value(v[i], depth+1) })
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		w.block('{', '}', len(keys), depth, func(i int) {
			w.text(keys[i])
			w.WriteString(": ")
			w.value(v[keys[i]], depth+1)
		})
	default:
		panic(fmt.Sprintf("headless: a notebook holds a %T", v))
	}
}

func (w *pythonJSON) block(open, end byte, n, depth int, item func(i int)) {
	w.WriteByte(open)
	for i := range n {
		if i > 0 {
			w.WriteByte(',')
		}
		w.WriteByte('\n')
		w.WriteString(strings.Repeat(" ", depth+1))
		item(i)
	}
	if n > 0 {
		w.WriteByte('\n')
		w.WriteString(strings.Repeat(" ", depth))
	}
	w.WriteByte(end)
}

func (w *pythonJSON) number(n json.Number) {
	if !strings.ContainsAny(string(n), ".eE") {
		w.WriteString(string(n))
		return
	}
	if f, err := n.Float64(); err == nil {
		w.WriteString(pythonFloat(f))
	} else {
		w.WriteString(string(n))
	}
}

// pythonFloat formats as Python's repr does.
func pythonFloat(f float64) string {
	switch a := math.Abs(f); {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 0):
		return strings.Replace(strconv.FormatFloat(f, 'g', -1, 64), "Inf", "Infinity", 1)
	case a != 0 && (a < 1e-4 || a >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

var jsonEscapes = map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`, '\f': `\f`, '\b': `\b`}

func (w *pythonJSON) text(s string) {
	w.WriteByte('"')
	for _, r := range s {
		if e, ok := jsonEscapes[r]; ok {
			w.WriteString(e)
		} else if r < 0x20 {
			fmt.Fprintf(w, `\u%04x`, r)
		} else {
			w.WriteRune(r)
		}
	}
	w.WriteByte('"')
}
