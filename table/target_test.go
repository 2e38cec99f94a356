package table_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"mlpkernel/table"
)

func TestTargets(t *testing.T) {
	tab, _ := parse(t, "sex,kind,b,b2,zero,y,z\nm,u,true,false,0,1,4\nf,v,false,false,1,2,5\nm,w,true,true,0,6,9\n", table.CSVOptions{})
	for _, f := range []struct {
		names   []string
		o       table.TargetOptions
		kind    table.TargetKind
		width   int
		classes string
		first   string
	}{
		{[]string{"sex"}, table.TargetOptions{}, table.TargetBinary, 1, "[f m]", "[1 0 1] [1 0 1]"},
		{[]string{"sex"}, table.TargetOptions{Positive: "f"}, table.TargetBinary, 1, "[m f]", "[0 1 0] [0 1 0]"},
		{[]string{"kind"}, table.TargetOptions{}, table.TargetClasses, 3, "[u v w]", "[0 1 2] []"},
		{[]string{"b"}, table.TargetOptions{}, table.TargetBinary, 1, "[False True]", "[1 0 1] [1 0 1]"},
		{[]string{"zero"}, table.TargetOptions{}, table.TargetBinary, 1, "[0 1]", "[0 1 0] [0 1 0]"},
		{[]string{"zero"}, table.TargetOptions{Numbers: true, Raw: true}, table.TargetNumbers, 1, "[]", "[] [0 1 0]"},
		{[]string{"b", "b2"}, table.TargetOptions{}, table.TargetLabels, 2, "[b b2]", "[] [1 0 0 0 1 1]"},
		{[]string{"y", "z"}, table.TargetOptions{Raw: true}, table.TargetNumbers, 2, "[]", "[] [1 4 2 5 6 9]"},
	} {
		g, err := table.FitTarget(tab, f.names, f.o)
		if err != nil {
			t.Errorf("%v: %v", f.names, err)
			continue
		}
		e, err := g.Encode(tab)
		if err != nil {
			t.Errorf("%v: %v", f.names, err)
			continue
		}
		if g.Kind != f.kind || g.Width() != f.width || fmt.Sprint(g.Classes) != f.classes || fmt.Sprint(e.Class, e.Y) != f.first {
			t.Errorf("%v: %s %d %v %v %v", f.names, g.Kind, g.Width(), g.Classes, e.Class, e.Y)
		}
		data, _ := json.Marshal(g)
		var h table.Target
		if err := json.Unmarshal(data, &h); err != nil || !reflect.DeepEqual(*g, h) {
			t.Errorf("%v: read back %+v, %v", f.names, h, err)
		}
		if e.Class != nil {
			c, err := g.ClassColumn(e.Class)
			if err != nil || values(c) != values(col(t, tab, f.names[0])) || c.Type() != col(t, tab, f.names[0]).Type() {
				t.Errorf("%v: back %v, %v", f.names, c, err)
			}
		}
	}
	g, _ := table.FitTarget(tab, []string{"y"}, table.TargetOptions{})
	e, _ := g.Encode(tab)
	back := slices.Clone(e.Y)
	if g.Invert(back); math.Abs(back[2]-6) > 1e-12 || math.Abs(e.Y[0]+e.Y[1]+e.Y[2]) > 1e-12 {
		t.Errorf("standardised %v, back %v", e.Y, back)
	}
}

func TestTargetErrors(t *testing.T) {
	tab, _ := parse(t, "k,one,y\na,x,1\nb,x,NA\n", table.CSVOptions{})
	for _, f := range []struct {
		names []string
		o     table.TargetOptions
		want  string
	}{
		{nil, table.TargetOptions{}, "needs a target"}, {[]string{"one"}, table.TargetOptions{}, "every training row"},
		{[]string{"k"}, table.TargetOptions{Positive: "c"}, "there are a, b"}, {[]string{"kk"}, table.TargetOptions{}, `did you mean "k"`}, {[]string{"k", "y"}, table.TargetOptions{}, "number(...)"},
	} {
		if _, err := table.FitTarget(tab, f.names, f.o); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%v: %v, want %q", f.names, err, f.want)
		}
	}
	g, err := table.FitTarget(tab, []string{"y"}, table.TargetOptions{Numbers: true})
	if err != nil {
		t.Fatal(err)
	}
	if rows, _ := g.Complete(tab); !slices.Equal(rows, []int{0}) {
		t.Errorf("complete rows %v", rows)
	}
	if _, err := g.Encode(tab); err == nil || !strings.Contains(err.Error(), "missing in 1 rows") {
		t.Errorf("missing target: %v", err)
	}
}

