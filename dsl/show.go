package dsl

import (
	"context"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/dsl/pyfmt"
)

// maxShown is how much of a value is shown.
const maxShown = 20000

// show makes a value visible: as it shows itself, else as text.
func show(v starlark.Value) display.Bundle {
	switch v := v.(type) {
	case display.Bundler:
		return v.Bundle()
	case *array.Array:
		return display.Text(v.String()).With("text/html", v.HTML())
	}
	return display.Text(pyfmt.ReprLimit(v, maxShown))
}

func reprShort(v starlark.Value, n int) string { return pyfmt.ReprLimit(v, n) }

// quietHost is the host of an expression that must not speak.
type quietHost struct{}

var _ cell.Host = quietHost{}

func (quietHost) Stream(string, string)          {}
func (quietHost) Display(display.Bundle, string) {}
func (quietHost) Update(display.Bundle, string)  {}
func (quietHost) Clear(bool)                     {}
func (quietHost) Page(display.Bundle)            {}
func (quietHost) Exit(bool)                      {}
func (quietHost) Ask(context.Context, string, bool) (string, error) {
	return "", cell.ErrNoInput
}
