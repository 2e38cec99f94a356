package dsl

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// modelMethods are the methods of models.
var modelMethods = newMethods([]Def{
	{
		Sig:  "evaluate(rows, silence=[])",
		Doc:  "Scores the model on rows that have a target: `e.accuracy`, `e.loss`, …; shown as a table.",
		Args: []string{"silence: [\"test_reuse\"] keeps the warning back that rows have scored many models"},
		Fn:   evaluate,
	},
	{
		Sig: "prepare(rows)",
		Doc: "The rows as the network gets them: the numbers that the preparation learnt in training makes of them, a column for each input, and the categories that are embedded.",
		Fn:  prepareRows,
	},
	{
		Sig: "predict(rows, probabilities=False)",
		Doc: "Predicts the target of rows: a table, a dictionary or a list of dictionaries. With `probabilities=True`, a column for each class.",
		Fn:  predict,
	},
	{
		Sig: "weights(layer=None)",
		Doc: "A layer's weights: `.W` (units x inputs) and `.b`. Without a name all layers: `m.weights().dense_1.W`, `m.weights()[\"dense_1\"].W`, and `for name in m.weights()` goes through them.",
		Fn: func(c *Call) (starlark.Value, error) {
			if name := c.Text("layer", ""); name != "" || c.Err() != nil {
				return layerWeights(recvModel(c), name)
			}
			return allWeights(recvModel(c))
		},
	},
	{
		Sig: "gradients(rows)",
		Doc: "The gradient of the loss over rows: `.loss`, and for each layer `.W` and `.b`: `m.gradients(t).dense_1.W`.",
		Fn:  withRows("rows", gradients),
	},
	{
		Sig: "activations(rows)",
		Doc: "What each layer says on rows: an array of rows x units for each, `m.activations(t).dense_1`.",
		Fn:  withRows("rows", activations),
	},
	{
		Sig: "trace(row)",
		Doc: "One row on its way through the network and back, as on a blackboard: values, deltas and gradients, layer by layer.",
		Fn: func(c *Call) (starlark.Value, error) {
			t := c.rowsFor("row", recvModel(c))
			if c.Err() != nil {
				return nil, nil
			}
			var tr *learn.Trace
			var err error
			c.Release(func() { tr, err = recvModel(c).Trace(t) })
			if err != nil {
				return nil, err
			}
			if n := t.Len(); n > 1 {
				c.Host().Stream(cell.Stderr, fmt.Sprintf("trace: this is the first of %d rows; m.trace(t[3]) traces one of a table t\n", n))
			}
			return newTrace(tr)
		},
	},
	{Sig: "latex()", Doc: "The network as equations with the real sizes, Y = f(WX + b).", Fn: func(c *Call) (starlark.Value, error) {
		return &latexValue{recvModel(c).LaTeX()}, nil
	}},
	{Sig: "recipe()", Doc: "The source text that builds the model again.", Fn: func(c *Call) (starlark.Value, error) {
		return &sourceValue{recvModel(c).Recipe()}, nil
	}},
	{Sig: "health(rows)", Doc: "Dead units, saturation, update/weight ratio and vanishing gradients, in numbers and sentences; `plot.health` draws it.", Fn: withRows("rows", func(ctx context.Context, m *learn.Model, t *table.Table) (starlark.Value, error) {
		h, err := m.Health(ctx, t)
		if err != nil {
			return nil, err
		}
		return textList(h.Findings), nil
	})},
	{Sig: "save(path)", Doc: "Writes the model to a file of tensors, `m.save(\"m.safetensors\")`; `load_model` reads it.", Fn: func(c *Call) (starlark.Value, error) {
		path := c.fileName("path", ".safetensors")
		if c.Err() != nil {
			return nil, nil
		}
		return nil, recvModel(c).Save(c.Session().path(path))
	}},
	{Sig: "export(path)", Doc: "Writes the model as an ONNX file, `m.export(\"m.onnx\")`.", Fn: func(c *Call) (starlark.Value, error) {
		path := c.fileName("path", ".onnx")
		if c.Err() != nil {
			return nil, nil
		}
		notes, err := recvModel(c).Export(c.Session().path(path))
		for _, n := range notes {
			c.Host().Stream("stdout", n+"\n")
		}
		return nil, err
	}},
	{
		Sig: "thinned(rows, networks=6, seed=0)",
		Doc: "What networks thinned by dropout say on rows, each with one mask, and their average: the scores of each, of the average and of the whole network.",
		Fn: func(c *Call) (starlark.Value, error) {
			t, n, seed := c.rowsFor("rows", recvModel(c)), c.IntFrom("networks", 1, 6), c.Seed()
			if c.Err() != nil {
				return nil, nil
			}
			var th *learn.Thinned
			var err error
			c.Release(func() { th, err = recvModel(c).Thinned(c.Context(), t, seed, n) })
			if err != nil {
				return nil, err
			}
			return newRecord("thinned", field{"metric", starlark.String(th.Metric)}, field{"scores", array.FromFloats(th.Scores)},
				field{"average", starlark.Float(th.AverageScore)}, field{"whole", starlark.Float(th.WholeScore)}), nil
		},
	},
})

