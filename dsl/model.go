package dsl

import (
	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/nn"
	"mlpkernel/table"
)

// modelValue is a trained model.
type modelValue struct{ m *learn.Model }

var (
	_ starlark.HasAttrs = (*modelValue)(nil)
	_ display.Bundler   = (*modelValue)(nil)
	_ Documented        = (*modelValue)(nil)
)

func (m *modelValue) String() string        { return "<model " + m.m.Network().String() + ">" }
func (m *modelValue) Type() string          { return "model" }
func (m *modelValue) Freeze()               {}
func (m *modelValue) Truth() starlark.Bool  { return true }
func (m *modelValue) Hash() (uint32, error) { return starlark.String(m.m.Digest()).Hash() }

// Size says how large the model is, for variables().
func (m *modelValue) Size() string { return count(len(m.m.Params()), "parameter", "parameters") }

// Documentation is the model's source text and what it offers.
func (m *modelValue) Documentation() (signature, doc string) {
	doc = "A trained model. It offers\n"
	for _, n := range modelMethods.names {
		doc += "\n- `." + modelMethods.funcs[n].def.Sig + "`: " + summary(modelMethods.funcs[n].def.Doc)
	}
	return m.m.Network().String(), doc
}

func asModel(v starlark.Value) (*learn.Model, bool) {
	m, ok := v.(*modelValue)
	if !ok {
		return nil, false
	}
	return m.m, true
}

// modelFields are the attributes of a model that are no functions.
var modelFields = []struct {
	name string
	get  func(m *learn.Model) (starlark.Value, error)
}{
	{"history", func(m *learn.Model) (starlark.Value, error) {
		t, err := m.History()
		if err != nil {
			return nil, err
		}
		return tableOf(t), nil
	}},
	{"stopped", func(m *learn.Model) (starlark.Value, error) { return starlark.String(m.Stopped()), nil }},
	{"best_epoch", func(m *learn.Model) (starlark.Value, error) { return starlark.MakeInt(m.BestEpoch()), nil }},
	{"classes", func(m *learn.Model) (starlark.Value, error) { return textList(m.Classes()), nil }},
	{"target", func(m *learn.Model) (starlark.Value, error) { return textList(m.Settings().Target), nil }},
	{"features", func(m *learn.Model) (starlark.Value, error) { return textList(m.Settings().Features), nil }},
	{"inputs", func(m *learn.Model) (starlark.Value, error) { return textList(m.Features()), nil }},
	{"prep", prepOf},
	{"notes", func(m *learn.Model) (starlark.Value, error) { return textList(m.Notes()), nil }},
	{"network", func(m *learn.Model) (starlark.Value, error) { return &networkValue{m.Network()}, nil }},
	{"layers", func(m *learn.Model) (starlark.Value, error) { return wholeLayers(m) }},
	{"fingerprint", func(m *learn.Model) (starlark.Value, error) {
		return starlark.String(m.Fingerprint().String()), nil
	}},
	{"parameters", func(m *learn.Model) (starlark.Value, error) { return starlark.MakeInt(len(m.Params())), nil }},
	{"digest", func(m *learn.Model) (starlark.Value, error) { return starlark.String(m.Digest()), nil }},
}

// Attr gives a field or method.
func (m *modelValue) Attr(name string) (starlark.Value, error) {
	for _, f := range modelFields {
		if f.name == name {
			return f.get(m.m)
		}
	}
	if f := modelMethods.bind(m, name); f != nil {
		return f, nil
	}
	return nil, noAttribute(m, name, modelAdvice)
}

func (m *modelValue) AttrNames() []string {
	names := append([]string(nil), modelMethods.names...)
	for _, f := range modelFields {
		names = append(names, f.name)
	}
	return names
}

// Bundle shows the summary, and the curves in HTML.
func (m *modelValue) Bundle() display.Bundle {
	b := summaryView(m.m.Summary(), m.m.Volatile()).Bundle()
	if h, ok := b.Data["text/html"].(string); ok && m.m.Epochs().Len() > 1 {
		if fig, err := lossFigure(m.m, display.Options{}); err == nil {
			if svg, ok := fig.LiveBundle().Data["image/svg+xml"].(string); ok {
				b = b.With("text/html", h+svg)
			}
		}
	}
	return b
}

