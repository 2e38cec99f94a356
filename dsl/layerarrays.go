package dsl

import (
	"context"
	"math"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// layerArrays is a record whose fields are arrays, or records of arrays, by
// layer. It shows their sizes and spread, not all the numbers.
type layerArrays struct{ *record }

var (
	_ display.Bundler   = layerArrays{}
	_ starlark.Sequence = layerArrays{}
)

// Len is the number of layers, or of a layer's arrays.
func (l layerArrays) Len() int { return len(l.names()) }

// Iterate goes through the names of the layers, or of a layer's arrays.
func (l layerArrays) Iterate() starlark.Iterator { return l.names().Iterate() }

// Items are the layers, or a layer's arrays, with their names.
func (l layerArrays) Items() []starlark.Tuple {
	return slices.DeleteFunc(l.record.Items(), func(kv starlark.Tuple) bool {
		_, isNumber := kv[1].(starlark.Float) // as the loss is
		return isNumber
	})
}

// names are those of the items, in order.
func (l layerArrays) names() starlark.Tuple {
	var out starlark.Tuple
	for _, kv := range l.Items() {
		out = append(out, kv[0])
	}
	return out
}

// Attr gives a field; dense_1_W is .dense_1.W.
func (l layerArrays) Attr(name string) (starlark.Value, error) {
	for _, f := range l.fields {
		if r, ok := f.value.(layerArrays); ok && strings.HasPrefix(name, f.name+"_") {
			if v, err := r.Attr(strings.TrimPrefix(name, f.name+"_")); err == nil {
				return v, nil
			}
		}
	}
	return l.record.Attr(name)
}

// Bundle shows a line for each array.
func (l layerArrays) Bundle() display.Bundle {
	var lines [][]string
	var notes []string
	l.describe("", func(name string, v starlark.Value) {
		a, ok := v.(*array.Array)
		if !ok {
			f, _ := starlark.AsFloat(v)
			notes = append(notes, name+" "+short(f))
			return
		}
		lines = append(lines, append([]string{name, array.ShapeText(a.Shape())}, spreadOf(a.Data())...))
	})
	view := display.TableView{Head: len(lines), Rows: len(lines), Notes: notes}
	for k, name := range []string{l.kind, "shape", "mean", "std", "least", "greatest"} {
		col := display.TableColumn{Name: name, Right: k > 0}
		for _, line := range lines {
			col.Cells = append(col.Cells, line[k])
		}
		view.Columns = append(view.Columns, col)
	}
	return view.Bundle()
}

// describe walks over the arrays with their names, "dense_1.W".
func (l layerArrays) describe(prefix string, f func(name string, v starlark.Value)) {
	for _, x := range l.fields {
		if inner, ok := x.value.(layerArrays); ok {
			inner.describe(prefix+x.name+".", f)
		} else {
			f(prefix+x.name, x.value)
		}
	}
}

func spreadOf(v []float64) []string {
	mean, low, high := 0.0, math.Inf(1), math.Inf(-1)
	for _, x := range v {
		mean += x / float64(len(v))
		low, high = min(low, x), max(high, x)
	}
	variance := 0.0
	for _, x := range v {
		variance += (x - mean) * (x - mean) / float64(len(v))
	}
	return []string{short(mean), short(math.Sqrt(variance)), short(low), short(high)}
}

// blockArray is a block of parameters, or of their gradient: a matrix for
// weights and tables, else a vector.
func blockArray(b nn.Block, v []float64) (starlark.Value, error) {
	v = append([]float64(nil), v...)
	if b.Role == nn.Weights || b.Role == nn.Table {
		return array.New([]int{b.Rows, b.Cols}, v)
	}
	return array.FromFloats(v), nil
}

// byLayer puts the arrays of blocks under their layers' names.
func byLayer(kind string, blocks []nn.Block, values [][]float64) (layerArrays, error) {
	out := layerArrays{newRecord(kind)}
	var at layerArrays
	for i, b := range blocks {
		if n := len(out.fields); n == 0 || out.fields[n-1].name != b.Layer {
			at = layerArrays{newRecord(kind)}
			out.fields = append(out.fields, field{b.Layer, at})
		}
		v, err := blockArray(b, values[i])
		if err != nil {
			return out, err
		}
		name := strings.TrimPrefix(b.Name, b.Layer+".")
		at.record.fields = append(at.record.fields, field{name, v})
	}
	return out, nil
}

func allWeights(m *learn.Model) (starlark.Value, error) {
	blocks := m.Plan().Blocks
	values := make([][]float64, len(blocks))
	for i, b := range blocks {
		values[i] = b.Of(m.Params())
	}
	return byLayer("weights", blocks, values)
}

// layerWeights are those of one layer; learn's error lists the layers.
func layerWeights(m *learn.Model, layer string) (starlark.Value, error) {
	if _, err := m.Weights(layer); err != nil {
		return nil, err
	}
	all, err := allWeights(m)
	if err != nil {
		return nil, err
	}
	return all.(layerArrays).record.Attr(layer)
}

func gradients(ctx context.Context, m *learn.Model, t *table.Table) (starlark.Value, error) {
	loss, gs, err := m.Gradients(ctx, t)
	if err != nil {
		return nil, err
	}
	var blocks []nn.Block
	var values [][]float64
	for _, b := range m.Plan().Blocks {
		for _, g := range gs {
			if g.Name == b.Name {
				blocks, values = append(blocks, b), append(values, g.V)
			}
		}
	}
	out, err := byLayer("gradients", blocks, values)
	out.record.fields = append([]field{{"loss", starlark.Float(loss)}}, out.record.fields...)
	return out, err
}

func activations(ctx context.Context, m *learn.Model, t *table.Table) (starlark.Value, error) {
	as, err := m.Activations(ctx, t)
	if err != nil {
		return nil, err
	}
	out := layerArrays{newRecord("activations")}
	for _, a := range as {
		v, err := matrix(a.Values.V, a.Values.Rows, a.Values.Cols)
		if err != nil {
			return nil, err
		}
		out.record.fields = append(out.record.fields, field{a.Layer, v})
	}
	return out, nil
}
