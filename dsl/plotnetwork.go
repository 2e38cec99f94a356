package dsl

import (
	"fmt"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/nn"
)

// This file says how a network is drawn: a column of units for the input and
// for each layer with weights; dropout, norms and activations are notes on the
// column that they act on, a skip is an arc.

// sketch is a network being drawn.
type sketch struct {
	net display.NetworkData
	// column is where each layer stands; dropout and norms stand where the
	// layer does on which they act.
	column map[string]int
	open   []arc
}

// arc is a skip whose body is being drawn.
type arc struct{ from, depth int }

func newSketch(input display.NetworkLayer) *sketch {
	return &sketch{net: display.NetworkData{Layers: []display.NetworkLayer{input}}, column: map[string]int{}}
}

func (s *sketch) last() int { return len(s.net.Layers) - 1 }

// note adds to the last column's note.
func (s *sketch) note(name, text string) {
	l := &s.net.Layers[s.last()]
	if l.Note != "" {
		text = l.Note + ", " + text
	}
	l.Note = text
	s.column[name] = s.last()
}

// add puts a column at the end.
func (s *sketch) add(l display.NetworkLayer, weights [][]float64) {
	s.net.Layers = append(s.net.Layers, l)
	s.net.Weights = append(s.net.Weights, weights)
	s.column[l.Name] = s.last()
}

// begin opens a skip around the layers that are deeper than depth; close ends
// those that are not.
func (s *sketch) begin(depth int) { s.open = append(s.open, arc{s.last(), depth}) }

func (s *sketch) close(depth int) {
	for n := len(s.open); n > 0 && s.open[n-1].depth >= depth; n-- {
		a := s.open[n-1]
		s.open = s.open[:n-1]
		if s.last() > a.from {
			s.net.Layers[a.from].Skip = max(s.net.Layers[a.from].Skip, s.last()-a.from)
		}
	}
}

// planSketch draws a network with real sizes. params may be nil: no weights.
func planSketch(p *nn.Plan, params []float64, features []string) *sketch {
	input := display.NetworkLayer{Name: "input", Units: p.Widths[0]}
	for _, st := range p.Steps {
		if st.Op == nn.OpEmbed {
			input.Units = p.Widths[st.Out]
			input.Note = fmt.Sprintf("%d numbers, %d embedded", p.Widths[0], p.Widths[st.Out]-p.Widths[0])
		}
	}
	if len(features) == input.Units {
		input.Labels = features
	}
	s := newSketch(input)
	for _, l := range p.Layers {
		s.close(l.Depth)
		s.layer(p, l, params)
	}
	s.close(0)
	s.net.Parameters = parameters(p)
	return s
}

func (s *sketch) layer(p *nn.Plan, l nn.LayerInfo, params []float64) {
	switch l.Kind {
	case "dense", "output":
		var w [][]float64
		if b, ok := p.Block(l.Name + ".W"); ok && params != nil && b.Cols == s.net.Layers[s.last()].Units {
			w = matrixRows(b.Of(params), b.Cols)
		}
		s.add(display.NetworkLayer{Name: l.Name, Note: layerNote(l), Units: l.Out}, w)
	case "dropout":
		for _, st := range p.Steps[l.First:l.Last] {
			s.note(l.Name, "drop "+st.Rate.String())
		}
	case "skip":
		s.begin(l.Depth)
	case "activation":
		s.note(l.Name, l.Activation.String())
	case "embedding":
	default:
		s.note(l.Name, l.Kind)
	}
}

func matrixRows(v []float64, cols int) [][]float64 {
	var out [][]float64
	for i := 0; cols > 0 && i+cols <= len(v); i += cols {
		out = append(out, v[i:i+cols])
	}
	return out
}

func parameters(p *nn.Plan) int {
	n := 0
	for _, b := range p.Blocks {
		if b.Role != nn.RunningMean && b.Role != nn.RunningVar {
			n += b.Len()
		}
	}
	return n
}

// modelSketch draws a trained network, its inputs and outputs named.
func modelSketch(m *learn.Model) *sketch {
	s := planSketch(m.Plan(), m.Params(), m.Features())
	out := &s.net.Layers[s.last()]
	names := m.Classes()
	if names == nil {
		names = m.Settings().Target
	}
	if len(names) == 2 && out.Units == 1 {
		names = names[1:]
	}
	if len(names) == out.Units {
		out.Labels = names
	}
	if act := m.Plan().Head.Act; !act.Linear() {
		out.Note = fmt.Sprintf("%d %s", out.Units, act)
	}
	return s
}

// masks are the masks of dropout layers on the drawing's columns.
func (s *sketch) masks(ms []learn.Mask) display.Mask {
	out := make(display.Mask, len(s.net.Layers))
	for _, m := range ms {
		k, ok := s.column[m.Layer]
		if !ok || len(m.Keep) != s.net.Layers[k].Units {
			continue
		}
		if out[k] == nil {
			out[k] = append([]bool(nil), m.Keep...)
			continue
		}
		for u, keep := range m.Keep {
			out[k][u] = out[k][u] && keep
		}
	}
	return out
}

// netSketch draws a network whose input and output are not known yet.
func netSketch(n nn.Network) *sketch {
	s := newSketch(display.NetworkLayer{Name: "input", Note: "from the data"})
	s.layers(n.Layers(), 0, map[string]int{})
	s.close(0)
	return s
}

// layers adds layers at a depth; count numbers those of each kind.
func (s *sketch) layers(list []nn.Layer, depth int, count map[string]int) {
	for _, l := range list {
		s.close(depth)
		count[l.Kind()]++
		name := fmt.Sprintf("%s_%d", l.Kind(), count[l.Kind()])
		switch l := l.(type) {
		case nn.Dense:
			s.add(denseColumn(name, l), nil)
		case nn.Output:
			s.add(denseColumn("output", l.Dense), nil)
		case nn.Dropout:
			s.note(name, "drop "+l.Rate.String())
		case nn.Skip:
			s.begin(depth)
			s.layers(l.Body.Layers(), depth+1, count)
		case nn.ActivationLayer:
			s.note(name, l.Activation.String())
		case nn.Embedding:
		default:
			s.note(name, l.Kind())
		}
	}
}

func denseColumn(name string, d nn.Dense) display.NetworkLayer {
	if d.Name != "" {
		name = d.Name
	}
	out := display.NetworkLayer{Name: name, Units: d.Units}
	switch {
	case d.Units == 0:
		out.Note = "from the target"
	case d.Activation.Linear():
		out.Note = fmt.Sprint(d.Units)
	default:
		out.Note = fmt.Sprintf("%d %s", d.Units, d.Activation)
	}
	return out
}
