package dsl

import (
	"bytes"
	"math"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/table"
)

// tableMethods are what a table can do; each gives a new table.
var tableMethods = newMethods([]Def{
	{
		Sig: "where(condition, *values)",
		Doc: "The rows for which a condition is true; each `?` stands for the next value.\n\n```python\nt = dataset(\"penguins\")\nt.where(\"body_mass_g > ? and sex = ?\", 4000, \"male\")\nt.where(\"island in ('Dream', 'Biscoe') and sex is not missing\")\n```",
		Fn:  where,
	},
	{Sig: "head(n=5)", Doc: "The first rows.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		return t.Head(c.IntFrom("n", 0, 5)), nil
	})},
	{Sig: "tail(n=5)", Doc: "The last rows.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		return t.Tail(c.IntFrom("n", 0, 5)), nil
	})},
	{Sig: "describe()", Doc: "What is in each column: missing and different values, mean, spread, quartiles, and a small histogram. The result is a table, one row a column.", Fn: func(c *Call) (starlark.Value, error) {
		t := c.Recv.(*tableValue).t
		d := tableOf(t.Describe())
		d.view = func() display.Bundle { return describeBundle(t, d.t) }
		return d, nil
	}},
	{Sig: "select(*columns)", Doc: "The named columns, in that order.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		return t.Select(c.names()...)
	})},
	{Sig: "drop(*columns)", Doc: "The table without the named columns.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		return t.Drop(c.names()...)
	})},
	{Sig: "rename(names={}, **more)", Doc: "The table with other names of columns: `t.rename({\"old\": \"new\"})` or `t.rename(old=\"new\")`.", Fn: onTable(rename)},
	{Sig: "drop_missing(*columns)", Doc: "The rows that have a value in all the named columns, or in every column if none is named.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		return t.DropMissing(c.names()...)
	})},
	{Sig: "assign(columns={}, **more)", Doc: "The table with columns added or replaced: columns, lists, or one value for every row.\n\n```python\nt = dataset(\"penguins\")\nt.assign({\"ratio\": t[\"bill_length_mm\"] / t[\"bill_depth_mm\"]})\n```", Fn: onTable(assign)},
	{Sig: "sort(*by, descending=False)", Doc: "The rows ordered by the named columns, the first counting most; missing values come last.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		by := c.names()
		if len(by) == 0 {
			return nil, Errorf("ValueError", "sort: name the columns to sort by, e.g. t.sort(\"a\")")
		}
		return t.Sort(c.Bool("descending", false), by...)
	})},
	{Sig: "sample(n, seed=0)", Doc: "So many different rows drawn at random, or a share of the rows if `n` is below 1.", Fn: onTable(sample)},
	{
		Sig: "group(*by, **aggregates)",
		Doc: "A row for each different combination of the columns `by`, with aggregates of others: count, sum, mean, std, min, max, median, unique, missing or first. Without aggregates the rows are counted.\n\n```python\nt = dataset(\"penguins\")\nt.group(\"species\")\nt.group(\"species\", \"sex\", body_mass_g=[\"mean\", \"std\"])\nt.group(\"species\", heaviest=(\"body_mass_g\", \"max\"))\n```",
		Fn:  onTable(groupBy),
	},
	{Sig: "join(other, on, how=\"inner\")", Doc: "The columns of another table beside the rows whose columns `on` are equal. `how` is \"inner\", \"left\" (rows without a partner stay, with missing values), \"outer\" (those of the other table too) or \"anti\" (only rows without a partner).", Fn: onTable(joinTables)},
	{Sig: "pivot(rows, columns, values=None, aggregate=None)", Doc: "A row for each value of the column `rows`, a column for each value of `columns`, filled with an aggregate of `values` (mean, if left out); without values, with counts.", Fn: onTable(func(c *Call, t *table.Table) (*table.Table, error) {
		rows, cols, values, fn := c.Text("rows", ""), c.Text("columns", ""), c.Text("values", ""), c.Text("aggregate", "")
		if c.Err() != nil {
			return nil, nil
		}
		if values == "" && fn != "" && fn != "count" {
			return nil, Errorf("ValueError", "pivot: %s needs values=, the column to aggregate", fn)
		}
		p, err := t.Pivot(rows, cols, values, fn)
		if err != nil || values != "" && fn != "count" {
			return p, err
		}
		return zeros(p)
	})},
	{Sig: "to_csv(path=None)", Doc: "Writes the table as text with commas; a name that ends in .gz is compressed. Without a path, gives the text.", Fn: toCSV},
	{Sig: "to_parquet(path)", Doc: "Writes the table as a Parquet file, types and levels included.", Fn: func(c *Call) (starlark.Value, error) {
		path := c.Text("path", "")
		if c.Err() != nil {
			return nil, nil
		}
		return nil, c.write(path, c.Recv.(*tableValue).t.WriteParquet)
	}},
	{Sig: "to_dict()", Doc: "A dictionary of lists, one for each column.", Fn: func(c *Call) (starlark.Value, error) {
		v := c.Recv.(*tableValue)
		d := starlark.NewDict(v.t.Width())
		for _, name := range v.Names() {
			col, err := v.column(name)
			if err != nil {
				return nil, err
			}
			if err := d.SetKey(starlark.String(name), listOf(col)); err != nil {
				return nil, err
			}
		}
		return d, nil
	}},
})

