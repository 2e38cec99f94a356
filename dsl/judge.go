package dsl

import (
	"errors"
	"strings"

	"go.starlark.net/syntax"

	"mlpkernel/cell"
)

// Judge tells whether code is complete, and else the indent of its next line.
func (s *Session) Judge(source string) (cell.Completeness, string) {
	lines := strings.Split(strings.TrimRight(source, " \t\n"), "\n")
	last := lines[len(lines)-1]
	indent := last[:len(last)-len(strings.TrimLeft(last, " \t"))]
	if _, _, err := compile("<judge>", source); err != nil {
		if !unfinished(err, len(lines)) {
			return cell.Invalid, ""
		}
		if strings.HasSuffix(strings.TrimRight(last, " \t"), ":") {
			indent += "    "
		}
		return cell.Incomplete, indent
	}
	// A block goes on until a blank line ends it.
	if indent != "" && !strings.HasSuffix(source, "\n") && endsInBlock(source) {
		return cell.Incomplete, indent
	}
	return cell.Complete, ""
}

// unfinished tells whether an error of code of so many lines says that more
// must come, not that something is wrong.
func unfinished(err error, lines int) bool {
	var e syntax.Error
	if !errors.As(err, &e) {
		return false
	}
	return int(e.Pos.Line) > lines ||
		strings.Contains(e.Msg, "end of file") || strings.Contains(e.Msg, "unexpected EOF in string") ||
		int(e.Pos.Line) == lines && strings.Contains(e.Msg, "want indent")
}

// endsInBlock tells whether the last statement of code is a block.
func endsInBlock(source string) bool {
	p, err := prepare("<judge>", source)
	if err != nil {
		return false
	}
	f, err := options.Parse("<judge>", p.text, 0)
	if err != nil || len(f.Stmts) == 0 {
		return false
	}
	switch f.Stmts[len(f.Stmts)-1].(type) {
	case *syntax.DefStmt, *syntax.IfStmt, *syntax.ForStmt, *syntax.WhileStmt:
		return true
	}
	return false
}
