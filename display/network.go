package display

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// NetworkLayer is one column of units in the drawing of a network.
type NetworkLayer struct {
	// Name stands under the column: "input", "dense_1".
	Name string
	// Note is a second, smaller line: "64 relu", "dropout 0.5".
	Note string
	// Units is the number of units; 0 means not known yet.
	Units int
	// Labels name the units, where they have names (features, classes); may be nil.
	Labels []string
	// Elementwise says that each unit has one edge, from the same unit of the layer
	// before: a layer that is dropout or normalisation only.
	Elementwise bool
	// Values shade the units (activations of one row); may be nil.
	Values []float64
	// Skip, when positive, draws an arc to the layer that many columns on: a
	// residual connection.
	Skip int
}

// NetworkData is a network as a picture shows it.
type NetworkData struct {
	Layers []NetworkLayer
	// Weights[l][to][from] is the weight of the edge from unit `from` of layer l
	// to unit `to` of layer l+1. Weights, or an entry of it, may be nil: not known.
	Weights [][][]float64
	// Parameters is the number of parameters; 0 when not known.
	Parameters int
}

// Network draws the layers of a network as columns of units. Edges are coloured
// by the sign of their weight and as wide as its size; wide layers are elided.
func Network(d NetworkData, o Options) (*Figure, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	s := newScene(o, "The network", notebookWidth, 330)
	s.rigid = true
	s.subtitle = d.sizes()
	s.paint = func(p pen) {
		if d.weighted() {
			p = p.legend("edges:", []key{{"positive weight", edgePositive, -1}, {"negative weight", edgeNegative, -1}, {"wider = larger", paleGrey, -1}})
		}
		drawing{net: d, labels: true}.draw(p)
	}
	return build(s, d.text(), d.data()), nil
}

func (d NetworkData) check() error {
	if len(d.Layers) == 0 {
		return errors.New("expected at least one layer, got none")
	}
	for i, l := range d.Layers {
		if l.Units < 0 || (l.Labels != nil && len(l.Labels) != l.Units) || (l.Values != nil && len(l.Values) != l.Units) {
			return fmt.Errorf("layer %s: expected one label and value per unit (%d), got %d and %d", l.Name, l.Units, len(l.Labels), len(l.Values))
		}
		if l.Skip < 0 || i+l.Skip >= len(d.Layers) {
			return fmt.Errorf("layer %s: expected a skip to one of the later layers, got %d layers on", l.Name, l.Skip)
		}
	}
	if len(d.Weights) > len(d.Layers)-1 {
		return fmt.Errorf("expected weights for the %s between layers, got %d", count(len(d.Layers)-1, "gap"), len(d.Weights))
	}
	for i, w := range d.Weights {
		if w == nil {
			continue
		}
		if len(w) != d.Layers[i+1].Units || len(w[0]) != d.Layers[i].Units {
			return fmt.Errorf("weights into layer %s: expected %d rows of %d, got %d rows", d.Layers[i+1].Name, d.Layers[i+1].Units, d.Layers[i].Units, len(w))
		}
		for _, row := range w {
			if len(row) != d.Layers[i].Units {
				return fmt.Errorf("weights into layer %s: expected rows of %d, got %d", d.Layers[i+1].Name, d.Layers[i].Units, len(row))
			}
		}
	}
	return nil
}

func (d NetworkData) weighted() bool {
	for _, w := range d.Weights {
		if w != nil {
			return true
		}
	}
	return false
}

// between returns the weights of the edges from layer l to the next, or nil.
func (d NetworkData) between(l int) [][]float64 {
	if l < len(d.Weights) {
		return d.Weights[l]
	}
	return nil
}

// sizes is "4 → 64 → 3 units, 451 parameters"; of four equal layers or more it is
// "4 → 64 (10 times) → 3 units".
func (d NetworkData) sizes() string {
	var parts []string
	for i := 0; i < len(d.Layers); {
		n := 1
		for i+n < len(d.Layers) && d.Layers[i+n].Units == d.Layers[i].Units {
			n++
		}
		part := "?"
		if u := d.Layers[i].Units; u > 0 {
			part = grouped(u)
		}
		if n >= 4 {
			part, i = fmt.Sprintf("%s (%d times)", part, n), i+n-1
		}
		parts = append(parts, part)
		i++
	}
	s := strings.Join(parts, " → ") + " units"
	if d.Parameters > 0 {
		s += ", " + count(d.Parameters, "parameter")
	}
	return s
}

func (d NetworkData) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "A network of %s: %s.", count(len(d.Layers), "layer"), d.sizes())
	for _, l := range d.Layers {
		b.WriteString("\n" + l.Name)
		if l.Note != "" {
			b.WriteString(" (" + l.Note + ")")
		}
		if l.Units > 0 {
			b.WriteString(": " + count(l.Units, "unit"))
		}
		if l.Skip > 0 {
			fmt.Fprintf(&b, ", with a skip connection over %s", count(l.Skip, "layer"))
		}
		b.WriteString(".")
	}
	return b.String()
}

// data has a row for each layer or, where units have values, for each unit.
func (d NetworkData) data() Data {
	var name, note, unit []string
	var units, values []float64
	for _, l := range d.Layers {
		name, note, units = append(name, l.Name), append(note, l.Note), append(units, float64(l.Units))
		for u, v := range l.Values {
			label := strconv.Itoa(u + 1)
			if l.Labels != nil {
				label = l.Labels[u]
			}
			unit, values = append(unit, l.Name+" "+label), append(values, v)
		}
	}
	if values != nil {
		return Data{Columns: []Column{{Name: "unit", Strings: unit}, {Name: "value", Numbers: values}}}
	}
	return Data{Columns: []Column{{Name: "layer", Strings: name}, {Name: "what", Strings: note}, {Name: "units", Numbers: units}}}
}

// largestWeight is the greatest absolute weight of a gap, for scale.
func largestWeight(w [][]float64) (m float64) {
	for _, row := range w {
		for _, x := range row {
			if finite(x) {
				m = math.Max(m, math.Abs(x))
			}
		}
	}
	return m
}
