package dsl

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"go.starlark.net/resolve"
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/cell"
	"mlpkernel/dsl/array"
)

// Error is an error of a builtin with the name that a user reads before it.
type Error struct {
	Kind    string // "ValueError", "TypeError", …
	Message string
}

func (e *Error) Error() string { return e.Message }

// Errorf makes an Error.
func Errorf(kind, format string, args ...any) error {
	return &Error{kind, fmt.Sprintf(format, args...)}
}

// ANSI styles of a traceback. Red and green would hardly be read on the dark red
// that JupyterLab lays behind errors in its dark theme.
const (
	bold  = "\x1b[1m"
	cyan  = "\x1b[1;36m"
	plain = "\x1b[0m"
)

// maxFrames is how many frames of a traceback are shown at each end.
const maxFrames = 8

// explain makes an error of a cell readable: where, the line, a caret, what.
func (s *Session) explain(err error) *cell.Error {
	var done *cell.Error
	if errors.As(err, &done) {
		return done
	}
	t := &traceback{sources: s.sources}
	var syn syntax.Error
	var res resolve.ErrorList
	var ev *starlark.EvalError
	switch {
	case errors.As(err, &syn):
		return t.syntax(syn)
	case errors.As(err, &res):
		return t.syntax(syntax.Error{Pos: res[0].Pos, Msg: res[0].Msg})
	case errors.As(err, &ev):
		return t.evaluation(ev)
	}
	kind, message := classify(err)
	return t.end(kind, message)
}

// traceback collects the lines of an error.
type traceback struct {
	sources map[string][]string
	lines   []string
}

func (t *traceback) source(p syntax.Position) string {
	lines := t.sources[p.Filename()]
	if p.Line >= 1 && int(p.Line) <= len(lines) {
		return lines[p.Line-1]
	}
	return ""
}

// show adds a place: cell, line, the line and a caret below its column.
func (t *traceback) show(p syntax.Position, in string) {
	where := ""
	if in != "" && in != "<toplevel>" {
		where = ", in " + in
	}
	t.lines = append(t.lines, fmt.Sprintf("%s%s%s, line %s%d%s%s", cyan, p.Filename(), plain, cyan, p.Line, plain, where))
	line := t.source(p)
	if line == "" {
		return
	}
	t.lines = append(t.lines, "    "+line)
	if p.Col >= 1 {
		t.lines = append(t.lines, "    "+caretPad(line, int(p.Col)-1)+bold+"^"+plain)
	}
}

