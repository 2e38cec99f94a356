package nn

import (
	"errors"
	"fmt"
	"strings"
)

// Spec is what a network is lowered for.
type Spec struct {
	Input   Input
	Target  Target
	Loss    Loss    // zero: the one that fits
	Penalty Penalty // for layers that state none
}

// LayerError is a network that does not fit together.
type LayerError struct {
	Layer string // "dense_2"
	Msg   string
	Chain string // sizes so far: "4 -> dense_1 64 -> dense_2"
	// OtherInputs tells that the layer is the first, and that the weights given
	// to it are for another number of inputs.
	OtherInputs bool
}

func (e *LayerError) Error() string {
	return fmt.Sprintf("%s: %s\n    sizes: %s", e.Layer, e.Msg, e.Chain)
}

// Lower resolves a network.
func Lower(n Network, s Spec) (*Plan, error) {
	layers := fuse(n.layers)
	if err := checkOutput(layers); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if _, ok := layers[0].(Embedding); !ok && len(s.Input.Categories) > 0 {
		layers = append([]Layer{Embedding{}}, layers...)
	}
	l := &lowering{
		plan: &Plan{Input: s.Input, Widths: []int{s.Input.Numeric}},
		spec: s, counts: make(map[string]int), used: make(map[string]bool),
		chain: []string{s.inputSize()},
	}
	if err := l.all(layers); err != nil {
		return nil, err
	}
	l.plan.Size = l.size
	return l.plan, nil
}

func (s Spec) inputSize() string {
	text := fmt.Sprint(s.Input.Numeric)
	if k := len(s.Input.Categories); k > 0 {
		text += fmt.Sprintf(" + %d categories", k)
	}
	return text
}

func (s Spec) check() error {
	if s.Input.Numeric < 0 || s.Input.Numeric+len(s.Input.Categories) == 0 {
		return errors.New("there are no input columns; name at least one feature")
	}
	if s.Target.Width < 1 || s.Target.Kind == Binary && s.Target.Width != 1 {
		return fmt.Errorf("%s cannot have width %d", s.Target.Kind, s.Target.Width)
	}
	return nil
}

func checkOutput(layers []Layer) error {
	for i, l := range layers {
		if _, ok := l.(Output); ok && i+1 < len(layers) {
			if _, second := layers[len(layers)-1].(Output); second {
				return fmt.Errorf("the network has a second output(); keep only the last one, and use dense() for layers between")
			}
			return fmt.Errorf("%s stands behind output(); move output() to the end", layers[i+1])
		}
	}
	if len(layers) == 0 {
		return errors.New("the network is empty; write for example dense(8, relu) >> output()")
	}
	if _, ok := layers[len(layers)-1].(Output); !ok {
		return noOutput(layers)
	}
	return nil
}

// noOutput says where output() goes: in the place of a last layer that answers
// as an output does, else behind it.
func noOutput(layers []Layer) error {
	at := len(layers) - 1
	last, _ := layers[at].(Dense)
	act := last.Activation
	if a, ok := layers[at].(ActivationLayer); ok {
		act = a.Activation
		if at > 0 {
			if d, ok := layers[at-1].(Dense); ok && !d.Activation.Given() {
				at--
			}
		}
	}
	if act.Name != "softmax" && act.Name != "sigmoid" {
		return errors.New("the network has no output(); add >> output() at its end")
	}
	return fmt.Errorf("the network has no output(); put output() in the place of %s", Network{layers: layers[at:]})
}

// lowering is the state while a plan grows.
type lowering struct {
	plan     *Plan
	spec     Spec
	cur      int // buffer that the next layer reads
	size     int // parameters so far
	counts   map[string]int
	used     map[string]bool
	draws    int // keys given to drawn blocks
	dropouts int // keys given to dropouts
	chain    []string

	// Of the layer being lowered:
	info   *LayerInfo
	first  bool    // it is the network's first
	rest   []Layer // what follows it
	prefix string  // name of its dense blocks: "dense_1.", or "skip_1.P" for a projection
	depth  int
}

func (l *lowering) width() int { return l.plan.Widths[l.cur] }

func (l *lowering) note(format string, v ...any) {
	l.plan.Notes = append(l.plan.Notes, fmt.Sprintf(format, v...))
}

func (l *lowering) fail(format string, v ...any) *LayerError {
	return &LayerError{Layer: l.info.Name, Msg: fmt.Sprintf(format, v...), Chain: strings.Join(append(l.chain, l.info.Name), " -> ")}
}

// all lowers layers one behind the other.
func (l *lowering) all(layers []Layer) error {
	for i, layer := range layers {
		name, err := l.name(layer)
		if err != nil {
			return err
		}
		info := LayerInfo{Name: name, Kind: layer.Kind(), Text: layer.String(), In: l.width(), First: len(l.plan.Steps), Depth: l.depth, Trainable: true}
		l.info, l.rest = &info, layers[i+1:]
		l.first = l.depth == 0 && i == 0
		l.named(name, "")
		first, place := len(l.plan.Blocks), len(l.plan.Layers)
		l.plan.Layers = append(l.plan.Layers, LayerInfo{})
		if err := layer.lower(l); err != nil {
			return err
		}
		info.Out, info.Last = l.width(), len(l.plan.Steps)
		l.finish(&info, l.plan.Blocks[first:])
		l.plan.Layers[place] = info
	}
	return nil
}

