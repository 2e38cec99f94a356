package dsl

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/table"
)

// readDefs read files.
var readDefs = []Def{
	{
		Sig: "read_csv(path, *, sep=None, decimal=None, thousands=None, quote=None, comment=None, header=None, na=None, keep=None, types=None, columns=None, day_first=None, skip=0, encoding=None, quiet=False)",
		Doc: "Reads a text file of separated values, plain or packed (gzip, bzip2, zstd, zip). Separator, decimal mark, quotes, header, comments, encoding, types and missing values are found from the contents and said in a few lines; each option overrides what is found.\n\n```python\nt = read_csv(\"adult.csv\")\nt = read_csv(\"adult.csv\", sep=\";\", na=[\"?\"], types={\"zip\": \"category\"})\n```",
		Args: []string{
			"sep: the separator, e.g. \";\"; \" \" stands for runs of spaces",
			"decimal: \".\" or \",\"; thousands: what groups digits in threes",
			"quote: what encloses values, `\"` or `'`; comment: the character with which comment lines begin",
			"header: whether the first line is names",
			"na: further texts that mean missing, besides the usual ones (empty, NA, N/A, nan, null, …), as a list or {column: list}",
			"keep: of the usual ones those that are values here, as a list or {column: list}",
			"types: {column: type}, with number, category, boolean, text or time",
			"columns: read only these; skip: lines before the header to pass over",
			"day_first: whether 01/02/2024 is the first of February",
			"encoding: utf-8, utf-16, cp949 or latin1",
			"quiet: does not say how the file was read",
		},
		Fn: readCSV,
	},
	{
		Sig: "read_parquet(path, columns=None)",
		Doc: "Reads a Parquet file, or only the named columns of it.",
		Fn: func(c *Call) (starlark.Value, error) {
			name, columns := c.Text("path", ""), c.Texts("columns")
			if c.Err() != nil {
				return nil, nil
			}
			var t *table.Table
			var notes []string
			var err error
			c.Release(func() { t, notes, err = table.ReadParquet(c.Context(), c.Session().path(name), columns...) })
			if err != nil {
				return nil, c.fileError(name, err)
			}
			c.say(name, t, notes)
			return tableOf(t), nil
		},
	},
	{
		Sig: "read_idx(images, labels=None, names=None)",
		Doc: "Reads pictures and their labels from two files in the format of MNIST, plain or gzip, as columns image and label. `names` are the classes by number.",
		Fn: func(c *Call) (starlark.Value, error) {
			images, labels, names := c.Text("images", ""), c.Text("labels", ""), c.Texts("names")
			if c.Err() != nil {
				return nil, nil
			}
			s := c.Session()
			labelPath := labels
			if labels != "" {
				labelPath = s.path(labels)
			}
			var t *table.Table
			var err error
			c.Release(func() { t, err = table.ReadIDX(s.path(images), labelPath, names) })
			if err != nil {
				if _, absent := os.Stat(s.path(images)); absent == nil && labels != "" {
					images = labels
				}
				return nil, c.fileError(images, err)
			}
			return tableOf(t), nil
		},
	},
}

func readCSV(c *Call) (starlark.Value, error) {
	name, quiet := c.Text("path", ""), c.Bool("quiet", false)
	o := table.CSVOptions{
		Sep: c.character("sep"), Decimal: c.character("decimal"), Thousands: c.character("thousands"), Quote: c.character("quote"), Comment: c.character("comment"),
		Columns: c.Texts("columns"), Skip: c.IntFrom("skip", 0, 0), Encoding: c.Text("encoding", ""), ColumnNA: map[string]table.NA{},
	}
	o.NA = c.textsByColumn("na", func(column string, texts []string) { o.ColumnNA[column] = table.NA{Add: texts} })
	o.Keep = c.textsByColumn("keep", func(column string, texts []string) {
		o.ColumnNA[column] = table.NA{Add: o.ColumnNA[column].Add, Keep: texts}
	})
	if c.Given("day_first") {
		o.Dates = table.MonthFirst
		if c.Bool("day_first", true) {
			o.Dates = table.DayFirst
		}
	}
	if c.Given("header") {
		o.Header = table.HeaderNo
		if c.Bool("header", true) {
			o.Header = table.HeaderYes
		}
	}
	if d, ok := c.Value("types").(*starlark.Dict); ok {
		o.Types = c.types(d)
	} else if c.Given("types") {
		c.wrong("types", "a dictionary {column: type}")
	}
	if c.Err() != nil {
		return nil, nil
	}
	var t *table.Table
	var report *table.CSVReport
	var err error
	c.Release(func() { t, report, err = table.ReadCSV(c.Context(), c.Session().path(name), o) })
	if err != nil {
		return nil, c.fileError(name, err)
	}
	if !quiet {
		c.say(name, t, report.Sentences())
	}
	return tableOf(t), nil
}

// textsByColumn reads a list of texts, one text, or lists by column, which it
// hands to of.
func (c *Call) textsByColumn(name string, of func(column string, texts []string)) []string {
	d, ok := c.Value(name).(*starlark.Dict)
	if !ok {
		return c.Texts(name)
	}
	for _, kv := range d.Items() {
		column, okC := starlark.AsString(kv[0])
		texts, okT := textsOf(kv[1])
		if s, one := starlark.AsString(kv[1]); one {
			texts, okT = []string{s}, true
		}
		if !okC || !okT {
			c.wrong(name, "a list of texts, or a dictionary {column: list of texts}")
			return nil
		}
		of(column, texts)
	}
	return nil
}

// say tells once, in a line or a few, what was read and how.
func (c *Call) say(name string, t *table.Table, sentences []string) {
	lines := append([]string{filepath.Base(name) + ": " + t.Size()}, sentences...)
	c.Host().Stream(cell.Stdout, strings.Join(lines, "\n  ")+"\n")
}

// character returns a text of one character.
func (c *Call) character(name string) byte {
	s := c.Text(name, "")
	if s == "\\t" || s == "tab" {
		s = "\t"
	}
	if c.Given(name) && len(s) != 1 {
		c.wrong(name, "one character, such as \",\"")
		return 0
	}
	if s == "" {
		return 0
	}
	return s[0]
}

// fileError says of a file that is not there which one is meant, perhaps.
func (c *Call) fileError(name string, err error) error {
	path := c.Session().path(name)
	if _, absent := os.Stat(path); errors.Is(absent, fs.ErrNotExist) {
		hint := "; paths are relative to the notebook"
		if strings.Contains(name, "://") {
			hint = "; nothing is read from the network: save the file beside the notebook"
		} else if near := nearFile(path); near != "" {
			hint = "; did you mean " + filepath.ToSlash(filepath.Join(filepath.Dir(name), near)) + "?"
		}
		return Errorf("FileError", "%s: there is no file %q%s", c.fn.name, name, hint)
	}
	return c.interrupted(c.dataError(err))
}

// nearFile is the file of a folder whose name is most like a path's, if any is.
func nearFile(path string) string {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return ""
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return nearest(filepath.Base(path), names)
}

// interrupted is the error of an interrupted cell if that is what an error is.
func (c *Call) interrupted(err error) error {
	if err != nil && c.Context().Err() != nil {
		return Errorf(cell.Interrupted, "the cell was interrupted; variables are as it left them")
	}
	return err
}
