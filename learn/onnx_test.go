package learn_test

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// field is one field of a protobuf message.
type field struct {
	number int
	value  uint64
	bytes  []byte
}

// fields reads a message.
func fields(t *testing.T, b []byte) []field {
	t.Helper()
	var out []field
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 {
			t.Fatal("bad tag")
		}
		b = b[n:]
		f := field{number: int(key >> 3)}
		switch key & 7 {
		case 0:
			f.value, n = binary.Uvarint(b)
		case 5:
			f.value, n = uint64(binary.LittleEndian.Uint32(b)), 4
		case 2:
			size, k := binary.Uvarint(b)
			f.bytes, n = b[k:k+int(size)], k+int(size)
		default:
			t.Fatalf("wire type %d", key&7)
		}
		b = b[n:]
		out = append(out, f)
	}
	return out
}

// value is a tensor of rows × cols; texts for strings.
type value struct {
	rows, cols int
	v          []float64
	texts      []string
}

func (x value) at(r, c int) float64 { return x.v[(r%x.rows)*x.cols+c%x.cols] }

// each makes a value by element, operands stretched to the largest.
func each(f func(x ...float64) float64, xs ...value) value {
	var out value
	for _, x := range xs {
		out.rows, out.cols = max(out.rows, x.rows), max(out.cols, x.cols)
	}
	for r := range out.rows {
		for c := range out.cols {
			args := make([]float64, len(xs))
			for i, x := range xs {
				args[i] = x.at(r, c)
			}
			out.v = append(out.v, f(args...))
		}
	}
	return out
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// matmul is x·w, or x·wᵀ.
func matmul(x, w value, transposed bool) value {
	if transposed {
		u := value{rows: w.cols, cols: w.rows}
		for r := range u.rows {
			for c := range u.cols {
				u.v = append(u.v, w.at(c, r))
			}
		}
		w = u
	}
	out := value{rows: x.rows, cols: w.cols}
	for r := range x.rows {
		for c := range w.cols {
			var sum float64
			for k := range x.cols {
				sum += x.at(r, k) * w.at(k, c)
			}
			out.v = append(out.v, sum)
		}
	}
	return out
}

// operators are those of ONNX that the test's models use.
var operators = map[string]func(in []value, ints map[string]int) value{
	"Add": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return x[0] + x[1] }, in...)
	},
	"Sub": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return x[0] - x[1] }, in...)
	},
	"Mul": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return x[0] * x[1] }, in...)
	},
	"Div": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return x[0] / x[1] }, in...)
	},
	"Sqrt": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return math.Sqrt(x[0]) }, in...)
	},
	"Tanh": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return math.Tanh(x[0]) }, in...)
	},
	"Relu": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return max(0, x[0]) }, in...)
	},
	"IsNaN": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 { return truth(x[0] != x[0]) }, in...)
	},
	"Where": func(in []value, _ map[string]int) value {
		return each(func(x ...float64) float64 {
			if x[0] == 1 {
				return x[1]
			}
			return x[2]
		}, in...)
	},
	"Cast":     func(in []value, _ map[string]int) value { return in[0] },
	"Identity": func(in []value, _ map[string]int) value { return in[0] },
	"MatMul":   func(in []value, _ map[string]int) value { return matmul(in[0], in[1], false) },
	"Gemm": func(in []value, ints map[string]int) value {
		return each(func(x ...float64) float64 { return x[0] + x[1] }, matmul(in[0], in[1], ints["transB"] == 1), in[2])
	},
	"Equal": func(in []value, _ map[string]int) value {
		out := value{rows: in[0].rows, cols: in[1].cols}
		for _, x := range in[0].texts {
			for _, y := range in[1].texts {
				out.v = append(out.v, truth(x == y))
			}
		}
		if in[0].texts == nil {
			return each(func(x ...float64) float64 { return truth(x[0] == x[1]) }, in...)
		}
		return out
	},
	"Gather": func(in []value, _ map[string]int) value {
		out := value{rows: in[0].rows, cols: 1}
		for r := range out.rows {
			out.v = append(out.v, in[0].at(r, int(in[1].v[0])))
		}
		return out
	},
	"Concat": func(in []value, _ map[string]int) value {
		out := value{rows: in[0].rows}
		for _, x := range in {
			out.cols += x.cols
		}
		for r := range out.rows {
			for _, x := range in {
				out.v = append(out.v, x.v[r*x.cols:(r+1)*x.cols]...)
			}
		}
		return out
	},
	"Softmax": func(in []value, _ map[string]int) value {
		out := each(func(x ...float64) float64 { return math.Exp(x[0]) }, in[0])
		for r := range out.rows {
			row := out.v[r*out.cols : (r+1)*out.cols]
			var sum float64
			for _, v := range row {
				sum += v
			}
			for i := range row {
				row[i] /= sum
			}
		}
		return out
	},
}

