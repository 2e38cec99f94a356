package learn

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Numbers of the ONNX schema (onnx.proto, IR version 9): types of tensors and
// of attributes.
const (
	onnxFloat  = 1
	onnxInt64  = 7
	onnxString = 8

	attrFloat  = 1
	attrInt    = 2
	attrString = 3
	attrInts   = 7

	onnxIR    = 9
	onnxOpset = 20
)

// onnxGraph is a GraphProto under way. Values are named v1, v2, …
type onnxGraph struct {
	nodes, initializers, inputs, outputs message
	values                               int
	constants                            map[string]string // name of a constant by its contents
}

// attr is an attribute of a node: float32, int, string or []int.
type attr struct {
	name  string
	value any
}

// node appends a node and names its output.
func (g *onnxGraph) node(op string, inputs []string, attrs ...attr) string {
	g.values++
	out := fmt.Sprintf("v%d", g.values)
	g.named(out, op, inputs, attrs...)
	return out
}

// named appends a node with an output of this name.
func (g *onnxGraph) named(out, op string, inputs []string, attrs ...attr) {
	var n message
	for _, in := range inputs {
		n.text(1, in)
	}
	n.text(2, out)
	n.text(3, op+"_"+out)
	n.text(4, op)
	for _, a := range attrs {
		n.bytes(5, a.encode())
	}
	g.nodes.bytes(1, n)
}

func (a attr) encode() message {
	var m message
	m.text(1, a.name)
	switch v := a.value.(type) {
	case float64:
		m.float(2, float32(v))
		m.int(20, attrFloat)
	case int:
		m.int(3, int64(v))
		m.int(20, attrInt)
	case string:
		m.text(4, v)
		m.int(20, attrString)
	case []int:
		for _, i := range v {
			m.int(8, int64(i))
		}
		m.int(20, attrInts)
	}
	return m
}

// tensor adds a constant of float32; equal constants are one.
func (g *onnxGraph) tensor(name string, values []float64, dims ...int) string {
	raw := make([]byte, 0, 4*len(values))
	for _, v := range values {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(float32(v)))
	}
	return g.constant(name, onnxFloat, dims, func(t *message) { t.bytes(9, raw) })
}

// scalar is a constant number.
func (g *onnxGraph) scalar(v float64) string { return g.tensor("", []float64{v}) }

// texts adds a constant of strings.
func (g *onnxGraph) texts(values []string, dims ...int) string {
	return g.constant("", onnxString, dims, func(t *message) {
		for _, v := range values {
			t.text(6, v)
		}
	})
}

// ints adds a constant of int64.
func (g *onnxGraph) ints(values []int, dims ...int) string {
	return g.constant("", onnxInt64, dims, func(t *message) {
		for _, v := range values {
			t.int(7, int64(v))
		}
	})
}

func (g *onnxGraph) constant(name string, kind int, dims []int, data func(*message)) string {
	var t message
	for _, d := range dims {
		t.int(1, int64(d))
	}
	t.int(2, int64(kind))
	data(&t)
	if old, ok := g.constants[string(t)]; ok && name == "" {
		return old
	}
	key := string(t)
	if name == "" {
		g.values++
		name = fmt.Sprintf("c%d", g.values)
	}
	t.text(8, name)
	g.initializers.bytes(5, t)
	g.constants[key] = name
	return name
}

// valueInfo describes an input or output: N rows of so many columns.
func valueInfo(name string, kind, cols int) message {
	var rows, width, shape, tensor, typ, info message
	rows.text(2, "N")
	width.int(1, int64(cols))
	shape.bytes(1, rows)
	shape.bytes(1, width)
	tensor.int(1, int64(kind))
	tensor.bytes(2, shape)
	typ.bytes(1, tensor)
	info.text(1, name)
	info.bytes(2, typ)
	return info
}

func (g *onnxGraph) input(name string, kind, cols int) {
	g.inputs.bytes(11, valueInfo(name, kind, cols))
}

func (g *onnxGraph) output(name string, kind, cols int) {
	g.outputs.bytes(12, valueInfo(name, kind, cols))
}

// model writes the ModelProto.
func (g *onnxGraph) model(doc string, meta [][2]string) []byte {
	var graph, opset, out message
	graph = append(graph, g.nodes...)
	graph.text(2, "model")
	graph = append(graph, g.initializers...)
	graph.text(10, doc)
	graph = append(graph, g.inputs...)
	graph = append(graph, g.outputs...)
	opset.text(1, "")
	opset.int(2, onnxOpset)
	out.int(1, onnxIR)
	out.text(2, "mlpkernel")
	out.text(6, doc)
	out.bytes(7, graph)
	out.bytes(8, opset)
	for _, kv := range meta {
		var m message
		m.text(1, kv[0])
		m.text(2, kv[1])
		out.bytes(14, m)
	}
	return out
}
