package table_test

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"mlpkernel/table"
)

func fitPrep(t *testing.T, p table.Prep, tab *table.Table, features ...string) (*table.Fitted, *table.Encoded[float64]) {
	t.Helper()
	if features == nil {
		features = tab.Columns()
	}
	f, err := table.FitPrep(p, tab, features)
	if err != nil {
		t.Fatal(err)
	}
	e, err := f.Apply64(tab)
	if err != nil {
		t.Fatal(err)
	}
	return f, e
}

// matrix writes rounded rows.
func matrix(e *table.Encoded[float64]) string {
	var b strings.Builder
	for i := range e.Rows {
		for _, x := range e.X[i*e.Width : (i+1)*e.Width] {
			fmt.Fprintf(&b, "%.4g ", x)
		}
		b.WriteString("/ ")
	}
	return strings.TrimSuffix(b.String(), " / ")
}

func TestPreps(t *testing.T) {
	tab, _ := parse(t, "a,b,c,flag\n0,1,x,0\n2,1,y,1\n4,NA,x,0\n10,5,NA,1\n", table.CSVOptions{})
	for _, f := range []struct {
		prep               table.Prep
		columns            string
		source, names, out string
	}{
		{table.Standardize{}, "a flag", `standardize()`, "a flag", "-1.069 0 / -0.5345 1 / 0 0 / 1.604 1"},
		{table.Robust{}, "a", `robust()`, "a", "-0.75 / -0.25 / 0.25 / 1.75"},
		{table.Robust{}, "b", `robust()`, "b", "0 / 0 / 0 / 2"},
		{table.Chain{table.Robust{}, table.SmoothClip{}}, "a", `robust() >> smooth_clip(3)`, "a", "-0.7276 / -0.2491 / 0.2491 / 1.512"},
		{table.Log1p{Columns: []string{"a"}}, "a", `log1p("a")`, "a", "0 / 1.099 / 1.609 / 2.398"},
		{table.Impute{Strategy: "mean", Flag: true}, "b flag", `impute("mean", flag=True)`, "b|b is missing|flag", "1 0 0 / 1 0 1 / 2.333 1 0 / 5 0 1"},
		{table.Impute{Strategy: "constant", Value: -1.0, Columns: []string{"b"}}, "b", `impute("constant", "b", value=-1)`, "b", "1 / 1 / -1 / 5"},
		{table.Impute{Strategy: "most_frequent"}, "b c", `impute("most_frequent")`, "b c=x c=y", "1 1 0 / 1 0 1 / 1 1 0 / 5 1 0"},
		{table.OneHot{}, "c", `one_hot()`, "c=x c=y", "1 0 / 0 1 / 1 0 / 0 0"},
		{table.OneHot{Signed: true}, "c", `one_hot(signed=True)`, "c=y", "-1 / 1 / -1 / 0"},
		{table.Ordinal{}, "c", `ordinal()`, "c", "0 / 1 / 0 / 0"},
		{table.Chain{table.Bin{Bins: 2}}, "a", `bin(2)`, "a=below 3|a=from 3", "1 0 / 1 0 / 0 1 / 0 1"},
		{table.QuantileNormal{}, "a", `quantile_normal()`, "a", "-5.199 / -0.4307 / 0.4307 / 5.199"},
		{nil, "a b", "None", "a b", "0 1 / 2 1 / 4 1 / 10 5"},
	} {
		t.Run(f.source, func(t *testing.T) {
			fitted, e := fitPrep(t, f.prep, tab, strings.Fields(f.columns)...)
			if fitted.Source() != f.source {
				t.Errorf("source %s", fitted.Source())
			}
			want := strings.Split(f.names, "|")
			if len(want) == 1 || !strings.Contains(f.names, "|") {
				want = strings.Fields(f.names)
			}
			if !reflect.DeepEqual(fitted.Features(), want) {
				t.Errorf("features %q, want %q", fitted.Features(), want)
			}
			if got := matrix(e); got != f.out {
				t.Errorf("got  %s\nwant %s", got, f.out)
			}
		})
	}
}

