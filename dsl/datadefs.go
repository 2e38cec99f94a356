package dsl

import (
	"slices"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// dataDefs make tables.
var dataDefs = append([]Def{
	{
		Sig: "dataset(name, *, n=None, noise=None, classes=None, seed=0, part=None)",
		Doc: "A bundled or generated table; `datasets()` lists them.\n\n```python\nt = dataset(\"penguins\")\nmoons = dataset(\"moons\", n=500, noise=0.2, seed=1)\n```",
		Args: []string{
			"n, noise, classes, seed: rows, spread and classes of generated data",
			"part: \"train\" or \"test\", of fashion_mnist",
		},
		Fn: dataset,
	},
	{Sig: "datasets()", Doc: "The data sets there are, with rows, columns, what is usually predicted, licence and source.", Fn: func(c *Call) (starlark.Value, error) {
		t := tableOf(table.Datasets())
		t.view = func() display.Bundle { return datasetsBundle(t.t) }
		return t, nil
	}},
	{
		Sig: "table(values, columns=None, types={})",
		Doc: "A table of a dictionary of columns, a list of dictionaries, or a matrix.\n\n```python\ntable({\"x1\": [0, 0, 1, 1], \"x2\": [0, 1, 0, 1], \"y\": [0, 1, 1, 0]})\ntable(array([[1, 2], [3, 4]]), columns=[\"a\", \"b\"])\n```",
		Args: []string{
			"columns: names for the columns of a matrix or a list of lists",
			"types: {column: type}, with number, category, boolean, text or time",
		},
		Fn: makeTable,
	},
	{
		Sig:  "concat(*tables)",
		Doc:  "The rows of several tables, one below the other. Columns go by their names; where a table has no such column, its rows have no value there.\n\n```python\nt = dataset(\"penguins\")\nconcat(t.head(3), t.tail(3))\nconcat([t.where(\"year == ?\", y).sample(5) for y in [2007, 2008, 2009]])\n```",
		Args: []string{"tables: tables, or one list of tables"},
		Fn:   concat,
	},
	{
		Sig:  "sql(query, *values, file=None, **tables)",
		Doc:  "Answers a query in the SQL of SQLite over tables; variables that are tables are found by their names. There are stddev, variance, median and quantile(x, share) besides SQLite's aggregates.\n\n```python\nt = dataset(\"penguins\")\nsql(\"select species, avg(body_mass_g) as mass from t group by species\", t=t)\n```",
		Args: []string{"values: for each ? in the query, in order", "file: a .sqlite file to read"},
		Fn:   sql,
	},
	{
		Sig: "split(data, *, test=0.2, validation=0, stratify=None, group=None, order=None, seed=0, silence=[])",
		Doc: "Training rows and test rows, drawn at random; with `validation`, three tables.\n\n```python\ntrain, test = split(dataset(\"penguins\"), test=0.2, stratify=\"species\", seed=1)\n```",
		Args: []string{
			"test, validation: a share of the rows, or from 1 on a number of rows",
			"stratify: a column whose values have the same shares on every side",
			"group: a column whose equal values stay on one side",
			"order: a column by which rows are ordered: the first train, the last test",
			"silence: names of warnings not to give: \"duplicate_rows\", \"time_order\"",
		},
		Fn: splitTable,
	},
}, convertDefs...)

func dataset(c *Call) (starlark.Value, error) {
	name := c.Text("name", "")
	o := table.DatasetOptions{N: c.IntFrom("n", 1, 0), Classes: c.IntFrom("classes", 1, 0), Seed: c.Seed(), Part: c.Text("part", "")}
	if c.Given("noise") {
		noise := c.Between("noise", 0, 1e6, 0)
		o.Noise = &noise
	}
	if c.Err() != nil {
		return nil, nil
	}
	var t *table.Table
	var err error
	c.Release(func() { t, err = table.Dataset(name, o) })
	if err != nil {
		return nil, err
	}
	v := tableOf(t)
	v.notes = infoNotes(t)
	return v, nil
}

// datasetNames completes dataset("…").
func datasetNames() []string {
	names := table.Datasets().At(0)
	out := make([]string, names.Len())
	for i := range out {
		out[i] = names.Format(i)
	}
	return out
}

func concat(c *Call) (starlark.Value, error) {
	given := c.Args
	if len(given) == 1 {
		if list, ok := given[0].(*starlark.List); ok {
			given = slices.Collect(list.Elements())
		}
	}
	if len(given) == 0 {
		return nil, Errorf("TypeError", "concat: expected tables, or a list of tables, got none")
	}
	tables := make([]*table.Table, len(given))
	for i, v := range given {
		t, err := tableFrom(v)
		if err != nil {
			return nil, Errorf("TypeError", "concat: expected tables, or a list of tables; number %d is %s", i+1, describe(v))
		}
		tables[i] = t
	}
	t, err := table.Concat(tables...)
	if err != nil {
		return nil, c.dataError(err)
	}
	return tableOf(t), nil
}

func makeTable(c *Call) (starlark.Value, error) {
	t, err := c.tableOfArgument()
	if err != nil || c.Err() != nil {
		return nil, err
	}
	var cols []*table.Column
	if d, ok := c.Value("types").(*starlark.Dict); ok {
		types := c.types(d)
		for _, name := range keysOf(d) {
			col, err := t.Col(name)
			if err == nil {
				col, err = col.To(types[name])
			}
			if err != nil {
				return nil, c.dataError(err)
			}
			cols = append(cols, col)
		}
	} else if c.Given("types") {
		c.wrong("types", "a dictionary {column: type}")
	}
	if c.Err() != nil {
		return nil, nil
	}
	if t, err = t.Assign(cols...); err != nil {
		return nil, err
	}
	return tableOf(t), nil
}

// tableOfArgument reads values and columns.
func (c *Call) tableOfArgument() (*table.Table, error) {
	v := c.Was("values")
	a, ok := v.(*array.Array)
	if l, isList := v.(*starlark.List); isList && l.Len() > 0 && isVector(l.Index(0)) {
		var err error
		if a, err = array.FromValue(l); err != nil {
			return nil, Errorf("TypeError", "table: a list of lists is a matrix of numbers: %v; a dictionary {column: [values]} takes all else", err)
		}
		ok = true
	}
	if !ok {
		if c.Given("columns") {
			c.Fail("columns", "names the columns of a matrix; a dictionary names its own")
			return nil, nil
		}
		return tableFrom(v)
	}
	if a.NDim() != 2 {
		return nil, Errorf("ValueError", "table: want a matrix, rows and columns, got shape %s", array.ShapeText(a.Shape()))
	}
	names := c.Texts("columns")
	width := a.Shape()[1]
	if names != nil && len(names) != width {
		c.Fail("columns", "%s for a matrix of %s", count(len(names), "name", "names"), count(width, "column", "columns"))
		return nil, nil
	}
	cols := arrayColumns("x", a)
	for j := range cols {
		if names != nil {
			cols[j] = cols[j].Named(names[j])
		}
	}
	return table.New(cols...)
}

// types reads a dictionary of types of columns.
func (c *Call) types(d *starlark.Dict) map[string]table.Type {
	out := map[string]table.Type{}
	for _, kv := range d.Items() {
		name, ok := starlark.AsString(kv[0])
		word, isText := starlark.AsString(kv[1])
		if !ok || !isText {
			c.wrong("types", "a dictionary {column: type}")
			return nil
		}
		t, err := table.ParseType(word)
		if err != nil {
			c.Fail("types", "%s: %v", name, err)
			return nil
		}
		out[name] = t
	}
	return out
}

// sqlWord matches what may be a name of a table in a query.
var sqlWord = pattern(`[\pL_][\pL\pN_]*`)

func sql(c *Call) (starlark.Value, error) {
	query := c.Text("query", "")
	o := table.SQLOptions{Tables: map[string]*table.Table{}}
	for _, w := range sqlWord().FindAllString(query, -1) {
		if v, ok := c.Session().ns.variable(w).(*tableValue); ok {
			o.Tables[w] = v.t
		}
	}
	for _, kw := range c.Kwargs {
		name, _ := starlark.AsString(kw[0])
		t, err := tableFrom(kw[1])
		if err != nil {
			c.Fail(name, "want a table, got %s", describe(kw[1]))
			return nil, nil
		}
		o.Tables[name] = t
	}
	for i, a := range c.Args {
		x, ok := goValue(a)
		if !ok {
			c.Fail("values", "? number %d: want a number, text or a boolean, got %s", i+1, describe(a))
		}
		o.Args = append(o.Args, x)
	}
	if f := c.Text("file", ""); f != "" {
		o.File = c.Session().path(f)
	}
	if c.Err() != nil {
		return nil, nil
	}
	var t *table.Table
	var err error
	c.Release(func() { t, err = table.SQL(c.Context(), query, o) })
	if err != nil {
		return nil, c.interrupted(err)
	}
	return tableOf(t), nil
}

func splitTable(c *Call) (starlark.Value, error) {
	t, err := tableFrom(c.Was("data"))
	if err != nil {
		c.wrong("data", "a table")
		return nil, nil
	}
	o := table.SplitOptions{
		Test: c.Between("test", 0, 1e15, 0.2), Validation: c.Between("validation", 0, 1e15, 0),
		Stratify: c.ColumnName("stratify"), Group: c.ColumnName("group"), Order: c.ColumnName("order"), Seed: c.Seed(),
	}
	silence := c.Texts("silence")
	if c.Err() != nil {
		return nil, nil
	}
	var train, validation, test *table.Table
	var warnings []table.Warning
	c.Release(func() {
		if train, validation, test, err = table.Split(t, o); err == nil {
			warnings, err = table.CheckSplit(train, test, nil, silence...)
		}
	})
	if err != nil {
		return nil, c.dataError(err)
	}
	c.warn(warnings)
	if validation == nil {
		return starlark.Tuple{tableOf(train), tableOf(test)}, nil
	}
	return starlark.Tuple{tableOf(train), tableOf(validation), tableOf(test)}, nil
}
