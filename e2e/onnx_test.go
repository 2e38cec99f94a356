package e2e

import (
	"encoding/json"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// onnxCases are models whose export onnxruntime must read with the same
// predictions: targets of each kind, every kind of column, every layer.
func onnxCases(t *testing.T) map[string]learn.Options {
	t.Helper()
	load := func(name string) *table.Table {
		d, err := table.Dataset(name, table.DatasetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	hidden := nn.Dense{Units: 8, Activation: nn.Act("relu")}
	plain := nn.Chain(hidden, nn.Output{})
	all := nn.Chain(hidden, nn.BatchNorm{}, nn.Dropout{Rate: nn.Constant(0.2)}, nn.Skip{Body: nn.Chain(nn.Dense{Units: 8, Activation: nn.Act("gelu")}, nn.LayerNorm{})},
		nn.Skip{Body: nn.Chain(nn.Dense{Units: 4, Activation: nn.Act("mish")}), Project: true}, nn.Act("selu"), nn.Act("softplus"), nn.Output{})
	flags, err := table.New(
		table.Numbers("x", []float64{1, 2, math.NaN(), 4, 5, 6}),
		table.Booleans("on", []bool{true, false, true, true, false, false}, []bool{false, false, false, true, false, false}),
		table.Booleans("a", []bool{true, false, true, false, true, false}, nil),
		table.Booleans("b", []bool{true, true, true, false, false, false}, nil),
	)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]learn.Options{
		"classes, missing values": {Net: all, Data: load("penguins"), Target: []string{"species"}},
		"embedded categories":     {Net: nn.Chain(nn.Embedding{Dim: 3}, hidden, nn.Output{}), Data: load("gapminder").Head(600), Target: []string{"life_expectancy"}},
		"two classes":             {Net: plain, Data: load("churn").Head(400), Target: []string{"churn"}},
		"numbers":                 {Net: plain, Data: load("penguins"), Target: []string{"body_mass_g", "bill_length_mm"}},
		"booleans, labels":        {Net: plain, Data: flags, Target: []string{"a", "b"}},
		"pictures":                {Net: plain, Data: load("fashion2000").Head(50), Target: []string{"label"}},
	}
}

// onnxInput is a column as run.mjs takes it.
type onnxInput struct {
	Type   string `json:"type"`
	Width  int    `json:"width"`
	Values []any  `json:"values"`
}

// onnxJob exports a model and makes its inputs of rows.
func onnxJob(t *testing.T, m *learn.Model, rows *table.Table, path string) map[string]any {
	t.Helper()
	if _, err := m.Export(path); err != nil {
		t.Fatal(err)
	}
	inputs := map[string]onnxInput{}
	for _, in := range m.Prep().Inputs() {
		c, err := rows.Col(in.Name)
		if err != nil {
			t.Fatal(err)
		}
		x := onnxInput{Type: "float32", Width: 1}
		for i := range rows.Len() {
			switch {
			case in.Type == table.Category && c.IsMissing(i):
				x.Type, x.Values = "string", append(x.Values, "")
			case in.Type == table.Category:
				x.Type, x.Values = "string", append(x.Values, c.Format(i))
			case in.Type == table.Image:
				x.Width = len(c.Pixels()) / rows.Len()
				for _, p := range c.Pixels()[i*x.Width : (i+1)*x.Width] {
					x.Values = append(x.Values, p)
				}
			case c.IsMissing(i):
				x.Values = append(x.Values, nil)
			default:
				x.Values = append(x.Values, c.Float(i))
			}
		}
		inputs[in.Name] = x
	}
	output := "probabilities"
	if m.Target().Kind == table.TargetNumbers {
		output = "numbers"
	}
	return map[string]any{"model": path, "inputs": inputs, "output": output}
}

// TestONNXRuntimeReadsExports needs node and npm's onnxruntime-web:
//
//	npm install --prefix e2e/onnx
func TestONNXRuntimeReadsExports(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("left out: node is not there")
	}
	if _, err := os.Stat("onnx/node_modules/onnxruntime-web"); err != nil {
		t.Skip("left out: npm install --prefix e2e/onnx brings onnxruntime-web")
	}
	dir := t.TempDir()
	var names []string
	var jobs []any
	var want [][]float64
	for name, o := range onnxCases(t) {
		o.Epochs = new(3)
		m, err := learn.Fit(t.Context(), o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		rows := o.Data.Head(40)
		out, err := m.Outputs(t.Context(), rows)
		if err != nil {
			t.Fatal(err)
		}
		v := out.V
		if m.Target().Kind == table.TargetBinary { // the file gives the positive class alone
			v = nil
			for i := range out.Rows {
				v = append(v, out.Row(i)[1])
			}
		}
		names, want = append(names, name), append(want, v)
		jobs = append(jobs, onnxJob(t, m, rows, filepath.Join(dir, name+".onnx")))
	}
	text, err := json.Marshal(jobs)
	if err != nil {
		t.Fatal(err)
	}
	job := filepath.Join(dir, "job.json")
	if err := os.WriteFile(job, text, 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "onnx/run.mjs", job)
	cmd.Stderr = os.Stderr
	answer, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got [][]*float64
	if err := json.Unmarshal(answer, &got); err != nil {
		t.Fatal(err)
	}
	for k, name := range names {
		if len(got[k]) != len(want[k]) {
			t.Errorf("%s: %d numbers, want %d", name, len(got[k]), len(want[k]))
			continue
		}
		for i, w := range want[k] {
			if g := got[k][i]; g == nil || math.Abs(*g-w) > 1e-4*math.Max(1, math.Abs(w)) {
				t.Errorf("%s: number %d is %v, the model says %v", name, i, g, w)
				break
			}
		}
	}
}
