package dsl_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/dsl"
)

// inFolder is a notebook in a folder of its own with files.
func inFolder(t *testing.T, files map[string]string) (*notebook, string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &notebook{s: dsl.New(dsl.Options{Dir: dir, Version: "test"})}, dir
}

func zipped(t *testing.T, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestFiles(t *testing.T) {
	nb, _ := inFolder(t, map[string]string{
		"a.csv":   "id;when;x;kind\n1;2024-01-05;1,5;a\n2;2024-02-01;;b\n3;2024-03-01;2,5;a\n",
		"bad.csv": "a,b\n1,2\n3\n",
		"images":  zipped(t, []byte{0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4}),
		"labels":  "\x00\x00\x08\x01\x00\x00\x00\x02\x01\x00",
	})
	for _, tt := range []struct{ src, want string }{
		{"t = read_csv(\"a.csv\")", "a.csv: 3 rows × 4 columns\n  separator ';', decimal mark ',', UTF-8, first line is the header\n  taken for missing: \"\" 1 times"},
		{"t.types", "{'id': 'number', 'when': 'time', 'x': 'number', 'kind': 'category'}"},
		{"list(t[\"x\"]), list(t[\"when\"])", "([1.5, None, 2.5], ['2024-01-05', '2024-02-01', '2024-03-01'])"},
		{"u = read_csv(\"a.csv\", sep=\";\", columns=[\"kind\", \"x\"], types={\"x\": \"text\"}, na=[\"b\"], quiet=True)\nu.types, list(u[\"kind\"]), list(u[\"x\"])", "({'kind': 'category', 'x': 'text'}, ['a', None, 'a'], ['1,5', None, '2,5'])"},
		{"read_csv(\"a.csv\", header=False, skip=1, quiet=True).columns", "['column_1', 'column_2', 'column_3', 'column_4']"},
		{"t.to_csv(\"b.csv.gz\")\nread_csv(\"b.csv.gz\", quiet=True) == t", "True"},
		{"t.to_parquet(\"b.parquet\")\nread_parquet(\"b.parquet\") == t", "b.parquet: 3 rows × 4 columns\nTrue"},
		{"read_parquet(\"b.parquet\", columns=[\"x\"]).columns", "b.parquet: 3 rows × 1 column\n['x']"},
		{"i = read_idx(\"images\", \"labels\", names=[\"no\", \"yes\"])\ni.types, list(i[\"label\"]), i[\"image\"][1], array(i[\"image\"]).shape", "({'image': 'image', 'label': 'category'}, ['yes', 'no'], array([[3., 4.]]), (2, 1, 2))"},
		{"i[0]", "image  image 1×2\nlabel  yes"},
	} {
		if got := nb.run(tt.src); got != tt.want {
			t.Errorf("%s\nshows\n%s\nwant\n%s", tt.src, got, tt.want)
		}
	}
	for src, want := range map[string]string{
		"read_csv(\"bad.csv\")":                               "1 of 2",
		"read_csv(\"c.csv\")":                                 "FileError: read_csv: there is no file \"c.csv\"; did you mean",
		"read_csv(\"a.csv\", types={\"kind\": \"number\"})":   "is not a number",
		"read_csv(\"a.csv\", columns=[\"knd\"])":              "did you mean \"kind\"?",
		"read_csv(\"a.csv\", sep=\"ab\")":                     "want one character",
		"read_parquet(\"a.csv\")":                             "not a Parquet file",
		"read_parquet(\"b.parquet\", \"y\")":                  "no column \"y\"",
		"read_idx(\"images\", \"lables\")":                    "did you mean labels?",
		"i.to_csv(\"i.csv\")":                                 "image",
		"t.to_csv(\"nosuch/b.csv\")":                          "FileError: to_csv: \"nosuch/b.csv\" cannot be written",
		"sql(\"select * from penguins\", file=\"no.sqlite\")": "there is no file",
	} {
		if got := nb.run(src); !strings.Contains(got, want) {
			t.Errorf("%s\nshows\n%s\nwant %s", src, got, want)
		}
	}
}

func TestDataCompletes(t *testing.T) {
	nb := newNotebook(t)
	nb.run("t = dataset(\"penguins\")\nrow = t[0]")
	for _, tt := range []struct{ src, want string }{
		{"dataset(\"peng", "penguins"},
		{"t[\"bill", "bill_length_mm bill_depth_mm"},
		{"t[[\"species\", \"is", "island"},
		{"row[\"se", "sex"},
		{"t.select(\"sp", "species"},
		{"split(t, stratify=\"sp", "species"},
		{"t.desc", "describe"},
		{"read_csv(\"uti", "util.star"},
		{"split(t, str", "stratify= str"},
	} {
		if got := texts(nb.s.Complete(tt.src, len([]rune(tt.src))).Matches); got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.src, got, tt.want)
		}
	}
}

func TestDataShowsHTML(t *testing.T) {
	nb := newNotebook(t)
	nb.run("t = dataset(\"penguins\")")
	for _, src := range []string{"t", "t[0]", "t[\"sex\"]", "t.describe()", "datasets()"} {
		v, err := nb.s.Execute(context.Background(), cell.Code{Source: src, Count: 2}, &screen{})
		if err != nil {
			t.Fatal(err)
		}
		if s, _ := v.Data["text/html"].(string); !strings.Contains(s, "<table") || v.Plain() == "" {
			t.Errorf("%s: no table in HTML, or no text", src)
		}
	}
}

// starter is a screen that tells when a cell first says something.
type starter struct {
	screen
	started chan struct{}
}

func (s *starter) Stream(name, text string) { close(s.started) }

// TestInterruptReading checks that a query without end ends, the lock is free
// meanwhile, and nothing is bound.
func TestInterruptReading(t *testing.T) {
	nb := newNotebook(t)
	nb.run("x = 1")
	ctx, cancel := context.WithCancel(context.Background())
	h := &starter{started: make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		_, err := nb.s.Execute(ctx, cell.Code{Source: "print()\nx = sql(\"with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n\")", Count: 2}, h)
		ended <- err
	}()
	<-h.started
	if nb.s.Complete("prin", 4).Matches == nil {
		t.Error("no completion while a query runs")
	}
	cancel()
	err := <-ended
	if e, ok := err.(*cell.Error); !ok || e.Name != cell.Interrupted {
		t.Errorf("got %v, want %s", err, cell.Interrupted)
	}
	if got := nb.run("x"); got != "1" {
		t.Errorf("x is %s", got)
	}
}
