package table_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"mlpkernel/table"
)

// near tells whether two results are equal but for the order of a sum.
func near(got, want float64) bool {
	return got == want || math.Abs(got-want) <= 1e-11*math.Max(math.Abs(got), math.Abs(want))
}

// TestStatisticsAsPandas holds statistics of the bundled sets beside those of
// pandas 1.5.3: missing, nunique, mean, std, quantile(.25), quantile(.9).
func TestStatisticsAsPandas(t *testing.T) {
	for _, f := range []struct {
		set, column                  string
		missing, unique              int
		mean, std, quarter, ninetyth float64
	}{
		{"penguins", "bill_length_mm", 2, 164, 43.9219298245614, 5.4595837139265315, 39.225, 50.8},
		{"penguins", "bill_depth_mm", 2, 80, 17.151169590643274, 1.9747931568167814, 15.6, 19.5},
		{"penguins", "flipper_length_mm", 2, 55, 200.91520467836258, 14.061713679356888, 190.0, 220.90000000000003},
		{"penguins", "year", 0, 3, 2008.0290697674418, 0.8183559254837041, 2007.0, 2009.0},
		{"iris", "sepal_length", 0, 35, 5.843333333333334, 0.828066127977863, 5.1, 6.9},
		{"iris", "sepal_width", 0, 23, 3.0573333333333337, 0.4358662849366982, 2.8, 3.6099999999999994},
		{"iris", "petal_length", 0, 43, 3.7580000000000005, 1.7652982332594662, 1.6, 5.8},
		{"iris", "petal_width", 0, 22, 1.1993333333333336, 0.7622376689603465, 0.3, 2.2},
		{"wine", "alcohol", 0, 126, 13.00061797752809, 0.8118265380058575, 12.362499999999999, 14.1},
		{"wine", "malic_acid", 0, 133, 2.3363483146067416, 1.1171460976144627, 1.6025, 3.983},
		{"wine", "ash", 0, 79, 2.3665168539325845, 0.27434400906081485, 2.21, 2.7},
		{"wine", "proline", 0, 121, 746.8932584269663, 314.9074742768491, 500.5, 1261.5},
		{"breast_cancer", "mean_radius", 0, 456, 14.127291739894552, 3.5240488262120775, 11.7, 19.53},
		{"breast_cancer", "mean_texture", 0, 479, 19.289648506151142, 4.301035768166949, 16.17, 24.991999999999997},
		{"breast_cancer", "mean_perimeter", 0, 522, 91.96903339191564, 24.298981038754906, 75.17, 129.1},
		{"breast_cancer", "worst_fractal_dimension", 0, 535, 0.0839458172231986, 0.018061267348893986, 0.07146, 0.10632},
		{"diabetes", "age", 0, 58, 48.51809954751131, 13.109027822041092, 38.25, 65.90000000000003},
		{"diabetes", "bmi", 0, 163, 26.37579185520362, 4.4181215606157735, 23.2, 32.28},
		{"diabetes", "progression", 0, 214, 152.13348416289594, 77.09300453299109, 87.0, 265.0},
		{"digits", "px_0_0", 0, 1, 0.0, 0.0, 0.0, 0.0},
		{"digits", "px_0_1", 0, 9, 0.3038397328881469, 0.9071920952507534, 0.0, 1.0},
		{"digits", "px_0_2", 0, 17, 5.204785754034502, 4.754826339660731, 1.0, 13.0},
		{"gapminder", "year", 0, 57, 1988.0, 16.452730377479952, 1974.0, 2011.0},
		{"gapminder", "infant_mortality", 1453, 1761, 55.30861876477892, 47.72805499335802, 16.0, 126.09000000000005},
		{"gapminder", "life_expectancy", 0, 3095, 64.81162256993835, 10.672494594537463, 57.5, 76.8},
		{"gapminder", "gdp", 2972, 7562, 147954410013.23462, 697912777834.2904, 1845780110.0, 214945249289.20004},
		{"birdstrikes", "Cost Other", 0, 65, 424.2411, 18298.222053429192, 0.0, 0.0},
		{"birdstrikes", "Cost Repair", 0, 165, 3630.2865, 97869.973682725, 0.0, 0.0},
		{"birdstrikes", "Cost Total $", 0, 196, 4054.5276, 102135.32109284287, 0.0, 0.0},
		{"birdstrikes", "Speed IAS in knots", 2836, 122, 153.53517587939697, 43.51850334534419, 130.0, 220.0},
		{"diamonds", "carat", 0, 273, 0.7979397478680014, 0.4740112444054184, 0.4, 1.51},
		{"diamonds", "depth", 0, 184, 61.749404894327036, 1.432621318833661, 61.0, 63.3},
		{"diamonds", "table", 0, 127, 57.45718390804598, 2.2344905628213225, 56.0, 60.0},
		{"diamonds", "z", 0, 375, 3.5387337782721544, 0.7056988469499941, 2.91, 4.52},
		{"churn", "female", 0, 2, 0.495243504188556, 0.5000128736471514, 0.0, 1.0},
		{"churn", "senior_citizen", 0, 2, 0.1621468124378816, 0.3686116056100131, 0.0, 1.0},
		{"churn", "partner", 0, 2, 0.4830327985233565, 0.49974751071998735, 0.0, 1.0},
		{"churn", "total_charges", 11, 6530, 2283.3004408418656, 2266.771361883145, 401.45, 5976.640000000001},
	} {
		tab := dataset(t, f.set)
		d := tab.Describe()
		c, err := tab.Col(f.column)
		if err != nil {
			t.Fatal(err)
		}
		at := 0
		for tab.Columns()[at] != f.column {
			at++
		}
		ninetyth, err := c.Quantile(.9)
		if err != nil {
			t.Errorf("%s, %s: %v", f.set, f.column, err)
			continue
		}
		for name, want := range map[string]float64{"missing": float64(f.missing), "unique": float64(f.unique), "mean": f.mean, "std": f.std, "25%": f.quarter} {
			if got := col(t, d, name).Floats()[at]; !near(got, want) {
				t.Errorf("%s, %s: %s is %v, pandas gives %v", f.set, f.column, name, got, want)
			}
		}
		if !near(ninetyth, f.ninetyth) {
			t.Errorf("%s, %s: the quantile .9 is %v, pandas gives %v", f.set, f.column, ninetyth, f.ninetyth)
		}
	}
}

