package dsl

import (
	"go.starlark.net/starlark"

	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// columnMethods are what a column can do. Missing values are left out of
// statistics.
var columnMethods = newMethods([]Def{
	{Sig: "mean()", Doc: "The mean of the values.", Fn: statistic((*table.Column).Mean)},
	{Sig: "std()", Doc: "The standard deviation of the sample, divided by n - 1.", Fn: statistic((*table.Column).Std)},
	{Sig: "median()", Doc: "The value in the middle.", Fn: statistic((*table.Column).Median)},
	{Sig: "sum()", Doc: "The sum of the values; of a condition, how many rows fulfil it.", Fn: func(c *Call) (starlark.Value, error) {
		v := c.Recv.(*columnValue)
		s, err := v.c.Sum()
		if err != nil {
			return nil, Errorf("TypeError", "%v", err)
		}
		if v.whole || v.c.Type() == table.Boolean {
			return wholeNumber(s), nil
		}
		return starlark.Float(s), nil
	}},
	{Sig: "min()", Doc: "The smallest value; None if all are missing.", Fn: extremeOf((*table.Column).Min)},
	{Sig: "max()", Doc: "The largest value; None if all are missing.", Fn: extremeOf((*table.Column).Max)},
	{Sig: "quantile(q)", Doc: "The value below which the share `q` of the values lies; for a list of shares, a list.", Fn: quantile},
	{Sig: "unique()", Doc: "The different values, sorted.", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		return col.Unique(), nil
	})},
	{Sig: "counts()", Doc: "A table of the different values and how often each comes, the most frequent first.", Fn: func(c *Call) (starlark.Value, error) {
		return tableOf(c.Recv.(*columnValue).c.Counts()), nil
	}},
	{Sig: "missing()", Doc: "How many rows have no value.", Fn: func(c *Call) (starlark.Value, error) {
		return starlark.MakeInt(c.Recv.(*columnValue).c.Missing()), nil
	}},
	{Sig: "is_missing()", Doc: "For each row whether it has no value: `t[t[\"a\"].is_missing()]`.", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		out := make([]bool, col.Len())
		for i := range out {
			out[i] = col.IsMissing(i)
		}
		return table.Booleans(col.Name(), out, nil), nil
	})},
	{Sig: "fill(value)", Doc: "The column with missing values replaced.", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		x, ok := goValue(c.Was("value"))
		if !ok || x == nil {
			c.wrong("value", "a number, text or a boolean")
			return nil, nil
		}
		return col.Fill(x)
	})},
	{Sig: "isin(values)", Doc: "For each row whether its value is one of the values.", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		xs, ok := goValues(c.Was("values"))
		if !ok {
			c.wrong("values", "a list of values")
			return nil, nil
		}
		return col.IsIn(xs)
	})},
	{Sig: "map(function)", Doc: "The column of what the function gives for each value; missing is None.\n\n```python\nt = dataset(\"penguins\")\nt[\"sex\"].map(lambda s: s == \"female\")\n```", Fn: mapColumn},
	{Sig: "round(digits=0)", Doc: "Each number rounded, halves to even.", Fn: func(c *Call) (starlark.Value, error) {
		v, digits := c.Recv.(*columnValue), c.Int("digits", 0)
		a, err := v.ToArray()
		if err != nil || c.Err() != nil {
			return nil, err
		}
		return columnOf(table.Numbers(v.c.Name(), a.Round(digits).Data())), nil
	}},
	{Sig: "to(type)", Doc: "The column as \"number\", \"category\", \"boolean\", \"text\" or \"time\".", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		t, err := table.ParseType(c.Text("type", ""))
		if err != nil || c.Err() != nil {
			return nil, err
		}
		return col.To(t)
	})},
	{Sig: "head(n=5)", Doc: "The first values.", Fn: onColumn(func(c *Call, col *table.Column) (*table.Column, error) {
		return col.Slice(0, min(c.IntFrom("n", 0, 5), col.Len())), nil
	})},
	{Sig: "any()", Doc: "Whether a condition is true in a row.", Fn: anyOf(true)},
	{Sig: "all()", Doc: "Whether a condition is true in all rows that have a value.", Fn: anyOf(false)},
})