// summaryView turns a summary into what display shows.
func summaryView(s learn.Summary, v learn.Volatile) display.SummaryView {
	out := display.SummaryView{Name: s.Network, Notes: s.Notes}
	for _, l := range s.Layers {
		out.Layers = append(out.Layers, display.SummaryLayer{
			Name: l.Name, Kind: l.Kind, Inputs: l.Inputs, Units: l.Units, Details: l.Details, Parameters: l.Parameters, Depth: l.Depth,
		})
	}
	add := func(name, value string, volatile bool) {
		out.Fields = append(out.Fields, display.Field{Name: name, Value: value, Volatile: volatile})
	}
	if s.Arithmetic != "" {
		add("parameters", s.Arithmetic, false)
	}
	for _, f := range s.Facts {
		add(f.Name, f.Value, false)
	}
	for _, f := range s.Volatile {
		add(f.Name, f.Value, true)
	}
	return out
}

// resolvedValue is a network with the sizes that a table gives it.
type resolvedValue struct {
	plan    *nn.Plan
	summary learn.Summary
}

func (r *resolvedValue) String() string        { return r.summary.Network }
func (r *resolvedValue) Type() string          { return "resolved network" }
func (r *resolvedValue) Freeze()               {}
func (r *resolvedValue) Truth() starlark.Bool  { return true }
func (r *resolvedValue) Hash() (uint32, error) { return starlark.String(r.summary.Network).Hash() }

// Attr gives .parameters and .latex.
func (r *resolvedValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "parameters":
		return starlark.MakeInt(r.summary.Parameters), nil
	case "latex":
		return starlark.String(learn.PlanLaTeX(r.plan)), nil
	}
	return nil, noAttribute(r, name, nil)
}

func (r *resolvedValue) AttrNames() []string { return []string{"latex", "parameters"} }

// Bundle shows the layers with their sizes.
func (r *resolvedValue) Bundle() display.Bundle {
	return summaryView(r.summary, learn.Volatile{}).Bundle()
}

// layersValue is some layers of a model with their trained weights: a part
// for another network.
type layersValue struct {
	m   *learn.Model
	sub learn.SubModel
	n   int
	at  int
}

var (
	_ starlark.Sliceable = (*layersValue)(nil)
	_ starlark.HasBinary = (*layersValue)(nil)
	_ starlark.HasAttrs  = (*layersValue)(nil)
)

func wholeLayers(m *learn.Model) (starlark.Value, error) {
	return layersOf(m, 0, len(m.Network().Layers()))
}

func layersOf(m *learn.Model, i, j int) (starlark.Value, error) {
	sub, err := m.SubModel(i, j)
	if err != nil {
		return nil, err
	}
	return &layersValue{m, sub, j - i, i}, nil
}

func (l *layersValue) String() string        { return l.sub.String() }
func (l *layersValue) Type() string          { return "layers" }
func (l *layersValue) Freeze()               {}
func (l *layersValue) Truth() starlark.Bool  { return l.n > 0 }
func (l *layersValue) Hash() (uint32, error) { return starlark.String(l.String()).Hash() }
func (l *layersValue) Len() int              { return l.n }

// Index gives one layer as a part.
func (l *layersValue) Index(i int) starlark.Value { return l.Slice(i, i+1, 1) }

// Slice gives neighbouring layers; other steps give an error as a text.
func (l *layersValue) Slice(start, end, step int) starlark.Value {
	if step != 1 {
		panic(&Error{"ValueError", "layers of a model are taken side by side, without a step"})
	}
	v, err := layersOf(l.m, l.at+start, l.at+end)
	if err != nil {
		panic(err)
	}
	return v
}

func (l *layersValue) Attr(name string) (starlark.Value, error) {
	return layersMethods.attr(l, name)
}

func (l *layersValue) AttrNames() []string { return layersMethods.names }

var layersMethods = newMethods([]Def{{
	Sig: "apply(rows)",
	Doc: "What the layers say on rows: a column for each unit of the last one.",
	Fn: func(c *Call) (starlark.Value, error) {
		t := c.rowsFor("rows", c.Recv.(*layersValue).m)
		if c.Err() != nil {
			return nil, nil
		}
		var out *table.Table
		var err error
		c.Release(func() { out, err = c.Recv.(*layersValue).sub.Apply(c.Context(), t) })
		if err != nil {
			return nil, err
		}
		return tableOf(out), nil
	},
}})

// Binary chains by >>.
func (l *layersValue) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	return chain(op, l, y, side)
}
