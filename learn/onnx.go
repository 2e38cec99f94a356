package learn

import (
	"encoding/json"
	"fmt"
	"os"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// Export writes the model as an ONNX file (opset 20, float32) and says in
// sentences what its inputs and outputs are. Each column that the model learns
// from is an input of its own, and the preparation is part of the graph; where
// a step of it has no ONNX operator, the graph begins at the prepared features
// instead, which the notes say. Outputs are probabilities, or numbers in their
// own units.
func (m *Model) Export(path string) (notes []string, err error) {
	b, notes, err := m.ONNX()
	if err != nil {
		return nil, err
	}
	return notes, os.WriteFile(path, b, 0o644)
}

// ONNX is what Export writes.
func (m *Model) ONNX() ([]byte, []string, error) {
	g := &onnxGraph{constants: map[string]string{}}
	var notes []string
	features, categories, err := g.prepare(m.coder.prep)
	if err != nil {
		g = &onnxGraph{constants: map[string]string{}}
		features, categories = g.bare(m)
		notes = append(notes, fmt.Sprintf("the preparation is not part of the file, since %v; its input %q is the prepared features, in this order: %s", err, "features", nameList(m.Features())))
	} else {
		notes = append(notes, fmt.Sprintf("inputs: %s; numbers are float32 (NaN where missing), categories strings, each N × 1", nameList(m.inputNames())))
	}
	out, err := g.network(m, features, categories)
	if err != nil {
		return nil, nil, err
	}
	name, width := g.answer(m, out)
	notes = append(notes, fmt.Sprintf("output %q: %s", name, nameList(m.onnxOutputs(width))))
	meta, err := m.onnxMeta()
	if err != nil {
		return nil, nil, err
	}
	return g.model(m.Recipe(), meta), notes, nil
}

func (m *Model) inputNames() []string {
	var names []string
	for _, in := range m.coder.prep.Inputs() {
		names = append(names, in.Name)
	}
	return names
}

func (m *Model) onnxOutputs(width int) []string {
	names := m.outputNames()
	return names[len(names)-width:]
}

func (m *Model) onnxMeta() ([][2]string, error) {
	names, err := json.Marshal(m.outputNames())
	if err != nil {
		return nil, err
	}
	target, err := json.Marshal(m.coder.target.Names)
	return [][2]string{{"target", string(target)}, {"outputs", string(names)}, {"fingerprint", m.print.String()}}, err
}

// bare begins the graph at the prepared features.
func (g *onnxGraph) bare(m *Model) (features string, categories []onnxColumn) {
	if n := m.plan.Input.Numeric; n > 0 {
		g.input("features", onnxFloat, n)
		features = "features"
	}
	for _, e := range m.coder.prep.Embeddings() {
		c, err := g.column(table.Input{Name: e.Name, Type: table.Category, Levels: e.Levels})
		if err == nil {
			categories = append(categories, c)
		}
	}
	return features, categories
}

// network writes the steps of the plan.
func (g *onnxGraph) network(m *Model, features string, categories []onnxColumn) (string, error) {
	values := map[int]string{0: features}
	for _, s := range m.plan.Steps {
		out, err := g.step(m, s, values, categories)
		if err != nil {
			return "", fmt.Errorf("%s: %w", s.Layer, err)
		}
		values[s.Out] = out
	}
	return values[m.plan.Logits], nil
}

// onnxActivations write activations by name.
var onnxActivations = map[string]func(g *onnxGraph, a nn.Activation, x string) string{
	"linear":   func(_ *onnxGraph, _ nn.Activation, x string) string { return x },
	"sigmoid":  onnxOp("Sigmoid"),
	"tanh":     onnxOp("Tanh"),
	"relu":     onnxOp("Relu"),
	"softplus": onnxOp("Softplus"),
	"mish":     onnxOp("Mish"),
	"gelu":     onnxOp("Gelu", attr{"approximate", "tanh"}),
	"selu":     onnxOp("Selu", attr{"alpha", 1.6732632423543772}, attr{"gamma", 1.0507009873554805}),
	"softmax":  onnxOp("Softmax", attr{"axis", -1}),
	"leaky_relu": func(g *onnxGraph, a nn.Activation, x string) string {
		return onnxOp("LeakyRelu", attr{"alpha", a.Param})(g, a, x)
	},
	"elu": func(g *onnxGraph, a nn.Activation, x string) string {
		return onnxOp("Elu", attr{"alpha", a.Param})(g, a, x)
	},
	"silu": func(g *onnxGraph, _ nn.Activation, x string) string {
		return g.node("Mul", []string{x, g.node("Sigmoid", []string{x})})
	},
	"step": func(g *onnxGraph, _ nn.Activation, x string) string {
		return g.node("Cast", []string{g.node("GreaterOrEqual", []string{x, g.scalar(0)})}, attr{"to", onnxFloat})
	},
}

func onnxOp(op string, attrs ...attr) func(*onnxGraph, nn.Activation, string) string {
	return func(g *onnxGraph, _ nn.Activation, x string) string { return g.node(op, []string{x}, attrs...) }
}

func (g *onnxGraph) activate(a nn.Activation, x string) (string, error) {
	f, ok := onnxActivations[a.Name]
	if !ok || a.Own != nil {
		return "", fmt.Errorf("the activation %s has no ONNX operator", a)
	}
	return f(g, a, x), nil
}

// step writes one step of the plan.
func (g *onnxGraph) step(m *Model, s nn.Step, values map[int]string, categories []onnxColumn) (string, error) {
	x := values[s.In]
	switch s.Op {
	case nn.OpDense:
		in := []string{x, g.block(m, s.W)}
		if s.B >= 0 {
			in = append(in, g.block(m, s.B))
		}
		return g.activate(s.Act, g.node("Gemm", in, attr{"transB", 1}))
	case nn.OpActivation:
		return g.activate(s.Act, x)
	case nn.OpBatchNorm:
		in := []string{x, g.block(m, s.W), g.block(m, s.B), g.block(m, s.Mean), g.block(m, s.Var)}
		return g.node("BatchNormalization", in, attr{"epsilon", s.Eps}), nil
	case nn.OpLayerNorm:
		return g.node("LayerNormalization", []string{x, g.block(m, s.W), g.block(m, s.B)}, attr{"axis", -1}, attr{"epsilon", s.Eps}), nil
	case nn.OpEmbed:
		var parts []string
		if x != "" {
			parts = append(parts, x)
		}
		for k, c := range categories {
			parts = append(parts, g.node("MatMul", []string{c.value, g.block(m, s.Tables[k])}))
		}
		return g.concat(parts), nil
	case nn.OpAdd:
		return g.node("Add", []string{x, values[s.In2]}), nil
	}
	return x, nil // dropout is the identity when predicting
}

// block is a block of parameters as a constant of the plan's name.
func (g *onnxGraph) block(m *Model, k int) string {
	b := m.plan.Blocks[k]
	dims := []int{b.Rows}
	if b.Role == nn.Weights || b.Role == nn.Table {
		dims = append(dims, b.Cols)
	}
	return g.tensor(b.Name, b.Of(m.state.Params), dims...)
}

// answer writes the head and gives the name and width of the output.
func (g *onnxGraph) answer(m *Model, x string) (name string, width int) {
	width, name = m.plan.Head.Units, "probabilities"
	if f, ok := onnxActivations[m.plan.Head.Act.Name]; ok {
		x = f(g, m.plan.Head.Act, x)
	}
	if t := m.coder.target; t.Kind == table.TargetNumbers {
		name = "numbers"
		x = g.node("Mul", []string{x, g.tensor("", t.Std, 1, len(t.Std))})
		x = g.node("Add", []string{x, g.tensor("", t.Mean, 1, len(t.Mean))})
	}
	g.named(name, "Identity", []string{x})
	g.output(name, onnxFloat, width)
	return name, width
}
