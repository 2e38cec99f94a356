package learn

import (
	"context"
	"fmt"
	"math"

	"mlpkernel/table"
)

// Health is how the layers of a network fare, in numbers and sentences.
type Health struct {
	Layers   []LayerHealth
	Findings []string // what the rules below found; one sentence if nothing
}

// LayerHealth is about one layer; NaN is what is not known.
type LayerHealth struct {
	Layer       string
	Units, Dead int
	Saturated   float64 // share of activations in flat parts
	Ratio       float64 // size of the last recorded update over that of the weights
	Gradient    float64 // size of the gradient of the weights over the rows
}

// Limits of the rules; the ratio is Karpathy's rule of thumb of 1e-3 with a
// wide margin.
const (
	deadLimit      = 0.25
	saturatedLimit = 0.8
	ratioLow       = 1e-6
	ratioHigh      = 0.1
	vanishing      = 1e-3
)

// Health examines the model on rows with targets.
func (m *Model) Health(ctx context.Context, t *table.Table) (*Health, error) {
	acts, err := m.Activations(ctx, t)
	if err != nil {
		return nil, err
	}
	_, grads, err := m.Gradients(ctx, t)
	if err != nil {
		return nil, err
	}
	h := &Health{}
	for i, a := range acts {
		l := LayerHealth{Layer: a.Layer, Units: a.Values.Cols, Dead: len(a.Dead), Saturated: a.Saturated, Ratio: m.ratio(a.Layer), Gradient: math.NaN()}
		for _, g := range grads {
			if g.Layer == a.Layer && g.Cols > 1 {
				l.Gradient = g.Norm / math.Sqrt(float64(len(g.V)))
				break
			}
		}
		h.Layers = append(h.Layers, l)
		h.Findings = append(h.Findings, l.findings(i == len(acts)-1)...)
	}
	h.Findings = append(h.Findings, h.fading()...)
	if len(h.Findings) == 0 {
		h.Findings = []string{"Nothing is amiss: units are alive, activations are not saturated, and gradients reach every layer."}
	}
	return h, nil
}

// ratio is the size of a layer's last recorded update over its weights'.
func (m *Model) ratio(layer string) float64 {
	for i := len(m.record) - 1; i >= 0; i-- {
		for _, b := range m.record[i].Blocks {
			if b.Layer == layer && b.Update > 0 && b.Param > 0 {
				return b.Update / b.Param
			}
		}
	}
	return math.NaN()
}

func (l LayerHealth) findings(last bool) []string {
	var out []string
	if share := part(l.Dead, l.Units); share > deadLimit && !last {
		out = append(out, fmt.Sprintf("%s: %d of %d units are dead: they say the same for every row; a smaller learning rate, leaky_relu or another initialiser may help.", l.Layer, l.Dead, l.Units))
	}
	if l.Saturated > saturatedLimit && !last {
		out = append(out, fmt.Sprintf("%s: %.0f %% of the activations lie where the function is flat, so little gradient passes.", l.Layer, 100*l.Saturated))
	}
	if l.Ratio < ratioLow {
		out = append(out, fmt.Sprintf("%s: an update changes the weights by only %.2g of their size; the learning rate may be too small.", l.Layer, l.Ratio))
	}
	if l.Ratio > ratioHigh {
		out = append(out, fmt.Sprintf("%s: an update changes the weights by %.2g of their size; the learning rate may be too large.", l.Layer, l.Ratio))
	}
	return out
}

// fading compares the gradient of the first layer with that of the last.
func (h *Health) fading() []string {
	n := len(h.Layers)
	if n < 3 {
		return nil
	}
	first, last := h.Layers[0], h.Layers[n-1]
	if r := first.Gradient / last.Gradient; r < vanishing {
		return []string{fmt.Sprintf("The gradient vanishes: in %s it is %.2g of that in %s; relu with he_normal, skip() or batch_norm() may help.", first.Layer, r, last.Layer)}
	}
	return nil
}