// TestGroupsAsPandas holds groups, joins and pivots beside pandas 1.5.3.
func TestGroupsAsPandas(t *testing.T) {
	penguins := dataset(t, "penguins")
	got, err := penguins.GroupBy([]string{"species", "sex"}, table.Agg{Column: "body_mass_g", Fn: "count"}, table.Agg{Column: "body_mass_g", Fn: "mean"},
		table.Agg{Column: "body_mass_g", Fn: "std"}, table.Agg{Column: "body_mass_g", Fn: "median"})
	if err != nil {
		t.Fatal(err)
	}
	want := `Adelie,female,73,3368.8356164383563,269.3801018438564,3400
Adelie,male,73,4043.4931506849316,346.8115531879777,4000
Adelie,,5,3540,477.16611363339706,3475
Chinstrap,female,34,3527.205882352941,285.333911718307,3550
Chinstrap,male,34,3938.970588235294,362.1375500681204,3950
Gentoo,female,58,4679.741379310345,281.57829364263085,4700
Gentoo,male,61,5484.836065573771,313.1585956203804,5500
Gentoo,,4,4587.5,338.193731461717,4687.5
`
	compareCSV(t, got, want)
	if got, err = penguins.Pivot("species", "island", "body_mass_g", "mean"); err != nil {
		t.Fatal(err)
	}
	compareCSV(t, got, "Adelie,3709.659090909091,3688.3928571428573,3706.372549019608\nChinstrap,,3733.0882352941176,\nGentoo,5076.016260162602,,\n")

	diamonds := dataset(t, "diamonds")
	means, err := diamonds.GroupBy([]string{"cut"}, table.Agg{Column: "price", Fn: "mean", As: "mean"})
	if err != nil {
		t.Fatal(err)
	}
	joined, err := diamonds.Join(means, []string{"cut"}, "inner")
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for i, x := range col(t, joined, "price").Floats() {
		sum += math.Abs(x - col(t, joined, "mean").Floats()[i])
	}
	if mean := sum / float64(joined.Len()); joined.Len() != 53940 || !near(mean, 2990.463647007328) {
		t.Errorf("%d rows, mean distance %v", joined.Len(), mean)
	}

	gapminder := dataset(t, "gapminder")
	medians, err := gapminder.GroupBy([]string{"continent"}, table.Agg{Column: "life_expectancy", Fn: "median"})
	if err != nil {
		t.Fatal(err)
	}
	compareCSV(t, medians, "Africa,53.98\nAmericas,70.2\nAsia,67.28\nEurope,73.11\nOceania,64.1\n")
	first, err := gapminder.Where("year = 1960 and gdp is not missing")
	if err == nil {
		first, err = first.Select("country", "gdp")
	}
	if err != nil {
		t.Fatal(err)
	}
	if joined, err = gapminder.Join(first, []string{"country"}, "left"); err != nil {
		t.Fatal(err)
	}
	if s, _ := col(t, joined, "gdp_2").Sum(); joined.Len() != 10545 || col(t, joined, "gdp_2").Missing() != 5130 || !near(s, 349234070715753) {
		t.Errorf("%d rows, %d missing, sum %v", joined.Len(), col(t, joined, "gdp_2").Missing(), s)
	}
	damage := col(t, dataset(t, "birdstrikes"), "Effect Amount of damage").Counts()
	compareCSV(t, damage, "None,8939\nMinor,549\nSubstantial,311\nMedium,186\nC,14\nB,1\n")
}

// compareCSV holds the rows of a table beside lines of text, numbers nearly.
func compareCSV(t *testing.T, got *table.Table, want string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(want), "\n")
	if len(lines) != got.Len() {
		t.Errorf("%d rows, want %d", got.Len(), len(lines))
		return
	}
	for i, line := range lines {
		for j, field := range strings.Split(line, ",") {
			c, x := got.At(j), 0.0
			if n, _ := fmt.Sscan(field, &x); n == 1 && c.Type() == table.Number && near(c.Float(i), x) {
				continue
			}
			if c.Format(i) != field {
				t.Errorf("row %d, column %s: %s, want %s", i, c.Name(), c.Format(i), field)
			}
		}
	}
}