// zeros makes counts of rows that are not there 0.
func zeros(t *table.Table) (*table.Table, error) {
	cols := []*table.Column{t.At(0)}
	for j := 1; j < t.Width(); j++ {
		c, err := t.At(j).Fill(0.0)
		if err != nil {
			return nil, err
		}
		cols = append(cols, c)
	}
	return table.New(cols...)
}

// listOf is the elements as a list.
func listOf(v starlark.Indexable) *starlark.List {
	out := make([]starlark.Value, v.Len())
	for i := range out {
		out[i] = v.Index(i)
	}
	return starlark.NewList(out)
}

// onTable makes a method of a function from a table to a table.
func onTable(f func(c *Call, t *table.Table) (*table.Table, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		t, err := f(c, c.Recv.(*tableValue).t)
		if err != nil || c.Err() != nil {
			return nil, c.dataError(err)
		}
		return tableOf(t), nil
	}
}

// dataError gives an error of package table the name that a user reads:
// KeyError where a column is not there.
func (c *Call) dataError(err error) error {
	if err == nil {
		return nil
	}
	if _, own := err.(*Error); own {
		return err
	}
	if strings.HasPrefix(err.Error(), "no column ") {
		return Errorf("KeyError", "%s: %v", c.fn.name, err)
	}
	return err
}

// names are the arguments as names of columns, lists among them taken apart.
func (c *Call) names() []string {
	var out []string
	for _, a := range c.Args {
		if s, ok := starlark.AsString(a); ok {
			out = append(out, s)
			continue
		}
		more, ok := textsOf(a)
		if l, isList := a.(*starlark.List); !ok && !(isList && l.Len() == 0) {
			if c.err == nil {
				c.err = Errorf("TypeError", "%s: want names of columns, got %s", c.fn.name, describe(a))
			}
			return nil
		}
		out = append(out, more...)
	}
	return out
}

// namedValues are the dictionary of an argument and the keyword arguments.
func (c *Call) namedValues(name string) *starlark.Dict {
	out := starlark.NewDict(4)
	switch v := c.Value(name).(type) {
	case nil:
	case starlark.IterableMapping:
		for _, kv := range v.Items() {
			if _, ok := starlark.AsString(kv[0]); !ok {
				c.Fail(name, "names of columns are text, got %s", describe(kv[0]))
				return out
			}
			c.remember(out.SetKey(kv[0], kv[1]))
		}
	default:
		c.wrong(name, "a dictionary {column: …}")
	}
	for _, kw := range c.Kwargs {
		c.remember(out.SetKey(kw[0], kw[1]))
	}
	return out
}

func (c *Call) remember(err error) {
	if c.err == nil {
		c.err = err
	}
}

