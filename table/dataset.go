package table

import (
	"bytes"
	"context"
	"embed"
	"fmt"
	"math"
	"strings"
)

//go:embed data
var dataFiles embed.FS

// Info is what is known of a bundled or generated data set.
type Info struct {
	Name        string
	Description string
	Rows        int // 0 for generated data
	Columns     []ColumnInfo
	Target      string // the column that is usually predicted
	Licence     string
	Source      string // where it is from and whom to cite
}

// ColumnInfo explains a column of a data set.
type ColumnInfo struct {
	Name    string
	Type    Type
	Meaning string
}

// DatasetOptions is for generated data and for data in parts; the zero value
// gives each data set's defaults.
type DatasetOptions struct {
	N       int      // rows of generated data, default 500
	Noise   *float64 // standard deviation of added noise, default by data set
	Classes int      // blobs, or arms of spirals
	Seed    uint64
	Part    string // "train" (default) or "test" of fashion_mnist
}

// datasetDef is a bundled file with what is to be known of it.
type datasetDef struct {
	name, target, licence, source, description string
	rows, cols                                 int
	types                                      map[string]Type
	levels                                     map[string][]string // ordered levels
	meaning                                    func(column string) string
}

// Dataset returns a bundled or generated data set by name; Table.Info says
// what it is.
func Dataset(name string, o DatasetOptions) (*Table, error) {
	for _, d := range bundled() {
		if d.name == name {
			return d.load(o)
		}
	}
	for _, g := range generators() {
		if g.name == name {
			return g.make(o)
		}
	}
	switch name {
	case "fashion2000":
		return fashion2000(o)
	case "fashion_mnist":
		return fashionMNIST(o)
	}
	if near := Nearest(name, datasetNames()); near != "" {
		return nil, fmt.Errorf("no data set %q; did you mean %q?", name, near)
	}
	return nil, fmt.Errorf("no data set %q; there are %s", name, strings.Join(datasetNames(), ", "))
}

func datasetNames() []string {
	t := Datasets()
	names := make([]string, t.rows)
	for i := range names {
		names[i] = t.cols[0].Format(i)
	}
	return names
}

// Datasets lists what Dataset knows: name, rows and columns (missing for
// generated data), target, description, licence and source.
func Datasets() *Table {
	var name, target, description, licence, source []string
	var rows, cols []float64
	add := func(n, t, d, l, s string, r, c int) {
		name, target, description = append(name, n), append(target, t), append(description, d)
		licence, source = append(licence, l), append(source, s)
		count := float64(r)
		if r == 0 {
			count = math.NaN()
		}
		rows, cols = append(rows, count), append(cols, float64(c))
	}
	for _, d := range bundled() {
		add(d.name, d.target, d.description, d.licence, d.source, d.rows, d.cols)
	}
	for _, d := range []Info{fashionInfo("fashion2000", 2000), fashionInfo("fashion_mnist", 70000)} {
		add(d.Name, d.Target, d.Description, d.Licence, d.Source, d.Rows, len(d.Columns))
	}
	for _, g := range generators() {
		target := g.target
		if g.classes > 0 {
			target = "class"
		}
		add(g.name, target, g.description, "generated", g.source, 0, len(g.features)+1)
	}
	return must(New(Texts("name", name, nil), Numbers("rows", rows), Numbers("columns", cols), Texts("target", target, nil),
		Texts("description", description, nil), Texts("licence", licence, nil), Texts("source", source, nil)))
}

func (d datasetDef) load(o DatasetOptions) (*Table, error) {
	if err := o.onlySeed(d.name); err != nil {
		return nil, err
	}
	data, err := dataFiles.ReadFile("data/" + d.name + ".csv.gz")
	if err != nil {
		return nil, err
	}
	types := map[string]Type{}
	for k, t := range d.types {
		types[k] = t
	}
	t, _, err := ParseCSV(context.Background(), d.name, data, CSVOptions{Types: types})
	if err != nil {
		return nil, err
	}
	for _, name := range sortedKeys(d.levels) {
		c, err := t.Col(name)
		if err != nil {
			return nil, err
		}
		if c, err = c.ToText().ToCategory(d.levels[name]...); err != nil {
			return nil, err
		}
		if t, err = t.Assign(c); err != nil {
			return nil, err
		}
	}
	t.info = &Info{Name: d.name, Description: d.description, Rows: d.rows, Target: d.target, Licence: d.licence, Source: d.source}
	for _, c := range t.cols {
		t.info.Columns = append(t.info.Columns, ColumnInfo{c.name, c.typ, d.meaning(c.name)})
	}
	return t, nil
}

// onlySeed refuses options that are for generated data.
func (o DatasetOptions) onlySeed(name string) error {
	if o.N != 0 || o.Noise != nil || o.Classes != 0 || o.Part != "" {
		return fmt.Errorf("dataset(%q) is a fixed table and takes no further options; .sample(n) draws rows", name)
	}
	return nil
}

// meanings looks column meanings up.
func meanings(m map[string]string) func(string) string {
	return func(column string) string { return m[column] }
}

// fashionLabels are the classes of Fashion-MNIST in the order of their numbers.
var fashionLabels = []string{"t-shirt/top", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"}

func fashionInfo(name string, rows int) Info {
	i := Info{Name: name, Rows: rows, Target: "label", Licence: "MIT",
		Source: "Xiao, Rasul, Vollgraf: Fashion-MNIST, a novel image dataset for benchmarking machine learning algorithms, 2017 (arXiv 1708.07747)",
		Columns: []ColumnInfo{
			{"image", Image, "28 × 28 grey pixels, 0 (background) to 255"},
			{"label", Category, "what is shown"},
		}}
	i.Description = "pictures of clothes, 28 × 28 grey pixels, ten classes"
	if name == "fashion2000" {
		i.Description += "; the first 2,000 test pictures of Fashion-MNIST"
	} else {
		i.Description += `; 60,000 in part="train" and 10,000 in part="test"; needs Debian's package dataset-fashion-mnist`
	}
	return i
}

func fashion2000(o DatasetOptions) (*Table, error) {
	if err := o.onlySeed("fashion2000"); err != nil {
		return nil, err
	}
	images, err := dataFiles.ReadFile("data/fashion2000-images-idx3-ubyte.gz")
	if err != nil {
		return nil, err
	}
	labels, err := dataFiles.ReadFile("data/fashion2000-labels-idx1-ubyte.gz")
	if err != nil {
		return nil, err
	}
	return fashionTable("fashion2000", bytes.NewReader(images), bytes.NewReader(labels))
}

// fashionFolder is where Debian's package puts the files.
const fashionFolder = "/usr/share/datasets/fashion-mnist/"

func fashionMNIST(o DatasetOptions) (*Table, error) {
	prefix := map[string]string{"": "train", "train": "train", "test": "t10k"}[o.Part]
	if prefix == "" {
		return nil, fmt.Errorf(`part=%q: fashion_mnist has part="train" and part="test"`, o.Part)
	}
	t, err := ReadIDX(fashionFolder+prefix+"-images-idx3-ubyte.gz", fashionFolder+prefix+"-labels-idx1-ubyte.gz", fashionLabels)
	if err != nil {
		return nil, fmt.Errorf("fashion_mnist is not bundled (31 MB): install Debian's package dataset-fashion-mnist, or use dataset(\"fashion2000\") or read_idx: %w", err)
	}
	info := fashionInfo("fashion_mnist", t.rows)
	t.info = &info
	return t, nil
}
