package headless

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Parameter is a value that a run sets: Literal is its Starlark source.
type Parameter struct{ Name, Literal string }

var number = pattern(`^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$`)

// assignment returns the pattern of a line that sets a variable: the name is
// its first group.
var assignment = pattern(`(?m)^([\pL_][\pL\pN_]*)\s*=[^=]`)

func isIdentifier(name string) bool {
	for i, r := range name {
		if r != '_' && !unicode.IsLetter(r) && (i == 0 || !unicode.IsNumber(r)) {
			return false
		}
	}
	return name != ""
}

// words are the values that are neither numbers nor texts.
var words = map[string]string{"true": "True", "True": "True", "false": "False", "False": "False", "none": "None", "None": "None", "null": "None"}

// ParseParameter reads "name=value". The value is a number, true, false, none,
// or a list or text in JSON's spelling; everything else is a text as it stands,
// so that quotes are needed only for texts such as "05".
func ParseParameter(s string) (Parameter, error) {
	name, value, ok := strings.Cut(s, "=")
	if !ok || !isIdentifier(name) {
		return Parameter{}, fmt.Errorf("expected name=value, got %q", s)
	}
	return Parameter{name, literal(value)}, nil
}

func literal(value string) string {
	if word, ok := words[value]; ok {
		return word
	}
	if number().MatchString(value) {
		if digits := strings.TrimLeft(value, "+-"); isDigits(digits) && len(digits) > 1 && digits[0] == '0' {
			return strconv.Quote(value) // 007 is no number in Starlark
		}
		return value
	}
	if value != "" && strings.ContainsRune(`["{`, rune(value[0])) {
		d := json.NewDecoder(strings.NewReader(value))
		d.UseNumber()
		var v any
		if d.Decode(&v) == nil && !d.More() {
			return starlark(v)
		}
	}
	return starlark(value)
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }

// starlark writes a JSON value as a Starlark expression.
func starlark(v any) string {
	switch v := v.(type) {
	case nil:
		return "None"
	case bool:
		return words[strconv.FormatBool(v)]
	case string:
		w := pythonJSON{}
		w.text(v)
		return w.String()
	case []any:
		items := make([]string, len(v))
		for i := range v {
			items[i] = starlark(v[i])
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var items []string
		for _, k := range slices.Sorted(maps.Keys(v)) {
			items = append(items, starlark(k)+": "+starlark(v[k]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	return fmt.Sprint(v)
}

const (
	parametersTag = "parameters"
	injectedTag   = "injected-parameters"
)

// SetParameters inserts a cell that assigns the parameters behind the cell
// tagged parameters, in place of one that an earlier run inserted, or before
// everything. It returns a sentence about what looks like a mistake, or "".
func (nb *Notebook) SetParameters(list []Parameter) (warning string) {
	if len(list) == 0 {
		return ""
	}
	var source strings.Builder
	source.WriteString("# Parameters\n")
	for _, p := range list {
		fmt.Fprintf(&source, "%s = %s\n", p.Name, p.Literal)
	}
	c := newCell(Code, strings.TrimSuffix(source.String(), "\n"))
	c.setTags(injectedTag)
	tagged := func(tag string) int {
		return slices.IndexFunc(nb.Cells, func(c *Cell) bool { return c.Type == Code && c.Tagged(tag) })
	}
	defaults := tagged(parametersTag)
	if i := tagged(injectedTag); i >= 0 {
		c.ID = nb.Cells[i].ID
		nb.Cells[i] = c
	} else {
		nb.Cells = slices.Insert(nb.Cells, defaults+1, c)
	}
	nb.identify()
	if defaults < 0 {
		return "no cell is tagged parameters; the values are set before the first cell"
	}
	return unknownParameters(nb.Cells[tagged(parametersTag)].Source, list)
}

func unknownParameters(source string, list []Parameter) string {
	var known, unknown []string
	for _, m := range assignment().FindAllStringSubmatch(source, -1) {
		known = append(known, m[1])
	}
	for _, p := range list {
		if !slices.Contains(known, p.Name) {
			unknown = append(unknown, p.Name)
		}
	}
	if len(unknown) == 0 {
		return ""
	}
	return fmt.Sprintf("the parameters cell does not set %s; it sets %s", strings.Join(unknown, ", "), strings.Join(known, ", "))
}
