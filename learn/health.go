package learn

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"mlpkernel/nn"
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
	ratioSmall     = 1e-4 // less is not usual, but not amiss in a network that has learnt
	ratioHigh      = 0.1
	vanishing      = 1e-3 // and exploding its inverse
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
	for _, a := range acts {
		l := LayerHealth{Layer: a.Layer, Units: a.Values.Cols, Dead: len(a.Dead), Saturated: a.Saturated, Ratio: m.ratio(a.Layer), Gradient: math.NaN()}
		for _, g := range grads {
			if g.Layer == a.Layer && g.Cols > 1 {
				l.Gradient = g.Norm / math.Sqrt(float64(len(g.V)))
				break
			}
		}
		h.Layers = append(h.Layers, l)
	}
	h.Judge()
	return h, nil
}

// ratio is the size of the last recorded update of a layer's weights over
// theirs; 0 where it is less than their precision.
func (m *Model) ratio(layer string) float64 {
	for _, l := range m.plan.Layers {
		if l.Name == layer && !l.Trainable {
			return math.NaN()
		}
	}
	name := ""
	for _, b := range m.plan.Blocks {
		if b.Layer == layer && b.Role == nn.Weights && name == "" {
			name = b.Name
		}
	}
	if n := len(m.record); n > 0 && m.record[n-1].Epoch > 0 {
		for _, b := range m.record[n-1].Blocks {
			if b.Name == name && b.Param > 0 {
				return b.Update / b.Param
			}
		}
	}
	return math.NaN()
}

// rule is about single layers: where it fires, and what it says of them.
type rule struct {
	what, advice string
	fires        func(LayerHealth) bool
	number       func(LayerHealth) string
	hidden       bool // leaves the last layer out
}

var rules = []rule{
	{"Dead units", "they say the same for every row; a smaller learning rate, leaky_relu or another initialiser may help.",
		func(l LayerHealth) bool { return part(l.Dead, l.Units) > deadLimit },
		func(l LayerHealth) string { return fmt.Sprintf("%d of %d", l.Dead, l.Units) }, true},
	{"Saturated", "so much of what the units say lies where the function is flat that little gradient passes; smaller initial weights or batch_norm() may help.",
		func(l LayerHealth) bool { return l.Saturated > saturatedLimit },
		func(l LayerHealth) string { return fmt.Sprintf("%.0f %%", 100*l.Saturated) }, true},
	{"Small updates", "they change the weights by so little of their size that the learning rate may be too small.",
		func(l LayerHealth) bool { return l.Ratio < ratioLow },
		func(l LayerHealth) string { return fmt.Sprintf("%.2g", l.Ratio) }, false},
	{"Large updates", "they change the weights by so much of their size that the learning rate may be too large.",
		func(l LayerHealth) bool { return l.Ratio > ratioHigh },
		func(l LayerHealth) string { return fmt.Sprintf("%.2g", l.Ratio) }, false},
}

// mostNamed is how many layers a finding names.
const mostNamed = 5

// Judge puts down as findings what the rules say of the layers.
func (h *Health) Judge() {
	h.Findings = nil
	for _, r := range rules {
		var at []string
		for i, l := range h.Layers {
			if r.fires(l) && !(r.hidden && i == len(h.Layers)-1) {
				at = append(at, fmt.Sprintf("%s (%s)", l.Layer, r.number(l)))
			}
		}
		if n := len(at); n > mostNamed {
			at = append(at[:mostNamed-1], fmt.Sprintf("and %d more layers", n-mostNamed+1))
		}
		if at != nil {
			h.Findings = append(h.Findings, r.what+" in "+strings.Join(at, ", ")+": "+r.advice)
		}
	}
	h.Findings = append(h.Findings, h.flow()...)
	if len(h.Findings) > 0 {
		return
	}
	h.Findings = []string{h.well()}
}

// well is the sentence where no rule fires.
func (h *Health) well() string {
	if r := h.largestRatio(); r < ratioSmall {
		return fmt.Sprintf("Nothing is amiss, but little changes: updates are at most %.2g of the weights. If the loss has stopped falling, the network has learnt what it can; if not, the learning rate may be too small.", r)
	}
	if slices.ContainsFunc(h.Layers, func(l LayerHealth) bool { return !math.IsNaN(l.Saturated) }) {
		return "Nothing is amiss: units are alive, activations are not saturated, and gradients reach every layer."
	}
	return "Nothing is amiss: updates are of a usual size, and gradients reach every layer."
}

// largestRatio is the largest ratio that is known; NaN if none is.
func (h *Health) largestRatio() float64 {
	largest := math.NaN()
	for _, l := range h.Layers {
		if !(l.Ratio <= largest) && !math.IsNaN(l.Ratio) {
			largest = l.Ratio
		}
	}
	return largest
}

// flow compares the gradient of the first layer with that of the last.
func (h *Health) flow() []string {
	n := len(h.Layers)
	if n < 3 {
		return nil
	}
	first, last := h.Layers[0], h.Layers[n-1]
	switch r := first.Gradient / last.Gradient; {
	case r < vanishing:
		return []string{fmt.Sprintf("The gradient vanishes: in %s it is %.2g of that in %s; relu with he_normal, skip() or batch_norm() may help.", first.Layer, r, last.Layer)}
	case r > 1/vanishing:
		return []string{fmt.Sprintf("The gradient explodes on its way back: in %s it is %.2g times that in %s; smaller initial weights, clip_norm= or batch_norm() may help.", first.Layer, r, last.Layer)}
	}
	return nil
}
