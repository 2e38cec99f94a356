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
	"mlpkernel/learn"
	"mlpkernel/nn"
)

// Named is a value whose [] takes texts: a table, a dictionary of ours.
// Completion offers them inside its brackets and where a call asks for them.
type Named interface{ Names() []string }

// keywords complete like names.
var keywords = []string{"and", "break", "continue", "def", "elif", "else", "for", "if", "in", "lambda", "load", "not", "or", "pass", "return", "while"}

// Complete completes what stands before the cursor, from live values.
func (s *Session) Complete(source string, position int) cell.Completion {
	c := readCursor(source, position)
	if c.comment {
		at := utf8.RuneCountInString(c.before)
		return cell.Completion{Start: at, End: at}
	}
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
	if len(c.calls) > 0 && c.calls[0].bracket == '(' {
		for _, name := range choices(s.parameter(c.calls[0])) {
			if v := s.ns.lookup(name); v != nil && strings.HasPrefix(name, c.word) {
				out = append(out, match(name, v, "instance"))
			}
		}
		if c.calls[0].keyword == "" {
			out = append(out, s.arguments(c.calls[0], c.word)...)
		}
	}
	fitting := len(out)
	for _, m := range s.names(c.word) {
		if !slices.ContainsFunc(out[:fitting], func(o cell.Match) bool { return o.Text == m.Text }) {
			out = append(out, m)
		}
	}
	return out
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
			m := match(n, attributeOf(v, n), "property")
			if _, isText := v.(starlark.String); isText {
				m.Kind = "function"
			}
			out = append(out, m)
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
	var out []cell.Match
	names, places := parameterNames(s.resolve(call.fn))
	for i, n := range names {
		if i < min(call.position, places) {
			continue // given by its place
		}
		given := strings.Contains(call.args, n+"=") || strings.Contains(call.args, n+" =")
		if strings.HasPrefix(n, prefix) && !given {
			out = append(out, cell.Match{Text: n + "=", Kind: "param"})
		}
	}
	return out
}

// parameterNames are the names of a function's arguments; the first so many
// can be given by their place.
func parameterNames(v starlark.Value) (names []string, places int) {
	switch f := v.(type) {
	case *Function:
		for _, p := range f.params() {
			if p.rest == 0 {
				names = append(names, p.name)
			}
			if p.rest == 0 && !p.keyword {
				places++
			}
		}
	case *starlark.Function:
		for i := range f.NumParams() {
			name, _ := f.Param(i)
			names = append(names, name)
		}
		places = len(names) - f.NumKwonlyParams()
	}
	return names, places
}

// parameter is the name of the argument that is being written in a call.
func (s *Session) parameter(call openCall) string {
	if call.keyword != "" {
		return call.keyword
	}
	if names, places := parameterNames(s.resolve(call.fn)); call.position < places {
		return names[call.position]
	}
	return ""
}

// choices are the names or texts that an argument of that name takes, nil if
// it takes others too.
func choices(parameter string) []string {
	var out []string
	switch parameter {
	case "activation":
		for _, d := range nn.Activations() {
			out = append(out, d.Name)
		}
	case "init":
		for _, d := range nn.Initializers() {
			out = append(out, d.Name)
		}
	case "optimizer":
		for _, d := range nn.Optimizers() {
			out = append(out, d.Name)
		}
	case "loss":
		for _, d := range nn.Losses() {
			out = append(out, d.Name)
		}
	case "metrics", "metric":
		for _, m := range learn.Metrics() {
			out = append(out, m.Name)
		}
	case "lr":
		for _, d := range nn.Schedules() {
			if d.Name != "constant" { // a number is one; the name is an initialiser's
				out = append(out, d.Name)
			}
		}
	case "device":
		return []string{"auto", "cpu", "gpu"}
	case "precision":
		return []string{"auto", "float32", "bfloat16", "tf32"}
	case "record":
		return []string{"auto", "none", "weights", "gradients", "activations"}
	case "class_weight":
		return []string{"balanced"}
	case "prep":
		return []string{"auto"}
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
	if levels := attributeOf(s.resolve(c.compared), "levels"); levels != nil {
		return texts(elementsOf(levels), c.literal)
	}
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
	if offer := choices(s.parameter(outer)); offer != nil {
		return texts(offer, c.literal)
	}
	return texts(s.columnsIn(outer), c.literal)
}

// elementsOf are the texts of a list.
func elementsOf(v starlark.Value) []string {
	var out []string
	if it, ok := v.(starlark.Iterable); ok {
		for x := range starlark.Elements(it) {
			if s, ok := starlark.AsString(x); ok {
				out = append(out, s)
			}
		}
	}
	return out
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
