package dsl

import (
	"context"
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
)

// Call is a running call of a builtin. A getter returns the zero value for an
// argument that was left out or is None; one that does not fit is remembered
// and ends the call, see Err.
type Call struct {
	Thread *starlark.Thread
	Recv   starlark.Value // what the function is a method of
	Args   starlark.Tuple // of *args
	Kwargs []starlark.Tuple

	fn    *Function
	given map[string]starlark.Value
	err   error
}

// Err is the first fault of an argument; check it before any work.
func (c *Call) Err() error { return c.err }

// Fail remembers a fault of an argument: what was expected, what came.
func (c *Call) Fail(name, format string, args ...any) {
	if c.err == nil {
		c.err = Errorf("ValueError", "%s: %s: %s", c.fn.name, name, fmt.Sprintf(format, args...))
	}
}

func (c *Call) wrong(name, want string) {
	if c.err == nil {
		c.err = Errorf("TypeError", "%s: %s: want %s, got %s", c.fn.name, name, want, describe(c.given[name]))
	}
}

// describe is a value in an error: short, with its type.
func describe(v starlark.Value) string {
	s := reprShort(v, 60)
	if _, ok := v.(starlark.NoneType); ok {
		return s
	}
	return s + " (" + v.Type() + ")"
}

// isPlain tells whether a value is a number by itself, neither a truth value
// nor one that holds numbers.
func isPlain(v starlark.Value) bool {
	switch v.(type) {
	case starlark.Int, starlark.Float:
		return true
	}
	return false
}

// aKind names the kind of a value: "a list", "an int", "layers".
func aKind(v starlark.Value) string {
	t := v.Type()
	if strings.HasSuffix(t, "s") {
		return t
	}
	if strings.ContainsRune("aeiou", rune(t[0])) {
		return "an " + t
	}
	return "a " + t
}

// Given tells whether an argument was given and is not None.
func (c *Call) Given(name string) bool { return c.Value(name) != nil }

// Value returns an argument as it came, nil if it was left out or is None.
func (c *Call) Value(name string) starlark.Value {
	if v := c.given[name]; v != nil && v != starlark.None {
		return v
	}
	return nil
}

// Was returns an argument as it came, None included; nil if it was left out.
func (c *Call) Was(name string) starlark.Value { return c.given[name] }

// Float returns a number, or the fallback.
func (c *Call) Float(name string, fallback float64) float64 {
	v := c.Value(name)
	if v == nil {
		return fallback
	}
	f, ok := starlark.AsFloat(v)
	if _, isBool := v.(starlark.Bool); !ok || isBool {
		c.wrong(name, "a number")
	}
	return f
}

// Int returns a whole number, or the fallback. A float without a fraction is taken.
func (c *Call) Int(name string, fallback int) int {
	switch v := c.Value(name).(type) {
	case nil:
		return fallback
	case starlark.Int:
		if i, ok := v.Int64(); ok && i == int64(int(i)) {
			return int(i)
		}
	case starlark.Float:
		if f := float64(v); f == math.Trunc(f) && math.Abs(f) < 1<<53 {
			return int(f)
		}
	}
	c.wrong(name, "a whole number")
	return fallback
}

// IntFrom returns a whole number of at least least, or the fallback.
func (c *Call) IntFrom(name string, least, fallback int) int {
	i := c.Int(name, fallback)
	if i < least && c.Given(name) {
		c.wrong(name, fmt.Sprintf("a whole number of at least %d", least))
	}
	return i
}

// Between returns a number from low to high, or the fallback.
func (c *Call) Between(name string, low, high, fallback float64) float64 {
	f := c.Float(name, fallback)
	if c.Given(name) && !(f >= low && f <= high) {
		c.wrong(name, fmt.Sprintf("a number from %v to %v", low, high))
	}
	return f
}

// Bool returns True or False, or the fallback.
func (c *Call) Bool(name string, fallback bool) bool {
	v := c.Value(name)
	if v == nil {
		return fallback
	}
	b, ok := v.(starlark.Bool)
	if !ok {
		c.wrong(name, "True or False")
	}
	return bool(b)
}

