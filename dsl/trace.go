package dsl

import (
	"fmt"
	"html"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/nn/reference"
)

// traceValue is one row's way through a network and back.
type traceValue struct {
	*record
	t *learn.Trace
}

var _ display.Bundler = (*traceValue)(nil)

func newTrace(t *learn.Trace) (starlark.Value, error) {
	r := newRecord("trace", field{"input", array.FromFloats(t.Input)}, field{"prediction", array.FromFloats(t.Prediction)})
	if t.HasTruth {
		r.fields = append(r.fields, field{"target", array.FromFloats(t.Target)}, field{"loss", starlark.Float(t.Loss)})
	}
	var steps []starlark.Value
	for _, s := range t.Steps {
		step, err := traceStep(s, t.HasTruth)
		if err != nil {
			return nil, err
		}
		steps = append(steps, step)
	}
	r.fields = append(r.fields, field{"steps", starlark.NewList(steps)})
	return &traceValue{r, t}, nil
}

// traceStep is what one step did, as arrays.
func traceStep(s reference.TraceStep, back bool) (starlark.Value, error) {
	r := newRecord("step", field{"layer", starlark.String(s.Layer)})
	add := func(name string, v []float64) {
		if v != nil {
			r.fields = append(r.fields, field{name, array.FromFloats(v)})
		}
	}
	add("x", s.X)
	add("z", s.Z)
	add("y", s.Y)
	if s.W != nil {
		w, err := matrix(s.W, len(s.Z), len(s.W)/max(len(s.Z), 1))
		if err != nil {
			return nil, err
		}
		r.fields = append(r.fields, field{"W", w})
	}
	add("b", s.B)
	if back {
		add("delta", s.Delta)
		if s.DW != nil {
			dw, err := matrix(s.DW, len(s.Z), len(s.DW)/max(len(s.Z), 1))
			if err != nil {
				return nil, err
			}
			r.fields = append(r.fields, field{"dW", dw})
		}
		add("db", s.DB)
		add("dx", s.DX)
	}
	return r, nil
}

// maxTraced is how many numbers of a vector are shown.
const maxTraced = 8

func vector(v []float64) string {
	var parts []string
	for i, x := range v {
		if i == maxTraced {
			parts = append(parts, fmt.Sprintf("… (%d)", len(v)))
			break
		}
		parts = append(parts, fmt.Sprintf("%.4g", x+0)) // no sign before a zero
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Bundle shows the way forward and back, a line for each step.
func (t *traceValue) Bundle() display.Bundle {
	var lines [][2]string
	say := func(what, value string) { lines = append(lines, [2]string{what, value}) }
	say("x", vector(t.t.Input))
	for _, s := range t.t.Steps {
		switch {
		case s.Z != nil:
			say(s.Layer+":  z = Wx + b", vector(s.Z))
			if !s.Act.Linear() {
				say("    y = "+s.Act.Symbol()+"(z)", vector(s.Y))
			}
		default:
			say(s.Layer, vector(s.Y))
		}
	}
	if n := len(t.t.Outputs); n > 1 && n <= maxTraced {
		say("outputs", strings.Join(t.t.Outputs, ", "))
	}
	say("prediction", vector(t.t.Prediction))
	if t.t.HasTruth {
		say("target", vector(t.t.Target))
		say("loss", fmt.Sprintf("%.6g", t.t.Loss))
		for i := len(t.t.Steps) - 1; i >= 0; i-- {
			s := t.t.Steps[i]
			if s.Delta == nil {
				continue
			}
			say(s.Layer+":  δ = ∂L/∂z", vector(s.Delta))
			say("    ∂L/∂W = δ xᵀ", vector(s.DW))
			say("    ∂L/∂b = δ", vector(s.DB))
		}
	}
	width := 0
	for _, l := range lines {
		width = max(width, len([]rune(l[0])))
	}
	var text, rows strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&text, "%s%s  %s\n", l[0], strings.Repeat(" ", width-len([]rune(l[0]))), l[1])
		fmt.Fprintf(&rows, `<tr><td style="text-align:left;white-space:pre"><i>%s</i></td><td style="text-align:left"><code>%s</code></td></tr>`,
			html.EscapeString(l[0]), html.EscapeString(l[1]))
	}
	return display.Text(strings.TrimRight(text.String(), "\n")).With("text/html", "<table>"+rows.String()+"</table>")
}
