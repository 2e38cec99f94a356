package headless

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"strings"
)

// readers tells how a file of a notebook is read, by the end of its name.
var readers = map[string]func([]byte) (*Notebook, error){
	".ipynb": Decode,
	".star":  func(b []byte) (*Notebook, error) { return decodeScript(string(b)), nil },
	".md":    func(b []byte) (*Notebook, error) { return decodeMarkdown(string(b)), nil },
}

// ReadFile reads a notebook from a .ipynb, .star or .md file.
func ReadFile(path string) (*Notebook, error) {
	read, ok := readers[strings.ToLower(filepath.Ext(path))]
	if !ok {
		return nil, fmt.Errorf("%s: expected a file that ends in .ipynb, .star or .md", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	nb, err := read(bytes.TrimPrefix(data, []byte("\ufeff")))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return nb, nil
}

// Decode reads a document of nbformat 4.0 or later.
func Decode(data []byte) (*Notebook, error) {
	doc, err := decodeObject(data)
	if err != nil {
		return nil, fmt.Errorf("not a notebook: %w", err)
	}
	if v, ok := integer(doc["nbformat"]); !ok || v != 4 {
		return nil, fmt.Errorf("expected nbformat 4, got %v; open and save the notebook in Jupyter to convert it", doc["nbformat"])
	}
	cells, ok := doc["cells"].([]any)
	if !ok {
		return nil, errors.New("not a notebook: expected a list of cells")
	}
	nb := &Notebook{}
	nb.minor, _ = integer(doc["nbformat_minor"])
	nb.Metadata, _ = doc["metadata"].(map[string]any)
	nb.extra = rest(doc, "cells", "metadata", "nbformat", "nbformat_minor")
	for i, v := range cells {
		c, err := decodeCell(v)
		if err != nil {
			return nil, fmt.Errorf("cell %d: %w", i+1, err)
		}
		nb.Cells = append(nb.Cells, c)
	}
	nb.Metadata = object(nb.Metadata)
	nb.identify()
	return nb, nil
}

// decodeObject reads one JSON object and keeps the text of its numbers.
func decodeObject(data []byte) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var doc map[string]any
	if err := d.Decode(&doc); err != nil {
		return nil, fmt.Errorf("expected a JSON object: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("expected one JSON object, got more text behind it")
	}
	return doc, nil
}

func decodeCell(v any) (*Cell, error) {
	d, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("expected an object")
	}
	c := &Cell{extra: rest(d, "id", "cell_type", "source", "metadata")}
	c.ID, _ = d["id"].(string)
	c.Type, _ = d["cell_type"].(string)
	if c.Type != Code && c.Type != Markdown && c.Type != Raw {
		return nil, fmt.Errorf("expected cell_type code, markdown or raw, got %q", c.Type)
	}
	c.Source, ok = joined(d["source"])
	if !ok {
		return nil, errors.New("expected source to be text or a list of lines")
	}
	c.Metadata, _ = d["metadata"].(map[string]any)
	c.Metadata = object(c.Metadata)
	if files, ok := c.extra["attachments"].(map[string]any); ok {
		for _, bundle := range files {
			joinBundle(bundle)
		}
	}
	if c.Type != Code {
		return c, nil
	}
	delete(c.extra, "outputs")
	delete(c.extra, "execution_count")
	c.Count, _ = integer(d["execution_count"])
	outputs, _ := d["outputs"].([]any)
	for i, v := range outputs {
		o, err := decodeOutput(v)
		if err != nil {
			return nil, fmt.Errorf("output %d: %w", i+1, err)
		}
		c.Outputs = append(c.Outputs, o)
	}
	return c, nil
}

func decodeOutput(v any) (*Output, error) {
	d, ok := v.(map[string]any)
	if !ok {
		return nil, errors.New("expected an object")
	}
	o := &Output{}
	o.Type, _ = d["output_type"].(string)
	fields, ok := outputFields[o.Type]
	if !ok {
		return nil, fmt.Errorf("output_type %q is unknown", d["output_type"])
	}
	o.extra = rest(d, "output_type")
	for name := range fields(o) {
		delete(o.extra, name)
	}
	o.Name, _ = d["name"].(string)
	o.Text, _ = joined(d["text"])
	o.Data, _ = d["data"].(map[string]any)
	joinBundle(o.Data)
	o.Metadata, _ = d["metadata"].(map[string]any)
	o.Count, _ = integer(d["execution_count"])
	o.EName, _ = d["ename"].(string)
	o.EValue, _ = d["evalue"].(string)
	lines, _ := d["traceback"].([]any)
	for _, l := range lines {
		s, _ := l.(string)
		o.Traceback = append(o.Traceback, s)
	}
	return o, nil
}

// rest returns the fields of d but those named.
func rest(d map[string]any, names ...string) map[string]any {
	d = maps.Clone(d)
	for _, n := range names {
		delete(d, n)
	}
	return d
}

func integer(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil
}

// joined returns a text that may be split into lines.
func joined(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case []any:
		var b strings.Builder
		for _, l := range v {
			s, ok := l.(string)
			if !ok {
				return "", false
			}
			b.WriteString(s)
		}
		return b.String(), true
	}
	return "", false
}

// joinBundle joins the texts of a MIME bundle in place.
func joinBundle(bundle any) {
	m, _ := bundle.(map[string]any)
	for mime, v := range m {
		if _, list := v.([]any); !list || isJSON(mime) {
			continue
		}
		if s, ok := joined(v); ok {
			m[mime] = s
		}
	}
}