func recvModel(c *Call) *learn.Model { return c.Recv.(*modelValue).m }

// withRows makes a method that takes rows and runs without the lock.
func withRows(name string, f func(ctx context.Context, m *learn.Model, t *table.Table) (starlark.Value, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (v starlark.Value, err error) {
		t := c.rowsFor(name, recvModel(c))
		if c.Err() != nil {
			return nil, nil
		}
		c.Release(func() { v, err = f(c.Context(), recvModel(c), t) })
		return v, err
	}
}

// fileName returns the name of a file to write, which has to have an ending.
func (c *Call) fileName(name, ending string) string {
	path := c.Text(name, "")
	if got := filepath.Ext(path); c.Err() == nil && !strings.EqualFold(got, ending) {
		c.Fail(name, "expected a name that ends in %s, got ending %q; write %q", ending, got, strings.TrimSuffix(path, got)+ending)
	}
	return path
}

func predict(c *Call) (starlark.Value, error) {
	m := recvModel(c)
	t, probabilities := c.rowsFor("rows", m), c.Bool("probabilities", false)
	if c.Err() != nil {
		return nil, nil
	}
	var p *learn.Prediction
	var err error
	c.Release(func() {
		if probabilities {
			p, err = m.Probabilities(c.Context(), t)
		} else {
			p, err = m.Predict(c.Context(), t)
		}
	})
	return c.predicted(p, err)
}

// predicted gives predictions: a column for one target, else a table; and says
// what is odd about the rows.
func (c *Call) predicted(p *learn.Prediction, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	for _, n := range p.Notes {
		c.Host().Stream("stderr", n+"\n")
	}
	if p.Table.Width() == 1 && !c.Bool("probabilities", false) {
		return columnOf(p.Table.At(0)), nil
	}
	return tableOf(p.Table), nil
}

func matrix(v []float64, rows, cols int) (starlark.Value, error) {
	return array.New([]int{rows, cols}, append([]float64(nil), v...))
}

// evaluationValue is how good a model is on some rows.
type evaluationValue struct {
	e      *learn.Evaluation
	target []string
}

var (
	_ starlark.HasAttrs        = (*evaluationValue)(nil)
	_ starlark.IterableMapping = (*evaluationValue)(nil)
	_ display.Bundler          = (*evaluationValue)(nil)
)

func (e *evaluationValue) String() string {
	parts := make([]string, len(e.e.Scores))
	for i, s := range e.e.Scores {
		parts[i] = fmt.Sprintf("%s=%.4g", s.Name, s.Value)
	}
	return "evaluation(rows=" + fmt.Sprint(e.e.Rows) + ", " + strings.Join(parts, ", ") + ")"
}
func (e *evaluationValue) Type() string         { return "evaluation" }
func (e *evaluationValue) Freeze()              {}
func (e *evaluationValue) Truth() starlark.Bool { return true }
func (e *evaluationValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "unhashable: evaluation")
}