// TestBinsHaveShortNames: edges have few digits, and divide the rows as the
// quantiles between which they lie do.
func TestBinsHaveShortNames(t *testing.T) {
	var tenths, whole, tiny []float64
	for i := range 100 {
		tenths, whole, tiny = append(tenths, float64(i)/10), append(whole, float64(1_000_000_000+i)), append(tiny, float64(i)*1e-7)
	}
	for _, x := range []struct {
		values []float64
		want   string
	}{
		{tenths, "x=below 3.3|x=3.3 to 6.6|x=from 6.6"},
		{whole, "x=below 1000000033|x=1000000033 to 1000000066|x=from 1000000066"},
		{tiny, "x=below 3.25e-06|x=3.25e-06 to 6.55e-06|x=from 6.55e-06"},
		{[]float64{38.3, 38.3, 38.4, 38.4}, "x=below 38.4|x=from 38.4"},
		{[]float64{0, 10}, "x=below 3|x=from 7"},
	} {
		tab, err := table.New(table.Numbers("x", x.values))
		if err != nil {
			t.Fatal(err)
		}
		f, e := fitPrep(t, table.Bin{Bins: 3}, tab)
		if got := strings.Join(f.Features(), "|"); got != x.want {
			t.Errorf("%s, want %s", got, x.want)
		}
		for i := range x.values {
			if bin := min(i/33, 2); len(x.values) == 100 && e.X[i*e.Width+bin] != 1 {
				t.Errorf("row %d is not in bin %d of %v", i, bin, f.Features())
			}
		}
	}
}

func TestAutoIsItsChain(t *testing.T) {
	tab := dataset(t, "penguins")
	features := []string{"island", "bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year"}
	auto, a := fitPrep(t, table.Auto{}, tab, features...)
	_, b := fitPrep(t, table.Chain{table.Impute{Flag: true}, table.Robust{}, table.SmoothClip{Limit: 3}, table.OneHot{Max: 8}}, tab, features...)
	if !reflect.DeepEqual(a.X, b.X) {
		t.Error("auto differs from the chain that it stands for")
	}
	for _, x := range a.X {
		if !(math.Abs(x) <= 3) {
			t.Fatalf("a value of %v", x)
		}
	}
	report := strings.Join(auto.Report(), "\n")
	for _, want := range []string{`bill_length_mm: 2 missing values filled with 44.45 (median), and "bill_length_mm is missing" says where`, "robust scale", "one-hot: island (3), sex (2)"} {
		if !strings.Contains(report, want) {
			t.Errorf("report does not say %q:\n%s", want, report)
		}
	}
}

func TestAutoOnManyKinds(t *testing.T) {
	tab := dataset(t, "birdstrikes")
	features := make([]string, 0)
	for _, n := range tab.Columns() {
		if n != tab.Info().Target {
			features = append(features, n)
		}
	}
	f, e := fitPrep(t, table.Auto{}, tab, features...)
	if len(f.Embeddings()) != 5 || len(e.Index) != 5 {
		t.Errorf("%d embeddings: %v", len(f.Embeddings()), f.Report())
	}
	if !strings.Contains(strings.Join(f.Features(), " "), "Flight Date month") {
		t.Errorf("features %q", f.Features())
	}
	images := dataset(t, "fashion2000").Head(20)
	fi, ei := fitPrep(t, table.Auto{}, images, "image")
	if ei.Width != 784 || fi.Features()[0] != "image[0]" || ei.X[400] > 1 {
		t.Errorf("image gives %d features", ei.Width)
	}
	ids, _ := parse(t, "id,name,x\n"+strings.Join(rowsOf(60, func(i int) string { return fmt.Sprintf("%d,name %d,%d", i+100, i, i*i%17) }), "\n"), table.CSVOptions{})
	fid, _ := fitPrep(t, table.Auto{}, ids)
	if got := strings.Join(fid.Features(), " "); got != "x" || len(fid.Inputs()) != 1 {
		t.Errorf("features %q of inputs %v: %q", got, fid.Inputs(), fid.Report())
	}
}