// finish counts the layer's parameters.
func (l *lowering) finish(info *LayerInfo, blocks []Block) {
	for _, b := range blocks {
		if b.Role != RunningMean && b.Role != RunningVar {
			info.Parameters += b.Len()
		}
		if b.Layer == info.Name && b.Role == Weights && info.Init == "" {
			info.Init = b.Init.String()
			info.Trainable = b.Trainable
		}
	}
	l.chain = append(l.chain, fmt.Sprintf("%s %d", info.Name, info.Out))
}

// inner lowers the layers within a layer.
func (l *lowering) inner(layers []Layer) error {
	info, rest, chain := l.info, l.rest, l.chain
	l.depth++
	fused := fuse(layers)
	for _, k := range fused {
		if _, ok := k.(Output); ok {
			return l.fail("output() belongs at the end of the network, not inside a block")
		}
	}
	err := l.all(fused)
	l.depth--
	l.info, l.rest, l.chain = info, rest, chain
	return err
}

// named sets what the layer's steps and blocks are called.
func (l *lowering) named(name, prefix string) {
	l.prefix = name + "." + prefix
}

// name gives a layer its name: its own, or kind_1, kind_2, …
func (l *lowering) name(layer Layer) (string, error) {
	name := ownName(layer)
	switch {
	case name != "":
	case layer.Kind() == "output":
		name = "output"
	default:
		for name == "" || l.used[name] {
			l.counts[layer.Kind()]++
			name = fmt.Sprintf("%s_%d", layer.Kind(), l.counts[layer.Kind()])
		}
	}
	if l.used[name] {
		return "", fmt.Errorf("two layers are called %q; give one another name=", name)
	}
	l.used[name] = true
	return name, nil
}

func ownName(layer Layer) string {
	switch k := layer.(type) {
	case Dense:
		return k.Name
	case Output:
		return k.Name
	case Dropout:
		return k.Name
	case BatchNorm:
		return k.Name
	case LayerNorm:
		return k.Name
	case Embedding:
		return k.Name
	case Skip:
		return k.Name
	}
	return ""
}

// step appends a step that reads the current buffer and writes a new one.
func (l *lowering) step(s Step, width int) {
	s.Layer, s.In, s.Out = l.info.Name, l.cur, len(l.plan.Widths)
	switch s.Op {
	case OpDense:
		s.Mean, s.Var = -1, -1
	case OpBatchNorm, OpLayerNorm:
	default:
		s.W, s.B, s.Mean, s.Var = -1, -1, -1, -1
	}
	l.plan.Widths = append(l.plan.Widths, width)
	l.plan.Steps = append(l.plan.Steps, s)
	l.cur = s.Out
}

// block appends a block of parameters and gives its number.
func (l *lowering) block(b Block) int {
	b.Layer, b.Offset = l.info.Name, l.size
	if b.Name == "" {
		b.Name = l.prefix + b.Role.String()
	}
	if b.Role == Weights || b.Role == Table {
		b.Key = l.draws
		l.draws++
	}
	l.size += b.Len()
	l.plan.Blocks = append(l.plan.Blocks, b)
	return len(l.plan.Blocks) - 1
}

// dense appends a product with its blocks. act must not be row-wise.
func (l *lowering) dense(d Dense, act Activation) error {
	in := l.width()
	if d.Units < 1 || d.Units > maxUnits {
		return l.fail("units must be from 1 to %d, not %d", maxUnits, d.Units)
	}
	if l.size+d.Units*(in+1) > maxParameters {
		return l.fail("the network would have over %d parameters", maxParameters)
	}
	for _, v := range []float64{d.Penalty.L1, d.Penalty.L2, l.spec.Penalty.L1, l.spec.Penalty.L2, d.MaxNorm} {
		if !(v >= 0) || !finite(v) {
			return l.fail("l1, l2 and max_norm must not be negative, and one is %s", num(v))
		}
	}
	given, bias, err := l.given(d)
	if err != nil {
		return err
	}
	p := d.Penalty
	if !p.Stated && p.L1 == 0 && p.L2 == 0 {
		p = l.spec.Penalty
	}
	s := Step{Op: OpDense, Act: act, B: -1}
	if !act.Given() {
		s.Act = Activation{Name: "linear"}
	}
	s.W = l.block(Block{
		Role: Weights, Rows: d.Units, Cols: in, FanIn: in, FanOut: d.Units, Init: d.Init, Given: given,
		L1: p.L1, L2: p.L2, MaxNorm: d.MaxNorm, Trainable: !d.Frozen, Decay: true,
	})
	if !d.NoBias {
		s.B = l.block(Block{
			Role: Bias, Rows: d.Units, Cols: 1, FanIn: in, FanOut: d.Units, Init: Initializer{Name: "zeros"},
			Given: bias, Trainable: !d.Frozen,
		})
	}
	l.step(s, d.Units)
	return nil
}

// maxParameters keeps a mistyped width from asking for all memory.
const maxParameters = 1 << 30

// given checks the weights that a user gave.
func (l *lowering) given(d Dense) (w, b []float64, err error) {
	g := d.Weights
	if g == nil {
		return nil, nil, nil
	}
	if g.Units != d.Units || g.Inputs != l.width() || len(g.W) != g.Units*g.Inputs {
		err := l.fail("the weights given are %d x %d, but the layer is %d x %d (units x inputs)", g.Units, g.Inputs, d.Units, l.width())
		err.OtherInputs = l.first && g.Inputs != l.width()
		return nil, nil, err
	}
	if g.B != nil && (d.NoBias || len(g.B) != d.Units) {
		return nil, nil, l.fail("%d biases are given, but the layer has %s", len(g.B), units(d.Units))
	}
	return g.W, g.B, nil
}
