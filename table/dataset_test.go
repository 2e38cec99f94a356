package table_test

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"testing"

	"mlpkernel/table"
)

func dataset(t *testing.T, name string) *table.Table {
	t.Helper()
	tab, err := table.Dataset(name, table.DatasetOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestDatasets(t *testing.T) {
	list := table.Datasets()
	for i := range list.Len() {
		row, _ := list.Row(i)
		name := row[0].(string)
		t.Run(name, func(t *testing.T) {
			tab, err := table.Dataset(name, table.DatasetOptions{})
			if name == "fashion_mnist" && err != nil {
				if !strings.Contains(err.Error(), "dataset-fashion-mnist") {
					t.Errorf("error does not say how to get it: %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if name == "fashion_mnist" { // the training part of the 70,000
				row[1] = 60_000.0
			}
			if rows, ok := row[1].(float64); ok && int(rows) != tab.Len() || tab.Width() != int(row[2].(float64)) {
				t.Errorf("%s, listed as %v × %v", tab.Size(), row[1], row[2])
			}
			info := tab.Info()
			if !tab.Has(info.Target) || info.Target != row[3] || info.Licence == "" || info.Description == "" {
				t.Errorf("info is incomplete: %+v", info)
			}
			for _, c := range info.Columns {
				if c.Meaning == "" {
					t.Errorf("column %q is not explained", c.Name)
				}
				if col, err := tab.Col(c.Name); err != nil || col.Type() != c.Type {
					t.Errorf("column %q: %v", c.Name, err)
				}
			}
		})
	}
}

func TestStatedTypes(t *testing.T) {
	for _, f := range []struct{ set, column, want string }{
		{"digits", "digit", "category"}, {"digits", "px_3_3", "number"}, {"penguins", "sex", "category"}, {"birdstrikes", "Flight Date", "time"},
		{"churn", "churn", "category"}, {"churn", "total_charges", "number"}, {"diabetes", "sex", "category"}, {"fashion2000", "image", "image"},
	} {
		c, err := dataset(t, f.set).Col(f.column)
		if err != nil || c.Type().String() != f.want {
			t.Errorf("%s %s: %v, %v", f.set, f.column, c.Type(), err)
		}
	}
	damage, _ := dataset(t, "birdstrikes").Col("Effect Amount of damage")
	if none := damage.Counts().At(0).Format(0); none != "None" {
		t.Errorf("the most frequent damage is %q, want None", none)
	}
	missing := map[string]int{"penguins": 19, "gapminder": 4797, "birdstrikes": 2836, "churn": 11, "diamonds": 0}
	for name, want := range missing {
		tab, got := dataset(t, name), 0
		for j := range tab.Width() {
			got += tab.At(j).Missing()
		}
		if got != want {
			t.Errorf("%s: %d missing, want %d", name, got, want)
		}
	}
}

// TestSyntheticBits holds the generated numbers to the last bit, on every machine.
func TestSyntheticBits(t *testing.T) {
	want := map[string]string{}
	for _, line := range strings.Fields(syntheticPrints) {
		name, print, _ := strings.Cut(line, "=")
		want[name] = print
	}
	for _, name := range []string{"xor", "moons", "circles", "spirals", "blobs", "checkerboard", "sine", "friedman1"} {
		noise := 0.25
		tab, err := table.Dataset(name, table.DatasetOptions{N: 200, Noise: &noise, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		h := fnv.New64a()
		for j := range tab.Width() {
			for i := range tab.Len() {
				x := math.Float64bits(tab.At(j).Float(i))
				if tab.At(j).Type() == table.Category {
					x = uint64(tab.At(j).Codes()[i])
				}
				fmt.Fprintf(h, "%x ", x)
			}
		}
		if got := fmt.Sprintf("%016x", h.Sum64()); got != want[name] {
			t.Errorf("%s=%s", name, got)
		}
	}
}

const syntheticPrints = `
	xor=df962b037b156680 moons=6d9c30b311dfe514 circles=0fc90fcfcc3bda2e spirals=70a842f5dcf5fac9
	blobs=ae2a756a9fa3cda4 checkerboard=363cd5c0c5d7113a sine=366313d3022bc034 friedman1=cad2664f8df11931`

func TestDatasetErrors(t *testing.T) {
	for _, f := range []struct {
		name string
		o    table.DatasetOptions
		want string
	}{
		{"pengiuns", table.DatasetOptions{}, `did you mean "penguins"`},
		{"iris", table.DatasetOptions{N: 10}, "fixed table"},
		{"moons", table.DatasetOptions{N: -1}, "at least one row"},
		{"moons", table.DatasetOptions{Classes: 3}, "fixed target"},
		{"blobs", table.DatasetOptions{Classes: 1}, "at least 2"},
		{"fashion_mnist", table.DatasetOptions{Part: "x"}, "part="},
	} {
		_, err := table.Dataset(f.name, f.o)
		if err == nil || !strings.Contains(err.Error(), f.want) {
			t.Errorf("%s %+v: %v, want %q", f.name, f.o, err, f.want)
		}
	}
}
