package table_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mlpkernel/table"
)

// small is a table with every type of single values and some missing.
func small(t *testing.T) *table.Table {
	t.Helper()
	tab, _ := parse(t, "n,c,b,d,word\n1,x,true,2020-01-01,aa\n2,y,NA,2020-01-02,bb\nNA,x,false,NA,cc\n4,NA,true,2020-01-04,aa\n",
		table.CSVOptions{Types: map[string]table.Type{"word": table.Text}})
	return tab
}

func col(t *testing.T, tab *table.Table, name string) *table.Column {
	t.Helper()
	c, err := tab.Col(name)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func values(c *table.Column) string {
	var out []string
	for i := range c.Len() {
		s := c.Format(i)
		if c.IsMissing(i) {
			s = "."
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func TestBinary(t *testing.T) {
	tab := small(t)
	n, c, b, d := col(t, tab, "n"), col(t, tab, "c"), col(t, tab, "b"), col(t, tab, "d")
	for _, f := range []struct {
		op   string
		x, y any
		want string
	}{
		{"+", n, 1.0, "2 3 . 5"}, {"-", 10, n, "9 8 . 6"}, {"*", n, n, "1 4 . 16"}, {"/", n, 0.0, "inf inf . inf"},
		{"//", n, 2.0, "0 1 . 2"}, {"%", -7.0, n, "0 1 . 1"}, {"**", n, 2, "1 4 . 16"},
		{">", n, 1.5, "False True . True"}, {"<", 1.5, n, "False True . True"}, {"==", c, "x", "True False True ."},
		{"!=", c, "z", "True True True ."}, {">=", d, "2020-01-02", "False True . True"}, {"==", b, true, "True . False True"},
		{"<", n, n, "False False . False"},
	} {
		got, err := table.Binary(f.op, f.x, f.y)
		if err != nil {
			t.Errorf("%s: %v", f.op, err)
		} else if values(got) != f.want {
			t.Errorf("%v %s %v: %s, want %s", f.x, f.op, f.y, values(got), f.want)
		}
	}
	for _, f := range []struct {
		op   string
		x, y any
		want string
	}{
		{"+", c, 1.0, `"c" is category`}, {"&", n, b, "parentheses"}, {"==", n, "a", "cannot be compared"},
		{"==", n, nil, "is missing"}, {"+", n, tab.Head(2).At(0), "4 rows and 2 rows"}, {">", d, "soon", `"soon"`},
	} {
		if _, err := table.Binary(f.op, f.x, f.y); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: error %v, want %q", f.op, err, f.want)
		}
	}
}

func TestLogic(t *testing.T) {
	f := table.Booleans("f", []bool{false, false, false}, nil)
	u := table.Booleans("u", []bool{false, true, false}, []bool{false, false, true})
	and, _ := table.Binary("&", u, u)
	or, _ := table.Binary("|", u, true)
	none, _ := table.Binary("&", u, f)
	not, _ := u.Not()
	for _, g := range []struct{ got, want string }{
		{values(and), "False True ."}, {values(or), "True True True"}, {values(none), "False False False"}, {values(not), "True False ."},
	} {
		if g.got != g.want {
			t.Errorf("got %s, want %s", g.got, g.want)
		}
	}
}

func TestStatistics(t *testing.T) {
	n := table.Numbers("n", []float64{3, math.NaN(), 1, 2, 10})
	get := func(f func() (float64, error)) float64 { x, _ := f(); return x }
	q9, _ := n.Quantile(.9)
	lo, _ := n.Min()
	for _, f := range []struct {
		name      string
		got, want float64
	}{
		{"sum", get(n.Sum), 16}, {"mean", get(n.Mean), 4}, {"std", get(n.Std), math.Sqrt(50. / 3)}, {"median", get(n.Median), 2.5},
		{"q90", q9, 7.9}, {"min", lo.(float64), 1}, {"missing", float64(n.Missing()), 1},
	} {
		if math.Abs(f.got-f.want) > 1e-12 {
			t.Errorf("%s is %v, want %v", f.name, f.got, f.want)
		}
	}
	c := table.Categories("c", []string{"b", "a", "b", "?"}, []bool{false, false, false, true})
	if got, want := dump(c.Counts()), "c:category count:number / b 2/ a 1"; got != want {
		t.Errorf("counts %q, want %q", got, want)
	}
	if got := values(c.Unique()); got != "a b" {
		t.Errorf("unique %q", got)
	}
	if _, err := c.Mean(); err == nil || !strings.Contains(err.Error(), "category") {
		t.Errorf("mean of a category: %v", err)
	}
}

func TestWhere(t *testing.T) {
	tab := small(t)
	for _, f := range []struct {
		condition string
		args      []any
		want      string
	}{
		{"n > ? and c = ?", []any{1.5, "y"}, "2"}, {"n > 1.5", nil, "2 4"}, {"not (n > 1.5)", nil, "1"}, {"n is missing", nil, "."},
		{"c is not null", nil, "1 2 ."}, {"c in ('x', 'z') or n = 4", nil, "1 . 4"}, {"c not in ?", []any{[]any{"x"}}, "2"},
		{"n + 1 >= 3 and b", nil, "4"}, {"`word` == 'aa' AND \"n\" <> 1", nil, "4"}, {"d > '2020-01-01'", nil, "2 4"}, {"n * -2 < -3", nil, "2 4"}, {"b = true", nil, "1 4"},
	} {
		got, err := tab.Where(f.condition, f.args...)
		if err != nil {
			t.Errorf("%s: %v", f.condition, err)
		} else if values(got.At(0)) != f.want {
			t.Errorf("%s: %s, want %s", f.condition, values(got.At(0)), f.want)
		}
	}
	for _, f := range []struct {
		condition string
		args      []any
		want      string
	}{
		{"m > 1", nil, `no column "m"`}, {"n > ", nil, "too early"}, {"n > ?", nil, "question marks"}, {"n > 1", []any{1}, "1 values"},
		{"n", nil, "not a condition"}, {"c = 'x", nil, "not closed"}, {"n > 1 n", nil, "did not expect"}, {"(n > 1", nil, "parenthesis"},
	} {
		if _, err := tab.Where(f.condition, f.args...); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: error %v, want %q", f.condition, err, f.want)
		}
	}
}

func FuzzWhere(f *testing.F) {
	tab, err := table.New(table.Numbers("n", []float64{1, 2}), table.Categories("c", []string{"x", "y"}, nil))
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range []string{"n > 1", "c in ('x')", "not n is missing", "((n)", "n -- 1 'x", "?", "\xc30", "n > \u0663"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { tab.Where(s, 1.0) })
}

func TestTableOperations(t *testing.T) {
	tab := small(t)
	must := func(u *table.Table, err error) *table.Table {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return u
	}
	double, _ := table.Binary("*", col(t, tab, "n"), 2.0)
	for _, f := range []struct {
		name string
		got  *table.Table
		want string
	}{
		{"select", must(tab.Select("c", "n")).Head(1), "c:category n:number / x 1"},
		{"slice", tab.Slice(1, 3).Slice(1, 99), "n:number c:category b:boolean d:time word:text / . x False . cc"},
		{"drop missing", must(tab.DropMissing()), "n:number c:category b:boolean d:time word:text / 1 x True 2020-01-01 aa"},
		{"rename", must(must(tab.Select("n")).Rename(map[string]string{"n": "m"})).Head(1), "m:number / 1"},
		{"assign", must(must(tab.Select("n")).Assign(double.Named("m"))).Head(1), "n:number m:number / 1 2"},
		{"sort", must(must(tab.Select("n")).Sort(true, "n")), "n:number / 4/ 2/ 1/ ."},
		{"sort words", must(must(tab.Select("word", "n")).Sort(false, "word", "n")), "word:text n:number / aa 1/ aa 4/ bb 2/ cc ."},
		{"tail", must(tab.Select("n")).Tail(1), "n:number / 4"},
		{"group", must(tab.GroupBy([]string{"c"}, table.Agg{Fn: "count"}, table.Agg{Column: "n", Fn: "mean"})), "c:category count:number n_mean:number / x 2 1/ y 1 2/ . 1 4"},
		{"pivot", must(tab.Pivot("word", "c", "n", "sum")), "word:text x:number y:number / aa 1 ./ bb . 2/ cc 0 ."},
	} {
		if got := dump(f.got); got != f.want {
			t.Errorf("%s: %q, want %q", f.name, got, f.want)
		}
	}
	if _, err := tab.Col("wrod"); err == nil || !strings.Contains(err.Error(), `did you mean "word"`) {
		t.Errorf("near name: %v", err)
	}
}

func TestJoin(t *testing.T) {
	a, _ := parse(t, "k,v\n1,a\n2,b\n3,c\nNA,d\n", table.CSVOptions{})
	b, _ := parse(t, "k,v\n1,x\n1,y\n4,u\n3,z\nNA,w\n", table.CSVOptions{})
	for how, want := range map[string]string{
		"inner": "k:number v:category v_2:category / 1 a x/ 1 a y/ 3 c z",
		"left":  "k:number v:category v_2:category / 1 a x/ 1 a y/ 2 b ./ 3 c z/ . d .",
		"anti":  "k:number v:category / 2 b/ . d",
		"outer": "k:number v:category v_2:category / 1 a x/ 1 a y/ 2 b ./ 3 c z/ . d ./ 4 . u/ . . w",
	} {
		got, err := a.Join(b, []string{"k"}, how)
		if err != nil || dump(got) != want {
			t.Errorf("%s: %v %q, want %q", how, err, dump(got), want)
		}
	}
}

func TestJoinOfCategories(t *testing.T) {
	size, err := table.Categories("size", []string{"small", "large"}, nil).ToCategory("small", "large")
	if err != nil {
		t.Fatal(err)
	}
	a, _ := table.New(size, table.Numbers("x", []float64{1, 2}))
	b, _ := table.New(table.Categories("size", []string{"large", "giant"}, nil), table.Numbers("y", []float64{3, 4}))
	got, err := a.Join(b, []string{"size"}, "outer")
	if want := "size:category x:number y:number / small 1 ./ large 2 3/ giant . 4"; err != nil || dump(got) != want {
		t.Errorf("%v %q, want %q", err, dump(got), want)
	}
	if levels := got.At(0).Levels(); strings.Join(levels, " ") != "small large giant" {
		t.Errorf("levels %q", levels)
	}
}

func TestDescribeAndString(t *testing.T) {
	tab := small(t)
	d := tab.Describe()
	if got := values(col(t, d, "mean")); got != "2.3333333333333335 . . . ." {
		t.Errorf("means %q", got)
	}
	if got := values(col(t, d, "top")); got != ". x True 2020-01-01 aa" {
		t.Errorf("tops %q", got)
	}
	want := "4 rows × 5 columns"
	if s := tab.String(); !strings.HasSuffix(s, want) || !strings.Contains(s, "number, 1 missing") {
		t.Errorf("text is\n%s", s)
	}
}

func TestConvertAndFill(t *testing.T) {
	tab := small(t)
	n, c := col(t, tab, "n"), col(t, tab, "c")
	cat, _ := n.ToCategory()
	back, _ := cat.ToNumber()
	filled, _ := c.Fill("none")
	in, _ := n.IsIn([]any{1, 4.0})
	levels, _ := c.ToText().ToCategory("y", "x")
	for _, f := range []struct{ got, want string }{
		{fmt.Sprint(cat.Levels()), "[1 2 4]"}, {values(back), values(n)}, {values(filled), "x y x none"}, {values(in), "True False . True"},
		{fmt.Sprint(levels.Levels(), levels.Codes()), "[y x] [1 0 1 -1]"},
	} {
		if f.got != f.want {
			t.Errorf("got %s, want %s", f.got, f.want)
		}
	}
	if _, err := c.ToNumber(); err == nil || !strings.Contains(err.Error(), `"x" is not a number`) {
		t.Errorf("number of text: %v", err)
	}
	mixed, err := table.FromValues("m", []any{1, true, nil, 2.5})
	if err != nil || values(mixed) != "1 1 . 2.5" {
		t.Errorf("mixed: %v %v", mixed, err)
	}
	if _, err := table.FromValues("m", []any{1, "a"}); err == nil {
		t.Error("numbers and text in one column")
	}
}