func where(c *Call) (starlark.Value, error) {
	v := c.Recv.(*tableValue)
	condition, ok := starlark.AsString(c.Was("condition"))
	if !ok {
		t, _, err := v.Get(c.Was("condition"))
		return t, err
	}
	var args []any
	for i, a := range c.Args {
		x, ok := goValue(a)
		if isVector(a) {
			x, ok = goValues(a)
		}
		if !ok {
			return nil, Errorf("TypeError", "where: ? number %d: want a number, text, a boolean or a list of them, got %s", i+1, describe(a))
		}
		args = append(args, x)
	}
	t, err := v.t.Where(condition, args...)
	if err != nil {
		return nil, err
	}
	return tableOf(t), nil
}

func rename(c *Call, t *table.Table) (*table.Table, error) {
	names := map[string]string{}
	for _, kv := range c.namedValues("names").Items() {
		old, _ := starlark.AsString(kv[0])
		name, ok := starlark.AsString(kv[1])
		if !ok {
			c.Fail("names", "the new name of %q is text, got %s", old, describe(kv[1]))
			return nil, nil
		}
		names[old] = name
	}
	return t.Rename(names)
}

func assign(c *Call, t *table.Table) (*table.Table, error) {
	var cols []*table.Column
	for _, kv := range c.namedValues("columns").Items() {
		name, _ := starlark.AsString(kv[0])
		col, err := columnFrom(name, kv[1], t.Len())
		if err != nil {
			return nil, err
		}
		cols = append(cols, col)
	}
	return t.Assign(cols...)
}

func sample(c *Call, t *table.Table) (*table.Table, error) {
	n := c.Float("n", 0)
	if n > 0 && n < 1 {
		n = math.Round(n * float64(t.Len()))
	}
	if n != math.Trunc(n) || n < 0 {
		c.wrong("n", "a number of rows, or a share below 1")
	}
	seed := c.Seed()
	if c.Err() != nil {
		return nil, nil
	}
	return t.Sample(int(n), seed)
}

func groupBy(c *Call, t *table.Table) (*table.Table, error) {
	by := c.names()
	var aggs []table.Agg
	for _, kw := range c.Kwargs {
		name, _ := starlark.AsString(kw[0])
		if pair, ok := kw[1].(starlark.Tuple); ok && len(pair) == 2 {
			column, okC := starlark.AsString(pair[0])
			fn, okF := starlark.AsString(pair[1])
			if okC && okF {
				aggs = append(aggs, table.Agg{Column: column, Fn: fn, As: name})
				continue
			}
		}
		fns, ok := textsOf(kw[1])
		if fn, isText := starlark.AsString(kw[1]); isText {
			fns, ok = []string{fn}, true
		}
		if !ok {
			return nil, Errorf("TypeError", "group: %s: want an aggregate such as \"mean\", a list of them, or a pair (column, aggregate), got %s", name, describe(kw[1]))
		}
		for _, fn := range fns {
			aggs = append(aggs, table.Agg{Column: name, Fn: fn})
		}
	}
	if len(aggs) == 0 {
		aggs = []table.Agg{{Fn: "count"}}
	}
	return t.GroupBy(by, aggs...)
}

func joinTables(c *Call, t *table.Table) (*table.Table, error) {
	other, err := tableFrom(c.Was("other"))
	if err != nil {
		c.wrong("other", "a table")
		return nil, nil
	}
	on, how := c.Texts("on"), c.OneOf("how", "inner", "left", "outer", "anti")
	if c.Err() != nil {
		return nil, nil
	}
	return t.Join(other, on, how)
}

func toCSV(c *Call) (starlark.Value, error) {
	t := c.Recv.(*tableValue).t
	if c.Given("path") {
		path := c.Text("path", "")
		if c.Err() != nil {
			return nil, nil
		}
		return nil, c.write(path, t.WriteCSV)
	}
	var b bytes.Buffer
	if err := t.EncodeCSV(&b); err != nil {
		return nil, err
	}
	return starlark.String(b.String()), nil
}

// write writes a file beside the notebook, without the lock.
func (c *Call) write(name string, to func(path string) error) error {
	var err error
	c.Release(func() { err = to(c.Session().path(name)) })
	if err != nil {
		return Errorf("FileError", "%s: %q cannot be written: %v", c.fn.name, name, cause(err))
	}
	return nil
}