// Text returns a string, or the fallback.
func (c *Call) Text(name, fallback string) string {
	v := c.Value(name)
	if v == nil {
		return fallback
	}
	s, ok := starlark.AsString(v)
	if !ok {
		c.wrong(name, "text")
	}
	return s
}

// ColumnName returns the name of a column, empty if it was left out.
func (c *Call) ColumnName(name string) string {
	s, ok := starlark.AsString(c.Value(name))
	if !ok && c.Given(name) {
		c.wrong(name, "the name of a column"+nameOf(c.Value(name)))
	}
	return s
}

// ColumnNames returns names of columns, nil if they were left out.
func (c *Call) ColumnNames(name string) []string {
	v := c.Value(name)
	want := "names of columns" + nameOf(v)
	if _, ok := v.(*columnValue); ok {
		c.wrong(name, want)
		return nil
	}
	return c.texts(name, want)
}

// nameOf is how the name of a column is written that came itself.
func nameOf(v starlark.Value) string {
	if col, ok := v.(*columnValue); ok {
		return fmt.Sprintf(" such as %q", col.c.Name())
	}
	return ""
}

// OneOf returns a string that is one of the choices, or the first.
func (c *Call) OneOf(name string, choices ...string) string {
	s := c.Text(name, choices[0])
	for _, ch := range choices {
		if s == ch {
			return s
		}
	}
	c.wrong(name, "one of "+quoted(choices))
	return choices[0]
}

func quoted(words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += ", "
		}
		out += fmt.Sprintf("%q", w)
	}
	return out
}

// Texts returns a string or a list of strings as a slice, nil if nothing was
// given.
func (c *Call) Texts(name string) []string { return c.texts(name, "text or a list of texts") }

func (c *Call) texts(name, want string) []string {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	if s, ok := starlark.AsString(v); ok {
		return []string{s}
	}
	seq, ok := v.(starlark.Iterable)
	if !ok {
		c.wrong(name, want)
		return nil
	}
	out := []string{}
	for x := range starlark.Elements(seq) {
		s, ok := starlark.AsString(x)
		if !ok {
			c.wrong(name, want)
			return nil
		}
		out = append(out, s)
	}
	return out
}

// Floats returns a list of numbers (or an array, or a column) as a slice.
func (c *Call) Floats(name string) []float64 {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	seq, ok := v.(starlark.Iterable)
	if !ok {
		c.wrong(name, "a list of numbers")
		return nil
	}
	var out []float64
	for x := range starlark.Elements(seq) {
		f, ok := starlark.AsFloat(x)
		if !ok {
			c.wrong(name, "a list of numbers")
			return nil
		}
		out = append(out, f)
	}
	return out
}

// Callable returns a function, nil if it was left out.
func (c *Call) Callable(name string) starlark.Callable {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	f, ok := v.(starlark.Callable)
	if !ok {
		c.wrong(name, "a function")
	}
	return f
}

// Seed returns the argument seed.
func (c *Call) Seed() uint64 { return uint64(c.IntFrom("seed", 0, 0)) }

// run returns the running cell.
func (c *Call) run() *running { return runningOf(c.Thread) }

func runningOf(t *starlark.Thread) *running { return t.Local(runningKey).(*running) }

// Session returns the session of the call.
func (c *Call) Session() *Session { return c.run().session }

// Host returns the way to the front end.
func (c *Call) Host() cell.Host { return c.run().host }

// Context ends when the cell is interrupted.
func (c *Call) Context() context.Context { return c.run().ctx }

// Release gives the session's lock up while f runs, so that other requests
// see live values. f must not touch Starlark values that cells can change.
func (c *Call) Release(f func()) {
	s := c.Session()
	s.mu.Unlock()
	defer s.mu.Lock()
	f()
}

// Gracefully runs f without the lock and lets it end by itself when the cell
// is interrupted: the statement still binds what it returns, then the cell stops.
func (c *Call) Gracefully(f func()) {
	r := c.run()
	r.graceful.Add(1)
	defer func() {
		r.graceful.Add(-1)
		if r.ctx.Err() != nil {
			c.Thread.SetMaxExecutionSteps(c.Thread.ExecutionSteps() + stepsToBind)
		}
	}()
	c.Release(f)
}

// stepsToBind is how many steps of Starlark are left after an interrupted
// training, enough to bind its result.
const stepsToBind = 64