// Attr gives a score, .loss, .rows, .classes, .confusion or .table.
func (e *evaluationValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "loss":
		return starlark.Float(e.e.Loss), nil
	case "rows":
		return starlark.MakeInt(e.e.Rows), nil
	case "classes":
		return textList(e.e.Classes), nil
	case "confusion":
		var data []float64
		for _, row := range e.e.Confusion {
			for _, n := range row {
				data = append(data, float64(n))
			}
		}
		return matrix(data, len(e.e.Confusion), len(e.e.Classes))
	case "table":
		t, err := e.e.Table()
		if err != nil {
			return nil, err
		}
		return tableOf(t), nil
	}
	v, err := e.e.Get(name)
	if err != nil {
		return nil, e.missing("AttributeError", name, err)
	}
	return starlark.Float(v), nil
}

// missing is the error for a name that is no score; says lists those there are.
func (e *evaluationValue) missing(class, name string, says error) error {
	if near := nearest(name, e.AttrNames()); near != "" {
		return Errorf(class, "an evaluation has no %q; did you mean %s?", name, near)
	}
	return Errorf(class, "%v", says)
}

// Get is e["accuracy"], the same as e.accuracy.
func (e *evaluationValue) Get(k starlark.Value) (v starlark.Value, found bool, err error) {
	name, ok := starlark.AsString(k)
	if !ok {
		return nil, false, nil
	}
	if _, err := e.e.Get(name); err != nil && !slices.Contains(e.AttrNames(), name) {
		return nil, false, e.missing("KeyError", name, err)
	}
	v, err = e.Attr(name)
	return v, err == nil, err
}

// Items are the loss and the scores with their values.
func (e *evaluationValue) Items() []starlark.Tuple {
	out := []starlark.Tuple{{starlark.String("loss"), starlark.Float(e.e.Loss)}}
	for _, s := range e.e.Scores {
		out = append(out, starlark.Tuple{starlark.String(s.Name), starlark.Float(s.Value)})
	}
	return out
}

// Iterate goes over the names of the loss and the scores, as a dictionary does.
func (e *evaluationValue) Iterate() starlark.Iterator {
	var names starlark.Tuple
	for _, kv := range e.Items() {
		names = append(names, kv[0])
	}
	return names.Iterate()
}

func (e *evaluationValue) AttrNames() []string {
	names := []string{"classes", "confusion", "loss", "rows", "table"}
	for _, s := range e.e.Scores {
		names = append(names, s.Name)
	}
	return names
}

// Bundle shows the scores, and for classes a report.
func (e *evaluationValue) Bundle() display.Bundle {
	fields := []display.Field{{Name: "rows", Value: fmt.Sprint(e.e.Rows)}, {Name: "loss", Value: fmt.Sprintf("%.4g", e.e.Loss)}}
	for _, s := range e.e.Scores {
		fields = append(fields, display.Field{Name: s.Name, Value: fmt.Sprintf("%.4g", s.Value)})
	}
	name := strings.Join(e.target, ", ")
	if len(e.e.PerClass) == 0 {
		return display.RecordView{Name: name, Fields: fields, Notes: e.e.Notes}.Bundle()
	}
	v := display.ReportView{Name: name, Fields: fields, Notes: e.e.Notes}
	for _, c := range e.e.PerClass {
		v.Classes = append(v.Classes, display.ReportClass{Name: c.Class, Precision: c.Precision, Recall: c.Recall, F1: c.F1, Rows: c.Rows})
	}
	return v.Bundle()
}

// latexValue is LaTeX that shows itself set.
type latexValue struct{ source string }

func (l *latexValue) String() string        { return l.source }
func (l *latexValue) Type() string          { return "latex" }
func (l *latexValue) Freeze()               {}
func (l *latexValue) Truth() starlark.Bool  { return l.source != "" }
func (l *latexValue) Hash() (uint32, error) { return starlark.String(l.source).Hash() }

// Bundle shows the formula.
func (l *latexValue) Bundle() display.Bundle { return display.Latex(l.source) }

// sourceValue is source text that shows itself as code.
type sourceValue struct{ source string }

func (s *sourceValue) String() string        { return s.source }
func (s *sourceValue) Type() string          { return "source" }
func (s *sourceValue) Freeze()               {}
func (s *sourceValue) Truth() starlark.Bool  { return s.source != "" }
func (s *sourceValue) Hash() (uint32, error) { return starlark.String(s.source).Hash() }

// Bundle shows the text.
func (s *sourceValue) Bundle() display.Bundle {
	return display.Text(s.source).With("text/html", htmlText(s.source))
}
