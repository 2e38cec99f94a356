package dsl

import (
	"errors"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// A unary and a binary are functions that a program applies by a native
// operator of Starlark: §truth >> x, §lt >> x >> y. A call would take three
// times as long, since it makes a frame and copies its arguments.
type unary struct {
	operatorValue
	f func(x starlark.Value) (starlark.Value, error)
}

type binary struct {
	operatorValue
	f     func(x, y starlark.Value) (starlark.Value, error)
	spare []*half
}

// half is a binary that has its left side.
type half struct {
	operatorValue
	of *binary
	x  starlark.Value
}

// Binary applies a unary.
func (u *unary) Binary(_ syntax.Token, x starlark.Value, _ starlark.Side) (starlark.Value, error) {
	return u.f(x)
}

// Binary gives a binary its left side.
func (b *binary) Binary(_ syntax.Token, x starlark.Value, _ starlark.Side) (starlark.Value, error) {
	n := len(b.spare)
	if n == 0 {
		return &half{of: b, x: x}, nil
	}
	h := b.spare[n-1]
	b.spare = b.spare[:n-1]
	h.x = x
	return h, nil
}

// Binary gives a half its right side, and keeps it for another use: each has one.
func (h *half) Binary(_ syntax.Token, y starlark.Value, _ starlark.Side) (starlark.Value, error) {
	x := h.x
	h.x = nil
	h.of.spare = append(h.of.spare, h)
	return h.of.f(x, y)
}

// operatorValue is what an operator is as a value, which no cell sees.
type operatorValue struct{}

func (operatorValue) String() string        { return "operator" }
func (operatorValue) Type() string          { return "operator" }
func (operatorValue) Freeze()               {}
func (operatorValue) Truth() starlark.Bool  { return true }
func (operatorValue) Hash() (uint32, error) { return 0, errors.New("unhashable: operator") }
