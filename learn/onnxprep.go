package learn

import (
	"encoding/json"
	"fmt"
	"slices"

	"mlpkernel/table"
)

// prepState is what the JSON of a table.Fitted says.
type prepState struct {
	Inputs []table.Input `json:"inputs"`
	Steps  []prepStep    `json:"steps"`
}

// prepStep is one learnt operation on a column, which it replaces.
type prepStep struct {
	Do     string   `json:"do"`
	Column string   `json:"column"`
	To     string   `json:"to"`
	Center float64  `json:"center"`
	Scale  float64  `json:"scale"`
	Number float64  `json:"number"`
	Text   string   `json:"text"`
	Levels []string `json:"levels"`
	Signed bool     `json:"signed"`
}

// onnxColumn is a column in the graph: numbers, N × width, or a category as
// a 0/1 column for each level, all 0 where missing.
type onnxColumn struct {
	name   string
	value  string
	width  int
	levels []string // nil for numbers
}

// onnxSteps write the steps that ONNX has operators for.
var onnxSteps = map[string]func(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn{
	"drop":    func(*onnxGraph, prepStep, onnxColumn) []onnxColumn { return nil },
	"number":  func(_ *onnxGraph, _ prepStep, c onnxColumn) []onnxColumn { return []onnxColumn{c} },
	"scale":   onnxScale,
	"clip":    onnxClip,
	"log1p":   onnxLog1p,
	"fill":    onnxFill,
	"flag":    onnxFlag,
	"pixels":  onnxPixels,
	"levels":  func(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn { return []onnxColumn{g.relevel(c, s.Levels)} },
	"onehot":  onnxOneHot,
	"ordinal": onnxOrdinal,
}

// with is the column with another value.
func (c onnxColumn) with(value string) []onnxColumn {
	c.value = value
	return []onnxColumn{c}
}

func onnxScale(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	d := g.node("Sub", []string{c.value, g.scalar(s.Center)})
	return c.with(g.node("Mul", []string{d, g.scalar(s.Scale)}))
}

func onnxClip(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	r := g.node("Div", []string{c.value, g.scalar(s.Number)})
	one := g.node("Add", []string{g.node("Mul", []string{r, r}), g.scalar(1)})
	return c.with(g.node("Div", []string{c.value, g.node("Sqrt", []string{one})}))
}

func onnxLog1p(g *onnxGraph, _ prepStep, c onnxColumn) []onnxColumn {
	return c.with(g.node("Log", []string{g.node("Add", []string{c.value, g.scalar(1)})}))
}

func onnxPixels(g *onnxGraph, _ prepStep, c onnxColumn) []onnxColumn {
	return c.with(g.node("Div", []string{c.value, g.scalar(255)}))
}

func onnxFill(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	if c.levels == nil {
		return c.with(g.node("Where", []string{g.node("IsNaN", []string{c.value}), g.scalar(s.Number), c.value}))
	}
	if !slices.Contains(c.levels, s.Text) {
		c = g.relevel(c, append(slices.Clone(c.levels), s.Text))
	}
	spot := make([]float64, len(c.levels))
	spot[slices.Index(c.levels, s.Text)] = 1
	fill := g.node("Mul", []string{g.absent(c), g.tensor("", spot, 1, len(spot))})
	return c.with(g.node("Add", []string{c.value, fill}))
}

// absent is 1 where a column has no value, N × 1.
func (g *onnxGraph) absent(c onnxColumn) string {
	if c.levels == nil {
		return g.node("Cast", []string{g.node("IsNaN", []string{c.value})}, attr{"to", onnxFloat})
	}
	ones := make([]float64, len(c.levels))
	for i := range ones {
		ones[i] = 1
	}
	return g.node("Sub", []string{g.scalar(1), g.node("MatMul", []string{c.value, g.tensor("", ones, len(ones), 1)})})
}

func onnxFlag(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	return []onnxColumn{c, {name: s.To, value: g.absent(c), width: 1}}
}

// relevel puts a category's levels in another order; a level that is gone is
// missing.
func (g *onnxGraph) relevel(c onnxColumn, levels []string) onnxColumn {
	if slices.Equal(c.levels, levels) {
		return c
	}
	move := make([]float64, len(c.levels)*len(levels))
	for i, l := range c.levels {
		if k := slices.Index(levels, l); k >= 0 {
			move[i*len(levels)+k] = 1
		}
	}
	value := g.node("MatMul", []string{c.value, g.tensor("", move, len(c.levels), len(levels))})
	return onnxColumn{c.name, value, len(levels), levels}
}

// spread makes a boolean a category.
func (g *onnxGraph) spread(c onnxColumn) onnxColumn {
	if c.levels != nil {
		return c
	}
	same := g.node("Equal", []string{c.value, g.tensor("", []float64{0, 1}, 1, 2)})
	return onnxColumn{c.name, g.node("Cast", []string{same}, attr{"to", onnxFloat}), 2, []string{"False", "True"}}
}

func onnxOneHot(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	c = g.relevel(g.spread(c), s.Levels)
	if s.Signed {
		value := g.node("MatMul", []string{c.value, g.tensor("", []float64{-1, 1}, 2, 1)})
		return []onnxColumn{{name: c.name + "=" + s.Levels[1], value: value, width: 1}}
	}
	out := make([]onnxColumn, len(s.Levels))
	for i, l := range s.Levels {
		value := g.node("Gather", []string{c.value, g.ints([]int{i}, 1)}, attr{"axis", 1})
		out[i] = onnxColumn{name: c.name + "=" + l, value: value, width: 1}
	}
	return out
}

func onnxOrdinal(g *onnxGraph, s prepStep, c onnxColumn) []onnxColumn {
	c = g.relevel(g.spread(c), s.Levels)
	place := make([]float64, len(s.Levels))
	for i := range place {
		place[i] = float64(i)
	}
	value := g.node("MatMul", []string{c.value, g.tensor("", place, len(place), 1)})
	// A missing value becomes NaN by 0/0.
	one := g.node("Sub", []string{g.scalar(1), g.absent(c)})
	return []onnxColumn{{name: c.name, value: g.node("Div", []string{g.node("Mul", []string{value, one}), one}), width: 1}}
}

// prepare writes the preparation: a graph input for each column, and the
// features and embedded categories that come out.
func (g *onnxGraph) prepare(p *table.Fitted) (features string, categories []onnxColumn, err error) {
	b, err := json.Marshal(p)
	if err != nil {
		return "", nil, err
	}
	var state prepState
	if err := json.Unmarshal(b, &state); err != nil {
		return "", nil, err
	}
	var cols []onnxColumn
	for _, in := range state.Inputs {
		c, err := g.column(in)
		if err != nil {
			return "", nil, err
		}
		cols = append(cols, c)
	}
	for _, s := range state.Steps {
		at := slices.IndexFunc(cols, func(c onnxColumn) bool { return c.name == s.Column })
		do, ok := onnxSteps[s.Do]
		if !ok || at < 0 {
			return "", nil, fmt.Errorf("the step %q on column %q has no ONNX operator", s.Do, s.Column)
		}
		cols = slices.Concat(cols[:at], do(g, s, cols[at]), cols[at+1:])
	}
	var numbers []string
	for _, c := range cols {
		if c.levels != nil {
			categories = append(categories, c)
		} else {
			numbers = append(numbers, c.value)
		}
	}
	return g.concat(numbers), categories, nil
}

// concat puts columns side by side; "" of none.
func (g *onnxGraph) concat(values []string) string {
	switch len(values) {
	case 0:
		return ""
	case 1:
		return values[0]
	}
	return g.node("Concat", values, attr{"axis", 1})
}

// column adds a graph input: float, N × width, NaN where missing; categories as
// strings, N × 1, any other text where missing.
func (g *onnxGraph) column(in table.Input) (onnxColumn, error) {
	c := onnxColumn{name: in.Name, value: in.Name, width: 1}
	switch in.Type {
	case table.Number, table.Boolean:
		g.input(in.Name, onnxFloat, 1)
	case table.Vector, table.Image:
		for _, d := range in.Shape {
			c.width *= d
		}
		g.input(in.Name, onnxFloat, c.width)
	case table.Category:
		g.input(in.Name, onnxString, 1)
		for i, l := range in.Levels {
			if in.Seen == nil || in.Seen[i] {
				c.levels = append(c.levels, l)
			}
		}
		if len(c.levels) == 0 {
			return c, fmt.Errorf("column %q had no value in training", in.Name)
		}
		c.width = len(c.levels)
		same := g.node("Equal", []string{in.Name, g.texts(c.levels, 1, len(c.levels))})
		c.value = g.node("Cast", []string{same}, attr{"to", onnxFloat})
	default:
		return c, fmt.Errorf("a column of type %s (%s) has no ONNX tensor", in.Type, in.Name)
	}
	return c, nil
}
