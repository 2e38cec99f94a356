package dsl

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
)

// Named is a value whose [] takes texts: a table, a dictionary of ours.
// Completion offers them inside its brackets and where a call asks for them.
type Named interface{ Names() []string }

// keywords complete like names.
var keywords = []string{"and", "break", "continue", "def", "elif", "else", "for", "if", "in", "lambda", "load", "not", "or", "pass", "return", "while"}

// Complete completes what stands before the cursor, from live values.
func (s *Session) Complete(source string, position int) cell.Completion {
	c := readCursor(source, position)
	at := utf8.RuneCountInString(c.before)
	out := cell.Completion{Start: at, End: at}
	s.look(func() {
		word := c.word
		if c.inText {
			word = c.literal
			out.Matches = s.completeText(c)
		} else {
			out.Matches = s.completeName(c)
		}
		out.Start = at - utf8.RuneCountInString(word)
	})
	return out
}

func (s *Session) completeName(c cursor) []cell.Match {
	if c.object != "" {
		return attributes(s.resolve(c.object), c.word)
	}
	if strings.HasSuffix(strings.TrimSuffix(c.before, c.word), ".") {
		return nil // after the dot of something that would have to be computed
	}
	var out []cell.Match
	if len(c.calls) > 0 && c.calls[0].bracket == '(' && c.calls[0].keyword == "" {
		out = s.arguments(c.calls[0], c.word)
	}
	return append(out, s.names(c.word)...)
}

func attributes(v starlark.Value, prefix string) []cell.Match {
	h, ok := v.(starlark.HasAttrs)
	if !ok {
		return nil
	}
	names := h.AttrNames()
	if _, ok := v.(starlark.String); ok {
		for name := range textMethods {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	sort.Strings(names)
	var out []cell.Match
	for _, n := range names {
		if strings.HasPrefix(n, prefix) && (prefix != "" || !strings.HasPrefix(n, "_")) {
			out = append(out, match(n, attributeOf(v, n), "property"))
		}
	}
	return out
}

func match(name string, v starlark.Value, other string) cell.Match {
	m := cell.Match{Text: name, Kind: other}
	switch v := v.(type) {
	case *Function:
		m.Kind, m.Signature = "function", v.def.Sig
	case *starlark.Function:
		m.Kind, m.Signature = "function", starlarkSignature(v)
	case starlark.Callable:
		m.Kind = "function"
	case interface{ IsModule() }:
		m.Kind = "module"
	}
	return m
}

// arguments offers the keyword arguments of a call that are not given yet.
func (s *Session) arguments(call openCall, prefix string) []cell.Match {
	var names []string
	switch f := s.resolve(call.fn).(type) {
	case *Function:
		for _, p := range f.params {
			if p.rest == 0 {
				names = append(names, p.name)
			}
		}
	case *starlark.Function:
		for i := range f.NumParams() {
			name, _ := f.Param(i)
			names = append(names, name)
		}
	}
	var out []cell.Match
	for _, n := range names {
		given := strings.Contains(call.args, n+"=") || strings.Contains(call.args, n+" =")
		if strings.HasPrefix(n, prefix) && !given {
			out = append(out, cell.Match{Text: n + "=", Kind: "param"})
		}
	}
	return out
}

func (s *Session) names(prefix string) []cell.Match {
	var out []cell.Match
	for _, n := range s.ns.AttrNames() {
		if strings.HasPrefix(n, prefix) && (prefix != "" || !strings.HasPrefix(n, "_")) {
			out = append(out, match(n, s.ns.lookup(n), "instance"))
		}
	}
	if prefix != "" {
		for _, k := range keywords {
			if strings.HasPrefix(k, prefix) {
				out = append(out, cell.Match{Text: k, Kind: "keyword"})
			}
		}
	}
	return out
}

// completeText offers what fits inside a text: keys and columns in brackets,
// file and data set names, columns of the table that a call is about.
func (s *Session) completeText(c cursor) []cell.Match {
	if len(c.calls) == 0 {
		return nil
	}
	call := c.calls[0]
	outer := call
	if call.bracket == '[' && call.fn == "" && len(c.calls) > 1 {
		outer = c.calls[1] // a list of texts as an argument or in brackets
	}
	switch {
	case outer.bracket == '[' && outer.fn != "":
		return texts(keysOf(s.resolve(outer.fn)), c.literal)
	case outer.bracket != '(':
		return nil
	case fileReaders[outer.fn]:
		return s.files(c.literal)
	}
	if offer := textArguments[outer.fn]; offer != nil {
		return texts(offer(), c.literal)
	}
	return texts(s.columnsIn(outer), c.literal)
}

// fileReaders take a path as their first argument.
var fileReaders = map[string]bool{"read_csv": true, "read_parquet": true, "load_model": true, "load": true, "read_idx": true}

// textArguments offer the texts that a builtin takes.
var textArguments = map[string]func() []string{"dataset": datasetNames}

// columnsIn are the names of the first value of a call that has some: the
// table that it is about.
func (s *Session) columnsIn(call openCall) []string {
	if i := strings.LastIndexByte(call.fn, '.'); i >= 0 {
		if names := keysOf(s.resolve(call.fn[:i])); names != nil {
			return names
		}
	}
	for _, arg := range strings.Split(call.args, ",") {
		if _, value, ok := strings.Cut(arg, "="); ok {
			arg = value
		}
		if n, ok := s.resolve(strings.TrimSpace(arg)).(Named); ok {
			return n.Names()
		}
	}
	return nil
}

func keysOf(v starlark.Value) []string {
	switch v := v.(type) {
	case Named:
		return v.Names()
	case starlark.IterableMapping:
		var out []string
		for _, kv := range v.Items() {
			if k, ok := starlark.AsString(kv[0]); ok {
				out = append(out, k)
			}
		}
		return out
	}
	return nil
}

func texts(all []string, prefix string) []cell.Match {
	var out []cell.Match
	for _, t := range all {
		if strings.HasPrefix(t, prefix) {
			out = append(out, cell.Match{Text: t, Kind: "text"})
		}
	}
	return out
}

func (s *Session) files(prefix string) []cell.Match {
	dir, base := filepath.Split(prefix)
	entries, err := os.ReadDir(s.path(dir))
	if err != nil {
		return nil
	}
	var out []cell.Match
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || strings.HasPrefix(name, ".") && base == "" {
			continue
		}
		if e.IsDir() {
			name += "/"
		}
		out = append(out, cell.Match{Text: dir + name, Kind: "path"})
	}
	return out
}