// constant reads a TensorProto.
func constant(t *testing.T, b []byte) (string, value) {
	var x value
	var dims []int
	name := ""
	for _, f := range fields(t, b) {
		switch f.number {
		case 1:
			dims = append(dims, int(f.value))
		case 6:
			x.texts = append(x.texts, string(f.bytes))
		case 7:
			x.v = append(x.v, float64(f.value))
		case 8:
			name = string(f.bytes)
		case 9:
			for i := 0; i < len(f.bytes); i += 4 {
				x.v = append(x.v, float64(math.Float32frombits(binary.LittleEndian.Uint32(f.bytes[i:]))))
			}
		}
	}
	x.rows, x.cols = 1, 1
	if len(dims) > 0 {
		x.cols = dims[len(dims)-1]
	}
	if len(dims) == 2 {
		x.rows = dims[0]
	}
	return name, x
}

// evaluate runs an ONNX model on inputs by name and gives the output named.
func evaluate(t *testing.T, model []byte, values map[string]value, output string) value {
	t.Helper()
	var graph []byte
	for _, f := range fields(t, model) {
		if f.number == 7 {
			graph = f.bytes
		}
	}
	all := fields(t, graph)
	for _, f := range all {
		if f.number == 5 {
			name, x := constant(t, f.bytes)
			values[name] = x
		}
	}
	for _, f := range all {
		if f.number != 1 {
			continue
		}
		var in []value
		out, op, ints := "", "", map[string]int{}
		for _, n := range fields(t, f.bytes) {
			switch n.number {
			case 1:
				x, ok := values[string(n.bytes)]
				if !ok {
					t.Fatalf("%s reads %q before it is there", op, n.bytes)
				}
				in = append(in, x)
			case 2:
				out = string(n.bytes)
			case 4:
				op = string(n.bytes)
			case 5:
				a := fields(t, n.bytes)
				ints[string(a[0].bytes)] = int(a[1].value)
			}
		}
		run, ok := operators[op]
		if !ok {
			t.Fatalf("the test knows no operator %s", op)
		}
		values[out] = run(in, ints)
	}
	return values[output]
}

// onnxInputs are the columns of a table as the exported model wants them.
func onnxInputs(m *learn.Model, rows *table.Table) map[string]value {
	out := map[string]value{}
	for _, in := range m.Prep().Inputs() {
		c := must(rows.Col(in.Name))
		x := value{rows: c.Len(), cols: 1}
		for i := range c.Len() {
			if in.Type == table.Category {
				x.texts = append(x.texts, c.Format(i))
			} else {
				x.v = append(x.v, c.Float(i))
			}
		}
		out[in.Name] = x
	}
	return out
}

func TestExportedModelsSayTheSame(t *testing.T) {
	embed := species(nn.Embedding{Dim: 3}, dense(5, "relu"), nn.Output{})
	embed.Prep = table.Chain{table.Embed{Columns: []string{"island"}}, table.Ordinal{Columns: []string{"sex"}}, table.Standardize{}}
	mass := species(dense(6, "tanh"), nn.Output{})
	mass.Target = []string{"body_mass_g"}
	birds := penguins()
	heavy, missing := make([]bool, birds.Len()), make([]bool, birds.Len())
	for i := range heavy {
		heavy[i], missing[i] = i%3 == 0, i%7 == 0
	}
	birds = must(birds.Assign(table.Booleans("odd", heavy, missing)))
	mass.Data, embed.Data = birds, birds
	for output, o := range map[string]learn.Options{"probabilities": embed, "numbers": mass} {
		m := fit(t, o)
		b, notes, err := m.ONNX()
		if err != nil || !strings.Contains(notes[0], "inputs: ") {
			t.Fatalf("%v: %v", err, notes)
		}
		want := must(m.Outputs(t.Context(), birds))
		got := evaluate(t, b, onnxInputs(m, birds), output)
		for i, v := range got.v {
			if math.Abs(v-want.V[i]) > 1e-5*math.Max(1, math.Abs(want.V[i])) {
				t.Fatalf("%s %d: the exported model says %v, the model %v", output, i, v, want.V[i])
			}
		}
	}
}

func TestExportSaysWhatIsLeftOut(t *testing.T) {
	o := species(dense(3, "relu"), nn.Output{})
	o.Prep = table.QuantileNormal{}
	_, notes, err := fit(t, o).ONNX()
	if err != nil || !strings.Contains(notes[0], "preparation is not part of the file") {
		t.Errorf("%v: %v", err, notes)
	}
	own := nn.Activation{Name: nn.OwnName, Own: &nn.OwnActivation{Name: "x*x", ID: "x*x", F: func(x float64) float64 { return x * x }}}
	m := fit(t, species(nn.Dense{Units: 3, Activation: own}, nn.Output{}))
	if _, _, err := m.ONNX(); err == nil || !strings.Contains(err.Error(), "activation(x*x)") {
		t.Errorf("error %v", err)
	}
	if err := m.Encode(&strings.Builder{}); err == nil || !strings.Contains(err.Error(), "cannot be saved") {
		t.Errorf("error %v", err)
	}
}

func TestEveryActivationCanBeExported(t *testing.T) {
	for _, d := range nn.Activations() {
		m := fit(t, learn.Options{Net: nn.Chain(dense(3, d.Name), nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: new(0)})
		if _, _, err := m.ONNX(); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
	names := []string{}
	for _, m := range learn.Metrics() {
		if m.Doc == "" || slices.Contains(names, m.Name) {
			t.Errorf("metric %q", m.Name)
		}
		names = append(names, m.Name)
	}
}