// onColumn makes a method of a function from a column to a column.
func onColumn(f func(c *Call, col *table.Column) (*table.Column, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		col, err := f(c, c.Recv.(*columnValue).c)
		if err != nil || c.Err() != nil {
			return nil, err
		}
		return columnOf(col), nil
	}
}

func statistic(f func(*table.Column) (float64, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		x, err := f(c.Recv.(*columnValue).c)
		if err != nil {
			return nil, Errorf("TypeError", "%v", err)
		}
		return starlark.Float(x), nil
	}
}

func extremeOf(f func(*table.Column) (any, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		v := c.Recv.(*columnValue)
		x, err := f(v.c)
		if err != nil {
			return nil, Errorf("TypeError", "%v", err)
		}
		return v.value(x), nil
	}
}

func quantile(c *Call) (starlark.Value, error) {
	col := c.Recv.(*columnValue).c
	_, isList := c.Was("q").(starlark.Iterable)
	qs := []float64{0}
	if isList {
		qs = c.Floats("q")
	} else {
		qs[0] = c.Float("q", 0)
	}
	if c.Err() != nil {
		return nil, nil
	}
	out := make([]starlark.Value, len(qs))
	for i, q := range qs {
		x, err := col.Quantile(q)
		if err != nil {
			return nil, err
		}
		out[i] = starlark.Float(x)
	}
	if isList {
		return starlark.NewList(out), nil
	}
	return out[0], nil
}

func mapColumn(c *Call) (starlark.Value, error) {
	v, f := c.Recv.(*columnValue), c.Callable("function")
	if c.Err() != nil {
		return nil, nil
	}
	out := make([]starlark.Value, v.Len())
	for i := range out {
		var err error
		if out[i], err = starlark.Call(c.Thread, f, starlark.Tuple{v.Index(i)}, nil); err != nil {
			return nil, err
		}
	}
	col, err := columnFrom(v.c.Name(), starlark.NewList(out), 0)
	if err != nil {
		return nil, err
	}
	return columnOf(col), nil
}

// anyOf looks for a row that is true, or for none that is false.
func anyOf(want bool) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		col := c.Recv.(*columnValue).c
		if col.Type() != table.Boolean {
			return nil, Errorf("TypeError", "%s: asks a condition such as t[\"a\"] > 0; column %q is %s", c.fn.name, col.Name(), col.Type())
		}
		for _, f := range col.Flags() {
			if f >= 0 && (f == 1) == want {
				return starlark.Bool(want), nil
			}
		}
		return starlark.Bool(!want), nil
	}
}

// convertDefs make columns of another type.
var convertDefs = []Def{
	{
		Sig: "category(column, levels=None)",
		Doc: "The column as a category. Its levels are the different values in order, or the given ones in theirs; a number that stands for a kind, such as a code, is then learnt as one.",
		Fn: func(c *Call) (starlark.Value, error) {
			col, levels := c.column("column"), c.Texts("levels")
			if c.Err() != nil {
				return nil, nil
			}
			out, err := col.ToCategory(levels...)
			if err != nil {
				return nil, err
			}
			return columnOf(out), nil
		},
	},
	{
		Sig: "number(column)",
		Doc: "The column as numbers: of text that is numbers, of booleans (0 and 1), of times (seconds since 1970).",
		Fn: func(c *Call) (starlark.Value, error) {
			col := c.column("column")
			if c.Err() != nil {
				return nil, nil
			}
			out, err := col.ToNumber()
			if err != nil {
				return nil, err
			}
			return columnOf(out), nil
		},
	},
}

// column returns an argument that is a column, or a list as one.
func (c *Call) column(name string) *table.Column {
	v := c.Was(name)
	if v == nil {
		return nil
	}
	_, isArray := v.(*array.Array)
	if _, isColumn := v.(*columnValue); !isColumn && !isArray && !isVector(v) {
		c.wrong(name, "a column such as t[\"a\"], or a list")
		return nil
	}
	col, err := columnFrom("column", v, 0)
	if cv, ok := asColumn(v); ok {
		col = cv
	}
	c.remember(err)
	return col
}