func TestSplit(t *testing.T) {
	tab := dataset(t, "penguins")
	o := table.SplitOptions{Test: 0.2, Validation: 0.1, Stratify: "species", Seed: 1}
	p, err := table.SplitRows(tab, o)
	if err != nil {
		t.Fatal(err)
	}
	all := slices.Sorted(slices.Values(slices.Concat(p.Train, p.Validation, p.Test)))
	if len(p.Test) != 69 || len(p.Validation) != 34 || len(all) != 344 || len(slices.Compact(all)) != 344 {
		t.Errorf("sizes %d %d %d", len(p.Train), len(p.Validation), len(p.Test))
	}
	q, _ := table.SplitRows(tab, o)
	if !reflect.DeepEqual(p, q) {
		t.Error("the same seed splits differently")
	}
	o.Seed = 2
	if q, _ = table.SplitRows(tab, o); reflect.DeepEqual(p, q) {
		t.Error("another seed splits equally")
	}
	for _, side := range [][]int{p.Train, p.Test} {
		counts := col(t, tab.Take(side), "species").Counts()
		if share := counts.At(1).Floats()[0] / float64(len(side)); math.Abs(share-152./344) > .02 {
			t.Errorf("share of the first species is %.3f", share)
		}
	}
	_, valid, _, err := table.Split(tab, table.SplitOptions{Test: 50})
	if err != nil || valid != nil {
		t.Errorf("without validation: %v %v", valid, err)
	}
}

func TestSplitByGroupAndOrder(t *testing.T) {
	tab := dataset(t, "gapminder")
	train, _, test, err := table.Split(tab, table.SplitOptions{Test: 0.25, Group: "country"})
	if err != nil {
		t.Fatal(err)
	}
	in, _ := col(t, test, "country").IsIn(toAny(col(t, train, "country").Unique()))
	if both, _ := test.Filter(in); both.Len() > 0 {
		t.Errorf("%d rows of countries on both sides", both.Len())
	}
	if share := float64(test.Len()) / float64(tab.Len()); math.Abs(share-.25) > .01 {
		t.Errorf("test share %.3f", share)
	}
	train, _, test, err = table.Split(tab, table.SplitOptions{Test: 0.25, Order: "year"})
	if err != nil {
		t.Fatal(err)
	}
	last, _ := col(t, train, "year").Max()
	first, _ := col(t, test, "year").Min()
	if last.(float64) > first.(float64) {
		t.Errorf("training ends in %v, test begins in %v", last, first)
	}
}

func toAny(c *table.Column) []any {
	out := make([]any, c.Len())
	for i := range out {
		out[i] = c.Value(i)
	}
	return out
}

func TestFolds(t *testing.T) {
	tab := dataset(t, "iris")
	for _, o := range []table.FoldOptions{{}, {Stratify: "species", Seed: 3}, {Group: "petal_width"}, {Order: "sepal_length"}} {
		folds, err := table.Folds(tab, 5, o)
		if err != nil {
			t.Fatal(err)
		}
		var tested []int
		for _, f := range folds {
			tested = append(tested, f.Test...)
			if both := slices.ContainsFunc(f.Test, func(i int) bool { return slices.Contains(f.Train, i) }); both || len(f.Test) < 20 {
				t.Errorf("%+v: a fold of %d and %d rows", o, len(f.Train), len(f.Test))
			}
		}
		slices.Sort(tested)
		if n := len(slices.Compact(tested)); o.Order == "" && n != 150 || o.Order != "" && n != 125 {
			t.Errorf("%+v: %d rows tested", o, n)
		}
	}
}