func rowsOf(n int, f func(i int) string) []string {
	rows := make([]string, n)
	for i := range rows {
		rows[i] = f(i)
	}
	return rows
}

func TestSurprisesAndJSON(t *testing.T) {
	tab := dataset(t, "penguins")
	train := tab.Slice(0, 200) // Adelie and Gentoo: no Chinstrap
	f, _ := fitPrep(t, table.Chain{table.Impute{}, table.Standardize{}, table.OneHot{}, table.Dates{}}, train, "species", "year", "sex", "body_mass_g")
	data, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var g table.Fitted
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	e, err := f.Apply(tab)
	if err != nil {
		t.Fatal(err)
	}
	h, err := g.Apply(tab)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(e, h) || !reflect.DeepEqual(f.Report(), g.Report()) {
		t.Error("the preparation read back differs")
	}
	if len(e.Surprises) != 1 || e.Surprises[0].Unseen != 68 || e.Surprises[0].Column != "species" {
		t.Errorf("surprises %v", e.Surprises)
	}
	row, _ := table.New(table.Categories("species", []string{"Adelie"}, nil), table.Numbers("year", []float64{math.NaN()}), table.Numbers("sex", []float64{math.NaN()}), table.Numbers("body_mass_g", []float64{4000}))
	one, err := g.Apply(row)
	if err != nil || len(one.Surprises) != 1 || one.Surprises[0].Missing != 1 {
		t.Errorf("one row: %v %+v", err, one)
	}
	without, _ := tab.Drop("body_mass_g")
	if _, err := g.Apply(without); err == nil || !strings.Contains(err.Error(), "body_mass_g") {
		t.Errorf("missing column: %v", err)
	}
}

// TestNumbersThatCannotBeScaled prepares columns whose quartiles or standard
// deviation are nothing to divide by, and one without any number.
func TestNumbersThatCannotBeScaled(t *testing.T) {
	gap := math.NaN()
	for name, v := range map[string][]float64{
		"constant": {7, 7, 7, 7}, "subnormal": {0, 5e-324, 1e-323, 1.5e-323}, "subnormal tail": {0, 0, 0, 0, 0, 5e-324}, "large": {-1e150, 1e150, -1e150, 1e150}, "none": {gap, gap, gap, gap},
	} {
		tab, err := table.New(table.Numbers("a", v))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []table.Prep{table.Auto{}, table.Standardize{}, table.Chain{table.Impute{}, table.Standardize{}}, table.Robust{}, table.QuantileNormal{}} {
			f, e := fitPrep(t, p, tab, "a")
			for _, x := range e.X {
				if x-x != 0 || math.Abs(x) > 10 {
					t.Errorf("%s: %s gives %s", name, f.Source(), matrix(e))
					break
				}
			}
			if report := strings.Join(f.Report(), "\n"); strings.Contains(strings.ToLower(report), "nan") {
				t.Errorf("%s: %s", name, report)
			}
		}
	}
}

func TestPrepErrors(t *testing.T) {
	tab, _ := parse(t, "a,c,i,h\n-5,x,1,-1.7e308\n2,y,inf,5\n", table.CSVOptions{})
	for _, f := range []struct {
		prep table.Prep
		col  string
		want string
	}{
		{table.Robust{Columns: []string{"c"}}, "c", "the column is category"},
		{table.Log1p{}, "a", "above -1"},
		{table.Impute{Strategy: "mode"}, "a", "most_frequent"},
		{table.Standardize{Columns: []string{"b"}}, "a", `no column "b"`},
		{table.Auto{}, "i", "1 infinite value;"},
		{table.Auto{}, "h", "1 value beyond 1e+150"},
		{table.Drop{Columns: []string{"a"}}, "a", "no column is left"},
	} {
		if _, err := table.FitPrep(f.prep, tab, []string{f.col}); err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s: %v, want %q", f.prep.Source(), err, f.want)
		}
	}
}
