package display_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"mlpkernel/display"
)

func ExampleTableView() {
	v := display.TableView{
		Name: "penguins",
		Columns: []display.TableColumn{
			{Name: "species", Type: "category", Cells: []string{"Adelie", "Adelie", "Gentoo"}},
			{Name: "bill_length_mm", Type: "number", Missing: 2, Right: true, Cells: []string{"39.1", "", "49.9"}, Absent: []bool{false, true, false}},
			{Name: "섬", Type: "category", Cells: []string{"토르거센", "드림", "비스코"}},
			{Name: "year", Type: "number", Right: true, Cells: []string{"2007", "2007", "2009"}},
		},
		Head: 2, Rows: 344, TotalColumns: 7,
	}
	fmt.Println(v.Bundle().Plain())
	// Output:
	// penguins
	// species      bill_length_mm  섬          year
	// category  number, 2 missing  category  number
	// ────────  ─────────────────  ────────  ──────
	// Adelie                 39.1  토르거센    2007
	// Adelie                    –  드림        2007
	// …                         …  …              …
	// Gentoo                 49.9  비스코      2009
	// 344 rows × 7 columns (4 shown)
}

func ExampleDescribeView() {
	v := display.DescribeView{
		Rows:  344,
		Stats: []string{"mean", "min", "max"},
		Columns: []display.DescribeColumn{
			{Name: "body_mass_g", Type: "number", Missing: 2, Stats: []string{"4202", "2700", "6300"}, Shape: []float64{3, 9, 16, 22, 20, 12, 8, 4, 1}, ShapeText: "2700 … 6300"},
			{Name: "species", Type: "category", Stats: []string{"", "", ""}, Shape: []float64{152, 124, 68}, ShapeText: "3 levels"},
		},
	}
	fmt.Println(v.Bundle().Plain())
	// Output:
	// column       type      missing  mean   min   max  shape
	// ───────────  ────────  ───────  ────  ────  ────  ─────────  ───────────
	// body_mass_g  number          2  4202  2700  6300  ▂▄▆██▅▃▂▁  2700 … 6300
	// species      category        0                    █▇▄        3 levels
	// 344 rows × 2 columns
}

func ExampleSummaryView() {
	v := display.SummaryView{
		Name: "dense(64, relu) >> skip(dense(64)) >> output()",
		Layers: []display.SummaryLayer{
			{Name: "dense_1", Kind: "dense", Inputs: 4, Units: 64, Details: "relu, he_normal", Parameters: 320},
			{Name: "skip_1", Kind: "skip", Inputs: 64, Units: 64},
			{Name: "dense_2", Kind: "dense", Inputs: 64, Units: 64, Details: "linear, glorot_uniform", Parameters: 4160, Depth: 1},
			{Name: "output", Kind: "dense", Inputs: 64, Units: 3, Details: "softmax, glorot_uniform", Parameters: 195},
		},
		Fields: []display.Field{{Name: "loss", Value: "cross-entropy"}, {Name: "time", Value: "1.2 s", Volatile: true}},
	}
	b := v.Bundle()
	fmt.Println(b.Plain())
	fmt.Printf("%q\n", b.Volatile)
	// Output:
	// dense(64, relu) >> skip(dense(64)) >> output()
	// layer      kind   in  out  parameters  details
	// ─────────  ─────  ──  ───  ──────────  ───────────────────────
	// dense_1    dense   4   64         320  relu, he_normal
	// skip_1     skip   64   64           0
	//   dense_2  dense  64   64        4160  linear, glorot_uniform
	// output     dense  64    3         195  softmax, glorot_uniform
	// total                            4675
	//
	// loss  cross-entropy
	// time  1.2 s
	// ["time  1.2 s" ">1.2 s</td>"]
}

func ExampleReportView() {
	v := display.ReportView{
		Classes: []display.ReportClass{{Name: "아델리", Precision: 0.96, Recall: 1, F1: 0.98, Rows: 31}, {Name: "chinstrap", Precision: 1, Recall: 0.857, F1: 0.923, Rows: 14}},
		Fields:  []display.Field{{Name: "accuracy", Value: "0.971"}},
	}
	fmt.Println(v.Bundle().Plain())
	// Output:
	// class      precision  recall     F1  rows
	// ─────────  ─────────  ──────  ─────  ────
	// 아델리         0.960   1.000  0.980    31
	// chinstrap      1.000   0.857  0.923    14
	//
	// accuracy  0.971
}

