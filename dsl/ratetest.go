package dsl

import (
	"fmt"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
)

// rateTestValue is the loss over a rising learning rate.
type rateTestValue struct{ r *learn.RateTest }

func (r *rateTestValue) String() string {
	if r.r.Suggestion == 0 {
		return "the loss never falls, at any learning rate from 1e-6 to 10"
	}
	return fmt.Sprintf("learning rate %.2g: the loss falls most steeply there", r.r.Suggestion)
}
func (r *rateTestValue) Type() string         { return "rate test" }
func (r *rateTestValue) Freeze()              {}
func (r *rateTestValue) Truth() starlark.Bool { return true }
func (r *rateTestValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "unhashable: rate test")
}

// Attr gives .suggestion and .table.
func (r *rateTestValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "suggestion":
		return starlark.Float(r.r.Suggestion), nil
	case "table":
		t, err := r.r.Table()
		if err != nil {
			return nil, err
		}
		return tableOf(t), nil
	}
	return nil, noAttribute(r, name, nil)
}

func (r *rateTestValue) AttrNames() []string { return []string{"suggestion", "table"} }

// Bundle shows the curve, and in words what it says.
func (r *rateTestValue) Bundle() display.Bundle {
	fig, err := display.LearningRate(r.data(), display.Options{})
	if err != nil {
		return display.Text(r.String())
	}
	return fig.Bundle().With("text/plain", r.String())
}

func (r *rateTestValue) data() display.LearningRateData {
	return display.LearningRateData{
		Rates: r.r.Rates, Loss: r.r.Loss, Smooth: r.r.Smooth, Suggestion: r.r.Suggestion, LossName: strings.ReplaceAll(r.r.LossName, "_", " "),
	}
}
