package pyfmt_test

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/pyfmt"
)

// ops are the operations of testdata/python.txt on the value of an expression.
var ops = map[string]func(v starlark.Value) (string, error){
	"repr":   func(v starlark.Value) (string, error) { return pyfmt.Repr(v), nil },
	"str":    func(v starlark.Value) (string, error) { return pyfmt.Str(v), nil },
	"format": func(v starlark.Value) (string, error) { return pyfmt.Format(at(v, 0), text(at(v, 1))) },
	"percent": func(v starlark.Value) (string, error) {
		return pyfmt.Percent(text(at(v, 0)), at(v, 1))
	},
	"method": func(v starlark.Value) (string, error) {
		return pyfmt.FormatMethod(text(at(v, 0)), at(v, 1).(starlark.Tuple), at(v, 2).(*starlark.Dict).Items())
	},
}

func at(v starlark.Value, i int) starlark.Value { return v.(starlark.Tuple)[i] }

func text(v starlark.Value) string { return string(v.(starlark.String)) }

// TestPython holds every answer against CPython 3.11's. A line of the table is
// operation, expression, answer as a JSON string; or "error" where it raises.
func TestPython(t *testing.T) {
	f, err := os.Open("testdata/python.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		op, rest, _ := strings.Cut(lines.Text(), "\t")
		expr, want, _ := strings.Cut(rest, "\t")
		checkLine(t, op, expr, want)
	}
	if n < 500 {
		t.Errorf("read %d lines, want the whole table", n)
	}
}

func checkLine(t *testing.T, op, expr, want string) {
	t.Helper()
	v, err := starlark.EvalOptions(&syntax.FileOptions{Set: true}, &starlark.Thread{}, "case", expr, starlark.Universe)
	if err != nil {
		t.Errorf("%s: %v", expr, err)
		return
	}
	got, err := ops[op](v)
	switch {
	case want == "error":
		if err == nil {
			t.Errorf("%s %s: got %q, want an error", op, expr, got)
		}
	case err != nil:
		t.Errorf("%s %s: %v, want %s", op, expr, err, want)
	default:
		var plain string
		if err := json.Unmarshal([]byte(want), &plain); err != nil {
			t.Fatal(err)
		}
		if got != plain {
			t.Errorf("%s %s: got %q, want %q", op, expr, got, plain)
		}
	}
}