func ExampleProgress_Line() {
	p := display.Progress{Unit: "epoch", Done: 7, Total: 50, Measures: []display.Measure{{Name: "loss", Value: 0.31}, {Name: "val", Value: 0.35}}}
	fmt.Println(p.Line())
	// Output: epoch  7/50  loss 0.310  val 0.350
}

func ExampleHTML() {
	fmt.Println(display.HTML("<style>p{}</style><p>a &lt; b</p><ul><li>one<li>two</ul>", "").Plain())
	// Output:
	// a < b
	// one
	// two
}

func TestTableHTML(t *testing.T) {
	cells := make([]string, 5000)
	for i := range cells {
		cells[i] = "<b>" + strings.Repeat("x", 200) + "\n"
	}
	b := display.TableView{Name: "<script>", Columns: []display.TableColumn{{Name: "a&b", Cells: cells}}, Head: 5000, Rows: 5000}.Bundle()
	markup := b.Data["text/html"].(string)
	for _, bad := range []string{"<script>", "<b>", "a&b", "color:#"} {
		if strings.Contains(markup, bad) {
			t.Errorf("the HTML contains %q", bad)
		}
	}
	if rows := strings.Count(markup, "<tr>"); rows > 110 {
		t.Errorf("the HTML has %d rows, want about a page", rows)
	}
	if lines := strings.Count(b.Plain(), "\n"); lines > 110 {
		t.Errorf("the text has %d lines, want about a page", lines)
	}
}

func TestTableViewsOfNothing(t *testing.T) {
	for _, b := range []display.Bundler{
		display.TableView{}, display.DescribeView{}, display.RecordView{}, display.SummaryView{}, display.ReportView{},
		display.TableView{Columns: []display.TableColumn{{Name: "a"}}}, display.TableView{Head: 3, Rows: 3},
	} {
		if _, ok := b.Bundle().Data["text/html"]; !ok {
			t.Errorf("%T: no HTML", b)
		}
	}
}

// TestWideTable looks at a table too wide for a page of text.
func TestWideTable(t *testing.T) {
	var v display.TableView
	for i := range 30 {
		v.Columns = append(v.Columns, display.TableColumn{Name: fmt.Sprintf("column_%d", i), Cells: []string{"0.123"}})
	}
	for _, line := range strings.Split(v.Bundle().Plain(), "\n") {
		if len([]rune(line)) > 100 {
			t.Errorf("a line has %d letters: %s", len([]rune(line)), line)
		}
	}
}

func TestTexts(t *testing.T) {
	if got := display.Latex("y = x").Data["text/latex"]; got != "$$y = x$$" {
		t.Errorf("a bare formula became %q", got)
	}
	if got := display.Latex("$y$").Data["text/latex"]; got != "$y$" {
		t.Errorf("a marked formula became %q", got)
	}
	if got := display.Markdown("# a").MIMETypes(); !slices.Equal(got, []string{"text/markdown", "text/plain"}) {
		t.Errorf("Markdown has types %v", got)
	}
}

func TestSlider(t *testing.T) {
	var figures []*display.Figure
	var labels []string
	for i := range 70 {
		f, err := display.Loss(display.LossData{Runs: []display.Run{losses(uint64(i), 0.2)}}, display.Options{})
		if err != nil {
			t.Fatal(err)
		}
		figures, labels = append(figures, f), append(labels, fmt.Sprint(i+1))
	}
	b, err := display.Slider(figures, labels, "epoch")
	if err != nil {
		t.Fatal(err)
	}
	page := b.Data["text/html"].(string)
	if n := strings.Count(page, "<img"); n != 60 {
		t.Errorf("the page has %d pictures, want 60", n)
	}
	for _, outside := range []string{"http:", "https:", " id="} {
		if strings.Contains(page, outside) {
			t.Errorf("the page contains %q", outside)
		}
	}
	if !slices.Equal(b.MIMETypes(), []string{"image/png", "text/html", "text/plain"}) || !strings.Contains(b.Plain(), "epoch 70") {
		t.Errorf("types %v, text %q", b.MIMETypes(), b.Plain())
	}
	if _, err := display.Slider(figures, labels[1:], "epoch"); err == nil {
		t.Error("too few labels are accepted")
	}
}
