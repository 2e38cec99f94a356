package dsl

import (
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/dsl/array"
)

// resolve returns the value of an expression, or, where it would have to be
// computed, one that has the attributes of such a value; nil if that cannot be
// told. Nothing is called; the lock is held.
func (s *Session) resolve(expression string) starlark.Value {
	if len(expression) > longestExpression {
		return nil
	}
	e, err := options.ParseExpr("", expression, 0)
	if err != nil {
		return nil
	}
	return s.guess(e)
}

// longestExpression bounds what is parsed to be looked at.
const longestExpression = 1 << 12

func (s *Session) guess(e syntax.Expr) starlark.Value {
	switch e := e.(type) {
	case *syntax.Ident:
		return s.ns.lookup(e.Name)
	case *syntax.Literal:
		return literal(e)
	case *syntax.ListExpr:
		return starlark.NewList(nil)
	case *syntax.TupleExpr:
		return starlark.Tuple{}
	case *syntax.DictExpr:
		return starlark.NewDict(0)
	case *syntax.Comprehension:
		if e.Curly {
			return starlark.NewDict(0)
		}
		return starlark.NewList(nil)
	case *syntax.ParenExpr:
		return s.guess(e.X)
	case *syntax.CondExpr:
		return s.guess(e.True)
	case *syntax.DotExpr:
		return attributeOf(s.guess(e.X), e.Name.Name)
	case *syntax.SliceExpr:
		return s.guess(e.X)
	case *syntax.IndexExpr:
		return s.guessElement(s.guess(e.X), s.guess(e.Y))
	case *syntax.CallExpr:
		return resultOf(s.guess(e.Fn))
	case *syntax.UnaryExpr:
		x := s.guess(e.X)
		if n, ok := x.(starlark.Int); ok && e.Op == syntax.MINUS {
			return starlark.MakeInt(0).Sub(n)
		}
		return x
	case *syntax.BinaryExpr:
		if x := s.guess(e.X); x != nil {
			return x
		}
		return s.guess(e.Y)
	}
	return nil
}

// guessElement is v[key]; a table of a column, or of what is no constant, is
// one of other rows.
func (s *Session) guessElement(v, key starlark.Value) starlark.Value {
	if p, ok := v.(promise); ok {
		if _, name := key.(starlark.String); name && p.kind == "table" {
			return promised("column")
		}
		return v
	}
	switch key.(type) {
	case starlark.String, starlark.Int:
		if v == nil {
			return nil
		}
		if x, err := index(v, key); err == nil {
			return x
		}
		return nil
	}
	switch v.(type) {
	case *tableValue, *columnValue, *array.Array:
		return v
	}
	return nil
}

func literal(e *syntax.Literal) starlark.Value {
	switch v := e.Value.(type) {
	case string:
		return starlark.String(v)
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return starlark.Float(v)
	}
	return nil
}

// promise stands for a value of a kind that is not computed yet.
type promise struct {
	starlark.HasAttrs // a zero value of that type
	kind              string
	methods           *Methods
}

// promises are the kinds whose attributes are the same for all values.
var promises = map[string]promise{
	"table":      {HasAttrs: (*tableValue)(nil), methods: tableMethods},
	"column":     {HasAttrs: (*columnValue)(nil), methods: columnMethods},
	"model":      {HasAttrs: (*modelValue)(nil), methods: modelMethods},
	"network":    {HasAttrs: (*networkValue)(nil), methods: networkMethods},
	"ensemble":   {HasAttrs: (*ensembleValue)(nil), methods: ensembleMethods},
	"figure":     {HasAttrs: (*figureValue)(nil), methods: figureMethods},
	"experiment": {HasAttrs: (*experimentValue)(nil)},
	"rate test":  {HasAttrs: (*rateTestValue)(nil)},
}

// promised is what stands for a value of a kind, nil if there is nothing.
func promised(kind string) starlark.Value {
	switch kind {
	case "string":
		return starlark.String("")
	case "list":
		return starlark.NewList(nil)
	case "array":
		return array.FromFloats(nil)
	}
	p, ok := promises[kind]
	if !ok {
		return nil
	}
	p.kind = kind
	return p
}

// Attr gives methods, and fields of which the kind is known.
func (p promise) Attr(name string) (starlark.Value, error) {
	if p.methods != nil {
		if f := p.methods.bind(p, name); f != nil {
			return f, nil
		}
	}
	if kind := kindOf(p.kind + "." + name); kind != "" {
		return promised(kind), nil
	}
	return nil, nil
}

func (p promise) String() string        { return p.kind }
func (p promise) Type() string          { return p.kind }
func (p promise) Freeze()               {}
func (p promise) Truth() starlark.Bool  { return true }
func (p promise) Hash() (uint32, error) { return 0, Errorf("TypeError", "unhashable: %s", p.kind) }

// resultOf stands for what a function returns.
func resultOf(f starlark.Value) starlark.Value {
	name, of := "", starlark.Value(nil)
	switch f := f.(type) {
	case *Function:
		name, of = f.name, f.recv
	case *starlark.Builtin:
		name, of = f.Name(), f.Receiver()
	}
	if of != nil {
		name = of.Type() + "." + name
	}
	return promised(kindOf(name))
}

// results are the kinds of what functions return, and of fields.
var results = map[string][]string{
	"table": {
		"dataset", "datasets", "table", "concat", "sql", "read_csv", "read_parquet", "read_idx", "mc_dropout",
		"table.where", "table.head", "table.tail", "table.describe", "table.select", "table.drop", "table.rename", "table.drop_missing",
		"table.assign", "table.sort", "table.sample", "table.group", "table.join", "table.pivot",
		"column.counts", "model.prepare", "model.history", "experiment.runs", "experiment.summary", "rate test.table", "figure.data",
	},
	"column":     {"category", "number", "model.predict", "ensemble.predict", "column.fill", "column.map", "column.round", "column.to", "column.head", "column.is_missing", "column.isin", "column.unique"},
	"model":      {"fit", "load_model"},
	"network":    {"dense", "output", "dropout", "batch_norm", "layer_norm", "embedding", "skip", "model.network"},
	"ensemble":   {"ensemble"},
	"experiment": {"compare", "sweep", "cross_validate"},
	"rate test":  {"find_lr"},
	"array":      {"array", "linspace", "arange", "eye", "array.T", "array.transpose", "array.reshape", "array.flatten", "array.copy", "array.clip", "array.cumsum", "array.row", "array.col", "initializer.sample"},
	"string": {
		"str", "repr", "format",
		"string.upper", "string.lower", "string.title", "string.capitalize", "string.strip", "string.lstrip", "string.rstrip", "string.replace", "string.join", "string.format", "string.removeprefix", "string.removesuffix",
	},
	"list": {"list", "sorted", "reversed", "zip", "enumerate", "string.split", "string.rsplit", "string.splitlines", "table.columns"},
}

func kindOf(name string) string {
	if len(name) > len("plot.") && name[:len("plot.")] == "plot." {
		return "figure"
	}
	for kind, names := range results {
		if slices.Contains(names, name) {
			return kind
		}
	}
	return ""
}
