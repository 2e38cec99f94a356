package learn

import (
	"context"
	"fmt"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// SubModel is some layers of a model with their trained weights: features for
// another head. It is an nn.Part, so it chains into new networks.
type SubModel struct {
	m        *Model
	from, to int
}

// SubModel gives layers i to j-1, counted as in Model.Network().Layers().
func (m *Model) SubModel(i, j int) (SubModel, error) {
	n := len(m.net.Layers())
	if i < 0 || j > n || i >= j {
		return SubModel{}, fmt.Errorf("layers[%d:%d] of a network of %d layers are none; give 0 <= i < j <= %d", i, j, n, n)
	}
	return SubModel{m, i, j}, nil
}

// String is the source text of the layers.
func (s SubModel) String() string { return s.m.net.Slice(s.from, s.to).String() }

// Layers are the layers with the trained weights as initial ones. Norms and
// embeddings begin anew, since a network cannot be given theirs.
func (s SubModel) Layers() []nn.Layer {
	var out []nn.Layer
	for k, l := range s.m.net.Layers()[s.from:s.to] {
		switch d := l.(type) {
		case nn.Dense:
			out = append(out, s.m.trained(d, s.names()[k]))
		case nn.Output:
			d.Dense = s.m.trained(d.Dense, s.names()[k])
			out = append(out, d)
		default:
			out = append(out, l)
		}
	}
	return out
}

// trained is a dense layer with the model's weights.
func (m *Model) trained(d nn.Dense, name string) nn.Dense {
	if w, err := m.Weights(name); err == nil && w.W != nil {
		d.Units = w.Units
		d.Weights = &nn.Given{Units: w.Units, Inputs: w.Inputs, W: w.W, B: w.B}
	}
	return d
}

// names are the plan's names of the layers; an activation that was merged into
// the layer before it has none.
func (s SubModel) names() []string {
	top := s.top()
	if len(top) > 0 && top[0].Kind == "embedding" {
		if _, own := s.m.net.Layers()[0].(nn.Embedding); !own {
			top = top[1:]
		}
	}
	out := make([]string, 0, len(s.m.net.Layers()))
	k := 0
	for _, l := range s.m.net.Layers() {
		if k < len(top) && top[k].Kind == l.Kind() {
			out = append(out, top[k].Name)
			k++
		} else {
			out = append(out, "")
		}
	}
	return out[s.from:s.to]
}

// top are the plan's layers that are not within others.
func (s SubModel) top() []nn.LayerInfo {
	var out []nn.LayerInfo
	for _, l := range s.m.plan.Layers {
		if l.Depth == 0 {
			out = append(out, l)
		}
	}
	return out
}

// Apply runs rows through the model up to the sub-model's last layer: a column
// for each of its units.
func (s SubModel) Apply(ctx context.Context, t *table.Table) (*table.Table, error) {
	d, _, err := s.m.coder.inputs(t)
	if err != nil {
		return nil, err
	}
	prog, err := s.m.program()
	if err != nil {
		return nil, err
	}
	defer prog.Close()
	raw, err := prog.Activations(ctx, 0, d, nn.Mode{})
	if err != nil {
		return nil, err
	}
	name := ""
	for _, n := range s.names() {
		if n != "" {
			name = n
		}
	}
	for _, l := range s.top() {
		if l.Name == name && l.Last > 0 {
			return unitTable(l, widen(raw[l.Last-1]))
		}
	}
	return nil, fmt.Errorf("%s computes nothing by itself", s)
}

func unitTable(l nn.LayerInfo, v []float64) (*table.Table, error) {
	cols := make([]*table.Column, l.Out)
	for u := range cols {
		cols[u] = table.Numbers(fmt.Sprintf("%s[%d]", l.Name, u), pickColumn(v, l.Out, u))
	}
	return table.New(cols...)
}