func TestSplitErrors(t *testing.T) {
	tab := dataset(t, "iris")
	for _, f := range []struct {
		o    table.SplitOptions
		want string
	}{
		{table.SplitOptions{}, "needs test="}, {table.SplitOptions{Test: 1.5}, "share between"}, {table.SplitOptions{Test: 150}, "nothing is left"},
		{table.SplitOptions{Test: .2, Stratify: "specie"}, `did you mean "species"`}, {table.SplitOptions{Test: .2, Stratify: "species", Order: "sepal_length"}, "leave out"},
	} {
		if _, err := table.SplitRows(tab, f.o); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%+v: %v, want %q", f.o, err, f.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	data := "id,const,leak,code,x,when,y\n" + strings.Join(rowsOf(100, func(i int) string {
		y := "no"
		if i%3 == 0 {
			y = "yes"
		}
		if i == 7 {
			y = "rare"
		}
		return fmt.Sprintf("%d,5,%v,%s,%d,2020-%02d-%02d,%s", i+1, float64(len(y))+float64(i)/1000, y[:1], i*37%11, 1+i/28, 1+i%28, y)
	}), "\n")
	tab, _ := parse(t, data, table.CSVOptions{})
	features := []string{"id", "const", "leak", "code", "x"}
	two, _ := tab.Where("y != 'rare'")
	ws, err := table.CheckFeatures(two, features, "y")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range ws {
		got = append(got, w.Name+" "+strings.Join(w.Columns, ","))
	}
	want := []string{"identifier id", "constant const", "giveaway leak,code"}
	if !slices.Equal(got, want) {
		t.Errorf("warnings %q, want %q", got, want)
	}
	ws, _ = table.CheckFeatures(tab, features, "y", table.WarnIdentifier, table.WarnConstant, table.WarnGiveaway)
	if len(ws) != 1 || ws[0].Name != table.WarnRareClass {
		t.Errorf("rare: %v", ws)
	}
	if ws, err = table.CheckFeatures(tab.Slice(0, 0), features, "y"); err != nil || len(ws) > 0 {
		t.Errorf("no rows: %v, %v", ws, err)
	}
	train, _, test, _ := table.Split(tab, table.SplitOptions{Test: .2})
	ws, _ = table.CheckSplit(train, test, []string{"x", "when"})
	if len(ws) != 1 || ws[0].Name != table.WarnTimeOrder {
		t.Errorf("split at random: %v", ws)
	}
	train, _, test, _ = table.Split(tab, table.SplitOptions{Test: .2, Order: "when"})
	if ws, _ = table.CheckSplit(train, test, []string{"when"}); len(ws) != 0 {
		t.Errorf("split by order: %v", ws)
	}
	if ws, _ = table.CheckSplit(train, test, []string{"x"}); len(ws) != 0 {
		t.Errorf("values that many rows have by nature: %v", ws)
	}
	n := make([]float64, 100)
	for i := range n {
		n[i] = float64(i % 40)
	}
	twice, _ := table.New(table.Numbers("n", n))
	if ws, _ = table.CheckSplit(twice.Slice(0, 80), twice.Slice(80, 100), nil); len(ws) != 1 || ws[0].Name != table.WarnDuplicates || !strings.Contains(ws[0].Message, "20 of 20") {
		t.Errorf("duplicates: %v", ws)
	}
	for _, name := range []string{"penguins", "iris", "wine", "breast_cancer", "diabetes", "gapminder", "churn", "diamonds", "fashion2000"} {
		tab := dataset(t, name)
		if ws, _ := table.CheckFeatures(tab, tab.Columns(), tab.Info().Target); len(ws) > 0 {
			t.Errorf("%s: %v", name, ws)
		}
	}
}

// TestGiveawayInManyRows has rows enough that a few of them are looked at first.
func TestGiveawayInManyRows(t *testing.T) {
	const rows = 2000
	y := make([]string, rows)
	x := map[string][]float64{}
	when := make([]time.Time, rows)
	for _, name := range []string{"leak", "turned", "gaps", "near", "mixed"} {
		x[name] = make([]float64, rows)
	}
	r := rand.New(rand.NewPCG(1, 1))
	for i := range rows {
		class := r.IntN(2)
		y[i] = []string{"no", "yes"}[class]
		v := float64(class) + 0.15*r.NormFloat64()
		x["leak"][i], x["turned"][i], x["gaps"][i] = v, -v, v
		x["near"][i], x["mixed"][i] = float64(class)+0.6*r.NormFloat64(), r.NormFloat64()
		when[i] = time.UnixMicro(int64(1e6 * (10 + v)))
		if i%3 == 0 {
			x["gaps"][i], when[i] = math.NaN(), time.Time{}
		}
	}
	cols := []*table.Column{table.Categories("y", y, nil), table.Times("when", when)}
	for name, v := range x {
		cols = append(cols, table.Numbers(name, v))
	}
	tab, err := table.New(cols...)
	if err != nil {
		t.Fatal(err)
	}
	found, err := table.CheckFeatures(tab, []string{"leak", "turned", "gaps", "when", "near", "mixed"}, "y")
	if err != nil || len(found) != 1 || !slices.Equal(found[0].Columns, []string{"leak, turned, gaps, when"}) && !slices.Equal(found[0].Columns, []string{"leak", "turned", "gaps", "when"}) {
		t.Errorf("%v, %v; want leak, turned, gaps and when", found, err)
	}
}
