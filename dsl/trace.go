package dsl

import (
	"fmt"
	"html"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/nn"
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

// traceStep is what one step did, as arrays. W and b are those of dense layers.
func traceStep(s reference.TraceStep, back bool) (starlark.Value, error) {
	r := newRecord("step", field{"layer", starlark.String(s.Layer)})
	add := func(name string, v []float64) {
		if v != nil {
			r.fields = append(r.fields, field{name, array.FromFloats(v)})
		}
	}
	addMatrix := func(name string, v []float64) error {
		w, err := matrix(v, len(s.Z), len(s.X))
		r.fields = append(r.fields, field{name, w})
		return err
	}
	add("x", s.X)
	add("z", s.Z)
	add("y", s.Y)
	dense := s.Op == nn.OpDense
	if dense {
		if err := addMatrix("W", s.W); err != nil {
			return nil, err
		}
		add("b", s.B)
	}
	if back {
		add("delta", s.Delta)
		if dense {
			if err := addMatrix("dW", s.DW); err != nil {
				return nil, err
			}
			add("db", s.DB)
		}
		add("dx", s.DX)
	}
	return r, nil
}

const (
	maxTraced = 8 // numbers of a vector, and rows of a matrix, that are shown whole
	someRows  = 3 // of a matrix with more rows
)

// traced are the first numbers of a vector as text.
func traced(v []float64) []string {
	out := make([]string, min(len(v), maxTraced))
	for i := range out {
		out[i] = fmt.Sprintf("%.4g", v[i]+0) // no sign before a zero
	}
	return out
}

func vector(v []float64) string {
	parts := traced(v)
	if len(parts) < len(v) {
		parts = append(parts, fmt.Sprintf("… (%d)", len(v)))
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// board writes a matrix of units × inputs row by row, the numbers in columns.
func board(v []float64, units int) string {
	inputs, shown := len(v)/units, units
	if units > maxTraced {
		shown = someRows
	}
	rows := make([][]string, shown)
	widths := make([]int, min(inputs, maxTraced))
	for r := range rows {
		rows[r] = traced(v[r*inputs : (r+1)*inputs])
		for c, cell := range rows[r] {
			widths[c] = max(widths[c], len(cell))
		}
	}
	lines := make([]string, len(rows))
	for r, row := range rows {
		for c, cell := range row {
			row[c] = fmt.Sprintf("%*s", widths[c], cell)
		}
		if len(row) < inputs {
			row = append(row, "…")
		}
		lines[r] = "[" + strings.Join(row, ", ") + "]"
	}
	if len(rows) < units {
		lines = append(lines, "…")
	}
	text := "[" + strings.Join(lines, ",\n ") + "]"
	if len(rows) < units || len(widths) < inputs {
		text += fmt.Sprintf(" (%d × %d)", units, inputs)
	}
	return text
}

// traceLine is what a number, vector or matrix is and its text, of several lines.
type traceLine struct{ what, value string }

// Bundle shows the way forward and back, a quantity a line, a matrix in rows.
func (t *traceValue) Bundle() display.Bundle {
	lines := t.lines()
	width := 0
	for _, l := range lines {
		width = max(width, len([]rune(l.what)))
	}
	indent := "\n" + strings.Repeat(" ", width+2)
	var text, rows strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&text, "%s%s  %s\n", l.what, strings.Repeat(" ", width-len([]rune(l.what))), strings.ReplaceAll(l.value, "\n", indent))
		fmt.Fprintf(&rows, `<tr><td style="text-align:left;white-space:pre;vertical-align:top"><i>%s</i></td><td style="text-align:left;white-space:pre"><code style="display:inline-block">%s</code></td></tr>`,
			html.EscapeString(l.what), html.EscapeString(l.value))
	}
	return display.Text(strings.TrimRight(text.String(), "\n")).With("text/html", "<table>"+rows.String()+"</table>")
}

func (t *traceValue) lines() []traceLine {
	lines := []traceLine{{"x", vector(t.t.Input)}}
	for _, s := range t.t.Steps {
		lines = append(lines, forward(s)...)
	}
	if n := len(t.t.Outputs); n > 1 && n <= maxTraced {
		lines = append(lines, traceLine{"outputs", strings.Join(t.t.Outputs, ", ")})
	}
	lines = append(lines, traceLine{"prediction", vector(t.t.Prediction)})
	if !t.t.HasTruth {
		return lines
	}
	lines = append(lines, traceLine{"target", vector(t.t.Target)}, traceLine{"loss", fmt.Sprintf("%.6g", t.t.Loss)})
	for _, s := range slices.Backward(t.t.Steps) {
		lines = append(lines, backward(s)...)
	}
	return lines
}

// forward is a step's way forward: y, and of a dense layer what it is made of.
func forward(s reference.TraceStep) []traceLine {
	if s.Op != nn.OpDense {
		return []traceLine{{s.Layer, vector(s.Y)}}
	}
	lines := []traceLine{{s.Layer + ":  W", board(s.W, len(s.Z))}}
	sum := "    z = Wx"
	if s.B != nil {
		lines = append(lines, traceLine{"    b", vector(s.B)})
		sum += " + b"
	}
	lines = append(lines, traceLine{sum, vector(s.Z)})
	if !s.Act.Linear() {
		lines = append(lines, traceLine{"    y = " + s.Act.Symbol() + "(z)", vector(s.Y)})
	}
	return lines
}

// backward is the way back through a dense layer.
func backward(s reference.TraceStep) []traceLine {
	if s.Op != nn.OpDense {
		return nil
	}
	lines := []traceLine{{s.Layer + ":  δ = ∂L/∂z", vector(s.Delta)}, {"    ∂L/∂W = δ xᵀ", board(s.DW, len(s.Z))}}
	if s.DB != nil {
		lines = append(lines, traceLine{"    ∂L/∂b = δ", vector(s.DB)})
	}
	return lines
}
