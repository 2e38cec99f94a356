package nn

import (
	"fmt"
	"strings"
)

// Network is layers in a chain. It is immutable; the zero value is empty.
type Network struct{ layers []Layer }

// Part is what a chain is made of: a layer, an activation, or a network.
type Part interface {
	// Layers are the part's layers in order.
	Layers() []Layer
}

// Layer is one element of a network: plain data. The kinds are those of
// [Layers].
type Layer interface {
	Part
	// Kind is the name of the entry of Layers: "dense".
	Kind() string
	// String is the source text: "dense(64, relu)".
	String() string
	// renamed is a copy whose own name, if it has one, ends in suffix.
	renamed(suffix string) Layer
	// lower appends the layer's steps.
	lower(l *lowering) error
}

// LayerDef is an entry of [Layers].
type LayerDef struct {
	Def
	// Example is a small layer of the kind, for tests that range over the list.
	Example Layer
}

// Layers lists the kinds of layers there are. Parameters that are not plain
// numbers (activations, initialisers, weights) are fields of the struct.
func Layers() []LayerDef {
	return []LayerDef{denseDef, dropoutDef, activationLayerDef, batchNormDef, layerNormDef, embeddingDef, skipDef, outputDef}
}

// Chain puts parts one behind the other.
func Chain(parts ...Part) Network {
	var n Network
	for _, p := range parts {
		n.layers = append(n.layers, p.Layers()...)
	}
	return n
}

// Repeat chains count fresh copies of a part, each with weights and names of
// its own: a layer that was named h becomes h_1, h_2, …
func Repeat(count int, p Part) (Network, error) {
	if count < 1 || count > 10000 {
		return Network{}, fmt.Errorf("a block can be repeated 1 to 10000 times, not %d", count)
	}
	var n Network
	for i := range count {
		for _, l := range p.Layers() {
			n.layers = append(n.layers, l.renamed(fmt.Sprintf("_%d", i+1)))
		}
	}
	return n, nil
}

// Layers are the network's layers in order. The slice must not be changed.
func (n Network) Layers() []Layer { return n.layers }

// Slice is the sub-network of layers i to j-1.
func (n Network) Slice(i, j int) Network { return Network{n.layers[i:j:j]} }

// HasOutput reports whether the last layer is an output.
func (n Network) HasOutput() bool {
	ls := fuse(n.layers)
	if len(ls) == 0 {
		return false
	}
	_, ok := ls[len(ls)-1].(Output)
	return ok
}

// String is the source text: "dense(64, relu) >> output()".
func (n Network) String() string {
	parts := make([]string, len(n.layers))
	for i, l := range n.layers {
		parts[i] = l.String()
	}
	return strings.Join(parts, " >> ")
}

// suffixed is name+suffix, or nothing for a layer without a name.
func suffixed(name, suffix string) string {
	if name == "" {
		return ""
	}
	return name + suffix
}

// fuse merges an activation into the dense or output layer before it, so that
// dense(64) >> relu means the same as dense(64, relu), initialiser included.
func fuse(layers []Layer) []Layer {
	var out []Layer
	for _, l := range layers {
		if a, ok := l.(ActivationLayer); ok && len(out) > 0 {
			if merged, ok := merge(out[len(out)-1], a.Activation); ok {
				out[len(out)-1] = merged
				continue
			}
		}
		out = append(out, l)
	}
	return out
}

func merge(l Layer, a Activation) (Layer, bool) {
	switch l := l.(type) {
	case Dense:
		if !l.Activation.Given() {
			l.Activation = a
			return l, true
		}
	case Output:
		if !l.Activation.Given() {
			l.Activation = a
			return l, true
		}
	}
	return l, false
}

// following is the activation that the layer before rest feeds, through norms
// and dropout; initialisers fit it.
func following(rest []Layer) Activation {
	for _, l := range rest {
		switch l := l.(type) {
		case ActivationLayer:
			return l.Activation
		case BatchNorm, LayerNorm, Dropout:
		default:
			return Activation{}
		}
	}
	return Activation{}
}
