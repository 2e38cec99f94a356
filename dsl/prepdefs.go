package dsl

import (
	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// prepDefs are the steps of a preparation. Without columns a step is for
// every column that it suits.
var prepDefs = []Def{
	{Sig: "standardize(*columns)", Doc: "Subtracts the mean and divides by the standard deviation of the training rows.\n\n```python\nprep = impute(\"median\", flag=True) >> standardize() >> one_hot(max=8)\n```", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.Standardize{Columns: cols}
	})},
	{Sig: "robust(*columns)", Doc: "Subtracts the median and divides by the distance of the quartiles, which outliers hardly move.", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.Robust{Columns: cols}
	})},
	{Sig: "smooth_clip(limit=3, *columns)", Doc: "Squeezes x to x/√(1 + (x/limit)²), inside ±limit; for numbers already scaled.", Fn: step(func(c *Call, cols []string) table.Prep {
		limit, cols := c.leading("limit", cols)
		x := 3.0
		if limit != nil {
			x = c.Between("limit", 1e-9, 1e9, 3)
		}
		return table.SmoothClip{Limit: x, Columns: cols}
	})},
	{Sig: "quantile_normal(*columns)", Doc: "Maps the quantiles of the training rows to those of the normal distribution.", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.QuantileNormal{Columns: cols}
	})},
	{
		Sig: "log1p(*x)",
		Doc: "log(1 + x). With a number, an array or a column it gives the result, exact near 0; with names of columns, or nothing, it is a step of a preparation.\n\n```python\nlog1p(0.5)\nprep = log1p(\"price\") >> standardize()\n```",
		Fn:  log1p,
	},
	{
		Sig: "impute(strategy=\"median\", *columns, value=None, flag=False)",
		Doc: "Fills missing values by \"median\", \"mean\", \"most_frequent\" or \"constant\" (`value`) of the training rows; with `flag`, a 0/1 column says where they were missing.",
		Fn: step(func(c *Call, cols []string) table.Prep {
			p := table.Impute{Strategy: c.strategy(), Flag: c.Bool("flag", false), Columns: cols}
			var ok bool
			if p.Value, ok = goValue(orNone(c.Was("value"))); !ok {
				c.wrong("value", "a number, text or a boolean")
			}
			if p.Strategy == "constant" && p.Value == nil {
				c.Fail("value", "say which constant: impute(\"constant\", value=0)")
			}
			if p.Strategy != "constant" && p.Value != nil {
				c.Fail("value", "is for strategy \"constant\"; %q finds its own", p.Strategy)
			}
			return p
		}),
	},
	{
		Sig: "one_hot(*columns, max=8, signed=False)",
		Doc: "A 0/1 column for each level seen in training, for categories of up to `max` levels (None: all). `signed` makes a category of two levels one column of -1 and 1.",
		Fn: step(func(c *Call, cols []string) table.Prep {
			most := c.IntFrom("max", 1, 8)
			if c.Was("max") == starlark.None {
				most = -1
			}
			return table.OneHot{Max: most, Signed: c.Bool("signed", false), Columns: cols}
		}),
	},
	{Sig: "embed(*columns)", Doc: "Keeps categories as indices, for which the network learns an embedding.", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.Embed{Columns: cols}
	})},
	{Sig: "ordinal(*columns)", Doc: "Makes a category the number of its level, from 0.", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.Ordinal{Columns: cols}
	})},
	{Sig: "bin(bins=5, *columns)", Doc: "Makes a number a category of equally filled ranges.", Fn: step(func(c *Call, cols []string) table.Prep {
		bins, cols := c.leading("bins", cols)
		n := 5
		if bins != nil {
			n = c.IntFrom("bins", 2, 5)
		}
		return table.Bin{Bins: n, Columns: cols}
	})},
	{Sig: "dates(*columns)", Doc: "Makes a time its parts: year, month, day, weekday and, where clocks say something, hour.", Fn: step(func(c *Call, cols []string) table.Prep {
		return table.Dates{Columns: cols}
	})},
	{Sig: "drop(*columns)", Doc: "Leaves columns out.", Fn: step(func(c *Call, cols []string) table.Prep {
		if len(cols) == 0 {
			c.remember(Errorf("ValueError", "drop: name the columns to leave out, e.g. drop(\"id\")"))
		}
		return table.Drop{Columns: cols}
	})},
}

// step makes a builtin of a step for columns.
func step(f func(c *Call, columns []string) table.Prep) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		p := f(c, c.names())
		if c.Err() != nil {
			return nil, nil
		}
		return &prepValue{p}, nil
	}
}

// leading returns the first argument if it is not the name of a column,
// which it may be too: bin("age") is bin(5, "age").
func (c *Call) leading(name string, columns []string) (starlark.Value, []string) {
	s, ok := starlark.AsString(c.Value(name))
	if !ok {
		return c.Value(name), columns
	}
	return nil, append([]string{s}, columns...)
}

var strategies = []string{"median", "mean", "most_frequent", "constant"}

// strategy is how missing values are filled.
func (c *Call) strategy() string {
	s := c.Text("strategy", "median")
	for _, known := range strategies {
		if s == known {
			return s
		}
	}
	c.Fail("strategy", "want one of %s, got %q%s; columns come after it: impute(\"median\", \"age\")", quoted(strategies), s, suggest(s, strategies, nil))
	return s
}

func orNone(v starlark.Value) starlark.Value {
	if v == nil {
		return starlark.None
	}
	return v
}

// log1p evaluates or is a step, by what it is given.
func log1p(c *Call) (starlark.Value, error) {
	if len(c.Args) == 1 {
		x := c.Args[0]
		if m, ok := x.(Mathematical); ok {
			return m.Math("log1p")
		}
		_, isText := starlark.AsString(x)
		if _, isNames := textsOf(x); !isText && !isNames {
			f, _ := array.Lookup("log1p")
			return f.Apply(x)
		}
	}
	return step(func(c *Call, cols []string) table.Prep { return table.Log1p{Columns: cols} })(c)
}