// caretPad is as wide as the first n code points of a line.
func caretPad(line string, n int) string {
	var b strings.Builder
	for i, r := range []rune(line) {
		if i == n {
			break
		}
		switch {
		case r == '\t':
			b.WriteRune('\t')
		case r >= 0x1100 && wide(r):
			b.WriteString("  ")
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// wide tells whether a character takes two columns: Hangul, kana, han.
func wide(r rune) bool {
	return r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300
}

func (t *traceback) end(kind, message string) *cell.Error {
	t.lines = append(t.lines, bold+kind+plain+": "+message)
	return &cell.Error{Name: kind, Value: message, Traceback: t.lines}
}

func (t *traceback) syntax(e syntax.Error) *cell.Error {
	if strings.HasPrefix(e.Msg, "got newline") && e.Pos.Col == 1 { // the parser has read on
		e.Pos.Line--
		e.Pos.Col = int32(len([]rune(t.source(e.Pos)))) + 1
	}
	t.show(e.Pos, "")
	return t.end("SyntaxError", t.advise(e))
}

// wordAt matches the word or sign at which a parser stopped.
var wordAt = pattern(`^([\pL_][\pL\pN_]*|:=|->|@|\.\.\.)`)

// advise says what to write instead, if the error stands at a Python habit.
func (t *traceback) advise(e syntax.Error) string {
	line := []rune(t.source(e.Pos))
	col := int(e.Pos.Col) - 1
	for _, at := range []int{col, wordStart(line, col)} {
		if at < 0 || at >= len(line) {
			continue
		}
		if ascii := typed(line[at]); ascii != "" && at == col {
			return fmt.Sprintf("the character %s is only for text; type %s instead", visible(line[at]), ascii)
		}
		w := wordAt().FindString(string(line[at:]))
		if a := keywordAdvice[w]; a != "" {
			return a
		}
		if a := textAdvice[w]; a != "" {
			return a
		}
	}
	if first := wordAt().FindString(strings.TrimSpace(string(line))); keywordAdvice[first] != "" {
		return keywordAdvice[first]
	}
	for _, rule := range lineAdvice {
		if rule.pattern().MatchString(string(line)) {
			return rule.advice
		}
	}
	for _, rule := range messageAdvice {
		if rule.pattern().MatchString(e.Msg) {
			return rule.pattern().ReplaceAllString(e.Msg, rule.advice)
		}
	}
	return e.Msg
}

// visible is a character that a reader sees: one without ink is its number.
func visible(r rune) string {
	if unicode.IsSpace(r) || !unicode.IsGraphic(r) {
		return fmt.Sprintf("%U", r)
	}
	return string(r)
}

// wordStart is where the word before a column begins.
func wordStart(line []rune, col int) int {
	i := min(col, len(line)) - 1
	for i >= 0 && line[i] == ' ' {
		i--
	}
	for i >= 0 && (line[i] == '_' || line[i] >= 'a' && line[i] <= 'z') {
		i--
	}
	return i + 1
}

func (t *traceback) evaluation(e *starlark.EvalError) *cell.Error {
	var frames []starlark.CallFrame
	for _, f := range e.CallStack {
		if f.Pos.Filename() != "<builtin>" {
			frames = append(frames, f)
		}
	}
	for i, f := range frames {
		if len(frames) > 2*maxFrames+1 && i == maxFrames {
			t.lines = append(t.lines, fmt.Sprintf("    … %d more calls …", len(frames)-2*maxFrames))
		}
		if len(frames) > 2*maxFrames+1 && i >= maxFrames && i < len(frames)-maxFrames {
			continue
		}
		t.show(f.Pos, f.Name)
	}
	kind, message := classify(e)
	return t.end(kind, message)
}

// kinds names the errors of Starlark itself by their messages.
var kinds = []struct {
	kind    string
	pattern func() *regexp.Regexp
	message string // empty: as it is
}{
	{cell.Interrupted, pattern(`computation cancelled: interrupted$`), "the cell was interrupted; variables are as it left them"},
	{"MemoryError", pattern(`computation cancelled: (memory.*)$`), "$1"},
	{"MemoryError", pattern(`excessive repeat`), ""},
	{"RecursionError", pattern(`computation cancelled: recursion`), "a function calls itself without an end"},
	{"RecursionError", pattern(`stack overflow`), "a function calls itself without an end"},
	{"ZeroDivisionError", pattern(`by zero`), "division by zero"},
	{"KeyError", pattern(`^key .* not in`), ""},
	{"IndexError", pattern(`out of range`), ""},
	{"AttributeError", pattern(`^(\w+) has no \.(\w+) (?:field or method|attribute)`), ""},
	{"UnboundLocalError", pattern(`referenced before assignment`), ""},
	{"Failure", pattern(`^fail: `), ""},
	{"TypeError", pattern(`unknown binary op: (string \+ (int|float)|(int|float) \+ string)$`), "text and numbers are not added; str(x) makes text of a number, f\"{x}\" too"},
	{"TypeError", pattern(`unknown binary op: (\S+) (\S+) (\S+)$`), "$1 $2 $3 has no meaning"},
	{"TypeError", pattern(`^(\S+) (<|<=|>|>=) (\S+) not implemented$`), "$1 and $3 have no order"},
	{"TypeError", pattern(`^invalid call of non-function \(module\)$`), "a module is no function; its functions follow a dot, as in plot.loss(m)"},
	{"TypeError", pattern(`^invalid call of non-function \((.*)\)$`), "a value of type $1 cannot be called"},
	{"TypeError", pattern(`^function (\S+) missing \d+ arguments? \((.*)\)$`), "$1() needs a value for $2"},
	{"TypeError", pattern(`^function (\S+) got an unexpected keyword argument "?(\w+)"?$`), "$1() has no argument $2"},
	{"TypeError", pattern(`^got (\S+) in sequence assignment$`), "a value of type $1 has no elements to unpack"},
	{"LoadError", pattern(`^load: name (\S+) not found in module (.*)$`), "$2 does not define $1"},
	{"TypeError", pattern(`not iterable|invalid call|unsupported|unhashable|want|missing argument|accepts|unexpected keyword`), ""},
}

func classify(err error) (kind, message string) {
	var own *Error
	if errors.As(err, &own) {
		return own.Kind, own.Message
	}
	var truth *array.TruthError
	if errors.As(err, &truth) {
		return "ValueError", truth.Error()
	}
	message = err.Error()
	for _, k := range kinds {
		if k.pattern().MatchString(message) {
			if k.message != "" {
				m := k.pattern().FindStringSubmatchIndex(message)
				message = string(k.pattern().ExpandString(nil, k.message, message, m))
			}
			return k.kind, message
		}
	}
	return "ValueError", message
}
